// What truly is where, and what of it anybody saw: the physical world of the week, independent of how the service decides. Each change
// says whether a read or a scan existed of it; what nobody saw stays a difference, until it is seen.
import type { Epc } from '../../src/wire/entries.ts';
import { stockKey } from './books.ts';

/** A place in a site with a status; or none: outside, whatever became of it. */
export interface Spot {
  readonly site: string;
  readonly location: string;
  readonly status: string;
}

/** One unit with a tag of its own. */
export interface Unit {
  readonly epc: Epc;
  readonly sku: string;
  /** Where it truly is. Undefined: not at any site of ours. */
  spot: Spot | undefined;
  /** Where it was when it was last read or scanned. */
  seen: Spot | undefined;
  /** Why nobody saw where it went last. */
  unseen: string | undefined;
  /** In how many pieces of time a zone has heard it since, where it truly is. */
  heard: number;
}

/** What a zone has heard so often is known to lie there; what it has heard less, and not never, may be. */
const HEARD_SURELY = 12;
export const isHeardSurely = (pieces: number): boolean => pieces >= HEARD_SURELY;

/** What of the books cannot be known: what nobody read or scanned. */
export interface Unseen {
  readonly site: string;
  /** Where the books must have it, or it truly lies. */
  readonly locations: readonly string[];
  readonly sku: string;
  readonly lot: string;
  readonly epc: Epc | undefined;
  readonly truly: number;
  readonly known: number;
  readonly why: readonly string[];
}

export interface Truth {
  readonly units: ReadonlyMap<Epc, Unit>;
  readonly make: (epc: Epc, sku: string) => Unit;
  /** Units go somewhere; `unseen` says why nobody read or scanned them there. */
  readonly put: (units: readonly Unit[], spot: Spot | undefined, unseen?: string) => void;
  /** They were read or scanned where they are. */
  readonly see: (units: readonly Unit[]) => void;
  readonly unitsAt: (site: string, location: string) => readonly Unit[];
  /** So much without tags comes (more) or goes (less) at a place; `unseen` says why nobody knows. */
  readonly change: (spot: Spot, sku: string, lot: string, quantity: number, unseen?: string) => void;
  /** Somebody said that so much more (less) lies there than the books have. */
  readonly know: (spot: Spot, sku: string, lot: string, quantity: number) => void;
  /** How much of it truly lies there, in any lot when that is left out. */
  readonly plainAt: (spot: Spot, sku: string, lot?: string) => number;
  readonly lotsAt: (site: string, location: string) => readonly PlainStock[];
  /** Somebody counted what lies there: now it is known. What the books had there (`locationOf`), and lies elsewhere, is missing. */
  readonly count: (site: string, location: string, locationOf?: (epc: Epc) => string | undefined) => void;
  /**
   * What the books of a site must have, by `stockKey`, where a read or a scan existed. Of what a zone has heard too seldom to be sure, they may
   * have either: `locationOf` says which they have.
   */
  readonly known: (site: string, locationOf: (epc: Epc) => string | undefined) => Map<string, number>;
  /** What truly is otherwise than was seen. */
  readonly unseen: (site: string, locationOf?: (epc: Epc) => string | undefined) => readonly Unseen[];
}

export interface PlainStock {
  readonly sku: string;
  readonly lot: string;
  readonly status: string;
  readonly quantity: number;
}

interface Pile extends Omit<PlainStock, 'quantity'> {
  readonly site: string;
  readonly location: string;
  truly: number;
  known: number;
  why: string[];
}

