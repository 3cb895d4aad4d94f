// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { wire } from '../drill/wire.ts';

const SEED = Date.now();

it(`over a line as bad as can be nothing is lost, and others notice little (seed ${SEED})`, async () => {
  expect(failed(await wire({ seed: SEED, long: false }))).toEqual([]);
}, 180_000);
