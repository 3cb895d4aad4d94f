// How surely stock without tags is missing: each thing that speaks for it by itself, together, and whether what is said is so.
import { describe, expect, it } from 'vitest';
import { scoreAllRecords } from '../../../simulators/score/records.ts';
import { doubtRecord } from '../../../src/commands/scoreRecords.ts';
import { beliefOf, gapOdds, whyStockDoubted, type Evidence } from '../../../src/watch/untagged/belief.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 23);

const known = (more: Partial<Evidence> = {}): Evidence => ({
  sku: 'S',
  location: 'A-01',
  quantity: 10,
  since: NOW - 30 * DAY_MS,
  isCounted: true,
  counts: 0,
  countedShort: 0,
  siteCounts: 0,
  siteCountedShort: 0,
  siteReports: 0,
  siteReportsRight: 0,
  shortPicks: 0,
  shortAt: undefined,
  takenSince: 0,
  negativeHere: 0,
  negativeElsewhere: 0,
  gap: undefined,
  ...more,
});
const probability = (more: Partial<Evidence> = {}): number => beliefOf(known(more), NOW).probability;

describe('a record of stock without tags', () => {
  it('is as wrong as counts found records to be, the more the longer ago it was counted', () => {
    expect(probability()).toBe(0.02);
    expect(probability({ siteCounts: 950, siteCountedShort: 99 })).toBe(0.1);
    expect(probability({ since: NOW - 180 * DAY_MS })).toBeCloseTo(0.11, 2);
    expect(probability({ since: undefined })).toBeCloseTo(0.22, 2);
    expect(probability({ since: NOW })).toBe(0);
    // Its own counts weigh more than those of the site.
    expect(probability({ counts: 4, countedShort: 2 })).toBeGreaterThan(0.2);
    expect(probability({ counts: 20, countedShort: 0 })).toBeLessThan(0.02);
  });

  it('is doubted by what people met, each by itself and all together', () => {
    const short = probability({ shortPicks: 1, shortAt: NOW });
    expect(short).toBeGreaterThan(0.5);
    expect(short).toBeLessThan(0.6);
    expect(probability({ shortPicks: 2, shortAt: NOW })).toBe(0.99);
    expect(probability({ shortPicks: 1, shortAt: NOW, takenSince: 2 })).toBeLessThan(0.1);
    expect(probability({ negativeElsewhere: 1 })).toBeLessThan(0.1);
    expect(probability({ shortPicks: 1, shortAt: NOW, negativeElsewhere: 1, negativeHere: 1 })).toBeGreaterThan(0.9);
    expect(probability({ takenSince: 5 })).toBe(0.02);
  });

  it('is doubted by days without a sale as far as it sold, and never so surely by those alone', () => {
    expect(gapOdds({ days: 0, sellsOn: 0.5 })).toBe(1);
    expect(gapOdds({ days: 10, sellsOn: 0.2 })).toBeGreaterThan(gapOdds({ days: 5, sellsOn: 0.2 }));
    expect(probability({ gap: { days: 20, sellsOn: 0.05 } })).toBeLessThan(0.05);
    expect(probability({ gap: { days: 300, sellsOn: 1 }, since: undefined, counts: 9, countedShort: 9 })).toBe(0.8);
  });

  it('says why, in words that fit what is known', () => {
    const why = whyStockDoubted(known({ shortPicks: 1, shortAt: NOW, counts: 3, countedShort: 1 }), NOW);
    expect(why).toBe(
      'The books have 10 of S without tags at A-01. A picker found less there, last on 2026-11-23. It was counted or corrected last on 2026-10-24. Of 3 counts of it 1 found less than the books.',
    );
    expect(whyStockDoubted(known({ since: undefined, negativeElsewhere: 2 }), NOW)).toContain(
      '2 times it was taken elsewhere, where the books had none. It was not counted within a year.',
    );
  });
});

describe.each(scoreAllRecords(doubtRecord))(
  'of records of a $level warehouse',
  ({ reliability, wrong, checksRight, alerts, alertsRight }) => {
    it('as many are wrong as is said, in every tenth that is told', () => {
      for (const { count, said, wrong: so } of reliability.slice(3))
        if (count >= 50) expect(Math.abs(said - so) / count).toBeLessThan(0.12);
      const told = reliability.slice(3).reduce((sum, { count }) => sum + count, 0);
      const off = reliability.slice(3).reduce((sum, { said, wrong: so }) => sum + Math.abs(said - so), 0);
      expect(off / told).toBeLessThan(0.05);
    });

    it('most that are wrong lead to a count, and alerts are right', () => {
      expect(checksRight / wrong).toBeGreaterThan(0.85);
      expect(alertsRight / alerts).toBeGreaterThan(0.85);
    });
  },
);
