// Loads are opened for orders, amended while they are open, and closed when the truck is to leave: what did not go with it is told.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { Claim } from '../../infer/item.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { CUSTOMER, outboundOf } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import type { OutboundCommand } from '../../wire/outbound.ts';
import { isKnownDoor, refused } from '../requests.ts';
import { departureOf } from './aboard.ts';
import type { Load } from './load.ts';
import { unknownOrder } from './orders.ts';
import type { Order } from './order.ts';
import { touchLoad, touchOrder, type Outbound } from './outbound.ts';

type Of<K extends OutboundCommand['kind']> = Extract<OutboundCommand, { kind: K }>;

/** Loads that stand at doors or are on their way there; one more is refused. */
const OPEN_MAX = 2000;

export function openLoad(outbound: Outbound, command: Of<'open-load'>, request: WorkRequest): WorkAnswer {
  const { loads, ended } = outbound;
  const { load: id, door, carrier, seals = [] } = command;
  const { at } = request;
  if (loads.has(id) || ended.load.has(id)) return refused('load-exists', `${id} is the number of another load.`);
  if (loads.size >= OPEN_MAX)
    return refused('too-many-loads', `${OPEN_MAX} loads are open: close those that have left.`);
  const orders = ordersFor(outbound, command, request);
  if ('status' in orders) return orders;
  const load: Load = {
    id,
    door,
    carrier,
    seals,
    openedAt: at,
    closedAt: undefined,
    changedAt: at,
    orders: new Map(orders.map((order) => [order.id, 0])),
    aboard: new Map(),
  };
  loads.set(id, load);
  touchLoad(outbound, load);
  for (const order of orders) putOn(outbound, order, id, at);
  return { status: 'done', detail: { load: id, orders: orders.length } };
}

/** The orders that a load is to have beside those that it has, or what is wrong with them or with the door. */
function ordersFor(
  outbound: Outbound,
  { door, orders: wanted }: Of<'open-load'> | Of<'amend-load'>,
  request: WorkRequest,
  already: ReadonlyMap<string, number> = new Map(),
): readonly Order[] | Extract<WorkAnswer, { status: 'refused' }> {
  const { plan } = request;
  if (!isKnownDoor(plan, door)) return refused('unknown-door', `door: ${door} is no portal of ${plan.site}.`);
  const orders: Order[] = [];
  for (const one of new Set(wanted)) {
    if (already.has(one)) continue;
    const order = outbound.orders.get(one);
    if (order === undefined) return unknownOrder(outbound, one, request);
    if (order.endedAt !== undefined) return refused('order-ended', `${one} is over: nothing of it is to leave.`);
    const other = outbound.loads.get(order.load ?? '');
    if (other !== undefined && other.closedAt === undefined)
      return refused('on-another-load', `${one} is on load ${other.id}, which is open: take it off that first.`);
    orders.push(order);
  }
  return orders;
}

function putOn(outbound: Outbound, order: Order, load: string | undefined, at: number): void {
  order.load = load;
  order.changedAt = Math.max(order.changedAt, at);
  touchOrder(outbound, order);
}

/** Everything that it says from now on. An order of which something is on the truck stays until that is taken off again. */
export function amendLoad(outbound: Outbound, command: Of<'amend-load'>, request: WorkRequest): WorkAnswer {
  const load = openOne(outbound, command, request);
  if ('status' in load) return load;
  const orders = ordersFor(outbound, command, request, load.orders);
  if ('status' in orders) return orders;
  const gone = [...load.orders].filter(([id]) => !command.orders.includes(id));
  for (const [id, loaded] of gone)
    if (loaded > 0)
      return refused(
        'order-loaded',
        `orders: ${loaded} of ${id} is on ${load.id} already: take it off the truck first.`,
      );
  const { at } = request;
  for (const [id] of gone) {
    load.orders.delete(id);
    const order = outbound.orders.get(id);
    if (order?.load === load.id) putOn(outbound, order, undefined, at);
  }
  for (const order of orders) {
    load.orders.set(order.id, 0);
    putOn(outbound, order, load.id, at);
  }
  const { door, carrier, seals = [] } = command;
  Object.assign(load, { door, carrier, seals, changedAt: Math.max(load.changedAt, at) });
  touchLoad(outbound, load);
  return { status: 'done', detail: { load: load.id, orders: load.orders.size } };
}

function openOne(
  { loads, ended }: Outbound,
  { load: id }: { readonly load: string },
  { plan }: WorkRequest,
): Load | Extract<WorkAnswer, { status: 'refused' }> {
  const load = loads.get(id);
  if (load === undefined)
    return ended.load.has(id)
      ? refused('load-closed', `${id} was closed long ago.`)
      : refused('unknown-load', `There is no load ${id} at ${plan.site}.`);
  return load.closedAt === undefined ? load : refused('load-closed', `${id} is closed already.`);
}

/** The truck leaves: what is on it is with the customers. An order with a rest can go on another load with it. */
export function closeLoad(
  outbound: Outbound,
  command: Of<'close-load'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const load = openOne(outbound, command, request);
  if ('status' in load) return load;
  const { at, row } = request;
  const { id } = load;
  load.seals = command.seals ?? load.seals;
  const departure = departureOf(load, {
    id: contentId('command', row.site, row.key, 'departure'),
    at,
    actor: row.actor,
    reason: command.reason ?? `${id} left`,
  });
  if (departure !== undefined) draft.transactions.push(departure);
  for (const carton of outbound.cartons.values()) if (carton.location === outboundOf(id)) carton.location = CUSTOMER;
  load.aboard.clear();
  load.closedAt = at;
  load.changedAt = Math.max(load.changedAt, at);
  touchLoad(outbound, load);
  const orders = [...load.orders].map(([order, shipped]) => {
    const missing = missingOf(outbound.orders.get(order));
    return { order, shipped, short: inBooks(missing.reduce((sum, { quantity }) => sum + quantity, 0)), missing };
  });
  return {
    status: 'done',
    claims: departing(load, request),
    detail: {
      load: id,
      complete: orders.filter(({ short }) => short === 0).map(({ order }) => order),
      short: orders.filter(({ short }) => short > 0),
    },
  };
}

/** What of an order has not gone out, with this load or before, line by line; nobody waits for one that is cancelled. */
const missingOf = (order: Order | undefined) =>
  order === undefined || order.isCancelled
    ? []
    : order.lines
        .map(({ line, sku, quantity, shipped }) => ({ line, sku, quantity: inBooks(quantity - shipped) }))
        .filter(({ quantity }) => quantity > 0);

/** Everything with a tag that is on it, containers too. Not before the last thing that is known of it. */
function departing({ id: load }: Load, { book, row, at }: WorkRequest): Claim[] {
  const outbound = outboundOf(load);
  return [...book.items.values((location) => location === outbound)]
    .filter(({ state }) => state.location === outbound)
    .sort((a, b) => (a.epc < b.epc ? -1 : 1))
    .map(({ epc, claims }) => ({
      id: contentId('command', row.site, row.key, epc),
      epc,
      at: Math.max(at, claims.at(-1)?.at ?? at),
      what: { kind: 'depart', load },
      source: 'inferred',
      confidence: 1,
      readPoint: undefined,
      decision: undefined,
      actor: row.actor,
      reason: undefined,
    }));
}
