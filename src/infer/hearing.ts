// How the places of a site hear one tag while it lies where it is: how often, and how loud. Pure values; most tags have one entry.
import type { Count } from './tallies.ts';

export interface Hearing {
  readonly place: number;
  readonly reads: number;
  /** Mean of the strongest read of each bin, and of how many bins. */
  readonly meanDbm: number;
  readonly strengths: number;
}

export const NO_HEARINGS: readonly Hearing[] = [];
/** Older reads count for less: the memory is about so many. */
const READS_KEPT = 200;

export function withCount(hearings: readonly Hearing[], { place, reads, bestDbm }: Count): readonly Hearing[] {
  const isLoud = Number.isFinite(bestDbm);
  return withHearing(hearings, { place, reads, meanDbm: isLoud ? bestDbm : 0, strengths: isLoud ? 1 : 0 });
}

export const withHearings = (hearings: readonly Hearing[], more: readonly Hearing[]): readonly Hearing[] =>
  more.length === 0 ? hearings : more.reduce(withHearing, hearings);

function withHearing(hearings: readonly Hearing[], more: Hearing): readonly Hearing[] {
  const [only] = hearings;
  if (only === undefined) return [more];
  // Most tags are heard by one place, and this is done each time that one is.
  if (hearings.length === 1 && only.place === more.place) {
    const all = sum(only, more);
    return [all.reads <= READS_KEPT ? all : faded(all, READS_KEPT / all.reads)];
  }
  const total = hearings.reduce((reads, one) => reads + one.reads, more.reads);
  const keep = Math.min(1, READS_KEPT / total);
  let isKnown = false;
  const all = hearings.map((one) => {
    if (one.place !== more.place) return keep === 1 ? one : faded(one, keep);
    isKnown = true;
    return faded(sum(one, more), keep);
  });
  if (!isKnown) all.push(more);
  return all;
}

function sum(a: Hearing, b: Hearing): Hearing {
  const strengths = a.strengths + b.strengths;
  const meanDbm = strengths === 0 ? 0 : (a.strengths * a.meanDbm + b.strengths * b.meanDbm) / strengths;
  return { place: a.place, reads: a.reads + b.reads, meanDbm, strengths };
}

const faded = (one: Hearing, keep: number): Hearing =>
  keep === 1
    ? one
    : { place: one.place, reads: one.reads * keep, meanDbm: one.meanDbm, strengths: one.strengths * keep };
