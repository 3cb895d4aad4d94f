// Dates of barcodes: six digits without a century, the day possibly 00. The year in which a code is scanned settles
// the century, so time comes in as an argument and a replay reads the same date.

const PAST_CENTURY_FROM_YEARS = 51;
const NEXT_CENTURY_FROM_YEARS = -50;

/**
 * `yymmdd`, already checked, as an ISO date. Of the centuries it takes the one that puts the year between 49 years
 * before and 50 years after `scannedAt` (ms since 1970; General Specifications 7.12). Day 00 is the last of the month.
 */
export function isoDateOf(yymmdd: string, scannedAt: number): string {
  const year = fullYear(Number(yymmdd.slice(0, 2)), new Date(scannedAt).getUTCFullYear());
  const month = yymmdd.slice(2, 4);
  const day = yymmdd.slice(4, 6);
  const lastDay = (): string => String(new Date(Date.UTC(year, Number(month), 0)).getUTCDate()).padStart(2, '0');
  return `${year}-${month}-${day === '00' ? lastDay() : day}`;
}

function fullYear(twoDigits: number, thisYear: number): number {
  const century = thisYear - (thisYear % 100);
  const ahead = twoDigits - (thisYear % 100);
  if (ahead >= PAST_CENTURY_FROM_YEARS) return century - 100 + twoDigits;
  if (ahead <= NEXT_CENTURY_FROM_YEARS) return century + 100 + twoDigits;
  return century + twoDigits;
}
