// How well each course explains the reads of one tag: likelihoods, with what the tag is (its loudness, the side of the load it
// is on) summed over. Not being read counts as much as being read. Pure.
import { logSumOf } from '../signal.ts';
import { FACINGS, LOUDNESS } from './air.ts';
import { REACH_MS, STEP_MS, STEPS, type Bank } from './bank.ts';
import type { Course, CourseKind } from './courses.ts';
import { lately } from './lately.ts';

/** Moments at which a course may have its middle, around the supposed one. */
export const MOMENTS = 13;
const MIDDLE = (MOMENTS - 1) / 2;
const CROSSING_STEP_MS = 250;
const OTHER_STEP_MS = 600;
/** ms from the supposed moment. */
export const momentMs = ({ kind }: Course, moment: number): number =>
  (moment - MIDDLE) * (isCrossing(kind) ? CROSSING_STEP_MS : OTHER_STEP_MS);
/** As many moments more of what a tag does by itself, all before those. */
export const EARLIER_MS = MOMENTS * OTHER_STEP_MS;
const isCrossing = (kind: CourseKind): boolean => kind === 'in' || kind === 'out';

/** Reads of one tag, oldest first: ms from the supposed moment, antenna of the bank, RSSI (NaN when none was told). */
export interface Heard {
  readonly reads: number;
  /** One in so many of those that were heard. */
  readonly every: number;
  readonly at: Float64Array;
  readonly antenna: Int32Array;
  readonly rssiDbm: Float64Array;
  /** What was heard of it before, standing where it stood: reads and their mean by antenna, in so many seconds. */
  readonly before: Before | undefined;
  /** From when to when it would have been heard, ms from the supposed moment. */
  readonly from: number;
  readonly to: number;
}

export interface Before {
  readonly reads: Float64Array;
  readonly meanDbm: Float64Array;
  readonly seconds: number;
}

/** What a portal has learned of its tags. */
export interface Manner {
  /** ln P(loudness), by place in `LOUDNESS`. */
  readonly logLoudness: Float64Array;
  /** Reads/s of one antenna of a tag that it hears well. */
  readonly rate: number;
}

export interface Explanation {
  /** ln P(reads | course at moment), by course and moment. */
  readonly courses: Float64Array;
  /** ln P(reads | it stands still). */
  readonly standing: number;
  /** ln P(reads | it had passed, or come near and gone back, before any of the moments), where it sounds so. */
  readonly earlier?: Readonly<Record<'pass' | 'turn', number>>;
}

/** What a tag that took a course was like. */
export interface Trace {
  /** P(loudness), by place in `LOUDNESS`. */
  readonly loudness: Float64Array;
  readonly reads: number;
  /** Seconds of full reading that it was heard for. */
  readonly exposure: number;
}

const READS_MAX = 64;
/** Worse by so much than the best is as good as impossible. */
const HOPELESS = 12;
/** Loudness beyond so many standard deviations of what the reads say is not looked at. */
const LOUD_REACH = 3;
const FACING_COUNT = FACINGS.length;
const LOUD_COUNT = LOUDNESS.length;
const FIRST_LOUD = LOUDNESS[0]!;
const LOUD_STEP = LOUDNESS[1]! - FIRST_LOUD;
const EVERY_OTHER = [0, 2, 4, 6, 8, 10, 12, 1, 3, 5, 7, 9, 11] as const;
/** Worse by so much than the best counts by its peak alone. */
const NEGLIGIBLE = 8;
const louds = new Float64Array(LOUD_COUNT);
const LOG_FACING = -Math.log(FACING_COUNT);
const crossingSteps = new Int32Array(MOMENTS * READS_MAX);
const otherSteps = new Int32Array(MOMENTS * READS_MAX);
/** Places of the antennas of the reads that tell their strength, and the strengths. */
const rows = new Int32Array(READS_MAX);
const strengths = new Float64Array(READS_MAX);

