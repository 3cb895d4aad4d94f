// Measures and read rates, in Postgres when nothing else is configured: fed from the journal by a cursor, so that nothing
// is lost and nothing is counted twice (decision D3).
import { describe, expect, it } from 'vitest';
import { postgresSink } from '../../src/telemetry/postgresSink.ts';
import { random } from '../../simulators/random.ts';
import { postgresReader } from '../../src/telemetry/postgresReader.ts';
import type { SeriesQuery } from '../../src/telemetry/query.ts';
import { formatTime } from '../../src/wire/time.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import type { Peer } from '../support/mqttPeer.ts';
import { envelope, epcOf, readEntries } from '../support/sites.ts';
import { AT, askMeasures, askRates, feed, measure } from '../support/telemetry.ts';
import { eventually } from '../support/wait.ts';

const send = async (gateway: Peer, seq: number, content: Parameters<typeof envelope>[1]): Promise<void> =>
  gateway.untilAcknowledged(gateway.publish('tallygate/v1/T1/gw-1/envelope', envelope({ seq }, content)));

const countOf = ({ database }: TestEngine): Promise<number> => database.value('select count(*) from measure');

describe('measures', () => {
  it('sent by a gateway are there to be asked for: mean, least, most and how many, bucket by bucket', async () => {
    const service = await openEngine();
    const telemetry = feed(service, postgresSink);
    const gateway = await service.connect();
    await send(gateway, 1, { measures: [measure(20), measure(22, AT + 1000), measure(30, AT + 60_000)] });
    await send(gateway, 2, { measures: [measure(55, AT, { name: 'humidity', unit: '%' })] });
    await telemetry.caughtUp();
    const reader = postgresReader(service.database.pool);
    expect(await askMeasures(reader, {})).toEqual([
      {
        device: 'door',
        name: 'humidity',
        unit: '%',
        points: [{ at: AT, mean: 55, min: 55, max: 55, count: 1 }],
      },
      {
        device: 'door',
        name: 'temperature',
        unit: 'Cel',
        points: [
          { at: AT, mean: 21, min: 20, max: 22, count: 2 },
          { at: AT + 60_000, mean: 30, min: 30, max: 30, count: 1 },
        ],
      },
    ]);
    expect(await askMeasures(reader, { name: 'temperature', from: AT + 1000, to: AT + 60_000 })).toMatchObject([
      { points: [{ at: AT, count: 1, mean: 22 }] },
    ]);
    expect(await askMeasures(reader, { device: 'over-a' })).toEqual([]);
    expect(await askMeasures(reader, { site: 'T2' })).toEqual([]);
  });

  it('of the same moment do not overwrite each other', async () => {
    const service = await openEngine();
    const telemetry = feed(service, postgresSink);
    const gateway = await service.connect();
    await send(gateway, 1, { measures: [measure(1), measure(2), measure(3)] });
    await send(gateway, 2, { measures: [measure(4), measure(4)] });
    await telemetry.caughtUp();
    const [series] = await askMeasures(postgresReader(service.database.pool), {});
    expect(series!.points).toEqual([{ at: AT, mean: 2.8, min: 1, max: 4, count: 5 }]);
  });

  it('are made of digital inputs too: whether a door is open, a beam is broken', async () => {
    const service = await openEngine();
    const telemetry = feed(service, postgresSink);
    const gateway = await service.connect();
    const trigger = (high: boolean, at: number) => ({ reader: 'door', input: 2, high, at: formatTime(at) });
    await send(gateway, 1, { triggers: [trigger(true, AT), trigger(false, AT + 30_000)], measures: [measure(4)] });
    await telemetry.caughtUp();
    const series = await askMeasures(postgresReader(service.database.pool), { everyMs: 10_000 });
    const input = series.find(({ name }) => name === 'input.2');
    expect(input).toMatchObject({
      device: 'door',
      points: [
        { at: AT, mean: 1 },
        { at: AT + 30_000, mean: 0 },
      ],
    });
  });

  it('with a time that no clock of today can mean are taken as of their arrival', async () => {
    const service = await openEngine();
    const telemetry = feed(service, postgresSink);
    const gateway = await service.connect();
    const before = Date.now();
    await send(gateway, 1, { measures: [measure(1, 0), measure(2, Date.UTC(2099, 0, 1))] });
    await telemetry.caughtUp();
    const { rows } = await service.database.pool.query<{ at: number }>('select at from measure order by value');
    expect(rows).toHaveLength(2);
    for (const { at } of rows) expect(at).toBeGreaterThanOrEqual(before - 1);
  });
});

