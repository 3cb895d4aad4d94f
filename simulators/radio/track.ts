// Where something is at any time: a list of places with times, straight and even between them. Pure.

/** Metres on the site's plan; `at` in ms since 1970. */
export interface Waypoint {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

/** At least one waypoint, times ascending. Before the first and after the last it rests there. */
export type Track = readonly Waypoint[];

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a body is, and whether it moves. Filled in place: it is asked some thousand times a second. */
export interface Motion {
  x: number;
  y: number;
  moving: boolean;
}

/** Slower than this is resting: a truck that creeps still fades like a parked one. */
const MOVING_MS_PER_S = 0.05;

/** Writes where the track is at `at` into `motion`. */
export function motionAt(track: Track, at: number, motion: Motion): void {
  let next = track.length;
  while (next > 0 && track[next - 1]!.at > at) next--;
  const before = track[Math.max(0, next - 1)]!;
  const after = track[Math.min(next, track.length - 1)]!;
  const share = after.at > before.at ? Math.min(1, Math.max(0, (at - before.at) / (after.at - before.at))) : 0;
  motion.x = before.x + (after.x - before.x) * share;
  motion.y = before.y + (after.y - before.y) * share;
  motion.moving =
    before !== after &&
    Math.hypot(after.x - before.x, after.y - before.y) * 1000 > MOVING_MS_PER_S * (after.at - before.at);
}

export function placeAt(track: Track, at: number): Place {
  const motion: Motion = { x: 0, y: 0, moving: false };
  motionAt(track, at, motion);
  return { x: motion.x, y: motion.y };
}

export const restingAt = (place: Place, at: number): Track => [{ at, x: place.x, y: place.y }];

/** Drives through the places at one speed (m/s), from the first at `startAt`. */
export function drive(places: readonly Place[], startAt: number, speed: number): Waypoint[] {
  const track: Waypoint[] = [];
  let at = startAt;
  let previous: Place | undefined;
  for (const place of places) {
    if (previous !== undefined) at += (Math.hypot(place.x - previous.x, place.y - previous.y) / speed) * 1000;
    track.push({ at, x: place.x, y: place.y });
    previous = place;
  }
  return track;
}

/** When the track ends. */
export const endOf = (track: Track): Waypoint => track.at(-1)!;
