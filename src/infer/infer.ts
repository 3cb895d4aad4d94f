// Cleaned rows in, effects out: areas decide passages, zones find presences, people say things; the book makes movements and
// transactions of it. Pure and deterministic: the same rows give the same effects, live and in a replay.
import { cleanEnd, type AreaRelease, type Cleaned, type CleanState } from '../clean/clean.ts';
import { IGNORED_TAG, numberOf, type Tags } from '../clean/tags.ts';
import { arrivalOf } from '../clean/watermark.ts';
import type { SitePlan } from '../config/plan.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { advanceArea, openArea, trimArea } from './area.ts';
import type { AreaState, TagLookups } from './fold.ts';
import { contentNumber } from '../kit/ids.ts';
import { finish, inSteps, type Steps } from '../kit/steps.ts';
import {
  lookAtPlaces,
  noChange,
  noteRow,
  noteTag,
  openInstallation,
  settleArea,
  type Installation,
  type InstallationChange,
} from './installation/installation.ts';
import {
  isHourDue,
  noteHeard,
  noteMoved,
  noteNotFound,
  openDoubts,
  passHours,
  type Around,
  type Doubts,
} from './doubt/doubts.ts';
import { applyPostings, openBalances, type Balances } from './balances.ts';
import { openAdjustments, type Adjustments } from './adjustments.ts';
import { openBook, type Book, type Withdrawal } from './book.ts';
import { applyClaims, type Moved } from './claims.ts';
import { takeCommand } from './commands.ts';
import { tellContradictions } from './contradictions.ts';
import { draftEffects, type Effects, type EffectsDraft } from './effects.ts';
import { effectsOf } from './effectsOf.ts';
import { learnIdentity } from './identities.ts';
import type { Claim } from './item.ts';
import { NO_PLANS, type Planner } from './planner.ts';
import { tellLate, tellOverdue, tellTooLate } from './late.ts';
import { openPassages, takeDecisions, trimPassages, type Passages } from './passages.ts';
import { claimOf, heardBinsOf, presenceId } from './presences.ts';
import { loadPlan } from './reload.ts';
import { settleItems } from './settled.ts';
import { openScans, takeScan, type Scans } from './scans.ts';
import { noteFound } from './skuScans.ts';
import {
  advanceZones,
  countReads,
  openZones,
  resetZone,
  trimZones,
  withdrawReset,
  zonesDueAt,
  type ZoneState,
} from './zones.ts';

/** Raised whenever the same rows would be decided otherwise than before. */
export const DECIDER = 15;

export interface InferState {
  plan: SitePlan;
  /** What the warehouse plans, as far as it is asked here. */
  readonly planner: Planner;
  readonly lookups: TagLookups;
  areas: readonly AreaState[];
  zones: ZoneState;
  readonly book: Book;
  readonly balances: Balances;
  readonly passages: Passages;
  readonly scans: Scans;
  readonly adjustments: Adjustments;
  /** Tags whose zones must be weighed again because something else moved them. */
  readonly again: Set<number>;
  /** Event time of each area before which nothing can change any more. */
  settledTo: number[];
  /** Read points and hours for which lost reads were told already. */
  readonly toldLate: Set<string>;
  installation: Installation;
  doubts: Doubts;
}

/** Drawn once for each tag that is asked for. */
function drawsBy(epcs: readonly string[]): (tag: number) => number {
  const draws: number[] = [];
  return (tag) => (draws[tag] ??= contentNumber(epcs[tag] ?? String(tag)));
}

export function openInfer(
  plan: SitePlan,
  planner: Planner = NO_PLANS,
  { epcs }: Pick<Tags, 'epcs'> = { epcs: [] },
): InferState {
  const lookups: TagLookups = {
    expectationOf: (tag, portal, at) => planner.expectationOf(epcs[tag]!, portal, at),
    drawOf: drawsBy(epcs),
  };
  return {
    plan,
    planner,
    lookups,
    areas: plan.areas.map((area) => openArea(area, plan, undefined, lookups)),
    zones: openZones(),
    book: openBook((gtin14) => planner.packOf(gtin14)),
    balances: openBalances(),
    passages: openPassages(),
    scans: openScans(),
    adjustments: openAdjustments(),
    again: new Set(),
    settledTo: plan.areas.map(() => Number.NEGATIVE_INFINITY),
    toldLate: new Set(),
    installation: openInstallation(plan),
    doubts: openDoubts(),
  };
}

