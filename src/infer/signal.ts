// The signal model of a portal: how likely a read is when the tag is on this or that side, crossing, or parked.
// Strengths are relative to what the portal usually hears, so that power and distance of an installation drop out.
// Shape and constants were read off facts that any dock door shows (off-side reads are weak reflections, the strongest
// reads come within a second of the crossing, a parked tag keeps its strength); calibration will refine them per portal.

/** What a portal usually hears, in dBm: exponentially weighted mean and standard deviation over all its reads. */
export interface Level {
  meanDbm: number;
  sdDb: number;
  /** Reads that made it, at most LEVEL_MEMORY. */
  weight: number;
}

const FIRST_LEVEL: Level = { meanDbm: -68, sdDb: 4.5, weight: 50 };
/** What any portal hears, or what a calibration says that this one does. */
export const firstLevel = (from: Level = FIRST_LEVEL): Level => ({ ...from });
const LEVEL_MEMORY = 5000;

/** Adds one more read to the level, in place: every read of a portal does. */
export function addToLevel(level: Level, rssiDbm: number): void {
  level.weight = Math.min(LEVEL_MEMORY, level.weight + 1);
  const share = 1 / level.weight;
  const deviation = rssiDbm - level.meanDbm;
  const variance = (1 - share) * (level.sdDb * level.sdDb + share * deviation * deviation);
  level.meanDbm += share * deviation;
  level.sdDb = Math.sqrt(variance);
}

/** How fast old reads fade from a baseline: it stands for about so many. */
export const BASELINE_MEMORY = 20;

const SD_TYPICAL_DB = 4.5;
/** Levels that differ by less share their tables. */
const LEVEL_STEP_DB = 0.5;
const SCALE_STEP = 0.1;
/** Times from a crossing are told apart to this; beyond the reach all are the same. */
const SINCE_STEP_MS = 125;
const SINCE_REACH_MS = 6000;
const SINCE_STEPS = (2 * SINCE_REACH_MS) / SINCE_STEP_MS + 1;
/** RSSI in half dB, from 0 down to −127.5 dBm, and one place for none. */
const RSSI_STEPS = 257;
const RSSI_NONE = 256;

/** Where a read stands in the tables of a model: its strength. */
export const rssiIndex = (rssiDbm: number): number =>
  Number.isNaN(rssiDbm) ? RSSI_NONE : Math.min(255, Math.max(0, Math.round(rssiDbm * -2)));

/**
 * Log-likelihoods of one read under each hypothesis, up to terms that all share; from tables, since every read is weighed
 * against some dozen moments.
 */
export interface SignalModel {
  readonly meanDbm: number;
  /** The tag crossed `sinceMs` before (negative: after) the read; was the antenna's side the one it should then be on? */
  readonly crossing: (onSide: boolean, rssi: number, sinceMs: number) => number;
  /** The tag stays on one side, near the door or moving about there. */
  readonly staying: (onSide: boolean, rssi: number) => number;
}

const models = new Map<number, SignalModel>();
const MODELS_MAX = 64;

/** The model of a level. Levels that hardly differ get the same one; the last few are kept. */
export function signalModel(level: Level): SignalModel {
  const meanDbm = Math.round(level.meanDbm / LEVEL_STEP_DB) * LEVEL_STEP_DB;
  const scale = Math.round(Math.min(2, Math.max(0.6, level.sdDb / SD_TYPICAL_DB)) / SCALE_STEP) * SCALE_STEP;
  const key = Math.round(meanDbm / LEVEL_STEP_DB) * 1000 + Math.round(scale / SCALE_STEP);
  let model = models.get(key);
  if (model === undefined) {
    if (models.size >= MODELS_MAX) models.clear();
    models.set(key, (model = makeModel(meanDbm, scale)));
  }
  return model;
}

/**
 * Louder than the portal's level by more than this says no more: where most of what is heard stands far off, a load that comes close
 * is louder by far than anything that the level stands for, and fits nothing.
 */
const LOUDEST_DB = 12;

