// Single fields of a message: from JSON values of any kind to the numbers and names that entries hold. Nothing here
// throws. A missing field (undefined or null) has its own answer; one that is there and wrong is NaN or undefined.
import { parseTime } from '../time.ts';

const EPC_DIGITS_MIN = 2;
const EPC_DIGITS_MAX = 128;
// As in the envelope (section 4.1) and in the journal.
const ANTENNA_MAX = 255;
const INPUT_MAX = 64;
const RSSI_DBM_MIN = -127;
const RSSI_DBM_MAX = 30;
/** More than any reader can singulate one tag in one report. */
const COUNT_MAX = 1_000_000;
const SCAN_CHARS_MAX = 4096;
/** Before this a reader's clock was never set (they start in 1970); after it the unit is wrong. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);
/** A base64 text this long that holds nothing but hex digits is an EPC of 80 bits or more in the wrong encoding. */
const HEX_SUSPECT_CHARS_MIN = 20;

/** What to tell the sender when a field is wrong. */
export const REASONS = {
  epcHex: `not ${EPC_DIGITS_MIN} to ${EPC_DIGITS_MAX} hexadecimal digits`,
  epcBank: 'not an EPC bank whose protocol control word says how long the EPC after it is',
  epcBase64: `not 1 to ${EPC_DIGITS_MAX / 2} bytes in base64`,
  antenna: `not a whole number from 0 to ${ANTENNA_MAX}`,
  input: `not a whole number from 0 to ${INPUT_MAX}`,
  rssi: `not between ${RSSI_DBM_MIN} and ${RSSI_DBM_MAX} dBm`,
  count: `not a whole number from 1 to ${COUNT_MAX}`,
  name: 'too long for a name, or not printable',
  scanData: `not 1 to ${SCAN_CHARS_MAX} characters of text`,
  rfc3339: 'not an RFC 3339 time with its zone between 2000 and 2100',
} as const;

export const isMissing = (value: unknown): value is undefined | null => value === undefined || value === null;

/** Hex of an EPC, in the case it came in; undefined when it is none. */
export function hexEpc(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const { length } = value;
  if (length < EPC_DIGITS_MIN || length > EPC_DIGITS_MAX) return undefined;
  for (let index = 0; index < length; index++) if (!isHexDigit(value.charCodeAt(index))) return undefined;
  return value;
}

/**
 * Base64 of an EPC, in either alphabet, padded or not, as hex; undefined when it is none. Hex in place of base64 is
 * refused: some emulators send it, its digits are all base64 letters, and it would decode to an EPC that never was.
 */
export function base64Epc(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > EPC_DIGITS_MAX || isHexForBase64(value)) return undefined;
  const end = value.length % 4 === 0 ? value.length - paddingOf(value) : value.length;
  let hex = '';
  let bits = 0;
  let held = 0;
  for (let index = 0; index < end; index++) {
    const six = SIX_BITS[value.charCodeAt(index)] ?? -1;
    if (six < 0) return undefined;
    bits = ((bits << 6) | six) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    hex += HEX_BYTES[(bits >> held) & 0xff]!;
  }
  // What is left fills no byte: it must be less than one character, and zero.
  if (held === 6 || (bits & ((1 << held) - 1)) !== 0) return undefined;
  return hex.length >= EPC_DIGITS_MIN && hex.length <= EPC_DIGITS_MAX ? hex : undefined;
}

/**
 * Hex of an EPC bank (GS1 Gen2, 6.3.2.1.2): `skipped` digits, the protocol control word, whose upper five bits count
 * the words of the EPC, and the EPC. Undefined when the length is another.
 */
export function bankEpc(value: unknown, skipped: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const pc = value.slice(skipped, skipped + 4);
  const epc = hexEpc(value.slice(skipped + 4));
  if (epc === undefined || hexEpc(value.slice(0, skipped + 4)) === undefined) return undefined;
  return epc.length === (Number.parseInt(pc, 16) >> 11) * 4 ? epc : undefined;
}

/** `missing` when it is missing, NaN when it is no antenna. Digits in a string will do. */
export const antennaPort = (value: unknown, missing: number): number =>
  isMissing(value) ? missing : wholeNumber(value, 0, ANTENNA_MAX);

/** NaN when it is no digital input; also when missing. */
export const digitalInput = (value: unknown): number => wholeNumber(value, 0, INPUT_MAX);

/** 1 when missing, NaN when it is no count. */
export const readCount = (value: unknown): number => (isMissing(value) ? 1 : wholeNumber(value, 1, COUNT_MAX));

/** dBm of a number in `1 / perDbm` dBm: 100 for centi-dBm. Undefined when missing, NaN when implausible. */
export function dbm(value: unknown, perDbm: number): number | undefined {
  if (isMissing(value)) return undefined;
  const level = lenientNumber(value) / perDbm;
  return level >= RSSI_DBM_MIN && level <= RSSI_DBM_MAX ? level : Number.NaN;
}

/** Ms since 1970 of an RFC 3339 string; `missing` when there is none, NaN when it is wrong or implausible. */
export function rfc3339(value: unknown, missing: number): number {
  if (isMissing(value)) return missing;
  return typeof value === 'string' ? plausibleTime(parseTime(value)) : Number.NaN;
}

/** The same time, or NaN when no reader can have meant it. */
export const plausibleTime = (ms: number): number => (ms >= EARLIEST_MS && ms < LATEST_MS ? ms : Number.NaN);

/** A finite number, or one in a string with a decimal point or comma (ItemTest writes `-57,5`); else NaN. */
export function lenientNumber(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value !== 'string' || !/^[+-]?\d{1,20}(?:[.,]\d{1,20})?$/u.test(value)) return Number.NaN;
  return Number(value.replace(',', '.'));
}

/** A name that a payload gives: a string, or a whole number as one. Undefined when empty, too long or unprintable. */
export function printableName(value: unknown, charsMax: number): string | undefined {
  const name = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof name !== 'string' || name === '' || name.length > charsMax) return undefined;
  return UNPRINTABLE.test(name) ? undefined : name;
}

/** What a scanner read. Separators (GS, RS, EOT) belong to it; what no UTF-8 text can hold does not. */
export function scanData(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > SCAN_CHARS_MAX) return undefined;
  return /[\0\p{Cs}\ufffd]/u.test(value) ? undefined : value;
}

/** Control characters, lone surrogates (no UTF-8 can hold them), and the mark that bytes were not UTF-8. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\ufffd]/u;

function wholeNumber(value: unknown, min: number, max: number): number {
  const number = lenientNumber(value);
  return Number.isInteger(number) && number >= min && number <= max ? number : Number.NaN;
}

const isHexDigit = (char: number): boolean =>
  (char >= 0x30 && char <= 0x39) || (char >= 0x41 && char <= 0x46) || (char >= 0x61 && char <= 0x66);

const SIX_BITS = new Int8Array(128).fill(-1);
for (const alphabet of ['+/', '-_']) {
  const characters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let six = 0; six < 64; six++) SIX_BITS[characters.charCodeAt(six)] = six;
}
const HEX_BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

function paddingOf(base64: string): number {
  if (base64.endsWith('==')) return 2;
  return base64.endsWith('=') ? 1 : 0;
}

const isHexForBase64 = (value: string): boolean =>
  value.length >= HEX_SUSPECT_CHARS_MIN && /^[0-9A-Fa-f]+$/u.test(value) && /[0-9]/u.test(value);
