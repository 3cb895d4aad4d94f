// One area: portals that hear the same tags. A fold over its reads in order of time, on a grid of a quarter second. When reads
// come late the fold goes back to a checkpoint and runs again; what then comes out differently is told.
import type { ReadColumns, Release } from '../clean/areaLog.ts';
import { BOUNDARY_MS, keptAfter } from '../clean/boundaries.ts';
import { GRID_MS } from '../clean/clean.ts';
import type { AreaPlan, SitePlan } from '../config/plan.ts';
import { assert } from '../kit/faults.ts';
import type { Steps } from '../kit/steps.ts';
import { NO_SIDE, type PortalGeometry } from './decider.ts';
import { copyFold, type AreaState, type Fold, type TagLookups } from './fold.ts';
import { isSameDecision, type Decision } from './passage.ts';
import { beginningOf, levelOf } from './radio/calibration.ts';
import { fieldsOf } from './radio/field.ts';
import { firstLore, type Lore } from './radio/learn.ts';
import { isAtRest, openResting, putToRest } from './resting.ts';
import { firstLevel } from './signal.ts';
import { takeRead, takeStep } from './step.ts';

/** What an advance changed. Of a withdrawn and a new decision about the same passage the new one takes its place. */
export interface AreaChange {
  readonly withdrawn: readonly Decision[];
  readonly decided: readonly Decision[];
}

/** Nothing is expected, and tags are what their numbers are. */
const NO_LOOKUPS: TagLookups = { expectationOf: () => undefined, drawOf: (tag) => tag };

/** `loreOf` is what portals, by id, have learned before. */
export function openArea(
  plan: AreaPlan,
  site: SitePlan,
  loreOf: (portal: string) => Lore | undefined = () => undefined,
  lookups: TagLookups = NO_LOOKUPS,
): AreaState {
  const geometries = plan.portals.map((portal): PortalGeometry => {
    const sideOf = new Int8Array(site.antennas.length).fill(NO_SIDE);
    for (const antenna of site.antennas) {
      if (antenna.readPoint === portal.index && antenna.side !== undefined)
        sideOf[antenna.index] = antenna.side === 'inside' ? 0 : 1;
    }
    return { portal: portal.index, sideOf, isOneSided: !(sideOf.includes(0) && sideOf.includes(1)) };
  });
  const fold: Fold = {
    generation: 0,
    time: Number.NEGATIVE_INFINITY,
    hasChanged: false,
    tracks: new Map(),
    resting: openResting(),
    active: new Set(),
    portals: plan.portals.map(({ id, calibration }) => ({
      level: firstLevel(calibration && levelOf(calibration)),
      lore: loreOf(id) ?? firstLore(calibration && beginningOf(calibration)),
      pooled: [],
      early: [],
      looks: [],
      beams: [],
    })),
  };
  const portalOf = Int16Array.from(site.antennas, (antenna) =>
    geometries.findIndex(({ sideOf }) => sideOf[antenna.index] !== NO_SIDE),
  );
  return {
    plan,
    geometries,
    fields: fieldsOf(plan, site),
    ...lookups,
    portalOf,
    fold,
    checkpoints: [copyFold(fold)],
    decisions: [],
  };
}

/** Takes in what the area's log releases, a moment of the grid a step; goes back first when the log did. */
export function* advanceArea(area: AreaState, site: SitePlan, release: Release): Steps<AreaChange> {
  const isBack = release.from < area.fold.time;
  const before = isBack ? goBack(area, release.from) : [];
  const known = area.decisions.length;
  yield* runFold(area, site, release.reads, release.until);
  const decided = area.decisions.slice(known);
  if (!isBack) return { withdrawn: [], decided };
  const withdrawn = before.filter((old) => !decided.some((now) => isSameDecision(old, now)));
  return { withdrawn, decided: decided.filter((now) => !before.some((old) => isSameDecision(old, now))) };
}

