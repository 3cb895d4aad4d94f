// What a tag or a barcode names, written as the path of a GS1 Digital Link URI. A scan does not tell how long the
// company prefix is and so cannot be written as an EPC URI; the path can be made from both, and equal paths mean the
// same thing.
import { percentCode } from './urns.ts';

/** Application identifiers and their values, in the order of the code; the values unescaped. */
export type Elements = ReadonlyMap<string, string>;

interface Key {
  readonly ai: string;
  /** The identifier that, behind the key, makes it one thing out of many. */
  readonly serial?: string;
  /** The key alone names something. */
  readonly complete: (value: string) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const longerThan =
  (chars: number) =>
  (value: string): boolean =>
    value.length > chars;

/** A logistic label may name what is inside as well, so the SSCC comes first. */
const KEYS: readonly Key[] = [
  { ai: '00', complete: always },
  { ai: '01', serial: '21', complete: never },
  { ai: '8006', serial: '21', complete: never },
  { ai: '8003', complete: longerThan(14) },
  { ai: '8004', complete: always },
  { ai: '253', complete: longerThan(13) },
  { ai: '255', complete: longerThan(13) },
  { ai: '8010', serial: '8011', complete: never },
  { ai: '8017', complete: always },
  { ai: '8018', complete: always },
  { ai: '414', serial: '254', complete: always },
];

/**
 * The one thing that a tag or scan names, as a Digital Link path without attributes: `/01/{gtin}/21/{serial}`,
 * `/00/{sscc}`, `/8003/{grai}`, `/414/{gln}/254/{extension}`… Undefined when it names only a kind of thing, such as a
 * GTIN without a serial.
 */
export const identityOf = (named: { readonly elements: Elements }): string | undefined =>
  namesIn(named.elements)?.map(segment).join('');

/** The identity, and behind a question mark what else the tag says; undefined for EPCs outside the GS1 keys. */
export function digitalLinkPathOf(elements: Elements): string | undefined {
  const names = namesIn(elements);
  if (names === undefined) return undefined;
  const path = names.map(segment).join('');
  if (names.length === elements.size) return path;
  const attributes = [...elements].filter(([ai]) => !names.some(([name]) => name === ai));
  return `${path}?${attributes.map(([ai, value]) => `${ai}=${percentEncoded(value)}`).join('&')}`;
}

type Named = readonly [ai: string, value: string];

function namesIn(elements: Elements): readonly Named[] | undefined {
  const key = KEYS.find(({ ai }) => elements.has(ai));
  if (key === undefined) return undefined;
  const name: Named = [key.ai, elements.get(key.ai)!];
  const serial = key.serial === undefined ? undefined : elements.get(key.serial);
  if (key.serial !== undefined && serial !== undefined) return [name, [key.serial, serial]];
  return key.complete(name[1]) ? [name] : undefined;
}

const segment = ([ai, value]: Named): string => `/${ai}/${percentEncoded(value)}`;

/** Everything but the unreserved characters of RFC 3986 is escaped; `encodeURIComponent` leaves five more. */
const percentEncoded = (value: string): string =>
  /^[\w.~-]*$/.test(value) ? value : encodeURIComponent(value).replaceAll(/[!'()*]/g, percentCode);

/** An identity as it stands below a barcode: `(00)095284507322956740`. */
export const printedOf = (identity: string): string =>
  identity.replaceAll(/\/([^/]+)\/([^/]*)/g, (_, key: string, value: string) => `(${key})${decodeURIComponent(value)}`);
