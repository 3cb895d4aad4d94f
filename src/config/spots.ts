// Where locations are in the building, as far as the site file says: their coordinates, and the zone that one person picks in.
import type { SitePlan } from './plan.ts';

/** Metres, from whatever corner the site file counts. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Where a location is; one without coordinates is where what it lies in is. */
export function spotOf({ locations }: Pick<SitePlan, 'locations'>, location: string): Spot | undefined {
  for (let id: string | undefined = location, depth = 0; id !== undefined && depth <= locations.size; depth++) {
    const { x, y, in: outer }: { x?: number; y?: number; in?: string } = locations.get(id) ?? {};
    if (x !== undefined && y !== undefined) return { x, y };
    id = outer;
  }
  return undefined;
}

/**
 * The zone that a location is picked in: what it, or a location around it, names; else the outermost location that it lies in. '' for all
 * that stand alone and name none.
 */
export function pickZoneOf({ locations }: Pick<SitePlan, 'locations'>, location: string): string {
  let outermost = '';
  for (let id: string | undefined = location, depth = 0; id !== undefined && depth <= locations.size; depth++) {
    const { pickZone, in: outer }: { pickZone?: string; in?: string } = locations.get(id) ?? {};
    if (pickZone !== undefined) return pickZone;
    if (id !== location) outermost = id;
    id = outer;
  }
  return outermost;
}
