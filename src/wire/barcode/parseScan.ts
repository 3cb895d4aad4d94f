// The data of a scan in, what it means out. An AIM id in front, a separator or parentheses announce GS1: then a flaw
// is `bad`. Without them digits may look like GS1 by chance: then a flaw is text.
import { applicationIdentifier, applicationIdentifierAt } from './applicationIdentifiers.ts';
import { isoDateOf } from './dates.ts';
import { GROUP_SEPARATOR, readBracketed, readElementString } from './elementStrings.ts';
import type { ReadElements } from './elementStrings.ts';
import { isWebAddress, readLinkUri } from './linkUris.ts';
import { badScan } from './parsedScan.ts';
import type { BadScan, Gs1Scan, GtinScan, ParsedScan } from './parsedScan.ts';
import { gtin14Of, gtin14OfEan8 } from './retailCodes.ts';

/** No symbol holds more: a QR code has 7,089 digits. What is longer did not come from a barcode. */
export const SCAN_CHARS_MAX = 7_200;

/** Symbology identifier of ISO/IEC 15424: `]`, the symbology, a modifier. */
const AIM_ID = /^\][A-Za-z][0-9A-Za-z]/;
/** GS1-128, GS1 DataBar and composites, GS1 DataMatrix, GS1 QR Code, GS1 DotCode. */
const GS1_CARRIERS: ReadonlySet<string> = new Set([']C1', ']e0', ']d2', ']Q3', ']J1']);
/** EAN-13, UPC-A, UPC-E; the same with an add-on; EAN-8. */
const RETAIL_CARRIERS: ReadonlySet<string> = new Set([']E0', ']E3', ']E4']);
const EAN_13_DIGITS = 13;
const ITF_14_DIGITS = 14;
const ITF_CARRIER = /^\]I/;

/**
 * Reads what a scanner sent, AIM id and line end included. `scannedAt` (ms since 1970) settles the century of dates.
 * Never throws. Where `announced` is false, and for text, a site's own labels come first.
 */
export function parseScan(data: string, scannedAt: number): ParsedScan {
  if (data.length > SCAN_CHARS_MAX) return badScan('too-long', SCAN_CHARS_MAX, 'is longer than any barcode');
  const code = data.trimEnd();
  const aimId = AIM_ID.exec(code)?.[0] ?? '';
  const start = aimId.length;
  if (start > 0 && start === code.length) return badScan('empty', start, 'there is nothing behind the AIM id');
  if (RETAIL_CARRIERS.has(aimId)) return retailScan(code.slice(start), aimId);
  if (GS1_CARRIERS.has(aimId) || announcesGs1(code, start)) return gs1Scan(readAnnounced(code, start), true, scannedAt);
  if (isWebAddress(code, start)) {
    const read = readLinkUri(code, start);
    return read === undefined ? { kind: 'text', text: code.slice(start) } : gs1Scan(read, true, scannedAt);
  }
  return likelyScan(code, start, aimId, scannedAt);
}

/** Without an AIM id: an FNC1 as separator, or an assigned identifier in parentheses at the beginning. */
function announcesGs1(code: string, start: number): boolean {
  if (code.startsWith(GROUP_SEPARATOR, start)) return true;
  const bracketed = /^\((\d{2,4})\)/.exec(code.slice(start, start + 6));
  if (bracketed !== null) return applicationIdentifier(bracketed[1]!) !== undefined;
  return code.includes(GROUP_SEPARATOR, start) && applicationIdentifierAt(code, start) !== undefined;
}

const readAnnounced = (code: string, start: number): ReadElements | BadScan =>
  code.startsWith('(', start) ? readBracketed(code, start) : readElementString(code, start);

function retailScan(digits: string, aimId: string): GtinScan | BadScan {
  const symbol = aimId === ']E3' ? digits.slice(0, EAN_13_DIGITS) : digits;
  const gtin14 = aimId === ']E4' ? gtin14OfEan8(symbol) : gtin14Of(symbol);
  if (gtin14 !== undefined) return { kind: 'gtin', announced: true, gtin14 };
  return badScan('bad-gtin', aimId.length, `${JSON.stringify(digits)} is no GTIN: wrong length or check digit`);
}

/** Digits alone: a GTIN by length and check digit, or a label of SSCC or GTIN whose scanner leaves out AIM ids. */
function likelyScan(code: string, start: number, aimId: string, scannedAt: number): ParsedScan {
  const text = code.slice(start);
  // A laser that leaves an ITF symbol halfway reads a shorter one, so only whole ITF-14 count.
  if (ITF_CARRIER.test(aimId) && text.length !== ITF_14_DIGITS) return { kind: 'text', text };
  const gtin14 = gtin14Of(text);
  if (gtin14 !== undefined) return { kind: 'gtin', announced: false, gtin14 };
  if (/^0[01]\d{14}/.test(text)) {
    const read = readElementString(code, start);
    if (read instanceof Map) return gs1Scan(read, false, scannedAt);
  }
  return { kind: 'text', text };
}

function gs1Scan(read: ReadElements | BadScan, announced: boolean, scannedAt: number): Gs1Scan | BadScan {
  if (!(read instanceof Map)) return read;
  const date = (yymmdd: string | undefined): string | undefined => yymmdd && isoDateOf(yymmdd, scannedAt);
  const count = read.get('37') ?? read.get('30');
  return {
    kind: 'gs1',
    announced,
    elements: read,
    gtin14: read.get('01'),
    serial: read.get('21'),
    lot: read.get('10'),
    expiry: date(read.get('17') ?? read.get('7003')),
    bestBefore: date(read.get('15')),
    sscc18: read.get('00'),
    grai: read.get('8003'),
    contentGtin14: read.get('02'),
    quantity: count === undefined ? undefined : Number(count),
  };
}
