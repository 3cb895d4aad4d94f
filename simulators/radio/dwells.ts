// When a reader listens with which antenna: one after the other, each for a quarter of the level's four-antenna cycle.
// Dwells are numbered from 1970 on, so a simulation may be stopped, stepped and resumed anywhere without moving one.
import type { AntennaPose, Geometry, PortalFrame, ReaderGeometry } from './geometry.ts';
import type { Level } from './levels.ts';
import { mix, noiseKey, uniformOf, type NoiseKey } from './noise.ts';

/** An antenna with all that is constant about it. */
export interface TunedAntenna {
  readonly pose: AntennaPose;
  readonly key: NoiseKey;
  readonly frame: PortalFrame | undefined;
  /** P(an audible tag is read in one dwell); of a median tag, for a zone. */
  readonly share: number;
  /** Tags that fit into one dwell. */
  readonly readsMax: number;
}

export interface Dwell {
  readonly antenna: TunedAntenna;
  readonly number: number;
  readonly lengthMs: number;
  readonly endsAt: number;
}

export interface TunedReader {
  readonly antennas: readonly TunedAntenna[];
  readonly lengthMs: number;
  /** Readers do not beat in step. */
  readonly phaseMs: number;
}

/** Overhead readers take their time: a 28-beam array needs 22 s at 100 tags a beam (NOISE.md). */
const ZONE_DWELL_MS = 500;
/** Dense-reader mode: 150 to 250 tags a second whatever is in the field (NOISE.md); a full pallet shares that. */
const READS_PER_SECOND_MAX = 250;

export function tuneReaders(geometry: Geometry, level: Level, seed: NoiseKey): TunedReader[] {
  return geometry.readers.map((reader) => tuneReader(reader, geometry.portals, level, seed));
}

/** Dwells that end in (from, to], by their end; at the same end in the order of the readers. */
export function dwellsOf(readers: readonly TunedReader[], from: number, to: number): Dwell[] {
  const dwells: Dwell[] = [];
  for (const { antennas, lengthMs, phaseMs } of readers) {
    const first = Math.floor((from - phaseMs) / lengthMs) + 1;
    const last = Math.floor((to - phaseMs) / lengthMs);
    for (let number = first; number <= last; number++) {
      const antenna = antennas[number % antennas.length]!;
      dwells.push({ antenna, number, lengthMs, endsAt: phaseMs + number * lengthMs });
    }
  }
  return dwells.sort((a, b) => a.endsAt - b.endsAt);
}

function tuneReader(
  reader: ReaderGeometry,
  portals: readonly PortalFrame[],
  level: Level,
  seed: NoiseKey,
): TunedReader {
  const slow = reader.antennas.every((pose) => pose.use === 'zone');
  const lengthMs = slow ? ZONE_DWELL_MS : Math.round(level.cycleMs / 4);
  const key = mix(seed, noiseKey('reader', reader.reader));
  return {
    lengthMs,
    phaseMs: Math.floor(uniformOf(key) * lengthMs),
    antennas: reader.antennas.map((pose) => ({
      pose,
      key: mix(key, pose.antenna),
      frame: pose.portal === undefined ? undefined : portals[pose.portal],
      share: pose.use === 'zone' ? (level.zoneReadShare * lengthMs) / ZONE_DWELL_MS : level.readShare,
      readsMax: (READS_PER_SECOND_MAX * lengthMs) / 1000,
    })),
  };
}
