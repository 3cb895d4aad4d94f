// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { clock, canFakeTime } from '../drill/clock.ts';
import { failed } from '../drill/figure.ts';

const SEED = Date.now();
const detail = canFakeTime ? `seed ${SEED}` : 'no libfaketime';

it.skipIf(!canFakeTime)(
  `a clock that jumps hours changes nothing of what happened (${detail})`,
  async () => {
    expect(failed(await clock({ seed: SEED, long: false }))).toEqual([]);
  },
  300_000,
);
