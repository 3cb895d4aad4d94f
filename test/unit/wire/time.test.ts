import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMicros } from '../../../src/wire/entries.ts';
import { formatTime, isDay, parseTime } from '../../../src/wire/time.ts';

const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const YEAR_2200 = Date.UTC(2200, 0, 1);
const instant = fc.integer({ min: 0, max: LAST_MS });
/** Up to the year 2200, where a microsecond still fits a double exactly enough to come back. */
const microInstant = fc.integer({ min: 0, max: YEAR_2200 * 1000 }).map((micros) => toMicros(micros / 1000));
const two = (value: number) => String(value).padStart(2, '0');

describe('parseTime', () => {
  it('agrees with Date on every canonical time', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        expect(parseTime(new Date(ms).toISOString())).toBe(ms);
      }),
    );
  });

  it('agrees with Date on every offset, with and without its colon', () => {
    const offset = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });
    fc.assert(
      fc.property(fc.integer({ min: 86_400_000, max: LAST_MS - 86_400_000 }), offset, (ms, minutes) => {
        const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(minutes);
        const sign = minutes < 0 ? '-' : '+';
        const [hh, mm] = [two(Math.floor(size / 60)), two(size % 60)];
        expect(parseTime(`${local}${sign}${hh}${mm}`)).toBe(ms);
        expect(parseTime(`${local}${sign}${hh}:${mm}`)).toBe(Date.parse(`${local}${sign}${hh}:${mm}`));
      }),
    );
  });

  it('accepts exactly the days the calendar has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 2200 }), fc.nat(14), fc.nat(33), (year, month, day) => {
        const text = `${year}-${two(month)}-${two(day)}T00:00:00Z`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0 && day > 0;
        expect(parseTime(text)).toBe(real ? date.getTime() : Number.NaN);
      }),
    );
  });

  it.each([
    ['2026-11-02T08:14:07.512+0000', '2026-11-02T08:14:07.512Z'], // Zebra FX9600
    ['2026-11-02T02:14:08.001-0600', '2026-11-02T08:14:08.001Z'],
    ['2026-11-02T10:14:08.001+02:00', '2026-11-02T08:14:08.001Z'], // Zebra BLE
    ['2026-11-02T08:14:10.36879Z', '2026-11-02T08:14:10.368790Z'], // Speedway Connect
    ['2026-11-02T08:14:09.944189383Z', '2026-11-02T08:14:09.944189Z'], // Impinj: nanoseconds are dropped
    ['2026-11-02T08:20:00Z', '2026-11-02T08:20:00.000Z'],
    ['2026-11-02t08:20:00.5z', '2026-11-02T08:20:00.500Z'], // RFC 3339, 5.6: T and Z in either case
    ['2026-11-02T08:20:00-00:00', '2026-11-02T08:20:00.000Z'],
    ['2016-12-31T23:59:60.250Z', '2017-01-01T00:00:00.250Z'], // a leap second
    ['2017-01-01T01:59:60+02:00', '2017-01-01T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, utc) => expect(formatTime(parseTime(text))).toBe(utc));

  it('rounds nothing up: 0.9999999 s is still the second it was', () => {
    expect(formatTime(parseTime('2026-11-02T08:20:00.999999999Z'))).toBe('2026-11-02T08:20:00.999999Z');
  });

  it.each([
    '',
    '2026-11-02',
    '2026-11-02T08:14:07.512', // no zone
    '2026-11-02 08:14:07.512Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-11-02T24:00:00Z',
    '2026-11-02T08:60:00Z',
    '2026-11-02T08:20:60Z', // not where leap seconds are
    '2026-11-02T23:59:60Z',
    '2016-12-31T23:59:61Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+0200',
    '0000-00-00T00:00:00Z',
    '2026-11-02T08:14:07.Z',
    '2026-11-02T08:14:07,512Z',
    '2026-11-02T08:14:07.1234567890Z',
    '2026-11-02T08:14:07.5 2Z',
    '2026-11-02T08:14:07.512+00',
    '2026-11-02T08:14:07.512+2400',
    '2026-11-02T08:14:07.512+00:60',
    '2026-11-02T08:14:07.512+00:000',
    '2026-11-02T08:14:07.512ZZ',
    '2026-11-02T08:14:07.51xZ',
    '2026/11/02T08:14:07.512Z',
    '07/09/2026 12:22 00000000',
    '+002026-11-02T08:14:07Z',
    '２０２６-11-02T08:14:07.512Z',
  ])('refuses %j', (text) => expect(parseTime(text)).toBeNaN());

  it('never throws, and whatever it accepts it says again', () => {
    const shaped = fc.stringMatching(
      /^[0-9]{4}-[01][0-9]-[0-3][0-9][Tt][0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-][01][0-9]:?[0-5][0-9])$/u,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), shaped), (text) => {
        const ms = parseTime(text);
        if (Number.isNaN(ms)) return;
        expect([parseTime(formatTime(ms)), ms < YEAR_2200 ? toMicros(ms) : ms]).toEqual([ms, ms]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('formatTime', () => {
  it('agrees with Date on every millisecond', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        expect(formatTime(ms)).toBe(new Date(ms).toISOString());
      }),
    );
  });

  it('is undone by parseTime, to the microsecond', () => {
    fc.assert(
      fc.property(microInstant, (ms) => {
        expect(parseTime(formatTime(ms))).toBe(ms);
      }),
    );
  });

  it('writes three digits, six when there are microseconds', () => {
    expect(formatTime(1793607250123)).toBe('2026-11-02T08:14:10.123Z');
    expect(formatTime(1793607250123.456)).toBe('2026-11-02T08:14:10.123456Z');
    expect(formatTime(1793607250123.001)).toBe('2026-11-02T08:14:10.123001Z');
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, LAST_MS + 1])('refuses %d', (ms) => {
    expect(() => formatTime(ms)).toThrow('between 1970 and 9999');
  });
});

describe('isDay', () => {
  it.each(['2027-02-28', '2028-02-29', '1970-01-01', '9999-12-31'])('takes %s', (day) => {
    expect(isDay(day)).toBe(true);
  });

  it.each(['2027-02-29', '2027-02-30', '2027-13-01', '0000-01-01', '2027-6-30', '2027-06-30T', '2027/06/30', ''])(
    'refuses %s',
    (day) => {
      expect(isDay(day)).toBe(false);
    },
  );
});
