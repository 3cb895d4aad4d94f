// Which site gets an order that names none: complete stock first, then lead time, then cost; divided over as few as can be.
import { describe, expect, it } from 'vitest';
import { divided, placeToWait, sumOf, whyWhole, wholeOffers, type Offer } from '../../../src/api/sourcingRule.ts';
import * as fc from 'fast-check';

const offer = (site: string, promisable: readonly number[], leadDays = 1, cost = 0, costPerUnit = 0): Offer => ({
  site,
  promisable,
  leadDays,
  cost,
  costPerUnit,
});
const sites = (offers: readonly Offer[]): string[] => offers.map(({ site }) => site);

describe('a whole order', () => {
  const asked = [2, 3];

  it('goes where all of it is, soonest, then cheapest, then by name', () => {
    const all = [
      offer('PART', [2, 2], 0),
      offer('LATE', [9, 9], 3),
      offer('DEAR', [2, 3], 1, 9),
      offer('B', [2, 3], 1, 5),
      offer('A', [2, 3], 1, 0, 1),
    ];
    expect(sites(wholeOffers(all, asked))).toEqual(['A', 'B', 'DEAR', 'LATE']);
  });

  it('says why', () => {
    expect(whyWhole([offer('A', [])], 1)).toBe('Only A has all of it.');
    expect(whyWhole([offer('A', [], 1), offer('B', [], 2)], 1)).toBe(
      'A and B have all of it; from A it takes 1 day, from B 2 days.',
    );
    expect(whyWhole([offer('A', [], 1, 2, 1), offer('B', [], 1, 9)], 5)).toBe(
      'A and B have all of it, as soon; from A it costs 7, from B 9.',
    );
    expect(whyWhole([offer('A', []), offer('B', [])], 5)).toMatch(/taken by name/);
  });
});

describe('an order that no site has whole', () => {
  it('waits where most of it is', () => {
    expect(placeToWait([offer('A', [1, 0]), offer('B', [1, 2], 5), offer('C', [0, 0])], [2, 3])?.site).toBe('B');
    expect(placeToWait([offer('A', [0], 2), offer('B', [0], 1)], [1])?.site).toBe('B');
    expect(placeToWait([], [1])).toBeUndefined();
  });

  it('is divided to those that have most of what is left, and what nobody has is told', () => {
    const offers = [offer('A', [1, 1]), offer('B', [0, 3]), offer('C', [2, 0])];
    expect(divided(offers, [2, 3])).toEqual({
      shares: [
        { site: 'B', quantities: [0, 3] },
        { site: 'C', quantities: [2, 0] },
      ],
      left: [0, 0],
    });
    expect(divided([offer('A', [1, 1])], [2, 3])).toEqual({
      shares: [{ site: 'A', quantities: [1, 1] }],
      left: [1, 2],
    });
    expect(divided([offer('A', [0])], [2])).toEqual({ shares: [], left: [2] });
  });

  it('is never divided into more than it is, nor into more than a site has', () => {
    const quantities = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 });
    const offers = fc
      .array(fc.tuple(quantities, fc.integer({ min: 0, max: 3 })), { maxLength: 5 })
      .map((all) => all.map(([promisable, days], index) => offer(`S${index}`, promisable, days)));
    fc.assert(
      fc.property(offers, quantities, (all, asked) => {
        const { shares, left } = divided(all, asked);
        for (const { site, quantities: some } of shares) {
          const { promisable } = all.find((one) => one.site === site)!;
          for (const [index, quantity] of some.entries()) expect(quantity).toBeLessThanOrEqual(promisable[index]!);
          expect(sumOf(some)).toBeGreaterThan(0);
        }
        for (const [index, quantity] of asked.entries())
          expect(sumOf(shares.map((share) => share.quantities[index]!)) + left[index]!).toBe(quantity);
        expect(new Set(shares.map(({ site }) => site)).size).toBe(shares.length);
      }),
    );
  });
});