function makeModel(meanDbm: number, scale: number): SignalModel {
  const onCrossing = new Float64Array(RSSI_STEPS * SINCE_STEPS);
  const offCrossing = new Float64Array(RSSI_STEPS * SINCE_STEPS);
  const onStaying = new Float64Array(RSSI_STEPS);
  const offStaying = new Float64Array(RSSI_STEPS);
  const gauss = (rssiDbm: number, aboveMeanDb: number, sdDb: number): number =>
    Number.isNaN(rssiDbm) ? 0 : logGauss(rssiDbm, meanDbm + aboveMeanDb * scale, sdDb * scale);
  for (let rssi = 0; rssi < RSSI_STEPS; rssi++) {
    const rssiDbm = rssi === RSSI_NONE ? Number.NaN : Math.min(rssi / -2, meanDbm + LOUDEST_DB * scale);
    // Share of reads this strong that an antenna catches from the other side: reflections are weak.
    const offShare = Number.isNaN(rssiDbm) ? 0.1 : 1 / (1 + Math.exp(2.2 + (rssiDbm - meanDbm + 1) / (3 * scale)));
    const bounded = clamp(offShare, 0.02, 0.5);
    onStaying[rssi] = Math.log(1 - bounded) + gauss(rssiDbm, 0, 4.3);
    offStaying[rssi] = Math.log(bounded) + gauss(rssiDbm, -4.5, 3);
    for (let step = 0; step < SINCE_STEPS; step++) {
      const awayS = Math.abs(step * SINCE_STEP_MS - SINCE_REACH_MS) / 1000;
      const near = Math.exp(-((awayS / 0.6) ** 2)); // in the door both sides see it
      const off = clamp(offShare * (1 - near) + 0.5 * near, 0.02, 0.5);
      const index = rssi * SINCE_STEPS + step;
      onCrossing[index] = Math.log(1 - off) + gauss(rssiDbm, 3 - 2 * Math.min(2, awayS), 4);
      offCrossing[index] = Math.log(off) + (awayS < 0.7 ? gauss(rssiDbm, 2, 3) : gauss(rssiDbm, -4.5, 3));
    }
  }
  return {
    meanDbm,
    crossing: (onSide, rssi, sinceMs) => {
      const step = Math.round((clamp(sinceMs, -SINCE_REACH_MS, SINCE_REACH_MS) + SINCE_REACH_MS) / SINCE_STEP_MS);
      return (onSide ? onCrossing : offCrossing)[rssi * SINCE_STEPS + step]!;
    },
    staying: (onSide, rssi) => (onSide ? onStaying : offStaying)[rssi]!,
  };
}

/**
 * Log-likelihood of the strength of a read of a tag that stands where it stood: it sounds at this antenna as it did before, by the mean
 * of so many reads.
 */
export function parkedLogLikelihood(rssiDbm: number, reads: number, meanDbm: number, levelDbm: number): number {
  if (Number.isNaN(rssiDbm)) return 0;
  const { sd, logSd } = BASELINE_SPREAD[reads]!;
  const z = (rssiDbm - baselineMean(reads, meanDbm, levelDbm)) / sd;
  return -0.5 * z * z - logSd - HALF_LOG_TWO_PI;
}

/** Half a read at the portal's level is believed before the tag's own are. */
const baselineMean = (reads: number, meanDbm: number, levelDbm: number): number =>
  (reads * meanDbm + 0.5 * levelDbm) / (reads + 0.5);
/** By how many reads the baseline stands for: how far a read of a resting tag may be from it. Every read asks. */
const BASELINE_SPREAD = Array.from({ length: BASELINE_MEMORY + 1 }, (_, reads) => {
  const sd = Math.sqrt(2.2 ** 2 + 9.6 / (reads + 1));
  return { sd, logSd: Math.log(sd) };
});

/** Does a tag sound other than it did when it stood still? By more than two and a half standard deviations. */
export const isSurprising = (rssiDbm: number, reads: number, meanDbm: number, levelDbm: number): boolean =>
  !Number.isNaN(rssiDbm) &&
  Math.abs(rssiDbm - baselineMean(reads, meanDbm, levelDbm)) > 2.5 * BASELINE_SPREAD[reads]!.sd;

const HALF_LOG_TWO_PI = 0.918_938_533_204_672_7;
function logGauss(x: number, mean: number, sd: number): number {
  const z = (x - mean) / sd;
  return -0.5 * z * z - Math.log(sd) - HALF_LOG_TWO_PI;
}
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** ln(eᵃ + eᵇ + …) without overflow. */
export const logSum = (...terms: readonly number[]): number => logSumOf(terms);

/** The same of a list. */
export function logSumOf(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) if (values[index]! > most) most = values[index]!;
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += Math.exp(values[index]! - most);
  return most + Math.log(sum);
}

/** The same of two: it is asked for each place of a bank, and a list would be made each time. */
export function logSumOfTwo(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log(Math.exp(a - most) + Math.exp(b - most));
}

/** Probability of log-odds. */
export const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
/** Log-odds of a probability. */
export const logit = (probability: number): number => Math.log(probability / (1 - probability));
