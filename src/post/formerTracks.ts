// What was heard of tags, as a snapshot gives it back: lists of numbers come as lists of objects, and are packed again; and the form that
// a former release kept, an object a read, becomes the present one, so that nothing that was heard just before is forgotten.
import type { Fold } from '../infer/fold.ts';
import type { Decision } from '../infer/passage.ts';
import type { Passages } from '../infer/passages.ts';
import { add, keptOf, type KeptReads, type Read, type Recent } from '../infer/recent.ts';
import { openResting, RESTING_WIDTH, type Resting } from '../infer/resting.ts';
import { rowFor } from '../infer/rows.ts';
import type { Baselines, Track } from '../infer/track.ts';
import type { Sighting } from '../clean/sighting.ts';

type FormerRead = Read & { readonly parked: number };

interface FormerSighting {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly reads: number;
  readonly antennas: ReadonlyMap<
    number,
    Readonly<Record<'reads' | 'bestDbm' | 'bestAt' | 'firstAt' | 'lastAt', number>>
  >;
}

type Changeable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Heard {
  readonly areas: readonly {
    readonly fold: Fold;
    readonly checkpoints: readonly Fold[];
    readonly decisions: readonly Decision[];
  }[];
  readonly passages: Passages['byId'];
}

/** Puts all of it into the present form, in place. Folds share tracks, and passages share decisions: each is put right once. */
export function restoreHeard({ areas, passages }: Heard): void {
  const done = new Set<object>();
  for (const { fold, checkpoints, decisions } of areas) {
    // A release before that had none: its folds kept every tag that they ever heard.
    const resting = restingOf(fold.resting);
    for (const one of [fold, ...checkpoints]) {
      (one as Changeable<Fold>).resting = resting;
      for (const track of one.tracks.values()) once(done, track, restoreTrack);
    }
    for (const decision of decisions) once(done, decision, restoreDecision);
  }
  for (const passage of passages.values()) {
    if (typeof passage === 'string') continue; // packed since
    for (const decision of [passage.told, ...passage.decisions]) once(done, decision, restoreDecision);
  }
}

/** A former release found rows by a map. */
type FormerResting = Pick<Resting, 'numbers' | 'free'> & { readonly places: ReadonlyMap<number, number> };

function restingOf(from: Resting | FormerResting | undefined): Resting {
  if (from !== undefined && !('places' in from)) return from;
  const resting = openResting();
  if (from === undefined) return resting;
  for (const [tag, place] of from.places) {
    const row = rowFor(resting, tag, RESTING_WIDTH);
    resting.numbers.set(from.numbers.subarray(place, place + RESTING_WIDTH), row);
  }
  return resting;
}

function once<T extends object>(done: Set<object>, value: T, restore: (value: T) => void): void {
  if (done.has(value)) return;
  done.add(value);
  restore(value);
}

function restoreTrack(track: Changeable<Track>): void {
  track.recent = recentOf(track.recent);
  track.baselines = baselinesOf(track.baselines);
  if (track.sighting !== undefined) track.sighting = sightingOf(track.sighting);
  if (track.alone !== undefined) track.alone = { ...track.alone, reads: keptReadsOf(track.alone.reads) };
}

function restoreDecision(decision: Changeable<Decision>): void {
  decision.reads = keptReadsOf(decision.reads);
}

const isPacked = (list: readonly number[] | readonly object[]): list is readonly number[] =>
  typeof list[0] !== 'object';

/** Cut to size: as it grows it has room for more. */
function packed(list: readonly number[]): number[] {
  const numbers: number[] = [];
  for (const number of list) numbers.push(number);
  return numbers.slice();
}

function recentOf(list: Recent | readonly FormerRead[]): Recent {
  if (isPacked(list)) return packed(list);
  const recent: Recent = [];
  for (const { at, antenna, rssiDbm, parked } of list) add(recent, at, antenna, rssiDbm, parked);
  return recent;
}

const keptReadsOf = (list: KeptReads | readonly Read[]): KeptReads => packed(isPacked(list) ? list : keptOf(list));

function baselinesOf(from: Baselines | ReadonlyMap<number, Readonly<Record<'reads' | 'meanDbm', number>>>): Baselines {
  if (Array.isArray(from)) return packed(from);
  return packed([...from].flatMap(([antenna, { reads, meanDbm }]) => [antenna, reads, meanDbm]));
}

function sightingOf(from: Sighting | FormerSighting): Sighting {
  if (Array.isArray(from)) return packed(from);
  const rows = [...from.antennas].flatMap(([antenna, { reads, bestDbm, bestAt, firstAt, lastAt }]) => [
    antenna,
    reads,
    bestDbm,
    bestAt,
    firstAt,
    lastAt,
  ]);
  return packed([from.firstAt, from.lastAt, from.reads, ...rows]);
}
