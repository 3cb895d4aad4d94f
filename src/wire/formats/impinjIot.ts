// Impinj IoT Device Interface (R700, R720, R660): one `<eventType>Event` object inside `{timestamp, eventType}`.
// Reads are the device's whose topic they came on: `hostname` is optional, off by default, and no name of ours.
// What such readers send: READERS.md.
import { antennaPort, base64Epc, dbm, digitalInput, hexEpc, isMissing, rfc3339, REASONS } from './field.ts';
import type { Format } from './format.ts';
import { decodeMessage, isObject, reject, type Draft, type JsonObject } from './message.ts';

export const impinjIot: Format = {
  name: 'impinj-iot',
  decode: (payload, device) => decodeMessage(payload, device, decodeEvent),
};

const CENTI_DBM = 100;
const TRANSITIONS: ReadonlyMap<unknown, boolean> = new Map([
  ['low-to-high', true],
  ['high-to-low', false],
]);

function decodeEvent(event: JsonObject, draft: Draft): void {
  if (!isMissing(event.timestamp)) draft.selfIdentified = true;
  const { tagInventoryEvent } = event;
  if (isObject(tagInventoryEvent)) return decodeTag(event, tagInventoryEvent, draft);
  const decode = typeof event.eventType === 'string' ? OTHER_EVENTS.get(event.eventType) : undefined;
  if (decode !== undefined) return decodeOther(event, decode, draft);
  if (isTagLike(event)) return reject(draft, event, '/tagInventoryEvent', 'bad-entry', 'missing from a tag report');
  draft.ignored ??= 'status';
}

/** `epcHex` where the reader is told to send it, else `epc` in base64. */
function decodeTag(event: JsonObject, tag: JsonObject, draft: Draft): void {
  const inHex = !isMissing(tag.epcHex);
  const epc = inHex ? hexEpc(tag.epcHex) : base64Epc(tag.epc);
  if (epc === undefined) {
    const place = `/tagInventoryEvent/${inHex ? 'epcHex' : 'epc'}`;
    return reject(draft, event, place, 'bad-epc', inHex ? REASONS.epcHex : REASONS.epcBase64);
  }
  const seenAt = lastSeen(event, tag, draft);
  if (Number.isNaN(seenAt)) {
    const place = isMissing(tag.lastSeenTime) ? '/timestamp' : '/tagInventoryEvent/lastSeenTime';
    return reject(draft, event, place, 'bad-time', REASONS.rfc3339);
  }
  const antenna = antennaPort(tag.antennaPort, 0);
  if (Number.isNaN(antenna)) {
    return reject(draft, event, '/tagInventoryEvent/antennaPort', 'bad-entry', REASONS.antenna);
  }
  const rssiDbm = dbm(tag.peakRssiCdbm, CENTI_DBM);
  if (Number.isNaN(rssiDbm)) return reject(draft, event, '/tagInventoryEvent/peakRssiCdbm', 'bad-entry', REASONS.rssi);
  draft.entries.read(draft.device.id, antenna, epc, rssiDbm, seenAt);
}

/** `timestamp` is when the report was queued, which after an outage is long after the tag was seen. */
function lastSeen(event: JsonObject, tag: JsonObject, draft: Draft): number {
  if (isMissing(tag.lastSeenTime)) return rfc3339(event.timestamp, draft.device.receivedAt);
  draft.selfIdentified = true;
  return rfc3339(tag.lastSeenTime, Number.NaN);
}

/** What is wrong with an event: the field, and why. */
type Problem = readonly [field: string, why: string];
type EventDecoder = (body: JsonObject, at: number, draft: Draft) => Problem | undefined;

const OTHER_EVENTS: ReadonlyMap<string, EventDecoder> = new Map<string, EventDecoder>([
  ['antennaConnected', (body, at, draft) => decodeAntenna(body, 1, at, draft)],
  ['antennaDisconnected', (body, at, draft) => decodeAntenna(body, 0, at, draft)],
  ['gpiTransition', decodeInput],
  ['overflow', decodeOverflow],
]);

function decodeOther(event: JsonObject, decode: EventDecoder, draft: Draft): void {
  const member = `${String(event.eventType)}Event`;
  const body = event[member];
  if (!isObject(body)) return reject(draft, event, `/${member}`, 'bad-entry', 'missing');
  const at = rfc3339(event.timestamp, draft.device.receivedAt);
  if (Number.isNaN(at)) return reject(draft, event, '/timestamp', 'bad-time', REASONS.rfc3339);
  const problem = decode(body, at, draft);
  if (problem !== undefined) reject(draft, event, `/${member}/${problem[0]}`, 'bad-entry', problem[1]);
}

function decodeAntenna(body: JsonObject, value: 0 | 1, at: number, draft: Draft): Problem | undefined {
  const antenna = antennaPort(body.antennaPort, Number.NaN);
  if (Number.isNaN(antenna)) return ['antennaPort', REASONS.antenna];
  draft.entries.measure({ device: draft.device.id, name: `antenna.${antenna}.connected`, value, at });
  return undefined;
}

function decodeInput(body: JsonObject, at: number, draft: Draft): Problem | undefined {
  const input = digitalInput(body.gpi);
  if (Number.isNaN(input)) return ['gpi', REASONS.input];
  const high = TRANSITIONS.get(body.transition);
  if (high === undefined) return ['transition', `not one of ${[...TRANSITIONS.keys()].join(', ')}`];
  draft.entries.trigger({ reader: draft.device.id, input, high, at });
  return undefined;
}

/** The reader's buffer ran over: reads of this span of time will never come. */
function decodeOverflow(body: JsonObject, at: number, draft: Draft): Problem | undefined {
  const from = rfc3339(body.firstEventTimestamp, at);
  if (Number.isNaN(from)) return ['firstEventTimestamp', REASONS.rfc3339];
  const to = rfc3339(body.lastEventTimestamp, at);
  if (!(to >= from)) return ['lastEventTimestamp', `${REASONS.rfc3339}, or before firstEventTimestamp`];
  const lost = body.eventsPurged;
  if (!Number.isSafeInteger(lost) || Number(lost) < 0) return ['eventsPurged', 'not a whole number'];
  draft.gaps.push({ from, to, lost: Number(lost) });
  return undefined;
}

/** Reads that this decoder would lose in silence: a tag report without its object, or xSpan positions. */
function isTagLike(event: JsonObject): boolean {
  const type = event.eventType;
  if (typeof type === 'string' && (type === 'tagInventory' || type.startsWith('tagLocation'))) return true;
  return ['epc', 'epcHex', 'antennaPort', 'peakRssiCdbm', 'tagInventoryEvent'].some((name) => !isMissing(event[name]));
}
