// Presence in zones and at stations with an antenna. Reads are counted in bins of event time, whose order does not matter;
// what they make likely says when a tag has come, and when it has changed place (belief.ts).
// Hysteresis: to be taken from a place that holds it takes far more evidence than to be found at first.
import type { PlaceReads } from '../clean/clean.ts';
import type { SitePlan } from '../config/plan.ts';
import type { Rules } from '../config/rules.ts';
import { inSteps, type Steps } from '../kit/steps.ts';
import { NOWHERE, UNKNOWN, weighBin, type Belief } from './belief.ts';
import { noteBins, type Hours } from './doubt/hours.ts';
import type { ZonePlan } from './stays.ts';
import {
  countsIn,
  FIRST_OF_BIN,
  FIRST_SINCE_SNAPSHOT,
  forgetTo,
  openTallies,
  tally,
  type Count,
  type SettledBin,
  type Tallies,
} from './tallies.ts';

/** A tag is at a place from a time on. Place is an index into `SitePlan.readPoints`. */
export interface Presence {
  readonly tag: number;
  readonly place: number;
  readonly at: number;
  /** The bin whose reads were enough to say so. */
  readonly bin: number;
  readonly logOdds: number;
  /** What spoke for it, bin by bin. */
  readonly counts: readonly Count[];
}

export interface ZoneChange {
  readonly withdrawn: readonly Presence[];
  readonly found: readonly Presence[];
}

export interface ZoneTag {
  /** The belief before the counts that are kept. */
  base: Belief;
  belief: Belief;
  /** The bin after which `belief` holds. */
  foldedTo: number;
  /** The earliest bin that it has a tally in; infinite without one. */
  earliestBin: number;
  /** Times at which something else moved it: what was believed before is void. */
  resets: number[];
  /** Since the base. */
  found: Presence[];
  /** It is among those that changed since the last snapshot. */
  isDirty: boolean;
}

export interface ZoneState {
  readonly tags: Map<number, ZoneTag>;
  /** Tags with reads in bins that are not complete. */
  readonly touched: Map<number, Set<number>>;
  /** Bins up to this one are complete. */
  completeTo: number;
  readonly tallies: Tallies;
  /** Tags that changed since the last snapshot. */
  readonly dirty: Set<number>;
  /** Whom zones heard, as far as nothing can change it any more: the doubts take it from here. */
  readonly hours: Hours;
}

export const openZones = (): ZoneState => ({
  tags: new Map(),
  touched: new Map(),
  completeTo: Number.NEGATIVE_INFINITY,
  tallies: openTallies(),
  dirty: new Set(),
  hours: new Map(),
});

/** Counts reads. Returns the tags whose complete bins changed by it, and how many reads came too late for that. */
export function countReads(
  state: ZoneState,
  reads: PlaceReads,
  { rules, antennas }: Pick<SitePlan, 'rules' | 'antennas'>,
): { late: ReadonlySet<number>; tooLate: number } {
  const late = new Set<number>();
  let tooLate = 0;
  const oldest = state.completeTo - Math.ceil(rules.lateMs / rules.zone.binMs);
  for (let index = 0; index < reads.length; index++) {
    const at = reads.at[index]!;
    const tag = reads.tag[index]!;
    const bin = Math.floor(at / rules.zone.binMs);
    if (bin <= oldest) {
      tooLate++;
      continue;
    }
    const antenna = reads.antenna[index]!;
    const inBinMs = at - bin * rules.zone.binMs;
    const was = tally(state.tallies, tag, bin, antennas[antenna]!.readPoint, antenna, inBinMs, reads.rssiDbm[index]!);
    if (bin <= state.completeTo) late.add(tag);
    if ((was & FIRST_SINCE_SNAPSHOT) !== 0) {
      const known = zoneTag(state, tag);
      known.earliestBin = Math.min(known.earliestBin, bin);
    }
    if ((was & FIRST_OF_BIN) === 0 || bin <= state.completeTo) continue;
    let tags = state.touched.get(bin);
    if (tags === undefined) state.touched.set(bin, (tags = new Set()));
    tags.add(tag);
  }
  return { late, tooLate };
}

/** Told of a tag that is weighed up to `bin`, last before up to `before`, and what it was heard by from one bin to another. */
export type Heard = (
  tag: number,
  before: number,
  bin: number,
  countsIn: (from: number, to: number) => readonly Count[],
) => void;

