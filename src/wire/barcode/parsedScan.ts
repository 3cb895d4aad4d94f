// What a scan can turn out to be. Nothing here is an exception: a bin label is text, a damaged label is `bad`.
import type { Elements } from '../epc/digitalLink.ts';

/** Application identifiers and their values, and those that a warehouse asks for by name. */
export interface Gs1Scan {
  readonly kind: 'gs1';
  /** False when nothing but its digits says that this is GS1: look among the site's own labels first. */
  readonly announced: boolean;
  readonly elements: Elements;
  /** AI (01). */
  readonly gtin14: string | undefined;
  /** AI (21). */
  readonly serial: string | undefined;
  /** AI (10). */
  readonly lot: string | undefined;
  /** AI (17), else the date of (7003), as `2027-06-30`. */
  readonly expiry: string | undefined;
  /** AI (15), as an ISO date. */
  readonly bestBefore: string | undefined;
  /** AI (00). */
  readonly sscc18: string | undefined;
  /** AI (8003): a zero, 13 digits, and the serial if there is one. */
  readonly grai: string | undefined;
  /** AI (02): what a logistic unit holds; `quantity` says how many of it. */
  readonly contentGtin14: string | undefined;
  /** AI (37) or (30), in pieces. */
  readonly quantity: number | undefined;
}

/** A retail code: EAN-8, EAN-13, UPC-A, UPC-E or ITF-14, its check digit right. */
export interface GtinScan {
  readonly kind: 'gtin';
  /** As for a `Gs1Scan`. */
  readonly announced: boolean;
  readonly gtin14: string;
}

/** Anything else: a bin label, a badge, a supplier's own number. `text` is without AIM id and line end. */
export interface TextScan {
  readonly kind: 'text';
  readonly text: string;
}

export type BadScanCode =
  | 'empty' // an announcement and nothing behind it
  | 'unknown-ai' // GS1 has not assigned this identifier, or not for this place
  | 'bad-value' // wrong length, character, check digit or date
  | 'conflicting-values' // one identifier with two values
  | 'bad-gtin' // a retail code of another length, or with a wrong check digit
  | 'bad-escape' // a percent sign in a link without two hex digits
  | 'too-long'; // longer than any barcode

/** A code that announces GS1 and does not keep to it. `position` counts characters of the data as sent, from 0. */
export interface BadScan {
  readonly kind: 'bad';
  readonly code: BadScanCode;
  /** For the person at the scanner: `(17) USE BY or EXPIRY is not a date, at 18`. */
  readonly reason: string;
  readonly ai: string | undefined;
  readonly position: number;
}

export type ParsedScan = Gs1Scan | GtinScan | TextScan | BadScan;

export const badScan = (code: BadScanCode, position: number, problem: string, ai?: string): BadScan => ({
  kind: 'bad',
  code,
  reason: `${problem}, at ${position}`,
  ai,
  position,
});
