// What a portal makes of a tag: the outcome, how sure, and what it was made of.
import type { Basis } from './basis.ts';
import type { KeptReads } from './recent.ts';
import type { Direction } from './track.ts';

export const OUTCOMES = ['in', 'out', 'turned_back', 'stayed', 'stray', 'undecided'] as const;
export type Outcome = (typeof OUTCOMES)[number];
/** The likeliest outcome of an undecided passage; of a decided one its outcome. */
export type Leading = Exclude<Outcome, 'undecided'>;

/** A decision about one tag at one portal. Times in ms, event time. */
export interface Decision {
  readonly tag: number;
  /** Index into `SitePlan.readPoints`. */
  readonly portal: number;
  readonly outcome: Outcome;
  readonly leading: Leading;
  /** Of the leading outcome. */
  readonly probability: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** When it crossed, if it did; else when it came closest to having crossed. */
  readonly crossedAt: number | undefined;
  readonly decidedAt: number;
  readonly group: { readonly at: number; readonly size: number } | undefined;
  readonly scores: Scores;
  readonly reads: KeptReads;
}

/** Natural logarithms of likelihood ratios and odds; what a person may ask about. */
export interface Scores {
  /** Crossing inward, and outward, against not crossing. */
  readonly in: number;
  readonly out: number;
  /** What its part in earlier crossings adds. */
  readonly mobility: number;
  /** Log-odds that a group crossed at all. */
  readonly pooled: number;
  /** Undefined where the cheap statistics decided, and where nothing looked like a crossing. */
  readonly basis?: Basis;
}

/** Told instead of a person's name when later reads left nothing of a passage. */
export const LATER_READS = 'later reads';

export const directionOf = (outcome: Outcome): Direction | undefined =>
  outcome === 'in' || outcome === 'out' ? outcome : undefined;

/** A second derivation that changed nothing. */
export const isSameDecision = (a: Decision, b: Decision): boolean =>
  a.tag === b.tag &&
  a.portal === b.portal &&
  a.outcome === b.outcome &&
  a.leading === b.leading &&
  a.probability === b.probability &&
  a.crossedAt === b.crossedAt &&
  a.firstAt === b.firstAt &&
  a.lastAt === b.lastAt;

/** Two decisions about the same presence of the same tag, perhaps with another verdict. */
export const isSamePassage = (a: Decision, b: Decision): boolean =>
  a.tag === b.tag &&
  (a.crossedAt !== undefined && b.crossedAt !== undefined
    ? Math.abs(a.crossedAt - b.crossedAt) <= SAME_CROSSING_MS
    : a.firstAt <= b.lastAt && b.firstAt <= a.lastAt);

const SAME_CROSSING_MS = 3000;
