// The reads of one area (portals that hear the same tags) in the order of their own time, whatever order they came in.
// Reads wait until nothing earlier is expected, then join the log and are handed on, once and in order. One that comes
// later still is put into its place, and everything from a boundary before it on is handed out again.
import { assert } from '../kit/faults.ts';
import { boundaryBefore, keptAfter, keptBefore } from './boundaries.ts';

/** Reads in columns, index i of each being read i. `tag` and `antenna` are numbers of the owner's tables; times in ms. */
export interface ReadColumns {
  readonly length: number;
  readonly at: Float64Array;
  readonly tag: Int32Array;
  readonly antenna: Uint16Array;
  readonly rssiDbm: Float32Array;
}

/** Reads of an area in order: all after `from` up to `until`. What was handed out before from after `from` is void. */
export interface Release {
  readonly from: number;
  readonly until: number;
  readonly reads: ReadColumns;
}

interface Pending {
  columns: Columns;
  length: number;
  earliest: number;
}

interface Columns {
  at: Float64Array;
  tag: Int32Array;
  antenna: Uint16Array;
  rssiDbm: Float32Array;
}

export interface AreaLog {
  /** Entries `start`..`end` are in order of time. */
  ordered: Columns;
  start: number;
  end: number;
  /** Arrived, but not yet in order. */
  readonly pending: Pending;
  /** Arrived too late to be handed out in order; they wait for company, since each going back costs. */
  readonly late: Pending;
  /** Our clock when the first of them came. */
  lateSince: number;
  /** Everything up to this time has been put in order. */
  releasedTo: number;
  /** Everything up to this time is forgotten: a read from before it finds no place any more. */
  forgottenTo: number;
  /** A boundary before that: reads after it are kept, since going back begins at one. */
  keptFrom: number;
  /** The EPC of a tag: it breaks ties, so that the order of arrival never shows. */
  readonly epcOf: (tag: number) => string;
}

/** Most reads that one area remembers. Beyond it the oldest are forgotten early, and late reads for them are refused. */
export const AREA_READS_MAX = 2_000_000;
const FIRST_CAPACITY = 256;

/** Late reads wait so long, and longer the more must be handed out again: going back never takes most of the time. */
const LATE_WAIT_MS = 1000;
const LATE_WAIT_MOST_MS = 60_000;
const LATE_WAIT_PER_READ_MS = 0.1;

export const openAreaLog = (epcOf: (tag: number) => string): AreaLog => ({
  ordered: allocate(FIRST_CAPACITY),
  start: 0,
  end: 0,
  pending: { columns: allocate(FIRST_CAPACITY), length: 0, earliest: Number.POSITIVE_INFINITY },
  late: { columns: allocate(FIRST_CAPACITY), length: 0, earliest: Number.POSITIVE_INFINITY },
  lateSince: Number.POSITIVE_INFINITY,
  releasedTo: Number.NEGATIVE_INFINITY,
  forgottenTo: Number.NEGATIVE_INFINITY,
  keptFrom: Number.NEGATIVE_INFINITY,
  epcOf,
});

/** Takes a read in that arrived at `now`. False when it is from a time already forgotten: it can change nothing any more. */
export function admit(log: AreaLog, now: number, at: number, tag: number, antenna: number, rssiDbm: number): boolean {
  if (at <= log.forgottenTo) return false;
  const isLate = at <= log.releasedTo;
  if (isLate && log.late.length === 0) log.lateSince = now;
  add(isLate ? log.late : log.pending, at, tag, antenna, rssiDbm);
  return true;
}

/**
 * Puts everything up to `until` in order and hands it out, late reads too when it is time for them by our clock `now`, or
 * when theirs is about to be forgotten: everything before `keepFrom` will be. Undefined when there is nothing new, not even time.
 */
