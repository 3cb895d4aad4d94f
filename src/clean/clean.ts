// Rows of the journal in, reads in order of their own time out: clocks corrected, antennas resolved, tags numbered, doubles
// gone. Pure: time is the row's. What comes too late to find a place is told, never dropped in silence.
import { isDeepStrictEqual } from 'node:util';
import { planSite, type SitePlan, type SiteSource } from '../config/plan.ts';
import { messageOf, rejected } from '../kit/faults.ts';
import type { Command } from '../wire/command.ts';
import type { CommandRow, EntriesRow, Row } from '../wire/row.ts';
import { readColumns, type Reads, type Scan } from '../wire/entries.ts';
import { admit, forget, lateDueAt, openAreaLog, release, type AreaLog, type Release } from './areaLog.ts';
import { correctClocks } from './clocks.ts';
import type { ReaderClock } from './readerClock.ts';
import { forgetIgnored, IGNORED_TAG, noTags, numbersOf, type Tags } from './tags.ts';
import { arrivalOf, reachedAt, type Mark } from './watermark.ts';

/** Decisions happen on this grid of event time; between two of its points nothing is released. */
export const GRID_MS = 250;
/** Antenna numbers from here on stand for the light beam of a portal of the area: it travels among the reads. */
export const BEAM_ANTENNA = 60_000;
const NO_TAG = -1;
/** Event time goes on in silence only as long as something may still be open: an outage is no silence. */
const QUIET_MS = 30_000;
/** Beyond departure and window, for what is decided on the grid. */
const SETTLE_MS = 5000;

export interface CleanState {
  plan: SitePlan;
  /** Our clock, by the last row. */
  now: number;
  /** When every area was last looked at: between two looks only those are that a row brings something to. */
  sweptAt: number;
  readonly tags: Tags;
  readonly clocks: Map<string, ReaderClock>;
  readonly marks: Map<string, Mark>;
  areas: readonly AreaLog[];
  /** Event time of the newest read of each area. */
  lastReadAt: number[];
}

/** Reads of zones and stations, in no particular order. `antenna` is an index into `SitePlan.antennas`. */
export interface PlaceReads {
  length: number;
  readonly at: Float64Array;
  readonly tag: Int32Array;
  readonly antenna: Uint16Array;
  readonly rssiDbm: Float32Array;
}

export interface AreaRelease extends Release {
  readonly area: number;
  /** The fold will never be told to go back further: reads since then are kept. */
  readonly keptFrom: number;
}

/** Reads that came too late: of so many tags, from this time on. */
export interface TooLate {
  readonly readPoint: number;
  readonly reads: number;
  readonly earliest: number;
  readonly latest: number;
}

export interface Cleaned {
  readonly row: Row;
  /** Due by the row's time, before what the row itself brings. */
  readonly before: readonly AreaRelease[];
  readonly placeReads: PlaceReads;
  /**
   * Event time that zones and stations have reached: nothing before it is expected any more. Minus infinity when it was not
   * looked at with this row.
   */
  readonly placesReached: number;
  /** By right clocks, in order of time. */
  readonly scans: readonly Scan[];
  readonly after: readonly AreaRelease[];
  readonly tooLate: readonly TooLate[];
  /** The site as this row makes it; undefined when the row leaves it as it is. */
  readonly plan: SitePlan | undefined;
  /** Why the site that the row brings cannot be used. */
  readonly planFault: string | undefined;
}

export function openClean(plan: SitePlan): CleanState {
  const tags = noTags();
  return {
    plan,
    now: Number.NEGATIVE_INFINITY,
    sweptAt: Number.NEGATIVE_INFINITY,
    tags,
    clocks: new Map(),
    marks: new Map(),
    ...openAreas(plan, tags),
  };
}

/** Empty logs for the areas of a plan. */
export const openAreas = (plan: SitePlan, tags: Tags): Pick<CleanState, 'areas' | 'lastReadAt'> => ({
  areas: plan.areas.map(() => openAreaLog((tag) => tags.epcs[tag] ?? '')),
  lastReadAt: plan.areas.map(() => Number.NEGATIVE_INFINITY),
});

