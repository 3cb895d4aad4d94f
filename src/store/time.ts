// Postgres times in and out: ms since 1970 as a number with µs as the fraction, infinities kept.

/** `2026-11-23 15:33:00.101+00` (session time zone UTC, DateStyle ISO) to ms since 1970. */
export function parsePostgresTime(text: string): number {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  if (text === '-infinity') return Number.NEGATIVE_INFINITY;
  const point = text.indexOf('.');
  const seconds = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
  if (point === -1) return seconds;
  const fraction = text.slice(point + 1, text.length - 3);
  return seconds + Number(fraction.padEnd(6, '0')) / 1000;
}
