// Which site should give which one how much: by what customers were sent and what orders wait for.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveAlertRules } from '../../../src/config/alerts.ts';
import { transferOf, type Standing } from '../../../src/watch/kinds/demand.ts';

const limits = effectiveAlertRules().imbalance;
const standing = (site: string, available: number, shipped: number, waiting = 0): Standing => ({
  site,
  sku: 'BOLTS',
  available,
  shipped,
  waiting,
});

describe('a transfer between sites', () => {
  it('fills up for two weeks what will not last for one, from the site that can spare most', () => {
    const here = standing('T1', 10, 56); // two a day: five days
    const transfer = transferOf(here, [standing('T2', 60, 28), standing('T3', 90, 28)], limits);
    expect(transfer).toMatchObject({ from: { site: 'T3' }, quantity: 18, days: 5 });
  });

  it('counts what orders wait for, also of what was never sent', () => {
    expect(transferOf(standing('T1', 20, 28, 15), [standing('T2', 500, 0)], limits)).toMatchObject({ quantity: 9 });
    expect(transferOf(standing('T1', 0, 0, 4), [standing('T2', 500, 0)], limits)).toMatchObject({ quantity: 4 });
  });

  it('is not proposed where it lasts, where nobody asks for it, or where nobody can spare it', () => {
    expect(transferOf(standing('T1', 14, 56), [standing('T2', 500, 0)], limits)).toBeUndefined();
    expect(transferOf(standing('T1', 0, 0), [standing('T2', 500, 0)], limits)).toBeUndefined();
    expect(transferOf(standing('T1', 0, 28), [standing('T2', 28, 28)], limits)).toBeUndefined();
    expect(transferOf(standing('T1', 0, 28), [], limits)).toBeUndefined();
  });

  it('never leaves the giver with less than it should keep, nor the taker with more than it should have', () => {
    const amount = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, amount, (a, b, c, d, e, f) => {
        const transfer = transferOf(standing('T1', a, b, c), [standing('T2', d, e, f)], limits);
        if (transfer === undefined) return;
        expect(d - f - transfer.quantity).toBeGreaterThanOrEqual((limits.daysSpare * e) / 28 - 1e-9);
        expect(a - c + transfer.quantity).toBeLessThanOrEqual((limits.daysTarget * b) / 28 + 1e-9);
        expect(transfer.quantity).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
