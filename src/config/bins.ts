// The bins of a site as its file describes them: what is stored is stored in, what may lie there, and of which class each is.
import type { SitePlan } from './plan.ts';
import type { SiteLocation } from './site.ts';

/** Why a bin takes nothing of a product, whatever else lies in it. */
export type Forbidden = 'hazard' | 'temperature' | 'class';

/** Whether the site file lets goods of these classes lie in a bin: hazardous ones only where it says so, of a velocity class where it names none. */
export function forbiddenFor(
  plan: SitePlan,
  bin: SiteLocation,
  of: { readonly [K in 'hazard' | 'temperature' | 'velocity']?: string | undefined },
): Forbidden | undefined {
  const { hazard, temperature, velocity } = of;
  if (hazard !== undefined && !(said(plan, bin, 'hazards') ?? []).includes(hazard)) return 'hazard';
  if (temperature !== said(plan, bin, 'temperature')) return 'temperature';
  const classes = said(plan, bin, 'classes');
  if (velocity !== undefined && classes !== undefined && !classes.includes(velocity)) return 'class';
  return undefined;
}

/** What the site file says of a location, or of what it lies in. */
export function said<K extends 'hazards' | 'temperature' | 'classes' | 'mixing' | 'class'>(
  { locations }: SitePlan,
  location: SiteLocation,
  field: K,
): SiteLocation[K] | undefined {
  let place: SiteLocation | undefined = location;
  for (let depth = 0; place !== undefined && depth <= locations.size; depth++) {
    if (place[field] !== undefined) return place[field];
    place = place.in === undefined ? undefined : locations.get(place.in);
  }
  return undefined;
}

/** Storage locations with no other storage location within them. Made once of a plan. */
const BINS = new WeakMap<SitePlan, readonly SiteLocation[]>();

export function binsOfSite(plan: SitePlan): readonly SiteLocation[] {
  const known = BINS.get(plan);
  if (known !== undefined) return known;
  const stored = [...plan.locations.values()].filter(({ kind }) => kind === 'reserve' || kind === 'pick');
  const outer = new Set(stored.map((location) => location.in));
  const bins = stored.filter(({ id }) => !outer.has(id));
  BINS.set(plan, bins);
  return bins;
}