describe('how often and how strongly antennas read', () => {
  it('is a measure too, antenna by antenna', async () => {
    const service = await openEngine();
    const telemetry = feed(service, postgresSink);
    const gateway = await service.connect();
    const read = (antenna: number, rssiDbm: number, at: number) => ({ epc: epcOf(1), antenna, rssiDbm, at });
    await send(gateway, 1, { reads: readEntries([read(1, -60, AT), read(1, -50, AT + 5000), read(2, -70, AT)]) });
    await send(gateway, 2, { reads: readEntries([read(1, -40, AT + 9999), read(1, -65, AT + 70_000)]) });
    const [silent] = readEntries([read(2, 0, AT)]);
    delete silent!.rssiDbm;
    await send(gateway, 3, { reads: [silent!] });
    await telemetry.caughtUp();
    expect(await askRates(postgresReader(service.database.pool), {})).toEqual([
      {
        reader: 'door',
        antenna: 1,
        points: [
          { at: AT, reads: 3, rssiMeanDbm: -50, rssiMaxDbm: -40, tags: 1 },
          { at: AT + 60_000, reads: 1, rssiMeanDbm: -65, rssiMaxDbm: -65, tags: 1 },
        ],
      },
      { reader: 'door', antenna: 2, points: [{ at: AT, reads: 2, rssiMeanDbm: -70, rssiMaxDbm: -70, tags: 1 }] },
    ]);
  });
});

/** Out of what was measured, in one statement. */
const TENS_OF_MEASURES = `
  with ten as (
    select series, date_bin('10 seconds', at, '1970-01-01Z') as at, count(*) as count, sum(value) as sum, min(value) as min, max(value) as max
    from series_value group by 1, 2
  ), minute as (
    select distinct series, date_bin('1 minute', at, '1970-01-01Z') as at from ten
  )
  insert into series_ten_seconds (series, at, tens)
  select m.series, m.at,
         array_agg(case part when 1 then coalesce(t.count, 0) when 2 then coalesce(t.sum, 0) when 3 then coalesce(t.min, 'Infinity')
                             else coalesce(t.max, '-Infinity') end order by n, part)
  from minute m
  cross join generate_series(0, 5) as n
  cross join generate_series(1, 4) as part
  left join ten t on t.series = m.series and t.at = m.at + n * interval '10 seconds'
  group by 1, 2`;

