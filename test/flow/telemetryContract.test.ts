// What an InfluxDB of 2.x or 3.x is sent and asked, request by request, by a server that answers as their documentation says
// (docs.influxdata.com: v2 /api/v2/write and /query, v3 core the same) and keeps what it got.
// (Debian has neither; telemetryInflux.test.ts runs against a real 1.x.)
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import type { InfluxConfig } from '../../src/telemetry/influxServer.ts';
import { influxReader } from '../../src/telemetry/influxReader.ts';
import { influxSink } from '../../src/telemetry/influxSink.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';

interface Got {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly lines: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** `answers`: the status of each write, in turn; 204 after those. `results`: the answers to queries, in turn. */
async function openServer(version: string, answers: number[] = [], results: Answer[] = []) {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://influx');
      const body = Buffer.concat(chunks);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
      got.push({
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        lines: text === '' ? [] : text.split('\n'),
      });
      response.setHeader('x-influxdb-version', version);
      if (url.pathname === '/query') {
        const { status, type, body: said } = results.shift()!;
        response.writeHead(status, { 'content-type': type }).end(said);
        return;
      }
      response.statusCode = url.pathname === '/ping' ? 204 : (answers.shift() ?? 204);
      response.end(response.statusCode >= 400 ? '{"code":"unavailable","message":"not now"}' : undefined);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const writes = (): Got[] => got.filter(({ method }) => method === 'POST');
  return { url: `http://127.0.0.1:${port}`, got, writes };
}

const point = (value: number, entry: number) => ({
  device: 'cold, room',
  name: 'temperature',
  unit: 'Cel',
  at: 1_780_000_000_000,
  value,
  offset: 7,
  entry,
});

it.each([
  ['2.7.5', undefined],
  ['v2.7.5', 2],
  ['3.4.1', undefined],
  ['', 3],
] as const)('InfluxDB %s is written to by /api/v2/write, with token, bucket and precision', async (version, said) => {
  const { pool, value } = await openDatabase(closeAfterTest);
  const { url, writes } = await openServer(version, [503]);
  const config: InfluxConfig = { url, version: said, token: 'secret', org: 'ours', bucket: 'wh' };
  const sink = influxSink(pool, config, createLog({ style: 'silent' }));
  await sink.cursor('T1');
  const batch = { site: 'T1', from: 0, to: 9, points: { measures: [point(4, 0), point(5, 1)], rates: [] } };
  // Refused for now: the cursor stays, its end is remembered, and the very same is written again.
  await expect(sink.write(batch)).rejects.toThrow(/503|not now/);
  expect(await sink.cursor('T1')).toEqual({ offset: 0, pending: 9 });
  await sink.write(batch);
  expect(await sink.cursor('T1')).toEqual({ offset: 9, pending: undefined });
  const [first, second, ...others] = writes();
  expect(others).toEqual([]);
  expect(first!.lines).toEqual(second!.lines);
  expect(second).toMatchObject({
    path: '/api/v2/write',
    query: { org: 'ours', bucket: 'wh', precision: 'ns' },
    headers: { authorization: 'Token secret' },
  });
  // Equal tags and times do not overwrite each other: the place in the journal keeps them apart below the millisecond.
  const times = second!.lines.map((line) => /^(.*) (\d{19})$/.exec(line)!);
  expect(times.map(([, line]) => line)).toEqual([
    String.raw`measure,device=cold\,\ room,name=temperature,site=T1,unit=Cel value=4`,
    String.raw`measure,device=cold\,\ room,name=temperature,site=T1,unit=Cel value=5`,
  ]);
  expect(new Set(times.map(([, , at]) => at)).size).toBe(2);
  for (const [, , at] of times) expect(Math.floor(Number(at) / 1e6)).toBe(1_780_000_000_000);
  expect(await value("select count(*) from telemetry_cursor where sink = 'influx'")).toBe(1);
});

it('a point that InfluxDB refuses for ever is left out, and the others are written', async () => {
  const { pool } = await openDatabase(closeAfterTest);
  const { url, writes } = await openServer('2.7.5', [400, 400, 204]);
  const refused: string[] = [];
  const log = Object.assign(createLog({ style: 'silent' }), {
    error: ({ line }: { line: string }) => void refused.push(line),
  });
  const sink = influxSink(pool, { url, version: 2, token: 't', org: 'o', bucket: 'b' }, log);
  await sink.cursor('T1');
  await sink.write({ site: 'T1', from: 0, to: 9, points: { measures: [point(4, 0), point(5, 1)], rates: [] } });
  expect(writes().map(({ lines }) => lines.length)).toEqual([2, 1, 1]);
  expect(refused).toEqual([expect.stringContaining('value=4')]);
  expect(await sink.cursor('T1')).toMatchObject({ offset: 9 });
});

const FROM = Date.UTC(2026, 10, 27, 8);
const question = { site: 'T1', device: "d'or", name: 'temperature', from: FROM, to: FROM + 60_000.5, everyMs: 10_000 };
const config = (url: string): InfluxConfig => ({ url, version: 3, token: 'secret', org: 'ours', bucket: 'wh' });
const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

it('InfluxDB 2.x and 3.x are asked by InfluxQL at /query, with token, database and times in ms', async () => {
  const series = [
    {
      name: 'measure',
      tags: { device: "d'or", name: 'temperature', unit: 'Cel' },
      columns: ['time', 'mean', 'min', 'max', 'count'],
      values: [
        [FROM, 4.5, 4, 5, 2],
        [FROM + 20_000, 6, 6, 6, 1],
      ],
    },
    { name: 'measure', tags: { device: "d'or", name: 'temperature', unit: '' }, values: [[FROM, 1, 1, 1, 1]] },
  ];
  const { url, got } = await openServer('2.7.5', [], [json(200, { results: [{ statement_id: 0, series }] })]);
  expect(await influxReader(config(url)).measures(question)).toEqual([
    {
      device: "d'or",
      name: 'temperature',
      unit: 'Cel',
      // What was not measured is a gap.
      points: [
        { at: FROM, mean: 4.5, min: 4, max: 5, count: 2 },
        { at: FROM + 20_000, mean: 6, min: 6, max: 6, count: 1 },
      ],
    },
    { device: "d'or", name: 'temperature', unit: undefined, points: [{ at: FROM, mean: 1, min: 1, max: 1, count: 1 }] },
  ]);
  expect(got).toMatchObject([
    { method: 'GET', path: '/query', query: { db: 'wh', epoch: 'ms' }, headers: { authorization: 'Token secret' } },
  ]);
  expect(got[0]!.query['q']).toBe(
    String.raw`select mean(value), min(value), max(value), count(value) from measure where site = 'T1' and device = 'd\'or' and "name" = 'temperature' and time >= ${FROM}000u and time < ${FROM + 60_000}500u group by time(10000ms), device, "name", unit fill(none)`,
  );
});

it('what antennas read is asked for in the same way', async () => {
  const series = [
    {
      name: 'reads',
      tags: { reader: 'door', antenna: '10' },
      columns: ['time', 'sum', 'sum_1', 'sum_2', 'max', 'max_1'],
      values: [[FROM, 4, 2, -110, -50, 3]],
    },
    { name: 'reads', tags: { reader: 'door', antenna: '2' }, values: [[FROM, 1, 0, 0, null, null]] },
  ];
  const { url, got } = await openServer('3.4.1', [], [json(200, { results: [{ statement_id: 0, series }] })]);
  expect(await influxReader(config(url)).rates({ ...question, device: undefined, name: undefined })).toEqual([
    {
      reader: 'door',
      antenna: 2,
      points: [{ at: FROM, reads: 1, rssiMeanDbm: undefined, rssiMaxDbm: undefined, tags: undefined }],
    },
    { reader: 'door', antenna: 10, points: [{ at: FROM, reads: 4, rssiMeanDbm: -55, rssiMaxDbm: -50, tags: 3 }] },
  ]);
  expect(got[0]!.query['q']).toBe(
    `select sum(reads), sum(with_rssi), sum(rssi_sum), max(rssi_max), max(tags) from "reads" where site = 'T1' and time >= ${FROM}000u and time < ${FROM + 60_000}500u group by time(10000ms), reader, antenna fill(none)`,
  );
});

it.each([
  [
    '2.x, of a name that is mapped to nothing',
    json(404, { code: 'not found', message: 'dbrp mapping not found' }),
    /dbrp mapping not found\. Is there a bucket or database wh \(TALLYGATE_INFLUX_BUCKET\)/,
  ],
  [
    '2.x, without rights',
    json(401, { code: 'unauthorized', message: 'unauthorized access' }),
    /unauthorized access\. TALLYGATE_INFLUX_TOKEN must be allowed/,
  ],
  [
    '3.x, without rights',
    { status: 401, type: 'text/plain', body: 'the request was not authenticated' },
    /the request was not authenticated\. TALLYGATE_INFLUX_TOKEN/,
  ],
  ['3.x, of a query', json(400, { error: 'database not found: wh' }), /refuses the query: database not found: wh\.$/],
  [
    'all of them, within an answer',
    json(200, { results: [{ statement_id: 0, error: 'shard is closed' }] }),
    /shard is closed/,
  ],
  ['somebody else', { status: 200, type: 'text/html', body: '<html>' }, /InfluxDB does not answer/],
] as const)('a refusal of %s is told in its words, with what to do', async (_, answer, words) => {
  const { url } = await openServer('2.7.5', [], [answer]);
  await expect(influxReader(config(url)).measures(question)).rejects.toThrow(words);
});
