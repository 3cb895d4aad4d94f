// From the outbox to a channel. Ended between sending and marking as delivered it is sent once more, under the same id.
import type { Clock } from '../../kit/clock.ts';
import { messageOf } from '../../kit/faults.ts';
import type { Logger } from '../../kit/log.ts';
import type { Pool } from '../../store/database.ts';
import { storable } from '../../store/text.ts';
import { alertTopic } from '../../wire/topics.ts';
import type { Channel } from './channels.ts';
import { sendMail } from './mail.ts';
import { claim, markDelivered, markFailed, type Taken } from './outbox.ts';
import { sendWebhook } from './webhook.ts';

const REASON_MAX = 300;

export interface DeliveryOptions {
  readonly pool: Pool;
  /** Publishes on the broker of this installation; false when that is not possible now. */
  readonly publish: (topic: string, payload: string) => Promise<boolean>;
  /** What an environment variable holds. */
  readonly secret: (variable: string) => string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Delivers what is due of these sites to a channel, as far as it takes it. Gives how much was delivered. */
export async function deliver(options: DeliveryOptions, channel: Channel, sites: readonly string[]): Promise<number> {
  for (let delivered = 0; ;) {
    const taken = await claim(options.pool, channel, sites, options.clock());
    if (taken.length === 0) return delivered;
    const isAllTaken = await send(options, channel, taken);
    if (!isAllTaken) return delivered; // the rest would fare no better just now
    delivered += taken.length;
  }
}

/** Sends what was taken: mails all in one, the others one by one in their order. False when something was not taken. */
async function send(options: DeliveryOptions, channel: Channel, taken: readonly Taken[]): Promise<boolean> {
  const { pool, clock, log } = options;
  const parts = channel.kind === 'mail' ? [taken] : taken.map((one) => [one]);
  let failure: string | undefined;
  for (const part of parts) {
    // After a failure the others are only put back: they would wait for the same silence.
    const isTried = failure === undefined;
    const outcome: Outcome = failure === undefined ? await attempt(options, channel, part) : { failure };
    failure = outcome.failure;
    if (failure === undefined) {
      const wasFailing = await markDelivered(pool, channel, part, outcome.refused, clock());
      if (outcome.refused !== undefined)
        log.error({ channel: channel.id, refused: outcome.refused }, 'alerts were told to the other recipients only');
      if (wasFailing) log.info({ channel: channel.id }, 'alerts can be delivered again');
    } else {
      const isNew = await markFailed(pool, channel, part, failure, isTried, clock());
      if (isNew)
        log.error(
          { channel: channel.id, reason: failure },
          'alerts cannot be delivered; they wait and are tried again',
        );
    }
  }
  return failure === undefined;
}

interface Outcome {
  /** Why the channel did not take it. */
  readonly failure?: string;
  /** It was taken; but not for these recipients, and why. */
  readonly refused?: string;
}

async function attempt(
  { publish, secret, clock }: DeliveryOptions,
  channel: Channel,
  part: readonly Taken[],
): Promise<Outcome> {
  const first = part[0]!;
  try {
    switch (channel.kind) {
      case 'mqtt': {
        const { site, kind } = first.content;
        const isOut = await publish(alertTopic(site, kind), JSON.stringify(first.content));
        return isOut ? {} : { failure: 'the broker does not answer' };
      }
      case 'webhook': {
        const { url, secretVariable } = channel.settings;
        await sendWebhook(url, secretOf(secret, secretVariable), first.content, clock());
        return {};
      }
      case 'mail': {
        const { passwordVariable } = channel.settings;
        const password = passwordVariable === undefined ? undefined : secretOf(secret, passwordVariable);
        const refused = await sendMail(
          channel.settings,
          password,
          part.map(({ content }) => content),
        );
        return refused.length === 0 ? {} : { refused: told(`refused: ${refused.join(', ')}`) };
      }
    }
  } catch (error) {
    return { failure: told(messageOf(error)) };
  }
}

/** As it can be kept. */
const told = (reason: string): string => storable(reason).slice(0, REASON_MAX);

function secretOf(secret: DeliveryOptions['secret'], variable: string): string {
  const value = secret(variable);
  if (value === undefined || value === '') throw new Error(`the environment variable ${variable} is not set`);
  return value;
}
