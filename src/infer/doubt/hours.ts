// Whom zones heard, hour by hour: in how many bins each tag was heard, and how many of such each antenna heard. Counted of bins that no
// late read can reach any more, so neither order nor lateness of reads can show, and the way of a read costs nothing.
import type { SettledBin } from '../tallies.ts';
import { BINS_MOST } from './belief.ts';

export const HOUR_MS = 3_600_000;

/** One hour of event time. Plain, for the snapshot. */
export interface Hour {
  /** By tag: bins in which it was heard, and above them the antenna that heard it best in the last of them, and one. */
  tags: Int32Array;
  /** By antenna (index of the site plan): bins of tags that it heard best. */
  readonly antennas: Map<number, number>;
}

/** By number of the hour. */
export type Hours = Map<number, Hour>;

const BINS_BITS = 7;
const BINS_MASK = (1 << BINS_BITS) - 1;

/** What a tag was heard by in bins that are settled now: the last one first, those of a bin together. */
export function noteBins(hours: Hours, tag: number, binMs: number, bins: readonly SettledBin[]): void {
  let before = Number.NaN;
  for (const { bin, antenna } of bins) {
    const number = Math.floor((bin * binMs) / HOUR_MS);
    let hour = hours.get(number);
    if (hour === undefined) hours.set(number, (hour = { tags: new Int32Array(1024), antennas: new Map() }));
    hour.antennas.set(antenna, (hour.antennas.get(antenna) ?? 0) + 1);
    if (bin === before) continue;
    if (tag >= hour.tags.length) hour.tags = grown(hour.tags, tag + 1);
    const was = hour.tags[tag]!;
    const isLater = Number.isNaN(before) || Math.floor((before * binMs) / HOUR_MS) !== number;
    const best = isLater ? antenna + 1 : was >> BINS_BITS;
    hour.tags[tag] = (best << BINS_BITS) | Math.min(BINS_MOST, (was & BINS_MASK) + 1);
    before = bin;
  }
}

function grown(from: Int32Array, least: number): Int32Array {
  const result = new Int32Array(Math.max(least, from.length * 2));
  result.set(from);
  return result;
}

/** Bins in which the tag was heard. */
export const binsOf = (hour: Hour | undefined, tag: number): number => (hour?.tags[tag] ?? 0) & BINS_MASK;

/** The antenna that heard the tag best in its last bin; undefined when none did. */
export function antennaOf(hour: Hour | undefined, tag: number): number | undefined {
  const best = (hour?.tags[tag] ?? 0) >> BINS_BITS;
  return best === 0 ? undefined : best - 1;
}
