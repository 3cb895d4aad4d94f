// A calibration from beginning to end: learns from a recording, and compares what a door that has just begun makes of the same reads
// with it and without it. With a truth it learns on the first half in time and compares on the second.
import type { SitePlan } from '../config/plan.ts';
import { rejected } from '../kit/faults.ts';
import type { EntriesRow } from '../wire/row.ts';
import { decide, momentOf, type Decided } from './decide.ts';
import { differencesOf, totalsOf, type Difference, type Totals } from './differences.ts';
import { calibrated, learnFrom, LOADS_LEAST, type Calibrations } from './learn.ts';
import { measure, saidThen, type Measured, type Saying } from './measure.ts';
import { openSurvey, type PortalSurvey } from './survey.ts';
import { thresholdOf } from './threshold.ts';
import type { Truth } from './truth.ts';

export interface Asked {
  readonly plan: SitePlan;
  /** Opens the recording again, from its beginning. */
  readonly rows: () => AsyncIterable<EntriesRow>;
  readonly truth: Truth | undefined;
  /** As many passages left to a person as a false move costs. */
  readonly falseMoveCosts: number;
  /** Told what is being done: it takes a while. */
  readonly report: (doing: string) => void;
}

export interface Comparison {
  /** ms, by arrival. */
  readonly from: number;
  readonly to: number;
  /** Nothing of it was learned from. */
  readonly isHeldOut: boolean;
  readonly before: Totals;
  readonly after: Totals;
  readonly differences: readonly Difference[];
  readonly measured: { readonly of: string; readonly before: Measured; readonly after: Measured } | undefined;
}

export interface Result {
  readonly site: string;
  readonly reads: number;
  readonly loadsLeast: number;
  readonly learned: {
    readonly from: number;
    readonly to: number;
    readonly calibrations: Calibrations;
    readonly loads: ReadonlyMap<string, number>;
  };
  readonly postAt: { readonly before: number; readonly after: number };
  readonly survey: readonly PortalSurvey[];
  readonly compared: Comparison;
  readonly saidThen: readonly Saying[] | undefined;
}

/** What happens within this of where the recording was cut is of neither half. */
const CUT_MS = 15_000;

/** Throws `rejected` (`no-portals`, `no-reads`, `too-little-traffic`) when there is nothing to learn from. */
export async function calibrate({ plan, rows, truth, falseMoveCosts, report }: Asked): Promise<Result> {
  if (plan.areas.length === 0)
    throw rejected('no-portals', `${plan.site} has no portal: zones and stations need no calibration.`);
  const { from, to } = await spanOf(rows());
  const cut = truth === undefined ? undefined : (from + to) / 2;
  const first = (): AsyncIterable<EntriesRow> => within(rows(), Number.NEGATIVE_INFINITY, cut);
  const second = (): AsyncIterable<EntriesRow> => within(rows(), cut ?? Number.NEGATIVE_INFINITY, undefined);
  report('learning');
  const lesson = await learnFrom(plan, first());
  if (lesson.calibrations.size === 0) throw tooLittle(lesson.loads, cut !== undefined);
  report('surveying');
  const survey = openSurvey(plan, lesson.decided.passages);
  let reads = 0;
  for await (const { entries } of first()) {
    reads += entries.reads.length;
    survey.take(entries);
  }
  const postAt = plan.rules.portal.postAt;
  const threshold = truth === undefined ? postAt : thresholdFor(lesson.decided, truth, cut!, postAt, falseMoveCosts);
  report('deciding before and after');
  const before = await decide(plan, second());
  const kept = new Map([...present(plan), ...lesson.calibrations]);
  const after = await decide(calibrated(plan, kept, threshold === postAt ? undefined : threshold), second());
  return {
    site: plan.site,
    reads,
    loadsLeast: LOADS_LEAST,
    learned: { from, to: cut ?? to, calibrations: lesson.calibrations, loads: lesson.loads },
    postAt: { before: postAt, after: threshold },
    survey: survey.done(),
    compared: compare(before, after, truth, cut, cut ?? from, to),
    saidThen: truth?.kind === 'labels' ? saidThen(truth.labels) : undefined,
  };
}