/** Takes one row. Rows come in the order of the journal; `receivedAt` never falls. */
export function cleanRow(state: CleanState, row: Row): Cleaned {
  state.now = Math.max(state.now, row.receivedAt);
  const placeReads = roomFor(row.kind === 'entries' ? row.entries.reads.length : 0);
  const tooLate: TooLate[] = [];
  if (isOtherSite(state, row))
    return { ...loadSite(state, row.command.source), row, placeReads, scans: [], tooLate, after: [] };
  const isLook = row.receivedAt - state.sweptAt >= SWEEP_MS;
  if (isLook) state.sweptAt = row.receivedAt;
  const before = isLook ? releaseDue(state, row.receivedAt, everyArea(state)) : [];
  const touched = new Set<number>();
  const scans = row.kind === 'entries' ? takeEntries(state, row, placeReads, tooLate, touched) : [];
  const after = releaseDue(state, row.receivedAt, touched);
  return {
    row,
    before,
    placeReads,
    placesReached: isLook ? placesReached(state, row.receivedAt) : Number.NEGATIVE_INFINITY,
    scans,
    after,
    tooLate,
    plan: undefined,
    planFault: undefined,
  };
}

/** Areas and places are looked at this often by our clock, whoever sends. Ticks are further apart. */
const SWEEP_MS = 50;

const everyArea = (state: CleanState): Iterable<number> => state.plan.areas.keys();

/**
 * Does it bring a site file that says something else than the one in force? Two processes that take turns may both put the
 * same one into the journal: what is open goes on.
 */
const isOtherSite = ({ plan }: CleanState, row: Row): row is LoadRow =>
  row.kind === 'command' && row.command.kind === 'load-site' && !isDeepStrictEqual(row.command.source, plan.source);

type LoadRow = CommandRow & { readonly command: Extract<Command, { kind: 'load-site' }> };

/** A new site takes effect at one place in the journal: what is open by the old one is closed first. */
function loadSite(
  state: CleanState,
  source: unknown,
): Pick<Cleaned, 'before' | 'placesReached' | 'plan' | 'planFault'> {
  let plan: SitePlan;
  try {
    plan = planSite(source as SiteSource);
    if (plan.site !== state.plan.site)
      throw rejected('other-site', `The file describes ${plan.site}, not ${state.plan.site}.`);
  } catch (error) {
    return { before: [], placesReached: Number.NEGATIVE_INFINITY, plan: undefined, planFault: messageOf(error) };
  }
  const before = cleanEnd(state);
  state.plan = plan;
  Object.assign(state, openAreas(plan, state.tags));
  forgetIgnored(state.tags, plan);
  return { before, placesReached: Number.NEGATIVE_INFINITY, plan, planFault: undefined };
}

/** The end of a recording: everything is released, everything open is closed. */
export function cleanEnd(state: CleanState): readonly AreaRelease[] {
  return releaseDue(state, Number.POSITIVE_INFINITY, everyArea(state));
}

/** Our clock when something will be due though no row comes; infinite when nothing waits. */
export function cleanDueAt(state: CleanState, now: number): number {
  let due = Number.POSITIVE_INFINITY;
  for (const area of state.plan.areas) {
    const log = state.areas[area.index]!;
    due = Math.min(due, lateDueAt(log));
    const quietAt = state.lastReadAt[area.index]! + quietMs(state.plan);
    if (log.releasedTo >= gridBefore(quietAt)) continue;
    const next = Math.max(
      gridBefore(log.releasedTo) + GRID_MS,
      Number.isFinite(log.releasedTo) ? 0 : gridBefore(log.pending.earliest),
    );
    due = Math.min(due, arrivalOf(marksOf(state, area.readers), now, next + state.plan.rules.reorderMs));
  }
  return due;
}

const quietMs = ({ rules: { portal } }: SitePlan): number =>
  Math.max(QUIET_MS, portal.departAfterMs + portal.windowAfterMs + SETTLE_MS);

const gridBefore = (time: number): number => Math.floor(time / GRID_MS) * GRID_MS;

const marksOf = (state: CleanState, readers: readonly string[]): Mark[] =>
  readers.map((reader) => state.marks.get(reader)).filter((mark) => mark !== undefined);

function releaseDue(state: CleanState, now: number, areas: Iterable<number>): AreaRelease[] {
  const { reorderMs, lateMs } = state.plan.rules;
  const releases: AreaRelease[] = [];
  for (const index of areas) {
    const area = state.plan.areas[index]!;
    const log = state.areas[area.index]!;
    const quietAt = state.lastReadAt[area.index]! + quietMs(state.plan);
    if (quietAt === Number.NEGATIVE_INFINITY) continue;
    const reached = now === Number.POSITIVE_INFINITY ? now : reachedAt(marksOf(state, area.readers), now);
    const until = gridBefore(Math.min(reached - reorderMs, quietAt));
    const released = release(log, now, until, until - lateMs);
    if (released === undefined) continue;
    forget(log, released.until - lateMs);
    releases.push({ ...released, area: area.index, keptFrom: log.keptFrom });
  }
  return releases;
}

