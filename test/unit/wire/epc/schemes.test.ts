// Tags of every scheme of TDS 1, put together bit by bit from the tables of the standard (14.6), must decode to what
// was put in. The tables are written out here once more, so that a slip in one of the two shows.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEpc } from '../../../../src/wire/epc/decodeEpc.ts';

/** A row for each partition value: bits and digits of the company prefix, bits and most characters of the reference. */
type PartitionTable = readonly (readonly number[])[];

const GTIN = table('40/12 4/1, 37/11 7/2, 34/10 10/3, 30/9 14/4, 27/8 17/5, 24/7 20/6, 20/6 24/7');
const SSCC = table('40/12 18/5, 37/11 21/6, 34/10 24/7, 30/9 28/8, 27/8 31/9, 24/7 34/10, 20/6 38/11');
const GLN = table('40/12 1/0, 37/11 4/1, 34/10 7/2, 30/9 11/3, 27/8 14/4, 24/7 17/5, 20/6 21/6');
const GRAI = table('40/12 4/0, 37/11 7/1, 34/10 10/2, 30/9 14/3, 27/8 17/4, 24/7 20/5, 20/6 24/6');
const GIAI_96 = table('40/12 42/13, 37/11 45/14, 34/10 48/15, 30/9 52/16, 27/8 55/17, 24/7 58/18, 20/6 62/19');
const GIAI_202 = table('40/12 148/18, 37/11 151/19, 34/10 154/20, 30/9 158/21, 27/8 161/22, 24/7 164/23, 20/6 168/24');
const CPI_96 = table('40/12 11/3, 37/11 14/4, 34/10 17/5, 30/9 21/6, 27/8 24/7, 24/7 27/8, 20/6 31/9');
const CPI_VAR = table('40/12 114/18, 37/11 120/19, 34/10 126/20, 30/9 132/21, 27/8 138/22, 24/7 144/23, 20/6 150/24');

interface Piece {
  readonly bits: string;
  /** The components of the URI that it stands for, unescaped. */
  readonly parts: readonly string[];
}
type Pieces = fc.Arbitrary<Piece>;

const binary = (value: bigint | number, bits: number): string => BigInt(value).toString(2).padStart(bits, '0');
const below = (limit: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: limit - 1n });
const least = (first: bigint, second: bigint): bigint => (first < second ? first : second);

const integer = (bits: number): Pieces =>
  below(2n ** BigInt(bits)).map((value) => ({ bits: binary(value, bits), parts: [value.toString()] }));
const padded = (bits: number, digits: number): Pieces =>
  below(least(10n ** BigInt(digits), 2n ** BigInt(bits))).map((value) => ({
    bits: binary(value, bits),
    parts: [digits === 0 ? '' : value.toString().padStart(digits, '0')],
  }));
const numericString = (bits: number, digitsMax: number): Pieces =>
  fc
    .stringMatching(new RegExp(`^\\d{1,${digitsMax}}$`))
    .map((digits) => ({ bits: binary(BigInt(`1${digits}`), bits), parts: [digits] }));
const characters = (text: string, bitsPerChar: number): string =>
  Array.from(text, (char) => binary(char.charCodeAt(0) % 2 ** bitsPerChar, bitsPerChar)).join('');
const text7 = (bits: number, charsMax: number): Pieces =>
  fc
    .stringMatching(new RegExp(`^[!"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]{1,${charsMax}}$`))
    .map((text) => ({ bits: characters(text, 7).padEnd(bits, '0'), parts: [text] }));
const text6 = (pattern: RegExp): Pieces =>
  fc.stringMatching(pattern).map((text) => ({ bits: `${characters(text, 6)}000000`, parts: [text] }));
const cage = (bitsPerChar: 6 | 8): Pieces =>
  fc
    .stringMatching(/^[0-9A-HJ-NP-Z]{5,6}$/)
    .map((code) => ({ bits: characters(code.padStart(6, ' '), bitsPerChar), parts: [code] }));
const zeros = (bits: number): Pieces => fc.constant({ bits: '0'.repeat(bits), parts: [] });
const sequence = (...pieces: readonly Pieces[]): Pieces =>
  fc.tuple(...pieces).map((all) => ({
    bits: all.map(({ bits }) => bits).join(''),
    parts: all.flatMap(({ parts }) => parts),
  }));
const partition = (rows: PartitionTable, reference: (bits: number, size: number) => Pieces): Pieces =>
  fc.nat(6).chain((value) => {
    const [companyBits, companyDigits, bits, size] = rows[value]! as [number, number, number, number];
    const head = fc.constant<Piece>({ bits: binary(value, 3), parts: [] });
    return sequence(head, padded(companyBits, companyDigits), reference(bits, size));
  });

