// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { disk, canMount } from '../drill/disk.ts';
import { failed } from '../drill/figure.ts';

const SEED = Date.now();
const detail = canMount ? `seed ${SEED}` : 'only root may mount a small disk';

it.skipIf(!canMount)(
  `a full disk stops it, says so, and costs nothing when there is room again (${detail})`,
  async () => {
    expect(failed(await disk({ seed: SEED, long: false }))).toEqual([]);
  },
  300_000,
);
