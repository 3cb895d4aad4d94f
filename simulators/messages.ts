// What leaves a simulation or a recording: messages with the time at which they arrive, and how they are written down,
// one JSON a line. `tallygate replay --in` reads the envelope lines, `simulate --replay` both.
import type { EnvelopeMessage } from '../src/wire/envelope.ts';
import { formatTime } from '../src/wire/time.ts';
import { envelopeTopic } from '../src/wire/topics.ts';

/** An envelope of a gateway; `at` is when it arrives, in ms. */
export interface EnvelopeSent {
  readonly kind: 'envelope';
  readonly at: number;
  readonly site: string;
  readonly gateway: string;
  readonly envelope: EnvelopeMessage;
}

/** A message of a reader that speaks for itself: text as it goes over the wire, or bytes that are no text. */
export interface DeviceSent {
  readonly kind: 'device';
  readonly at: number;
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

export type TimedMessage = EnvelopeSent | DeviceSent;

export const topicOf = (message: TimedMessage): string =>
  message.kind === 'envelope' ? envelopeTopic(message.site, message.gateway) : message.topic;

/** The bytes on the wire. The same message gives the same bytes. */
export const payloadOf = (message: TimedMessage): string | Uint8Array =>
  message.kind === 'envelope' ? JSON.stringify(message.envelope) : message.payload;

/** Messages of one line arrive in order; those of different lines need not. */
export const lineOf = (message: TimedMessage): string =>
  message.kind === 'envelope' ? `${message.site}/${message.gateway}` : message.topic;

/** One line of NDJSON, without the line feed. */
export function toNdjson(message: TimedMessage): string {
  const at = formatTime(message.at);
  if (message.kind === 'envelope') {
    const { site, gateway, envelope } = message;
    return JSON.stringify({ site, gateway, receivedAt: at, ...envelope });
  }
  const { topic, payload } = message;
  return typeof payload === 'string'
    ? JSON.stringify({ topic, at, payload })
    : JSON.stringify({ topic, at, payloadBase64: Buffer.from(payload).toString('base64') });
}
