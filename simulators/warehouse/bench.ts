// Orders: units are picked onto a cart, taken to the bench, scanned one by one, and packed onto an outbound pallet.
import { drive, endOf, restingAt, type Place } from '../radio/track.ts';
import { aboutUnit, chanceOf, loadOf, plan, unitOf, unitsOf, type Floor } from './floor.ts';
import { forget, makeCart, makeEmptyPallet } from './goods.ts';
import { itemBarcode, palletBarcode } from './labels.ts';
import type { Bench } from './layout.ts';
import type { Load, LoadId, NoteKind, Unit } from './state.ts';
import { callTruck } from './trucks.ts';

/** A picker on foot, with a cart. */
const WALK_M_PER_S = 1.2;
const PICK_MS = 4000;
/** A pallet is not picked empty: what is left of it leaves as it is. */
const LEFT_ON_PALLET_MIN = 4;
const OPERATORS = 3;
/** The pallet that is being packed stands beside the bench, mostly out of its antenna's sight. */
const BESIDE_M = 2.5;

/** An order comes in; while one is being picked, it is somebody else's. */
export function orderArrives(floor: Floor): void {
  const order = ++floor.state.orders;
  const chance = chanceOf(floor, 'order', order);
  plan(floor, { kind: 'order', at: floor.state.now + chance.exponential(floor.pace.orderGapMs) });
  const { bench } = floor.layout;
  const pallets = pickable(floor);
  if (bench === undefined || floor.state.picking || pallets.length === 0) return;
  const pallet = chance.choice(pallets);
  const choice = chance.shuffled(loose(floor, pallet)).slice(0, chance.integer(1, floor.pace.orderUnitsMax));
  const found = choice.filter((unit) => {
    if (!chance.chance(floor.mistakes.leftBehind)) return true;
    note(floor, pallet, [unit], 'left_behind', null);
    return false;
  });
  if (found.length > 0) takeToBench(floor, pallet, found, bench, order);
}

/** The cart stands at the bench: everything on it is scanned, then packed. */
export function arriveAtBench(floor: Floor, id: LoadId, orderNumber: number): void {
  const cart = loadOf(floor, id);
  let at = floor.state.now + floor.pace.scanMs;
  for (const unit of unitsOf(floor, cart)) {
    if (unit.container !== null || unit.gtin14 === null) continue;
    plan(floor, { kind: 'scan', at, data: itemBarcode(unit.gtin14, unit.serial), orderNumber });
    at += floor.pace.scanMs;
  }
  plan(floor, { kind: 'pack', at, load: id, orderNumber });
}

export function scan(floor: Floor, data: string, orderNumber: number): void {
  const device = floor.layout.bench?.device;
  if (device === undefined) return;
  const operator = `op-${1 + (orderNumber % OPERATORS)}`;
  floor.out.scans.push({ device, data, at: floor.state.now, operator, task: `order-${orderNumber}` });
}

/** From the cart onto the outbound pallet; a full one is called for. */
export function pack(floor: Floor, id: LoadId, orderNumber: number, bench: Bench): void {
  const { state } = floor;
  const cart = loadOf(floor, id);
  const pallet = state.packing === null ? beginPallet(floor, bench) : loadOf(floor, state.packing);
  scan(floor, palletBarcode(floor.catalogue, pallet.serial), orderNumber);
  const units = unitsOf(floor, cart);
  for (const unit of units) if (unit.container === null) unit.container = pallet.epc;
  pallet.units = [...pallet.units, ...cart.units];
  cart.units = [];
  forget(floor, cart);
  note(floor, pallet, units, 'packed', bench.readPoint);
  state.picking = false;
  if (pallet.units.length < floor.pace.packedUnitsMin) return;
  state.packing = null;
  const dock = chanceOf(floor, 'load', pallet.id, 'dock').integer(0, floor.layout.docks.length - 1);
  callTruck(floor, { kind: 'stage-out', load: pallet.id, dock });
}

function beginPallet(floor: Floor, bench: Bench): Load {
  const place: Place = { x: bench.place.x + BESIDE_M, y: bench.place.y };
  const pallet = makeEmptyPallet(floor, bench.location, restingAt(place, floor.state.now));
  // Until it is full nobody ships it.
  pallet.claimed = true;
  floor.state.packing = pallet.id;
  return pallet;
}

function takeToBench(floor: Floor, pallet: Load, units: readonly Unit[], bench: Bench, orderNumber: number): void {
  const from = endOf(pallet.track);
  const startAt = floor.state.now + units.length * PICK_MS;
  const track = drive([from, bench.place], startAt, WALK_M_PER_S);
  const cart = makeCart(floor, pallet.place, track);
  cart.claimed = true;
  cart.units = units.flatMap((unit) => [unit.epc, ...within(floor, pallet, unit)]);
  const taken = new Set(cart.units);
  pallet.units = pallet.units.filter((epc) => !taken.has(epc));
  for (const unit of units) unit.container = null;
  floor.state.picking = true;
  const { at } = endOf(track);
  const mark = { kind: 'moved', as: 'picked', to: bench.location, readPoint: bench.readPoint } as const;
  plan(floor, { kind: 'mark', at, load: cart.id, mark });
  plan(floor, { kind: 'at-bench', at, load: cart.id, orderNumber });
}

/** Pallets in storage that can spare something. */
function pickable(floor: Floor): Load[] {
  const stored = new Set(floor.layout.stores.map((store) => store.location));
  return Object.values(floor.state.loads).filter(
    (load) =>
      load.kind === 'pallet' &&
      !load.claimed &&
      stored.has(load.place) &&
      loose(floor, load).length >= LEFT_ON_PALLET_MIN + floor.pace.orderUnitsMax,
  );
}

/** Units that lie on the pallet itself and are ours. */
const loose = (floor: Floor, pallet: Load): Unit[] =>
  unitsOf(floor, pallet).filter((unit) => unit.container === pallet.epc && unit.level !== 'foreign');

/** What is in a case. */
const within = (floor: Floor, pallet: Load, box: Unit): string[] =>
  pallet.units.filter((epc) => unitOf(floor, epc).container === box.epc);

function note(floor: Floor, load: Load, units: readonly Unit[], as: NoteKind, readPoint: string | null): void {
  const { now, site } = floor.state;
  for (const unit of units) {
    const line = { at: now, site, from: load.place, to: load.place, readPoint, kind: as, movement: false } as const;
    floor.out.truth.push({ ...line, ...aboutUnit(unit) });
  }
}