/** Everything that follows from one row, in steps. `clean` is the state that cleaned it: it knows tags by number. */
export function* inferRow(state: InferState, clean: CleanState, cleaned: Cleaned): Steps<Effects> {
  const step = openStep(state, clean);
  const { row } = cleaned;
  for (const release of cleaned.before) yield* takeArea(step, release);
  yield* takeZones(step, cleaned);
  if (row.kind === 'entries') {
    for (const scan of cleaned.scans) {
      yield* claim(step, takeScan(state, scan, step.draft), []);
    }
    for (const release of cleaned.after) yield* takeArea(step, release);
    tellTooLate(step, cleaned);
  }
  noteRow(state.installation, state.plan, row, (reader) => clean.marks.get(reader), step.installed);
  let outcome: Effects['outcome'];
  let configuration: Effects['configuration'];
  if (row.kind === 'command') {
    if (cleaned.plan !== undefined) {
      yield* changeZones(step, Number.POSITIVE_INFINITY);
      settleAll(step);
      state.planner.replanned();
      yield* claim(step, loadPlan(state, cleaned.plan, row.receivedAt, step.installed), []);
    }
    if (row.command.kind === 'load-site' && cleaned.planFault === undefined)
      configuration = { source: state.plan.source, actor: row.actor };
    const from = step.draft.transactions.length;
    const decided =
      cleaned.planFault === undefined
        ? takeCommand({ ...state, heardBins: heardBinsOf(state, clean) }, aroundOf(step), row, step.draft)
        : {
            outcome: { status: 'refused' as const, code: 'bad-site', message: cleaned.planFault },
            claims: [],
            withdrawals: [],
          };
    if (decided.first !== undefined) yield* claim(step, decided.first, []);
    yield* claim(step, decided.claims, decided.withdrawals);
    const transactions = step.draft.transactions.slice(from).map((transaction) => transaction.id);
    outcome = {
      key: row.key,
      outcome: decided.outcome.status === 'done' ? { ...decided.outcome, transactions } : decided.outcome,
    };
  }
  noteDoubted(step, row.receivedAt);
  const isTrimmed = row.offset % TRIM_EVERY_ROWS === 0;
  if (isTrimmed) yield* trim(state, siteTime(clean, row.receivedAt));
  const effects = effectsOf(step, row, outcome, configuration);
  if (isTrimmed) state.planner.forget(row.receivedAt);
  return effects;
}

/** The end of a recording: everything open is closed. */
export function inferEnd(state: InferState, clean: CleanState, offset: number, receivedAt: number): Effects {
  const step = openStep(state, clean);
  for (const release of cleanEnd(clean)) finish(takeArea(step, release));
  finish(changeZones(step, Number.POSITIVE_INFINITY));
  settleAll(step);
  return effectsOf(step, { site: state.plan.site, offset, receivedAt });
}

/** Our clock when something will be due though no row comes. */
export function inferDueAt(state: InferState, clean: CleanState, now: number): number {
  const bin = zonesDueAt(state.zones, state.plan.rules);
  if (bin === Number.POSITIVE_INFINITY && state.again.size === 0) return bin;
  const marks = state.plan.placeReaders.map((reader) => clean.marks.get(reader)).filter((mark) => mark !== undefined);
  if (state.again.size > 0 && marks.length > 0) return now;
  return arrivalOf(marks, now, bin + state.plan.rules.reorderMs);
}

/** What nothing can change any more is forgotten every so many rows. */
export const TRIM_EVERY_ROWS = 4096;

