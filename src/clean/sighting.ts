// A sighting is one uninterrupted presence of one tag at one read point, with the statistics of its signal.
// Pure and O(1) a read: time enters only as `at` on a read or `now` on a sweep.

/** What one antenna heard of one tag. RSSI in dBm; mean and variance by Welford's recurrence (Technometrics 4, 1962). */
export interface AntennaStatistics {
  reads: number;
  /** Reads that came with an RSSI: only these count towards the statistics below. */
  withRssi: number;
  meanDbm: number;
  /** Sum of squared deviations from the mean, dB². */
  squaresDb2: number;
  bestDbm: number;
  bestAt: number;
  firstAt: number;
  lastAt: number;
}

export interface Sighting {
  firstAt: number;
  lastAt: number;
  reads: number;
  /** Longest time without a read, ms. */
  longestGapMs: number;
  /** By antenna index of the site plan. */
  readonly antennas: Map<number, AntennaStatistics>;
}

/** The sighting that a tag's first read opens. */
export function open(at: number, antenna: number, rssiDbm: number): Sighting {
  const sighting: Sighting = { firstAt: at, lastAt: at, reads: 0, longestGapMs: 0, antennas: new Map() };
  observe(sighting, at, antenna, rssiDbm);
  return sighting;
}

/** Adds a read to an open sighting; reads come in order of time. `rssiDbm` is NaN when the reader reports none. */
export function observe(sighting: Sighting, at: number, antenna: number, rssiDbm: number): void {
  sighting.longestGapMs = Math.max(sighting.longestGapMs, at - sighting.lastAt);
  sighting.lastAt = at;
  sighting.reads++;
  let statistics = sighting.antennas.get(antenna);
  if (statistics === undefined) {
    statistics = {
      reads: 0,
      withRssi: 0,
      meanDbm: 0,
      squaresDb2: 0,
      bestDbm: Number.NEGATIVE_INFINITY,
      bestAt: at,
      firstAt: at,
      lastAt: at,
    };
    sighting.antennas.set(antenna, statistics);
  }
  statistics.reads++;
  statistics.lastAt = at;
  if (Number.isNaN(rssiDbm)) return;
  statistics.withRssi++;
  const deviation = rssiDbm - statistics.meanDbm;
  statistics.meanDbm += deviation / statistics.withRssi;
  statistics.squaresDb2 += deviation * (rssiDbm - statistics.meanDbm);
  if (rssiDbm > statistics.bestDbm) {
    statistics.bestDbm = rssiDbm;
    statistics.bestAt = at;
  }
}

/** Has the tag been silent for so long that its sighting is over? */
export const isOver = (sighting: Sighting, now: number, rules: { readonly departAfterMs: number }): boolean =>
  now - sighting.lastAt >= rules.departAfterMs;

/** Standard deviation of the RSSI at one antenna, dB; NaN below two reads. */
export const deviationDb = (statistics: AntennaStatistics): number =>
  statistics.withRssi < 2 ? Number.NaN : Math.sqrt(statistics.squaresDb2 / (statistics.withRssi - 1));

export const copySighting = (sighting: Sighting): Sighting => ({
  ...sighting,
  antennas: new Map([...sighting.antennas].map(([antenna, statistics]) => [antenna, { ...statistics }])),
});
