// One warehouse of the week: its doors and roofs in simulated air. What drives through a door, turns there, passes or only stands is heard
// as the radio says; antennas of a door are on while something happens at it, those under the roof for a minute at a time.
import type { Epc } from '../../src/wire/entries.ts';
import { geometryOf, spotAt, type Geometry, type PortalFrame } from '../radio/geometry.ts';
import { noiseKey } from '../radio/noise.ts';
import { createRadio, type Radio } from '../radio/radio.ts';
import { mountTag, type Body } from '../radio/tags.ts';
import { drive, restingAt, type Track } from '../radio/track.ts';
import { passing, turning } from '../scenes.ts';
import { DOCK_OF, type WarehouseId } from './sites.ts';
import type { Spot, Unit } from './truth.ts';
import type { PackedCarton } from './packing.ts';
import type { Week } from './week.ts';

/** A tag went through a door. */
export interface Journey {
  readonly epc: Epc;
  readonly door: string;
  readonly direction: 'in' | 'out';
  readonly at: number;
}

/** What was brought to the bench for an order. */
export interface Picked {
  readonly units: { readonly unit: Unit; readonly line: string; readonly pickLine: string }[];
  readonly plain: PickedPlain[];
}
export interface PickedPlain {
  readonly sku: string;
  readonly lot: string;
  readonly line: string;
  readonly pickLine: string;
  readonly bin: string;
  /** When it was picked, ms. */
  readonly at: number;
  quantity: number;
  /** One of it is something else in truth: of this SKU, out of that bin. */
  wrong: { readonly sku: string; readonly bin: string } | undefined;
}

export interface House {
  readonly site: WarehouseId;
  readonly journeys: Journey[];
  readonly picked: Map<string, Picked>;
  /** Standing at the docks, by name. */
  readonly parked: Map<string, { readonly track: Track; readonly epcs: readonly Epc[] }>;
  /** Order and line of which something else was taken, that the bench will notice. */
  readonly caught: Set<string>;
  /** Closed, and not loaded yet. */
  readonly cartons: PackedCarton[];
  /** Where cartons stand that are not at the bench any more. */
  readonly cartonAt: Map<string, string>;
  /** Tags that are no goods, or were taken along without an order, and were read at a door. */
  readonly read: Set<Epc>;
  /** When bins were counted this week, ms. */
  readonly countedAt: Map<string, number>;
  /** When each door is free again. */
  readonly doorFreeAt: Map<string, number>;
  /** Until then the gateway of the doors is cut off: what it has heard arrives afterwards. */
  awayUntil: number;
  readonly geometry: Geometry;
  readonly doors: Radio;
  readonly roofs: Radio;
  readonly bench: Radio;
}

export interface Driving {
  readonly name: string;
  readonly door: string;
  readonly direction: 'in' | 'out';
  readonly units: readonly Unit[];
  /** Tags that are no units: of cartons, of nobody. */
  readonly others?: readonly Epc[];
  /** The delivery that they are of. */
  readonly delivery?: string;
  /** Where the units are then; out: nowhere of ours. */
  readonly to: Spot | undefined;
}

/** Antennas of a door listen from so long before something goes through it until so long after. */
const REACH_MS = 12_000;
const AFTER_MS = 24_000;
/** A tag that is read within this of its crossing was read while it crossed. */
const AROUND_MS = 5000;
/** From one passage at a door to the next: what was decided is known by then. */
const APART_MS = 60_000;
const FAR_M = 18;
const NEAR_SHARE = 0.35;

export function openHouse({ plant, level, seed }: Pick<Week, 'plant' | 'level' | 'seed'>, site: WarehouseId): House {
  const geometry = geometryOf(plant.site(site).plan);
  const air = (use: string): Radio =>
    createRadio(
      { ...geometry, readers: geometry.readers.filter(({ antennas }) => antennas[0]!.use === use) },
      level,
      noiseKey(seed, site, 'air'),
    );
  return {
    site,
    journeys: [],
    picked: new Map(),
    parked: new Map(),
    caught: new Set(),
    cartons: [],
    cartonAt: new Map(),
    read: new Set(),
    countedAt: new Map(),
    doorFreeAt: new Map(),
    awayUntil: 0,
    geometry,
    doors: air('portal'),
    roofs: air('zone'),
    bench: air('bench'),
  };
}

const frameOf = ({ geometry }: House, door: string): PortalFrame => geometry.portals.find(({ id }) => id === door)!;

/** Tags on something that moves or stands. */
export const bodyOf = (
  { seed, level }: Week,
  house: House,
  name: string,
  epcs: readonly Epc[],
  track: Track,
): Body => ({
  track,
  tags: epcs.map((epc) => mountTag(noiseKey(seed, house.site), name, epc, level)),
});

const parkedBodies = (week: Week, house: House, except: string): Body[] =>
  [...house.parked]
    .filter(([name]) => name !== except)
    .map(([name, { epcs, track }]) => bodyOf(week, house, name, epcs, track));

/** When something can go through a door: not before `at`, and when nothing else does at the doors side by side. */
function slotAt(house: House, at: number): number {
  const slot = Math.max(at, house.doorFreeAt.get('doors') ?? 0) + REACH_MS;
  house.doorFreeAt.set('doors', slot + APART_MS);
  return slot;
}