/** One row's work in progress. */
interface Step {
  readonly state: InferState;
  readonly clean: CleanState;
  readonly draft: EffectsDraft;
  readonly installed: InstallationChange;
  /** Transactions up to here have been applied to the balances. */
  posted: number;
}

const openStep = (state: InferState, clean: CleanState): Step => ({
  state,
  clean,
  draft: draftEffects(),
  installed: noChange(),
  posted: 0,
});

function* takeArea(step: Step, release: AreaRelease): Steps<void> {
  const { state, clean, draft } = step;
  const area = state.areas[release.area]!;
  const change = yield* advanceArea(area, state.plan, release);
  const settledTo = release.until - state.plan.rules.lateMs;
  settle(step, release.area, settledTo);
  trimArea(area, release.keptFrom, release.until);
  state.settledTo[release.area] = settledTo;
  if (change.decided.length === 0 && change.withdrawn.length === 0) return;
  const { claims, withdrawals } = takeDecisions(
    state.passages,
    state.plan,
    (tag) => clean.tags.epcs[tag]!,
    change,
    draft,
  );
  yield* claim(step, claims, withdrawals);
  tellContradictions({ ...state, ...state.lookups }, change, draft, (tag) => clean.tags.epcs[tag]!);
}

/** What an area decided up to `settledTo` can change no more: now it tells of the installation. */
function settle({ state, clean, installed }: Step, area: number, settledTo: number): void {
  const { decisions } = state.areas[area]!;
  settleArea(state.installation, state.plan, area, decisions, settledTo, (tag) => clean.tags.epcs[tag]!, installed);
}

const settleAll = (step: Step): void => {
  for (const area of step.state.areas.keys()) settle(step, area, Number.POSITIVE_INFINITY);
};

function* takeZones(step: Step, cleaned: Cleaned): Steps<void> {
  const { state } = step;
  const { late, tooLate } = countReads(state.zones, cleaned.placeReads, state.plan);
  if (tooLate > 0) tellLate(step, 'zones', cleaned.row.receivedAt, tooLate);
  for (const tag of late) state.again.add(tag);
  yield* changeZones(step, cleaned.placesReached);
}

function* changeZones(step: Step, reachedTo: number): Steps<void> {
  const { state } = step;
  if (reachedTo === Number.NEGATIVE_INFINITY) return;
  const again = new Set(state.again);
  state.again.clear();
  const { installation, plan } = state;
  const change = yield* advanceZones(state.zones, reachedTo, again, plan, (tag, before, bin, countsIn) => {
    noteTag(installation, plan, before, bin, countsIn);
    const epc = epcOf(step, tag);
    if (!state.doubts.open.has(epc)) return;
    const last = countsIn(before + 1, bin).at(-1);
    if (last !== undefined) noteHeard(state.doubts, epc, tag, last.firstAt);
  });
  if (reachedTo === Number.POSITIVE_INFINITY || isHourDue(state.doubts, state.zones, plan)) {
    trimZones(state.zones, plan); // so that all of the hour is counted
    yield;
    yield* passHours(state.doubts, aroundOf(step));
  }
  lookAtPlaces(installation, plan, state.zones.completeTo, step.installed);
  if (change.found.length === 0 && change.withdrawn.length === 0) return;
  const claims: Claim[] = [];
  yield* inSteps(change.found, FOUND_A_STEP, (presence) => {
    claims.push(claimOf(state.plan, epcOf(step, presence.tag), presence, step.draft));
  });
  yield* claim(
    step,
    claims,
    change.withdrawn.map((presence) => {
      const epc = epcOf(step, presence.tag);
      return { epc, claim: presenceId(state.plan, epc, presence) };
    }),
  );
}

/** Where a zone is switched on, all that it holds is found at once. */
const FOUND_A_STEP = 64;

const aroundOf = ({ state: { plan, book, zones }, clean: { tags } }: Step): Around => ({
  plan,
  book,
  zones,
  tagOf: (epc) => {
    const tag = tags.byEpc.get(epc);
    return tag === IGNORED_TAG ? undefined : tag;
  },
});

const epcOf = ({ clean }: Step, tag: number): string => clean.tags.epcs[tag]!;