describe('sums by ten seconds, by the minute and by the hour', () => {
  it('answer as what was measured does, whole or with edges, and when it has been dropped', async () => {
    const service = await openEngine();
    const telemetry = feed(service, postgresSink);
    const gateway = await service.connect();
    const HOUR_MS = 3_600_000;
    const begin = Math.floor(AT / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;
    const chance = random(3, 'sums');
    for (let seq = 1; seq <= 6; seq++) {
      const moments = Array.from({ length: 60 }, () => begin + Math.floor(chance.uniform() * 5 * HOUR_MS));
      await send(gateway, seq, {
        measures: moments.map((at, index) => measure(index / 4, at, index % 3 === 0 ? { unit: undefined } : {})),
        reads: readEntries(
          moments.map((at, index) => ({ epc: epcOf(index), antenna: 1 + (index % 2), rssiDbm: -50, at })),
        ),
      });
    }
    await telemetry.caughtUp();
    const reader = postgresReader(service.database.pool);
    const ask = async (question: Partial<SeriesQuery>) => [
      await askMeasures(reader, question),
      await askRates(reader, question),
    ];
    const questions: Partial<SeriesQuery>[] = [10_000, 30_000, 60_000, 120_000, HOUR_MS, 24 * HOUR_MS].flatMap(
      (everyMs) => [
        { everyMs, from: begin, to: begin + 5 * HOUR_MS },
        { everyMs, from: begin + 1234.5, to: begin + 4 * HOUR_MS + 77_777 },
        { everyMs, from: begin + 10, to: begin + 20_000 },
      ],
    );
    const summed = await Promise.all(questions.map((question) => ask(question)));
    // The same out of nothing but what was measured.
    const tables = ['series_ten_seconds', 'series_minute', 'series_hour', 'read_rate_minute', 'read_rate_hour'];
    for (const table of tables) {
      expect(await service.database.value(`select count(*) from ${table}`)).toBeGreaterThan(0);
      await service.database.rows(`create table kept_${table} as table ${table}`);
      await service.database.rows(`truncate ${table}`);
    }
    for (const [index, question] of questions.entries()) {
      const width = question.everyMs! >= HOUR_MS ? 'hour' : 'minute';
      if (question.everyMs! >= 60_000)
        await service.database.rows(
          `insert into series_${width} select series, date_bin('1 ${width}', at, '1970-01-01Z'), count(*), sum(value), min(value), max(value)
           from series_value group by 1, 2`,
        );
      else await service.database.rows(TENS_OF_MEASURES);
      await service.database.rows(
        `insert into read_rate_${width} select site, reader, antenna, date_bin('1 ${width}', at, '1970-01-01Z'), sum(reads), sum(with_rssi), sum(rssi_sum), max(rssi_max), bit_or(tags)
         from read_rate group by 1, 2, 3, 4`,
      );
      expect(await ask(question)).toEqual(summed[index]);
      await service.database.rows(`truncate ${tables.join(', ')}`);
    }
    for (const table of tables) await service.database.rows(`insert into ${table} table kept_${table}`);
    // What was measured itself is not needed where whole ones are asked for.
    await service.database.rows('truncate series_value, read_rate');
    for (const [index, { everyMs }] of questions.entries()) {
      if (index % 3 !== 0) continue;
      const question = { everyMs: everyMs!, from: begin, to: begin + 5 * HOUR_MS };
      const [measures, rates] = await ask(question);
      expect(measures).toEqual(summed[index]![0]);
      if (everyMs! >= 60_000) expect(rates).toEqual(summed[index]![1]);
    }
  });
});

describe('the cursor', () => {
  it('begins where it was: what came while nobody took telemetry is made up for, nothing twice', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    const first = feed(service, postgresSink);
    await send(gateway, 1, { measures: [measure(1)] });
    await first.caughtUp();
    await first.stop();
    await send(gateway, 2, { measures: [measure(2)] });
    const second = feed(service, postgresSink);
    await send(gateway, 3, { measures: [measure(3)] });
    await second.caughtUp();
    expect(await countOf(service)).toBe(3);
  });

  it('stays exact when the answer to its commit was lost', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    const telemetry = feed(service, postgresSink);
    await send(gateway, 1, { measures: [measure(1)] });
    await telemetry.caughtUp();
    const lost = service.proxy.loseOnce('put-measures', 'after');
    await send(gateway, 2, { measures: [measure(2)] });
    await lost;
    await telemetry.caughtUp();
    expect(await countOf(service)).toBe(2);
  });

  it('is moved by one hand at a time: two that feed the same site write everything once', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    const both = [feed(service, postgresSink), feed(service, postgresSink)];
    for (let seq = 1; seq <= 20; seq++) await send(gateway, seq, { measures: [measure(seq)] });
    for (const telemetry of both) await telemetry.caughtUp();
    await both[0]!.stop();
    await send(gateway, 21, { measures: [measure(21)] });
    await both[1]!.caughtUp();
    expect(await countOf(service)).toBe(21);
  });

  it('is only late when Postgres was away', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    const telemetry = feed(service, postgresSink);
    await send(gateway, 1, { measures: [measure(1)] });
    await telemetry.caughtUp();
    service.proxy.refuses = true;
    service.proxy.cut();
    const ids = [2, 3].map((seq) =>
      gateway.publish('tallygate/v1/T1/gw-1/envelope', envelope({ seq }, { measures: [measure(seq)] })),
    );
    await service.holding(2);
    service.proxy.refuses = false;
    await gateway.untilAcknowledged(ids[1]!);
    await telemetry.caughtUp();
    expect(await countOf(service)).toBe(3);
    await eventually('there is no lag', () => [...telemetry.projector.lag().values()].every((lag) => lag === 0));
  });
});
