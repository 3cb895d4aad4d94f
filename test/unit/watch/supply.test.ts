// How long stock lasts beside how long it takes to have more, and what stood at sites on days of the past.
import { describe, expect, it } from 'vitest';
import { standingsByDay, wrongOn } from '../../../src/watch/kinds/pastDemand.ts';
import { riskOf, type Lead } from '../../../src/watch/kinds/supply.ts';

const limits = { shippedMin: 1, coverDays: 14 };
const lead = (days: number): Lead => ({ days, by: 'rule' });
const standing = (available: number, shipped: number, waiting = 0) => ({
  site: 'T1',
  sku: 'S',
  available,
  shipped,
  waiting,
});

describe('the risk of being out', () => {
  it('is there when what is here does not last until more can come', () => {
    expect(riskOf(standing(20, 56), 0, lead(14), limits)).toEqual({
      days: 10,
      daysWithComing: 10,
      perDay: 2,
      order: 36,
    });
    expect(riskOf(standing(28, 56), 0, lead(14), limits)).toBeUndefined();
    expect(riskOf(standing(0, 56), 0, lead(14), limits)).toMatchObject({ days: 0, order: 56 });
  });

  it('counts what orders wait for, and what comes in time', () => {
    expect(riskOf(standing(40, 56, 20), 0, lead(14), limits)).toMatchObject({ days: 10 });
    expect(riskOf(standing(20, 56), 4, lead(14), limits)).toMatchObject({ days: 10, daysWithComing: 12, order: 32 });
    expect(riskOf(standing(20, 56), 8, lead(14), limits)).toBeUndefined();
    expect(riskOf(standing(5, 56, 9), 0, lead(14), limits)).toMatchObject({ days: 0 });
  });

  it('is none of what nobody, or hardly anybody, asks for', () => {
    expect(riskOf(standing(0, 0), 0, lead(14), limits)).toBeUndefined();
    expect(riskOf(standing(0, 3), 0, lead(14), { ...limits, shippedMin: 4 })).toBeUndefined();
  });
});

describe('stock of the past', () => {
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
  const flow = (text: string, net: number, shipped = 0) => ({ site: 'T1', sku: 'S', day: text, net, shipped });

  it('is what is there now less what came since, with what was sent in the 28 days until then', () => {
    const flows = [
      flow('2026-10-01', 50),
      flow('2026-10-05', -5, 5),
      flow('2026-10-20', -7, 7),
      flow('2026-11-03', -10, 10),
    ];
    const days = standingsByDay([standing(28, 0)], flows, day('2026-11-01'), day('2026-11-03'));
    expect(days.map(({ day: of, standings }) => [of, standings[0]!.available, standings[0]!.shipped])).toEqual([
      [day('2026-11-01'), 38, 12],
      [day('2026-11-02'), 38, 7],
      [day('2026-11-03'), 28, 17],
    ]);
    // Long after, what has come since is taken off all the same.
    const [first] = standingsByDay([standing(28, 0)], flows, day('2026-10-02'), day('2026-10-02'));
    expect(first!.standings).toMatchObject([{ available: 50, shipped: 0 }]);
    expect(standingsByDay([], [], day('2026-11-01'), day('2026-11-01'))).toEqual([
      { day: day('2026-11-01'), standings: [] },
    ]);
  });

  it('was wrong from day to day, thing by thing, until it was not', () => {
    const days = [1, 2, 3, 4].map((at) => ({ at, standings: [standing(at === 3 ? 9 : at, 0)] }));
    const low = wrongOn(days, { to: 5 }, (standings) =>
      standings.flatMap(({ sku, available }) => (available < 5 ? [{ subject: sku, message: `${available}` }] : [])),
    );
    expect(low).toEqual([
      { subject: 'S', from: 1, to: 3, message: '4' },
      { subject: 'S', from: 4, to: undefined, message: '4' },
    ]);
  });
});
