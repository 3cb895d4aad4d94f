// From which of several bins a stock is taken first, as its product says, or else the site. Pure.
import type { SitePlan } from '../../config/plan.ts';
import { spotOf } from '../../config/spots.ts';
import type { Rotation } from '../../wire/product.ts';
import { productOf, type Products } from '../products.ts';
import type { Bin } from './supply.ts';

export const rotationOf = (products: Products, { rules }: SitePlan, sku: string): Rotation =>
  productOf(products, sku)?.rotation ?? rules.pickRotation;

type Compare = (a: Bin, b: Bin) => number;

/** The bin to be taken from first in front; `to` is where it is brought. Bins that are alike go by their names. */
export function inRotation<B extends Bin>(bins: readonly B[], rotation: Rotation, plan: SitePlan, to: string): B[] {
  const compare = COMPARES[rotation](plan, to);
  return bins.toSorted(
    (a, b) =>
      compare(a, b) ||
      compareText(a.location, b.location) ||
      compareText(a.lot, b.lot) ||
      compareText(a.container, b.container),
  );
}

/** Later than every day of a calendar. */
const NEVER = '~';
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const expiresFirst: Compare = (a, b) => compareText(a.expiry ?? NEVER, b.expiry ?? NEVER);
const oldestFirst: Compare = (a, b) => a.since - b.since;

const COMPARES: Readonly<Record<Rotation, (plan: SitePlan, to: string) => Compare>> = {
  fefo: () => (a, b) => expiresFirst(a, b) || oldestFirst(a, b),
  fifo: () => oldestFirst,
  lifo: () => (a, b) => oldestFirst(b, a),
  nearest: (plan, to) => {
    const distance = distanceTo(plan, to);
    return (a, b) => compareNumber(distance(a), distance(b)) || expiresFirst(a, b) || oldestFirst(a, b);
  },
};

/** Metres as the crow flies; bins that the plan of the site does not place come last. */
function distanceTo(plan: SitePlan, to: string): (bin: Bin) => number {
  const there = spotOf(plan, to);
  return ({ location }) => {
    const here = spotOf(plan, location);
    return here === undefined || there === undefined
      ? Number.POSITIVE_INFINITY
      : Math.hypot(here.x - there.x, here.y - there.y);
  };
}

/** Two that are infinitely far are as far. */
const compareNumber = (a: number, b: number): number => (a === b ? 0 : a - b);
