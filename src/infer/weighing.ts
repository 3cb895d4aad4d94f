// Weighing every tag of an area at one moment, and pooling what they say.
import type { SitePlan } from '../config/plan.ts';
import { contribution, weigh, type Weight } from './decider.ts';
import type { AreaState, PortalState } from './fold.ts';
import { signalModel } from './signal.ts';
import type { Track } from './track.ts';

/** Who has just crossed does not cross again within this time. */
const REST_MS = 3000;
/** A crossing is believed when nothing within this time of it is likelier. */
export const PEAK_MS = 1500;
/** The beam says that something passed, or that nothing did; as log-odds. */
export const BEAM_BROKEN = 3;
export const BEAM_WHOLE = -4;
const BEAM_NEAR_MS = 1000;

/** By tag. */
export type Weights = Map<number, Weight>;

/** Heard on both sides lately, and not as ever: who stands still, or is only coming near, need not be weighed. */
const isSuspect = (track: Track, from: number): boolean =>
  track.recentInside > 0 && track.recentOutside > 0 && track.surprisedAt >= from;

const isResting = (track: Track, at: number): boolean =>
  track.lastCrossing !== undefined && at - track.lastCrossing.at < REST_MS;

/** Weighs the tags of an area around `at`, as seen by one of its portals. `onlySuspects` leaves out tags that stand still as ever; they would only say no. */
export function weighAll(area: AreaState, site: SitePlan, index: number, at: number, onlySuspects: boolean): Weights {
  const { fold } = area;
  const geometry = area.geometries[index]!;
  const model = signalModel(fold.portals[index]!.level);
  const window = { beforeMs: site.rules.portal.windowBeforeMs, afterMs: site.rules.portal.windowAfterMs };
  const weights: Weights = new Map();
  for (const tag of fold.active) {
    const track = fold.tracks.get(tag)!;
    if (isResting(track, at) || (onlySuspects && !isSuspect(track, at - window.beforeMs))) continue;
    const weight = weigh(track, geometry, at, window, model);
    if (weight !== undefined) weights.set(tag, weight);
  }
  return weights;
}

/** Log-odds of a crossing of the portal at `at`, by everything that speaks for it. */
export function poolOf(portal: PortalState, at: number, weights: Weights): { in: number; out: number } {
  const beam = beamOdds(portal, at);
  let inward = beam;
  let outward = beam;
  for (const weight of weights.values()) {
    inward += contribution(weight, 'in');
    outward += contribution(weight, 'out');
  }
  return { in: inward, out: outward };
}

/** What the light beam adds to the log-odds of a crossing at `at`; nothing where there is none, or none that works. */
export function beamOdds(portal: PortalState, at: number): number {
  if (portal.beams.length === 0) return 0;
  const isNear = portal.beams.some(
    (beam) => at >= beam.brokenAt - BEAM_NEAR_MS && at <= (beam.wholeAt ?? at) + BEAM_NEAR_MS,
  );
  return isNear ? BEAM_BROKEN : BEAM_WHOLE;
}
