// How noisy the air is: the three parameter sets of NOISE.md, where "typical" is validated against a real
// portal (zero-read 1.6 %, real 1.5 to 1.9 %). A new level is one more entry; a benchmark jitters an existing one.
import type { Random } from '../random.ts';

/** Everything the radio model needs to know about the air, the tags and the trucks. dB are two-way unless said. */
export interface Level {
  /** RSSI in dBm at 1 m on boresight, cable and packing included. */
  readonly rssiAtOneMetreDbm: number;
  /** Fading of a moving tag, independent from dwell to dwell; of a resting tag, a constant per antenna and place. */
  readonly fadingSdDb: number;
  /** What still changes from read to read when the tag rests. */
  readonly restingSdDb: number;
  /** How tags differ among each other. */
  readonly tagSdDb: number;
  /** Share of tags on metal or liquid, and what that costs them. */
  readonly metalShare: number;
  readonly metalLossDb: number;
  /** The pallet's own body, for a tag on the side away from the antenna. */
  readonly bodyLossDb: number;
  /** For a tag in the lane of another door. */
  readonly neighbourLossDb: number;
  /** Reflections fill the back lobe: the antenna's gain never falls below this (one way). */
  readonly scatterFloorDb: number;
  /** P(an audible tag is read in one dwell of one antenna): contention in the air protocol. */
  readonly readShare: number;
  /** Round robin over four antennas; an antenna dwells a quarter of it. */
  readonly cycleMs: number;
  /** Trucks: lognormal, median in m/s. */
  readonly speedMedian: number;
  readonly speedSdLn: number;
  /** Metres from the door at which pallets are parked, pass by, and turn back. */
  readonly stagingM: Range;
  readonly passByM: Range;
  readonly turnBackM: Range;
  /** Overhead antennas: P(read in a dwell) of the median tag, and how far tags differ (ln-sd, 3.3). */
  readonly zoneReadShare: number;
  readonly zoneRateSdLn: number;
  /** Share of pallets' tags that belong to nobody here. */
  readonly foreignShare: number;
  /** EPCs that no tag has: errors that pass the CRC, per million reads. */
  readonly ghostsPerMillion: number;
}

export type Range = readonly [min: number, max: number];
export type LevelName = 'clean' | 'typical' | 'hostile';

/** NOISE.md 1. `zoneReadShare` is assumed: 12, 5 and 1 reads a minute of a median tag that is well heard. */
export const LEVELS: Readonly<Record<LevelName, Level>> = {
  clean: {
    rssiAtOneMetreDbm: -45,
    fadingSdDb: 3,
    restingSdDb: 1.2,
    tagSdDb: 3,
    metalShare: 0.01,
    metalLossDb: 12,
    bodyLossDb: 6,
    neighbourLossDb: 15,
    scatterFloorDb: -14,
    readShare: 0.5,
    cycleMs: 400,
    speedMedian: 1.2,
    speedSdLn: 0.2,
    stagingM: [3, 6.5],
    passByM: [3, 6],
    turnBackM: [1, 2.5],
    zoneReadShare: 0.1,
    zoneRateSdLn: 1,
    foreignShare: 0.01,
    ghostsPerMillion: 0,
  },
  typical: {
    rssiAtOneMetreDbm: -42,
    fadingSdDb: 4.5,
    restingSdDb: 1.6,
    tagSdDb: 4.5,
    metalShare: 0.05,
    metalLossDb: 16,
    bodyLossDb: 10,
    neighbourLossDb: 6,
    scatterFloorDb: -8,
    readShare: 0.2,
    cycleMs: 400,
    speedMedian: 1.5,
    speedSdLn: 0.3,
    stagingM: [1.8, 6],
    passByM: [2, 5],
    turnBackM: [0.5, 2],
    zoneReadShare: 0.04,
    zoneRateSdLn: 1.44,
    foreignShare: 0.05,
    ghostsPerMillion: 1,
  },
  hostile: {
    rssiAtOneMetreDbm: -38,
    fadingSdDb: 6,
    restingSdDb: 2.5,
    tagSdDb: 5.5,
    metalShare: 0.15,
    metalLossDb: 18,
    bodyLossDb: 16,
    neighbourLossDb: 0,
    scatterFloorDb: -6,
    readShare: 0.11,
    cycleMs: 480,
    speedMedian: 2,
    speedSdLn: 0.35,
    stagingM: [0.8, 4],
    passByM: [1.2, 4],
    turnBackM: [0, 1.5],
    zoneReadShare: 0.01,
    zoneRateSdLn: 1.8,
    foreignShare: 0.2,
    ghostsPerMillion: 20,
  },
};

export const LEVEL_NAMES = Object.keys(LEVELS) as readonly LevelName[];

/** Every number of a level off by up to ±`share`, so that nobody tunes to constants (NOISE.md). RSSI moves in dB, ±2.5 at 20 %. */
export function jitteredLevel(level: Level, share: number, chance: Random): Level {
  const off = (value: number): number => value * (1 + chance.between(-share, share));
  const offRange = ([min, max]: Range): Range => [off(min), Math.max(off(max), off(min) + 0.1)];
  return {
    rssiAtOneMetreDbm: level.rssiAtOneMetreDbm + chance.between(-share, share) * JITTER_DB,
    fadingSdDb: off(level.fadingSdDb),
    restingSdDb: off(level.restingSdDb),
    tagSdDb: off(level.tagSdDb),
    metalShare: off(level.metalShare),
    metalLossDb: off(level.metalLossDb),
    bodyLossDb: off(level.bodyLossDb),
    neighbourLossDb: off(level.neighbourLossDb),
    scatterFloorDb: off(level.scatterFloorDb),
    readShare: Math.min(1, off(level.readShare)),
    cycleMs: Math.round(off(level.cycleMs)),
    speedMedian: off(level.speedMedian),
    speedSdLn: off(level.speedSdLn),
    stagingM: offRange(level.stagingM),
    passByM: offRange(level.passByM),
    turnBackM: offRange(level.turnBackM),
    zoneReadShare: Math.min(1, off(level.zoneReadShare)),
    zoneRateSdLn: off(level.zoneRateSdLn),
    foreignShare: off(level.foreignShare),
    ghostsPerMillion: off(level.ghostsPerMillion),
  };
}

/** ±20 % of this are ±2.5 dB: what another cable or another box costs. */
const JITTER_DB = 12.5;
