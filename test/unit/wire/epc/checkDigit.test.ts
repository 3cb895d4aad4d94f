import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigitOf, hasRightCheckDigit, withCheckDigit } from '../../../../src/wire/epc/checkDigit.ts';

describe('the check digit', () => {
  it.each([
    ['GTIN-8', '96385074'],
    ['GTIN-12', '614141000036'],
    ['GTIN-13', '9521234543213'],
    ['GTIN-14', '80614141123458'],
    ['SSCC', '106141412345678908'],
    ['GSRN', '952114112345678906'],
  ])('of a %s is its last', (_key, digits) => {
    expect(hasRightCheckDigit(digits)).toBe(true);
    expect(withCheckDigit(digits.slice(0, -1))).toBe(digits);
  });

  const body = fc.array(fc.nat(9), { minLength: 7, maxLength: 17 }).map((all) => all.join(''));

  it('does not change with zeros in front, so a GTIN keeps it in 14 digits', () => {
    fc.assert(
      fc.property(body, fc.nat(6), (digits, zeros) => {
        expect(checkDigitOf('0'.repeat(zeros) + digits)).toBe(checkDigitOf(digits));
      }),
    );
  });

  it('notices every single digit that is read wrong', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, place, change) => {
        const right = withCheckDigit(digits);
        const at = place % right.length;
        const wrong = right.slice(0, at) + ((Number(right[at]) + change) % 10) + right.slice(at + 1);
        expect(hasRightCheckDigit(wrong)).toBe(false);
      }),
    );
  });
});