/**
 * Event time that zones and stations have reached at `now`: in silence of the whole site no further than closes the bin of its newest
 * read. What comes after an outage, or after our clock was set ahead, is simply next.
 */
export function placesReached(state: CleanState, now: number): number {
  const { placeReaders, rules } = state.plan;
  let newest = Number.NEGATIVE_INFINITY;
  for (const mark of state.marks.values()) newest = Math.max(newest, mark.newest);
  return Math.min(reachedAt(marksOf(state, placeReaders), now) - rules.reorderMs, newest + rules.zone.binMs);
}

function roomFor(reads: number): PlaceReads {
  const { seenAt, number, source, rssiDbm } = readColumns(reads);
  return { length: 0, at: seenAt, tag: number, antenna: source, rssiDbm };
}

function takeEntries(
  state: CleanState,
  row: EntriesRow,
  placeReads: PlaceReads,
  tooLate: TooLate[],
  touched: Set<number>,
): Scan[] {
  const { reads, scans, triggers } = row.entries;
  const offsets = correctClocks(state, row);
  takeReads(state, row.receivedAt, reads, offsets, placeReads, tooLate, touched);
  for (const trigger of triggers) {
    const portal = state.plan.portalOfTrigger(trigger.reader, trigger.input);
    if (portal === undefined) continue;
    const at = trigger.at + (offsets.get(trigger.reader) ?? 0);
    const position = state.plan.areas[portal.area]!.portals.indexOf(portal);
    touched.add(portal.area);
    if (!admit(state.areas[portal.area]!, row.receivedAt, at, NO_TAG, BEAM_ANTENNA + position, trigger.high ? 1 : 0))
      continue;
    state.lastReadAt[portal.area] = Math.max(state.lastReadAt[portal.area]!, at);
  }
  return scans.map((scan) => ({ ...scan, at: scan.at + (offsets.get(scan.device) ?? 0) })).sort((a, b) => a.at - b.at);
}

function takeReads(
  state: CleanState,
  now: number,
  reads: Reads,
  offsets: ReadonlyMap<string, number>,
  placeReads: PlaceReads,
  tooLate: TooLate[],
  touched: Set<number>,
): void {
  const { plan, tags } = state;
  const antennas = reads.sources.map((source) => plan.antennaOf(source));
  const numbers = numbersOf(tags, plan, reads);
  const corrections = reads.sources.map((source) => offsets.get(source.reader) ?? 0);
  for (let index = 0; index < reads.length; index++) {
    const source = reads.source[index]!;
    const antenna = antennas[source];
    if (antenna === undefined) continue;
    const tag = numbers[index]!;
    if (tag === IGNORED_TAG) continue;
    const at = reads.seenAt[index]! + corrections[source]!;
    const rssiDbm = reads.rssiDbm[index]!;
    const readPoint = plan.readPoints[antenna.readPoint]!;
    if (readPoint.kind !== 'portal') {
      const position = placeReads.length++;
      placeReads.at[position] = at;
      placeReads.tag[position] = tag;
      placeReads.antenna[position] = antenna.index;
      placeReads.rssiDbm[position] = rssiDbm;
    } else if (admit(state.areas[readPoint.area]!, now, at, tag, antenna.index, rssiDbm)) {
      touched.add(readPoint.area);
      if (at > state.lastReadAt[readPoint.area]!) state.lastReadAt[readPoint.area] = at;
    } else noteTooLate(tooLate, readPoint.index, at);
  }
}

function noteTooLate(tooLate: TooLate[], readPoint: number, at: number): void {
  const index = tooLate.findIndex((known) => known.readPoint === readPoint);
  const known = tooLate[index];
  if (known === undefined) tooLate.push({ readPoint, reads: 1, earliest: at, latest: at });
  else {
    tooLate[index] = {
      readPoint,
      reads: known.reads + 1,
      earliest: Math.min(known.earliest, at),
      latest: Math.max(known.latest, at),
    };
  }
}
