// What readers hand over: every entry of what they are given, with its own time, at the pace of who takes it.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Observation, Reader } from '../../../../gateway/reader.ts';
import { parseEntryLine } from '../../../../gateway/readers/entryLine.ts';
import { fileReader } from '../../../../gateway/readers/file.ts';
import { linesOf } from '../../../../gateway/readers/lines.ts';
import { simulatedReader } from '../../../../gateway/readers/simulated.ts';
import { stdinReader } from '../../../../gateway/readers/stdin.ts';
import { tcpReader } from '../../../../gateway/readers/tcp.ts';
import { afterTest, newFolder, testLog } from '../support.ts';
import { until } from '../service.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const READ = { reader: 'door-1', antenna: 2, epc: 'E280', rssiDbm: -60, seenAt: '2026-11-23T11:00:00.000Z' };
const SCAN = { device: 'pack-1', data: ']C1010952', at: '2026-11-23T11:00:01.000Z', operator: 'op-7' };
const TRIGGER = { reader: 'door-1', input: 1, high: true, at: '2026-11-23T11:00:02.000Z' };
const MEASURE = { device: 'door-1', name: 'temperature', value: 41.5, unit: 'Cel', at: '2026-11-23T11:00:03.000Z' };
const ENVELOPE = {
  v: 1,
  epoch: 'e',
  seq: 7,
  site: 'DC1',
  gateway: 'x',
  sentAt: '2026-11-23T11:00:04.000Z',
  reads: [READ, READ],
  scans: [SCAN],
};

const clock = () => NOW;
const ndjson = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

async function lines(...chunks: string[]): Promise<string[]> {
  const all: string[] = [];
  for await (const line of linesOf(
    (async function* () {
      yield* chunks;
    })(),
    10,
  ))
    all.push(line);
  return all;
}

/** Runs a reader to its end; what it handed over. */
async function readAll(reader: Reader): Promise<Observation[]> {
  const all: Observation[] = [];
  await reader.start((observations) => void all.push(...observations), new AbortController().signal);
  return all;
}

const kinds = (line: unknown, now?: number) =>
  parseEntryLine(JSON.stringify(line), now).observations.map(({ kind }) => kind);

const written = (content: string): string => {
  const file = join(newFolder(), 'reads.ndjson');
  writeFileSync(file, content);
  return file;
};

const fileOptions = (content: string) => ({
  file: written(content),
  speed: Infinity,
  shift: false,
  clock,
  log: testLog(),
});

async function listening() {
  const stop = new AbortController();
  const taken: Observation[] = [];
  let port = 0;
  const log = testLog();
  const reader = tcpReader({ host: '127.0.0.1', port: 0, clock, log, onListening: (bound) => (port = bound) });
  const running = reader.start((observations) => void taken.push(...observations), stop.signal);
  afterTest(async () => {
    stop.abort();
    await running;
  });
  await until(() => port > 0);
  return { taken, stop, running, log, open: () => connect({ port, host: '127.0.0.1' }), port };
}

describe('lines', () => {
  it('are found wherever chunks end', async () => {
    expect(await lines('a\nb', 'c\r\n', '\nd')).toEqual(['a', 'bc', '', 'd']);
  });
  it('have a bound', async () => {
    await expect(lines('12345678', '901')).rejects.toMatchObject({ code: 'line-too-long' });
  });
});