/** Drops checkpoints and decisions that no late read can reach any more: the log goes back to `keptFrom`, or to a boundary kept since. */
export function trimArea(area: AreaState, keptFrom: number, reached: number): void {
  thin(area, reached);
  const kept = area.checkpoints.length;
  while (area.checkpoints.length > 1 && area.checkpoints[1]!.time <= keptFrom) area.checkpoints.shift();
  if (area.checkpoints.length < kept) putAwayAll(area);
  const oldest = area.checkpoints[0]!.time;
  if (area.decisions.length > 0 && area.decisions[0]!.decidedAt <= oldest) {
    area.decisions = area.decisions.filter((decision) => decision.decidedAt > oldest);
  }
}

/** A checkpoint is that of every boundary until the next one; those of which no such boundary is kept go. The oldest stays: the log may begin at any. */
function thin(area: AreaState, reached: number): void {
  area.checkpoints = area.checkpoints.filter(({ time }, index, all) => {
    const next = all[index + 1];
    return index === 0 || next === undefined || keptAfter(time, reached) < next.time;
  });
}

/** Tags that have not changed since the oldest checkpoint, and will be made anew by their next read, are put to rest. */
function putAwayAll({ fold, checkpoints }: AreaState): void {
  const [oldest, ...later] = checkpoints;
  for (const [tag, track] of oldest!.tracks) {
    if (!isAtRest(track, oldest!.time) || fold.tracks.get(tag) !== track) continue;
    putToRest(fold.resting, track, oldest!.time);
    fold.tracks.delete(tag);
    oldest!.tracks.delete(tag);
    for (const checkpoint of later) checkpoint.tracks.delete(tag);
  }
}

function goBack(area: AreaState, to: number): Decision[] {
  while (area.checkpoints.length > 0 && area.checkpoints.at(-1)!.time > to) area.checkpoints.pop();
  const checkpoint = area.checkpoints.at(-1);
  assert(checkpoint !== undefined, 'An area never goes back further than its oldest checkpoint.', { to });
  area.fold = copyFold(checkpoint);
  area.fold.generation = checkpoint.generation + 1;
  const withdrawn = area.decisions.filter((decision) => decision.decidedAt > checkpoint.time);
  area.decisions = area.decisions.filter((decision) => decision.decidedAt <= checkpoint.time);
  return withdrawn;
}

function* runFold(area: AreaState, site: SitePlan, reads: ReadColumns, until: number): Steps<void> {
  const { fold } = area;
  let position = 0;
  for (;;) {
    const nextRead = position < reads.length ? reads.at[position]! : Number.POSITIVE_INFINITY;
    // With nothing open, time jumps to where something happens again.
    const step = Math.max(nextGrid(fold.time), fold.active.size === 0 ? Math.ceil(nextRead / GRID_MS) * GRID_MS : 0);
    if (step > until) break;
    checkpointUpTo(area, step - GRID_MS);
    while (position < reads.length && reads.at[position]! <= step) takeRead(area, reads, position++);
    takeStep(area, site, step);
    fold.time = step;
    fold.hasChanged = true;
    yield;
  }
  if (fold.active.size === 0) {
    checkpointUpTo(area, until);
    fold.time = Math.max(fold.time, until);
  }
  assert(position === reads.length, 'An area takes in every read that its log releases.');
}

/** Keeps the state at the first boundary after the last change, when `time` is past it: until the next nothing happens. */
function checkpointUpTo(area: AreaState, time: number): void {
  const { fold } = area;
  if (!fold.hasChanged) return;
  const boundary = Math.ceil(fold.time / BOUNDARY_MS) * BOUNDARY_MS;
  if (boundary > time) return;
  fold.hasChanged = false;
  area.checkpoints.push({ ...copyFold(fold), time: boundary });
  fold.generation++;
}

const nextGrid = (time: number): number => (Math.floor(time / GRID_MS) + 1) * GRID_MS;
