// Chance without state: noise is a function of what it belongs to (seed, tag, antenna, dwell), not of what was drawn
// before. So a tag's fading does not change when another tag enters the field, when time advances in other steps, or
// when a simulation is resumed. Counter-based, after Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011).
import { createHash } from 'node:crypto';

/** 32 bits that name a thing: where its noise begins. */
export type NoiseKey = number;

const TWO_32 = 2 ** 32;
/** Quantiles kept of the normal distribution: RSSI is quantised to 0.5 dB, finer steps would be lost. */
const QUANTILES = 8192;
const QUANTILE_SHIFT = 19;

/** The key of names; SHA-256, so do it once a thing and keep it. */
export const noiseKey = (...names: readonly (string | number)[]): NoiseKey =>
  createHash('sha256').update(names.join('\u001f')).digest().readUInt32LE(0);

/** The key one step further: `mix(mix(tag, antenna), dwell)`. `word` is taken modulo 2^32. */
export function mix(key: NoiseKey, word: number): NoiseKey {
  // The finaliser of MurmurHash3 (Appleby, public domain) after a Weyl step, so that 0 does not map to 0.
  let bits = (key ^ Math.imul(word | 0, 0x9e3779b1)) + 0x6d2b79f5;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Uniform in [0, 1). */
export const uniformOf = (key: NoiseKey): number => key / TWO_32;

/** N(0, 1), cut off at ±3.8. */
export const gaussianOf = (key: NoiseKey): number => NORMAL[key >>> QUANTILE_SHIFT]!;

const NORMAL = Float32Array.from({ length: QUANTILES }, (_, index) => normalQuantile((index + 0.5) / QUANTILES));

/** Inverse of the normal distribution by Newton's method on its own integral; only run to fill the table. */
function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  // A start good to 0.003 (Hastings 1955, 26.2.22 in Abramowitz and Stegun), three steps to double precision.
  const t = Math.sqrt(-2 * Math.log(p));
  let x = -(t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + t * 0.04481)));
  for (let step = 0; step < 3; step++) x -= (normalBelow(x) - p) / (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI));
  return x;
}

/** P(N(0, 1) < x) for x <= 0, by the continued fraction of the tail and, near 0, the series. */
function normalBelow(x: number): number {
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  const z = -x;
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let k = 1; k < 60; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / (z + fraction);
  return density / (z + fraction);
}
