// What the simulated warehouse makes of a site: which doors lead to the world, where stock rests, where it is packed.
// Taken from the plan alone, so any site file with a door and a storage location can be simulated.
import type { SitePlan } from '../../src/config/plan.ts';
import type { LocationKind } from '../../src/config/site.ts';
import { rejected } from '../../src/kit/faults.ts';
import type { Geometry, PortalFrame } from '../radio/geometry.ts';
import type { Place } from '../radio/track.ts';

/** A storage location as its read point sees it; the bins within are only where exactly a pallet stands. */
export interface Store {
  readonly location: string;
  readonly kind: 'pick' | 'reserve';
  /** The zone that watches it; null when none does. */
  readonly readPoint: string | null;
  readonly bins: readonly { readonly id: string; readonly place: Place }[];
}

export interface Bench {
  readonly location: string;
  readonly readPoint: string;
  /** The scanner; without one nothing is scanned. */
  readonly device: string | undefined;
  readonly place: Place;
}

export interface Layout {
  readonly docks: readonly PortalFrame[];
  /** Doors between two locations of the site. */
  readonly passages: readonly PortalFrame[];
  readonly stores: readonly Store[];
  readonly bench: Bench | undefined;
  /** Where pallets wait; undefined when the site has no such location: then they wait at the dock. */
  readonly stagingIn: string | undefined;
  readonly stagingOut: string | undefined;
}

/** Throws a `rejected` fault when the site lacks what a warehouse needs. */
export function layoutOf(plan: SitePlan, geometry: Geometry): Layout {
  const isOutside = (location: string): boolean => !plan.locations.has(location) || plan.kindOf(location) === 'yard';
  const docks = geometry.portals.filter((portal) => isOutside(portal.outside));
  const stores = storesOf(plan, geometry);
  if (docks.length === 0) {
    throw rejected('no-door', `${plan.site} has no portal with an outside of "world": nothing can arrive or leave.`);
  }
  if (stores.length === 0) {
    throw rejected('no-storage', `${plan.site} has no location of kind pick or reserve: pallets have nowhere to go.`);
  }
  return {
    docks,
    passages: geometry.portals.filter((portal) => !docks.includes(portal)),
    stores,
    bench: benchOf(plan, geometry),
    stagingIn: firstOf(plan, 'staging-in'),
    stagingOut: firstOf(plan, 'staging-out'),
  };
}

const firstOf = (plan: SitePlan, kind: LocationKind): string | undefined =>
  [...plan.locations.values()].find((location) => location.kind === kind)?.id;

const isStorage = (kind: LocationKind): kind is 'pick' | 'reserve' => kind === 'pick' || kind === 'reserve';

/** Zones over storage; where a site has none, its storage locations that are not part of another. */
function storesOf(plan: SitePlan, geometry: Geometry): Store[] {
  const zones = (plan.source.file.readPoints ?? []).filter((point) => point.kind === 'zone');
  const watched = new Map(zones.map((zone) => [zone.location, zone.id]));
  const locations = [...plan.locations.values()].filter(
    (location) => isStorage(location.kind) && (watched.size > 0 ? watched.has(location.id) : location.in === undefined),
  );
  return locations.map(({ id, kind }) => {
    const within = [...plan.locations.values()].filter((other) => other.in === id && !watched.has(other.id));
    const bins = (within.length > 0 ? within.map((bin) => bin.id) : [id]).map((bin) => ({
      id: bin,
      place: geometry.places.get(bin)!,
    }));
    return { location: id, kind: kind as 'pick' | 'reserve', readPoint: watched.get(id) ?? null, bins };
  });
}

function benchOf(plan: SitePlan, geometry: Geometry): Bench | undefined {
  for (const point of plan.source.file.readPoints ?? []) {
    if (point.kind !== 'station' || plan.kindOf(point.location) !== 'pack') continue;
    const place = geometry.places.get(point.location)!;
    return { location: point.location, readPoint: point.id, device: point.device, place };
  }
  return undefined;
}
