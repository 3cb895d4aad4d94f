// Tags as they hang on what moves. Which side of a pallet a tag is on and how good it is never changes by itself: both
// are functions of the seed, the EPC and the body.
import type { Epc } from '../../src/wire/entries.ts';
import type { Level } from './levels.ts';
import { gaussianOf, mix, noiseKey, uniformOf, type NoiseKey } from './noise.ts';
import type { Track } from './track.ts';

/** A tag on a body: where (metres from the body's middle, z from the floor), which way, how good. */
export interface MountedTag {
  readonly epc: Epc;
  readonly key: NoiseKey;
  readonly dx: number;
  readonly dy: number;
  readonly z: number;
  /** The side of the pallet it is on: −1 left, 1 right, 0 on top or in front. */
  readonly facing: -1 | 0 | 1;
  /** How much better than the median tag it is; metal included. */
  readonly offsetDb: number;
}

/** Tags that move as one: a pallet, a cart, a table. */
export interface Body {
  readonly track: Track;
  readonly tags: readonly MountedTag[];
}

const TOP_M = 1.6;
const BOTTOM_M = 0.2;
/** A pallet of 1.0 by 1.2 m. */
const HALF_WIDTH_M = 0.5;
const HALF_LENGTH_M = 0.6;
/** A third of the tags on either side, a third on top or in front: the three facings. */
const SIDE_SHARE = 1 / 3;

/** Mounts a tag on a body. The quality is the tag's own, the spot belongs to tag and body together. */
export function mountTag(seed: NoiseKey, body: string, epc: Epc, level: Level): MountedTag {
  const key = mix(seed, noiseKey(epc));
  const spot = mix(key, noiseKey(body));
  const side = uniformOf(mix(spot, 1));
  const facing = side < SIDE_SHARE ? -1 : side < 2 * SIDE_SHARE ? 1 : 0;
  const metal = uniformOf(mix(key, 2)) < level.metalShare;
  return {
    epc,
    key,
    facing,
    dx: facing === 0 ? (uniformOf(mix(spot, 3)) * 2 - 1) * HALF_WIDTH_M : facing * HALF_WIDTH_M,
    dy: (uniformOf(mix(spot, 4)) * 2 - 1) * HALF_LENGTH_M,
    z: BOTTOM_M + uniformOf(mix(spot, 5)) * (TOP_M - BOTTOM_M),
    offsetDb: gaussianOf(mix(key, 6)) * level.tagSdDb - (metal ? level.metalLossDb : 0),
  };
}