export function release(
  log: AreaLog,
  now: number,
  until: number,
  keepFrom = Number.NEGATIVE_INFINITY,
): Release | undefined {
  const before = log.releasedTo;
  const goesBack = log.late.length > 0 && (now >= lateDueAt(log) || log.late.earliest <= boundaryBefore(keepFrom));
  if (until <= before && !goesBack) return undefined;
  log.releasedTo = Math.max(before, until);
  let from = before;
  let unchangedTo = before;
  if (goesBack) {
    unchangedTo = justBefore(log.late.earliest);
    from = Math.max(log.keptFrom, keptBefore(unchangedTo, before));
    const { columns } = log.late;
    for (let index = 0; index < log.late.length; index++) {
      add(log.pending, columns.at[index]!, columns.tag[index]!, columns.antenna[index]!, columns.rssiDbm[index]!);
    }
    log.late.length = 0;
    log.late.earliest = Number.POSITIVE_INFINITY;
    log.lateSince = Number.POSITIVE_INFINITY;
  }
  if (log.pending.earliest <= log.releasedTo) {
    const position = firstAfter(log, unchangedTo);
    write(log, position, takeReleased(log, position));
  }
  return { from, until: log.releasedTo, reads: slice(log, firstAfter(log, from)) };
}

/** Whoever folds over it begins anew: what has been handed out is forgotten, and a read from before then finds no place any more. */
export function forgetReleased(log: AreaLog): void {
  log.forgottenTo = log.releasedTo;
  log.keptFrom = log.releasedTo;
  log.start = firstAfter(log, log.keptFrom);
  log.late.length = 0;
  log.late.earliest = Number.POSITIVE_INFINITY;
  log.lateSince = Number.POSITIVE_INFINITY;
}

/** Our clock when waiting late reads are put in their place; infinite when none wait. */
export function lateDueAt(log: AreaLog): number {
  if (log.late.length === 0) return Number.POSITIVE_INFINITY;
  const again = log.end - firstAfter(log, keptBefore(log.late.earliest, log.releasedTo));
  return log.lateSince + Math.min(LATE_WAIT_MOST_MS, LATE_WAIT_MS + again * LATE_WAIT_PER_READ_MS);
}

function add(pending: Pending, at: number, tag: number, antenna: number, rssiDbm: number): void {
  if (pending.length === pending.columns.at.length) {
    pending.columns = copied(pending.columns, 0, pending.length, pending.length * 2);
  }
  put(pending.columns, pending.length++, at, tag, antenna, rssiDbm);
  if (at < pending.earliest) pending.earliest = at;
}

