// A rule that cannot be looked at costs nothing but itself.
import { describe, expect, it } from 'vitest';
import { openClient, openPool, type Pool } from '../../src/store/database.ts';
import { postgresReader } from '../../src/telemetry/postgresReader.ts';
import { influxReader } from '../../src/telemetry/influxReader.ts';
import type { TelemetryReader } from '../../src/telemetry/query.ts';
import { lookAtAll, type Looked } from '../../src/watch/watch.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { freePort } from '../support/freePort.ts';
import { smallSite } from '../support/sites.ts';
import { found, MINUTE_MS } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { only } from './watching.ts';

const NOON = Date.parse('2026-11-27T11:00:00Z');
const range = { measure: 'temperature.cold', max: 8 };

async function openStory(): Promise<TestService> {
  const levels = [{ sku: 'A-1', minimum: 10 }];
  const service = await openService({ sites: [smallSite('T1', { alerts: { levels } })], lives: 'test' });
  await found(service, 'A-1', 1, 'A-01');
  return service;
}

const looked = ({ api, engine }: TestService, pool: Pool, telemetry: TelemetryReader, now: number): Promise<Looked> =>
  lookAtAll(
    {
      pool,
      channels: [],
      alerts: {
        rules: { ...only('dwell', 'low-stock'), 'sensor-out-of-range': { ranges: [range] } },
      },
      telemetry,
      plans: api.plans,
      clock: () => now,
    },
    engine.siteFigures(),
  );
const namesOf = ({ steps, failed }: Looked) => ({
  changed: steps.map(({ alert, change }) => `${alert.kind} ${change!.change}`),
  failed: failed.map(({ site, kind }) => `${site} ${kind}`),
});

/** Like that of the watch, only that its statements have 300 ms: its one connection is told so. */
async function openHastyPool(service: TestService): Promise<Pool> {
  const pool = openPool({ ...service.database.options, name: 'hasty', max: 1 });
  closeAfterTest(() => pool.end());
  await pool.query('set statement_timeout = 300');
  return pool;
}

describe('the other rules are looked at', () => {
  it('while InfluxDB is away, and while a statement of one takes too long', async () => {
    const service = await openStory();
    const away = influxReader({
      url: `http://127.0.0.1:${await freePort()}`,
      version: 1,
      org: '',
      bucket: 'x',
      token: '',
    });
    const pool = await openHastyPool(service);
    const locker = await openClient({ ...service.database.options, role: 'owner' });
    closeAfterTest(() => locker.end());
    await locker.query('begin');
    await locker.query('lock table item in access exclusive mode');
    expect(namesOf(await looked(service, pool, away, NOON))).toEqual({
      changed: ['low-stock opened'],
      failed: ['T1 dwell', 'T1 sensor-out-of-range'],
    });
    await locker.query('rollback');
    expect(namesOf(await looked(service, pool, postgresReader(pool), NOON + MINUTE_MS))).toEqual({
      changed: [],
      failed: [],
    });
  });
});

it('while Postgres is away there is no look', async () => {
  const service = await openStory();
  const port = await freePort();
  const pool = openPool({ url: `postgres://nobody@127.0.0.1:${port}/nothing`, name: 'away', max: 1 });
  closeAfterTest(() => pool.end());
  await expect(looked(service, pool, postgresReader(pool), NOON)).rejects.toThrow(/ECONNREFUSED/);
});
