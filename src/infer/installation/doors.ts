// How much of what a door hears is not its own: tags that surely went through another door, and tags heard once or twice from afar.
// Counted by hours of event time. Pure.
import type { SitePlan } from '../../config/plan.ts';
import { directionOf, type Decision } from '../passage.ts';
import { readsOf } from '../recent.ts';

/** One door in one hour. Counts of a tag's passages: a tag that comes twice counts twice. */
export interface DoorHour {
  readonly readPoint: string;
  /** Beginning of the hour, ms. */
  readonly hour: number;
  /** Tags that its antennas heard, and their reads. */
  tags: number;
  reads: number;
  /** Those of them that surely crossed another door, and the reads that this one had of them. */
  otherTags: number;
  otherReads: number;
  /** Passages told of this door, those of them that crossed, and those that were `stray`. */
  passages: number;
  crossed: number;
  stray: number;
}

/** The hour that each door is in, by read point. */
export type DoorHours = Map<string, DoorHour>;

export const HOUR_MS = 3_600_000;

/** Counts a passage at every door that heard its tag; hours that changed are added to `told`. */
export function countPassage(
  hours: DoorHours,
  plan: SitePlan,
  { portal, outcome, reads, decidedAt }: Decision,
  told: Map<string, DoorHour>,
): void {
  const hour = Math.floor(decidedAt / HOUR_MS) * HOUR_MS;
  const at = new Map<number, number>([[portal, 0]]);
  for (const { antenna } of readsOf(reads)) {
    const { readPoint } = plan.antennas[antenna]!;
    at.set(readPoint, (at.get(readPoint) ?? 0) + 1);
  }
  const hasCrossed = directionOf(outcome) !== undefined;
  for (const [readPoint, heard] of at) {
    const door = doorHour(hours, plan.readPoints[readPoint]!.id, hour);
    if (heard > 0) {
      door.tags++;
      door.reads += heard;
    }
    if (readPoint === portal) {
      door.passages++;
      if (hasCrossed) door.crossed++;
      if (outcome === 'stray') door.stray++;
    } else if (hasCrossed) {
      door.otherTags++;
      door.otherReads += heard;
    }
    told.set(`${door.readPoint} ${hour}`, { ...door });
  }
}

function doorHour(hours: DoorHours, readPoint: string, hour: number): DoorHour {
  const known = hours.get(readPoint);
  if (known?.hour === hour) return known;
  const door: DoorHour = {
    readPoint,
    hour,
    tags: 0,
    reads: 0,
    otherTags: 0,
    otherReads: 0,
    passages: 0,
    crossed: 0,
    stray: 0,
  };
  hours.set(readPoint, door);
  return door;
}
