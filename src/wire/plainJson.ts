// Values of plain JSON, straight from bytes. Plain: printable ASCII, no escapes, no exponents. Each function returns the place
// behind the value, which it leaves in `found`, or NOT_PLAIN: then nothing is known to be wrong, but somebody else must look.
import { parseTime } from './time.ts';

export const NOT_PLAIN = -1;

/** The last value. One object for all, since a value of its own each would cost more than finding it. */
export const found = {
  /** Of a number, or a time in ms since 1970. */
  number: 0.5,
  /** Of a text: its first character, and the place behind its last. */
  from: 0,
  to: 0,
};

export const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
export const COLON = 0x3a;
const UPPER_E = 0x45;
const BACKSLASH = 0x5c;
const UPPER_Z = 0x5a;
const LOWER_E = 0x65;
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TILDE = 0x7e;

const TIME_MIN = 20;
const TIME_MAX = 40;
/** So many digits are exact in a double, whole or divided by a power of ten. */
const DIGITS_MAX = 15;

/** From the end: names differ there. */
export function isSame(bytes: Buffer, a: number, b: number, length: number): boolean {
  for (let index = length - 1; index >= 0; index--) if (bytes[a + index] !== bytes[b + index]) return false;
  return true;
}

export function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (
    let byte = bytes[at];
    byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
    byte = bytes[++at]
  );
  return at;
}

/** A name and its colon. */
export function key(bytes: Buffer, from: number): number {
  const behind = text(bytes, from);
  if (behind === NOT_PLAIN) return NOT_PLAIN;
  const at = afterSpace(bytes, behind);
  return bytes[at] === COLON ? afterSpace(bytes, at + 1) : NOT_PLAIN;
}

/** Text of printable ASCII without escapes. */
export function text(bytes: Buffer, from: number): number {
  if (bytes[from] !== QUOTE) return NOT_PLAIN;
  let at = from + 1;
  for (;;) {
    const byte = bytes[at];
    if (byte === QUOTE) break;
    if (byte === undefined || byte < SPACE || byte > TILDE || byte === BACKSLASH) return NOT_PLAIN;
    at++;
  }
  found.from = from + 1;
  found.to = at;
  return at + 1;
}

/** A whole number without sign or exponent. */
export function whole(bytes: Buffer, from: number): number {
  let at = from;
  let value = 0;
  for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) value = value * 10 + digit;
  const digits = at - from;
  found.number = value;
  const byte = bytes[at];
  // A fraction or an exponent, and a leading zero, is for the full decoder to judge.
  if (digits === 0 || digits > DIGITS_MAX || byte === DOT || byte === LOWER_E || byte === UPPER_E) return NOT_PLAIN;
  return digits > 1 && bytes[from] === ZERO ? NOT_PLAIN : at;
}

/** A decimal number without exponent: all its digits as one whole number, divided once, is rounded as JSON would. */
export function decimal(bytes: Buffer, from: number): number {
  const isNegative = bytes[from] === MINUS;
  const first = isNegative ? from + 1 : from;
  let at = first;
  let value = 0;
  let scale = 1;
  let digits = 0;
  for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
    value = value * 10 + digit;
    digits++;
  }
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return NOT_PLAIN;
  if (bytes[at] === DOT) {
    const point = at++;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
      value = value * 10 + digit;
      scale *= 10;
      digits++;
    }
    if (at === point + 1) return NOT_PLAIN;
  }
  const byte = bytes[at];
  if (digits > DIGITS_MAX || byte === LOWER_E || byte === UPPER_E) return NOT_PLAIN;
  found.number = (isNegative ? -value : value) / scale;
  return at;
}

const MINUTE_BYTES = '2026-11-23T15:33:'.length;
const CANONICAL_BYTES = '2026-11-23T15:33:00.123Z'.length;
/** The last minute that was told, its characters but for the colon at the end, and its beginning: nearly all times of a message share it. */
const minute = new Int32Array(4);
let minuteMs = Number.NaN;

/** A time in quotes, in ms since 1970. */
export function time(bytes: Buffer, view: DataView, from: number): number {
  const end = from + CANONICAL_BYTES;
  if (
    bytes[from] === QUOTE &&
    bytes[end + 1] === QUOTE &&
    bytes[end] === UPPER_Z &&
    bytes[from + MINUTE_BYTES] === COLON &&
    bytes[from + 20] === DOT &&
    view.getInt32(from + 13, true) === minute[3] &&
    view.getInt32(from + 9, true) === minute[2] &&
    view.getInt32(from + 5, true) === minute[1] &&
    view.getInt32(from + 1, true) === minute[0]
  ) {
    const seconds = twoDigits(bytes, from + 18);
    const hundredths = twoDigits(bytes, from + 21);
    const thousandth = bytes[from + 23]! - ZERO;
    if (seconds < 60 && hundredths < 100 && thousandth >= 0 && thousandth <= 9) {
      found.number = minuteMs + seconds * 1000 + hundredths * 10 + thousandth;
      return end + 2;
    }
  }
  const at = text(bytes, from);
  if (at === NOT_PLAIN || found.to - found.from < TIME_MIN || found.to - found.from > TIME_MAX) return NOT_PLAIN;
  const told = bytes.toString('latin1', found.from, found.to);
  found.number = parseTime(told);
  if (Number.isNaN(found.number)) return NOT_PLAIN;
  const wholeMinute = parseTime(`${told.slice(0, MINUTE_BYTES)}00Z`);
  if (told.endsWith('Z') && found.number >= wholeMinute && found.number < wholeMinute + 60_000) {
    minuteMs = wholeMinute;
    for (let index = 0; index < minute.length; index++) minute[index] = view.getInt32(found.from + index * 4, true);
  }
  return at;
}

const NO_DIGITS = 1000;

function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - ZERO;
  const ones = bytes[at + 1]! - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_DIGITS;
}
