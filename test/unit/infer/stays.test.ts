// Where a tag may lie, and since when: what is believed is shared between few stays.
import { describe, expect, it } from 'vitest';
import { byPlace, firstStay, weighStays, type Stay } from '../../../src/infer/stays.ts';
import type { Count } from '../../../src/infer/tallies.ts';
import { random } from '../../../simulators/random.ts';
import { site } from '../../support/storiesSite.ts';

const plan = site();
const { binMs } = plan.rules.zone;
const placeOf = (id: string): number => plan.readPoints.findIndex((point) => point.id === id);
const [A, B, BENCH] = [placeOf('AISLE-A'), placeOf('AISLE-B'), placeOf('BENCH')];

const heard = (bin: number, place: number, bestDbm = -60): Count => ({
  bin,
  place,
  reads: 1,
  firstAt: bin * binMs,
  bestDbm,
  bestAntenna: 0,
});
const settled: readonly Stay[] = [
  firstStay(A, 0, [
    { place: A, bins: 30, meanDbm: -60, strengths: 30 },
    { place: B, bins: 6, meanDbm: -70, strengths: 6 },
  ]),
];
/** What is believed after bins that come a minute apart, each of one place. */
const after = (begin: readonly Stay[], bins: readonly (readonly [place: number, dbm?: number])[]): readonly Stay[] =>
  bins.reduce((stays, [place, dbm], index) => weighStays(stays, [heard(index * 12, place, dbm)], 12, plan), begin);
const shareOf = (stays: readonly Stay[], place: number): number =>
  Math.exp(byPlace(stays).find(({ stay }) => stay.place === place)?.logShare ?? Number.NEGATIVE_INFINITY);

describe('the stays of a tag', () => {
  it('are few, of more than one place, and make up the whole', () => {
    const chance = random(1, 'stays');
    let stays = settled;
    for (let bin = 1; bin < 500; bin++) {
      const place = chance.choice([A, B, BENCH]);
      stays = weighStays(stays, [heard(bin, place, chance.gaussian(-65, 6))], 1, plan);
      expect(stays.length).toBeLessThanOrEqual(4);
      expect(stays.reduce((sum, { logShare }) => sum + Math.exp(logShare), 0)).toBeCloseTo(1, 9);
      expect(stays[0]!.loudness.length).toBeLessThanOrEqual(3);
    }
  });

  it('change when the two places change their parts', () => {
    const swapped = after(settled, [
      [B, -60],
      [B, -61],
      [A, -70],
      [B, -60],
      [B, -60],
    ]);
    expect(shareOf(swapped, B)).toBeGreaterThan(0.99);
    expect(byPlace(swapped).find(({ stay }) => stay.place === B)!.stay.since).toBe(0);
  });

  it('stay when the other place hears the tag as ever, however often in a row', () => {
    const leaks = after(settled, [
      [B, -70],
      [B, -71],
      [B, -70],
      [B, -69],
    ]);
    expect(shareOf(leaks, A)).toBeGreaterThan(0.9);
  });

  it('tell apart a tag that was put down anew where it was: both places hear it otherwise, and it has not moved', () => {
    const anew = after(settled, [
      [A, -68],
      [A, -67],
      [B, -80],
      [A, -68],
      [A, -68],
      [B, -79],
      [A, -68],
    ]);
    expect(shareOf(anew, A)).toBeGreaterThan(0.99);
    expect(anew[0]!.loudness.find(({ place }) => place === B)!.meanDbm).toBeLessThan(-75);
    // And they know since when it has been there at all.
    expect(anew[0]!.since).toBe(0);
  });

  it('have a bound for what a bin can say', () => {
    const before = after(settled, [[A], [B, -70], [A]]);
    const shock = weighStays(before, [heard(40, B, -30)], 1, plan);
    expect(shareOf(shock, A)).toBeGreaterThan(0.5);
  });

  it('are one, and cost little, while one place hears the tag', () => {
    const alone = firstStay(A, 0, [{ place: A, bins: 2, meanDbm: -60, strengths: 2 }]);
    const stays = after(
      [alone],
      Array.from({ length: 50 }, () => [A, -58] as const),
    );
    expect(stays).toHaveLength(1);
    expect(stays[0]).toMatchObject({ place: A, since: 0, logShare: 0, otherBins: 0 });
    expect(stays[0]!.loudness[0]!.meanDbm).toBeCloseTo(-58, 0);
  });

  it('do without RSSI', () => {
    const mute = firstStay(A, 0, [{ place: A, bins: 30, meanDbm: 0, strengths: 0 }]);
    const silent = Number.NEGATIVE_INFINITY;
    expect(
      shareOf(
        after(
          [mute],
          Array.from({ length: 12 }, () => [B, silent] as const),
        ),
        B,
      ),
    ).toBeGreaterThan(0.99);
  });
});