/** ln P(reads | course at moment), by course and moment. Where only courses of one kind are asked for, the others are impossible. */
export function explainCourses(bank: Bank, heard: Heard, manner: Manner, kind?: CourseKind): Float64Array {
  const { gains, antennas, air } = bank;
  const asked = kind === undefined ? bank.all : bank.byKind[kind];
  const beliefs = beliefsOf(manner, heard, asked);
  let told = 0;
  for (let read = 0; read < heard.reads; read++) {
    const strength = heard.rssiDbm[read]!;
    if (Number.isNaN(strength)) continue;
    rows[told] = heard.antenna[read]! * STEPS;
    strengths[told] = strength;
    placeSteps(crossingSteps, told, heard.at[read]!, CROSSING_STEP_MS);
    placeSteps(otherSteps, told++, heard.at[read]!, OTHER_STEP_MS);
  }
  const sd = air.fadingSdDb;
  const precision = 1 / (2 * sd * sd);
  const weight = told * precision;
  const constant = heard.reads * Math.log(manner.rate / heard.every) - told * Math.log(sd) + LOG_FACING;
  const reach = told === 0 ? Number.POSITIVE_INFINITY : (LOUD_REACH * sd) / Math.sqrt(told) + LOUD_STEP;
  const courses = new Float64Array(bank.courses.length * MOMENTS);
  if (kind !== undefined) courses.fill(Number.NEGATIVE_INFINITY);
  let best = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < asked.length; place++) {
    const course = asked[place]!;
    const crossing = isCrossing(bank.courses[course]!.kind);
    const steps = crossing ? crossingSteps : otherSteps;
    const stepMs = crossing ? CROSSING_STEP_MS : OTHER_STEP_MS;
    for (let nth = 0; nth < MOMENTS; nth++) {
      // Every other moment first: between two that are hopeless there is no hope.
      const moment = EVERY_OTHER[nth]!;
      if ((moment & 1) === 1) {
        const beside = Math.max(courses[course * MOMENTS + moment - 1]!, courses[course * MOMENTS + moment + 1]!);
        if (beside < best - HOPELESS) {
          courses[course * MOMENTS + moment] = beside;
          continue;
        }
      }
      const own = moment * READS_MAX;
      let most = Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let facing = 0; facing < FACING_COUNT; facing++) {
        const row = course * FACING_COUNT + facing;
        const base = row * antennas * STEPS;
        let ones = 0;
        let twos = 0;
        for (let read = 0; read < told; read++) {
          const off = strengths[read]! - gains[base + rows[read]! + steps[own + read]!]!;
          ones += off;
          twos += off * off;
        }
        const middle = told === 0 ? 0 : ones / told;
        const bound = constant - (twos - middle * ones) * precision;
        if (bound < best - HOPELESS || bound < most - HOPELESS) {
          if (most === Number.NEGATIVE_INFINITY) {
            most = bound - HOPELESS;
            sum = 1;
          }
          continue;
        }
        const from = Math.max(0, Math.ceil((middle - reach - FIRST_LOUD) / LOUD_STEP));
        const to = Math.min(LOUD_COUNT - 1, Math.floor((middle + reach - FIRST_LOUD) / LOUD_STEP));
        const belief = ((place * FACING_COUNT + facing) * MOMENTS + moment) * LOUD_COUNT;
        if (Number.isNaN(beliefs[belief]!))
          believe(bank, manner, heard, row, (moment - MIDDLE) * stepMs, beliefs, belief);
        const least = from > LOUD_COUNT - 1 ? LOUD_COUNT - 1 : from;
        const greatest = to < 0 ? 0 : to;
        let peak = Number.NEGATIVE_INFINITY;
        for (let loud = least; loud <= greatest; loud++) {
          const off = FIRST_LOUD + loud * LOUD_STEP - middle;
          const log = beliefs[belief + loud]! - weight * off * off;
          louds[loud] = log;
          if (log > peak) peak = log;
        }
        const top = bound + peak;
        if (top > most) {
          sum *= Math.exp(most - top);
          most = top;
        }
        // Not worth the exponentials.
        if (top < best - NEGLIGIBLE || top < most - NEGLIGIBLE) {
          sum += Math.exp(top - most);
          continue;
        }
        for (let loud = least; loud <= greatest; loud++) sum += Math.exp(bound + louds[loud]! - most);
      }
      const total = most + Math.log(sum);
      courses[course * MOMENTS + moment] = total;
      if (total > best) best = total;
    }
  }
  return courses;
}