/**
 * Something else (a portal, a person) moved the tag at `at`: where zones believed it is void from then on. Also of a tag that
 * no zone has heard yet: reads from before may still come.
 */
export function resetZone(state: ZoneState, tag: number, at: number): void {
  const known = zoneTag(state, tag);
  if (known.resets.includes(at)) return;
  known.resets.push(at);
  known.resets.sort((a, b) => a - b);
}

/** The movement that was the reason for a reset did not happen. */
export function withdrawReset(state: ZoneState, tag: number, at: number): void {
  const known = state.tags.get(tag);
  if (known === undefined) return;
  changed(state, tag, known);
  known.resets = known.resets.filter((reset) => reset !== at);
}

/** Weighs every bin that event time has passed, and again those of tags in `again`; some tags a step. */
export function* advanceZones(
  state: ZoneState,
  reachedTo: number,
  again: ReadonlySet<number>,
  plan: ZonePlan,
  heard: Heard = () => {},
): Steps<ZoneChange> {
  const { rules } = plan;
  const complete = Math.floor(reachedTo / rules.zone.binMs) - 1;
  const due = new Set(again);
  for (const [bin, tags] of state.touched) {
    if (bin > complete) continue;
    for (const tag of tags) due.add(tag);
    state.touched.delete(bin);
  }
  state.completeTo = Math.max(state.completeTo, complete);
  const withdrawn: Presence[] = [];
  const found: Presence[] = [];
  yield* inSteps(due, TAGS_A_STEP, (tag) => {
    const known = state.tags.get(tag);
    if (known === undefined) return; // forgotten meanwhile: nothing was known of it
    changed(state, tag, known);
    const before = known.found;
    heard(tag, known.foldedTo, state.completeTo, (from, to) =>
      countsIn(state.tallies, tag, from - 1, to, rules.zone.binMs),
    );
    if (again.has(tag)) {
      known.found = [];
      known.belief = fold(state, known, known.base, tag, Number.NEGATIVE_INFINITY, state.completeTo, plan, known.found);
      for (const old of before) if (!known.found.some((now) => isSame(old, now))) withdrawn.push(old);
      for (const now of known.found) if (!before.some((old) => isSame(old, now))) found.push(now);
    } else {
      const fresh: Presence[] = [];
      known.belief = fold(state, known, known.belief, tag, known.foldedTo, state.completeTo, plan, fresh);
      known.found.push(...fresh);
      found.push(...fresh);
    }
    known.foldedTo = state.completeTo;
    settleOld(state, known, tag, plan, SETTLED_AT_ONCE);
  });
  return { withdrawn: withdrawn.sort(byTime), found: found.sort(byTime) };
}

/** Each of them takes some ten microseconds, more when it was heard by many. */
const TAGS_A_STEP = 64;

/** What nobody has touched for long is settled too; a tag of which nothing is left is forgotten. */
export function trimZones(state: ZoneState, plan: ZonePlan): void {
  for (const [tag, known] of state.tags) {
    if (!settleOld(state, known, tag, plan)) continue;
    changed(state, tag, known);
    const isOpen = known.earliestBin !== Number.POSITIVE_INFINITY || known.resets.length > 0 || known.found.length > 0;
    if (!isOpen && known.base.place === NOWHERE && known.base.odds === 0) state.tags.delete(tag);
  }
}

/** Event time at which the earliest bin with reads is complete; infinite when all are. */
export function zonesDueAt(state: ZoneState, rules: Rules): number {
  let bin = Number.POSITIVE_INFINITY;
  for (const touched of state.touched.keys()) bin = Math.min(bin, touched);
  return (bin + 1) * rules.zone.binMs;
}

const isSame = (a: Presence, b: Presence): boolean => a.place === b.place && a.at === b.at;
const byTime = (a: Presence, b: Presence): number => a.at - b.at || a.place - b.place;

function zoneTag(state: ZoneState, tag: number): ZoneTag {
  const known = state.tags.get(tag) ?? newTag(state, tag);
  changed(state, tag, known);
  return known;
}

function changed(state: ZoneState, tag: number, known: ZoneTag): void {
  if (known.isDirty) return;
  known.isDirty = true;
  state.dirty.add(tag);
}

