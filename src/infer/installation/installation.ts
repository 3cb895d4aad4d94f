// The observer of a site's installation: what its doors and zones decided, once nothing can change it any more, and how old the
// reads of its readers are when they come. It costs the way of a read nothing, and since it sees only what is settled, reads that
// come late or in another order change nothing of what it finds. A pure fold; its findings are effects of the row that settled them.
import type { Mark } from '../../clean/watermark.ts';
import type { SitePlan } from '../../config/plan.ts';
import type { Row } from '../../wire/row.ts';
import type { Decision } from '../passage.ts';
import type { Count } from '../tallies.ts';
import { clockOpinions, noteLag, openClockMemory, sharingReaders, type ClockMemory } from './clocks.ts';
import { countPassage, type DoorHour, type DoorHours } from './doors.ts';
import { closeGone, follow, type Finding, type OpenFindings, type Opinion } from './finding.ts';
import { antennasOf, completeAt, gather, takeComplete, type PortalAntennas } from './loads.ts';
import { binsAWindow, noteWindow, openPlaceMemory, placeOpinions, type PlaceMemory } from './places.ts';
import { observeLoads, portalMemory, portalOpinions, type PortalMemory } from './portal.ts';
import { sidesOf } from './sides.ts';

/** What the snapshot holds of it. Plain. */
export interface InstallationMemory {
  /** By read point. */
  readonly portals: Map<string, PortalMemory>;
  readonly clocks: ClockMemory;
  places: PlaceMemory;
  readonly hours: DoorHours;
  readonly open: OpenFindings;
  /** By area: everything decided up to here has been seen. */
  settledTo: number[];
}

export interface Installation {
  readonly memory: InstallationMemory;
  /** Follows from the plan. */
  antennas: ReadonlyMap<number, PortalAntennas>;
  sharing: ReadonlySet<string>;
}

/** What came of one row. */
export interface InstallationChange {
  readonly findings: Finding[];
  /** By door and hour: the counts as they are now. */
  readonly doorHours: Map<string, DoorHour>;
}

export const noChange = (): InstallationChange => ({ findings: [], doorHours: new Map() });

export function openInstallation(plan: SitePlan): Installation {
  const memory: InstallationMemory = {
    portals: new Map(),
    clocks: openClockMemory(),
    places: openPlaceMemory(),
    hours: new Map(),
    open: new Map(),
    settledTo: [],
  };
  return { memory, ...planned(memory, plan) };
}

/** After a snapshot. */
export const restoreInstallation = (memory: InstallationMemory, plan: SitePlan): Installation => ({
  memory,
  ...planned(memory, plan),
});

/** A new site file is in force from `now` on: what it says nothing of any more is over; what was learned of the rest stays. */
export function replan(state: Installation, plan: SitePlan, now: number, change: InstallationChange): void {
  const { memory } = state;
  Object.assign(state, planned(memory, plan));
  memory.settledTo = [];
  memory.places = openPlaceMemory();
  closeGone(memory.open, (finding) => isGone(plan, finding), now, change.findings);
}

function planned(memory: InstallationMemory, plan: SitePlan): Pick<Installation, 'antennas' | 'sharing'> {
  const antennas = new Map<number, PortalAntennas>();
  const known = new Set<string>();
  for (const { index, id, kind } of plan.readPoints) {
    if (kind !== 'portal') continue;
    const own = antennasOf(plan, index);
    antennas.set(index, own);
    known.add(id);
    memory.portals.set(id, portalMemory(id, own, memory.portals.get(id)));
  }
  for (const id of memory.portals.keys()) if (!known.has(id)) memory.portals.delete(id);
  return { antennas, sharing: sharingReaders(plan) };
}

function isGone(plan: SitePlan, { kind, subject: { readPoint, reader, antenna, other } }: Finding): boolean {
  const point = plan.readPoints.find(({ id }) => id === readPoint);
  if (point === undefined) return true;
  const own = plan.antennas.filter((one) => one.readPoint === point.index);
  if ((kind === 'sides-alike' || kind === 'side-swapped') && sidesOf(own) === undefined) return true;
  if (antenna === undefined) {
    const isOther =
      other === undefined || point.readers.includes(other) || plan.readPoints.some(({ id }) => id === other);
    return !isOther || (reader !== undefined && !point.readers.includes(reader));
  }
  return !own.some((one) => one.reader === reader && one.antenna === antenna);
}

/** Findings are looked for on this grid of event time, whenever rows come. */
const LOOK_MS = 30_000;