interface Beliefs {
  readonly manner: Manner;
  /** Places of the courses in the bank: all, or those of a kind. */
  readonly asked: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly every: number;
  readonly values: Float32Array;
}
const beliefs: Beliefs[] = [];
/** Two to a portal that is in use, mostly; up to 200 KB each. */
const BELIEFS_MAX = 32;

/**
 * ln P(loudness, and nothing else was heard of it), by course asked for, facing, moment and loudness: the same for all tags of a look.
 * Worked out where it is needed (`believe`): most courses are hopeless without it.
 */
function beliefsOf(manner: Manner, { from, to, every }: Heard, asked: readonly number[]): Float32Array {
  // What is asked for is of one bank.
  const isIt = (one: Beliefs): boolean =>
    one.asked === asked && one.manner === manner && one.from === from && one.to === to && one.every === every;
  const make = (): Beliefs => {
    const values = new Float32Array(asked.length * FACING_COUNT * MOMENTS * LOUD_COUNT).fill(Number.NaN);
    return { manner, asked, from, to, every, values };
  };
  return lately(beliefs, BELIEFS_MAX, isIt, make).values;
}

/** Works out the beliefs in one course, facing and moment, into `values` from `place` on. */
function believe(
  { exposures }: Bank,
  { logLoudness, rate }: Manner,
  { from, to, every }: Heard,
  row: number,
  shift: number,
  values: Float32Array,
  place: number,
): void {
  const first = (row * STEPS + stepOf(from - shift)) * LOUD_COUNT;
  const last = (row * STEPS + stepOf(to - shift)) * LOUD_COUNT;
  for (let loud = 0; loud < LOUD_COUNT; loud++)
    values[place + loud] = logLoudness[loud]! - (rate / every) * (exposures[last + loud]! - exposures[first + loud]!);
}

const stepOf = (ms: number): number => Math.min(STEPS - 1, Math.max(0, Math.round((ms + REACH_MS) / STEP_MS)));

function placeSteps(steps: Int32Array, read: number, at: number, stepMs: number): void {
  for (let moment = 0; moment < MOMENTS; moment++)
    steps[moment * READS_MAX + read] = stepOf(at - (moment - MIDDLE) * stepMs);
}

/** What the tag was like if it took this course at this moment. */
export function trace(bank: Bank, heard: Heard, manner: Manner, course: number, moment: number): Trace {
  const { gains, exposures, antennas, air } = bank;
  const precision = 1 / (2 * air.fadingSdDb * air.fadingSdDb);
  const shift = momentMs(bank.courses[course]!, moment);
  const first = stepOf(heard.from - shift);
  const last = stepOf(heard.to - shift);
  const logs: number[] = [];
  const spans: number[] = [];
  for (let facing = 0; facing < FACING_COUNT; facing++) {
    const row = course * FACING_COUNT + facing;
    for (let loud = 0; loud < LOUD_COUNT; loud++) {
      const exposure =
        exposures[(row * STEPS + last) * LOUD_COUNT + loud]! - exposures[(row * STEPS + first) * LOUD_COUNT + loud]!;
      let log = manner.logLoudness[loud]! - (manner.rate / heard.every) * exposure;
      for (let read = 0; read < heard.reads; read++) {
        const strength = heard.rssiDbm[read]!;
        if (Number.isNaN(strength)) continue;
        const step = stepOf(heard.at[read]! - shift);
        const off = strength - gains[(row * antennas + heard.antenna[read]!) * STEPS + step]! - LOUDNESS[loud]!;
        log -= off * off * precision;
      }
      logs.push(log);
      spans.push(exposure);
    }
  }
  const total = logSumOf(logs);
  const loudness = new Float64Array(LOUD_COUNT);
  let exposure = 0;
  for (const [index, log] of logs.entries()) {
    const share = Math.exp(log - total);
    loudness[index % LOUD_COUNT]! += share;
    exposure += share * spans[index]!;
  }
  return { loudness, reads: heard.reads * heard.every, exposure };
}
