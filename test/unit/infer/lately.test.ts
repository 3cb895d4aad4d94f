// What was worked out is kept for those that were asked of last, however many there are.
import { expect, it } from 'vitest';
import type { Manner } from '../../../src/infer/radio/explain.ts';
import { MANNERS_MAX, openLately } from '../../../src/infer/radio/lately.ts';

const manners: readonly Manner[] = Array.from({ length: MANNERS_MAX + 2 }, (_, rate) => ({
  logLoudness: new Float64Array(0),
  rate,
}));

it('forgets the manner that was asked of longest ago', () => {
  const listOf = openLately<number>();
  const all = manners.slice(0, MANNERS_MAX);
  for (const manner of all) listOf(manner).push(manner.rate);
  for (const manner of all) expect(listOf(manner)).toEqual([manner.rate]);
  listOf(all[0]!);
  listOf(manners[MANNERS_MAX]!).push(-1);
  expect(listOf(all[0]!)).toEqual([0]);
  expect(listOf(all[2]!)).toEqual([2]);
  expect(listOf(manners[MANNERS_MAX]!)).toEqual([-1]);
  expect(listOf(all[1]!)).toEqual([]);
});
