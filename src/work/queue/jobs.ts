// What each kind of work is as a job: where one goes for it, what is to be done, and how urgent it is. What is for an order is as urgent as
// that; everything else waits behind it, and gains with time.
import type { SitePlan } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import { PRIORITY_DEFAULT } from '../../wire/outbound.ts';
import { isOpen as isOpenBin, type Count, type Task as CountTask } from '../counting/count.ts';
import { cartonsOfOrder, isOpenCarton, packedOf } from '../outbound/carton.ts';
import { compareRank, stockKey, waitingOf, type Order } from '../outbound/order.ts';
import { benchOf, waitingFor } from '../outbound/waiting.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { isDone, openOf as openOfLine, type Pick as PickList } from '../outbound/pick.ts';
import { isUnsorted, toSort } from '../outbound/sorting.ts';
import { plannedOf } from '../outbound/supply.ts';
import { openOf, type Task } from '../tasks/task.ts';
import type { Job } from './queue.ts';

/** Without an order: what stands in the way or will be missing, before what is only to be known. */
const PRIORITY = {
  putaway: PRIORITY_DEFAULT - 1,
  replenish: PRIORITY_DEFAULT - 1,
  relocate: PRIORITY_DEFAULT - 2,
  count: PRIORITY_DEFAULT - 2,
} as const;

type Urgency = Pick<Job, 'priority' | 'dueAt' | 'order'>;
/** What is said of it beside who has it and since when it is there. */
export type Described = Omit<Job, 'claim' | 'createdAt' | 'changedAt'>;

/** As urgent as the first of these orders, and out as early as any of them; without one, as said. */
export function urgencyOf(orders: readonly Order[], priority: number): Urgency {
  const [first] = [...orders].sort(compareRank);
  if (first === undefined) return { priority, dueAt: undefined, order: undefined };
  const dueAt = Math.min(...orders.map(({ shipBy }) => shipBy ?? Infinity));
  return { priority: first.priority, dueAt: dueAt === Infinity ? undefined : dueAt, order: first.id };
}

/** A task with a bin: as urgent as the orders that wait for its goods, or whose lists find too little in its bin. */
export function jobOfTask(outbound: Outbound, task: Task): Described | undefined {
  const { id, kind, of, to } = task;
  const left = openOf(task);
  if (left === 0 || to === undefined) return undefined;
  const own = task.wants === undefined ? undefined : outbound.orders.get(task.wants.order);
  const orders = own !== undefined ? [own] : ordersOf(outbound, task, to);
  return {
    kind,
    id,
    part: 0,
    from: of.account.location,
    to,
    what: `${left} of ${of.sku}${of.lot === '' ? '' : ` lot ${of.lot}`}${own === undefined ? '' : ` for ${own.id}`}`,
    notFor: [],
    ...urgencyOf(orders, PRIORITY[kind]),
  };
}

function ordersOf(outbound: Outbound, { kind, of }: Task, to: string): Order[] {
  if (kind === 'relocate') return []; // what is on a pick list is left where it lies
  return kind === 'putaway' ? waitingFor(outbound, of) : pickedAt(outbound, of, to);
}

const pickedAt = (
  outbound: Outbound,
  { sku, owner }: { readonly sku: string; readonly owner: string },
  bin: string,
): Order[] =>
  plannedOf(outbound, stockKey(sku, owner))
    .filter(({ line }) => line.location === bin)
    .flatMap(({ line }) => outbound.orders.get(line.order) ?? []);

/** A pick list, walked by one person. It begins at its first bin. */
export function jobOfPick({ orders }: Outbound, pick: PickList): Described | undefined {
  const open = pick.lines.filter((line) => openOfLine(line) > 0).sort((a, b) => a.stop - b.stop || a.line - b.line);
  if (open.length === 0) return undefined;
  const ids = [...new Set(open.map(({ order }) => order))];
  return {
    kind: 'pick',
    id: pick.id,
    part: 0,
    from: open[0]!.location,
    to: pick.to,
    what: `${open.length === 1 ? '1 line' : `${open.length} lines`} for ${ids.length === 1 ? ids[0] : `${ids.length} orders`}`,
    notFor: [],
    ...urgencyOf(
      ids.flatMap((id) => orders.get(id) ?? []),
      PRIORITY_DEFAULT,
    ),
  };
}

/** A batch of which everything is picked, and not everything lies with its order. */
export function jobOfSort(outbound: Outbound, pick: PickList): Described | undefined {
  if (!isDone(pick)) return undefined;
  const left = toSort(outbound, pick);
  if (left.length === 0) return undefined;
  const orders = [...new Set(left.map(({ order }) => order))];
  const quantity = inBooks(left.reduce((sum, one) => sum + one.left, 0));
  return {
    kind: 'sort',
    id: pick.id,
    part: 0,
    from: pick.to,
    to: undefined,
    what: `${quantity} of ${pick.id} to ${orders.length === 1 ? orders[0]!.id : `${orders.length} orders`}`,
    notFor: [],
    ...urgencyOf(orders, PRIORITY_DEFAULT),
  };
}

/** A bin to be counted; once more by somebody else when it was counted already. */
export function jobOfBin(count: Count, bin: CountTask): Described | undefined {
  if (!isOpenBin(bin) || bin.state === 'approval') return undefined;
  const isAgain = bin.state === 'recount';
  return {
    kind: 'count',
    id: count.id,
    part: bin.task,
    from: bin.location,
    to: undefined,
    what: `bin ${bin.location}${isAgain ? ', once more' : ''}`,
    notFor: isAgain ? [...new Set(bin.attempts.map(({ by }) => by))] : [],
    ...urgencyOf([], PRIORITY.count),
  };
}

/** An order of which everything that is to be picked is picked, and not all is in closed cartons; at a site that packs. */
export function jobOfOrder(outbound: Outbound, plan: SitePlan, order: Order): Described | undefined {
  if (plan.source.file.packing === undefined || order.isCancelled || order.endedAt !== undefined) return undefined;
  if (order.transferTo !== undefined) return undefined;
  const { lines } = order;
  const isPicked = lines.every(
    (line) => line.planned === 0 && (order.isPartial || (line.reserved === 0 && waitingOf(line) === 0)),
  );
  if (!isPicked || isUnsorted(outbound, order)) return undefined;
  const left = inBooks(
    lines.reduce((sum, line) => sum + Math.max(0, line.picked - packedOf(outbound, order, line.line)), 0),
  );
  const isBegun = cartonsOfOrder(outbound, order.id).some((one) => isOpenCarton(one) && one.contents.size > 0);
  if (left === 0 && !isBegun) return undefined;
  return {
    kind: 'pack',
    id: order.id,
    part: 0,
    from: benchOf(plan),
    to: undefined,
    what: left > 0 ? `${left} of order ${order.id}` : `close the carton of ${order.id}`,
    notFor: [],
    ...urgencyOf([order], order.priority),
  };
}
