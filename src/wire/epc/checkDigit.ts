// The GS1 check digit: the same for GTIN, SSCC, GLN, GSRN and every other numeric key (GS1 General Specifications,
// 7.9.1). Input is digits only; nothing here looks at anything else.

const ZERO = 48;

/** The check digit that belongs behind `digits`: weights 3, 1, 3, … from the right, up to the next multiple of ten. */
export function checkDigitOf(digits: string): number {
  let sum = 0;
  for (let index = digits.length - 1, weight = 3; index >= 0; index--, weight = 4 - weight) {
    sum += (digits.charCodeAt(index) - ZERO) * weight;
  }
  return (10 - (sum % 10)) % 10;
}

/** `digits` with its check digit behind. */
export const withCheckDigit = (digits: string): string => digits + checkDigitOf(digits);

/** Whether the last of `digits` is the check digit of those before it. */
export const hasRightCheckDigit = (digits: string): boolean =>
  digits.charCodeAt(digits.length - 1) - ZERO === checkDigitOf(digits.slice(0, -1));
