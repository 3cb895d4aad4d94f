// What channels are still to be told, and how they are doing, in their tables. What is taken is marked for a while, and marked
// again when it was delivered, or was not: then it waits longer each time, and is never given up.
import { newUuid } from '../../kit/ids.ts';
import { atomicallyIn, type Pool } from '../../store/database.ts';
import { sqlFile } from '../../store/sql.ts';
import type { AlertMessage } from '../../wire/alert.ts';
import { formatTime } from '../../wire/time.ts';
import type { Channel } from './channels.ts';

const CLAIM = sqlFile(import.meta.url, '../sql/claim.sql');

/** Longer than any channel takes for what is taken at once: one by one the broker has 2 s to answer, a webhook 10 s. */
const CLAIMED_MS = 60_000;
const TAKEN_AT_ONCE: Readonly<Record<Channel['kind'], number>> = { mqtt: 25, webhook: 5, mail: 200 };
const BACK_OFF_MS = 2000;
const BACK_OFF_MOST_MS = 600_000;

export interface Taken {
  readonly site: string;
  readonly id: string;
  readonly content: AlertMessage;
  /** With the one that begins. */
  readonly attempts: number;
  readonly created_at: number;
}

/** What is due of these sites at `now` (ms), in the order in which it happened; of mails what is one mail. */
export async function claim(
  pool: Pool,
  { id, kind }: Channel,
  sites: readonly string[],
  now: number,
): Promise<readonly Taken[]> {
  const { rows } = await atomicallyIn(pool, async (client) => {
    // One after the other, so that each sees what those before it have taken, and nothing overtakes.
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`tallygate-channel-${id}`]);
    return client.query<Taken & Record<string, unknown>>({
      name: 'claim-deliveries',
      text: CLAIM,
      values: [
        id,
        sites,
        formatTime(now),
        formatTime(now + CLAIMED_MS),
        TAKEN_AT_ONCE[kind],
        kind === 'mail' ? newUuid() : null,
      ],
    });
  });
  return rows.toSorted((a, b) => a.created_at - b.created_at || a.content.revision - b.content.revision);
}

/** `refused`: of whom the channel said that it does not take it for them. Gives whether the channel had been failing. */
export async function markDelivered(
  pool: Pool,
  channel: Channel,
  part: readonly Taken[],
  refused: string | undefined,
  now: number,
): Promise<boolean> {
  const { rows } = await pool.query<{ was_failing: boolean }>({
    name: 'mark-delivered',
    text: `with done as (
             update alert_delivery d set delivered_at = $4, error = $6
             from unnest($2::text[], $3::uuid[]) as u (site, id) where (d.site, d.id) = (u.site, u.id)
           ), was as (select failing_since is not null as failing from alert_channel where channel = $1)
           insert into alert_channel as c (channel, delivered, delivered_at, error) values ($1, $5, $4, $6)
           on conflict (channel) do update
           set delivered = c.delivered + excluded.delivered, delivered_at = excluded.delivered_at, failing_since = null, error = excluded.error
           returning coalesce((select failing from was), false) as was_failing`,
    values: [
      channel.id,
      part.map(({ site }) => site),
      part.map(({ id }) => id),
      formatTime(now),
      part.length,
      refused ?? null,
    ],
  });
  return rows[0]?.was_failing === true;
}

/** Gives whether the channel had been working. `isTried`: it was sent, not only put back. */
export async function markFailed(
  pool: Pool,
  channel: Channel,
  part: readonly Taken[],
  reason: string,
  isTried: boolean,
  now: number,
): Promise<boolean> {
  const { rows } = await pool.query<{ is_new: boolean }>({
    name: 'mark-failed',
    text: `with back as (
             update alert_delivery d set due_at = u.due_at, error = $5
             from unnest($2::text[], $3::uuid[], $4::timestamptz[]) as u (site, id, due_at) where (d.site, d.id) = (u.site, u.id)
           ), was as (select failing_since is null as healthy from alert_channel where channel = $1)
           insert into alert_channel as c (channel, failures, failing_since, error) values ($1, $7, $6, $5)
           on conflict (channel) do update
           set failures = c.failures + excluded.failures, failing_since = coalesce(c.failing_since, excluded.failing_since), error = excluded.error
           returning coalesce((select healthy from was), true) as is_new`,
    values: [
      channel.id,
      part.map(({ site }) => site),
      part.map(({ id }) => id),
      part.map(({ attempts }) => formatTime(now + backOffMs(attempts))),
      reason,
      formatTime(now),
      isTried ? 1 : 0,
    ],
  });
  return rows[0]?.is_new === true;
}

const backOffMs = (attempts: number): number => Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** Math.min(attempts, 20));
