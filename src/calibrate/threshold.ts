// From which probability on a passage should move stock: where asking a person costs as much as being wrong. Pure.
import type { Saying } from './measure.ts';

/** Passages that must have been judged before anything is said of the threshold. */
const SAYINGS_LEAST = 50;
const LOWEST = 0.6;
const HIGHEST = 0.99;
const STEP = 0.01;

/**
 * The threshold that costs least on passages that are known: a false move counts `falseMoveCosts`, a passage left to a person 1.
 * The present one stays unless another saves more than one false move. `highest`: passages above it are not known.
 */
export function thresholdOf(
  sayings: readonly Saying[],
  present: number,
  falseMoveCosts: number,
  highest = HIGHEST,
): number {
  if (sayings.length < SAYINGS_LEAST) return present;
  const costOf = (threshold: number): number =>
    sayings.reduce(
      (sum, { probability, isRight }) => sum + (probability < threshold ? 1 : isRight ? 0 : falseMoveCosts),
      0,
    );
  let best = { threshold: present, cost: costOf(present) - falseMoveCosts };
  for (let step = 0; LOWEST + step * STEP <= Math.min(HIGHEST, highest) + 1e-9; step++) {
    const threshold = Math.round((LOWEST + step * STEP) * 100) / 100;
    const cost = costOf(threshold);
    if (cost < best.cost) best = { threshold, cost };
  }
  return best.threshold;
}
