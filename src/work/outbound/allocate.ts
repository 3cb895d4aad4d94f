// Who is promised what. Whoever comes first is given what is there; new stock goes to those who wait, by rank; a fact that takes
// what was promised breaks the promise of the lowest rank. Nothing is ever promised twice.
import type { EffectsDraft } from '../../infer/effects.ts';
import { inBooks } from '../../infer/balances.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import { compareRank, hasOf, keysOf, stockKey, waitingOf, type Order, type OrderLine } from './order.ts';
import { openOf, type Planned } from './pick.ts';
import { notePickLine, touchOrder, type Around, type Outbound } from './outbound.ts';
import { planAgain, type ToPlan } from './planning.ts';
import {
  binKey,
  binsOf,
  freeFor,
  freeOf,
  plannedOf,
  takeFree,
  wantedBy,
  wantsOf,
  type Free,
  type Wants,
} from './supply.ts';

/** Brings promises of these stocks in line with what there is; `again` is to be picked from other bins, as far as it is still promised. */
export function allocate(
  outbound: Outbound,
  around: Around,
  keys: Iterable<string>,
  draft: EffectsDraft,
  again: readonly ToPlan[] = [],
): void {
  const due = new Set(keys);
  const frees = new Map<string, Free>();
  for (const key of due) {
    // A set goes on with what is added to it: a promise that was broken may leave other stock to be given away.
    due.delete(key);
    if (!outbound.index.byStock.has(key) && !outbound.index.planned.has(key)) continue;
    const unplanned = unplan(outbound, around, key);
    for (const freed of breakPromises(outbound, around, key, draft)) {
      frees.delete(freed);
      if (freed !== key) due.add(freed);
    }
    const here = [...again.filter(({ line, order }) => stockKey(line.sku, order.owner) === key), ...unplanned];
    if (here.length > 0) planAgain(outbound, around, key, here);
    frees.delete(key);
    give(outbound, around, key, frees, draft);
  }
}

/** More is to be picked from a bin than is in it: the lowest rank takes it elsewhere. Gives what is to be planned anew. */
function unplan(outbound: Outbound, around: Around, key: string): ToPlan[] {
  const planned = plannedOf(outbound, key);
  if (planned.length === 0) return [];
  const keyOf = (bin: Parameters<typeof binKey>[2]): string => binKey(key, '', bin);
  const left = new Map(binsOf(outbound, around, key).map((bin) => [keyOf(bin), bin.quantity]));
  const again: ToPlan[] = [];
  for (const one of planned.sort(byRankOf(outbound))) {
    const { pick, line } = one;
    const there = Math.max(0, left.get(keyOf(line)) ?? 0);
    const open = openOf(line);
    left.set(keyOf(line), inBooks(there - open));
    if (open <= there) continue;
    const missing = inBooks(open - there);
    dropPlanned(outbound, around, one, missing);
    const wanted = wantedBy(outbound, line);
    if (wanted === undefined) continue;
    wanted.line.reserved = inBooks(wanted.line.reserved + missing);
    again.push({ ...wanted, pick, quantity: missing });
  }
  return again;
}

/** The highest rank first. */
const byRankOf =
  (outbound: Outbound) =>
  (a: Planned, b: Planned): number =>
    compareRank(outbound.orders.get(a.line.order)!, outbound.orders.get(b.line.order)!);

/** So much less is to be picked of a line. */
export function dropPlanned(outbound: Outbound, { at }: Around, { pick, line }: Planned, quantity: number): void {
  line.short = inBooks(line.short + quantity);
  notePickLine(outbound, pick, line, at);
  const wanted = wantedBy(outbound, line);
  if (wanted === undefined) return;
  wanted.line.planned = Math.max(0, inBooks(wanted.line.planned - quantity));
  touchOrder(outbound, wanted.order, [wanted.line.line]);
}

/** More is promised than there is: the lowest rank loses it. Gives the stocks of which something is free again. */
function breakPromises(outbound: Outbound, around: Around, key: string, draft: EffectsDraft): Set<string> {
  const freed = new Set<string>();
  let free = freeOf(outbound, around, key);
  const isTooMuch = (): boolean => free.total < 0 || [...free.byLot.values()].some((quantity) => quantity < 0);
  if (!isTooMuch()) return freed;
  const lowestFirst = wantsOf(outbound, key).sort(
    (a, b) => compareRank(b.order, a.order) || b.line.ordinal - a.line.ordinal,
  );
  const planned = plannedOf(outbound, key);
  for (const wants of lowestFirst) {
    const { order, line } = wants;
    const over = overOf(free, line.lot);
    const before = inBooks(line.reserved + line.planned);
    if (over === 0 || before === 0) continue;
    const soft = Math.min(over, line.reserved);
    line.reserved = inBooks(line.reserved - soft);
    takeFree(free, line.lot, -soft);
    let hard = inBooks(over - soft);
    // The last one that was planned is the first that is not.
    for (const one of hard === 0 ? [] : planned.filter((other) => isFor(other, wants)).toReversed()) {
      const less = Math.min(hard, openOf(one.line));
      if (less === 0) continue;
      dropPlanned(outbound, around, one, less);
      takeFree(free, one.line.lot, -less);
      hard = inBooks(hard - less);
    }
    freed.add(key);
    if (!order.isPartial && order.lines.every((other) => other.planned + other.picked === 0)) {
      for (const other of giveBack(outbound, order)) freed.add(other);
      free = freeOf(outbound, around, key);
    }
    noteBroken(outbound, around, wants, before, draft);
    if (!isTooMuch()) break;
  }
  return freed;
}