/** Drives through a door as soon as it is free; `then` follows when everything of it is known. The moment of the crossing, ms. */
export function throughDoor(week: Week, house: House, driving: Driving, then: (at: number) => void = () => {}): number {
  const at = slotAt(house, week.now());
  week.at(at - REACH_MS, () => {
    const heard = crossNow(week, house, driving, at);
    for (const epc of driving.others ?? []) if (heard.has(epc)) house.read.add(epc);
    week.at(at, () => arrive(week, house, driving, heard, at));
  });
  week.at(at + APART_MS - REACH_MS, () => then(at));
  return at;
}

/** What came through a door and the books do not have there is scanned by who stands there. */
export function scanAtDock(week: Week, { site }: House, door: string, units: readonly Unit[]): void {
  const location = DOCK_OF[door]!;
  const { items } = week.plant.site(site).books;
  for (const unit of units) {
    if (items.get(unit.epc)?.location === location) continue;
    week.say(site, 'ria', { kind: 'move', epc: unit.epc, to: location });
    week.truth.see([unit]);
  }
}

/** The tags that were read while they crossed. */
function crossNow(
  week: Week,
  house: House,
  { name, door, direction, units, others = [] }: Driving,
  at: number,
): Set<Epc> {
  const { level } = week;
  const chance = week.chance(house.site, 'drive', name, at);
  const frame = frameOf(house, door);
  const right = chance.gaussian(0, 0.2);
  const speed = chance.lognormal(level.speedMedian, level.speedSdLn);
  const reachM = (speed * REACH_MS) / 1000;
  const inside = chance.chance(NEAR_SHARE)
    ? spotAt(frame, chance.between(-1, 1), chance.between(...level.stagingM))
    : spotAt(frame, chance.between(-4, 4), FAR_M + chance.between(0, 4));
  const through = [spotAt(frame, right, -reachM), spotAt(frame, right, Math.min(reachM, 9)), inside];
  const track =
    direction === 'in'
      ? drive(through, at - REACH_MS, speed)
      : drive([spotAt(frame, right, reachM), spotAt(frame, right, -reachM)], at - REACH_MS, speed);
  const epcs = [...units.map(({ epc }) => epc), ...others];
  const body = bodyOf(week, house, name, epcs, track);
  const bodies = [body, ...parkedBodies(week, house, name)];
  const reads = house.doors.reads(at - REACH_MS, at + AFTER_MS, bodies);
  week.plant.hear(house.site, reads, house.awayUntil);
  if (direction === 'in') house.parked.set(name, { epcs, track: restingAt(inside, at + REACH_MS) });
  else house.parked.delete(name);
  for (const epc of epcs) house.journeys.push({ epc, door, direction, at });
  return new Set(
    reads.filter(({ epc, seenAt }) => isNearby(epcs, epc) && Math.abs(seenAt - at) <= AROUND_MS).map(({ epc }) => epc),
  );
}

const isNearby = (epcs: readonly Epc[], epc: Epc): boolean => epcs.includes(epc);

function arrive(
  { truth, facts }: Week,
  { site }: House,
  { units, door, to, delivery = '' }: Driving,
  heard: ReadonlySet<Epc>,
  at: number,
): void {
  truth.put(
    units.filter(({ epc }) => heard.has(epc)),
    to,
  );
  truth.put(
    units.filter(({ epc }) => !heard.has(epc)),
    to,
    `not read as it went through ${door}`,
  );
  if (to?.status !== 'receiving') return;
  for (const { epc, sku } of units)
    if (heard.has(epc)) facts.arrivals.push({ site, sku, lot: '', epc, delivery, at, quantity: 1 });
}

/** Drives up to a door with some goods and back, or past it: nothing crosses. */
export function aboutDoor(
  week: Week,
  house: House,
  door: string,
  units: readonly Unit[],
  way: 'turn' | 'pass',
  then: () => void = () => {},
): void {
  const at = slotAt(house, week.now());
  week.at(at - REACH_MS, () => {
    const { level } = week;
    const chance = week.chance(house.site, way, at);
    const frame = frameOf(house, door);
    const speed = chance.lognormal(level.speedMedian, level.speedSdLn);
    const track =
      way === 'turn'
        ? turning(frame, 'inside', chance.between(...level.turnBackM), at, REACH_MS, {
            right: chance.gaussian(0, 0.2),
            speed,
          })
        : passing(frame, chance.between(...level.passByM), at, REACH_MS, speed);
    const name = `${way} ${at}`;
    const bodies = [
      bodyOf(
        week,
        house,
        name,
        units.map(({ epc }) => epc),
        track,
      ),
      ...parkedBodies(week, house, name),
    ];
    week.plant.hear(house.site, house.doors.reads(at - REACH_MS, at + AFTER_MS, bodies), house.awayUntil);
  });
  week.at(at + APART_MS - REACH_MS, then);
}

/** Units are not at the docks any more. */
export function unpark({ parked }: House, units: readonly Unit[]): void {
  const gone = new Set(units.map(({ epc }) => epc));
  for (const [name, { track, epcs }] of parked) {
    const left = epcs.filter((epc) => !gone.has(epc));
    if (left.length === 0) parked.delete(name);
    else if (left.length < epcs.length) parked.set(name, { track, epcs: left });
  }
}

export const atDock = ({ site }: House, door: string, status: string): Spot => ({
  site,
  location: `DOCK-${door.slice(-1)}`,
  status,
});
export const at = ({ site }: House, location: string, status = 'available'): Spot => ({ site, location, status });
