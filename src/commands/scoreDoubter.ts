// The doubts of the service as the benchmark judges them: the same beliefs, fed with hours that were simulated, each of which weighs as
// much as the service would let it, by what the zone usually hears.
import type { Doubter } from '../../simulators/score/phantoms.ts';
import {
  BELIEF_SIZE,
  BINS_MOST,
  believeAnew,
  believeThere,
  expectHour,
  goneOf,
  openLore,
  passHour,
  SWEEP_SAYS,
  weighGone,
  WEIGHT_STEPS,
} from '../infer/doubt/belief.ts';
import { learnUsual, shareOf, type Usual } from '../infer/doubt/weights.ts';

/** The one antenna of the zone. */
const ANTENNA = 0;
const NO_TAGS = new Int32Array(0);

/** For one zone with so many tags. */
export function openDoubter(tags: number): Doubter {
  const beliefs = new Float32Array(tags * BELIEF_SIZE);
  const lore = openLore();
  const usual: Usual = new Map();
  for (let tag = 0; tag < tags; tag++) believeAnew(beliefs, tag * BELIEF_SIZE);
  return {
    count(tag, found) {
      if (found) believeThere(beliefs, tag * BELIEF_SIZE);
      else weighGone(beliefs, tag * BELIEF_SIZE, SWEEP_SAYS);
    },
    pass(bins, known) {
      const expected = expectHour(lore);
      const heard = bins.reduce((sum, own) => sum + Math.min(own, BINS_MOST), 0);
      const weight = Math.min(known, shareOf(usual.get(ANTENNA)?.bins, heard));
      for (const [tag, own] of bins.entries())
        passHour(beliefs, tag * BELIEF_SIZE, own, own > 0 ? WEIGHT_STEPS : weight, expected, lore);
      learnUsual(usual, { tags: NO_TAGS, antennas: new Map([[ANTENNA, heard]]) });
    },
    goneOf: (tag) => goneOf(beliefs, tag * BELIEF_SIZE),
  };
}
