// What somebody reads at three in the morning: each change once, what lasts now and then, with how much waits and since when.
import { beforeEach, expect, it } from 'vitest';
import { createReport, type Report } from '../../../gateway/report.ts';
import { ERROR, testLog, WARN, type TestLog } from './support.ts';

const MINUTE = 60_000;
let now: number;
let envelopes: number;
let log: TestLog;
let report: Report;

beforeEach(() => {
  now = Date.UTC(2026, 10, 23, 3);
  envelopes = 0;
  log = testLog();
  const backlog = () => ({
    envelopes,
    bytes: envelopes * 7000,
    bytesMax: 1024 ** 3,
    oldestSentAt: envelopes > 0 ? '2026-11-23T02:59:00.000Z' : undefined,
  });
  report = createReport({ log, clock: () => now, broker: 'mqtt://broker', backlog });
});

const lines = () => log.lines.splice(0).map(({ level, msg }) => [level, msg.split(/[;:]/)[0]]);

it('tells once that the broker is away, and again every five minutes, until it is back', () => {
  report.away('ECONNREFUSED', false);
  for (let second = 0; second < 610; second++) {
    now += 1000;
    envelopes += 5;
    report.away('ECONNREFUSED', false);
    report.tick();
  }
  expect(log.lines.map(({ level, awayFor, backlog }) => [level, awayFor, backlog])).toEqual([
    [WARN, '0 s', 0],
    [WARN, '5 min 0 s', 1500],
    [WARN, '10 min 0 s', 3000],
  ]);
  expect(log.lines.at(-1)).toMatchObject({
    since: '2026-11-23T03:00:00.000Z',
    oldest: '2026-11-23T02:59:00.000Z',
    outbox: '20.0 MiB of 1024.0 MiB',
  });
  log.lines.length = 0;
  report.connected();
  expect(log.lines).toMatchObject([{ msg: 'connected to the broker', awayFor: '10 min 10 s', backlog: 3050 }]);
});

it('tells how catching up goes, and when it is done', () => {
  report.away('gone', false);
  envelopes = 5000;
  report.connected();
  for (let step = 0; step < 20; step++) {
    now += MINUTE / 4;
    envelopes -= 250;
    report.receipt();
    report.tick();
  }
  expect(lines()).toEqual([
    [WARN, 'the broker is away'],
    [30, 'connected to the broker'],
    ...Array.from({ length: 4 }, () => [30, 'catching up']),
    [30, 'caught up'],
  ]);
});

it('calls somebody when the broker refuses us', () => {
  report.away('Not authorized', true);
  expect(lines()).toEqual([[ERROR, 'the broker refuses this gateway']]);
});

it('tells silence once, and its end', () => {
  report.quiet(false);
  now += MINUTE;
  report.quiet(false);
  report.receipt();
  report.receipt();
  expect(lines()).toEqual([
    [WARN, 'there are no receipts'],
    [30, 'receipts come again'],
  ]);
});

it('says nothing while all is well', () => {
  envelopes = 3;
  report.receipt();
  envelopes = 0;
  report.receipt();
  report.tick();
  expect(lines()).toEqual([]);
});
