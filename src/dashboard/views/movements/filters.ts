// The filters of the movement list: from the address to the query of the API, and to a test for what comes live. Pure.
import type { Query } from '../../api/client.ts';
import type { Location, MovementJson } from '../../api/types.ts';
import { timeOf } from '../../shared/zone.ts';

export const FILTERS = ['epc', 'sku', 'location', 'type', 'readPoint', 'from', 'to', 'effective'] as const;
export type Filters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

export const filtersOf = (query: Readonly<Record<string, string>>): Filters =>
  Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));

export const queryOf = (site: string, filters: Filters): Query => ({ site, ...filters, limit: 100 });

/** A location and everything inside it, as the API understands the filter. */
export function within(locations: readonly Location[], id: string): ReadonlySet<string> {
  const inside = new Set([id]);
  // A location may be listed before the one around it.
  for (let before = 0; before !== inside.size;) {
    before = inside.size;
    for (const { id: own, in: outer } of locations) if (outer !== null && inside.has(outer)) inside.add(own);
  }
  return inside;
}

/** Would the API list it under these filters? */
export function matcher(filters: Filters, locations: readonly Location[]): (movement: MovementJson) => boolean {
  const places = filters.location === undefined ? undefined : within(locations, filters.location);
  const epc = filters.epc?.toUpperCase();
  const from = filters.from === undefined ? Number.NEGATIVE_INFINITY : timeOf(filters.from);
  const to = filters.to === undefined ? Number.POSITIVE_INFINITY : timeOf(filters.to);
  return (movement) => {
    const at = timeOf(movement.happenedAt);
    return (
      at >= from &&
      at < to &&
      (epc === undefined || movement.epc === epc) &&
      (filters.sku === undefined || movement.sku === filters.sku) &&
      (filters.type === undefined || movement.type === filters.type) &&
      (filters.readPoint === undefined || movement.readPoint === filters.readPoint) &&
      (places === undefined || places.has(movement.from) || places.has(movement.to)) &&
      (filters.effective === undefined || movement.supersedes === null)
    );
  };
}
