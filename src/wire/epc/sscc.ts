// Numbers of logistic units that we give ourselves: SSCC-18 from a GS1 company prefix and a count, and the EPC that stands for it.
import type { Epc } from '../entries.ts';
import { withCheckDigit } from './checkDigit.ts';
import { encodeSscc96 } from './encodeEpc.ts';

export interface SsccRange {
  /** GS1 company prefix, 6 to 12 digits. */
  readonly companyPrefix: string;
  /** Extension digit, 0 to 9: the first of the SSCC. */
  readonly extension?: number;
}

/** How many digits are left for the count. */
const digitsOf = ({ companyPrefix }: SsccRange): number => 16 - companyPrefix.length;

/** The SSCC-18 with this serial number; undefined when the prefix leaves no room for it. */
export function ssccOf(range: SsccRange, serial: number): string | undefined {
  const digits = String(serial).padStart(digitsOf(range), '0');
  if (digits.length > digitsOf(range)) return undefined;
  return withCheckDigit(`${range.extension ?? 0}${range.companyPrefix}${digits}`);
}

/** The SSCC-96 of an SSCC-18 that was made of this range, upper-case hex; the filter says "case". */
export const epcOfSscc = ({ companyPrefix }: SsccRange, sscc: string): Epc =>
  encodeSscc96({
    companyPrefix,
    serialReference: sscc[0]! + sscc.slice(1 + companyPrefix.length, 17),
    filter: 2,
  });
