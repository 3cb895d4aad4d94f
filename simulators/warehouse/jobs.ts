// The four trips of a forklift: out of a trailer, into storage, out to the door, into a trailer.
import { spotAt, type PortalFrame } from '../radio/geometry.ts';
import { endOf, type Place } from '../radio/track.ts';
import type { Random } from '../random.ts';
import { chanceOf, type Floor } from './floor.ts';
import type { Store } from './layout.ts';
import type { Load, Mark } from './state.ts';
import { beginTrip, crossDoor, goTo, mark, passDoors, stagingSpot, type Trip } from './trips.ts';

/** Trailer → door → beside the lane. */
export function unloadTrip(floor: Floor, load: Load, dock: number, startAt: number, speed: number): Trip {
  const frame = floor.layout.docks[dock]!;
  const chance = chanceOf(floor, 'load', load.id, 'unload');
  const trip = beginTrip(startAt, endOf(load.track), speed);
  crossDoor(trip, frame, 'in', floor, chance, {
    kind: 'moved',
    as: 'received',
    to: frame.inside,
    readPoint: frame.id,
  });
  park(floor, trip, frame, floor.layout.stagingIn ?? frame.inside, chance);
  return trip;
}

/** Staging → storage, sometimes past the other doors, sometimes into the wrong aisle. */
export function putAwayTrip(floor: Floor, load: Load, startAt: number, speed: number): Trip {
  const { stores } = floor.layout;
  const chance = chanceOf(floor, 'load', load.id, 'put-away');
  const directed = chance.choice(stores);
  const wrong = stores.length > 1 && chance.chance(floor.mistakes.wrongAisle);
  const store = wrong ? chance.choice(stores.filter((other) => other !== directed)) : directed;
  const trip = beginTrip(startAt, endOf(load.track), speed);
  maybePassBy(floor, trip, chance);
  const bin = chance.choice(store.bins);
  enter(floor, trip, load.place, store, binSpot(bin.place, chance), chance, {
    kind: 'moved',
    as: 'put_away',
    to: store.location,
    readPoint: store.readPoint,
    ...(bin.id === store.location ? {} : { bin: bin.id }),
    ...(wrong ? { directed: directed.location } : {}),
  });
  return trip;
}

/** Storage or bench → beside the lane of the door it will leave through. */
export function stageOutTrip(floor: Floor, load: Load, dock: number, startAt: number, speed: number): Trip {
  const frame = floor.layout.docks[dock]!;
  const chance = chanceOf(floor, 'load', load.id, 'stage-out');
  const trip = beginTrip(startAt, endOf(load.track), speed);
  maybePassBy(floor, trip, chance);
  park(floor, trip, frame, floor.layout.stagingOut ?? frame.inside, chance);
  return trip;
}

/** Staging → door → trailer. */
export function loadTrip(floor: Floor, load: Load, dock: number, slot: number, startAt: number, speed: number): Trip {
  const frame = floor.layout.docks[dock]!;
  const chance = chanceOf(floor, 'load', load.id, 'load');
  const trip = beginTrip(startAt, endOf(load.track), speed);
  goTo(trip, spotAt(frame, 0, DOCK_M));
  // Where the docks are their own staging, it is there already.
  if (load.place !== frame.inside) mark(trip, { kind: 'moved', as: 'docked', to: frame.inside, readPoint: null });
  crossDoor(trip, frame, 'out', floor, chance, {
    kind: 'moved',
    as: 'shipped',
    to: frame.outside,
    readPoint: frame.id,
  });
  goTo(trip, trailerSlot(frame, TRAILER_SLOTS - 1 - slot));
  return trip;
}

/** Where the dock begins: a pallet nearer to the door than this is at the dock, no longer in staging. */
const DOCK_M = 3;
const TRAILER_SLOTS = 16;

/** The nth place in a trailer from its door: two rows. */
export function trailerSlot(frame: PortalFrame, nth: number): Place {
  const depth = 2 + Math.floor(nth / 2) * 1.3;
  return spotAt(frame, nth % 2 === 0 ? -0.55 : 0.55, -depth);
}

function park(floor: Floor, trip: Trip, frame: PortalFrame, location: string, chance: Random): void {
  // Towards the middle of the building, so that doors at the end of the row have room.
  const towards = floor.geometry.places.get(location);
  const side = towards !== undefined && towards.x < frame.x ? -1 : 1;
  goTo(trip, stagingSpot(frame, side, chance.chance(floor.mistakes.blockDoor), floor.level, chance));
  if (location !== frame.inside) mark(trip, { kind: 'moved', as: 'staged', to: location, readPoint: null });
  mark(trip, { kind: 'noted', as: 'parked', readPoint: frame.id });
}

function maybePassBy(floor: Floor, trip: Trip, chance: Random): void {
  if (!chance.chance(floor.mistakes.passBy)) return;
  const { docks } = floor.layout;
  const { x } = trip.track.at(-1)!;
  const metres = chance.between(...floor.level.passByM);
  passDoors(
    trip,
    docks.toSorted((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x)),
    metres,
  );
}

/** Into a store; through the door between the two locations when there is one: then that is where it moved. */
function enter(
  floor: Floor,
  trip: Trip,
  from: string,
  store: Store,
  spot: Place,
  chance: Random,
  moved: Extract<Mark, { kind: 'moved' }>,
): void {
  const door = floor.layout.passages.find(
    ({ outside, inside }) =>
      (outside === from && inside === store.location) || (inside === from && outside === store.location),
  );
  if (door !== undefined) {
    crossDoor(trip, door, door.inside === store.location ? 'in' : 'out', floor, chance, {
      ...moved,
      readPoint: door.id,
    });
  }
  goTo(trip, spot);
  if (door === undefined) mark(trip, moved);
}

const binSpot = (bin: Place, chance: Random): Place => ({
  x: bin.x + chance.between(-0.8, 0.8),
  y: bin.y + chance.between(-0.8, 0.8),
});
