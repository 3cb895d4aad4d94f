import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Epc, bankEpc, hexEpc, lenientNumber } from '../../../../src/wire/formats/field.ts';

const epc = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes));

describe('base64Epc', () => {
  it('agrees with Buffer in either alphabet, padded or not', () => {
    fc.assert(
      fc.property(epc, (bytes) => {
        const hex = bytes.toString('hex').toUpperCase();
        const standard = bytes.toString('base64');
        const unpadded = bytes.toString('base64url');
        const padded = standard.replaceAll('+', '-').replaceAll('/', '_');
        expect([standard, unpadded, padded].map(base64Epc)).toEqual([hex, hex, hex]);
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts nothing but what some EPC is written as', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9+/=_-]{0,24}$/u));
    fc.assert(
      fc.property(text, (value) => {
        const hex = base64Epc(value);
        const written = hex === undefined ? '' : Buffer.from(hex, 'hex').toString('base64url');
        const plain = value.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
        expect(hex === undefined || written === plain).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('hexEpc and bankEpc', () => {
  it('take any EPC in hex, and no other text', () => {
    fc.assert(
      fc.property(epc, fc.string({ unit: 'binary' }), (bytes, text) => {
        const hex = bytes.toString('hex');
        expect(hexEpc(hex)).toBe(hex);
        expect(hexEpc(text)).toBe(/^[0-9A-Fa-f]{2,128}$/u.test(text) ? text : undefined);
      }),
    );
  });

  it('find the EPC that its protocol control word measures', () => {
    const words = fc.integer({ min: 1, max: 31 });
    fc.assert(
      fc.property(words, fc.nat(0x7ff), (count, rest) => {
        const hex = 'AB12'.repeat(count);
        const pc = ((count << 11) | rest).toString(16).padStart(4, '0');
        expect(bankEpc(pc + hex, 0)).toBe(hex);
        expect(bankEpc(`d98a${pc}${hex}`, 4)).toBe(hex);
        expect(bankEpc(`${pc}${hex}AB12`, 0)).toBeUndefined();
      }),
    );
  });
});

describe('lenientNumber', () => {
  it.each([
    [-57.5, -57.5],
    ['-57,5', -57.5],
    ['+3', 3],
    ['1793607250123456789', 1_793_607_250_123_456_800],
  ])('%j is %d', (value, number) => expect(lenientNumber(value)).toBe(number));

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    ' 1',
    '1e5',
    '0x10',
    '1,234,5',
    'NaN',
    '9'.repeat(21),
    null,
    true,
    [],
    {},
  ])('%j is none', (value) => expect(lenientNumber(value)).toBeNaN());
});
