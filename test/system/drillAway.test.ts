// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { away } from '../drill/away.ts';

const SEED = Date.now();

it(`Postgres may be away for longer than the keep-alive: nothing is lost and nobody storms (seed ${SEED})`, async () => {
  expect(failed(await away({ seed: SEED, long: false }))).toEqual([]);
}, 180_000);
