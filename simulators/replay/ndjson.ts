// Recorded messages, one JSON a line: envelopes with `site`, `gateway` and perhaps `receivedAt`, or messages as they were
// on the broker: `topic`, `payload` (text or JSON) or `payloadBase64`, and `at`.
import { messageOf, rejected } from '../../src/kit/faults.ts';
import type { EnvelopeMessage } from '../../src/wire/envelope.ts';
import { parseTime } from '../../src/wire/time.ts';
import type { TimedMessage } from '../messages.ts';

/** Reads lines in the order of the file. Throws a `rejected` fault `bad-recording` that names the line. */
export function createNdjsonParser(file: string): (text: string) => TimedMessage | undefined {
  let line = 0;
  let latest = -Infinity;
  return (text) => {
    line++;
    if (text.trim() === '') return undefined;
    const fail = (why: string): Error => rejected('bad-recording', `${file}:${line}: ${why}`, { line });
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw fail(`not JSON: ${messageOf(error)}`);
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw fail('not a JSON object');
    const record = value as Readonly<Record<string, unknown>>;
    const stated = timeOf(record, fail);
    // An envelope may lack the time of its arrival; then it came no earlier than everything before it.
    latest = Math.max(latest, stated ?? latest);
    if (latest === -Infinity) throw fail('the first message must say when it came: receivedAt, sentAt or at');
    const at = record.receivedAt === undefined && record.at === undefined ? latest : stated!;
    return typeof record.topic === 'string'
      ? deviceMessage(record, record.topic, at, fail)
      : envelope(record, at, fail);
  };
}

type Fail = (why: string) => Error;

/** An envelope's `at` is no time of its own: those are `receivedAt` and `sentAt`. */
function timeOf(record: Readonly<Record<string, unknown>>, fail: Fail): number | undefined {
  for (const name of ['receivedAt', 'at', 'sentAt']) {
    const text = record[name];
    if (text === undefined) continue;
    const time = typeof text === 'string' ? parseTime(text) : Number.NaN;
    if (Number.isNaN(time)) throw fail(`${name} is no RFC 3339 time with a zone`);
    return time;
  }
  return undefined;
}

function deviceMessage(record: Readonly<Record<string, unknown>>, topic: string, at: number, fail: Fail): TimedMessage {
  const { payload, payloadBase64 } = record;
  if (typeof payloadBase64 === 'string') {
    return { kind: 'device', at, topic, payload: new Uint8Array(Buffer.from(payloadBase64, 'base64')) };
  }
  if (payload === undefined) throw fail('a message needs payload or payloadBase64');
  return { kind: 'device', at, topic, payload: typeof payload === 'string' ? payload : JSON.stringify(payload) };
}

function envelope(record: Readonly<Record<string, unknown>>, at: number, fail: Fail): TimedMessage {
  const { site, gateway, receivedAt: _, ...rest } = record;
  if (typeof site !== 'string' || typeof gateway !== 'string') {
    throw fail('neither an envelope with site and gateway, nor a message with a topic');
  }
  if (rest.v !== 1 || typeof rest.epoch !== 'string' || typeof rest.seq !== 'number') {
    throw fail('an envelope needs v 1, epoch and seq');
  }
  return { kind: 'envelope', at, site, gateway, envelope: rest as EnvelopeMessage };
}
