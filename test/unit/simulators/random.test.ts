import { describe, expect, it } from 'vitest';
import { random, resumeRandom } from '../../../simulators/random.ts';

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('random', () => {
  it('gives the same draws for the same seed and names, others for others', () => {
    const draws = (...names: (string | number)[]) => take(20, random(7, ...names).uniform);
    expect(draws('a', 1)).toEqual(draws('a', 1));
    expect(draws('a', 1)).not.toEqual(draws('a', 2));
    expect(draws('a', 1)).not.toEqual(draws('a1'));
    expect(take(3, random(7).uniform)).not.toEqual(take(3, random(8).uniform));
  });

  it('knows what xoshiro128** gives', () => {
    // First outputs for the state 1, 2, 3, 4, as of the reference implementation at prng.di.unimi.it.
    const stream = resumeRandom([1, 2, 3, 4]);
    expect(take(4, () => stream.uniform() * 2 ** 32)).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('goes on where its state was taken', () => {
    const stream = random(1, 'trailers');
    take(5, stream.uniform);
    const resumed = resumeRandom(JSON.parse(JSON.stringify(stream.state())));
    expect(take(10, resumed.uniform)).toEqual(take(10, stream.uniform));
  });

  it('has the distributions that it names', () => {
    const stream = random(3, 'moments');
    const uniform = take(20_000, stream.uniform);
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    const normal = take(20_000, () => stream.gaussian(10, 2));
    expect(mean(normal)).toBeCloseTo(10, 1);
    expect(Math.sqrt(mean(normal.map((value) => (value - 10) ** 2)))).toBeCloseTo(2, 1);
    const median = take(20_001, () => stream.lognormal(1.5, 0.3)).sort((a, b) => a - b)[10_000]!;
    expect(median).toBeCloseTo(1.5, 1);
    expect(mean(take(20_000, () => stream.exponential(40)))).toBeCloseTo(40, -1);
    expect(new Set(take(500, () => stream.integer(1, 6)))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(stream.shuffled([1, 2, 3, 4, 5]).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses to choose from nothing', () => {
    expect(() => random(1).choice([])).toThrow('something to choose from');
  });
});
