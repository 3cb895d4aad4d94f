// EPC URIs (`urn:epc:id:…`): how their components are written, and an item's from its barcode for those who know
// how long the company prefix is.
import { rejected } from '../../kit/faults.ts';

/** A GTIN as an EPC needs it: without its check digit, the indicator digit behind the company prefix. */
export interface GtinParts {
  readonly companyPrefix: string;
  /** Indicator digit, then the item reference. */
  readonly itemReference: string;
}

/** One component of an EPC URI: TDS tables A-1 and G-1 escape what means something else in a URI. */
export const escapeForUrn = (component: string): string => component.replaceAll(/["#%&/<>?]/g, percentCode);

/** One ASCII character as URIs escape it: `/` is `%2F`. */
export const percentCode = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * Splits a GTIN-14 behind `companyPrefixDigits` (6 to 12), which only its owner knows. Throws a `rejected` fault
 * `bad-gtin` when it is not 14 digits or the length is none that a prefix can have.
 */
export function splitGtin14(gtin14: string, companyPrefixDigits: number): GtinParts {
  if (!/^\d{14}$/.test(gtin14)) throw rejected('bad-gtin', 'a GTIN-14 has 14 digits', { gtin14 });
  if (!Number.isInteger(companyPrefixDigits) || companyPrefixDigits < 6 || companyPrefixDigits > 12) {
    throw rejected('bad-gtin', 'a GS1 company prefix has 6 to 12 digits', { companyPrefixDigits });
  }
  const end = 1 + companyPrefixDigits;
  return { companyPrefix: gtin14.slice(1, end), itemReference: gtin14.charAt(0) + gtin14.slice(end, 13) };
}

/** The pure identity URI of the item with this GTIN and serial: what `decodeEpc` says of its tag. Faults as above. */
export function sgtinUrn(gtin14: string, serial: string, companyPrefixDigits: number): string {
  const { companyPrefix, itemReference } = splitGtin14(gtin14, companyPrefixDigits);
  return `urn:epc:id:sgtin:${companyPrefix}.${itemReference}.${escapeForUrn(serial)}`;
}
