// The way through bins: close to the shortest on small lists, and quick on long ones.
import { describe, expect, it } from 'vitest';
import type { Spot } from '../../../src/config/spots.ts';
import { routeOver } from '../../../src/work/outbound/route.ts';

/** Numbers that look like chance, and are the same every time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Aisles 3 m apart, bins each metre: what a pick list looks like. */
const bins = (count: number, seed: number): Spot[] => {
  const next = chance(seed);
  return Array.from({ length: count }, () => ({ x: Math.floor(next() * 15) * 3, y: Math.floor(next() * 40) }));
};
const between = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.y - b.y);

/** The shortest way there is, by Held and Karp (1962): over all sets of spots, and the last one of each. */
function shortest(spots: readonly Spot[], start: Spot): number {
  const { length } = spots;
  const best = Array.from({ length: 2 ** length }, () => new Float64Array(length).fill(Number.POSITIVE_INFINITY));
  for (let spot = 0; spot < length; spot++) best[1 << spot]![spot] = between(start, spots[spot]!);
  for (let set = 1; set < 2 ** length; set++) {
    for (let last = 0; last < length; last++) {
      if ((set & (1 << last)) === 0) continue;
      for (let next = 0; next < length; next++) {
        if ((set & (1 << next)) !== 0) continue;
        const more = set | (1 << next);
        const way = best[set]![last]! + between(spots[last]!, spots[next]!);
        if (way < best[more]![next]!) best[more]![next] = way;
      }
    }
  }
  return Math.min(...spots.map((spot, last) => best[2 ** length - 1]![last]! + between(spot, start)));
}

const START = { x: -5, y: -5 };

describe('the way through the bins', () => {
  it('goes to each of them once, and is as long as it says', () => {
    const spots = bins(30, 1);
    const { order, distanceM } = routeOver(spots, START);
    expect(order.toSorted((a, b) => a - b)).toEqual(spots.map((_, index) => index));
    const way = [START, ...order.map((index) => spots[index]!), START];
    expect(distanceM).toBeCloseTo(
      way.slice(1).reduce((sum, spot, index) => sum + between(way[index]!, spot), 0),
      6,
    );
  });

  it('is within a twentieth of the shortest on average, over a hundred lists of 5 to 9 bins', () => {
    const ratios = Array.from({ length: 100 }, (_, index) => {
      const spots = bins(5 + (index % 5), 100 + index);
      return routeOver(spots, START).distanceM / shortest(spots, START);
    });
    expect(Math.min(...ratios)).toBeGreaterThan(1 - 1e-9);
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeLessThan(1.05);
  });

  it('is found quickly for two hundred stops', () => {
    const spots = bins(200, 7);
    routeOver(spots, START);
    const times = Array.from({ length: 5 }, () => {
      const from = performance.now();
      routeOver(spots, START);
      return performance.now() - from;
    });
    expect(Math.min(...times)).toBeLessThan(100);
  });

  it('ends where it likes when it has nowhere to start from, and of nothing is nothing', () => {
    const line = [4, 1, 3, 2, 0].map((x) => ({ x, y: 0 }));
    expect(routeOver(line).distanceM).toBe(4);
    expect(routeOver([], START)).toEqual({ order: [], distanceM: 0 });
    expect(routeOver([{ x: 0, y: 0 }], START).order).toEqual([0]);
  });
});
