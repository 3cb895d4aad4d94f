// Goods that were picked: by a scan, or by tags that went from storage to where orders are packed. Each is counted on the line of a pick
// list that it fits best; what fits none was taken for nobody.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft, Transaction } from '../../infer/effects.ts';
import type { Lying } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import { forgetPacked } from './cartonMoves.ts';
import { compareRank, orderLineOf, stockKey, stockOfKey, type Order, type Taken } from './order.ts';
import { endIfOver } from './orders.ts';
import { notePickLine, touchOrder, type Around, type Outbound } from './outbound.ts';
import { mayBeAt } from './stops.ts';
import { openOf, unsort, type PickLine, type Planned } from './pick.ts';
import { plannedOf, wantedBy } from './supply.ts';

/** Is it to be picked, or was it picked and has not left? */
export function isPlanned(outbound: Outbound, lying: Lying): boolean {
  const { epc } = lying;
  if (epc !== undefined && takenOf(outbound, epc) !== undefined) return true;
  return outbound.picks.size > 0 && bestLine(outbound, lying, () => 0) !== undefined;
}

/** What a tag was picked for, while it has not left. */
export function takenOf(
  { orders, index }: Outbound,
  epc: string,
): { readonly order: Order; readonly transaction: string; readonly taken: Taken } | undefined {
  const order = orders.get(index.byTag.get(epc) ?? '');
  if (order === undefined) return undefined;
  for (const [transaction, taken] of order.taken)
    if (taken.epc === epc && taken.shipped < taken.quantity) return { order, transaction, taken };
  return undefined;
}

/**
 * The line of a pick list that it is for: of its lot (another serial of the same is a swap), else one whose order takes any lot; of those
 * one of its bin, else of its zone; then the order that goes first. `nearness` is how well the bin of a line fits, up to 2.
 */
function bestLine(
  outbound: Outbound,
  { sku, lot, owner }: Lying,
  nearness: (bin: string) => number,
): Planned | undefined {
  if (sku === undefined) return undefined;
  let best: { readonly planned: Planned; readonly fit: number; readonly order: Order } | undefined;
  for (const planned of plannedOf(outbound, stockKey(sku, owner))) {
    const { line } = planned;
    const wanted = wantedBy(outbound, line);
    if (wanted === undefined) continue;
    const isOfLot = line.lot === lot;
    if (!isOfLot && wanted.line.lot !== '') continue;
    const fit = (isOfLot ? 3 : 0) + nearness(line.location);
    const { order } = wanted;
    if (best === undefined || fit > best.fit || (fit === best.fit && compareRank(order, best.order) < 0))
      best = { planned, fit, order };
  }
  return best?.planned;
}

/** Where a scan of a SKU without tags, at a bench, was taken from: the bin of the first such line, of the order that goes first. */
export function binToPick(outbound: Outbound, sku: string, lot: string): PickLine | undefined {
  let best: { readonly line: PickLine; readonly order: Order } | undefined;
  for (const key of outbound.index.planned.keys()) {
    if (stockOfKey(key).sku !== sku) continue;
    for (const { line } of plannedOf(outbound, key)) {
      const order = outbound.orders.get(line.order);
      if (order === undefined || (lot !== '' && line.lot !== lot)) continue;
      if (best === undefined || compareRank(order, best.order) < 0) best = { line, order };
    }
  }
  return best?.line;
}

export function takePick(outbound: Outbound, around: Around, transaction: Transaction, draft: EffectsDraft): void {
  const { id, epc, sku, lot, owner, postings, happenedAt: at } = transaction;
  const [posting] = postings;
  if (posting === undefined || sku === undefined) return;
  if (epc !== undefined && takenOf(outbound, epc) !== undefined) return; // from one bench to the next
  const { location } = posting.from;
  const planned =
    wantedLine(outbound, transaction) ??
    bestLine(outbound, { epc, sku, lot, owner, location }, (bin) =>
      bin === location ? 2 : mayBeAt(around.plan, location, bin) ? 1 : 0,
    );
  const quantity = planned === undefined ? 0 : Math.min(posting.quantity, openOf(planned.line));
  if (planned !== undefined && quantity > 0) {
    const { pick, line } = planned;
    count(outbound, around, planned, quantity);
    const { order } = wantedBy(outbound, line)!;
    order.taken.set(id, {
      line: line.orderLine,
      pick: pick.id,
      pickLine: line.line,
      epc,
      sku,
      lot,
      quantity,
      shipped: 0,
      at,
    });
    outbound.index.byTransaction.set(id, order.id);
    if (epc !== undefined) outbound.index.byTag.set(epc, order.id);
    if (line.lot !== lot) draft.discrepancies.push(otherLot(around, transaction, planned));
  }
  const beyond = inBooks(posting.quantity - quantity);
  if (beyond === 0 || !around.plan.rules.orders) return;
  draft.discrepancies.push({
    id: contentId('discrepancy', around.plan.site, 'unplanned-pick', id),
    kind: 'unplanned-pick',
    severity: 'warning',
    happenedAt: at,
    epc,
    sku,
    location,
    transaction: id,
    message: `${beyond} more of ${sku} was taken from ${location} than any pick list says: put it back, or say what it is for.`,
  });
}

