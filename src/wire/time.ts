// RFC 3339 times as readers really send them, to ms since 1970 and back. Parsing never throws and never guesses:
// an impossible date, a missing zone or a year before 1970 is NaN. Written by hand because every read carries one.
import { assert } from '../kit/faults.ts';

/** Finer digits than these are dropped: a double holds ms since 1970 exactly to the microsecond, no finer. */
const MICROSECOND_DIGITS = 6;
const FRACTION_DIGITS_MAX = 9;
const SHORTEST = '2026-11-23T15:33:00Z'.length;
const LONGEST = '2026-11-23T15:33:00.123456789+02:00'.length;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const LEAP_DAYS_BEFORE_1970 = 477;
const SECONDS_PER_DAY = 86_400;
const YEAR_10000_MS = Date.UTC(10_000, 0, 1);

const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;
const LOWER_T = 0x74;
const LOWER_Z = 0x7a;

/** What a pair of characters that are no digits counts as: above every limit a pair is checked against. */
const NO_DIGITS = 1000;

/**
 * RFC 3339 (2026-11-23T15:33:00.101Z) to ms since 1970, microseconds as the fraction; NaN when it is no such time.
 * Takes 0 to 9 fraction digits and drops those finer than a microsecond; the zone is `Z`, `+02:00` or, as Zebra
 * readers write it, `+0200`. A leap second (23:59:60 UTC at the end of a month) is the second after it, as in POSIX.
 */
export function parseTime(text: string): number {
  if (text.length < SHORTEST || text.length > LONGEST) return Number.NaN;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 60 || !hasSeparators(text)) return Number.NaN;
  const seconds = daysSince1970(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
  // The canonical shape first: three digits and Z, by far the most common.
  if (text.length === 24 && text.charCodeAt(19) === DOT && text.charCodeAt(23) === UPPER_Z && second < 60) {
    const high = pair(text, 20);
    const low = text.charCodeAt(22) - ZERO;
    return high > 99 || low < 0 || low > 9 ? Number.NaN : seconds * 1000 + high * 10 + low;
  }
  return withFractionAndZone(text, seconds, second === 60);
}

const DAY = '2026-11-23';

/** A day of the calendar, 2027-06-30, that Postgres takes too. */
export const isDay = (text: string): boolean =>
  text.length === DAY.length && !Number.isNaN(parseTime(`${text}T00:00:00Z`));

/**
 * Ms since 1970 as RFC 3339 in UTC: three fraction digits, six when there are microseconds.
 * Throws a defect when it is no time between 1970 and 9999.
 */
export function formatTime(ms: number): string {
  assert(ms >= 0 && ms < YEAR_10000_MS, 'A time to be written is between 1970 and 9999.', { ms });
  const wholeMs = Math.floor(ms);
  const rest = Math.round((ms - wholeMs) * 1000);
  if (rest === 1000) return formatTime(wholeMs + 1);
  const iso = new Date(wholeMs).toISOString();
  return rest === 0 ? iso : `${iso.slice(0, 23)}${String(rest).padStart(3, '0')}Z`;
}

/** Everything after the seconds; `seconds` is what was read so far, as if it were UTC. */
function withFractionAndZone(text: string, seconds: number, leap: boolean): number {
  let position = 19;
  let micros = 0;
  if (text.charCodeAt(position) === DOT) {
    const start = ++position;
    let scale = 100_000;
    for (; position < text.length; position++) {
      const digit = text.charCodeAt(position) - ZERO;
      if (digit < 0 || digit > 9) break;
      if (position - start < MICROSECOND_DIGITS) micros += digit * scale;
      scale /= 10;
    }
    const digits = position - start;
    if (digits === 0 || digits > FRACTION_DIGITS_MAX) return Number.NaN;
  }
  const utc = seconds - zoneSeconds(text, position);
  if (leap && !startsMonth(utc)) return Number.NaN;
  return utc >= 0 ? utc * 1000 + micros / 1000 : Number.NaN;
}

/** The offset east of UTC that the rest of the text names, in seconds; NaN when it names none. */
function zoneSeconds(text: string, position: number): number {
  const first = text.charCodeAt(position);
  const length = text.length - position;
  if (first === UPPER_Z || first === LOWER_Z) return length === 1 ? 0 : Number.NaN;
  if (first !== PLUS && first !== MINUS) return Number.NaN;
  const colon = text.charCodeAt(position + 3) === COLON;
  if (length !== (colon ? 6 : 5)) return Number.NaN;
  const hours = pair(text, position + 1);
  const minutes = pair(text, position + (colon ? 4 : 3));
  if (hours > 23 || minutes > 59) return Number.NaN;
  const offset = hours * 3600 + minutes * 60;
  return first === PLUS ? offset : -offset;
}

/** Two digits as a number, NO_DIGITS when they are not two digits. */
function pair(text: string, position: number): number {
  const tens = text.charCodeAt(position) - ZERO;
  const ones = text.charCodeAt(position + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_DIGITS;
}

function hasSeparators(text: string): boolean {
  const t = text.charCodeAt(10);
  return (
    text.charCodeAt(4) === MINUS &&
    text.charCodeAt(7) === MINUS &&
    (t === UPPER_T || t === LOWER_T) &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= DAYS_IN_MONTH[month - 1]! || (month === 2 && day === 29 && isLeapYear(year));
}

function daysSince1970(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - LEAP_DAYS_BEFORE_1970;
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  return (year - 1970) * 365 + leapDays + DAYS_BEFORE_MONTH[month - 1]! + leapDay + day - 1;
}

/** Leap seconds are only ever inserted before the first of a month, at midnight UTC. */
const startsMonth = (seconds: number): boolean =>
  seconds % SECONDS_PER_DAY === 0 && new Date(seconds * 1000).getUTCDate() === 1;
