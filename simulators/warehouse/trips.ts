// Ways of trucks: through a door with or without a turn or a stop, past the doors, into an aisle. A trip is a track
// and what happens on it; pure but for the stream of chance it draws from.
import { fromDoor, POST_M, spotAt, type Frame, type PortalFrame } from '../radio/geometry.ts';
import type { Level } from '../radio/levels.ts';
import type { Place, Track, Waypoint } from '../radio/track.ts';
import type { Random } from '../random.ts';
import type { Mistakes } from './habits.ts';
import type { Mark } from './state.ts';

/** A trip while it is driven, at one speed (m/s). */
export interface Trip {
  readonly speed: number;
  readonly track: Waypoint[];
  readonly marks: { readonly at: number; readonly mark: Mark }[];
  at: number;
}

export const beginTrip = (startAt: number, from: Place, speed: number): Trip => ({
  speed,
  track: [{ at: startAt, x: from.x, y: from.y }],
  marks: [],
  at: startAt,
});

export function goTo(trip: Trip, place: Place): void {
  const last = trip.track.at(-1)!;
  trip.at += (Math.hypot(place.x - last.x, place.y - last.y) / trip.speed) * 1000;
  trip.track.push({ at: trip.at, x: place.x, y: place.y });
}

export function wait(trip: Trip, ms: number): void {
  const { x, y } = trip.track.at(-1)!;
  trip.at += ms;
  trip.track.push({ at: trip.at, x, y });
}

export function mark(trip: Trip, what: Mark): void {
  trip.marks.push({ at: trip.at, mark: what });
}

/** Trucks keep to the middle of a door, more or less. */
const LANE_SD_M = 0.2;
const LANE_MAX_M = 0.5;
/** How far a truck backs off when it has turned, and how long until it comes again. */
const RETREAT_M = 5;
const RETREAT_MS = [5000, 20_000] as const;
/** A forklift that stops in the door does so for as long. */
const STOP_MS = [2000, 20_000] as const;
/** Nobody turns with the pallet's middle in the plane of the door. */
const TURN_MIN_M = 0.15;

export interface DoorHabits {
  readonly level: Pick<Level, 'turnBackM'>;
  readonly mistakes: Pick<Mistakes, 'turnBack' | 'stopInDoor'>;
}

/** From where the trip is, on one side of the door, to 2.2 m behind it; `crossing` is marked in the plane of the door. */
export function crossDoor(
  trip: Trip,
  frame: PortalFrame,
  direction: 'in' | 'out',
  habits: DoorHabits,
  chance: Random,
  crossing: Mark,
): void {
  const ahead = direction === 'in' ? 1 : -1;
  const right = Math.min(LANE_MAX_M, Math.max(-LANE_MAX_M, chance.gaussian(0, LANE_SD_M)));
  const note = (as: 'turned_back' | 'stopped'): void => mark(trip, { kind: 'noted', as, readPoint: frame.id });
  const to = (metres: number): void => goTo(trip, spotAt(frame, right, metres * ahead));
  if (Math.abs(fromDoor(frame, trip.track.at(-1)!).ahead) > 1.6) to(-1.5);
  if (chance.chance(habits.mistakes.turnBack)) {
    to(-Math.max(TURN_MIN_M, chance.between(...habits.level.turnBackM)));
    note('turned_back');
    to(-RETREAT_M);
    wait(trip, chance.between(...RETREAT_MS));
  }
  const stopAt = chance.chance(habits.mistakes.stopInDoor) ? chance.between(-0.5, 0.5) : undefined;
  const stop = (metres: number): void => {
    to(metres);
    note('stopped');
    wait(trip, chance.between(...STOP_MS));
  };
  if (stopAt !== undefined && stopAt < 0) stop(stopAt);
  to(0);
  mark(trip, crossing);
  if (stopAt !== undefined && stopAt >= 0) stop(stopAt);
  to(2.2);
}

/** Beside the lane of a door, where pallets wait: in its field, out of the way (or, by mistake, in the way). */
export function stagingSpot(
  frame: Frame,
  side: -1 | 1,
  inLane: boolean,
  level: Pick<Level, 'stagingM'>,
  chance: Random,
): Place {
  const right = inLane ? chance.between(-0.4, 0.4) : side * chance.between(1.2, 1.8);
  const metres = chance.between(...level.stagingM);
  return spotAt(frame, right, inLane ? metres : Math.sqrt(Math.max(0.25, metres ** 2 - right ** 2)));
}

/** Along the row of doors, `metres` inside; noted where it is nearest to each. */
export function passDoors(trip: Trip, doors: readonly PortalFrame[], metres: number): void {
  for (const door of doors) {
    goTo(trip, spotAt(door, 0, metres));
    mark(trip, { kind: 'noted', as: 'pass_by', readPoint: door.id });
  }
}

/** A pallet with its truck is this long in the beam of a photo-eye in the door's plane, to either side of its middle. */
const HALF_LENGTH_M = 0.6;

export interface BeamChange {
  readonly at: number;
  readonly broken: boolean;
}

/** When a track breaks the beam of a door and when it frees it again, in turn. */
export function beamBreaks(track: Track, frame: Frame): BeamChange[] {
  const changes: BeamChange[] = [];
  let broken = false;
  const set = (at: number, now: boolean): void => {
    if (now !== broken) changes.push({ at, broken: now });
    broken = now;
  };
  for (let index = 1; index < track.length; index++) {
    const [start, end] = [track[index - 1]!, track[index]!];
    const [from, to] = [fromDoor(frame, start), fromDoor(frame, end)];
    const span = timeWithin(from.ahead, to.ahead, HALF_LENGTH_M);
    const middle = span === undefined ? 0 : (span[0] + span[1]) / 2;
    if (span === undefined || Math.abs(from.right + (to.right - from.right) * middle) > POST_M) continue;
    const at = (share: number): number => start.at + (end.at - start.at) * share;
    set(at(span[0]), true);
    if (Math.abs(to.ahead) >= HALF_LENGTH_M) set(at(span[1]), false);
  }
  return changes;
}

/** The share of the way from a to b during which |value| < limit; undefined when it never is. */
function timeWithin(a: number, b: number, limit: number): readonly [number, number] | undefined {
  if (a === b) return Math.abs(a) < limit ? [0, 1] : undefined;
  const [low, high] = [(-limit - a) / (b - a), (limit - a) / (b - a)].sort((x, y) => x - y) as [number, number];
  const span = [Math.max(0, low), Math.min(1, high)] as const;
  return span[0] < span[1] ? span : undefined;
}
