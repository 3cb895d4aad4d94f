import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOUNDARY_MS,
  boundaryBefore,
  isKept,
  keptAfter,
  keptBefore,
  WIDEST_MS,
} from '../../../src/clean/boundaries.ts';

const LATE_MS = 600_000;
const anyTime = fc.oneof(
  fc.integer({ min: -1_000_000, max: 10_000_000 }),
  fc.integer({ min: -40, max: 400 }).map((nth) => nth * BOUNDARY_MS),
);
const anyAge = fc.oneof(
  fc.integer({ min: 0, max: LATE_MS }),
  fc.nat(20).map((nth) => nth * BOUNDARY_MS),
);

describe('boundaries', () => {
  it('are at multiples of half a minute, before 1970 too', () => {
    expect([29_999, 30_000, 30_001, -1].map(boundaryBefore)).toEqual([0, 30_000, 30_000, -30_000]);
  });

  it('are fewer the longer ago, and one that is gone never comes back', () => {
    const reached = 7_200_000;
    const kept = Array.from({ length: LATE_MS / BOUNDARY_MS + 1 }, (_, nth) => nth * BOUNDARY_MS).filter((age) =>
      isKept(reached - age, reached),
    );
    expect(kept.map((age) => age / 1000)).toEqual([0, 30, 60, 120, 240, 360, 480, 600]);
    fc.assert(
      fc.property(anyTime.map(boundaryBefore), anyAge, fc.nat(LATE_MS), (boundary, age, later) => {
        if (isKept(boundary, boundary + age + later)) expect(isKept(boundary, boundary + age)).toBe(true);
      }),
    );
  });

  it('are found before and after a time: the nearest that are kept, and near enough', () => {
    fc.assert(
      fc.property(anyTime, anyAge, (time, age) => {
        const reached = time + age;
        const before = keptBefore(time, reached);
        const after = keptAfter(time, reached);
        expect(isKept(before, reached) && isKept(after, reached)).toBe(true);
        expect(before).toBeLessThanOrEqual(time);
        expect(after).toBeGreaterThanOrEqual(time);
        for (let between = before + BOUNDARY_MS; between < after; between += BOUNDARY_MS)
          expect(between === time || !isKept(between, reached)).toBe(true);
        expect(time - before).toBeLessThan(Math.min(WIDEST_MS + 1, age + BOUNDARY_MS + 1));
      }),
    );
  });
});
