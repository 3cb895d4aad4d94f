// ChirpStack v4, JSON: events of a LoRaWAN device (`application/…/device/…/event/up`). What its codec decoded is measured, with dots between
// the names of what is nested; so are signal, battery and margin. An uplink without a codec has only its signal.
import type { Format } from './format.ts';
import { isMissing, printableName, rfc3339, REASONS } from './field.ts';
import { decodeMessage, isObject, reject, type Draft, type JsonObject } from './message.ts';

const NAME_CHARS_MAX = 100;
const DEPTH_MAX = 4;
const MEASURES_MAX = 256;
/** Codecs call things as they like; these names leave no doubt. */
const UNITS: Readonly<Record<string, string>> = {
  temperature: 'Cel',
  humidity: '%',
  battery: '%',
  co2: '[ppm]',
  illuminance: 'lx',
};

export const chirpStack: Format = {
  name: 'chirpstack',
  decode: (payload, device) => decodeMessage(payload, device, decodeEvent),
};

function decodeEvent(event: JsonObject, draft: Draft): void {
  const at = rfc3339(event.time, draft.device.receivedAt);
  if (Number.isNaN(at)) return reject(draft, event, '/time', 'bad-time', REASONS.rfc3339);
  // The same uplink through several gateways, or told again, has one id.
  if (!isMissing(event.deduplicationId)) draft.selfIdentified = true;
  const put = (name: string, value: unknown, unit?: string): void => {
    const number = typeof value === 'boolean' ? Number(value) : value;
    const known = printableName(name, NAME_CHARS_MAX);
    if (typeof number !== 'number' || !Number.isFinite(number) || known === undefined) return;
    draft.entries.measure({
      device: draft.device.id,
      name: known,
      value: number,
      at,
      ...(unit === undefined ? {} : { unit }),
    });
  };
  if (isObject(event.object)) putNested(event.object, '', put, 0);
  const best = bestOf(event.rxInfo);
  put('lorawan.rssi', best?.rssi, 'dBm');
  put('lorawan.snr', best?.snr, 'dB');
  put('lorawan.fCnt', event.fCnt);
  put('lorawan.margin', event.margin, 'dB');
  if (event.batteryLevelUnavailable !== true && event.externalPowerSource !== true)
    put('lorawan.battery', event.batteryLevel, '%');
  if (draft.entries.size === 0) draft.ignored ??= 'status';
}

function putNested(
  object: JsonObject,
  before: string,
  put: (name: string, value: unknown, unit?: string) => void,
  depth: number,
): void {
  for (const [key, value] of Object.entries(object).slice(0, MEASURES_MAX)) {
    const name = `${before}${key}`;
    if (isObject(value)) {
      if (depth < DEPTH_MAX) putNested(value, `${name}.`, put, depth + 1);
    } else put(name, value, UNITS[key.toLowerCase()]);
  }
}

/** The gateway that heard it best. */
function bestOf(rxInfo: unknown): JsonObject | undefined {
  if (!Array.isArray(rxInfo)) return undefined;
  const heard = rxInfo.filter(
    (one): one is JsonObject & { readonly rssi: number } => isObject(one) && typeof one.rssi === 'number',
  );
  return heard.toSorted((a, b) => b.rssi - a.rssi)[0];
}