describe('a line', () => {
  it('is a read, a scan, a trigger, a measure or an envelope of them', () => {
    expect([READ, SCAN, TRIGGER, MEASURE].flatMap((line) => kinds(line))).toEqual([
      'read',
      'scan',
      'trigger',
      'measure',
    ]);
    expect(kinds(ENVELOPE)).toEqual(['read', 'read', 'scan']);
    expect(parseEntryLine(JSON.stringify(ENVELOPE), undefined).at).toBe(Date.UTC(2026, 10, 23, 11, 0, 4));
  });

  it('keeps its own time, and gets one only when it has none and is live', () => {
    const untimed = { ...READ, seenAt: undefined };
    expect(parseEntryLine(JSON.stringify(untimed), NOW)).toMatchObject({
      at: NOW,
      observations: [{ read: { seenAt: NOW } }],
    });
    expect(parseEntryLine(JSON.stringify(untimed), undefined).problems).toHaveLength(1);
    expect(parseEntryLine(JSON.stringify(READ), NOW).at).toBe(NOW - 3_600_000);
  });

  it.each<[string, string]>([
    ['{', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{"reader":"a"}', 'neither a read'],
    [JSON.stringify({ ...READ, epc: 'xyz' }), 'epc'],
    [JSON.stringify({ ...READ, seenAt: '2026-13-23T11:00:00.000Z' }), 'seenAt is no RFC 3339 time'],
    [JSON.stringify({ reads: 5 }), 'reads is not a list'],
    [JSON.stringify({ reads: [READ, null] }), 'reads[1]'],
  ])('%s is told why it is none', (text, problem) => {
    expect(parseEntryLine(text, undefined).problems[0]).toContain(problem);
  });

  it('passes nothing on that is not in the contract', () => {
    expect(parseEntryLine(JSON.stringify({ ...READ, secret: 1 }), undefined).observations[0]).toEqual({
      kind: 'read',
      read: { reader: 'door-1', antenna: 2, epc: 'E280', rssiDbm: -60, seenAt: NOW - 3_600_000, count: undefined },
    });
  });
});

describe('a file', () => {
  it('is read to its end, with the times that were recorded', async () => {
    const all = await readAll(fileReader(fileOptions(ndjson(READ, ENVELOPE, MEASURE))));
    expect(all.map(({ kind }) => kind)).toEqual(['read', 'read', 'read', 'scan', 'measure']);
    expect(all[0]).toMatchObject({ read: { seenAt: NOW - 3_600_000 } });
  });

  it('can be moved so that its first line happens now', async () => {
    const all = await readAll(fileReader({ ...fileOptions(ndjson(READ, SCAN)), shift: true }));
    expect(all).toMatchObject([{ read: { seenAt: NOW } }, { scan: { at: NOW + 1000 } }]);
  });

  it('is replayed at a multiple of its speed', async () => {
    const startedAt = performance.now();
    await readAll(fileReader({ ...fileOptions(ndjson(READ, SCAN, TRIGGER, MEASURE)), speed: 50 }));
    expect(performance.now() - startedAt).toBeGreaterThan(3000 / 50 - 10);
  });

  it('names the first line that cannot be used, and leaves it out', async () => {
    const given = fileOptions(`${ndjson(READ)}{"epc":\n${ndjson(SCAN)}nonsense\n`);
    expect(await readAll(fileReader(given))).toHaveLength(2);
    expect(given.log.lines.filter(({ level }) => level >= 40)).toMatchObject([
      { leftOut: 2, first: expect.stringContaining('reads.ndjson:2: not JSON') as string },
    ]);
  });

  it('waits for who takes it', async () => {
    const reader = fileReader(fileOptions(ndjson(...Array.from({ length: 50 }, () => READ))));
    const waiting: (() => void)[] = [];
    let taken = 0;
    const reading = reader.start((observations) => {
      taken += observations.length;
      return new Promise((resolve) => waiting.push(resolve));
    }, new AbortController().signal);
    for (let count = 1; count <= 50; count++) {
      await until(() => waiting.length === 1);
      expect(taken).toBe(count);
      waiting.pop()!();
    }
    await reading;
  });

  it('that is missing is a mistake of whoever named it', async () => {
    const reader = fileReader({ file: '/nowhere/reads.ndjson', speed: 1, shift: false, clock, log: testLog() });
    await expect(readAll(reader)).rejects.toMatchObject({ kind: 'rejected', code: 'no-file' });
  });
});

describe('standard input', () => {
  it('is read until it ends', async () => {
    const input = new PassThrough();
    const reading = readAll(stdinReader(input, { clock, log: testLog() }));
    input.end(ndjson(READ, MEASURE));
    expect((await reading).map(({ kind }) => kind)).toEqual(['read', 'measure']);
  });

  it('is let go of when the gateway stops', async () => {
    const stop = new AbortController();
    const reading = stdinReader(new PassThrough(), { clock, log: testLog() }).start(() => undefined, stop.signal);
    stop.abort();
    await expect(reading).resolves.toBeUndefined();
  });
});

describe('a TCP port', () => {
  it('takes lines from several at once', async () => {
    const { taken, open } = await listening();
    const sockets = [open(), open()];
    for (const socket of sockets) socket.write(ndjson(READ, SCAN));
    await until(() => taken.length === 4);
    sockets[0]!.write(JSON.stringify(TRIGGER)); // its last line needs no end
    sockets[0]!.end();
    await until(() => taken.length === 5);
    expect(taken.at(-1)).toMatchObject({ kind: 'trigger' });
    sockets[1]!.destroy();
  });

  it('answers what cannot be used, and goes on', async () => {
    const { taken, open } = await listening();
    const socket = open().setEncoding('utf8');
    socket.write(`${ndjson(READ)}hello\n${ndjson(SCAN)}`);
    const [answer] = (await once(socket, 'data')) as [string];
    expect(JSON.parse(answer)).toMatchObject({ line: 2, error: expect.stringContaining('not JSON') as string });
    await until(() => taken.length === 2);
    socket.destroy();
  });

  it('ends a connection that sends no end of line', async () => {
    const { open } = await listening();
    const socket = open().setEncoding('utf8');
    socket.write('x'.repeat(300_000));
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toContain('end every entry with a line feed');
    socket.on('error', () => undefined);
    await once(socket, 'close');
  });

  it('lets go of everything when it is stopped, and can be had again', async () => {
    const { stop, running, open, port } = await listening();
    const socket = open();
    await once(socket, 'connect');
    stop.abort();
    await running;
    await once(
      socket.on('error', () => undefined),
      'close',
    );
    const again = tcpReader({ host: '127.0.0.1', port, clock, log: testLog() }).start(
      () => undefined,
      AbortSignal.abort(),
    );
    await expect(again).resolves.toBeUndefined();
  });

  it('that is taken is a mistake of whoever named it', async () => {
    const { port } = await listening();
    const second = tcpReader({ host: '127.0.0.1', port, clock, log: testLog() }).start(
      () => undefined,
      new AbortController().signal,
    );
    await expect(second).rejects.toMatchObject({ kind: 'rejected', code: 'port-taken' });
  });
});

describe('a simulated site', () => {
  it('is sensed in real time, without gaps, also when nobody took it for a while', async () => {
    const stop = new AbortController();
    afterTest(() => stop.abort());
    const asked: number[] = [];
    let now = NOW;
    let letGo: (() => void) | undefined;
    const open = (startAt: number) => ({ sense: (to: number) => (asked.push(to - startAt), []) });
    const sink = () => new Promise<void>((resolve) => (letGo = resolve));
    const running = simulatedReader({ name: 'simulated', clock: () => now, open }).start(sink, stop.signal);
    // Ahead, nothing for a while, back (somebody set the clock), ahead.
    for (const change of [100, 2000, -500, 700]) {
      now += change;
      await until(() => letGo !== undefined);
      letGo!();
      letGo = undefined;
    }
    stop.abort();
    await running;
    expect(asked.slice(0, 4)).toEqual([100, 2100, 2100, 2300]);
  });
});
