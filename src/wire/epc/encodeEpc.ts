// Writes the three EPCs that a warehouse prints itself: items, logistic units, returnable assets. What goes in is
// checked as strictly as what comes out of a tag, so everything written here decodes to what went in.
import { rejected } from '../../kit/faults.ts';
import type { Epc } from '../entries.ts';
import { COMPANY_PREFIX_BITS, COMPANY_PREFIX_DIGITS_MAX } from './fields.ts';

interface Keyed {
  /** GS1 company prefix, 6 to 12 digits. */
  readonly companyPrefix: string;
  /** 0 to 7; 1 is an item at the till, 2 a case, 6 a unit load (TDS 10). 0, "all others", when left out. */
  readonly filter?: number;
}

export interface Sgtin96 extends Keyed {
  /** Indicator digit, then the item reference: 13 digits together with the prefix. */
  readonly itemReference: string;
  /** Below 2 ** 38. */
  readonly serial: number;
}

export interface Sscc96 extends Keyed {
  /** Extension digit, then the serial reference: 17 digits together with the prefix. */
  readonly serialReference: string;
}

export interface Grai96 extends Keyed {
  /** 12 digits together with the prefix: none behind a prefix of 12. */
  readonly assetType: string;
  /** Below 2 ** 38. */
  readonly serial: number;
}

type BitField = readonly [value: number, bits: number];

/** The hex of an SGTIN-96. Throws a `rejected` fault `bad-epc` when a part does not fit. */
export const encodeSgtin96 = ({ companyPrefix, itemReference, serial, filter = 0 }: Sgtin96): Epc =>
  pack([0x30, 8], [filter, 3], ...partitioned(companyPrefix, itemReference, 13, 44), [serial, 38]);

/** The hex of an SSCC-96. Throws a `rejected` fault `bad-epc` when a part does not fit. */
export const encodeSscc96 = ({ companyPrefix, serialReference, filter = 0 }: Sscc96): Epc =>
  pack([0x31, 8], [filter, 3], ...partitioned(companyPrefix, serialReference, 17, 58), [0, 24]);

/** The hex of a GRAI-96. Throws a `rejected` fault `bad-epc` when a part does not fit. */
export const encodeGrai96 = ({ companyPrefix, assetType, serial, filter = 0 }: Grai96): Epc =>
  pack([0x33, 8], [filter, 3], ...partitioned(companyPrefix, assetType, 12, 44), [serial, 38]);

function partitioned(company: string, reference: string, digitsTotal: number, bitsTotal: number): readonly BitField[] {
  const partition = COMPANY_PREFIX_DIGITS_MAX - company.length;
  const companyBits = COMPANY_PREFIX_BITS[partition];
  if (companyBits === undefined || company.length + reference.length !== digitsTotal) {
    throw rejected('bad-epc', `prefix and reference must be ${digitsTotal} digits, the prefix 6 to 12 of them`);
  }
  if (!/^\d+$/.test(company + reference)) throw rejected('bad-epc', 'prefix and reference must be digits');
  return [
    [partition, 3],
    [Number(company), companyBits],
    [Number(reference), bitsTotal - companyBits],
  ];
}

function pack(...fields: readonly BitField[]): Epc {
  let bank = 0n;
  let bitsTotal = 0;
  for (const [value, bits] of fields) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
      throw rejected('bad-epc', `${value} does not fit in ${bits} bits`);
    }
    bank = (bank << BigInt(bits)) | BigInt(value);
    bitsTotal += bits;
  }
  return bank
    .toString(16)
    .toUpperCase()
    .padStart(bitsTotal / 4, '0');
}
