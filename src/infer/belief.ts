// Where a tag is believed to be after some bin of reads: one step of a cumulative-sum test (Page, Biometrika 41, 1954) of what its
// reads would be like if it were at another place, against what they have been like where it is. Pure.
import type { SitePlan } from '../config/plan.ts';
import { NO_HEARINGS, withCount, withHearings, type Hearing } from './hearing.ts';
import type { Count } from './tallies.ts';

/** What is believed of one tag after some bin. */
export interface Belief {
  readonly place: number;
  /** Evidence for the challenger, in nats. */
  readonly odds: number;
  readonly challenger: number;
  readonly challengerSince: number;
  /** How places have heard it where it is. */
  readonly usual: readonly Hearing[];
  /** The same since the challenge: of where it is if the challenger loses, of where it has come to if it wins. */
  readonly lately: readonly Hearing[];
}

export type ZonePlan = Pick<SitePlan, 'rules' | 'readPoints'>;

export const NOWHERE = -1;
/** No place holds it, nothing speaks for one. */
export const UNKNOWN: Belief = {
  place: NOWHERE,
  odds: 0,
  challenger: NOWHERE,
  challengerSince: 0,
  usual: NO_HEARINGS,
  lately: NO_HEARINGS,
};

/**
 * One step of the test, with one bin's counts (at least one): the place that hears the tag most, of those that do not hold it, against the one that does. A tag that no
 * place holds is found where it is heard. One that is held is heard by other places too; how often and how loud is learned of
 * each tag, so that one between two places, which both hear alike, does not go to and fro.
 */
export function weighBin(belief: Belief, counts: readonly Count[], plan: ZonePlan): Belief {
  if (belief.place === NOWHERE) return find(belief, counts, plan);
  const { binMs, binOddsMax, moveOdds, leakage } = plan.rules.zone;
  const there = strongestOf(counts, belief.place);
  const challenger = there?.place ?? belief.challenger;
  if (challenger === NOWHERE) return settled(belief, counts);
  const gain = moved(belief, challenger, counts, boundedLeakage(leakage));
  const isNew = challenger !== belief.challenger;
  const odds = (isNew ? 0 : belief.odds) + Math.min(binOddsMax, Math.max(-binOddsMax, gain));
  if (odds <= 0) return settled(belief, counts);
  const challengerSince = isNew ? there!.firstAt : belief.challengerSince;
  const lately = counts.reduce(withCount, isNew ? NO_HEARINGS : belief.lately);
  // Over a hold reads that have nothing to do with each other have come, not one burst.
  const isHeld = counts[0]!.bin * binMs - challengerSince >= holdOf(plan, challenger);
  if (odds >= moveOdds && isHeld) return { ...found(challenger, challengerSince, odds), usual: lately };
  const usual = isNew ? withHearings(belief.usual, belief.lately) : belief.usual;
  return { place: belief.place, odds, challenger, challengerSince, usual, lately };
}

const found = (place: number, since: number, odds: number): Belief => ({
  ...UNKNOWN,
  place,
  odds,
  challenger: place,
  challengerSince: since,
});

function holdOf({ readPoints }: ZonePlan, place: number): number {
  const point = readPoints[place];
  return point === undefined || point.kind === 'portal' ? 0 : point.holdMs;
}

/** No place holds it: the one that hears it more, and louder, than all others that do. */
function find(belief: Belief, counts: readonly Count[], { rules }: ZonePlan): Belief {
  const { binOddsMax, enterOdds, leakage } = rules.zone;
  const there = strongestOf(counts, NOWHERE)!;
  const gain = Math.min(binOddsMax, Math.max(0, entered(counts, there, belief.lately, boundedLeakage(leakage))));
  const isOther = belief.challenger !== NOWHERE && belief.challenger !== there.place;
  const odds = isOther ? gain - belief.odds : belief.odds + gain;
  const lately = counts.reduce(withCount, belief.lately);
  // It still speaks for the one before, only less.
  if (isOther && odds <= 0) return { ...belief, odds: -odds, lately };
  const isNew = isOther || belief.challenger === NOWHERE;
  const since = isNew ? there.firstAt : belief.challengerSince;
  if (odds >= enterOdds) return { ...found(there.place, since, odds), usual: lately };
  return { ...belief, odds, challenger: there.place, challengerSince: since, lately };
}

/** It has come to a new place: nothing challenges that. */
export const arrived = (belief: Belief): Belief => ({ ...belief, odds: 0, challenger: NOWHERE });

/** Nothing speaks against where it is: what was heard since the challenge is of there. */
function settled(belief: Belief, counts: readonly Count[]): Belief {
  const usual = counts.reduce(withCount, withHearings(belief.usual, belief.lately));
  const { place, challengerSince } = belief;
  return { place, odds: 0, challenger: NOWHERE, challengerSince, usual, lately: NO_HEARINGS };
}

const boundedLeakage = (leakage: number): number => Math.min(0.9, Math.max(0.01, leakage));