/**
 * An area's decisions up to `settledTo` can change no more. `decisions` are those of the area that are still known, oldest
 * first; those seen before are left out here.
 */
export function settleArea(
  { memory, antennas }: Installation,
  plan: SitePlan,
  area: number,
  decisions: readonly Decision[],
  settledTo: number,
  epcOf: (tag: number) => string,
  change: InstallationChange,
): void {
  const until = settledTo === Number.POSITIVE_INFINITY ? settledTo : Math.floor(settledTo / LOOK_MS) * LOOK_MS;
  const from = memory.settledTo[area] ?? Number.NEGATIVE_INFINITY;
  if (until <= from) return;
  memory.settledTo[area] = until;
  const settled = decisions
    .filter(({ decidedAt }) => decidedAt > from && decidedAt <= until)
    .sort((a, b) => a.decidedAt - b.decidedAt || compareText(epcOf(a.tag), epcOf(b.tag)) || a.firstAt - b.firstAt);
  for (let position = 0; position < settled.length;) {
    const at = Math.ceil(settled[position]!.decidedAt / LOOK_MS) * LOOK_MS;
    let end = position;
    while (end < settled.length && settled[end]!.decidedAt <= at)
      countPassage(memory.hours, plan, settled[end++]!, change.doorHours);
    // As if every moment of the grid had been looked at, however far apart the rows are.
    lookAtPortals(memory, antennas, plan, area, at - LOOK_MS, change);
    for (const passage of settled.slice(position, end)) {
      const { id } = plan.readPoints[passage.portal]!;
      gather(memory.portals.get(id)!.open, antennas.get(passage.portal)!, plan, passage);
    }
    position = end;
  }
  lookAtPortals(memory, antennas, plan, area, until, change);
}

/** Loads that are complete by `until`, each at its own moment of the grid, and what is thought with each. */
function lookAtPortals(
  memory: InstallationMemory,
  antennas: Installation['antennas'],
  plan: SitePlan,
  area: number,
  until: number,
  change: InstallationChange,
): void {
  for (const { id, index } of plan.areas[area]!.portals) {
    const own = antennas.get(index)!;
    const portal = memory.portals.get(id)!;
    while (portal.open.length > 0) {
      const at = completeAt(portal.open, LOOK_MS);
      if (at > until) break;
      observeLoads(portal, own, takeComplete(portal.open, own, at));
      tell(memory, plan, portalOpinions(id, own, portal), at, change);
    }
  }
}

/** A row came: how old the newest reads in it are. */
export function noteRow(
  { memory, sharing }: Installation,
  plan: SitePlan,
  row: Row,
  markOf: (reader: string) => Mark | undefined,
  change: InstallationChange,
): void {
  if (sharing.size === 0) return;
  if (row.kind === 'entries') {
    for (const { reader } of row.entries.reads.sources) {
      const mark = sharing.has(reader) ? markOf(reader) : undefined;
      if (mark !== undefined) noteLag(memory.clocks, reader, mark, row.receivedAt);
    }
  }
  tell(memory, plan, clockOpinions(memory.clocks, plan, row.receivedAt), row.receivedAt, change);
}

/** A tag is heard in bin `bin` after `before`, at zones: `countsIn` gives what it was heard by in between two bins. */
export function noteTag(
  { memory }: Installation,
  plan: SitePlan,
  before: number,
  bin: number,
  countsIn: (fromBin: number, toBin: number) => readonly Count[],
): void {
  const bins = binsAWindow(plan);
  const last = Math.floor(before / bins);
  if (!Number.isFinite(last) || last >= Math.floor(bin / bins)) return;
  noteWindow(memory.places, last, countsIn(last * bins, last * bins + bins - 1));
}

/** Zones are complete up to this bin. */
export function lookAtPlaces({ memory }: Installation, plan: SitePlan, bin: number, change: InstallationChange): void {
  if (memory.places.windows.size === 0) return;
  const bins = binsAWindow(plan);
  // At the end of a recording nothing more fills.
  const last = Math.max(...memory.places.windows.keys());
  const present = Number.isFinite(bin) ? Math.floor(bin / bins) : last + 2;
  if (present - 2 <= memory.places.judgedTo) return;
  const opinions = placeOpinions(memory.places, plan, present);
  tell(memory, plan, opinions, present * bins * plan.rules.zone.binMs, change);
}

function tell(
  memory: InstallationMemory,
  plan: SitePlan,
  opinions: readonly Opinion[],
  at: number,
  change: InstallationChange,
): void {
  for (const opinion of opinions) follow(memory.open, plan.site, opinion, at, change.findings);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
