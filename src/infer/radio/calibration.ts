// Between what a portal has learned and what the site file says of it: a calibration is a lore in numbers that a person can read.
import type { Calibration } from '../../config/calibration.ts';
import type { Level } from '../signal.ts';
import { AIRS, LOUDNESS } from './air.ts';
import { chanceOf, type Beginning, type Lore } from './learn.ts';

/** A calibration's chances count as so many looks, its level as so many reads: what is new changes them slowly. */
const CHANCE_LOOKS = 100;
const LEVEL_READS = 1000;
/** Beyond so many loads no more is believed of its air: it may change. */
const LOADS_MAX = 60;

/** What a portal begins with that was calibrated. A load speaks with one nat for its air. */
export function beginningOf(calibration: Calibration): Beginning {
  const { fadingSdDb, readsPerSecond, heardForSeconds, loadChance, aloneChance } = calibration;
  const loudness = new Float64Array(LOUDNESS.length);
  for (const [dbm, tags] of Object.entries(calibration.tagsByLoudnessDbm))
    loudness[nearest(LOUDNESS, Number(dbm))]! += tags;
  const air = nearest(
    AIRS.map((one) => one.fadingSdDb),
    fadingSdDb,
  );
  const loads = Math.min(LOADS_MAX, calibration.loads);
  return {
    group: { sum: loadChance * CHANCE_LOOKS, looks: CHANCE_LOOKS },
    alone: { sum: aloneChance * CHANCE_LOOKS, looks: CHANCE_LOOKS },
    loudness,
    reads: readsPerSecond * heardForSeconds,
    exposure: heardForSeconds,
    airs: AIRS.map((_, index) => -loads * Math.abs(index - air)),
    loads,
  };
}

export const levelOf = ({ heardMeanDbm, heardSdDb }: Calibration): Level => ({
  meanDbm: heardMeanDbm,
  sdDb: heardSdDb,
  weight: LEVEL_READS,
});

/** What a portal has learned, and hears, as the site file says it. It must have learned from a load. */
export function calibrationOf(lore: Lore, level: Level): Calibration {
  const tagsByLoudnessDbm: Record<string, number> = {};
  for (const [index, dbm] of LOUDNESS.entries()) {
    const tags = rounded(lore.loudness[index]!, 1);
    if (tags > 0) tagsByLoudnessDbm[dbm] = tags;
  }
  return {
    loads: lore.loads,
    fadingSdDb: AIRS[lore.air]!.fadingSdDb,
    readsPerSecond: rounded(lore.reads / lore.exposure, 3),
    heardForSeconds: rounded(lore.exposure, 1),
    tagsByLoudnessDbm,
    heardMeanDbm: rounded(level.meanDbm, 1),
    heardSdDb: rounded(level.sdDb, 1),
    loadChance: rounded(chanceOf(lore.group), 3),
    aloneChance: rounded(chanceOf(lore.alone), 3),
  };
}

function nearest(places: readonly number[], value: number): number {
  let best = 0;
  for (const [index, place] of places.entries())
    if (Math.abs(place - value) < Math.abs(places[best]! - value)) best = index;
  return best;
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