/** The line that a command took it for. */
function wantedLine({ wanted, picks }: Outbound, { id, epc }: Transaction): Planned | undefined {
  const said = wanted.get(id) ?? (epc === undefined ? undefined : wanted.get(epc));
  const pick = said && picks.get(said.pick);
  const line = pick?.lines.find((one) => one.line === said!.line);
  return line && { pick: pick!, line };
}

/** So much more of a line was picked, or with less than nothing is to be picked again. */
function count(outbound: Outbound, { at }: Pick<Around, 'at'>, { pick, line }: Planned, quantity: number): void {
  line.picked = inBooks(line.picked + quantity);
  notePickLine(outbound, pick, line, at);
  const wanted = wantedBy(outbound, line);
  if (wanted === undefined) return;
  wanted.line.picked = inBooks(wanted.line.picked + quantity);
  wanted.line.planned = Math.max(0, inBooks(wanted.line.planned - quantity));
  wanted.order.changedAt = Math.max(wanted.order.changedAt, at);
  touchOrder(outbound, wanted.order, [wanted.line.line]);
}

const otherLot = ({ plan }: Around, { id, epc, sku, lot, happenedAt }: Transaction, { pick, line }: Planned) => ({
  id: contentId('discrepancy', plan.site, 'other-lot', id),
  kind: 'other-lot',
  severity: 'warning' as const,
  happenedAt,
  epc,
  sku,
  location: line.location,
  transaction: id,
  message: `${pick.id} says lot ${line.lot || '(none)'}, and ${lot || 'none'} was picked: it counts for ${line.order}; make sure that it may.`,
});

/** A pick did not happen after all. */
export function undoPick(outbound: Outbound, around: Around, transaction: string, draft: EffectsDraft): void {
  const { plan, at } = around;
  for (const kind of plan.rules.orders ? ['unplanned-pick', 'other-lot'] : [])
    settle(draft, contentId('discrepancy', plan.site, kind, transaction), at, 'later reads changed the decision');
  const order = outbound.orders.get(outbound.index.byTransaction.get(transaction) ?? '');
  if (order?.taken.has(transaction) === true) takeBack(outbound, around, order, transaction, draft);
}

/** It lies in storage again: what was picked of it is to be picked again. */
export function putBack(outbound: Outbound, around: Around, transaction: Transaction, draft: EffectsDraft): void {
  const { epc, sku, lot, owner, from, quantity = 0 } = transaction;
  if (epc !== undefined) {
    const taken = takenOf(outbound, epc);
    if (taken !== undefined) bringBack(outbound, around, taken.order, taken.transaction, draft);
    return;
  }
  if (!['pack', 'staging-out'].includes(around.plan.kindOf(from) ?? '') || sku === undefined) return;
  let rest = quantity;
  // What was picked last for the lowest rank goes back first.
  const orders = [...outbound.orders.values()]
    .filter((order) => order.owner === owner)
    .sort((a, b) => compareRank(b, a));
  for (const order of orders) {
    for (const [id, one] of [...order.taken].toReversed()) {
      const left = inBooks(one.quantity - one.shipped);
      if (one.epc !== undefined || one.sku !== sku || one.lot !== lot || left > rest || left === 0) continue;
      rest = inBooks(rest - left);
      bringBack(outbound, around, order, id, draft);
    }
  }
}

/** It was picked, and is not any more. */
function bringBack(outbound: Outbound, around: Around, order: Order, transaction: string, draft: EffectsDraft): void {
  const line = takeBack(outbound, around, order, transaction, draft);
  if (line !== undefined) line.wasPicked = true;
}

/** Gives the line of the pick list that it was taken for, while that is known. */
function takeBack(
  outbound: Outbound,
  around: Around,
  order: Order,
  transaction: string,
  draft: EffectsDraft,
): PickLine | undefined {
  const taken = order.taken.get(transaction)!;
  const left = inBooks(taken.quantity - taken.shipped);
  forgetPacked(outbound, order.id, transaction, around.at);
  if (taken.shipped === 0) {
    order.taken.delete(transaction);
    outbound.index.byTransaction.delete(transaction);
  } else order.taken.set(transaction, { ...taken, quantity: taken.shipped });
  if (taken.epc !== undefined && outbound.index.byTag.get(taken.epc) === order.id)
    outbound.index.byTag.delete(taken.epc);
  const pick = outbound.picks.get(taken.pick);
  const line = pick?.lines.find((one) => one.line === taken.pickLine);
  const orderLine = orderLineOf(order, taken.line);
  if (pick !== undefined && line !== undefined) {
    count(outbound, around, { pick, line }, -left);
    unsort(pick, line, taken.epc);
    // Nobody waits for it on a list whose order is over.
    if (order.endedAt !== undefined) {
      line.short = inBooks(line.short + left);
      if (orderLine !== undefined) orderLine.planned = Math.max(0, inBooks(orderLine.planned - left));
      notePickLine(outbound, pick, line, around.at);
    }
  } else if (orderLine !== undefined) orderLine.picked = Math.max(0, inBooks(orderLine.picked - left));
  endIfOver(outbound, order, around, draft);
  return line;
}
