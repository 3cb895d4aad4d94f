// The short form of the drill; its seed is told, so that a failure can be run again.
import { expect, it } from 'vitest';
import { failed } from '../drill/figure.ts';
import { influx } from '../drill/influx.ts';
import { missingInflux } from '../support/influx.ts';

const SEED = Date.now();
const missing = missingInflux();

it.skipIf(missing !== undefined)(
  `InfluxDB may be away: readers and ledger do not notice, and it has everything in the end (${missing ?? `seed ${SEED}`})`,
  async () => {
    expect(failed(await influx({ seed: SEED, long: false }))).toEqual([]);
  },
  300_000,
);
