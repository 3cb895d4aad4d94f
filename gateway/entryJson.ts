// Observations to the entries of the envelope (section 4.1), as JSON text: an entry is written once, counted in bytes once,
// and never parsed again before it is sent.
import { formatTime } from '../src/wire/time.ts';
import type { Observation, ReadObserved } from './reader.ts';

/** The lists of an envelope, in the order they are written. */
export const PLACES = ['reads', 'scans', 'triggers', 'measures'] as const;
export type Place = (typeof PLACES)[number];

export interface EntryText {
  readonly place: Place;
  readonly json: string;
}

const HEX = /^[0-9A-Fa-f]{2,128}$/;
const LAST_TIME_MS = Date.UTC(9999, 0, 1);

/** Undefined for what no envelope can carry: a time that is none, an EPC that is no hex, a number that is not finite. */
export function entryText(observation: Observation): EntryText | undefined {
  switch (observation.kind) {
    case 'read':
      return readText(observation.read);
    case 'scan':
      return timed('scans', observation.scan);
    case 'trigger':
      return timed('triggers', observation.trigger);
    default:
      return Number.isFinite(observation.measure.value) ? timed('measures', observation.measure) : undefined;
  }
}

/** Written by hand: nearly everything that passes a gateway is a read. */
function readText({ reader, antenna, epc, rssiDbm, seenAt, count }: ReadObserved): EntryText | undefined {
  if (!isTime(seenAt) || !HEX.test(epc)) return undefined;
  let json = `{"reader":${JSON.stringify(reader)}`;
  if (antenna !== undefined && antenna !== 0) json += `,"antenna":${antenna}`;
  json += `,"epc":"${epc}"`;
  if (rssiDbm !== undefined && Number.isFinite(rssiDbm)) json += `,"rssiDbm":${rssiDbm}`;
  json += `,"seenAt":"${formatTime(seenAt)}"`;
  if (count !== undefined && count !== 1) json += `,"count":${count}`;
  return { place: 'reads', json: `${json}}` };
}

const timed = (place: Place, entry: { readonly at: number }): EntryText | undefined =>
  isTime(entry.at) ? { place, json: JSON.stringify({ ...entry, at: formatTime(entry.at) }) } : undefined;

const isTime = (ms: number): boolean => ms >= 0 && ms < LAST_TIME_MS;
