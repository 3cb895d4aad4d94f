// The EPC schemes of the Tag Data Standard 2.3: GS1 keys whole, check digit included, so the length of the company
// prefix is not known and there is no EPC URN. Each key has a `+` scheme, and a `++` scheme that adds a host name.
// To add a scheme, add a row.
import { CSET_39, CSET_82, filter, zeros } from './fields.ts';
import type { Field } from './fields.ts';
import {
  checkedDigits,
  countedDigits,
  countedText,
  dataToggle,
  digits,
  digitsThenText,
  hostname,
  prioritisedDate,
} from './plusFields.ts';
import { element, placeElements } from './schemes.ts';
import type { EpcClass, Family, Scheme } from './schemes.ts';

const SERIAL = countedText(20, CSET_82);

export const PLUS_SCHEMES: readonly Scheme[] = [
  ...pair('SGTIN', 0xf7, 0xfd, 'item', [checkedDigits(14), SERIAL], ([gtin, serial]) => [
    element('01', gtin!),
    element('21', serial!),
  ]),
  ...pair('DSGTIN', 0xfb, 0xfc, 'item', [prioritisedDate, checkedDigits(14), SERIAL], ([ai, date, gtin, serial]) => [
    element('01', gtin!),
    element('21', serial!),
    element(ai!, date!),
  ]),
  ...pair('SSCC', 0xf9, 0xef, 'container', [checkedDigits(18)], ([sscc]) => [element('00', sscc!)]),
  ...pair('SGLN', 0xf2, 0xe9, 'other', [checkedDigits(13), SERIAL], ([gln, extension]) =>
    placeElements(gln!, extension!),
  ),
  ...pair('GRAI', 0xf1, 0xeb, 'container', [zeros(4), checkedDigits(13), countedText(16, CSET_82)], (parts) => [
    element('8003', `0${parts.join('')}`),
  ]),
  ...pair('GIAI', 0xfa, 0xee, 'other', [digitsThenText(30, CSET_82)], ([giai]) => [element('8004', giai!)]),
  ...pair('GSRN', 0xf4, 0xe7, 'other', [checkedDigits(18)], ([gsrn]) => [element('8018', gsrn!)]),
  ...pair('GSRNP', 0xf5, 0xe8, 'other', [checkedDigits(18)], ([gsrn]) => [element('8017', gsrn!)]),
  ...pair('GDTI', 0xf6, 0xea, 'other', [checkedDigits(13), countedText(17, CSET_82)], (parts) => [
    element('253', parts.join('')),
  ]),
  ...pair('CPI', 0xf0, 0xe6, 'other', [digitsThenText(30, CSET_39), countedDigits(4, 12)], ([component, serial]) => [
    element('8010', component!),
    element('8011', serial!),
  ]),
  ...pair('SGCN', 0xf8, 0xec, 'other', [checkedDigits(13), countedDigits(4, 12)], (parts) => [
    element('255', parts.join('')),
  ]),
  ...pair('ITIP', 0xf3, 0xed, 'other', [checkedDigits(14), digits(4), SERIAL], ([gtin, pieceOfTotal, serial]) => [
    element('8006', gtin! + pieceOfTotal!),
    element('21', serial!),
  ]),
];

function pair(
  name: string,
  plusHeader: number,
  plusPlusHeader: number,
  epcClass: EpcClass,
  key: readonly Field[],
  elements: Family['elements'],
): readonly Scheme[] {
  const family: Family = { urn: undefined, class: epcClass, elements };
  const fields = [dataToggle, filter(3), ...key];
  return [
    { header: plusHeader, name: `${name}+`, bits: undefined, family, fields },
    { header: plusPlusHeader, name: `${name}++`, bits: undefined, family, fields: [...fields, hostname] },
  ];
}
