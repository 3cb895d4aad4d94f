// Codes that are a GTIN and nothing else: EAN-8, EAN-13, UPC-A, UPC-E, ITF-14. In: digits as scanned. Out: the same
// GTIN in 14 digits, so that one article has one number whatever symbol it carries; undefined when it is none.
import { hasRightCheckDigit } from '../epc/checkDigit.ts';

const GTIN14_DIGITS = 14;
const EAN_8_DIGITS = 8;

/** Of 8, 12, 13 or 14 digits with the right check digit. Eight may be an EAN-8 or a UPC-E. */
export function gtin14Of(digits: string): string | undefined {
  if (!/^(\d{8}|\d{12,14})$/.test(digits)) return undefined;
  // An EAN-8 that begins with 0 may be used within one company only, a UPC-E always begins with 0.
  const full = (digits.length === EAN_8_DIGITS && upcAOfUpcE(digits)) || digits;
  return hasRightCheckDigit(full) ? full.padStart(GTIN14_DIGITS, '0') : undefined;
}

/** Of eight digits from an EAN-8 symbol, known by its AIM id. */
export const gtin14OfEan8 = (digits: string): string | undefined =>
  /^\d{8}$/.test(digits) && hasRightCheckDigit(digits) ? digits.padStart(GTIN14_DIGITS, '0') : undefined;

/**
 * The twelve digits that a UPC-E stands for: the last before its check digit says where zeros were left out.
 * Undefined when it does not begin with 0 or its check digit is not that of the twelve.
 */
function upcAOfUpcE(digits: string): string | undefined {
  if (!digits.startsWith('0')) return undefined;
  const [body, rule, check] = [digits.slice(1, 6), digits.charAt(6), digits.charAt(7)];
  const upcA = `0${withZeros(body, rule)}${check}`;
  return hasRightCheckDigit(upcA) ? upcA : undefined;
}

function withZeros(body: string, rule: string): string {
  if (rule <= '2') return `${body.slice(0, 2)}${rule}0000${body.slice(2)}`;
  if (rule === '3') return `${body.slice(0, 3)}00000${body.slice(3)}`;
  if (rule === '4') return `${body.slice(0, 4)}00000${body.slice(4)}`;
  return `${body}0000${rule}`;
}
