// Where a tag is believed to be after some bin of reads: found where it is heard, and held there until it is likelier to lie elsewhere
// (stays.ts). Pure.
import { NO_HEARINGS, withCount, type Hearing } from './hearing.ts';
import { logit } from './signal.ts';
import { byPlace, firstStay, SURE_ODDS, weighStays, type Stay, type ZonePlan } from './stays.ts';
import type { Count } from './tallies.ts';

/** What is believed of one tag after some bin. */
export interface Belief {
  readonly place: number;
  /** Since when, as told; ms. Below every time while no place holds it. */
  readonly at: number;
  /** ln of how much likelier it is than not that the tag is there, when it was told; until it is, what speaks for the candidate. */
  readonly odds: number;
  /** While no place holds it: what may, since when, and how places have heard it. */
  readonly candidate: number;
  readonly candidateSince: number;
  readonly heard: readonly Hearing[];
  /** Once one does: what fits what is heard, the likeliest first. */
  readonly stays: readonly Stay[];
  /** The last bin with reads. */
  readonly bin: number;
}

export const NOWHERE = -1;
/** No place holds it, nothing speaks for one. */
export const UNKNOWN: Belief = {
  place: NOWHERE,
  at: Number.NEGATIVE_INFINITY,
  odds: 0,
  candidate: NOWHERE,
  candidateSince: 0,
  heard: NO_HEARINGS,
  stays: [],
  bin: Number.NEGATIVE_INFINITY,
};

/**
 * One step, with one bin's counts (at least one). A tag that no place holds is found where it is heard. One that is held is heard
 * by other places too; how often and how loud is learned of each tag, so that one between two places, which both hear alike, does
 * not go to and fro. It has moved when it is surely elsewhere, which takes `moveOdds` of evidence.
 */
export function weighBin(belief: Belief, counts: readonly Count[], plan: ZonePlan): Belief {
  if (belief.place === NOWHERE) return find(belief, counts, plan);
  const { zone } = plan.rules;
  const { bin } = counts[0]!;
  const stays = weighStays(belief.stays, counts, bin - belief.bin, plan);
  const [first] = stays;
  if (stays.length === 1 && first!.place === belief.place) return { ...belief, stays, bin };
  for (const { stay, logShare } of byPlace(stays)) {
    if (stay.place === belief.place) continue;
    const odds = logit(Math.min(SURE_MOST, Math.exp(logShare)));
    // Over a hold reads that have nothing to do with each other have come, not one burst.
    const isHeld = bin * zone.binMs - stay.since >= holdOf(plan, stay.place);
    // What is done at a station needs to know at once.
    const isSure = odds >= (plan.readPoints[stay.place]?.kind === 'station' ? zone.enterOdds : SURE_ODDS);
    if (!isSure || !isHeld) continue;
    // It may be back where it never left: then it is there again from now on, not from before it was told to have gone.
    const at = stay.since > belief.at ? stay.since : Math.min(...counts.map(({ firstAt }) => firstAt));
    return { ...belief, place: stay.place, at, odds, stays, bin };
  }
  return { ...belief, stays, bin };
}

/** Also when all stays that are left are there. */
const SURE_MOST = 1 - 1e-12;

function holdOf({ readPoints }: ZonePlan, place: number): number {
  const point = readPoints[place];
  return point === undefined || point.kind === 'portal' ? 0 : point.holdMs;
}

/** No place holds it: the one that hears it more, and louder, than all others that do. */
function find(belief: Belief, counts: readonly Count[], { rules }: ZonePlan): Belief {
  const { binOddsMax, enterOdds, leakage } = rules.zone;
  const { bin } = counts[0]!;
  const there = strongestOf(counts);
  const gain = Math.min(binOddsMax, Math.max(0, entered(counts, there, belief.heard, boundedLeakage(leakage))));
  const isOther = belief.candidate !== NOWHERE && belief.candidate !== there.place;
  const odds = isOther ? gain - belief.odds : belief.odds + gain;
  const heard = counts.reduce(withCount, belief.heard);
  // It still speaks for the one before, only less.
  if (isOther && odds <= 0) return { ...belief, odds: -odds, heard, bin };
  const isNew = isOther || belief.candidate === NOWHERE;
  const at = isNew ? there.firstAt : belief.candidateSince;
  if (odds < enterOdds) return { ...belief, odds, candidate: there.place, candidateSince: at, heard, bin };
  return { ...UNKNOWN, place: there.place, at, odds, stays: [firstStay(there.place, at, heard)], bin };
}

const boundedLeakage = (leakage: number): number => Math.min(0.9, Math.max(0.01, leakage));

/** The place that heard it most. */
const strongestOf = (counts: readonly Count[]): Count =>
  counts.reduce((strongest, entry) => (isStronger(entry, strongest) ? entry : strongest));
const isStronger = (a: Count, b: Count): boolean => a.reads > b.reads || (a.reads === b.reads && a.bestDbm > b.bestDbm);

/** A place that has the tag hears it by so much louder than one that does not; both spread by as much. */
const LOUDER_DB = 6;
const LOUDNESS_MAX = 2;
const bounded = (nats: number): number => Math.min(LOUDNESS_MAX, Math.max(-LOUDNESS_MAX, nats));

/** What speaks for the place that hears most a tag that nobody has, against the others that hear it, now or until now. */
function entered(counts: readonly Count[], strongest: Count, heard: readonly Hearing[], leakage: number): number {
  let others = 0;
  let othersDbm = Number.NEGATIVE_INFINITY;
  for (const { place, reads, bestDbm } of counts) {
    if (place === strongest.place) continue;
    others += reads;
    othersDbm = Math.max(othersDbm, bestDbm);
  }
  for (const { place, meanDbm, strengths } of heard)
    if (place !== strongest.place && strengths > 0) othersDbm = Math.max(othersDbm, meanDbm);
  const areHeard = Number.isFinite(othersDbm) && Number.isFinite(strongest.bestDbm);
  const byLoudness = areHeard ? bounded((strongest.bestDbm - othersDbm) / LOUDER_DB) : 0;
  return (strongest.reads - others) * Math.log(1 / leakage) + byLoudness;
}