/** The place that heard it most, but for one. */
function strongestOf(counts: readonly Count[], butFor: number): Count | undefined {
  let strongest: Count | undefined;
  for (const entry of counts)
    if (entry.place !== butFor && (strongest === undefined || isStronger(entry, strongest))) strongest = entry;
  return strongest;
}
const isStronger = (a: Count, b: Count): boolean => a.reads > b.reads || (a.reads === b.reads && a.bestDbm > b.bestDbm);

/** A place that has the tag hears it by so much louder than one that does not; both spread by as much. */
const LOUDER_DB = 6;
const LOUDNESS_MAX = 2;
const bounded = (nats: number): number => Math.min(LOUDNESS_MAX, Math.max(-LOUDNESS_MAX, nats));

/** What speaks for the place that hears most a tag that nobody has, against the others that hear it, now or until now. */
function entered(counts: readonly Count[], strongest: Count, lately: readonly Hearing[], leakage: number): number {
  let others = 0;
  let othersDbm = Number.NEGATIVE_INFINITY;
  for (const { place, reads, bestDbm } of counts) {
    if (place === strongest.place) continue;
    others += reads;
    othersDbm = Math.max(othersDbm, bestDbm);
  }
  for (const { place, meanDbm, strengths } of lately)
    if (place !== strongest.place && strengths > 0) othersDbm = Math.max(othersDbm, meanDbm);
  const areHeard = Number.isFinite(othersDbm) && Number.isFinite(strongest.bestDbm);
  const byLoudness = areHeard ? bounded((strongest.bestDbm - othersDbm) / LOUDER_DB) : 0;
  return (strongest.reads - others) * Math.log(1 / leakage) + byLoudness;
}

/** Reads that the first belief of how often another place hears a tag is worth. */
const FIRST_READS = 16;

/** ln P(what both places heard | it is at the challenger) over P(… | it is where it was): how often, and how loud. */
function moved({ place, usual }: Belief, challenger: number, counts: readonly Count[], leakage: number): number {
  const here = counts.find((entry) => entry.place === place);
  const there = counts.find((entry) => entry.place === challenger);
  const usualHere = usual.find((one) => one.place === place);
  const usualThere = usual.find((one) => one.place === challenger);
  // Of the reads of both, the share of the place that it is not at.
  const first = leakage / (1 + leakage);
  const readsThere = usualThere?.reads ?? 0;
  const known = (readsThere + FIRST_READS * first) / (readsThere + (usualHere?.reads ?? 0) + FIRST_READS);
  const share = Math.min(1 - first, known);
  // Over there it will not be heard from here more than it is heard from there now.
  const shareThere = Math.min(first, share);
  return (
    (there?.reads ?? 0) * Math.log((1 - shareThere) / share) +
    (here?.reads ?? 0) * Math.log(shareThere / (1 - share)) +
    louder(there, here, usualThere, usualHere)
  );
}

/** A tag that lies still is heard as loud as ever, give or take. */
const STILL_VARIANCE = 3 ** 2;
/** From one place where it lies to another. */
const PLACES_VARIANCE = 8 ** 2;
/** Until it is known: a place that does not have the tag hears it so much weaker. */
const WEAKER_DB = 10;

/** How loud a place hears the tag if nothing moves. */
interface Loudness {
  readonly meanDbm: number;
  readonly variance: number;
}
function loudnessOf(usual: Hearing | undefined, firstDbm: number): Loudness {
  const strengths = usual?.strengths ?? 0;
  const known = strengths / (strengths + 1);
  return {
    meanDbm: known * (usual?.meanDbm ?? 0) + (1 - known) * firstDbm,
    variance: STILL_VARIANCE + PLACES_VARIANCE / (1 + 6 * strengths),
  };
}

/** Moved, the two places change their parts: each hears it about as loud as the other did. */
function louder(
  there: Count | undefined,
  here: Count | undefined,
  usualThere: Hearing | undefined,
  usualHere: Hearing | undefined,
): number {
  if (usualHere === undefined || usualHere.strengths === 0) return 0;
  const stillHere = loudnessOf(usualHere, usualHere.meanDbm);
  const stillThere = loudnessOf(usualThere, usualHere.meanDbm - WEAKER_DB);
  return told(there, stillThere, stillHere.meanDbm) + told(here, stillHere, stillThere.meanDbm);
}

function told(heard: Count | undefined, still: Loudness, movedDbm: number): number {
  if (heard === undefined || !Number.isFinite(heard.bestDbm)) return 0;
  const isMoved = normalLog(heard.bestDbm, movedDbm, STILL_VARIANCE + PLACES_VARIANCE);
  return bounded(isMoved - normalLog(heard.bestDbm, still.meanDbm, still.variance));
}

const normalLog = (value: number, mean: number, variance: number): number =>
  -((value - mean) ** 2) / variance / 2 - Math.log(variance) / 2;
