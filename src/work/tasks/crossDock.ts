// Cross-docking: what has come in and an order waits for is not stored first, but brought to where orders are packed, and counts as picked
// for that order there. Nothing is promised by that: while it stands at the dock, stock from elsewhere may still be given to the order, and
// then it goes to a bin after all.
import { inBooks, type Stock } from '../../infer/balances.ts';
import type { Posting, Transaction } from '../../infer/effects.ts';
import type { Lying } from '../../infer/planner.ts';
import { orderLineOf, waitingOf, type Order } from '../outbound/order.ts';
import { touchOrder } from '../outbound/outbound.ts';
import { expiryOf, isExpired } from '../outbound/supply.ts';
import { benchOf, waitingFor } from '../outbound/waiting.ts';
import type { Choice } from './choose.ts';
import type { Floor } from './room.ts';
import { openOf, standingKey, type Standing, type Task } from './task.ts';
import { bring, inOrder, tasksFrom, type Tasks } from './tasks.ts';

type Wanted = Choice & Required<Pick<Task, 'wants'>>;

/**
 * How much of what stands there goes to which orders that wait, by their rank. One that goes whole takes what completes it, and
 * nothing less; a transfer to another site is picked from storage.
 */
export function crossDocks(floor: Floor, of: Standing, quantity: number): Wanted[] {
  const { plan, outbound, tasks } = floor;
  const to = benchOf(plan);
  if (!plan.rules.crossDock || to === undefined || quantity <= 0) return [];
  if (isExpired(expiryOf(outbound, of.sku, of.lot), tasks.clock.at)) return [];
  const wanted: Wanted[] = [];
  let rest = quantity;
  for (const order of waitingFor(outbound, of)) {
    if (order.transferTo !== undefined) continue;
    for (const line of order.lines) {
      if (line.sku !== of.sku || (line.lot !== '' && line.lot !== of.lot)) continue;
      const wants = { order: order.id, line: line.line };
      const missing = inBooks(waitingOf(line) - comingTo(tasks, of, wants));
      const taken = Math.min(rest, missing);
      if (taken <= 0 || (!order.isPartial && (taken < missing || !isAllElse(order, line.line)))) continue;
      rest = inBooks(rest - taken);
      const reason = `Order ${order.id} waits for ${taken} of it: bring it to ${to} at once.`;
      wanted.push({ to, rule: 'cross-dock', reason, quantity: taken, wants });
    }
  }
  return wanted;
}

/** Does nothing else of the order wait? */
const isAllElse = ({ lines }: Order, line: string): boolean =>
  lines.every((other) => other.line === line || waitingOf(other) === 0);

/** What other tasks bring to a line of an order. */
const comingTo = (tasks: Tasks, { sku }: Stock, { order, line }: NonNullable<Task['wants']>): number =>
  inBooks(
    inOrder(tasks, tasks.index.bySku.get(sku))
      .filter(({ wants }) => wants?.order === order && wants.line === line)
      .reduce((sum, task) => sum + openOf(task), 0),
  );

/** Of a task, how much still has a reason: all of one that goes to a bin; of one for an order what that waits for. */
export function stillWanted({ outbound, tasks, plan }: Floor, task: Task): number {
  const open = openOf(task);
  if (task.wants === undefined || open === 0) return open;
  const order = outbound.orders.get(task.wants.order);
  const line = order === undefined || order.isCancelled ? undefined : orderLineOf(order, task.wants.line);
  if (line === undefined || !plan.rules.crossDock) return 0;
  const others = inBooks(comingTo(tasks, task.of, task.wants) - open);
  return Math.max(0, Math.min(open, inBooks(waitingOf(line) - others)));
}

/** Is it at the dock to be brought to an order? */
export const isToCrossDock = (tasks: Tasks, { sku, lot, owner, location }: Lying): boolean =>
  sku !== undefined &&
  inOrder(tasks, tasks.index.bySku.get(sku)).some(
    ({ wants, of }) => wants !== undefined && of.account.location === location && of.lot === lot && of.owner === owner,
  );

/** It came to where orders are packed: a movement is counted for one order, that of the command or the one that was directed first. */
export function countForOrder(floor: Floor, transaction: Transaction, posting: Posting): void {
  const { tasks } = floor;
  const said = tasks.wanted.get(transaction.id) ?? tasks.wanted.get(transaction.epc ?? '');
  const open = tasksFrom(tasks, standingKey({ ...posting, account: posting.from })).filter(
    ({ wants, to }) => wants !== undefined && to === posting.to.location,
  );
  const task = open.find(({ id }) => id === said) ?? open[0];
  if (task === undefined) return;
  const brought = Math.min(posting.quantity, openOf(task));
  bring(tasks, task, transaction.id, brought);
  pickFor(floor, task.wants!, transaction, brought);
}

/** So much counts as picked for a line of an order, on no list. */
function pickFor(
  { outbound }: Floor,
  wants: NonNullable<Task['wants']>,
  transaction: Transaction,
  brought: number,
): void {
  const { id, epc, sku = '', lot, happenedAt } = transaction;
  const order = outbound.orders.get(wants.order);
  const line = order === undefined || order.isCancelled ? undefined : orderLineOf(order, wants.line);
  const quantity = line === undefined ? 0 : Math.min(brought, waitingOf(line));
  if (order === undefined || line === undefined || quantity <= 0) return;
  line.picked = inBooks(line.picked + quantity);
  order.taken.set(id, { line: line.line, pick: '', pickLine: 0, epc, sku, lot, quantity, shipped: 0 });
  outbound.index.byTransaction.set(id, order.id);
  if (epc !== undefined) outbound.index.byTag.set(epc, order.id);
  order.changedAt = Math.max(order.changedAt, happenedAt);
  touchOrder(outbound, order, [line.line]);
}
