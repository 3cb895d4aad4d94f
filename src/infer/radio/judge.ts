// From tracks to what the banks want to know of them, and from what crossed to what a portal learns of it.
import { firstAtOf } from '../../clean/sighting.ts';
import { antennaOf, countOf, rssiDbmOf, timeOf } from '../recent.ts';
import { eachBaseline, type Track } from '../track.ts';
import { AIRS } from './air.ts';
import type { Bank } from './bank.ts';
import { logSumOf, logSumOfTwo } from '../signal.ts';
import {
  EARLIER_MS,
  explainCourses,
  trace,
  type Before,
  type Explanation,
  type Heard,
  type Manner,
} from './explain.ts';
import type { Field } from './field.ts';
import { lately } from './lately.ts';
import { learn, type Lore } from './learn.ts';
import { audibilityOf, marginal, type Audibility, type LoadVerdict } from './load.ts';
import { explainStanding } from './standing.ts';

/** What was heard of a tag so long before a moment is weighed with it. */
export const BEFORE_MS = 10_000;
/** A tag that stood somewhere near the door sets out no earlier than this before it crosses. */
const SETS_OUT_MS = 2500;
/** Share of the tags that cross from where they stood within hearing. */
const FROM_REST = Math.log(0.25);
const FROM_AFAR = Math.log(0.75);
/** What was heard long ago may have been heard elsewhere. */
const AS_EVER = Math.log(0.85);
const ELSEWHERE = Math.log(0.15);
/** It stands where it stood all the time, or it came, or was put down, shortly before it was first heard. */
const ALL_THE_TIME = Math.log(0.8);
const CAME = Math.log(0.2);
/** Who has just crossed has not stood where it is now heard. */
const SETTLED_MS = 10_000;
/** Who crossed so lately most likely still goes on as it crossed. */
const GOES_ON_MS = 12_000;
const GOES_ON = Math.log(0.7);
const HAS_STOPPED = Math.log(0.3);

/** Of more reads only every other one is weighed, or every third, as if it were read that much less. */
const READS_WEIGHED = 24;

/** What was heard of a tag around `moment`, between `from` and `until` (ms from the moment). */
function heardOf(track: Track, field: Field, moment: number, from: number, until: number): Heard {
  const { recent } = track;
  const all = countOf(recent);
  let first = 0;
  while (first < all && timeOf(recent, first) - moment < from) first++;
  let end = all;
  while (end > first && timeOf(recent, end - 1) - moment > until) end--;
  let count = 0;
  for (let read = first; read < end; read++) if (field.placeOf[antennaOf(recent, read)]! >= 0) count++;
  const every = Math.max(1, Math.ceil(count / READS_WEIGHED));
  const reads = Math.ceil(count / every);
  const at = new Float64Array(reads);
  const antenna = new Int32Array(reads);
  const rssiDbm = new Float64Array(reads);
  let nth = 0;
  for (let read = first; read < end; read++) {
    const place = field.placeOf[antennaOf(recent, read)]!;
    if (place < 0 || nth++ % every !== 0) continue;
    const taken = (nth - 1) / every;
    at[taken] = timeOf(recent, read) - moment;
    antenna[taken] = place;
    rssiDbm[taken] = rssiDbmOf(recent, read);
  }
  return { reads, every, at, antenna, rssiDbm, before: undefined, from, to: until };
}

export interface Explained {
  readonly heard: Heard;
  readonly explanation: Explanation;
}

/** How each course, and standing still, explain what was heard of a tag around `moment` until `until`. Undefined when nothing was. */
export function explainTrack(
  track: Track,
  field: Field,
  lore: Lore,
  moment: number,
  until: number,
): Explained | undefined {
  const bank = field.bank(lore.air);
  const crossedAt = (track.lastCrossing?.at ?? Number.NEGATIVE_INFINITY) - moment;
  const from = Math.max(-BEFORE_MS, crossedAt);
  const to = until - moment;
  const heard = heardOf(track, field, moment, from, to);
  if (heard.reads === 0) return undefined;
  const before = crossedAt > -SETTLED_MS ? undefined : beforeOf(track, field, moment + from);
  const stands = explainRest(bank, { ...heard, before }, lore.manner);
  const standing =
    crossedAt > -GOES_ON_MS
      ? logSumOf([HAS_STOPPED + stands, GOES_ON + explainGoingOn(track, field, lore, until)])
      : stands;
  const courses = explainCourses(bank, heard, lore.manner);
  const own = explainEarlier(bank, heard, lore.manner);
  const isEarly = heard.at[0]! < -SETS_OUT_MS;
  if (!isEarly && before === undefined) return { heard, explanation: { courses, standing, ...own } };
  // Or it stood, and then set out.
  const setsOut = heard.at.findIndex((at) => at >= -SETS_OUT_MS);
  const stood: Heard = { ...heard, reads: setsOut === -1 ? heard.reads : setsOut, to: -SETS_OUT_MS, before };
  const stoodLog = explainStanding(bank, stood, lore.manner);
  const late = heardOf(track, field, moment, Math.max(from, -SETS_OUT_MS), to);
  const setOut = explainCourses(bank, late, lore.manner);
  for (let index = 0; index < courses.length; index++)
    courses[index] = logSumOfTwo(FROM_AFAR + courses[index]!, FROM_REST + stoodLog + setOut[index]!);
  return { heard, explanation: { courses, standing, ...own } };
}

/** A tag that was loudest so long before the moment may have come and gone before anything else did. */
const LONG_BEFORE_MS = 3000;

