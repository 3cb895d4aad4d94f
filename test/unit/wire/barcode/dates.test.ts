import { describe, expect, it } from 'vitest';
import { isoDateOf } from '../../../../src/wire/barcode/dates.ts';

const scannedIn = (year: number): number => Date.UTC(year, 5, 15);

describe('a date of six digits', () => {
  it.each([
    ['270630', 2026, '2027-06-30'],
    ['760630', 2026, '2076-06-30'],
    ['770630', 2026, '1977-06-30'],
    ['991231', 2026, '1999-12-31'],
    ['000101', 2026, '2000-01-01'],
    ['260101', 2075, '2026-01-01'],
    ['250101', 2075, '2125-01-01'],
    ['990101', 2050, '2099-01-01'],
    ['000101', 2050, '2100-01-01'],
    ['010101', 2050, '2001-01-01'],
  ])('%s scanned in %i is %s: at most 50 years ahead, at most 49 behind', (yymmdd, year, iso) => {
    expect(isoDateOf(yymmdd, scannedIn(year))).toBe(iso);
  });

  it.each([
    ['270600', '2027-06-30'],
    ['270200', '2027-02-28'],
    ['280200', '2028-02-29'],
    ['271200', '2027-12-31'],
  ])('%s has day 00 and is the end of its month, %s', (yymmdd, iso) => {
    expect(isoDateOf(yymmdd, scannedIn(2026))).toBe(iso);
  });

  it('is the same day when the scan is replayed years later', () => {
    expect(isoDateOf('770630', scannedIn(2026))).not.toBe(isoDateOf('770630', scannedIn(2030)));
    expect(isoDateOf('770630', scannedIn(2026))).toBe(isoDateOf('770630', scannedIn(2026)));
  });
});
