// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { fsync, missingStrace } from '../drill/fsync.ts';

const SEED = Date.now();
const missing = missingStrace();

it.skipIf(missing !== undefined)(
  `disks on which nothing can be kept cost time, and nothing else (${missing ?? `seed ${SEED}`})`,
  async () => {
    expect(failed(await fsync({ seed: SEED, long: false }))).toEqual([]);
  },
  300_000,
);
