// What a fold over an area remembers at one moment: the tracks of its tags and the state of its portals. Tracks are shared
// with checkpoints until they change, so that keeping a checkpoint costs only what changes after it.
import type { AreaPlan } from '../config/plan.ts';
import type { PortalGeometry } from './decider.ts';
import type { Decision } from './passage.ts';
import type { Expectation } from './planner.ts';
import type { Field } from './radio/field.ts';
import type { Lore } from './radio/learn.ts';
import type { Level } from './signal.ts';
import { wake, type Resting } from './resting.ts';
import { copyTrack, settle, type Side, type Track } from './track.ts';

export interface Beam {
  readonly brokenAt: number;
  readonly wholeAt: number | undefined;
  readonly used: boolean;
}

/** Log-odds of a crossing by the pooled evidence, at one moment of the grid. */
export interface Pooled {
  readonly at: number;
  readonly in: number;
  readonly out: number;
}

export interface PortalState {
  readonly level: Level;
  /** What it has learned of its tags and its air. */
  lore: Lore;
  /** The last few moments, oldest first. */
  pooled: readonly Pooled[];
  /** The same of moments so young that not much was heard after them. */
  early: readonly Pooled[];
  /** Of a portal whose antennas all look at one side: log-odds of its last looks. */
  looks: readonly { readonly at: number; readonly logOdds: number }[];
  beams: readonly Beam[];
}

export interface Fold {
  generation: number;
  /** Everything up to this time is in. */
  time: number;
  /** Something happened since the last checkpoint. */
  hasChanged: boolean;
  /** Of tags that were in hearing since the oldest checkpoint, or shortly before. */
  readonly tracks: Map<number, Track>;
  /** All others: none of them has changed since the oldest checkpoint, so the fold and its checkpoints share them. */
  readonly resting: Resting;
  /** Tags with an open sighting. */
  readonly active: Set<number>;
  readonly portals: PortalState[];
}

/** What lists say of a tag at a portal, by its id, at a moment of event time: a function of the journal up to the row in hand and of event time, so that going back asks it again and is told the same. */
export type ExpectationLookup = (tag: number, portal: string, at: number) => Expectation | undefined;

/** What an area may ask of a tag beyond what was heard of it. */
export interface TagLookups {
  readonly expectationOf: ExpectationLookup;
  /** A number drawn by the tag's EPC: it orders tags whatever order they came in. Their own numbers must not: those are given by arrival. */
  readonly drawOf: (tag: number) => number;
}

export interface AreaState extends TagLookups {
  readonly plan: AreaPlan;
  readonly geometries: readonly PortalGeometry[];
  /** By portal, as geometries are. */
  readonly fields: readonly Field[];
  /** By antenna: the position of the portal that it gives a side to; −1 for none. */
  readonly portalOf: Int16Array;
  fold: Fold;
  /** Oldest first; the first is never younger than `lateMs`. */
  checkpoints: Fold[];
  /** What was decided since the oldest checkpoint. */
  decisions: Decision[];
}

export const copyFold = (fold: Fold): Fold => ({
  ...fold,
  tracks: new Map(fold.tracks),
  active: new Set(fold.active),
  portals: fold.portals.map((portal) => ({ ...portal, level: { ...portal.level } })),
});

/** Tracks are shared with checkpoints until they change. */
export function own(fold: Fold, tag: number): Track {
  const track = fold.tracks.get(tag);
  if (track !== undefined && track.generation === fold.generation) return track;
  const owned = track === undefined ? wake(fold.resting, tag, fold.generation) : copyTrack(track, fold.generation);
  fold.tracks.set(tag, owned);
  return owned;
}

/** The side that an antenna looks at; undefined for one that sees both, or none. */
export function sideAt(area: AreaState, antenna: number): Side | undefined {
  const index = area.portalOf[antenna]!;
  return index < 0 ? undefined : (area.geometries[index]!.sideOf[antenna] as Side);
}

/** Reads from before `time` go into what the tag sounds like when nothing happens. */
export function settleTrack(area: AreaState, tag: number, time: number): void {
  settle(own(area.fold, tag), time, (antenna) => sideAt(area, antenna));
}

/** What lists say of a tag at a portal of the area at a moment; nothing once it crossed the way that they say. */
export function expectedAt(area: AreaState, tag: number, index: number, at: number): Expectation | undefined {
  const expected = area.expectationOf(tag, area.plan.portals[index]!.id, at);
  return expected !== undefined && area.fold.tracks.get(tag)?.lastCrossing?.direction === expected.direction
    ? undefined
    : expected;
}
