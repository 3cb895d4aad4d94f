// From the outbox to the channels. What is taken is marked for a while, sent, and marked as delivered: ended in between it is
// sent once more, under the same id. What cannot be delivered waits longer each time, and is never given up.
import type { Clock } from '../../kit/clock.ts';
import { messageOf } from '../../kit/faults.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Logger } from '../../kit/log.ts';
import type { Pool } from '../../store/database.ts';
import { sqlFile } from '../../store/sql.ts';
import { storable } from '../../store/text.ts';
import type { AlertMessage } from '../../wire/alert.ts';
import { formatTime } from '../../wire/time.ts';
import { alertTopic } from '../../wire/topics.ts';
import type { Channel } from './channels.ts';
import { sendMail } from './mail.ts';
import { sendWebhook } from './webhook.ts';

const CLAIM = sqlFile(import.meta.url, '../sql/claim.sql');

/** Longer than any channel takes for what is taken at once. */
const CLAIMED_MS = 60_000;
const TAKEN_AT_ONCE: Readonly<Record<Channel['kind'], number>> = { mqtt: 100, webhook: 5, mail: 200 };
const BACK_OFF_MS = 2000;
const BACK_OFF_MOST_MS = 600_000;

export interface DeliveryOptions {
  readonly pool: Pool;
  /** Publishes on the broker of this installation; false when that is not possible now. */
  readonly publish: (topic: string, payload: string) => Promise<boolean>;
  /** What an environment variable holds. */
  readonly secret: (variable: string) => string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Taken {
  readonly site: string;
  readonly id: string;
  readonly content: AlertMessage;
  readonly attempts: number;
  readonly batch: string | null;
  readonly created_at: number;
}

/** Delivers what is due of these sites to a channel, as far as it takes it. Gives how much was delivered. */
export async function deliver(options: DeliveryOptions, channel: Channel, sites: readonly string[]): Promise<number> {
  for (let delivered = 0; ;) {
    const taken = await claim(options, channel, sites);
    if (taken.length === 0) return delivered;
    const isAllTaken = await send(options, channel, taken);
    if (!isAllTaken) return delivered; // the rest would fare no better just now
    delivered += taken.length;
  }
}

async function claim({ pool, clock }: DeliveryOptions, channel: Channel, sites: readonly string[]): Promise<Taken[]> {
  const now = clock();
  const { rows } = await pool.query<Taken & Record<string, unknown>>({
    name: 'claim-deliveries',
    text: CLAIM,
    values: [
      channel.id,
      sites,
      formatTime(now),
      formatTime(now + CLAIMED_MS),
      TAKEN_AT_ONCE[channel.kind],
      channel.kind === 'mail' ? newUuid() : null,
    ],
  });
  return rows.toSorted((a, b) => a.created_at - b.created_at || a.content.revision - b.content.revision);
}

/** Sends what was taken: mails all in one, the others one by one in their order. False when something was not taken. */
async function send(options: DeliveryOptions, channel: Channel, taken: readonly Taken[]): Promise<boolean> {
  const parts = channel.kind === 'mail' ? [taken] : taken.map((one) => [one]);
  let failure: string | undefined;
  for (const part of parts) {
    // After a failure the others are only put back: they would wait for the same silence.
    const isTried = failure === undefined;
    failure ??= await attempt(options, channel, part);
    if (failure === undefined) await markDelivered(options, channel, part);
    else await markFailed(options, channel, part, failure, isTried);
  }
  return failure === undefined;
}

/** What went wrong, or undefined. */
async function attempt(
  { publish, secret, clock }: DeliveryOptions,
  channel: Channel,
  part: readonly Taken[],
): Promise<string | undefined> {
  const first = part[0]!;
  try {
    switch (channel.kind) {
      case 'mqtt': {
        const { site, kind } = first.content;
        const isOut = await publish(alertTopic(site, kind), JSON.stringify(first.content));
        return isOut ? undefined : 'the broker does not answer';
      }
      case 'webhook': {
        const { url, secretVariable } = channel.settings;
        await sendWebhook(url, secretOf(secret, secretVariable), first.content, clock());
        return undefined;
      }
      case 'mail': {
        const { passwordVariable } = channel.settings;
        const password = passwordVariable === undefined ? undefined : secretOf(secret, passwordVariable);
        await sendMail(
          channel.settings,
          password,
          part.map(({ content }) => content),
          first.batch!,
        );
        return undefined;
      }
    }
  } catch (error) {
    return storable(messageOf(error)).slice(0, 300);
  }
}

function secretOf(secret: DeliveryOptions['secret'], variable: string): string {
  const value = secret(variable);
  if (value === undefined || value === '') throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

async function markDelivered({ pool, clock, log }: DeliveryOptions, channel: Channel, part: readonly Taken[]) {
  const now = formatTime(clock());
  const { rows } = await pool.query<{ was_failing: boolean }>({
    name: 'mark-delivered',
    text: `with done as (
             update alert_delivery d set delivered_at = $4, error = null
             from unnest($2::text[], $3::uuid[]) as u (site, id) where (d.site, d.id) = (u.site, u.id)
           ), was as (select failing_since is not null as failing from alert_channel where channel = $1)
           insert into alert_channel as c (channel, delivered, delivered_at) values ($1, $5, $4)
           on conflict (channel) do update
           set delivered = c.delivered + excluded.delivered, delivered_at = excluded.delivered_at, failing_since = null, error = null
           returning coalesce((select failing from was), false) as was_failing`,
    values: [channel.id, part.map(({ site }) => site), part.map(({ id }) => id), now, part.length],
  });
  if (rows[0]?.was_failing === true) log.info({ channel: channel.id }, 'alerts can be delivered again');
}

async function markFailed(
  { pool, clock, log }: DeliveryOptions,
  channel: Channel,
  part: readonly Taken[],
  reason: string,
  isTried: boolean,
): Promise<void> {
  const now = clock();
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
      part.map(({ attempts }) =>
        formatTime(now + Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** Math.min(attempts, 20))),
      ),
      reason,
      formatTime(now),
      isTried ? 1 : 0,
    ],
  });
  if (rows[0]?.is_new === true)
    log.error({ channel: channel.id, reason }, 'alerts cannot be delivered; they wait and are tried again');
}
