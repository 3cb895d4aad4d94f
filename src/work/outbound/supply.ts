// What can be promised of some stock, bin by bin: available, put away, not in doubt, not expired. What is promised already is
// taken off by whoever asks.
import { balancesOf, inBooks, type Balance } from '../../infer/balances.ts';
import type { SitePlan } from '../../config/plan.ts';
import { formatTime } from '../../wire/time.ts';
import { forgetOldest } from '../sets.ts';
import { orderLineOf, stockOfKey, type Order, type OrderLine } from './order.ts';
import type { Around, Outbound } from './outbound.ts';
import { openOf, type PickLine, type Planned } from './pick.ts';

/** Lots whose day is remembered, the oldest forgotten first. */
const EXPIRIES_MAX = 50_000;
const SEPARATOR = '\u001e';

/** So much of a lot in one bin (and container in it). */
export interface Bin {
  readonly location: string;
  readonly container: string;
  readonly lot: string;
  /** May be below zero: then the books are wrong there, and more is missing somewhere. */
  readonly quantity: number;
  /** Since when some of it lies there, ms. */
  readonly since: number;
  readonly expiry: string | undefined;
}

type InBin = Readonly<Record<'location' | 'container' | 'lot', string>>;

/** What is said of one bin and the stock in it stands under this. */
export const binKey = (sku: string, owner: string, { location, container, lot }: InBin): string =>
  [sku, owner, location, container, lot].join(SEPARATOR);

export function binOfKey(key: string): InBin & { readonly sku: string; readonly owner: string } {
  const [sku = '', owner = '', location = '', container = '', lot = ''] = key.split(SEPARATOR);
  return { sku, owner, location, container, lot };
}

const expiryKey = (sku: string, lot: string): string => sku + SEPARATOR + lot;

/** A document says until when a lot is good. */
export function learnExpiry(
  { expiries }: Outbound,
  sku: string | undefined,
  lot: string,
  expiry: string | undefined,
): void {
  if (sku === undefined || lot === '' || expiry === undefined) return;
  expiries.set(expiryKey(sku, lot), expiry);
  forgetOldest(expiries, EXPIRIES_MAX);
}

export const expiryOf = ({ expiries }: Outbound, sku: string, lot: string): string | undefined =>
  expiries.get(expiryKey(sku, lot));

/** A day is good until it is over. */
export const isExpired = (expiry: string | undefined, at: number): boolean =>
  expiry !== undefined && expiry < formatTime(at).slice(0, 10);

/** Stock is promised where it is stored, not where it is on its way in or out. */
export const isStorage = (plan: SitePlan, location: string): boolean =>
  ['reserve', 'pick'].includes(plan.kindOf(location) ?? '');

/** What lies in the bins of a stock and may be promised. */
export function binsOf(outbound: Outbound, around: Around, key: string): Bin[] {
  const { sku, owner } = stockOfKey(key);
  const doubted = doubtedOf(outbound, around);
  return balancesOf(around.balances, sku)
    .filter((balance) => balance.owner === owner && isPromisable(outbound, around, balance))
    .map(({ lot, account: { location, container }, quantity, since = 0 }) => {
      const bin = binKey(sku, owner, { location, container, lot });
      const left = outbound.short.get(bin)?.left ?? quantity;
      return {
        location,
        container,
        lot,
        quantity: inBooks(Math.min(quantity, left) - (doubted.get(bin) ?? 0)),
        since,
        expiry: expiryOf(outbound, sku, lot),
      };
    });
}

function isPromisable(outbound: Outbound, { plan, at }: Around, { sku, lot, account }: Balance): boolean {
  return (
    account.status === 'available' && isStorage(plan, account.location) && !isExpired(expiryOf(outbound, sku, lot), at)
  );
}

/** How many tags of each bin were seen at a door, and nobody knows yet whether they left. */
function doubtedOf({ doubted }: Outbound, { book }: Around): Map<string, number> {
  const counts = new Map<string, number>();
  for (const epc of doubted.keys()) {
    const state = book.items.get(epc)?.state;
    if (state?.sku === undefined || state.status !== 'available') continue;
    const key = binKey(state.sku, state.owner, state);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** One line of an order, with the order. */
export interface Wants {
  readonly order: Order;
  readonly line: OrderLine;
}

/** Lines of orders that want some of a stock. */
export function wantsOf({ index, orders }: Outbound, key: string): Wants[] {
  const { sku } = stockOfKey(key);
  return [...(index.byStock.get(key) ?? [])].flatMap((id) => {
    const order = orders.get(id)!;
    return order.lines.filter((line) => line.sku === sku).map((line) => ({ order, line }));
  });
}

/** What is to be picked of a stock, line by line. */
export function plannedOf({ index }: Outbound, key: string): Planned[] {
  const planned = index.planned.get(key);
  if (planned === undefined) return [];
  // Always in the same order, also after a restart.
  return [...planned].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** What nobody has been promised yet: of all, and of each lot. */
export interface Free {
  total: number;
  readonly byLot: Map<string, number>;
}

export function freeOf(outbound: Outbound, around: Around, key: string): Free {
  const free: Free = { total: 0, byLot: new Map() };
  const add = (lot: string, quantity: number): void => {
    free.byLot.set(lot, inBooks((free.byLot.get(lot) ?? 0) + quantity));
  };
  for (const { lot, quantity } of binsOf(outbound, around, key)) {
    free.total += quantity;
    add(lot, quantity);
  }
  for (const { line } of outbound.index.planned.get(key)?.values() ?? []) {
    free.total -= openOf(line);
    add(line.lot, -openOf(line));
  }
  const { sku } = stockOfKey(key);
  for (const id of outbound.index.byStock.get(key) ?? []) {
    for (const line of outbound.orders.get(id)!.lines) {
      if (line.sku !== sku || line.reserved === 0) continue;
      free.total -= line.reserved;
      if (line.lot !== '') add(line.lot, -line.reserved);
    }
  }
  free.total = inBooks(free.total);
  return free;
}

/** How much of it a line could be promised. */
export const freeFor = ({ total, byLot }: Free, lot: string): number =>
  Math.max(0, lot === '' ? total : Math.min(total, byLot.get(lot) ?? 0));

/** Promises so much of it, or with less than nothing gives it back. */
export function takeFree(free: Free, lot: string, quantity: number): void {
  free.total = inBooks(free.total - quantity);
  if (lot !== '') free.byLot.set(lot, inBooks((free.byLot.get(lot) ?? 0) - quantity));
}

/** The line of an order that a line of a pick list is for; undefined when it is not there any more. */
export function wantedBy({ orders }: Outbound, { order: id, orderLine }: PickLine): Wants | undefined {
  const order = orders.get(id);
  const line = order && orderLineOf(order, orderLine);
  return line && { order, line };
}