/** By how much a stock, or a lot of it, is promised too often. A line of any lot can only give way to the whole. */
const overOf = ({ total, byLot }: Free, lot: string): number =>
  Math.max(0, -total, lot === '' ? 0 : -(byLot.get(lot) ?? 0));

const isFor = ({ line }: Planned, wants: Wants): boolean =>
  line.order === wants.order.id && line.orderLine === wants.line.line;

/** Nothing is promised to it any more that is not on a pick list; the stocks that are free for others. */
export function giveBack(outbound: Outbound, order: Order): Set<string> {
  const held = order.lines.filter(({ reserved }) => reserved > 0);
  for (const line of held) line.reserved = 0;
  touchOrder(
    outbound,
    order,
    held.map(({ line }) => line),
  );
  return new Set(held.map(({ sku }) => stockKey(sku, order.owner)));
}

function noteBroken(
  outbound: Outbound,
  { plan, at }: Around,
  { order, line }: Wants,
  before: number,
  draft: EffectsDraft,
): void {
  const left = inBooks(line.reserved + line.planned);
  order.changedAt = Math.max(order.changedAt, at);
  touchOrder(outbound, order, [line.line]);
  const { broken } = line;
  if (broken !== undefined) settle(draft, broken.discrepancy, at, 'more of it was lost');
  const discrepancy = contentId('discrepancy', plan.site, 'reservation-broken', order.id, line.line, ++order.breaks);
  line.broken = { discrepancy, had: Math.max(broken?.had ?? 0, inBooks(before + line.picked + line.shipped)) };
  draft.discrepancies.push({
    id: discrepancy,
    kind: 'reservation-broken',
    severity: 'warning',
    happenedAt: at,
    sku: line.sku,
    message: `Of ${before} ${line.sku} that were promised to order ${order.id}, line ${line.line}, ${left} are left: the rest is not there any more, and waits for new stock.`,
  });
}

/** What is free goes to those who wait, the highest rank first. An order that goes whole is given everything or nothing. */
function give(outbound: Outbound, around: Around, key: string, frees: Map<string, Free>, draft: EffectsDraft): void {
  const freeOfKey = (of: string): Free => {
    let free = frees.get(of);
    if (free === undefined) frees.set(of, (free = freeOf(outbound, around, of)));
    return free;
  };
  if (freeOfKey(key).total <= 0) return;
  const waiting = new Set(
    wantsOf(outbound, key)
      .filter(({ line }) => waitingOf(line) > 0)
      .map(({ order }) => order),
  );
  for (const order of [...waiting].sort(compareRank)) {
    if (freeOfKey(key).total <= 0) return;
    const given: { readonly line: OrderLine; readonly free: Free; readonly quantity: number }[] = [];
    for (const line of order.lines) {
      const of = stockKey(line.sku, order.owner);
      if (order.isPartial && of !== key) continue;
      const free = freeOfKey(of);
      const quantity = Math.min(waitingOf(line), freeFor(free, line.lot));
      takeFree(free, line.lot, quantity);
      given.push({ line, free, quantity });
    }
    const isWhole = given.every(({ line, quantity }) => quantity >= waitingOf(line));
    for (const { line, free, quantity } of given) {
      if (order.isPartial || isWhole) reserve(outbound, around, { order, line }, quantity, draft);
      else takeFree(free, line.lot, -quantity);
    }
  }
}

function reserve(
  outbound: Outbound,
  { at }: Around,
  { order, line }: Wants,
  quantity: number,
  draft: EffectsDraft,
): void {
  if (quantity === 0) return;
  line.reserved = inBooks(line.reserved + quantity);
  order.changedAt = Math.max(order.changedAt, at);
  touchOrder(outbound, order, [line.line]);
  if (line.broken === undefined || hasOf(line) < Math.min(line.broken.had, line.quantity)) return;
  settle(draft, line.broken.discrepancy, at, 'it is promised as much again');
  line.broken = undefined;
}

/** Every stock that an order wants. */
export const allocateFor = (outbound: Outbound, around: Around, order: Order, draft: EffectsDraft): void =>
  allocate(outbound, around, keysOf(order), draft);