export function openTruth(): Truth {
  const units = new Map<Epc, Unit>();
  const piles = new Map<string, Pile>();

  const pileOf = ({ site, location, status }: Spot, sku: string, lot: string): Pile => {
    const key = `${site} ${stockKey(location, sku, lot, status)}`;
    let pile = piles.get(key);
    if (pile === undefined) {
      pile = { site, location, status, sku, lot, truly: 0, known: 0, why: [] };
      piles.set(key, pile);
    }
    return pile;
  };
  const pilesAt = (site: string, location: string): Pile[] =>
    [...piles.values()].filter((pile) => pile.site === site && pile.location === location);

  return {
    units,
    make: (epc, sku) => {
      const unit: Unit = { epc, sku, spot: undefined, seen: undefined, unseen: undefined, heard: 0 };
      units.set(epc, unit);
      return unit;
    },
    put: (some, spot, unseen) => {
      for (const unit of some) {
        unit.spot = spot;
        unit.unseen = unseen;
        unit.heard = 0;
        if (unseen === undefined) unit.seen = spot;
      }
    },
    see: (some) => {
      for (const unit of some) {
        unit.seen = unit.spot;
        unit.unseen = undefined;
      }
    },
    unitsAt: (site, location) =>
      [...units.values()].filter(({ spot }) => spot?.site === site && spot.location === location),
    change: (spot, sku, lot, quantity, unseen) => {
      const pile = pileOf(spot, sku, lot);
      pile.truly += quantity;
      if (unseen === undefined) pile.known += quantity;
      else pile.why.push(unseen);
    },
    know: (spot, sku, lot, quantity) => void (pileOf(spot, sku, lot).known += quantity),
    plainAt: (spot, sku, lot) =>
      pilesAt(spot.site, spot.location)
        .filter((pile) => pile.sku === sku && pile.status === spot.status && (lot === undefined || pile.lot === lot))
        .reduce((sum, { truly }) => sum + truly, 0),
    lotsAt: (site, location) =>
      pilesAt(site, location)
        .filter(({ truly, known }) => truly !== 0 || known !== 0)
        .map(({ sku, lot, status, truly }) => ({ sku, lot, status, quantity: truly })),
    count: (site, location, locationOf = () => undefined) => {
      for (const pile of pilesAt(site, location)) {
        pile.known = pile.truly;
        pile.why = [];
      }
      for (const unit of units.values()) {
        if (unit.spot?.site === site && unit.spot.location === location) {
          unit.seen = unit.spot;
          unit.unseen = undefined;
        } else if (unit.seen?.site === site && placeOf(unit, locationOf)?.location === location) {
          unit.seen = undefined;
          unit.unseen = unit.spot === undefined ? undefined : `counted as missing at ${location}, and lies elsewhere`;
          unit.heard = 0;
        }
      }
    },
    known: (site, locationOf) => {
      const known = new Map<string, number>();
      const add = (key: string, quantity: number): void => {
        if (quantity !== 0) known.set(key, (known.get(key) ?? 0) + quantity);
      };
      for (const unit of units.values()) {
        const place = placeOf(unit, locationOf);
        if (place?.site === site) add(stockKey(place.location, unit.sku, '', place.status), 1);
      }
      for (const pile of piles.values())
        if (pile.site === site) add(stockKey(pile.location, pile.sku, pile.lot, pile.status), pile.known);
      return known;
    },
    unseen: (site, locationOf = () => undefined) => [
      ...unseenUnits(units.values(), site, locationOf),
      ...unseenPiles(piles.values(), site),
    ],
  };
}

/** Where it is known to be: where it was seen, or where a zone has heard it since. */
function placeOf({ epc, spot, seen, heard }: Unit, locationOf: (epc: Epc) => string | undefined): Spot | undefined {
  const zone = spot?.location.split('-')[0];
  if (heard === 0 || spot === undefined || zone === undefined || seen?.location.startsWith(`${zone}-`) === true)
    return seen;
  return isHeardSurely(heard) || locationOf(epc) === zone ? { ...spot, location: zone } : seen;
}

function unseenUnits(units: Iterable<Unit>, site: string, locationOf: (epc: Epc) => string | undefined): Unseen[] {
  return [...units].flatMap((unit) => {
    const { epc, sku, spot, unseen } = unit;
    const known = placeOf(unit, locationOf);
    const places = [known, spot].filter((place) => place?.site === site);
    if (unseen === undefined || places.length === 0) return [];
    const locations = [...new Set(places.map((place) => place!.location))];
    return [
      {
        site,
        locations,
        sku,
        lot: '',
        epc,
        truly: spot?.site === site ? 1 : 0,
        known: known?.site === site ? 1 : 0,
        why: [unseen],
      },
    ];
  });
}

const unseenPiles = (piles: Iterable<Pile>, site: string): Unseen[] =>
  [...piles]
    .filter((pile) => pile.site === site && pile.truly !== pile.known)
    .map(({ location, sku, lot, truly, known, why }) => ({
      site,
      locations: [location],
      sku,
      lot,
      epc: undefined,
      truly,
      known,
      why,
    }));
