// A sighting is one uninterrupted presence of one tag at one read point, with the statistics of its signal that decisions ask for.
// Pure and O(1) a read: time enters only as `at` on a read or `now` on a sweep. It is one list of numbers: half a million tags may
// be in hearing, and a checkpoint copies it whole.

/** `FIRST_AT`, `LAST_AT`, `READS`, and then for each antenna that heard the tag, in the order in which they first did, a row. */
export type Sighting = number[];

const FIRST_AT = 0;
const LAST_AT = 1;
const READS = 2;
const ROWS = 3;

/** Places in a row of an antenna. */
const ANTENNA = 0;
const READS_OF = 1;
const BEST_DBM = 2;
const BEST_AT = 3;
const FIRST_AT_OF = 4;
const LAST_AT_OF = 5;
const ROW = 6;

/** What one antenna heard of one tag. */
export interface AntennaStatistics {
  /** Index into `SitePlan.antennas`. */
  readonly antenna: number;
  readonly reads: number;
  /** dBm; infinitely weak when no read told its RSSI. */
  readonly bestDbm: number;
  /** When it was first heard so well, or at all. ms. */
  readonly bestAt: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export const firstAtOf = (sighting: Sighting): number => sighting[FIRST_AT]!;
export const lastAtOf = (sighting: Sighting): number => sighting[LAST_AT]!;
export const readsOf = (sighting: Sighting): number => sighting[READS]!;

export function antennasOf(sighting: Sighting): AntennaStatistics[] {
  const antennas: AntennaStatistics[] = [];
  for (let row = ROWS; row < sighting.length; row += ROW)
    antennas.push({
      antenna: sighting[row + ANTENNA]!,
      reads: sighting[row + READS_OF]!,
      bestDbm: sighting[row + BEST_DBM]!,
      bestAt: sighting[row + BEST_AT]!,
      firstAt: sighting[row + FIRST_AT_OF]!,
      lastAt: sighting[row + LAST_AT_OF]!,
    });
  return antennas;
}

/** The sighting that a tag's first read opens. */
export function open(at: number, antenna: number, rssiDbm: number): Sighting {
  const sighting = [at, at, 0, antenna, 0, Number.NEGATIVE_INFINITY, at, at, at];
  observe(sighting, at, antenna, rssiDbm);
  return sighting;
}

/** Adds a read to an open sighting; reads come in order of time. `rssiDbm` is NaN when the reader reports none. */
export function observe(sighting: Sighting, at: number, antenna: number, rssiDbm: number): void {
  sighting[LAST_AT] = at;
  sighting[READS]!++;
  let row = ROWS;
  while (row < sighting.length && sighting[row + ANTENNA] !== antenna) row += ROW;
  if (row === sighting.length) sighting.push(antenna, 0, Number.NEGATIVE_INFINITY, at, at, at);
  sighting[row + READS_OF]!++;
  sighting[row + LAST_AT_OF] = at;
  // Of none told, NaN, nothing is the greater.
  if (rssiDbm > sighting[row + BEST_DBM]!) {
    sighting[row + BEST_DBM] = rssiDbm;
    sighting[row + BEST_AT] = at;
  }
}

/** Has the tag been silent for so long that its sighting is over? */
export const isOver = (sighting: Sighting, now: number, rules: { readonly departAfterMs: number }): boolean =>
  now - lastAtOf(sighting) >= rules.departAfterMs;

export const copySighting = (sighting: Sighting): Sighting => sighting.slice();
