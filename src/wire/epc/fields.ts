// The building blocks of an EPC's binary layout, as the Tag Data Standard (TDS) 1.13 names them in 14.4. A field takes
// its bits off the front and appends the texts they stand for, or says why the bits cannot mean anything.
import { takeDecimal, takeNumber } from './bits.ts';
import type { BitCursor } from './bits.ts';

/** Why a bank holds no EPC that we can name. None of these is an error: the tag is known by its hex. */
export type RawReason =
  | 'unprogrammed' // header 00: a tag as it left the factory
  | 'tid-class' // header E2: a factory number in the form of a TID
  | 'reserved-header' // no scheme has this header
  | 'truncated' // fewer bits than the scheme needs
  | 'data-after-end' // something other than zeros behind the last field
  | 'reserved-partition' // partition 7
  | 'reserved-bits' // bits that must be zero are not: text that begins like an SSCC, for one
  | 'out-of-range' // a number with more digits than its field may have, a length that cannot be
  | 'bad-text' // a character that is not allowed there, or no character at all
  | 'bad-check-digit'; // TDS 2 schemes carry the check digit

/** What has been read of a bank so far. `parts` are the components of the EPC's URI, unescaped, in order. */
export interface Reading extends BitCursor {
  filter: number | undefined;
  /** TDS 2 schemes may say that more data follows behind the EPC. */
  dataFollows: boolean;
  readonly parts: string[];
}

export type Field = (reading: Reading) => RawReason | undefined;

/** GS1 AI encodable character set 82 (General Specifications, figure 7.11-1): serials, lots and the like. */
export const CSET_82 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/;
/** GS1 AI encodable character set 39 (figure 7.11-2): component and part references. */
export const CSET_39 = /^[#\-/0-9A-Z]+$/;

/** For prefixes of 12, 11, … 6 digits: partition values 0 to 6, in every partition table of TDS. */
export const COMPANY_PREFIX_BITS = [40, 37, 34, 30, 27, 24, 20] as const;
export const COMPANY_PREFIX_DIGITS_MAX = 12;

export const filter =
  (bits: number): Field =>
  (reading) => {
    reading.filter = takeNumber(reading, bits);
    return undefined;
  };

/** Bits that TDS reserves: they must be zero. */
export const zeros =
  (bits: number): Field =>
  (reading) =>
    takeNumber(reading, bits) === 0 ? undefined : 'reserved-bits';

/** 14.4.1: a number without leading zeros. */
export const integer =
  (bits: number): Field =>
  (reading) => {
    reading.parts.push(takeDecimal(reading, bits));
    return undefined;
  };

/** 14.4.10: a number of exactly so many digits, leading zeros and all. With no digits the bits must be zero. */
export const padded =
  (bits: number, digits: number): Field =>
  (reading) => {
    const value = takeNumber(reading, bits);
    if (value >= 10 ** digits) return 'out-of-range';
    reading.parts.push(digits === 0 ? '' : String(value).padStart(digits, '0'));
    return undefined;
  };

/** 14.4.6: digits whose leading zeros are kept by a 1 in front of them. */
export const numericString =
  (bits: number): Field =>
  (reading) => {
    const numeral = takeDecimal(reading, bits);
    if (numeral.length < 2 || !numeral.startsWith('1')) return 'out-of-range';
    reading.parts.push(numeral.slice(1));
    return undefined;
  };

/** 14.4.2: 7-bit characters, filled up with zeros; at least one, at most `charsMax`. */
export const text7 =
  (bits: number, charsMax: number): Field =>
  (reading) => {
    const end = reading.at + bits;
    let text = '';
    while (text.length < charsMax) {
      const code = takeNumber(reading, 7);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    while (reading.at < end) {
      if (takeNumber(reading, Math.min(7, end - reading.at)) !== 0) return 'bad-text';
    }
    if (!CSET_82.test(text)) return 'bad-text';
    reading.parts.push(text);
    return undefined;
  };

/** 14.4.8: 6-bit characters up to six zero bits, together matching `allowed`. */
export const text6 =
  (charsMax: number, allowed: RegExp): Field =>
  (reading) => {
    let text = '';
    for (let code = takeNumber(reading, 6); code !== 0; code = takeNumber(reading, 6)) {
      if (text.length === charsMax) return 'bad-text';
      text += sixBitCharacter(code);
    }
    if (!allowed.test(text)) return 'bad-text';
    reading.parts.push(text);
    return undefined;
  };

/** 14.4.7 and the DoD guide: a five-character CAGE code behind a space, or a six-character DoDAAC. */
export const cage =
  (bitsPerChar: 6 | 8): Field =>
  (reading) => {
    let text = '';
    for (let index = 0; index < 6; index++) {
      const code = takeNumber(reading, bitsPerChar);
      text += bitsPerChar === 6 ? sixBitCharacter(code) : String.fromCharCode(code);
    }
    if (!/^[ 0-9A-HJ-NP-Z][0-9A-HJ-NP-Z]{5}$/.test(text)) return 'bad-text';
    reading.parts.push(text.trimStart());
    return undefined;
  };

/** How the reference behind a company prefix is written, given the bits and digits that the prefix leaves for it. */
export type Reference = (bitsLeft: number, companyDigits: number) => Field;

/** 14.4.3: prefix and reference always have `digitsTotal` digits together. */
export const paddedReference =
  (digitsTotal: number): Reference =>
  (bitsLeft, companyDigits) =>
    padded(bitsLeft, digitsTotal - companyDigits);

/** 14.4.4: the reference is a number without leading zeros. */
export const integerReference: Reference = (bitsLeft) => integer(bitsLeft);

/** 14.4.5: the reference is text; prefix and reference have at most `charsTotal` characters together. */
export const text7Reference =
  (charsTotal: number): Reference =>
  (bitsLeft, companyDigits) =>
    text7(bitsLeft, charsTotal - companyDigits);

/** 14.4.9: as before in 6-bit characters, which end themselves. */
export const text6Reference =
  (charsTotal: number): Reference =>
  (_bitsLeft, companyDigits) =>
    text6(charsTotal - companyDigits, CSET_39);

/**
 * Three bits say how `bits` are split between a GS1 company prefix of 12 to 6 digits and a reference. The seven
 * splits are the same in every partition table of TDS: the prefix decides, the reference has what is left.
 */
export function partition(bits: number, reference: Reference): Field {
  const rows = COMPANY_PREFIX_BITS.map((companyBits, value) => {
    const companyDigits = COMPANY_PREFIX_DIGITS_MAX - value;
    return {
      company: padded(companyBits, companyDigits),
      reference: reference(bits - companyBits, companyDigits),
    };
  });
  return (reading) => {
    const row = rows[takeNumber(reading, 3)];
    if (row === undefined) return 'reserved-partition';
    return row.company(reading) ?? row.reference(reading);
  };
}

/** TDS annex G: letters are 1 to 26; everything else is its own ASCII code, of which 6 bits are kept. */
const sixBitCharacter = (code: number): string => String.fromCharCode(code < 32 ? code + 64 : code);