/** Tags that changed since the last snapshot, which takes them from here. */
export function takeDirty(state: ZoneState): number[] {
  const tags = [...state.dirty];
  state.tallies.mark++;
  for (const tag of tags) {
    const known = state.tags.get(tag);
    if (known !== undefined) known.isDirty = false;
  }
  state.dirty.clear();
  return tags;
}

/** The snapshot could not be written: they have changed still. */
export function putBackDirty(state: ZoneState, tags: readonly number[]): void {
  for (const tag of tags) {
    state.dirty.add(tag);
    const known = state.tags.get(tag);
    if (known !== undefined) known.isDirty = true;
  }
}

function newTag(state: ZoneState, tag: number): ZoneTag {
  const known: ZoneTag = {
    base: UNKNOWN,
    belief: UNKNOWN,
    foldedTo: Number.NEGATIVE_INFINITY,
    earliestBin: Number.POSITIVE_INFINITY,
    resets: [],
    found: [],
    isDirty: false,
  };
  state.tags.set(tag, known);
  return known;
}

/** Of a tag that is heard all the time so many bins are settled together: each time all that is kept of it is walked through. */
const SETTLED_AT_ONCE = 8;

/** Bins that no late read can reach any more go into the base, once there are `least` of them. False when there are not. */
function settleOld(state: ZoneState, known: ZoneTag, tag: number, plan: ZonePlan, least = 1): boolean {
  const { rules } = plan;
  const oldest = state.completeTo - Math.ceil(rules.lateMs / rules.zone.binMs);
  const until = (oldest + 1) * rules.zone.binMs;
  const earliest = Math.min(
    known.earliestBin,
    known.found[0]?.bin ?? Number.POSITIVE_INFINITY,
    Math.floor((known.resets[0] ?? Number.POSITIVE_INFINITY) / rules.zone.binMs),
  );
  if (earliest > oldest + 1 - least) return false;
  known.base = fold(state, known, known.base, tag, Number.NEGATIVE_INFINITY, oldest, plan, []);
  const settled: SettledBin[] = [];
  known.earliestBin = forgetTo(state.tallies, tag, oldest, settled);
  if (settled.length > 0) noteBins(state.hours, tag, rules.zone.binMs, settled);
  known.found = known.found.filter((presence) => presence.bin > oldest);
  known.resets = known.resets.filter((reset) => reset >= until);
  // Nothing has come after it: both are the same, and need be kept once.
  if (known.earliestBin === Number.POSITIVE_INFINITY && known.resets.length === 0) known.belief = known.base;
  return true;
}

/** The belief after the bins after `from` up to `to`; what is found on the way is added to `found`. */
function fold(
  { tallies }: ZoneState,
  known: ZoneTag,
  base: Belief,
  tag: number,
  from: number,
  to: number,
  plan: ZonePlan,
  found: Presence[],
): Belief {
  const { binMs } = plan.rules.zone;
  const resets = known.resets.filter((reset) => reset >= (from + 1) * binMs);
  const counted = countsIn(tallies, tag, from, to, binMs);
  let belief = base;
  let passed = 0;
  for (let index = 0; index < counted.length;) {
    const { bin } = counted[index]!;
    let end = index + 1;
    while (end < counted.length && counted[end]!.bin === bin) end++;
    while (passed < resets.length && resets[passed]! < (bin + 1) * binMs) {
      belief = UNKNOWN;
      passed++;
    }
    const since = passed === 0 ? Number.NEGATIVE_INFINITY : resets[passed - 1]!;
    const counts = counted.slice(index, end).filter((entry) => entry.firstAt > since);
    index = end;
    if (counts.length === 0) continue;
    const next = weighBin(belief, counts, plan);
    if (next.place !== belief.place) {
      const { place, at, odds: logOdds } = next;
      const spoke = countsIn(tallies, tag, Number.NEGATIVE_INFINITY, bin, binMs).filter(
        (entry) => entry.place === place && entry.firstAt >= at,
      );
      // A place that is believed again though it did not hear it now: what the others heard said so.
      found.push({ tag, place, at, bin, logOdds, counts: spoke.length > 0 ? spoke : counts });
    }
    belief = next;
  }
  // Also when nothing was heard after it: who is heard there again later must be found there anew.
  return passed < resets.length && resets[passed]! < (to + 1) * binMs ? UNKNOWN : belief;
}
