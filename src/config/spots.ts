// Where locations are in the building, as far as the site file says.
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
