// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { redelivery } from '../drill/redelivery.ts';

const SEED = Date.now();

it(`twice, out of order, again and with gaps: the history is that of an undisturbed day (seed ${SEED})`, async () => {
  expect(failed(await redelivery({ seed: SEED, long: false }))).toEqual([]);
}, 180_000);
