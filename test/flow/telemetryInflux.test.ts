// The same telemetry in InfluxDB, Debian's real influxd 1.x: the same answers as from Postgres, an outage is only lag, nothing
// is lost, nothing counted twice (decision D3).
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import type { Pool } from '../../src/store/database.ts';
import type { InfluxConfig } from '../../src/telemetry/influxServer.ts';
import { influxSink } from '../../src/telemetry/influxSink.ts';
import { postgresSink, putOwn } from '../../src/telemetry/postgresSink.ts';
import { postgresReader } from '../../src/telemetry/postgresReader.ts';
import { influxReader } from '../../src/telemetry/influxReader.ts';
import { readerOf, type SeriesQuery } from '../../src/telemetry/query.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import { missingInflux, openInflux, type Influx } from '../support/influx.ts';
import type { Peer } from '../support/mqttPeer.ts';
import { envelope, epcOf, readEntries, type ReadSpec } from '../support/sites.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcpProxy.ts';
import { AT, askMeasures, askRates, feed, measure, type Telemetry } from '../support/telemetry.ts';
import { eventually } from '../support/wait.ts';

const missing = missingInflux();
let server: Promise<Influx> | undefined;
let databases = 0;

interface Scene {
  readonly service: TestEngine;
  readonly gateway: Peer;
  readonly influx: Influx;
  /** The network between us and InfluxDB. */
  readonly network: TcpProxy;
  readonly config: InfluxConfig;
  readonly feedInflux: () => Telemetry;
  /** Points in InfluxDB. */
  readonly count: (measurement?: string) => Promise<number>;
  readonly send: (seq: number, content: Parameters<typeof envelope>[1]) => Promise<void>;
  /** Lines that were logged as refused for ever. */
  readonly refusals: readonly string[];
}

/** A database of its own each; the server is one for the file. */
async function openScene(): Promise<Scene> {
  const influx = await (server ??= openInflux());
  const bucket = `test${++databases}`;
  const network = await openTcpProxy({ host: '127.0.0.1', port: influx.port });
  closeAfterTest(() => network.close());
  const config: InfluxConfig = { url: network.url(influx.url), version: undefined, token: '', org: '', bucket };
  const service = await openEngine();
  const gateway = await service.connect();
  const refusals: string[] = [];
  const log = Object.assign(createLog({ style: 'silent' }), {
    error: ({ line }: { line: string }) => void refusals.push(line),
  });
  return {
    refusals,
    service,
    gateway,
    influx,
    network,
    config,
    feedInflux: () => feed(service, (pool: Pool) => influxSink(pool, config, log)),
    async count(measurement = 'measure') {
      const field = measurement === 'measure' ? 'value' : 'reads';
      const [row] = await influx.ask(`select count(${field}) from "${measurement}"`, bucket);
      return Number(row?.[1] ?? 0);
    },
    send: async (seq, content) =>
      gateway.untilAcknowledged(gateway.publish('tallygate/v1/T1/gw-1/envelope', envelope({ seq }, content))),
  };
}

const read = (some: Partial<ReadSpec>): ReadSpec => ({ epc: epcOf(1), at: AT, ...some });

