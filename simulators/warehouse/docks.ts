// Trailers at the doors: they bring pallets while the building has room and take some away when it is full.
import { assert } from '../../src/kit/faults.ts';
import { restingAt } from '../radio/track.ts';
import type { Random } from '../random.ts';
import { chanceOf, loadOf, plan, type Floor } from './floor.ts';
import { forget, makePallet } from './goods.ts';
import { trailerSlot } from './jobs.ts';
import type { DockState, Load, LoadId } from './state.ts';
import { callTruck } from './trucks.ts';

/** Between one pallet and the next, and from the last one to driving off. */
const NEXT_MS = [2000, 6000] as const;
const DEPART_MS = [15_000, 40_000] as const;
/** Below the target some trailers still take goods away, if there are this many pallets for them. */
const SHIP_EARLY = 0.35;

/** A trailer stands at the door. */
export function trailerArrives(floor: Floor, dock: number): void {
  const chance = trailerChance(floor, dock, ++dockState(floor, dock).trailers, 'size');
  const count = chance.integer(1, floor.pace.trailerPalletsMax);
  const inside = palletsInside(floor);
  const ready = shippable(floor);
  const full = inside >= floor.pace.palletsTarget;
  const ship = full || (inside >= floor.pace.palletsTarget / 2 && chance.chance(SHIP_EARLY));
  if (ship && ready.length > 0) prepareLoading(floor, dock, ready.slice(0, count));
  else if (full) return plan(floor, { kind: 'trailer', at: floor.state.now + NEXT_MS[1], dock });
  else bringPallets(floor, dock, Math.max(2, count));
  plan(floor, { kind: 'next-at-dock', at: floor.state.now + chance.between(...NEXT_MS), dock });
}

/** The next pallet goes through the door, if there is one and it stands ready. */
export function nextAtDock(floor: Floor, dock: number): void {
  const state = dockState(floor, dock);
  if (state.waiting.length === 0) {
    const chance = trailerChance(floor, dock, state.trailers, 'departure');
    return plan(floor, { kind: 'depart', at: floor.state.now + chance.between(...DEPART_MS), dock });
  }
  const at = state.mode === 'inbound' ? 0 : state.waiting.findIndex((id) => loadOf(floor, id).stagedOut);
  // None is staged yet: the truck that brings one asks again.
  if (at < 0) return;
  const [load] = state.waiting.splice(at, 1);
  assert(load !== undefined, 'A dock that has pallets waiting has a next one.');
  if (state.mode === 'inbound') return callTruck(floor, { kind: 'unload', load, dock });
  state.aboard.push(load);
  callTruck(floor, { kind: 'load', load, dock, slot: state.aboard.length - 1 });
}

/** `after` is the load that was last on its way. */
export function planNextAtDock(floor: Floor, dock: number, after: LoadId): void {
  const chance = chanceOf(floor, 'load', after, 'next');
  plan(floor, { kind: 'next-at-dock', at: floor.state.now + chance.between(...NEXT_MS), dock });
}

/** A pallet stands ready. True when a trailer waits for it; if nothing else is going on at its door, it is next. */
export function staged(floor: Floor, load: Load): boolean {
  const dock = floor.state.docks.findIndex((state) => state.waiting.includes(load.id));
  if (dock >= 0 && !isLoading(floor, dock)) planNextAtDock(floor, dock, load.id);
  return dock >= 0;
}

/** The trailer drives off; what is in it leaves the simulation. */
export function trailerDeparts(floor: Floor, dock: number): void {
  const state = dockState(floor, dock);
  for (const id of state.aboard) forget(floor, loadOf(floor, id));
  floor.state.docks[dock] = { ...state, mode: 'empty', waiting: [], aboard: [] };
  const gapMs = trailerChance(floor, dock, state.trailers, 'gap').exponential(floor.pace.trailerGapMs);
  plan(floor, { kind: 'trailer', at: floor.state.now + gapMs, dock });
}

/** The photo-eye reports when the first thing enters the beam and when the last one leaves it. */
export function beamChanges(floor: Floor, dock: number, by: string, broken: boolean): void {
  const state = dockState(floor, dock);
  const before = state.inBeam.length > 0;
  const others = state.inBeam.filter((one) => one !== by);
  state.inBeam = broken ? [...others, by] : others;
  const high = state.inBeam.length > 0;
  const { trigger } = floor.layout.docks[dock]!;
  if (trigger !== undefined && before !== high) floor.out.triggers.push({ ...trigger, high, at: floor.state.now });
}

function bringPallets(floor: Floor, dock: number, count: number): void {
  const frame = floor.layout.docks[dock]!;
  const state = dockState(floor, dock);
  state.mode = 'inbound';
  for (let nth = 0; nth < count; nth++) {
    const track = restingAt(trailerSlot(frame, nth), floor.state.now);
    const load = makePallet(floor, frame.outside, track, trailerChance(floor, dock, state.trailers, `pallet ${nth}`));
    load.claimed = true;
    state.waiting.push(load.id);
  }
}

/** One stream for each trailer at each door: more doors do not change what comes to this one. */
const trailerChance = (floor: Floor, dock: number, trailer: number, what: string): Random =>
  chanceOf(floor, 'door', floor.layout.docks[dock]!.id, 'trailer', trailer, what);

function prepareLoading(floor: Floor, dock: number, loads: readonly Load[]): void {
  const state = dockState(floor, dock);
  state.mode = 'outbound';
  state.waiting = loads.map((load) => load.id);
  for (const load of loads) {
    load.claimed = true;
    if (!load.stagedOut) callTruck(floor, { kind: 'stage-out', load: load.id, dock });
  }
}

/** Pallets that nothing else is planned for: staged ones first, then what has been in storage longest. */
function shippable(floor: Floor): Load[] {
  const stored = new Set(floor.layout.stores.map((store) => store.location));
  return Object.values(floor.state.loads)
    .filter((load) => load.kind === 'pallet' && !load.claimed && (load.stagedOut || stored.has(load.place)))
    .sort((a, b) => Number(b.stagedOut) - Number(a.stagedOut) || a.id - b.id);
}

/** Somebody is driving through the door, or about to. */
const isLoading = (floor: Floor, dock: number): boolean =>
  floor.state.jobs.some((job) => job.kind === 'load' && job.dock === dock) ||
  floor.state.trucks.some(({ job }) => job !== null && job.kind === 'load' && job.dock === dock) ||
  floor.state.agenda.some((task) => task.kind === 'next-at-dock' && task.dock === dock);

function palletsInside(floor: Floor): number {
  const aboard = new Set(floor.state.docks.flatMap((dock) => dock.aboard));
  return Object.values(floor.state.loads).filter((load) => load.kind === 'pallet' && !aboard.has(load.id)).length;
}

function dockState(floor: Floor, dock: number): DockState {
  const state = floor.state.docks[dock];
  assert(state !== undefined, 'A task names a dock that is there.', { dock });
  return state;
}
