// What Bayes' rule makes of a tag's day under two zones when it knows the air and everything else of zonesDay.ts but where the tag lay:
// exact but for minutes, over all ways in which the day may be cut into stays. Nobody who sees only reads can know more.
import {
  AWAY_MEAN_MS,
  BURST_READS,
  COVER_MS,
  COVER_SD_LN,
  DAY_MS,
  MIDDLE_DBM,
  STAY_LEAST_MS,
  STAY_MEAN_MS,
  type ZoneAir,
} from './zonesDay.ts';

/** Time in steps. */
export const STEP_MS = 120_000;
export const STEPS = DAY_MS / STEP_MS;
const COVER_STEPS = COVER_MS / STEP_MS;
const LEAST_STEPS = STAY_LEAST_MS / STEP_MS;
const ZONES = [0, 1] as const;

/** A read of the tag; `at` in ms of the day. */
export interface ZoneRead {
  readonly zone: 0 | 1;
  readonly at: number;
  readonly rssiDbm: number;
}

/** Sums of all steps before one, by zone. */
interface Sums {
  readonly reads: readonly Float64Array[];
  readonly bursts: readonly Float64Array[];
  readonly rssi: readonly Float64Array[];
  readonly squares: readonly Float64Array[];
}
/** ln P(what was read in steps from one up to another | a stay in the zone just as long), at `from * (STEPS + 1) + to`. */
export type StayLikelihoods = readonly Float32Array[];

/** By zone and step. */
type Paths = readonly Float64Array[];
/** ln P(all reads until a step, and …). */
export interface Forward {
  /** … a stay begins there. */
  readonly begun: Paths;
  /** … one that comes from the other zone. */
  readonly moved: Paths;
  /** … it is away, having been in the zone. */
  readonly away: Paths;
  readonly likelihoods: StayLikelihoods;
  readonly sums: Sums;
}

const pathsOf = (): Paths => ZONES.map(() => new Float64Array(STEPS + 1).fill(Number.NEGATIVE_INFINITY));
const HALF = Math.log(0.5);
const AWAY_STILL = -STEP_MS / AWAY_MEAN_MS;
/** It comes back, to one of the two. */
const BACK = Math.log(-Math.expm1(AWAY_STILL)) + HALF;
/** A stay lasts longer than so many steps. */
const longerThan = (steps: number): number =>
  steps <= LEAST_STEPS ? 0 : (-(steps - LEAST_STEPS) * STEP_MS) / STAY_MEAN_MS - STAY_LEAST_MS / STAY_MEAN_MS;
const LONGER = Float64Array.from({ length: STEPS + 1 }, (_, steps) => longerThan(steps));
const LASTS = Float64Array.from({ length: STEPS + 1 }, (_, steps) =>
  steps < LEAST_STEPS
    ? Number.NEGATIVE_INFINITY
    : Math.log(Math.exp(steps === LEAST_STEPS ? 0 : longerThan(steps - 0.5)) - Math.exp(longerThan(steps + 0.5))),
);

/** Reads of the same zone this close are one burst. */
const BURST_GAP_MS = 6000;

function sumsOf(reads: readonly ZoneRead[]): Sums {
  const empty = (): Float64Array[] => ZONES.map(() => new Float64Array(STEPS + 1));
  const sums = { reads: empty(), bursts: empty(), rssi: empty(), squares: empty() };
  const last = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { zone, at, rssiDbm } of reads) {
    const step = Math.min(STEPS - 1, Math.floor(at / STEP_MS)) + 1;
    const above = rssiDbm - MIDDLE_DBM;
    sums.reads[zone]![step]!++;
    sums.rssi[zone]![step]! += above;
    sums.squares[zone]![step]! += above * above;
    if (at - last[zone]! > BURST_GAP_MS) sums.bursts[zone]![step]!++;
    last[zone] = at;
  }
  for (const all of Object.values(sums))
    for (const own of all) for (let step = 0; step < STEPS; step++) own[step + 1]! += own[step]!;
  return sums;
}

