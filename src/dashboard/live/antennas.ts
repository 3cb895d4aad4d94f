// What each antenna reads, second by second, for the last minute. One signal an antenna: a door with traffic redraws its
// own bars and nothing else.
import { batch, signal, type Signal } from '@preact/signals';
import type { Antenna, Reading } from '../api/types.ts';
import { onLive } from './stream.ts';

export const SECONDS = 60;
/** More antennas than any site of ours has; beyond it the ones heard first stay. */
const ANTENNAS_MAX = 2000;
/** The service tells once a second what was read, and nothing when nothing was: then a second of silence is counted. */
const SILENT_AFTER_MS = 1700;

export interface Series {
  /** Reads a second, oldest first; always SECONDS long. */
  readonly reads: readonly number[];
  readonly tags: number;
  readonly bestDbm: number | null;
}

const NOTHING: Series = { reads: Array.from({ length: SECONDS }, () => 0), tags: 0, bestDbm: null };
const known = new Map<string, Signal<Series>>();
let lastAt = 0;

const keyOf = ({ reader, antenna }: Pick<Antenna, 'reader' | 'antenna'>): string => `${reader} ${antenna}`;

export function seriesOf(antenna: Pick<Antenna, 'reader' | 'antenna'>): Signal<Series> {
  const key = keyOf(antenna);
  let series = known.get(key);
  if (series === undefined) {
    series = signal(NOTHING);
    if (known.size < ANTENNAS_MAX) known.set(key, series);
  }
  return series;
}

/** Reads in the last second, of several antennas together. */
export const readsNow = (antennas: readonly Antenna[]): number =>
  antennas.reduce((sum, antenna) => sum + seriesOf(antenna).value.reads.at(-1)!, 0);

/** Another site's antennas may have the same names. */
export function forgetAntennas(): void {
  batch(() => {
    for (const series of known.values()) series.value = NOTHING;
  });
}

function advance(readings: readonly Reading[]): void {
  lastAt = performance.now();
  const byKey = new Map(readings.map((reading) => [keyOf(reading), reading]));
  for (const reading of readings) seriesOf(reading);
  for (const [key, series] of known) {
    const reading = byKey.get(key);
    // Silence that was drawn already needs no drawing.
    if (reading === undefined && series.value === NOTHING) continue;
    const reads = [...series.value.reads.slice(1), reading?.reads ?? 0];
    series.value = reads.some((count) => count > 0)
      ? { reads, tags: reading?.tags ?? 0, bestDbm: reading?.bestDbm ?? null }
      : NOTHING;
  }
}

onLive(({ reads }) => {
  // Several seconds in one batch are drawn as one: the last is what is now.
  for (const readings of reads) advance(readings);
});

setInterval(() => {
  if (performance.now() - lastAt > SILENT_AFTER_MS) batch(() => advance([]));
}, 1000);
