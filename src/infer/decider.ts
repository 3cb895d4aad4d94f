// The passage decider: did a tag cross a portal at a given moment, and did others cross with it? Evidence of single tags
// is weak (one in six is read on one side only), that of a pallet is not: tags are weighed one by one, pooled, and the
// pool says in turn who belongs to it. Pure; this file is the only place that knows how a passage is decided.
import type { Direction, Track } from './track.ts';
import { antennaOf, countOf, parkedOf, rssiOf, timeOf } from './recent.ts';
import { logistic, logit, logSum, type SignalModel } from './signal.ts';

/** One portal as the decider sees it: the side each antenna (index of the site plan) looks at, 0 inside, 1 outside. */
export interface PortalGeometry {
  readonly portal: number;
  /** By antenna; NO_SIDE for antennas of other portals and those that see both sides. */
  readonly sideOf: Int8Array;
  /** All its antennas look at one side: no read tells by its side where a tag is. */
  readonly isOneSided: boolean;
}

export const NO_SIDE = -1;

/** Log-likelihood ratios of crossing inward and outward against everything else (parked, about on one side). */
export interface Weight {
  readonly in: number;
  readonly out: number;
  /** It was read before and after: only then its reads can tell a crossing from a mere appearance. */
  readonly isSpanned: boolean;
}

/** Windows in ms around a supposed crossing. */
export interface Window {
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** How likely it is before any evidence that a tag which is heard does not merely stand where it always stood. */
const ABOUT_ON_ONE_SIDE = Math.log(0.25);
const PARKED = Math.log(0.5);
/** Weighs the reads of one tag around `at`. Undefined when no antenna of the portal read it then. */
export function weigh(
  track: Track,
  geometry: PortalGeometry,
  at: number,
  window: Window,
  model: SignalModel,
): Weight | undefined {
  // Reads from before the last crossing have been spent on it.
  const from = Math.max(at - window.beforeMs, track.lastCrossing?.at ?? Number.NEGATIVE_INFINITY);
  const to = at + window.afterMs;
  const { recent } = track;
  const reads = countOf(recent);
  if (reads === 0 || timeOf(recent, reads - 1) < from) return undefined;
  let before = 0;
  let after = 0;
  let crossingIn = 0;
  let crossingOut = 0;
  let stayingInside = 0;
  let stayingOutside = 0;
  let parked = 0;
  // Most of what is kept is older than what is weighed.
  let first = reads;
  while (first > 0 && timeOf(recent, first - 1) >= from) first--;
  for (let read = first; read < reads; read++) {
    const readAt = timeOf(recent, read);
    if (readAt > to) break;
    const side = geometry.sideOf[antennaOf(recent, read)]!;
    if (side === NO_SIDE) continue;
    const rssi = rssiOf(recent, read);
    const since = readAt - at;
    const isAfter = since >= 0;
    if (isAfter) after++;
    else before++;
    const inside = side === 0;
    crossingIn += model.crossing(inside === isAfter, rssi, since);
    crossingOut += model.crossing(inside !== isAfter, rssi, since);
    stayingInside += model.staying(inside, rssi);
    stayingOutside += model.staying(!inside, rssi);
    parked += parkedOf(recent, read);
  }
  if (before + after === 0) return undefined;
  const otherwise = logSum(PARKED + parked, ABOUT_ON_ONE_SIDE + stayingInside, ABOUT_ON_ONE_SIDE + stayingOutside);
  return { in: crossingIn - otherwise, out: crossingOut - otherwise, isSpanned: before > 0 && after > 0 };
}

/** Share of the tags heard that a supposed crossing moves, while nothing is known of it. */
const SHARE_BEFORE = 0.1;
const RATIO_MAX = 30;

/** What one tag adds to the log-odds of a crossing of the group: little when it stood still, much when it moved. */
export function contribution(weight: Weight, direction: Direction): number {
  const odds = Math.log(SHARE_BEFORE * Math.exp(Math.min(RATIO_MAX, weight[direction])) + 1 - SHARE_BEFORE);
  return weight.isSpanned ? odds : Math.min(0, odds);
}

/** One tag around a supposed crossing: how strongly its reads, and what it did before, speak for it. */
export interface Candidate {
  readonly track: Track;
  readonly logRatio: number;
}

const SHARE_LEAST = 0.02;
const SHARE_MOST = 0.97;
const ROUNDS = 20;

/** Who crossed? Posterior of each candidate, the share of those that did being estimated from themselves (EM). */
export function membership(candidates: readonly Candidate[]): number[] {
  let share = 0.3;
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0;
    for (const { logRatio } of candidates) sum += logistic(logRatio + logit(share));
    share = Math.min(SHARE_MOST, Math.max(SHARE_LEAST, sum / candidates.length));
  }
  return candidates.map(({ logRatio }) => logistic(logRatio + logit(share)));
}

/** Log-odds, from its reads and its past, that this tag crosses when others do. */
export const ratioOf = (track: Track, weight: Weight, direction: Direction): number =>
  weight[direction] + track.mobility;

const MOBILITY_MAX = 3;
const MOBILITY_STEP = 1.5;
const MOBILITY_GAIN = 0.3;
const MOBILITY_KEEP = 0.9;

/** What a tag did at this crossing is a prior for the next: pallets move again with the same tags, parked ones stay. */
export function mobilityAfter(mobility: number, posterior: number): number {
  const odds = logit(Math.min(1 - 1e-9, Math.max(1e-9, posterior)));
  const step = Math.min(MOBILITY_STEP, Math.max(-MOBILITY_STEP, odds * MOBILITY_GAIN));
  return Math.min(MOBILITY_MAX, Math.max(-MOBILITY_MAX, mobility * MOBILITY_KEEP + step));
}
