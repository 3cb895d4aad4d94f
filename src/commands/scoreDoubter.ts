// The doubts of the service as the benchmark judges them: the same beliefs, fed with hours that were simulated.
import type { Doubter } from '../../simulators/score/phantoms.ts';
import {
  BELIEF_SIZE,
  believeAnew,
  believeThere,
  expectHour,
  goneOf,
  openLore,
  passHour,
  SWEEP_SAYS,
  weighGone,
} from '../infer/doubt/belief.ts';

/** For one zone with so many tags. */
export function openDoubter(tags: number): Doubter {
  const beliefs = new Float32Array(tags * BELIEF_SIZE);
  const lore = openLore();
  for (let tag = 0; tag < tags; tag++) believeAnew(beliefs, tag * BELIEF_SIZE);
  return {
    count(tag, found) {
      if (found) believeThere(beliefs, tag * BELIEF_SIZE);
      else weighGone(beliefs, tag * BELIEF_SIZE, SWEEP_SAYS);
    },
    pass(bins, weight) {
      const expected = expectHour(lore);
      for (const [tag, own] of bins.entries()) passHour(beliefs, tag * BELIEF_SIZE, own, weight, expected, lore);
    },
    goneOf: (tag) => goneOf(beliefs, tag * BELIEF_SIZE),
  };
}
