// What is kept of alerts for how long.
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { channelsOf } from '../../src/watch/channels/channels.ts';
import { tidy } from '../../src/watch/tidy.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';

const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-11-27T11:00:00Z');
const daysAgo = (days: number): Date => new Date(NOON - days * DAY_MS);

it('resolved alerts are kept for a time, and what waits for a channel as long as there is such a channel', async () => {
  const { pool, rows, value } = await openDatabase(closeAfterTest);
  const alert = async (subject: string, state: string, days: number): Promise<void> => {
    await rows(
      `with put as (
         insert into alert (site, id, kind, subject, state, severity, confidence, message, suggestion, evidence, look, opened_at, alarmed_at,
                            state_at, state_by)
         values ('T1', gen_random_uuid(), 'dwell', $1, $2, 'info', 1, '', '', '{}', '', $3, $3, $3, 'x') returning id)
       insert into alert_change (site, alert, revision, at, change, actor, state, severity, message)
       select 'T1', id, 1, $3, 'opened', 'x', 'open', 'info', '' from put`,
      [subject, state, daysAgo(days)],
    );
  };
  const told = (channel: string, days: number, isDelivered: boolean): Promise<unknown> =>
    rows(
      `insert into alert_delivery (site, id, alert, revision, channel, content, created_at, due_at, delivered_at)
       values ('T1', gen_random_uuid(), gen_random_uuid(), $4, $1, '{}', $2, $2, case when $3 then $2::timestamptz end)`,
      [channel, daysAgo(days), isDelivered, days],
    );
  await alert('OLD', 'resolved', 31);
  await alert('LATELY', 'resolved', 29);
  await alert('OPEN', 'open', 400);
  for (const days of [6, 8]) await told('mqtt', days, true);
  await told('mqtt', 90, false);
  for (const days of [1, 2]) await told('former', days, false);
  await rows("insert into alert_channel (channel) values ('mqtt'), ('former')");

  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line) => void lines.push(line) });
  await tidy(pool, channelsOf({}), { keepDays: 30 }, NOON, log);

  expect(await rows('select subject from alert order by subject')).toEqual([
    { subject: 'LATELY' },
    { subject: 'OPEN' },
  ]);
  expect(await value('select count(*) from alert_change')).toBe(2);
  expect(await rows('select channel, revision as days from alert_delivery order by revision')).toEqual([
    { channel: 'mqtt', days: 6 },
    { channel: 'mqtt', days: 90 },
  ]);
  expect(await rows('select channel from alert_channel')).toEqual([{ channel: 'mqtt' }]);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 40, channel: 'former', messages: 2 },
  ]);
});
