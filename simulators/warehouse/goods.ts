// What is on a pallet when a trailer brings it: cases, items, or cases of items, 4 to 60 of them, with the odd unit that
// nobody can read and the odd tag that belongs to somebody else.
import type { Random } from '../random.ts';
import type { Track } from '../radio/track.ts';
import type { Floor } from './floor.ts';
import { PALLET_UNITS_MAX, PALLET_UNITS_MIN } from './habits.ts';
import { itemEpc, palletEpc, type Product } from './labels.ts';
import type { Load, Unit } from './state.ts';

/** How pallets are tagged. */
const CASES_SHARE = 0.5;
const ITEMS_SHARE = 0.35;
const UNITS_SD_LN = 0.6;
const ITEMS_PER_CASE = 4;
const PRODUCTS_MAX = 3;

/** A new pallet with its goods. */
export function makePallet(floor: Floor, place: string, track: Track, chance: Random): Load {
  const pallet = makeEmptyPallet(floor, place, track);
  const { items, cases } = floor.catalogue;
  const count = unitCount(floor, chance);
  const kind = chance.uniform();
  const products = Array.from({ length: chance.integer(1, PRODUCTS_MAX) }, () => chance.integer(0, items.length - 1));
  const add = (product: Product, container: string): Unit => addUnit(floor, pallet, product, container, chance);
  const label = pallet.epc!;
  for (let left = count; left > 0; left--) {
    const product = chance.choice(products);
    if (kind < CASES_SHARE) add(cases[product]!, label);
    else if (kind < CASES_SHARE + ITEMS_SHARE) add(items[product]!, label);
    else {
      const box = add(cases[product]!, label);
      for (let item = 0; item < ITEMS_PER_CASE && left > 1; item++, left--) add(items[product]!, box.epc);
    }
    if (chance.chance(floor.level.foreignShare)) addForeign(floor, pallet);
  }
  return pallet;
}

export function makeEmptyPallet(floor: Floor, place: string, track: Track): Load {
  const { state } = floor;
  const serial = state.nextPalletSerial++;
  const epc = palletEpc(floor.catalogue, serial);
  return register(floor, { kind: 'pallet', epc, serial, units: [], place, track });
}

export const makeCart = (floor: Floor, place: string, track: Track): Load =>
  register(floor, { kind: 'cart', epc: null, serial: 0, units: [], place, track });

function register(floor: Floor, about: Omit<Load, 'id' | 'bin' | 'claimed' | 'stagedOut'>): Load {
  const { state } = floor;
  const load: Load = { ...about, id: state.nextLoad++, bin: null, claimed: false, stagedOut: false };
  state.loads[load.id] = load;
  return load;
}

/** The load and what is on it leave the simulation: the trailer has driven off. */
export function forget(floor: Floor, load: Load): void {
  for (const epc of load.units) delete floor.state.units[epc];
  delete floor.state.loads[load.id];
}

function unitCount(floor: Floor, chance: Random): number {
  const count = Math.round(chance.lognormal(floor.pace.palletUnitsMedian, UNITS_SD_LN));
  return Math.min(PALLET_UNITS_MAX, Math.max(PALLET_UNITS_MIN, count));
}

function addUnit(floor: Floor, load: Load, product: Product, container: string, chance: Random): Unit {
  const serial = floor.state.nextItemSerial++;
  const epc = itemEpc(floor.catalogue, product, serial);
  const { gtin14, level } = product;
  const sku = floor.plan.skuByRule(epc, gtin14) ?? gtin14;
  const tagged = !chance.chance(floor.mistakes.untagged);
  return put(floor, load, { epc, sku, gtin14, serial, level, tagged, container });
}

/** Begins with the class of a chip that nobody encoded, as such tags do (src/wire/formats/READERS.md, 9). */
function addForeign(floor: Floor, load: Load): Unit {
  const serial = floor.state.nextItemSerial++;
  const epc = `E2801160${serial.toString(16).toUpperCase().padStart(16, '0')}`;
  return put(floor, load, {
    epc,
    sku: null,
    gtin14: null,
    serial,
    level: 'foreign',
    tagged: true,
    container: load.epc,
  });
}

function put(floor: Floor, load: Load, unit: Unit): Unit {
  floor.state.units[unit.epc] = unit;
  load.units = [...load.units, unit.epc];
  return unit;
}