/** Position of the first read after `time`. */
function firstAfter(log: AreaLog, time: number): number {
  let low = log.start;
  let high = log.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (log.ordered.at[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Forgets reads up to a boundary before `time`, and the oldest beyond the bound. */
export function forget(log: AreaLog, time: number): void {
  let forgottenTo = boundaryBefore(time);
  let keptFrom = keptBefore(time, log.releasedTo);
  if (log.end - firstAfter(log, keptFrom) > AREA_READS_MAX) {
    keptFrom = keptAfter(log.ordered.at[log.end - AREA_READS_MAX]!, log.releasedTo);
    forgottenTo = Math.max(forgottenTo, keptFrom);
  }
  if (forgottenTo > log.forgottenTo) log.forgottenTo = forgottenTo;
  if (keptFrom <= log.keptFrom) return;
  log.keptFrom = keptFrom;
  log.start = firstAfter(log, keptFrom);
  const kept = log.end - log.start;
  if (kept * ROOMY < log.ordered.at.length) moveTo(log, kept, Math.max(FIRST_CAPACITY, kept * 2));
}

/** After a rush: columns of more than this many times what they hold are exchanged for smaller ones. */
const ROOMY = 3;

/** The first `kept` reads into columns of their own. */
function moveTo(log: AreaLog, kept: number, capacity: number): void {
  if (capacity === log.ordered.at.length) return;
  log.ordered = copied(log.ordered, log.start, log.start + kept, capacity);
  log.start = 0;
  log.end = kept;
}

/** A copy: what is handed out does not change any more. */
function slice(log: AreaLog, from: number): ReadColumns {
  return {
    length: log.end - from,
    at: log.ordered.at.slice(from, log.end),
    tag: log.ordered.tag.slice(from, log.end),
    antenna: log.ordered.antenna.slice(from, log.end),
    rssiDbm: log.ordered.rssiDbm.slice(from, log.end),
  };
}

/** Reads arrive with µs; half of one is before any read that is not earlier. */
const justBefore = (time: number): number => time - 0.0005;

/** Pending reads that are due, together with the ordered ones from position `from` on, in order and without doubles. */
function takeReleased(log: AreaLog, from: number): Columns {
  const { pending } = log;
  let kept = 0;
  let earliest = Number.POSITIVE_INFINITY;
  const merged = allocate(pending.length + (log.end - from));
  let length = 0;
  for (let index = from; index < log.end; index++) copyOne(log.ordered, index, merged, length++);
  for (let index = 0; index < pending.length; index++) {
    const at = pending.columns.at[index]!;
    if (at <= log.releasedTo) copyOne(pending.columns, index, merged, length++);
    else {
      if (at < earliest) earliest = at;
      copyOne(pending.columns, index, pending.columns, kept++);
    }
  }
  pending.length = kept;
  pending.earliest = earliest;
  const order = orderOf(log, merged, length);
  const result = allocate(length);
  let written = 0;
  for (let place = 0; place < length; place++) {
    const index = order === undefined ? place : order[place]!;
    // The same antenna, tag and time twice is one read delivered twice; the stronger came first in the order.
    const last = written - 1;
    const again =
      written > 0 &&
      result.at[last] === merged.at[index] &&
      result.tag[last] === merged.tag[index] &&
      result.antenna[last] === merged.antenna[index];
    if (!again) copyOne(merged, index, result, written++);
  }
  return {
    at: result.at.subarray(0, written),
    tag: result.tag.subarray(0, written),
    antenna: result.antenna.subarray(0, written),
    rssiDbm: result.rssiDbm.subarray(0, written),
  };
}

/** Indices in order; undefined when they are already, as they mostly are: one reader tells what it reads as it reads it. */
function orderOf(log: AreaLog, columns: Columns, length: number): Uint32Array | undefined {
  let index = 1;
  while (index < length && compare(log, columns, index - 1, index) <= 0) index++;
  return index >= length
    ? undefined
    : Uint32Array.from({ length }, (_, place) => place).sort((a, b) => compare(log, columns, a, b));
}

/** By time; then antenna, EPC and strength, so that equal times have one order. A missing RSSI is the weakest. */
function compare(log: AreaLog, columns: Columns, a: number, b: number): number {
  const byTime = columns.at[a]! - columns.at[b]!;
  if (byTime !== 0) return byTime;
  const byAntenna = columns.antenna[a]! - columns.antenna[b]!;
  if (byAntenna !== 0) return byAntenna;
  if (columns.tag[a] !== columns.tag[b]) return log.epcOf(columns.tag[a]!) < log.epcOf(columns.tag[b]!) ? -1 : 1;
  return strength(columns.rssiDbm[b]!) - strength(columns.rssiDbm[a]!);
}

const strength = (rssiDbm: number): number => (Number.isNaN(rssiDbm) ? -1000 : rssiDbm);

function write(log: AreaLog, from: number, changed: Columns): void {
  const length = changed.at.length;
  if (from + length > log.ordered.at.length) {
    const kept = from - log.start;
    // Room for as much again, so that copying stays a small share of the work.
    const capacity = Math.max(FIRST_CAPACITY, (kept + length) * 2);
    log.ordered = copied(log.ordered, log.start, from, capacity);
    log.start = 0;
    from = kept;
  }
  log.ordered.at.set(changed.at, from);
  log.ordered.tag.set(changed.tag, from);
  log.ordered.antenna.set(changed.antenna, from);
  log.ordered.rssiDbm.set(changed.rssiDbm, from);
  log.end = from + length;
  assert(log.end <= log.ordered.at.length, 'An area log never writes beyond its columns.');
}

const allocate = (capacity: number): Columns => ({
  at: new Float64Array(capacity),
  tag: new Int32Array(capacity),
  antenna: new Uint16Array(capacity),
  rssiDbm: new Float32Array(capacity),
});

function copied(columns: Columns, from: number, to: number, capacity: number): Columns {
  const result = allocate(capacity);
  result.at.set(columns.at.subarray(from, to));
  result.tag.set(columns.tag.subarray(from, to));
  result.antenna.set(columns.antenna.subarray(from, to));
  result.rssiDbm.set(columns.rssiDbm.subarray(from, to));
  return result;
}

function put(columns: Columns, index: number, at: number, tag: number, antenna: number, rssiDbm: number): void {
  columns.at[index] = at;
  columns.tag[index] = tag;
  columns.antenna[index] = antenna;
  columns.rssiDbm[index] = rssiDbm;
}

const copyOne = (from: Columns, index: number, to: Columns, at: number): void =>
  put(to, at, from.at[index]!, from.tag[index]!, from.antenna[index]!, from.rssiDbm[index]!);
