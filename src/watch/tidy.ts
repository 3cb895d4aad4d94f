// What is kept of alerts how long: resolved ones with their history, deliveries that were made, channels that are no more.
import type { ServiceAlerts } from '../config/alerts.ts';
import type { Logger } from '../kit/log.ts';
import type { Pool } from '../store/database.ts';
import { formatTime } from '../wire/time.ts';
import type { Channel } from './channels/channels.ts';

const DAY_MS = 86_400_000;
const KEEP_DAYS = 365;
const DELIVERED_DAYS = 7;

/** To be called now and then. */
export async function tidy(
  pool: Pool,
  channels: readonly Channel[],
  { keepDays = KEEP_DAYS }: ServiceAlerts,
  now: number,
  log: Logger,
): Promise<void> {
  await pool.query(`delete from alert where state = 'resolved' and state_at < $1`, [
    formatTime(now - keepDays * DAY_MS),
  ]);
  await pool.query('delete from alert_delivery where delivered_at < $1', [formatTime(now - DELIVERED_DAYS * DAY_MS)]);
  const ids = channels.map(({ id }) => id);
  const { rows } = await pool.query<{ channel: string; count: number }>(
    `with gone as (delete from alert_delivery where delivered_at is null and channel <> all ($1) returning channel)
     select channel, count(*) as count from gone group by channel`,
    [ids],
  );
  await pool.query('delete from alert_channel where channel <> all ($1)', [ids]);
  for (const { channel, count } of rows)
    log.warn({ channel, messages: count }, 'a channel of alerts is configured no more: what waited for it is dropped');
}
