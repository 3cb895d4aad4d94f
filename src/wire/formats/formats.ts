// The formats a device in the site file may name. To add one, write it and add a line here.
import { rejected } from '../../kit/faults.ts';
import type { Format } from './format.ts';
import { chirpStack } from './chirpStack.ts';
import { impinjIot } from './impinjIot.ts';
import { mapped } from './mapped.ts';
import { sparkplugB } from './sparkplugB.ts';
import { zebraIotc } from './zebraIotc.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

/** Formats that are the same for every device. */
const PLAIN: readonly Format[] = [chirpStack, impinjIot, zebraIotc, zigbee2mqtt];
/** Formats that remember something of a device: one for each. */
const OWN: Readonly<Record<string, () => Format>> = { 'sparkplug-b': sparkplugB };

/** What may stand after `format:` in a site file. */
export const formatNames: readonly string[] = [
  ...PLAIN.map(({ name }) => name),
  ...Object.keys(OWN),
  'mapped',
].toSorted();

/**
 * The format of a device, ready to decode: call it once for each device, when the site file is loaded.
 * Throws a `rejected` fault: `unknown-format`, `bad-mapping`, `missing-mapping` or `needless-mapping`.
 */
export function formatOf(name: string, mapping?: unknown): Format {
  if (name === 'mapped') {
    if (mapping === undefined) throw rejected('missing-mapping', `The format ${name} needs a mapping.`);
    return mapped(mapping);
  }
  const format = PLAIN.find((one) => one.name === name) ?? (Object.hasOwn(OWN, name) ? OWN[name]!() : undefined);
  if (format === undefined) {
    throw rejected(
      'unknown-format',
      `There is no format ${JSON.stringify(name)}; there are ${formatNames.join(', ')}.`,
    );
  }
  if (mapping !== undefined) throw rejected('needless-mapping', `The format ${name} takes no mapping; mapped does.`);
  return format;
}
