// Zebra IoT Connector (FX7500, FX9600, ATR7000, FXR60, FXR90): `{type, timestamp, data}`, tag data and management
// events alike. No reader names itself: reads are the device's whose topic they came on.
// What such readers send: READERS.md.
import { antennaPort, dbm, digitalInput, hexEpc, isMissing, rfc3339, REASONS } from './field.ts';
import type { Format } from './format.ts';
import { decodeMessage, isObject, reject, type Draft, type JsonObject } from './message.ts';
import { heartbeatMeasures } from './zebraHeartbeat.ts';

export const zebraIotc: Format = {
  name: 'zebra-iotc',
  decode: (payload, device) => decodeMessage(payload, device, decodeEvent),
};

const DBM = 1;
/** `type` of tag data is the reader's operating mode, whatever was set. */
const MODES: ReadonlySet<unknown> = new Set(['SIMPLE', 'INVENTORY', 'PORTAL', 'CONVEYOR', 'CUSTOM', 'DIRECTIONALITY']);
const LEVELS: ReadonlyMap<unknown, boolean> = new Map([
  ['HIGH', true],
  ['LOW', false],
]);

function decodeEvent(event: JsonObject, draft: Draft): void {
  // The documentation also shows the bare `data`, without the envelope around it.
  const data = isObject(event.data) ? event.data : event;
  if (!isMissing(event.timestamp) || !isMissing(data.eventNum) || !isMissing(event.eventNum)) {
    draft.selfIdentified = true;
  }
  if (!isMissing(data.idHex)) return decodeTag(event, data, draft);
  if (event.type === 'heartbeat') return decodeHeartbeat(event, data, draft);
  if (event.type === 'gpi') return decodeInput(event, data, draft);
  if (isTagLike(event, data)) return rejectField(draft, event, data, 'idHex', 'bad-epc', 'missing from a tag report');
  draft.ignored ??= 'status';
}

/**
 * SIMPLE and CUSTOM mode send no antenna and no RSSI. `reads` is left alone: in some modes it counts this report,
 * in others everything since the reader started (387,321 was seen), and nothing tells which; one report is one read.
 */
function decodeTag(event: JsonObject, data: JsonObject, draft: Draft): void {
  const epc = hexEpc(data.idHex);
  if (epc === undefined) return rejectField(draft, event, data, 'idHex', 'bad-epc', REASONS.epcHex);
  const seenAt = rfc3339(event.timestamp, draft.device.receivedAt);
  if (Number.isNaN(seenAt)) return reject(draft, event, '/timestamp', 'bad-time', REASONS.rfc3339);
  const antenna = antennaPort(data.antenna, 0);
  if (Number.isNaN(antenna)) return rejectField(draft, event, data, 'antenna', 'bad-entry', REASONS.antenna);
  const rssiDbm = dbm(data.peakRssi, DBM);
  if (Number.isNaN(rssiDbm)) return rejectField(draft, event, data, 'peakRssi', 'bad-entry', REASONS.rssi);
  draft.entries.read(draft.device.id, antenna, epc, rssiDbm, seenAt);
}

/** Never rejected: its fields drift with the firmware, and health is no reason to quarantine anything. */
function decodeHeartbeat(event: JsonObject, data: JsonObject, draft: Draft): void {
  const { id, receivedAt } = draft.device;
  const stated = rfc3339(event.timestamp, receivedAt);
  const at = Number.isNaN(stated) ? receivedAt : stated;
  for (const measure of heartbeatMeasures(id, data, at)) draft.entries.measure(measure);
  draft.ignored ??= 'heartbeat';
}

function decodeInput(event: JsonObject, data: JsonObject, draft: Draft): void {
  const at = rfc3339(event.timestamp, draft.device.receivedAt);
  if (Number.isNaN(at)) return reject(draft, event, '/timestamp', 'bad-time', REASONS.rfc3339);
  const input = digitalInput(data.pin);
  if (Number.isNaN(input)) return rejectField(draft, event, data, 'pin', 'bad-entry', REASONS.input);
  const high = LEVELS.get(data.state);
  if (high === undefined) return rejectField(draft, event, data, 'state', 'bad-entry', 'not HIGH or LOW');
  draft.entries.trigger({ reader: draft.device.id, input, high, at });
}

/** Reads that would be lost in silence: also DIRECTIONALITY, which reports zones and no antennas, under `tagId`. */
const isTagLike = (event: JsonObject, data: JsonObject): boolean =>
  MODES.has(event.type) || ['idHex', 'tagId', 'antenna', 'peakRssi', 'TID'].some((name) => !isMissing(data[name]));

function rejectField(
  draft: Draft,
  event: JsonObject,
  data: JsonObject,
  field: string,
  code: string,
  why: string,
): void {
  reject(draft, event, data === event ? `/${field}` : `/data/${field}`, code, why);
}