/** Hands claims to the book and everything that follows to the balances and the zones. */
function* claim(step: Step, claims: readonly Claim[], withdrawals: readonly Withdrawal[]): Steps<void> {
  const { state, draft } = step;
  for (const { epc } of claims) if (!state.book.items.has(epc)) learnIdentity(state.scans.identities, epc);
  if (claims.length > 0 || withdrawals.length > 0) {
    const { tooLate, moved } = yield* applyClaims(state.book, state.plan, claims, withdrawals, draft, state.planner);
    for (const overdue of tooLate) tellOverdue(step, overdue);
    for (const found of claims) noteFoundBy(step, found);
    tellZones(step, moved);
  }
  // What plans make of transactions may be transactions too: once more, for those make none.
  do {
    const fresh = draft.transactions.slice(step.posted);
    step.posted = draft.transactions.length;
    applyPostings(state.balances, state.plan, fresh, draft);
    state.planner.take(state, fresh, draft);
  } while (step.posted < draft.transactions.length);
}

/** What zones believed of an item is void when something else moved it; also of one that none has heard yet. */
function tellZones({ state, clean }: Step, moved: readonly Moved[]): void {
  if (state.plan.places.length === 0) return;
  for (const { epc, at, readPoint, holds } of moved) {
    if (isPlace(state.plan, readPoint)) continue;
    const tag = numberOf(clean.tags, state.plan, epc);
    if (tag === IGNORED_TAG) continue;
    if (holds) resetZone(state.zones, tag, at);
    else withdrawReset(state.zones, tag, at);
    state.again.add(tag);
  }
}

const isPlace = (plan: SitePlan, readPoint: string | undefined): boolean =>
  plan.places.some((place) => place.id === readPoint);

/** What was posted ends doubts; a picker who did not find something doubts it. */
function noteDoubted(step: Step, at: number): void {
  const { state, draft } = step;
  if (draft.items.size === 0 && draft.discrepancies.length === 0) return;
  const around = aroundOf(step);
  noteMoved(state.doubts, around, draft.items.keys(), at);
  for (const { kind, sku, location, happenedAt } of draft.discrepancies) {
    if (kind !== 'short-pick') continue;
    for (const item of state.book.items.values((other) => other === location))
      if (item.state.inBooks && item.state.sku === sku && item.state.location === location)
        noteNotFound(state.doubts, around, item, 'pick', happenedAt);
  }
}

function noteFoundBy({ state, draft }: Step, { epc, at, source, readPoint, what }: Claim): void {
  const item = state.book.items.get(identify(epc).epc);
  if (item === undefined || source === 'inferred') return;
  const point = state.plan.readPoints.find((candidate) => candidate.id === readPoint);
  if (point?.kind === 'station' && what.kind === 'presence')
    state.planner.seen({ epc: item.epc, location: what.to, readPoint: point.id, at });
  if (point?.kind === 'station' && item.state.sku !== undefined)
    noteFound(state.scans, point.id, { sku: item.state.sku, at }, draft);
}

/** The newest thing read; not later than now. A site that reads nothing lives by our clock. */
function siteTime({ marks }: CleanState, now: number): number {
  const newest = Math.max(...[...marks.values()].map((mark) => mark.newest));
  return marks.size === 0 ? now : Math.min(now, newest);
}

function* trim({ plan, book, passages, zones, settledTo, areas }: InferState, reached: number): Steps<void> {
  settleItems(book, reached - plan.rules.settledAfterMs);
  yield;
  trimZones(zones, plan);
  yield;
  const areaOf = (portal: number): number => {
    const point = plan.readPoints[portal];
    return point?.kind === 'portal' ? point.area : GONE;
  };
  trimPassages(passages, {
    byReads: (portal) => settledTo[areaOf(portal)] ?? Number.POSITIVE_INFINITY,
    byFolds: (portal) => areas[areaOf(portal)]?.checkpoints[0]!.time ?? Number.POSITIVE_INFINITY,
  });
}

const GONE = -1;
