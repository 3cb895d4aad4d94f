// What a presence was that ended without a crossing: the tag stayed about, came to the door and turned back, or was only
// heard from afar.
import { antennasOf, lastAtOf, readsOf } from '../clean/sighting.ts';
import type { Rules } from '../config/rules.ts';
import { NO_SIDE, type PortalGeometry } from './decider.ts';
import type { Decision } from './passage.ts';
import type { Level } from './signal.ts';
import type { IdleOutcome, Track } from './track.ts';

type Idle = Pick<Decision, 'tag' | 'portal' | 'firstAt' | 'lastAt'> & {
  outcome: IdleOutcome;
  leading: IdleOutcome;
};

/** A tag heard no more often than this was passing by, or leaked from another door. */
const STRAY_READS_MAX = 2;

export function concludeIdle(
  geometries: readonly PortalGeometry[],
  track: Track,
  rules: Rules['portal'],
  levels: readonly Level[],
): Idle {
  const counts = geometries.map((geometry) => heardBy(track, geometry));
  const index = counts.indexOf(Math.max(...counts));
  const geometry = geometries[index]!;
  const sighting = track.sighting!;
  const outcome =
    readsOf(sighting) <= STRAY_READS_MAX
      ? 'stray'
      : cameToTheDoor(track, geometry, levels[index]!.meanDbm + rules.turnAboveDb)
        ? 'turned_back'
        : 'stayed';
  return {
    tag: track.tag,
    portal: geometry.portal,
    firstAt: track.passageFrom,
    lastAt: lastAtOf(sighting),
    outcome,
    leading: outcome,
  };
}

function heardBy(track: Track, geometry: PortalGeometry): number {
  let reads = 0;
  for (const { antenna, reads: own } of antennasOf(track.sighting!))
    if (geometry.sideOf[antenna] !== NO_SIDE) reads += own;
  return reads;
}

/** The far side heard it loudly, at a time between reads of the side where it began and ended. */
function cameToTheDoor(track: Track, geometry: PortalGeometry, loudDbm: number): boolean {
  const heard = antennasOf(track.sighting!).filter(({ antenna }) => geometry.sideOf[antenna] !== NO_SIDE);
  if (heard.length === 0) return false;
  const first = heard.reduce((a, b) => (b.firstAt < a.firstAt ? b : a));
  const last = heard.reduce((a, b) => (b.lastAt > a.lastAt ? b : a));
  const home = geometry.sideOf[first.antenna];
  if (home !== geometry.sideOf[last.antenna]) return false;
  return heard.some(
    ({ antenna, bestDbm, bestAt }) =>
      geometry.sideOf[antenna] !== home && bestDbm >= loudDbm && bestAt > first.firstAt && bestAt < last.lastAt,
  );
}
