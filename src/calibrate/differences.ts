// How the same reads are decided otherwise, by another site file or by another release: passage by passage. Pure.
import type { PassageEffect } from '../infer/effects.ts';
import { momentOf } from './decide.ts';

/** What is compared of a passage. */
export type Passed = Pick<
  PassageEffect,
  'id' | 'readPoint' | 'epc' | 'firstAt' | 'lastAt' | 'crossedAt' | 'outcome' | 'leading' | 'probability' | 'decidedBy'
>;

export interface Difference {
  readonly epc: string;
  readonly readPoint: string;
  /** ms. */
  readonly at: number;
  /** Undefined where there is no such passage. */
  readonly before: Passed | undefined;
  readonly after: Passed | undefined;
}

export interface Totals {
  readonly passages: number;
  readonly posted: number;
  readonly undecided: number;
}

/** Passages of which the outcome or the likeliest one differs, oldest first. */
export function differencesOf(before: readonly Passed[], after: readonly Passed[]): Difference[] {
  const waiting = new Map<string, Passed[]>();
  for (const passage of after) {
    const key = keyOf(passage);
    waiting.set(key, [...(waiting.get(key) ?? []), passage]);
  }
  const found: Difference[] = [];
  for (const old of before) {
    const same = counterpartOf(old, waiting.get(keyOf(old)) ?? []);
    if (same === undefined) found.push({ ...placeOf(old), before: old, after: undefined });
    else {
      waiting.get(keyOf(old))!.splice(waiting.get(keyOf(old))!.indexOf(same), 1);
      if (same.outcome !== old.outcome || same.leading !== old.leading)
        found.push({ ...placeOf(old), before: old, after: same });
    }
  }
  for (const passage of [...waiting.values()].flat())
    found.push({ ...placeOf(passage), before: undefined, after: passage });
  return found.sort((a, b) => a.at - b.at || (a.epc < b.epc ? -1 : 1));
}

const keyOf = ({ epc, readPoint }: Passed): string => `${epc} ${readPoint}`;
const placeOf = (passage: Passed) => ({
  epc: passage.epc,
  readPoint: passage.readPoint,
  at: momentOf(passage),
});

/** Of the same name, else what was heard at the same time. */
const counterpartOf = (old: Passed, candidates: readonly Passed[]): Passed | undefined =>
  candidates.find(({ id }) => id === old.id) ??
  candidates.find(({ firstAt, lastAt }) => firstAt <= old.lastAt && old.firstAt <= lastAt);

export const totalsOf = (passages: readonly Passed[]): Totals => ({
  passages: passages.length,
  posted: passages.filter(({ outcome }) => outcome === 'in' || outcome === 'out').length,
  undecided: passages.filter(({ outcome }) => outcome === 'undecided').length,
});