/** Points and weights of a normal distribution, in standard deviations. */
const POINTS = Array.from({ length: 11 }, (_, index) => -3 + index * 0.6);
const WEIGHTS = normalised(POINTS.map((point) => (-point * point) / 2));
const COVER_POINTS = [-2.4, -1.6, -0.8, 0, 0.8, 1.6, 2.4];
const COVER_WEIGHTS = normalised(COVER_POINTS.map((point) => (-point * point) / 2));
function normalised(logs: readonly number[]): number[] {
  const whole = logSum(...logs);
  return logs.map((log) => log - whole);
}

/** How likely so many bursts are while one cover lasts, by how often the tag is read; tables, since all tags of a day ask the same. */
export type Rates = (steps: number, bursts: number) => Float64Array;
export function ratesOf({ perMinute, rateSdLn, crossShare }: ZoneAir): Rates {
  const perStep = (perMinute * (1 + crossShare) * STEP_MS) / 60_000 / BURST_READS;
  const tables = new Map<number, Float64Array>();
  return (steps, bursts) => {
    const key = bursts * (COVER_STEPS + 1) + steps;
    let table = tables.get(key);
    if (table === undefined) {
      table = Float64Array.from(POINTS, (point) =>
        logSum(
          ...COVER_POINTS.map((cover, index) => {
            const rate = perStep * Math.exp(rateSdLn * point + COVER_SD_LN * cover);
            return COVER_WEIGHTS[index]! + bursts * Math.log(rate) - rate * steps;
          }),
        ),
      );
      tables.set(key, table);
    }
    return table;
  };
}

function likelihoodsOf(sums: Sums, air: ZoneAir, rates: Rates): StayLikelihoods {
  const likelihoods = ZONES.map(() => new Float32Array(STEPS * (STEPS + 1)));
  const own = -Math.log1p(air.crossShare);
  const other = own + Math.log(air.crossShare);
  const bursts = (zone: number, from: number, to: number): number =>
    sums.bursts[zone]![to]! - sums.bursts[zone]![from]!;
  const before = new Float64Array(POINTS.length);
  for (let from = 0; from < STEPS; from++) {
    before.set(WEIGHTS);
    let covered = from;
    for (let to = from + 1; to <= STEPS; to++) {
      const table = rates(to - covered, bursts(0, covered, to) + bursts(1, covered, to));
      const often = sumOfBoth(before, table);
      if (to - covered === COVER_STEPS) {
        for (let point = 0; point < POINTS.length; point++) before[point]! += table[point]!;
        covered = to;
      }
      for (const zone of ZONES) {
        const there = zone === 0 ? 1 : 0;
        likelihoods[zone]![from * (STEPS + 1) + to] =
          often +
          bursts(zone, from, to) * own +
          bursts(there, from, to) * other +
          loudness(sums, zone, from, to, 0, air) +
          loudness(sums, there, from, to, -air.gapDb, air);
      }
    }
  }
  return likelihoods;
}

function sumOfBoth(a: Float64Array, b: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < a.length; index++) most = Math.max(most, a[index]! + b[index]!);
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += Math.exp(a[index]! + b[index]! - most);
  return most + Math.log(sum);
}

/** RSSI is rounded to half dB. */
const ROUNDING_VARIANCE = 0.5 ** 2 / 12;

/** Reads around a level that is itself spread around `meanDb`. */
function loudness(sums: Sums, zone: number, from: number, to: number, meanDb: number, air: ZoneAir): number {
  const reads = sums.reads[zone]![to]! - sums.reads[zone]![from]!;
  if (reads === 0) return 0;
  const variance = air.readSdDb ** 2 + ROUNDING_VARIANCE;
  const placeVariance = air.placeSdDb ** 2;
  const sum = sums.rssi[zone]![to]! - sums.rssi[zone]![from]!;
  const off = sum - reads * meanDb;
  const squares = sums.squares[zone]![to]! - sums.squares[zone]![from]! - 2 * meanDb * sum + reads * meanDb * meanDb;
  return (
    -(reads * Math.log(2 * Math.PI * variance) + Math.log1p((reads * placeVariance) / variance)) / 2 -
    (squares - (placeVariance * off * off) / (variance + reads * placeVariance)) / variance / 2
  );
}

