// How the places of a site hear one tag that none of them holds yet: in how many bins, and how loud. Pure values; most tags have one entry.
import type { Count } from './tallies.ts';

export interface Hearing {
  readonly place: number;
  readonly bins: number;
  /** Mean of the strongest read of each bin that told its RSSI, and how many did. */
  readonly meanDbm: number;
  readonly strengths: number;
}

export const NO_HEARINGS: readonly Hearing[] = [];

export function withCount(hearings: readonly Hearing[], { place, bestDbm }: Count): readonly Hearing[] {
  const known = hearings.find((one) => one.place === place) ?? { place, bins: 0, meanDbm: 0, strengths: 0 };
  const strengths = known.strengths + (Number.isFinite(bestDbm) ? 1 : 0);
  const meanDbm = strengths === known.strengths ? known.meanDbm : known.meanDbm + (bestDbm - known.meanDbm) / strengths;
  const now = { place, bins: known.bins + 1, meanDbm, strengths };
  return known.bins === 0 ? hearings.concat(now) : hearings.map((one) => (one === known ? now : one));
}