/** Calibrations that the site file has: those of doors that learned nothing stay. */
const present = (plan: SitePlan): Calibrations =>
  new Map(
    plan.readPoints.flatMap((point) =>
      point.kind === 'portal' && point.calibration !== undefined ? [[point.id, point.calibration] as const] : [],
    ),
  );

function compare(
  before: Decided,
  after: Decided,
  truth: Truth | undefined,
  cut: number | undefined,
  from: number,
  to: number,
): Comparison {
  const own = (decided: Decided) => laterThan(decided.passages, cut, momentOf);
  const old = own(before);
  const now = own(after);
  const rest = truth && truthAfter(truth, cut!);
  return {
    from,
    to,
    isHeldOut: cut !== undefined,
    before: totalsOf(old),
    after: totalsOf(now),
    differences: differencesOf(old, now),
    measured: rest && { of: nameOf(rest), before: measure(old, rest), after: measure(now, rest) },
  };
}

const nameOf = (truth: Truth): string =>
  truth.kind === 'crossings'
    ? `${truth.crossings.length} crossings that are known to have happened`
    : `${truth.labels.length} passages that people decided (no others count)`;

const laterThan = <T>(list: readonly T[], cut: number | undefined, at: (one: T) => number): T[] =>
  list.filter((one) => cut === undefined || at(one) >= cut + CUT_MS);

const truthAfter = (truth: Truth, cut: number): Truth =>
  truth.kind === 'crossings'
    ? { ...truth, crossings: laterThan(truth.crossings, cut, ({ at }) => at) }
    : { ...truth, labels: laterThan(truth.labels, cut, ({ lastAt }) => lastAt) };

/** Labels are of what was doubted: of what was posted without asking they say nothing, so the threshold can only fall. */
function thresholdFor(decided: Decided, truth: Truth, cut: number, postAt: number, falseMoveCosts: number): number {
  const early = decided.passages.filter((passage) => momentOf(passage) < cut - CUT_MS);
  const known: Truth =
    truth.kind === 'crossings'
      ? { ...truth, crossings: truth.crossings.filter(({ at }) => at < cut - CUT_MS) }
      : { ...truth, labels: truth.labels.filter(({ lastAt }) => lastAt < cut - CUT_MS) };
  const { sayings } = measure(early, known);
  return thresholdOf(sayings, postAt, falseMoveCosts, truth.kind === 'labels' ? postAt : undefined);
}

async function spanOf(rows: AsyncIterable<EntriesRow>): Promise<{ from: number; to: number }> {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for await (const { receivedAt } of rows) {
    from = Math.min(from, receivedAt);
    to = Math.max(to, receivedAt);
  }
  if (!Number.isFinite(from) || !Number.isFinite(to)) throw rejected('no-reads', 'The recording holds no envelope.');
  return { from, to };
}

async function* within(
  rows: AsyncIterable<EntriesRow>,
  from: number,
  to: number | undefined,
): AsyncGenerator<EntriesRow> {
  for await (const row of rows) {
    if (to !== undefined && row.receivedAt >= to) return;
    if (row.receivedAt >= from) yield row;
  }
}

function tooLittle(loads: ReadonlyMap<string, number>, isHalf: boolean): Error {
  const list = [...loads].map(([id, count]) => `${id} ${count === 0 ? 'none' : count}`).join(', ');
  return rejected(
    'too-little-traffic',
    `Too little surely crossed to learn from: loads of three tags or more at ${list}; ${LOADS_LEAST} at one door are the least${isHalf ? ', in the first half of the recording (the second is held back to compare on)' : ''}. Record longer.`,
  );
}
