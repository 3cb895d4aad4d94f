// The doubts about stock without tags as the benchmark judges them: the same belief, of records that were simulated.
import type { KnownRecord } from '../../simulators/score/records.ts';
import { beliefOf } from '../watch/untagged/belief.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 0, 1);

export const doubtRecord = ({ daysSinceCount, ...known }: KnownRecord): number =>
  beliefOf(
    {
      ...known,
      sku: '',
      location: '',
      quantity: 1,
      since: NOW - daysSinceCount * DAY_MS,
      isCounted: true,
      counts: 0,
      countedShort: 0,
      shortAt: known.shortPicks === 0 ? undefined : NOW,
      negativeHere: 0,
      gap: undefined,
    },
    NOW,
  ).probability;
