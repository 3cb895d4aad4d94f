// What was picked in a batch is sorted: each scan says which order it is for, and is refused where it was put to another.
import { inBooks } from '../../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { OutboundCommand } from '../../wire/outbound.ts';
import { refused } from '../requests.ts';
import { packedOfTaken } from './carton.ts';
import { compareRank, type Order } from './order.ts';
import { touchOrder, touchPick, type Outbound } from './outbound.ts';
import type { Pick, PickLine } from './pick.ts';
import { takenOf } from './picked.ts';
import { pickNamed } from './picking.ts';
import { scannedOf } from './scan.ts';

type Refusal = ReturnType<typeof refused>;
interface ToSort {
  readonly line: PickLine;
  readonly order: Order;
  readonly left: number;
}

/** Lines of a batch of which something that was picked is not sorted yet, the order that goes first in front. What is packed or out is. */
export function toSort(outbound: Outbound, pick: Pick): ToSort[] {
  if (pick.method !== 'batch') return [];
  return pick.lines
    .flatMap((line) => {
      const order = outbound.orders.get(line.order);
      if (order === undefined || order.endedAt !== undefined) return [];
      let gone = 0;
      for (const [id, { pick: list, pickLine, shipped }] of order.taken)
        if (list === pick.id && pickLine === line.line) gone += Math.max(shipped, packedOfTaken(outbound, order, id));
      const left = inBooks(line.picked - Math.max(line.sorted ?? 0, gone));
      return left > 0 ? [{ line, order, left }] : [];
    })
    .sort((a, b) => compareRank(a.order, b.order) || a.line.line - b.line.line);
}

/** Does something of it lie unsorted among what was picked for others? */
export function isUnsorted(outbound: Outbound, order: Order): boolean {
  const picks = new Set([...order.taken.values()].map(({ pick }) => pick));
  return [...picks].some((id) => {
    const pick = outbound.picks.get(id);
    return pick !== undefined && toSort(outbound, pick).some((one) => one.order === order);
  });
}

export function sortPick(
  outbound: Outbound,
  command: Extract<OutboundCommand, { kind: 'sort-pick' }>,
  request: WorkRequest,
): WorkAnswer {
  const pick = pickNamed(outbound, command.pick);
  if ('status' in pick) return pick;
  if (pick.method !== 'batch')
    return refused('not-a-batch', `${pick.id} is no batch: what is on it was picked for its order already.`);
  const scanned = scannedOf(command.scan, request);
  if ('status' in scanned) return scanned;
  if (scanned.kind === 'place')
    return refused('bad-scan', `scan: ${scanned.location} is a place: scan what is to be sorted.`);
  if (scanned.kind === 'tag') return sortTag(outbound, pick, scanned.epc, command.order);
  const { sku, lot } = scanned;
  if (sku !== undefined && (request.book.serialised.get(sku) ?? 0) > 0)
    return refused('item-needed', `scan: ${sku} has tags: scan the one that is sorted.`);
  const quantity = command.quantity ?? scanned.quantity;
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  const waiting = toSort(outbound, pick).filter(
    ({ line }) => line.sku === sku && (lot === undefined || line.lot === lot),
  );
  if (waiting.length === 0)
    return refused('not-picked', `scan: nothing of ${sku ?? 'that'} is left to be sorted of ${pick.id}: put it aside.`);
  const one = waiting.find(({ order }) => command.order === undefined || order.id === command.order);
  if (one === undefined) return wrongOrder(command.order!, waiting[0]!.order);
  if (quantity > one.left)
    return refused(
      'too-many',
      `quantity: ${one.order.id} gets ${one.left} of ${sku}; put the rest to others, one after the other.`,
    );
  return sorted(outbound, pick, one, quantity);
}

function sortTag(outbound: Outbound, pick: Pick, epc: string, wanted: string | undefined): WorkAnswer {
  const taken = takenOf(outbound, epc);
  const line = taken?.taken.pick === pick.id ? pick.lines.find((one) => one.line === taken.taken.pickLine) : undefined;
  if (taken === undefined || line === undefined)
    return refused(
      'not-picked',
      `scan: ${epc} was picked for ${taken === undefined ? 'nobody' : `${taken.order.id} on ${taken.taken.pick}`}: put it aside.`,
    );
  const { order } = taken;
  if (wanted !== undefined && wanted !== order.id) return wrongOrder(wanted, order);
  const isSorted = pick.sortedTags!.has(epc);
  pick.sortedTags!.add(epc);
  return sorted(outbound, pick, { line, order }, isSorted ? 0 : 1);
}

const wrongOrder = (said: string, { id }: Order): Refusal =>
  refused('wrong-order', `order: it is not for ${said}; put it to ${id}.`);

function sorted(outbound: Outbound, pick: Pick, { line, order }: Omit<ToSort, 'left'>, quantity: number): WorkAnswer {
  line.sorted = inBooks((line.sorted ?? 0) + quantity);
  touchPick(outbound, pick, [line.line]);
  touchOrder(outbound, order);
  const left = toSort(outbound, pick);
  const sum = (of: readonly ToSort[]): number => inBooks(of.reduce((total, one) => total + one.left, 0));
  return {
    status: 'done',
    detail: {
      pick: pick.id,
      line: line.line,
      order: order.id,
      sorted: quantity,
      left: sum(left.filter((one) => one.order === order)),
      toSort: sum(left),
    },
  };
}
