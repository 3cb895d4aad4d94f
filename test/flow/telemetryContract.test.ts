// What an InfluxDB of 2.x or 3.x is sent, request by request, by a server that answers as their documentation says and keeps what it got.
// (Debian has neither; telemetryInflux.test.ts runs against a real 1.x.)
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import type { InfluxConfig } from '../../src/telemetry/influxServer.ts';
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

/** `answers`: the status of each write, in turn; 204 after those. */
async function openServer(version: string, answers: number[] = []) {
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
