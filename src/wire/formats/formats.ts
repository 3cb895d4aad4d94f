// The formats a device in the site file may name. To add one, write it and add a line here.
import { rejected } from '../../kit/faults.ts';
import type { Format } from './format.ts';
import { impinjIot } from './impinjIot.ts';
import { mapped } from './mapped.ts';
import { zebraIotc } from './zebraIotc.ts';

const FORMATS = new Map<string, Format | ((mapping: unknown) => Format)>([
  ['impinj-iot', impinjIot],
  ['mapped', mapped],
  ['zebra-iotc', zebraIotc],
]);

/** What may stand after `format:` in a site file. */
export const formatNames: readonly string[] = [...FORMATS.keys()];

/**
 * The format of a device, ready to decode: call it once for each device, when the site file is loaded.
 * Throws a `rejected` fault: `unknown-format`, `bad-mapping`, `missing-mapping` or `needless-mapping`.
 */
export function formatOf(name: string, mapping?: unknown): Format {
  const format = FORMATS.get(name);
  if (format === undefined) {
    throw rejected(
      'unknown-format',
      `There is no format ${JSON.stringify(name)}; there are ${formatNames.join(', ')}.`,
    );
  }
  if (typeof format === 'function') {
    if (mapping === undefined) throw rejected('missing-mapping', `The format ${name} needs a mapping.`);
    return format(mapping);
  }
  if (mapping !== undefined) throw rejected('needless-mapping', `The format ${name} takes no mapping; mapped does.`);
  return format;
}