const isSilent = ({ reads }: Sums, step: number): boolean =>
  ZONES.every((zone) => reads[zone]![step + 1] === reads[zone]![step]);

/** Everything up to each step; `reads` of one tag, in order of time. */
export function forward(reads: readonly ZoneRead[], air: ZoneAir, rates: Rates): Forward {
  const sums = sumsOf(reads);
  const likelihoods = likelihoodsOf(sums, air, rates);
  const [begun, moved, away] = [pathsOf(), pathsOf(), pathsOf()];
  for (const zone of ZONES) begun[zone]![0] = HALF;
  const terms = new Float64Array(STEPS);
  for (let to = 1; to <= STEPS; to++) {
    const ended = ZONES.map((zone) => {
      const count = Math.max(0, to - LEAST_STEPS + 1);
      for (let from = 0; from < count; from++)
        terms[from] = begun[zone]![from]! + likelihoods[zone]![from * (STEPS + 1) + to]! + LASTS[to - from]!;
      return logSumFirst(terms, count);
    });
    for (const zone of ZONES) {
      const still = isSilent(sums, to - 1) ? away[zone]![to - 1]! + AWAY_STILL : Number.NEGATIVE_INFINITY;
      away[zone]![to] = logSum(still, ended[zone]! + HALF);
    }
    for (const zone of ZONES) {
      const other = zone === 0 ? 1 : 0;
      moved[zone]![to] = logSum(away[other]![to]! + BACK, ended[other]! + HALF);
      begun[zone]![to] = logSum(moved[zone]![to]!, away[zone]![to]! + BACK);
    }
  }
  return { begun, moved, away, likelihoods, sums };
}

/** ln P(what was read from a step until `end` | a stay begins there), for steps from `least` on. */
export function backward({ likelihoods, sums }: Forward, least: number, end: number): Paths {
  const [begun, away, ended] = [pathsOf(), pathsOf(), pathsOf()];
  for (const paths of [begun, away, ended]) for (const path of paths) path[end] = 0;
  const terms = new Float64Array(STEPS + 1);
  for (let from = end - 1; from >= least; from--) {
    for (const zone of ZONES) {
      const row = from * (STEPS + 1);
      let count = 0;
      terms[count++] = likelihoods[zone]![row + end]! + LONGER[end - from]!;
      for (let to = from + LEAST_STEPS; to < end; to++)
        terms[count++] = likelihoods[zone]![row + to]! + LASTS[to - from]! + ended[zone]![to]!;
      begun[zone]![from] = logSumFirst(terms, count);
    }
    const back = logSum(begun[0]![from]!, begun[1]![from]!) + BACK;
    for (const zone of ZONES) {
      const still = isSilent(sums, from) ? away[zone]![from + 1]! + AWAY_STILL : Number.NEGATIVE_INFINITY;
      away[zone]![from] = logSum(back, still);
      ended[zone]![from] = HALF + logSum(begun[zone === 0 ? 1 : 0]![from]!, away[zone]![from]!);
    }
  }
  return begun;
}

/** ln P(all reads until a step). */
export function evidence({ begun, away, likelihoods }: Forward, until: number): number {
  const terms = new Float64Array(2 * (until + 1));
  let count = 0;
  for (const zone of ZONES) {
    for (let from = 0; from < until; from++)
      terms[count++] = begun[zone]![from]! + likelihoods[zone]![from * (STEPS + 1) + until]! + LONGER[until - from]!;
    terms[count++] = away[zone]![until]!;
  }
  return logSumFirst(terms, count);
}

/** ln of the sum of numbers of which these are the ln. */
function logSum(...terms: readonly number[]): number {
  return logSumFirst(terms, terms.length);
}

function logSumFirst(terms: ArrayLike<number>, count: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index++) if (terms[index]! > most) most = terms[index]!;
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (let index = 0; index < count; index++) if (terms[index]! > most - 40) sum += Math.exp(terms[index]! - most);
  return most + Math.log(sum);
}
