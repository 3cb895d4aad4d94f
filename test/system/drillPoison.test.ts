// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { poison } from '../drill/poison.ts';

const SEED = Date.now();

it(`garbage costs good messages nothing, and all of it is accounted for (seed ${SEED})`, async () => {
  expect(failed(await poison({ seed: SEED, long: false }))).toEqual([]);
}, 180_000);
