// Zigbee2MQTT: one device a topic (`zigbee2mqtt/cold-room`), its state as one flat object. Numbers and switches are measures under their own
// names; settings, texts and what is nested are none. `last_seen` is a time of its own where it is switched on.
import type { Format } from './format.ts';
import { isMissing, plausibleTime, printableName, rfc3339 } from './field.ts';
import { decodeMessage, reject, type Draft, type JsonObject } from './message.ts';

/** UCUM, by the names that Zigbee2MQTT gives (zigbee2mqtt.io/guide/usage/exposes.html). */
const UNITS: Readonly<Record<string, string>> = {
  temperature: 'Cel',
  device_temperature: 'Cel',
  local_temperature: 'Cel',
  humidity: '%',
  soil_moisture: '%',
  battery: '%',
  pressure: 'hPa',
  voltage: 'V',
  current: 'A',
  power: 'W',
  energy: 'kW.h',
  illuminance: 'lx',
  illuminance_lux: 'lx',
  co2: '[ppm]',
};
/** Of a device that runs on a battery `voltage` is that of the battery, in mV. */
const BATTERY_VOLTAGE = 'mV';
const SWITCHES: ReadonlyMap<unknown, 0 | 1> = new Map<unknown, 0 | 1>([
  [true, 1],
  [false, 0],
  ['ON', 1],
  ['OFF', 0],
  ['OPEN', 1],
  ['CLOSE', 0],
  ['LOCK', 1],
  ['UNLOCK', 0],
]);
const NAME_CHARS_MAX = 64;
/** Times and settings, no measures. */
const NO_MEASURES = new Set(['last_seen', 'elapsed', 'update_available', 'linkquality_offset']);

export const zigbee2mqtt: Format = {
  name: 'zigbee2mqtt',
  decode: (payload, device) => decodeMessage(payload, device, decodeState),
};

function decodeState(state: JsonObject, draft: Draft): void {
  const at = seenAt(state.last_seen, draft);
  if (Number.isNaN(at)) return reject(draft, state, '/last_seen', 'bad-time', 'not a time between 2000 and 2100');
  let found = 0;
  for (const [key, value] of Object.entries(state)) {
    const number = typeof value === 'number' && Number.isFinite(value) ? value : SWITCHES.get(value);
    const name = printableName(key, NAME_CHARS_MAX);
    if (number === undefined || name === undefined || NO_MEASURES.has(name)) continue;
    const unit = name === 'voltage' && Object.hasOwn(state, 'battery') ? BATTERY_VOLTAGE : UNITS[name];
    draft.entries.measure({
      device: draft.device.id,
      name,
      value: number,
      at,
      ...(unit === undefined ? {} : { unit }),
    });
    found++;
  }
  if (found === 0) draft.ignored ??= 'status';
}

/** As ISO 8601, or ms since 1970; the bridge may be told either. */
function seenAt(value: unknown, draft: Draft): number {
  if (isMissing(value)) return draft.device.receivedAt;
  draft.selfIdentified = true;
  return typeof value === 'number' ? plausibleTime(value) : rfc3339(value, Number.NaN);
}
