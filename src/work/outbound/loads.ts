// Loads are opened for orders, and closed when the truck is to leave: what did not go with it is told.
import { inBooks } from '../../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { OutboundCommand } from '../../wire/outbound.ts';
import { isKnownDoor, refused } from '../requests.ts';
import type { Load } from './load.ts';
import { unknownOrder } from './orders.ts';
import type { Order } from './order.ts';
import { touchLoad, touchOrder, type Outbound } from './outbound.ts';

type Of<K extends OutboundCommand['kind']> = Extract<OutboundCommand, { kind: K }>;

/** Loads that stand at doors or are on their way there; one more is refused. */
const OPEN_MAX = 2000;

export function openLoad(outbound: Outbound, command: Of<'open-load'>, request: WorkRequest): WorkAnswer {
  const { loads, ended } = outbound;
  const { load: id, door, carrier } = command;
  const { plan, at } = request;
  if (loads.has(id) || ended.load.has(id)) return refused('load-exists', `${id} is the number of another load.`);
  if (loads.size >= OPEN_MAX)
    return refused('too-many-loads', `${OPEN_MAX} loads are open: close those that have left.`);
  if (!isKnownDoor(plan, door)) return refused('unknown-door', `door: ${door} is no portal of ${plan.site}.`);
  const orders: Order[] = [];
  for (const one of new Set(command.orders)) {
    const order = outbound.orders.get(one);
    if (order === undefined) return unknownOrder(outbound, one, request);
    if (order.endedAt !== undefined) return refused('order-ended', `${one} is over: nothing of it is to leave.`);
    const other = loads.get(order.load ?? '');
    if (other !== undefined && other.closedAt === undefined)
      return refused('on-another-load', `${one} is on load ${other.id}, which is open: close that first.`);
    orders.push(order);
  }
  const load: Load = {
    id,
    door,
    carrier,
    openedAt: at,
    closedAt: undefined,
    changedAt: at,
    orders: new Map(orders.map((order) => [order.id, 0])),
  };
  loads.set(id, load);
  touchLoad(outbound, load);
  for (const order of orders) {
    order.load = id;
    order.changedAt = Math.max(order.changedAt, at);
    touchOrder(outbound, order);
  }
  return { status: 'done', detail: { load: id, orders: orders.length } };
}

/** The truck leaves. An order with a rest can go on another load with it. */
export function closeLoad(outbound: Outbound, command: Of<'close-load'>, request: WorkRequest): WorkAnswer {
  const { loads, ended } = outbound;
  const { load: id } = command;
  const load = loads.get(id);
  if (load === undefined)
    return ended.load.has(id)
      ? refused('load-closed', `${id} was closed long ago.`)
      : refused('unknown-load', `There is no load ${id} at ${request.plan.site}.`);
  if (load.closedAt !== undefined) return refused('load-closed', `${id} is closed already.`);
  load.closedAt = request.at;
  load.changedAt = Math.max(load.changedAt, request.at);
  touchLoad(outbound, load);
  const orders = [...load.orders].map(([order, shipped]) => {
    const short = shortOf(outbound.orders.get(order));
    return { order, shipped, short, isComplete: short === 0 };
  });
  return {
    status: 'done',
    detail: {
      load: id,
      complete: orders.filter(({ isComplete }) => isComplete).map(({ order }) => order),
      short: orders
        .filter(({ isComplete }) => !isComplete)
        .map(({ order, shipped, short }) => ({ order, shipped, short })),
    },
  };
}

/** What of an order has not gone out, with this load or before; nobody waits for one that is cancelled. */
const shortOf = (order: Order | undefined): number =>
  order?.isCancelled === true
    ? 0
    : inBooks((order?.lines ?? []).reduce((sum, { quantity, shipped }) => sum + Math.max(0, quantity - shipped), 0));
