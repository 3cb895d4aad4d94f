// A tag crossed: what is told of it, and what that changes for what comes after.
import { lastAtOf } from '../clean/sighting.ts';
import { mobilityAfter } from './decider.ts';
import { settleTrack, type AreaState } from './fold.ts';
import type { Decision, Scores } from './passage.ts';
import { countOf, timeOf, type KeptReads, type Recent } from './recent.ts';
import type { Direction, LastCrossing, Track } from './track.ts';

/** What was decided of one tag: it crossed, or would have, with this probability. */
export interface Crossing {
  /** Position of the portal in its area. */
  readonly portal: number;
  readonly direction: Direction;
  /** When. ms, event time. */
  readonly at: number;
  readonly probability: number;
  readonly group: Decision['group'];
  readonly scores: Scores;
  readonly reads: KeptReads;
}

/** Tells it, and if it most likely crossed, spends its reads on that. `track` must be the fold's own. */
export function tellCrossing(area: AreaState, track: Track, crossing: Crossing, now: number, postAt: number): void {
  if (track.told !== undefined) {
    settleTold(area, track);
    return;
  }
  push(area, track, crossing, now, postAt);
  track.alone = undefined;
  if (crossing.probability < 0.5) return;
  const { portal } = area.geometries[crossing.portal]!;
  settleCrossing(area, track, { at: crossing.at, portal, direction: crossing.direction });
}

/** P(a load crossed, and a tag was of it) from which it may be told early. */
export const TAG_SURE = 0.99;
/** Nothing is certain: a site with `postAt: 1` leaves everything to a person. */
export const SUREST = 0.999_999;

/** Tells it early, beyond doubt; its reads still speak for the others of its load. */
export function tellEarly(area: AreaState, track: Track, crossing: Crossing, now: number, postAt: number): void {
  push(area, track, crossing, now, postAt);
  const { portal } = area.geometries[crossing.portal]!;
  track.told = { at: crossing.at, portal, direction: crossing.direction };
}

/** Who was told early has crossed for what comes after, too. */
export function settleTold(area: AreaState, track: Track): void {
  track.mobility = mobilityAfter(track.mobility, TAG_SURE);
  settleCrossing(area, track, track.told!);
}

function push(area: AreaState, track: Track, crossing: Crossing, now: number, postAt: number): void {
  const { direction, at, group, scores, reads } = crossing;
  const probability = Math.min(SUREST, crossing.probability);
  const { portal } = area.geometries[crossing.portal]!;
  const leads = probability >= 0.5;
  area.decisions.push({
    tag: track.tag,
    portal,
    outcome: probability >= postAt ? direction : 'undecided',
    leading: leads ? direction : 'stayed',
    probability: leads ? probability : 1 - probability,
    // Heard no more since it crossed before: this one is told from reads of then.
    firstAt: Number.isNaN(track.passageFrom) ? Math.min(at, lastAtOf(track.sighting!)) : track.passageFrom,
    lastAt: lastAtOf(track.sighting!),
    crossedAt: at,
    decidedAt: now,
    group,
    scores,
    reads,
  });
}

/** What it was read until then has been spent on its crossing. */
function settleCrossing(area: AreaState, track: Track, crossing: LastCrossing): void {
  const { at } = crossing;
  track.told = undefined;
  track.alone = undefined;
  track.best = undefined;
  settleTrack(area, track.tag, at);
  track.lastCrossing = crossing;
  track.waiting = undefined;
  track.idle = undefined;
  track.hasCrossed = true;
  // It does not stand any more where it stood.
  track.baselines.length = 0;
  track.heardInside *= 0.5;
  track.heardOutside *= 0.5;
  track.passageFrom = firstAfter(track.recent, at);
}

/** Time of the first read after `at`; NaN when there is none. */
function firstAfter(recent: Recent, at: number): number {
  for (let read = 0; read < countOf(recent); read++) if (timeOf(recent, read) > at) return timeOf(recent, read);
  return Number.NaN;
}
