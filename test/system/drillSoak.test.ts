// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { soak } from '../drill/soak.ts';

const SEED = Date.now();

it(`traffic that lasts takes no more memory and no more handles (seed ${SEED})`, async () => {
  expect(failed(await soak({ seed: SEED, long: false }))).toEqual([]);
}, 240_000);
