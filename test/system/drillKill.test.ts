// The short form of the drill, with a seed that is another one every time: of all moments at which a process can be killed.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { kill } from '../drill/kill.ts';

const SEED = Date.now();

it(`kill -9 of anything, at any moment, loses and doubles nothing (seed ${SEED})`, async () => {
  expect(failed(await kill({ seed: SEED, long: false }))).toEqual([]);
}, 300_000);
