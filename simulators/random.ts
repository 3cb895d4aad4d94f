// Seeded chance. A stream is named by a seed and a list of keys (`random(7, 'DC1', 'trailers')`), so that one entity's
// draws never shift another's; its state is four numbers that survive in JSON. No clock and no Math.random anywhere.
import { createHash } from 'node:crypto';
import { assert } from '../src/kit/faults.ts';

/** Four 32-bit words, not all zero. */
export type RandomState = readonly [number, number, number, number];

/** A stream of chance. Every method draws, `state` apart; the same seed and names give the same draws in the same engine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of it. */
  readonly uniform: () => number;
  /** Uniform in [min, max). */
  readonly between: (min: number, max: number) => number;
  /** A whole number from min to max, both included. */
  readonly integer: (min: number, max: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly gaussian: (mean: number, sd: number) => number;
  /** Median times e^(sdLn · N(0, 1)). */
  readonly lognormal: (median: number, sdLn: number) => number;
  readonly exponential: (mean: number) => number;
  /** One of the choices; there must be one. */
  readonly choice: <T>(choices: readonly T[]) => T;
  readonly shuffled: <T>(values: readonly T[]) => T[];
  readonly state: () => RandomState;
}

const SEPARATOR = '\u001f';
const TWO_32 = 2 ** 32;

/** The stream of a seed and names. Different names, different streams: 128 bits of SHA-256 keep them apart. */
export function random(seed: number | string, ...keys: readonly (string | number)[]): Random {
  const hash = createHash('sha256')
    .update([seed, ...keys].join(SEPARATOR))
    .digest();
  return resumeRandom([hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8), hash.readUInt32LE(12)]);
}

/** Goes on where `state()` was taken. xoshiro128** by Blackman and Vigna (prng.di.unimi.it), written anew. */
export function resumeRandom(from: RandomState): Random {
  assert(
    from.some((word) => word !== 0),
    'The state of a stream of chance is never all zero.',
  );
  let [a, b, c, d] = from;
  const uniform = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result / TWO_32;
  };
  const gaussian = (mean: number, sd: number): number =>
    // Box-Muller; 1 - u is never 0.
    mean + sd * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const integer = (min: number, max: number): number => min + Math.floor(uniform() * (max - min + 1));
  return {
    uniform,
    between: (min, max) => min + (max - min) * uniform(),
    integer,
    chance: (probability) => uniform() < probability,
    gaussian,
    lognormal: (median, sdLn) => median * Math.exp(gaussian(0, sdLn)),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    choice: (choices) => {
      assert(choices.length > 0, 'A choice needs something to choose from.');
      return choices[integer(0, choices.length - 1)]!;
    },
    shuffled: (values) => {
      const result = [...values];
      for (let last = result.length - 1; last > 0; last--) {
        const other = integer(0, last);
        [result[last], result[other]] = [result[other]!, result[last]!];
      }
      return result;
    },
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
}

const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
