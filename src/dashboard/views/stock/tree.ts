// Locations as they nest, and what lies in each. Pure.
import type { Balance, Location } from '../../api/types.ts';

export interface NestedLocation {
  readonly id: string;
  readonly kind: string;
  readonly depth: number;
}

/** Locations in their order, each followed by what is inside it. One whose surroundings are unknown stands at the top. */
export function nested(locations: readonly Location[]): readonly NestedLocation[] {
  const known = new Set(locations.map(({ id }) => id));
  const inside = new Map<string | null, Location[]>();
  for (const location of locations) {
    const outer = location.in !== null && known.has(location.in) ? location.in : null;
    inside.set(outer, [...(inside.get(outer) ?? []), location]);
  }
  const walk = (outer: string | null, depth: number): NestedLocation[] =>
    (inside.get(outer) ?? []).flatMap(({ id, kind }) => [{ id, kind, depth }, ...walk(id, depth + 1)]);
  return walk(null, 0);
}

export interface Place {
  readonly id: string;
  readonly kind: string;
  readonly lines: readonly Balance[];
  readonly places: readonly Place[];
  /** With everything inside. */
  readonly quantity: number;
  readonly lineCount: number;
  readonly hasNegative: boolean;
}

/** The places that hold something, nested; with `all`, every place. */
export function placesOf(locations: readonly Location[], balances: readonly Balance[], all: boolean): readonly Place[] {
  const byLocation = new Map<string, Balance[]>();
  for (const balance of balances) {
    const lines = byLocation.get(balance.location);
    if (lines === undefined) byLocation.set(balance.location, [balance]);
    else lines.push(balance);
  }
  const known = new Set(locations.map(({ id }) => id));
  const placesIn = (outer: string | null): Place[] =>
    locations
      .filter((location) => (location.in !== null && known.has(location.in) ? location.in : null) === outer)
      .map(({ id, kind }) => place(id, kind, byLocation.get(id) ?? [], placesIn(id)))
      .filter(({ lineCount }) => all || lineCount > 0);
  return placesIn(null);
}

function place(id: string, kind: string, lines: readonly Balance[], places: readonly Place[]): Place {
  return {
    id,
    kind,
    lines,
    places,
    quantity: total(lines) + places.reduce((sum, inner) => sum + inner.quantity, 0),
    lineCount: lines.length + places.reduce((sum, inner) => sum + inner.lineCount, 0),
    hasNegative: lines.some(({ quantity }) => quantity < 0) || places.some((inner) => inner.hasNegative),
  };
}

/** Ten-thousandths are the finest that the books tell apart; sums of fractions are rounded to them. */
export const total = (lines: readonly Balance[]): number =>
  Math.round(lines.reduce((sum, { quantity }) => sum + quantity, 0) * 10_000) / 10_000;

const SEPARATOR = '\u001e';
export const balanceKey = ({ sku, location, container, lot, owner, status }: Balance): string =>
  [sku, location, container, lot, owner, status].map((part) => part ?? '').join(SEPARATOR);

/** The balances after some of them were told anew; nought is no longer there. Sorted again only when there are new ones. */
export function changed(known: readonly Balance[], told: readonly Balance[]): readonly Balance[] {
  const byKey = new Map(known.map((balance) => [balanceKey(balance), balance]));
  let hasNew = false;
  for (const balance of told) {
    const key = balanceKey(balance);
    if (balance.quantity === 0) {
      byKey.delete(key);
      continue;
    }
    hasNew ||= !byKey.has(key);
    byKey.set(key, balance);
  }
  if (!hasNew) return [...byKey.values()];
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, balance]) => balance);
}