describe.skipIf(missing !== undefined)(`InfluxDB as the store of telemetry${missing ? ` (${missing})` : ''}`, () => {
  it('answers as Postgres does, whatever is asked', async () => {
    const scene = await openScene();
    const { service, config } = scene;
    const both = [scene.feedInflux(), feed(service, postgresSink)];
    await scene.send(1, {
      measures: [
        measure(20),
        measure(22.25, AT + 1000),
        measure(30, AT + 60_000),
        measure(-1e-9, AT + 61_000.123),
        measure(1, AT, { name: 'door open, "left" = yes', unit: undefined }),
        measure(2, AT, { name: 'größe 💥', unit: 'm/s' }),
        measure(3, AT, { name: 'größe 💥', unit: 'km/h' }),
        measure(4, AT, { name: "it's", device: 'over-a' }),
        measure(5, AT - 30 * 86_400_000, { device: 'pack-1' }),
      ],
      reads: readEntries([
        read({ antenna: 1, rssiDbm: -60 }),
        read({ antenna: 1, rssiDbm: -50.5, at: AT + 9999 }),
        read({ antenna: 2, rssiDbm: -70, at: AT + 60_000 }),
        read({ antenna: 10, reader: 'over-a' }),
      ]),
    });
    const [silent] = readEntries([read({ antenna: 3 })]);
    delete silent!.rssiDbm;
    await scene.send(2, { reads: [silent!, ...readEntries([read({ antenna: 1, rssiDbm: -40, at: AT + 500 })])] });
    for (const telemetry of both) await telemetry.caughtUp();
    const [influx, postgres] = [influxReader(config), postgresReader(service.database.pool)];
    const questions: Partial<SeriesQuery>[] = [
      {},
      { everyMs: 10_000 },
      { everyMs: 3_600_000, from: AT - 40 * 86_400_000 },
      { everyMs: 7 * 86_400_000, from: AT - 40 * 86_400_000 },
      { device: 'door' },
      { device: 'nobody' },
      { name: "it's" },
      { name: 'door open, "left" = yes' },
      { name: 'größe 💥' },
      { from: AT + 1000, to: AT + 61_000 },
      { from: AT + 0.5, to: AT + 61_000.123 },
      { site: "T2' or 1=1" },
    ];
    for (const question of questions) {
      expect(await askMeasures(influx, question)).toEqual(await askMeasures(postgres, question));
      expect(await askRates(influx, question)).toEqual(await askRates(postgres, question));
    }
    expect(await askMeasures(influx, {})).not.toEqual([]);
    expect(await askRates(influx, {})).not.toEqual([]);
  });

  it('has beside it what the service measures of itself, which is in Postgres', async () => {
    const scene = await openScene();
    const telemetry = scene.feedInflux();
    await scene.send(1, { measures: [measure(20), measure(5, AT, { device: 'over-a' })] });
    await telemetry.caughtUp();
    const { pool } = scene.service.database;
    await putOwn(pool, 'T1', [{ device: 'gw-1', name: 'gateway.backlog', unit: undefined, at: AT, value: 3 }]);
    const series = await askMeasures(readerOf(pool, scene.config), {});
    expect(series.map(({ device, name }) => `${device} ${name}`)).toEqual([
      'door temperature',
      'gw-1 gateway.backlog',
      'over-a temperature',
    ]);
    expect(await scene.count()).toBe(2);
  });

  it('keeps measures of the same moment apart, within a message and over messages', async () => {
    const scene = await openScene();
    const telemetry = scene.feedInflux();
    for (let seq = 1; seq <= 6; seq++)
      await scene.send(seq, { measures: Array.from({ length: 400 }, (_, index) => measure(index)) });
    await telemetry.caughtUp();
    expect(await scene.count()).toBe(2400);
    const [series] = await askMeasures(influxReader(scene.config), {});
    expect(series!.points).toEqual([{ at: AT, mean: 199.5, min: 0, max: 399, count: 2400 }]);
  });

  it('is only late when it was away: nothing lost, nothing twice, and intake does not notice', async () => {
    const scene = await openScene();
    const telemetry = scene.feedInflux();
    await scene.send(1, { measures: [measure(1)], reads: readEntries([read({})]) });
    await telemetry.caughtUp();
    scene.network.refuses = true;
    scene.network.cut();
    for (let seq = 2; seq <= 40; seq++)
      await scene.send(seq, { measures: [measure(seq)], reads: readEntries([read({ at: AT + seq * 1000 })]) });
    await scene.service.posted();
    await eventually('telemetry is behind', () => (telemetry.projector.lag().get('T1') ?? 0) >= 39);
    await expect(askMeasures(influxReader(scene.config), {})).rejects.toMatchObject({ kind: 'unavailable' });
    scene.network.refuses = false;
    await telemetry.caughtUp();
    expect(await scene.count()).toBe(40);
    const [rates] = await askRates(influxReader(scene.config), { everyMs: 3_600_000, from: AT - 7_200_000 });
    expect(rates!.points.reduce((sum, { reads }) => sum + reads, 0)).toBe(40);
  });

  it('has every point once though the answer to a write was lost', async () => {
    const scene = await openScene();
    const telemetry = scene.feedInflux();
    const lost = scene.network.loseOnce('/write', 'after');
    const content = { measures: [measure(1), measure(2)], reads: readEntries([read({}), read({ rssiDbm: -50 })]) };
    await scene.send(1, content);
    await lost;
    await scene.send(2, { measures: [measure(3)], reads: readEntries([read({})]) });
    await telemetry.caughtUp();
    expect(await scene.count()).toBe(3);
    expect(await askRates(influxReader(scene.config), {})).toMatchObject([{ points: [{ reads: 3 }] }]);
  });

  it('has every point once though the process that wrote it ended before it could say so', async () => {
    const scene = await openScene();
    const first = scene.feedInflux();
    await scene.send(1, { measures: [measure(1)], reads: readEntries([read({})]) });
    await first.caughtUp();
    // Written, and then nothing more could be told to Postgres.
    const lost = scene.service.proxy.loseOnce('set journal_offset = $3, pending_offset', 'before');
    await scene.send(2, { measures: [measure(2)], reads: readEntries([read({})]) });
    await lost;
    await first.stop();
    expect(await scene.count()).toBe(2);
    await scene.send(3, { measures: [measure(3)], reads: readEntries([read({})]) });
    const second = scene.feedInflux();
    await second.caughtUp();
    expect(await scene.count()).toBe(3);
    expect(await askRates(influxReader(scene.config), {})).toMatchObject([{ points: [{ reads: 3 }] }]);
  });

  it('makes its database itself, when InfluxDB is there at last', async () => {
    const scene = await openScene();
    scene.network.hold();
    const telemetry = scene.feedInflux();
    await scene.send(1, { measures: [measure(1)] });
    await eventually('it has tried', async () => {
      const { pool } = scene.service.database;
      const { rows } = await pool.query("select from telemetry_cursor where sink = 'influx' and pending_offset > 0");
      return rows.length > 0;
    });
    expect(await scene.influx.ask('show databases')).not.toContainEqual([scene.config.bucket]);
    scene.network.release();
    await telemetry.caughtUp();
    expect(await scene.count()).toBe(1);
  });

  it('that will never take a point is left without it; the others are there, and it is logged', async () => {
    const scene = await openScene();
    const telemetry = scene.feedInflux();
    // Line protocol has no way to write a tag that ends in a backslash.
    const odd = measure(2, AT, { name: 'odd\\' });
    await scene.send(1, { measures: [measure(1), odd, measure(3, AT, { name: 'other' })] });
    await scene.send(2, { measures: [measure(4)] });
    await telemetry.caughtUp();
    const values = await scene.influx.ask('select value from measure', scene.config.bucket);
    expect(values.map(([, value]) => Number(value)).toSorted((a, b) => a - b)).toEqual([1, 3, 4]);
    expect(scene.refusals).toEqual([expect.stringContaining('odd')]);
  });
});
