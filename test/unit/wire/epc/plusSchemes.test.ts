// The ways in which TDS 2 writes a text (14.5.6), each with a tag put together by hand.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEpc } from '../../../../src/wire/epc/decodeEpc.ts';
import { withCheckDigit } from '../../../../src/wire/epc/checkDigit.ts';

const GTIN = '79521141123453';
const BASE64_URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODE_40 = ' ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789';

const binary = (value: bigint | number, bits: number): string => BigInt(value).toString(2).padStart(bits, '0');
const bcd = (digits: string): string => Array.from(digits, (digit) => binary(Number(digit), 4)).join('');
const each = (text: string, bits: number, code: (char: string) => number): string =>
  Array.from(text, (char) => binary(code(char), bits)).join('');
const toHex = (bits: string): string =>
  bits
    .padEnd(Math.ceil(bits.length / 16) * 16, '0')
    .match(/.{4}/g)!
    .map((nibble) => Number.parseInt(nibble, 2).toString(16).toUpperCase())
    .join('');
const code40 = (text: string): string =>
  text
    .padEnd(Math.ceil(text.length / 3) * 3, ' ')
    .match(/.{3}/g)!
    .map((three) => binary(Array.from(three).reduce((sum, char) => sum * 40 + CODE_40.indexOf(char), 0) + 1, 16))
    .join('');

const head = (header: number): string => binary(header, 8) + binary(0, 4);

interface Encoding {
  readonly indicator: number;
  readonly characters: RegExp;
  readonly bits: (text: string) => string;
}

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  'a number': {
    indicator: 0,
    characters: /^\d{1,20}$/,
    bits: (text) => binary(BigInt(text), Math.ceil(text.length * Math.log2(10))),
  },
  'upper-case hex': {
    indicator: 1,
    characters: /^[0-9A-F]{1,20}$/,
    bits: (text) => each(text, 4, (char) => Number.parseInt(char, 16)),
  },
  'lower-case hex': {
    indicator: 2,
    characters: /^[0-9a-f]{1,20}$/,
    bits: (text) => each(text, 4, (char) => Number.parseInt(char, 16)),
  },
  base64url: {
    indicator: 3,
    characters: /^[-\w]{1,20}$/,
    bits: (text) => each(text, 6, (char) => BASE64_URL.indexOf(char)),
  },
  '7-bit ASCII': {
    indicator: 4,
    characters: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/,
    bits: (text) => each(text, 7, (char) => char.charCodeAt(0)),
  },
  'URN Code 40': { indicator: 5, characters: /^[-.:0-9A-Z]{1,20}$/, bits: code40 },
};

const sgtinPlus = (indicator: number, length: number, serialBits: string): string =>
  toHex(
    binary(0xf7, 8) + binary(0, 1) + binary(3, 3) + bcd(GTIN) + binary(indicator, 3) + binary(length, 5) + serialBits,
  );

describe('the serial of an SGTIN+', () => {
  it.each(Object.entries(ENCODINGS))('written as %s', (_name, { indicator, characters, bits }) => {
    fc.assert(
      fc.property(fc.stringMatching(characters), (serial) => {
        const hex = sgtinPlus(indicator, serial.length, bits(serial));
        expect(decodeEpc(hex)).toMatchObject({ scheme: 'SGTIN+', hex, filter: 3, gtin14: GTIN, serial });
      }),
    );
  });

  it.each([
    ['no characters', sgtinPlus(4, 0, ''), 'out-of-range'],
    ['more characters than AI (21) allows', sgtinPlus(1, 21, '0'.repeat(84)), 'out-of-range'],
    ['a number with more digits than it says', sgtinPlus(0, 1, '1111'), 'out-of-range'],
    ['a way of writing that is reserved', sgtinPlus(6, 1, '0'.repeat(8)), 'out-of-range'],
    ['a character outside CSET 82', sgtinPlus(4, 1, binary('@'.charCodeAt(0), 7)), 'bad-text'],
    ['a gap in URN Code 40', sgtinPlus(5, 3, binary(1600 + 5 + 1, 16)), 'bad-text'],
    ['less than it says', sgtinPlus(4, 20, binary('A'.charCodeAt(0), 7)), 'truncated'],
  ])('cannot be %s', (_name, hex, reason) => {
    expect(decodeEpc(hex)).toMatchObject({ kind: 'raw', reason, scheme: 'SGTIN+' });
  });
});

describe('a GIAI+ and a CPI+', () => {
  it('end their digits with a terminator when nothing but digits follows', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{4,30}$/), (giai) => {
        expect(decodeEpc(toHex(`${head(0xfa)}${bcd(giai)}1111`))).toMatchObject({
          scheme: 'GIAI+',
          digitalLinkPath: `/8004/${giai}`,
        });
      }),
    );
  });

  it('go on as text behind a delimiter, and keep the zeros of their serial', () => {
    const component = `${bcd('9521141')}1110${binary(4, 3)}${binary(3, 5)}${each('A#7', 7, (char) => char.charCodeAt(0))}`;
    const serial = binary(4, 4) + binary(42, 14);
    expect(decodeEpc(toHex(head(0xf0) + component + serial))).toMatchObject({
      scheme: 'CPI+',
      digitalLinkPath: '/8010/9521141A%237/8011/0042',
    });
  });

  it('are no EPC when their digits never end', () => {
    expect(decodeEpc(toHex(`${head(0xfa)}${bcd('1'.repeat(31))}1111`))).toMatchObject({ reason: 'out-of-range' });
    expect(decodeEpc(toHex(`${head(0xfa)}${bcd('12')}1010`))).toMatchObject({ reason: 'out-of-range' });
  });
});

describe('a host name behind the EPC', () => {
  it('is stepped over, whichever way it is written', () => {
    const sscc = withCheckDigit('09520123456789123');
    const key = binary(0xef, 8) + binary(0, 4) + bcd(sscc);
    const inCode40 = `0${binary(11, 6)}${code40('EXAMPLE.COM')}`;
    const inSevenBits = `1${binary(9, 6)}${each('\u0020example[', 7, (char) => char.charCodeAt(0))}`;
    for (const host of [inCode40, inSevenBits]) {
      const hex = toHex(key + host);
      expect(decodeEpc(hex)).toMatchObject({ scheme: 'SSCC++', hex, sscc18: sscc, digitalLinkPath: `/00/${sscc}` });
    }
  });
});