/** How its having passed, or turned, some seconds before explains what was heard of it. Nothing where it sounds otherwise. */
function explainEarlier(bank: Bank, heard: Heard, manner: Manner): Pick<Explanation, 'earlier'> {
  let loudest = Number.NaN;
  let at = 0;
  for (let read = 0; read < heard.reads; read++) {
    if (!(heard.rssiDbm[read]! > loudest || Number.isNaN(loudest))) continue;
    loudest = heard.rssiDbm[read]!;
    at = heard.at[read]!;
  }
  if (Number.isNaN(loudest) || at > -LONG_BEFORE_MS) return {};
  const shifted: Heard = {
    ...heard,
    at: heard.at.map((moment) => moment + EARLIER_MS),
    from: heard.from + EARLIER_MS,
    to: heard.to + EARLIER_MS,
  };
  const of = (kind: 'pass' | 'turn'): number => marginal(bank, explainCourses(bank, shifted, manner, kind), kind);
  return { earlier: { pass: of('pass'), turn: of('turn') } };
}

/** ln P(reads | it stands still): where it was heard before, or elsewhere, all the time or since it was first heard. */
function explainRest(bank: Bank, heard: Heard, manner: Manner): number {
  const anew = { ...heard, before: undefined };
  const elsewhere = logSumOf([
    ALL_THE_TIME + explainStanding(bank, anew, manner),
    CAME + explainStanding(bank, { ...anew, from: heard.at[0]! }, manner),
  ]);
  if (heard.before === undefined) return elsewhere;
  return logSumOf([AS_EVER + explainStanding(bank, heard, manner), ELSEWHERE + elsewhere]);
}

/** ln P(reads since it crossed, here or next door | it goes on as it crossed). */
function explainGoingOn(track: Track, field: Field, lore: Lore, until: number): number {
  const bank = field.bank(lore.air);
  const { at, portal, direction } = track.lastCrossing!;
  const since = heardOf(track, field, at, 0, until - at);
  const kind = portal === field.portal ? direction : 'beside';
  return marginal(bank, explainCourses(bank, since, lore.manner, kind), kind);
}

const NOTHING = {
  reads: 0,
  every: 1,
  at: new Float64Array(0),
  antenna: new Int32Array(0),
  rssiDbm: new Float64Array(0),
};

interface Silence {
  readonly manner: Manner;
  readonly bank: Bank;
  readonly to: number;
  readonly audibility: Audibility;
}
const silences: Silence[] = [];
/** A moment is looked at once and again, each time later. Some 8 KB each. */
const SILENCES_MAX = 64;

/** How likely a tag was to be heard at all around `moment` until `until`: the same for all tags of a look. */
export function audibilityAt(field: Field, { air, manner }: Lore, moment: number, until: number): Audibility {
  const bank = field.bank(air);
  const to = until - moment;
  const isIt = (one: Silence): boolean => one.manner === manner && one.to === to && one.bank === bank;
  return lately(silences, SILENCES_MAX, isIt, () => silenceOf(manner, bank, to)).audibility;
}

function silenceOf(manner: Manner, bank: Bank, to: number): Silence {
  const heard: Heard = { ...NOTHING, before: undefined, from: -BEFORE_MS, to };
  const audibility = audibilityOf(bank, {
    courses: explainCourses(bank, heard, manner),
    standing: explainStanding(bank, heard, manner),
  });
  return { manner, bank, to, audibility };
}

/** What it sounded like long before, standing where it stood then. */
function beforeOf(track: Track, field: Field, from: number): Before | undefined {
  const reads = new Float64Array(field.antennas);
  const meanDbm = new Float64Array(field.antennas);
  let total = 0;
  eachBaseline(track.baselines, (antenna, count, mean) => {
    const place = field.placeOf[antenna]!;
    if (place < 0) return;
    total += count;
    reads[place] = count;
    meanDbm[place] = mean;
  });
  if (total === 0) return undefined;
  const seconds = Math.max(total / 4, (from - firstAtOf(track.sighting!)) / 1000);
  return { reads, meanDbm, seconds: Math.min(30, seconds) };
}

/** Loads from which a portal learns: sure, and of several tags. */
const SURE = 0.995;
const MEMBERS_LEAST = 3;
const TAUGHT_BY_MAX = 6;
/** After so many loads the air is asked for only now and then. */
const LOADS_UNTIL_SURE = 40;
const ASKED_EVERY = 8;

export function learnFrom(
  lore: Lore,
  field: Field,
  candidates: readonly { readonly heard: Heard }[],
  verdict: LoadVerdict,
): Lore {
  if (verdict.probability < SURE) return lore;
  const members = candidates
    .filter((_, index) => verdict.members[index]! >= SURE)
    .map(({ heard }) => heard)
    .sort((a, b) => b.reads - a.reads);
  if (members.length < MEMBERS_LEAST) return lore;
  const bank = field.bank(lore.air);
  const traces = members.map((one) => trace(bank, one, lore.manner, verdict.course, verdict.moment));
  const isAsked = lore.loads < LOADS_UNTIL_SURE || lore.loads % ASKED_EVERY === 0;
  const teachers = members.slice(0, TAUGHT_BY_MAX);
  const airs = AIRS.map((_, air) => {
    if (!isAsked || Math.abs(air - lore.air) > 1) return undefined;
    const other = field.bank(air);
    return teachers.reduce(
      (sum, one) => sum + marginal(other, explainCourses(other, one, lore.manner, verdict.kind), verdict.kind),
      0,
    );
  });
  return learn(lore, traces, airs);
}