interface Layout {
  readonly header: number;
  readonly filterBits: number;
  readonly bits?: number;
  readonly body: Pieces;
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'GDTI-96': { header: 0x2c, filterBits: 3, bits: 96, body: sequence(partition(GLN, padded), integer(41)) },
  'GSRN-96': { header: 0x2d, filterBits: 3, bits: 96, body: sequence(partition(SSCC, padded), zeros(24)) },
  'GSRNP-96': { header: 0x2e, filterBits: 3, bits: 96, body: sequence(partition(SSCC, padded), zeros(24)) },
  'USDOD-96': { header: 0x2f, filterBits: 4, bits: 96, body: sequence(cage(8), integer(36)) },
  'SGTIN-96': { header: 0x30, filterBits: 3, bits: 96, body: sequence(partition(GTIN, padded), integer(38)) },
  'SSCC-96': { header: 0x31, filterBits: 3, bits: 96, body: sequence(partition(SSCC, padded), zeros(24)) },
  'SGLN-96': { header: 0x32, filterBits: 3, bits: 96, body: sequence(partition(GLN, padded), integer(41)) },
  'GRAI-96': { header: 0x33, filterBits: 3, bits: 96, body: sequence(partition(GRAI, padded), integer(38)) },
  'GIAI-96': { header: 0x34, filterBits: 3, bits: 96, body: partition(GIAI_96, integer) },
  'GID-96': { header: 0x35, filterBits: 0, bits: 96, body: sequence(integer(28), integer(24), integer(36)) },
  'SGTIN-198': { header: 0x36, filterBits: 3, bits: 198, body: sequence(partition(GTIN, padded), text7(140, 20)) },
  'GRAI-170': { header: 0x37, filterBits: 3, bits: 170, body: sequence(partition(GRAI, padded), text7(112, 16)) },
  'GIAI-202': { header: 0x38, filterBits: 3, bits: 202, body: partition(GIAI_202, text7) },
  'SGLN-195': { header: 0x39, filterBits: 3, bits: 195, body: sequence(partition(GLN, padded), text7(140, 20)) },
  'GDTI-113': { header: 0x3a, filterBits: 3, bits: 113, body: sequence(partition(GLN, padded), numericString(58, 17)) },
  'ADI-var': {
    header: 0x3b,
    filterBits: 6,
    body: sequence(cage(6), text6(/^[-/0-9A-Z]{0,32}$/), text6(/^(#[-/0-9A-Z]{1,29}|[-/0-9A-Z]{1,30})$/)),
  },
  'CPI-96': { header: 0x3c, filterBits: 3, bits: 96, body: sequence(partition(CPI_96, integer), integer(31)) },
  'CPI-var': {
    header: 0x3d,
    filterBits: 3,
    body: sequence(
      partition(CPI_VAR, (_, size) => text6(new RegExp(`^[-#/0-9A-Z]{1,${size}}$`))),
      integer(40),
    ),
  },
  'GDTI-174': { header: 0x3e, filterBits: 3, bits: 174, body: sequence(partition(GLN, padded), text7(119, 17)) },
  'SGCN-96': { header: 0x3f, filterBits: 3, bits: 96, body: sequence(partition(GLN, padded), numericString(41, 12)) },
  'ITIP-110': {
    header: 0x40,
    filterBits: 3,
    bits: 110,
    body: sequence(partition(GTIN, padded), padded(7, 2), padded(7, 2), integer(38)),
  },
  'ITIP-212': {
    header: 0x41,
    filterBits: 3,
    bits: 212,
    body: sequence(partition(GTIN, padded), padded(7, 2), padded(7, 2), text7(140, 20)),
  },
};

const toHex = (bits: string): string =>
  bits
    .padEnd(Math.ceil(bits.length / 16) * 16, '0')
    .match(/.{4}/g)!
    .map((nibble) => Number.parseInt(nibble, 2).toString(16).toUpperCase())
    .join('');

const escaped = (part: string): string =>
  part.replaceAll(/["%&/<>?#]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

describe('a tag built bit by bit from the tables of TDS', () => {
  it.each(Object.entries(LAYOUTS))('%s decodes to what was put in', (name, { header, filterBits, bits, body }) => {
    fc.assert(
      fc.property(fc.nat(2 ** filterBits - 1), body, (filter, piece) => {
        const bank = binary(header, 8) + (filterBits === 0 ? '' : binary(filter, filterBits)) + piece.bits;
        expect(bank).toHaveLength(bits ?? bank.length);
        const hex = toHex(bank);
        const components = piece.parts.map(escaped).join('.');
        const kind = name.slice(0, name.indexOf('-')).toLowerCase();
        expect(decodeEpc(hex)).toMatchObject({
          kind: 'gs1',
          scheme: name,
          hex,
          filter: filterBits === 0 ? undefined : filter,
          pureIdentityUri: `urn:epc:id:${kind}:${components}`,
          tagUri: `urn:epc:tag:${name.toLowerCase()}:${filterBits === 0 ? '' : `${filter}.`}${components}`,
        });
      }),
    );
  });

  it.each(Object.entries(LAYOUTS))(
    '%s is truncated when its last word is missing',
    (name, { header, filterBits, body }) => {
      fc.assert(
        fc.property(body, (piece) => {
          const bank = binary(header, 8) + '0'.repeat(filterBits) + piece.bits;
          const hex = toHex(bank);
          const cut = decodeEpc(hex.slice(0, -4));
          expect(cut).toMatchObject({ kind: 'raw', reason: 'truncated', scheme: name });
        }),
      );
    },
  );
});

function table(rows: string): PartitionTable {
  return rows.split(', ').map((row) => row.split(/[ /]/).map(Number));
}
