import { describe, expect, it } from 'vitest';
import { gaussianOf, mix, noiseKey, uniformOf } from '../../../../simulators/radio/noise.ts';

const COUNT = 50_000;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const correlation = (a: readonly number[], b: readonly number[]): number =>
  mean(a.map((value, index) => value * b[index]!));

describe('keyed noise', () => {
  const key = noiseKey('tag', 'antenna');
  const uniform = Array.from({ length: COUNT }, (_, index) => uniformOf(mix(key, index)));
  const normal = Array.from({ length: COUNT }, (_, index) => gaussianOf(mix(key, index)));

  it('is uniform over consecutive numbers', () => {
    const bins = Array.from({ length: 20 }, () => 0);
    for (const value of uniform) bins[Math.floor(value * 20)]!++;
    const expected = COUNT / 20;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 19 degrees of freedom: above 43.8 once in a thousand.
    expect(chiSquare).toBeLessThan(43.8);
  });

  it('is normal with mean 0 and deviation 1', () => {
    expect(Math.abs(mean(normal))).toBeLessThan(0.02);
    expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
    expect(normal.filter((value) => value > 1.96).length / COUNT).toBeCloseTo(0.025, 2);
  });

  it('does not depend on its neighbours: in number, in key, one step further', () => {
    expect(Math.abs(correlation(normal.slice(1), normal.slice(0, -1)))).toBeLessThan(0.02);
    const other = Array.from({ length: COUNT }, (_, index) => gaussianOf(mix(mix(key, 1), index)));
    expect(Math.abs(correlation(normal, other))).toBeLessThan(0.02);
    const further = Array.from({ length: COUNT }, (_, index) => gaussianOf(mix(mix(key, index), 1)));
    expect(Math.abs(correlation(normal, further))).toBeLessThan(0.02);
  });

  it('tells large numbers apart', () => {
    const dwell = Math.floor(Date.UTC(2026, 0, 1) / 100);
    expect(new Set(Array.from({ length: 1000 }, (_, index) => mix(key, dwell + index))).size).toBe(1000);
  });
});
