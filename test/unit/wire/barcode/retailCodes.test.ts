import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtin14Of, gtin14OfEan8 } from '../../../../src/wire/barcode/retailCodes.ts';
import { withCheckDigit } from '../../../../src/wire/epc/checkDigit.ts';

const digits = (count: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{${count}}$`));

describe('a UPC-E', () => {
  // One for each place where zeros were left out; the twelve digits are those printed below the same UPC-A.
  it.each([
    ['01234505', '012000003455'],
    ['01234514', '012100003454'],
    ['01234523', '012200003453'],
    ['01234531', '012300000451'],
    ['01234543', '012340000053'],
    ['01234558', '012345000058'],
    ['01234565', '012345000065'],
    ['01234596', '012345000096'],
  ])('%s is the UPC-A %s', (upcE, upcA) => {
    expect(gtin14Of(upcE)).toBe(`00${upcA}`);
    expect(gtin14Of(upcA)).toBe(`00${upcA}`);
  });

  it('does not begin with 1: then it is an EAN-8', () => {
    expect(gtin14Of('12345670')).toBe('00000012345670');
  });

  it('is an EAN-8 when the symbol was one', () => {
    expect(gtin14OfEan8('01234565')).toBe('00000001234565');
    expect(gtin14OfEan8('01234566')).toBeUndefined();
  });
});

describe('an article', () => {
  it('has one GTIN, however many of its leading zeros the symbol carries', () => {
    fc.assert(
      fc.property(digits(11), (body) => {
        const upcA = withCheckDigit(body);
        const gtin14 = `00${upcA}`;
        expect([upcA, `0${upcA}`, gtin14].map(gtin14Of)).toEqual([gtin14, gtin14, gtin14]);
      }),
    );
  });

  it('has none when a digit was read wrong or is missing', () => {
    fc.assert(
      fc.property(digits(12), fc.integer({ min: 1, max: 9 }), (body, change) => {
        const right = withCheckDigit(body);
        const wrong = body + ((Number(right.at(-1)) + change) % 10);
        expect(gtin14Of(wrong)).toBeUndefined();
      }),
    );
    expect(['', '1', '123456789', '12345678901', '123456789012345', '1234567x'].map(gtin14Of)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });
});
