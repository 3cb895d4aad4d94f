// How much of a stock a bin may still take: what the site file says that it holds and what may lie in it, less what lies there for the
// books, what is presumed to lie there, and what other tasks bring. What is not known of a product or a bin limits nothing.
import { forbiddenFor, said } from '../../config/bins.ts';
import type { SiteLocation } from '../../config/site.ts';
import { balancesAt, inBooks, type Stock } from '../../infer/balances.ts';
import type { Product } from '../../infer/productEffects.ts';
import type { Around, Outbound } from '../outbound/outbound.ts';
import { productOf, volumeLOf, weightKgOf, type Products } from '../products.ts';
import { openOf, type Task } from './task.ts';
import { tasksTo, type Tasks } from './tasks.ts';

/** What the choice of a bin may ask. */
export interface Floor extends Around {
  readonly tasks: Tasks;
  readonly products: Products;
  readonly outbound: Outbound;
}

export interface Occupant extends Stock {
  readonly quantity: number;
}

/** Why a bin takes nothing of a stock, so that a person can do something about it. */
export const DENIALS = {
  product: 'kept for another product',
  hazard: 'hazard class not allowed',
  temperature: 'other temperature',
  class: 'velocity class not allowed',
  mixing: 'other goods in it, and not to be mixed',
  full: 'no room',
} as const;
export type Denial = keyof typeof DENIALS;

/** Whole units, as far as a double can tell. */
const whole = (quantity: number): number => Math.floor(quantity + 1e-9);

/** What lies in a bin, or will by tasks other than `except`. */
export function occupantsOf({ balances, tasks, book }: Floor, bin: string, except?: Task): Occupant[] {
  const lying = balancesAt(balances, bin).filter(({ quantity }) => quantity > 0);
  const presumed = [...(tasks.index.presumedIn.get(bin) ?? [])].flatMap((epc) => {
    const state = book.items.get(epc)?.state;
    return state?.sku === undefined ? [] : [{ sku: state.sku, lot: state.lot, owner: state.owner, quantity: 1 }];
  });
  const coming = tasksTo(tasks, bin)
    .filter((task) => task !== except)
    .map((task) => ({ ...task.of, quantity: openOf(task) }));
  return [...lying, ...presumed, ...coming];
}

/** So much of a stock fits into a bin; `Infinity` where nothing limits it. */
export function roomIn(floor: Floor, bin: SiteLocation, stock: Stock, except?: Task): number | Denial {
  const product = productOf(floor.products, stock.sku);
  const forbidden = forbiddenIn(floor, bin, product, stock.sku);
  if (forbidden !== undefined) return forbidden;
  const occupants = occupantsOf(floor, bin.id, except);
  const mixing = said(floor.plan, bin, 'mixing') ?? 'any';
  if (mixing !== 'any' && occupants.some((other) => isOther(other, stock, mixing))) return 'mixing';
  const limits = [
    bin.capacity === undefined ? Number.POSITIVE_INFINITY : bin.capacity - sumOf(occupants, ({ quantity }) => quantity),
    leftOf(bin.volumeL, volumeLOf(product, 1), occupants, (of) =>
      volumeLOf(productOf(floor.products, of.sku), of.quantity),
    ),
    leftOf(bin.weightKg, weightKgOf(product, 1), occupants, (of) =>
      weightKgOf(productOf(floor.products, of.sku), of.quantity),
    ),
    product?.fixedBin !== bin.id || product.pickMaximum === undefined
      ? Number.POSITIVE_INFINITY
      : product.pickMaximum - sumOf(occupants, ({ sku, quantity }) => (sku === stock.sku ? quantity : 0)),
  ];
  const room = Math.min(...limits);
  return room > 0 ? (room === Number.POSITIVE_INFINITY ? room : inBooks(room)) : 'full';
}

function forbiddenIn(
  { plan, products }: Floor,
  bin: SiteLocation,
  product: Product | undefined,
  sku: string,
): Denial | undefined {
  const owners = products.byBin.get(bin.id);
  if (owners !== undefined && !owners.has(sku)) return 'product';
  return forbiddenFor(plan, bin, product ?? {});
}

const isOther = (a: Stock, b: Stock, mixing: 'sku' | 'lot'): boolean =>
  a.sku !== b.sku || a.owner !== b.owner || (mixing === 'lot' && a.lot !== b.lot);

const sumOf = (occupants: readonly Occupant[], of: (occupant: Occupant) => number): number =>
  inBooks(occupants.reduce((sum, one) => sum + of(one), 0));

/** Units for which a limit has room, when each takes so much of it. */
function leftOf(
  limit: number | undefined,
  each: number | undefined,
  occupants: readonly Occupant[],
  of: (occupant: Occupant) => number | undefined,
): number {
  if (limit === undefined || each === undefined || each === 0) return Number.POSITIVE_INFINITY;
  return whole((limit - occupants.reduce((sum, one) => sum + (of(one) ?? 0), 0)) / each);
}
