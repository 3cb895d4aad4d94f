// Recorded messages moved in time, so that yesterday's recording can be played as if it happened now.
import type { EnvelopeMessage } from '../../src/wire/envelope.ts';
import { parseTime } from '../../src/wire/time.ts';
import type { TimedMessage } from '../messages.ts';

/** A time in any message: date, `T`, time, fraction, and `Z`, `+02:00` or `+0200`. */
const TIMES = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/gu;

/** Moves every RFC 3339 time in a text by so many ms (whole ones), each in its own zone and with its own digits. */
export const shiftTimes = (text: string, ms: number): string => text.replaceAll(TIMES, (time) => shiftTime(time, ms));

function shiftTime(time: string, ms: number): string {
  const [, seconds = '', fraction = '', zone = ''] = /^(.{19})(\.\d+)?(.*)$/u.exec(time) ?? [];
  // The wall clock of the zone, as if it were UTC: the offset stays what it is.
  const wall = parseTime(`${seconds}Z`);
  if (Number.isNaN(wall)) return time;
  const digits = Math.max(3, fraction.length - 1);
  const nanos = fraction.slice(1).padEnd(9, '0');
  const shifted = wall + Number(nanos.slice(0, 3)) + ms;
  if (!(shifted >= 0)) return time;
  const moved = new Date(shifted).toISOString();
  const rest =
    fraction === '' && moved.endsWith('.000Z') ? '' : `.${(moved.slice(20, 23) + nanos.slice(3)).slice(0, digits)}`;
  return `${moved.slice(0, 19)}${rest}${zone}`;
}

/**
 * The message as if it had been `ms` later. An envelope gets another epoch: it is another message now, and the service
 * would otherwise see one key with two contents. Binary payloads keep the times within.
 */
export function shiftMessage(message: TimedMessage, ms: number): TimedMessage {
  const at = message.at + ms;
  if (message.kind === 'device') {
    const { payload } = message;
    return { ...message, at, payload: typeof payload === 'string' ? shiftTimes(payload, ms) : payload };
  }
  const moved = JSON.parse(shiftTimes(JSON.stringify(message.envelope), ms)) as EnvelopeMessage;
  const epoch = `${message.envelope.epoch.slice(0, 48)}-${Math.abs(ms).toString(36)}`;
  return { ...message, at, envelope: { ...moved, epoch } };
}
