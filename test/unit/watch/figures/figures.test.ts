// Key figures from what the ledger sums: turnover, and for how many days stock lasts.
import { describe, expect, it } from 'vitest';
import { shareOf, wholeDaysOf } from '../../../../src/watch/figures/period.ts';
import { turnoverOf, type SkuFigures } from '../../../../src/watch/figures/stock.ts';
import { supplyFrom } from '../../../../src/watch/figures/supply.ts';

const DAY_MS = 86_400_000;
const sku = (some: Partial<SkuFigures>): SkuFigures => ({
  site: 'T1',
  sku: 'S1',
  unitCost: null,
  currency: null,
  class: null,
  onHand: 0,
  available: 0,
  onHandAtEnd: 0,
  onHandMean: 0,
  received: 0,
  shipped: 0,
  returned: 0,
  adjusted: 0,
  ...some,
});

describe('turnover', () => {
  const period = { from: 0, to: 73 * DAY_MS };

  it('is the cost of what was shipped, for a year, over the mean cost of what was on hand, by currency', () => {
    const skus = [
      sku({ unitCost: 10, currency: 'EUR', shipped: 20, onHandMean: 50 }),
      sku({ sku: 'S2', unitCost: 1, currency: 'EUR', shipped: 50, onHandMean: 0 }),
      sku({ sku: 'S3', unitCost: 2, currency: 'USD', shipped: 5, onHandMean: 10 }),
      sku({ sku: 'S4', shipped: 7, onHandMean: 0 }),
    ];
    expect(turnoverOf(skus, period)).toEqual([
      { currency: 'EUR', shipped: 250, onHandMean: 500, perYear: 2.5 },
      { currency: 'USD', shipped: 10, onHandMean: 20, perYear: 2.5 },
      { currency: null, shipped: 7, onHandMean: 0, perYear: null },
    ]);
  });
});

describe('days of supply', () => {
  it('are what is available over the mean demand of days on which there was stock', () => {
    // In stock from four days ago until it ran out two days ago, and again since yesterday.
    const days = [
      { ago: 1, net: 30, shipped: 0 },
      { ago: 2, net: -10, shipped: 10 },
      { ago: 4, net: 10, shipped: 6 },
    ];
    expect(supplyFrom(days, 30, 20)).toEqual({ inStockDays: 5, demandPerDay: 3.2, days: 6.3 });
  });

  it('look at the last 28 days in stock only, and are unknown without demand', () => {
    const old = [{ ago: 40, net: 100, shipped: 50 }];
    expect(supplyFrom(old, 100, 100)).toEqual({ inStockDays: 28, demandPerDay: 0, days: null });
    expect(supplyFrom([], 0, 0)).toEqual({ inStockDays: 0, demandPerDay: 0, days: null });
  });
});

describe('a period', () => {
  it('is cut into whole days and the rest of its first and last one', () => {
    const noon = Date.UTC(2026, 10, 20, 12);
    expect(wholeDaysOf({ from: noon, to: noon + 2 * DAY_MS })).toEqual({
      first: '2026-11-21',
      last: '2026-11-22',
      after: '2026-11-23',
    });
    const midnight = Date.UTC(2026, 10, 20);
    expect(wholeDaysOf({ from: midnight, to: midnight + DAY_MS })).toEqual({
      first: '2026-11-20',
      last: '2026-11-21',
      after: '2026-11-21',
    });
  });

  it('without a whole day has none', () => {
    const noon = Date.UTC(2026, 10, 20, 12);
    const { first, last } = wholeDaysOf({ from: noon, to: noon + 3_600_000 });
    expect(first).toBe(last);
  });
});

it('a share of nothing is unknown', () => {
  expect(shareOf(0, 0)).toEqual({ asked: 0, filled: 0, share: null });
  expect(shareOf(3, 2)).toEqual({ asked: 3, filled: 2, share: 0.6667 });
});
