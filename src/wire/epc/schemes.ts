// Every EPC scheme of the Tag Data Standard 1.13: header, layout, and what its parts mean in GS1 terms. To add a
// scheme, add a row. The schemes of TDS 2 are in plusSchemes.ts.
import { withCheckDigit } from './checkDigit.ts';
import {
  cage,
  filter,
  integer,
  integerReference,
  numericString,
  padded,
  paddedReference,
  partition,
  text6,
  text6Reference,
  text7,
  text7Reference,
  zeros,
} from './fields.ts';
import type { Field } from './fields.ts';

/** What the ledger makes of a tag: a serialised unit, something that holds others, or neither. */
export type EpcClass = 'item' | 'container' | 'other';

export type ElementPair = readonly [ai: string, value: string];

export const element = (ai: string, value: string): ElementPair => [ai, value];

/** A location; an extension of 0 stands for one without an extension (TDS 6.3.3 and 14.6.3). */
export const placeElements = (gln: string, extension: string): readonly ElementPair[] =>
  extension === '0' ? [element('414', gln)] : [element('414', gln), element('254', extension)];

/** What all encodings of one kind of key have in common. */
export interface Family {
  /** The name in `urn:epc:id:`; undefined for the schemes of TDS 2, which have no URN. */
  readonly urn: string | undefined;
  readonly class: EpcClass;
  /** The application identifiers that say the same in a barcode; none for keys that are not GS1's. */
  readonly elements: (parts: readonly string[]) => readonly ElementPair[];
}

export interface Scheme {
  readonly header: number;
  readonly name: string;
  /** Length in bits, header included; undefined when the fields end themselves. */
  readonly bits: number | undefined;
  readonly family: Family;
  readonly fields: readonly Field[];
}

const SGTIN = family('sgtin', 'item', ([company, item, serial]) => [
  element('01', leadingDigitFirst(company!, item!)),
  element('21', serial!),
]);
const SSCC = family('sscc', 'container', ([company, reference]) => [
  element('00', leadingDigitFirst(company!, reference!)),
]);
const SGLN = family('sgln', 'other', ([company, location, extension]) =>
  placeElements(withCheckDigit(company! + location!), extension!),
);
const GRAI = family('grai', 'container', ([company, asset, serial]) => [
  element('8003', `0${withCheckDigit(company! + asset!)}${serial!}`),
]);
const GIAI = family('giai', 'other', ([company, asset]) => [element('8004', company! + asset!)]);
const GSRN = family('gsrn', 'other', ([company, service]) => [element('8018', withCheckDigit(company! + service!))]);
const GSRNP = family('gsrnp', 'other', ([company, service]) => [element('8017', withCheckDigit(company! + service!))]);
const GDTI = family('gdti', 'other', ([company, type, serial]) => [
  element('253', withCheckDigit(company! + type!) + serial!),
]);
const CPI = family('cpi', 'other', ([company, part, serial]) => [
  element('8010', company! + part!),
  element('8011', serial!),
]);
const SGCN = family('sgcn', 'other', ([company, coupon, serial]) => [
  element('255', withCheckDigit(company! + coupon!) + serial!),
]);
const ITIP = family('itip', 'other', ([company, item, piece, total, serial]) => [
  element('8006', leadingDigitFirst(company!, item!) + piece! + total!),
  element('21', serial!),
]);
const GID = family('gid', 'other', () => []);
const USDOD = family('usdod', 'other', () => []);
const ADI = family('adi', 'other', () => []);

const GTIN_PARTS = partition(44, paddedReference(13));
const SSCC_PARTS = partition(58, paddedReference(17));
const GLN_PARTS = partition(41, paddedReference(12));
const GRAI_PARTS = partition(44, paddedReference(12));
const PIECE = padded(7, 2);
const TOTAL = padded(7, 2);

export const SCHEMES: readonly Scheme[] = [
  row(0x2c, 'GDTI-96', 96, GDTI, filter(3), GLN_PARTS, integer(41)),
  row(0x2d, 'GSRN-96', 96, GSRN, filter(3), SSCC_PARTS, zeros(24)),
  row(0x2e, 'GSRNP-96', 96, GSRNP, filter(3), SSCC_PARTS, zeros(24)),
  row(0x2f, 'USDOD-96', 96, USDOD, filter(4), cage(8), integer(36)),
  row(0x30, 'SGTIN-96', 96, SGTIN, filter(3), GTIN_PARTS, integer(38)),
  row(0x31, 'SSCC-96', 96, SSCC, filter(3), SSCC_PARTS, zeros(24)),
  row(0x32, 'SGLN-96', 96, SGLN, filter(3), GLN_PARTS, integer(41)),
  row(0x33, 'GRAI-96', 96, GRAI, filter(3), GRAI_PARTS, integer(38)),
  row(0x34, 'GIAI-96', 96, GIAI, filter(3), partition(82, integerReference)),
  row(0x35, 'GID-96', 96, GID, integer(28), integer(24), integer(36)),
  row(0x36, 'SGTIN-198', 198, SGTIN, filter(3), GTIN_PARTS, text7(140, 20)),
  row(0x37, 'GRAI-170', 170, GRAI, filter(3), GRAI_PARTS, text7(112, 16)),
  row(0x38, 'GIAI-202', 202, GIAI, filter(3), partition(188, text7Reference(30))),
  row(0x39, 'SGLN-195', 195, SGLN, filter(3), GLN_PARTS, text7(140, 20)),
  row(0x3a, 'GDTI-113', 113, GDTI, filter(3), GLN_PARTS, numericString(58)),
  row(0x3b, 'ADI-var', undefined, ADI, filter(6), cage(6), text6(32, /^[-/0-9A-Z]*$/), text6(30, /^#?[-/0-9A-Z]+$/)),
  row(0x3c, 'CPI-96', 96, CPI, filter(3), partition(51, integerReference), integer(31)),
  row(0x3d, 'CPI-var', undefined, CPI, filter(3), partition(40, text6Reference(30)), integer(40)),
  row(0x3e, 'GDTI-174', 174, GDTI, filter(3), GLN_PARTS, text7(119, 17)),
  row(0x3f, 'SGCN-96', 96, SGCN, filter(3), GLN_PARTS, numericString(41)),
  row(0x40, 'ITIP-110', 110, ITIP, filter(3), GTIN_PARTS, PIECE, TOTAL, integer(38)),
  row(0x41, 'ITIP-212', 212, ITIP, filter(3), GTIN_PARTS, PIECE, TOTAL, text7(140, 20)),
];

function row(header: number, name: string, bits: number | undefined, kind: Family, ...fields: Field[]): Scheme {
  return { header, name, bits, family: kind, fields };
}

function family(urn: string, epcClass: EpcClass, elements: Family['elements']): Family {
  return { urn, class: epcClass, elements };
}

/** GTIN and SSCC put their first digit in front of the company prefix, EPC URIs behind it (TDS 7.3 and 7.4). */
function leadingDigitFirst(company: string, reference: string): string {
  return withCheckDigit(reference.charAt(0) + company + reference.slice(1));
}
