// Orders are entered, amended and cancelled. What they are promised is settled at once.
import type { EffectsDraft } from '../../infer/effects.ts';
import { inBooks } from '../../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { PRIORITY_DEFAULT, type OrderDocument, type OutboundCommand } from '../../wire/outbound.ts';
import { settle } from '../noted.ts';
import { refused, timeOf } from '../requests.ts';
import { allocate, dropPlanned, giveBack } from './allocate.ts';
import { isShipped, keysOf, orderLineOf, stockKey, waitingOf, type Order, type OrderLine } from './order.ts';
import { indexOrder, touchOrder, unindexOrder, type Around, type Outbound } from './outbound.ts';
import { openOf } from './pick.ts';
import { promisable } from './quoting.ts';
import { plannedOf } from './supply.ts';

/** Orders that something may still go out of; one more is refused. */
export const ORDERS_MAX = 20_000;

type Of<K extends OutboundCommand['kind']> = Extract<OutboundCommand, { kind: K }>;

export const unknownOrder = ({ ended }: Outbound, order: string, { plan }: WorkRequest): ReturnType<typeof refused> =>
  ended.order.has(order)
    ? refused('order-ended', `${order} was shipped or cancelled long ago: enter what is new under another number.`)
    : refused('unknown-order', `There is no order ${order} at ${plan.site}.`);

/** Why an order cannot be entered; undefined when it can. */
export function faultOfOrder(
  { orders, ended }: Outbound,
  document: OrderDocument,
): ReturnType<typeof refused> | undefined {
  const { order: id } = document;
  if (orders.has(id) || ended.order.has(id))
    return refused('order-exists', `${id} was entered before: amend it, or take another number.`);
  if (orders.size >= ORDERS_MAX)
    return refused('too-many-orders', `${ORDERS_MAX} orders are open: cancel those that nobody waits for.`);
  return faultOf(document);
}

export function enter(outbound: Outbound, command: Of<'order'>, request: WorkRequest, draft: EffectsDraft): WorkAnswer {
  const { orders } = outbound;
  const { order: id, owner = '', sourcing } = command;
  const fault = faultOfOrder(outbound, command);
  if (fault !== undefined) return fault;
  const short =
    command.onlyPromised === true
      ? promisable(outbound, request, command).find((one) => one.promisable < one.asked)
      : undefined;
  if (short !== undefined)
    return refused(
      'not-promisable',
      `lines: only ${short.promisable} of ${short.sku} are free at ${request.plan.site}, and line ${short.line} asks for ${short.asked}.`,
    );
  const { at } = request;
  const order: Order = {
    id,
    revision: 1,
    ...headOf(command),
    owner,
    enteredAt: at,
    changedAt: at,
    isCancelled: false,
    endedAt: undefined,
    lines: command.lines.map((line, ordinal) => newLine(line, ordinal)),
    load: undefined,
    breaks: 0,
    taken: new Map(),
    shipments: new Map(),
    ...(sourcing === undefined ? {} : { sourcing }),
  };
  orders.set(id, order);
  return takeEffect(outbound, order, keysOf(order), request, draft);
}

const headOf = ({ customer, shipTo, priority = PRIORITY_DEFAULT, shipBy, partial = false }: OrderDocument) => ({
  customer,
  shipTo,
  priority,
  shipBy: timeOf(shipBy),
  isPartial: partial,
});

const newLine = ({ line, sku, quantity, lot = '' }: OrderDocument['lines'][number], ordinal: number): OrderLine => ({
  line,
  ordinal,
  sku,
  lot,
  quantity,
  reserved: 0,
  planned: 0,
  picked: 0,
  shipped: 0,
  broken: undefined,
});

function faultOf({ shipBy, lines }: OrderDocument): ReturnType<typeof refused> | undefined {
  if (Number.isNaN(timeOf(shipBy))) return refused('bad-time', `shipBy: ${shipBy} is no RFC 3339 time with a zone.`);
  const seen = new Set<string>();
  for (const { line, quantity } of lines) {
    if (seen.has(line)) return refused('bad-lines', `lines: ${line} is there twice.`);
    seen.add(line);
    if (inBooks(quantity) !== quantity)
      return refused(
        'bad-quantity',
        `lines: the quantity of ${line} is finer than 0.0001, which the books do not tell apart.`,
      );
  }
  return undefined;
}

/** From now on it competes for stock; what it is promised is the answer. */
function takeEffect(
  outbound: Outbound,
  order: Order,
  keys: Iterable<string>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  indexOrder(outbound, order);
  touchOrder(
    outbound,
    order,
    order.lines.map(({ line }) => line),
  );
  allocate(outbound, request, keys, draft);
  return { status: 'done', detail: promisedTo(order, request) };
}

const promisedTo = (order: Order, { plan }: WorkRequest) => ({
  order: order.id,
  revision: order.revision,
  site: plan.site,
  lines: order.lines.map((line) => ({
    line: line.line,
    reserved: inBooks(line.reserved + line.planned),
    backordered: waitingOf(line),
  })),
});

export function amend(
  outbound: Outbound,
  order: Order,
  command: Of<'amend-order'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { id, owner } = order;
  if (order.isCancelled || isShipped(order))
    return refused('order-ended', `${id} is over: enter what is new as another.`);
  if (command.revision !== undefined && command.revision !== order.revision)
    return refused('changed-meanwhile', `${id} has revision ${order.revision} by now: look at it again.`);
  if ((command.owner ?? '') !== owner)
    return refused(
      'bad-lines',
      `owner: ${id} is of stock of ${owner === '' ? 'the house' : owner}; that cannot change.`,
    );
  const fault = faultOf(command);
  if (fault !== undefined) return fault;
  for (const before of order.lines) {
    const inWork = inBooks(before.planned + before.picked + before.shipped);
    const now = command.lines.find(({ line }) => line === before.line);
    if (inWork === 0 || (now?.sku === before.sku && (now.lot ?? '') === before.lot && now.quantity >= inWork)) continue;
    return refused(
      'line-in-work',
      `lines: ${inWork} of ${before.line} are on a pick list, picked or out: its SKU and lot must stay, and at least as much.`,
    );
  }
  const keys = new Set([...keysOf(order), ...command.lines.map(({ sku }) => stockKey(sku, owner))]);
  const gone = order.lines.map(({ line }) => line);
  unindexOrder(outbound, order);
  const lines = command.lines.map((said, ordinal) => {
    const before = orderLineOf(order, said.line);
    const line = newLine(said, ordinal);
    if (before === undefined || before.sku !== line.sku || before.lot !== line.lot) return line;
    const { planned, picked, shipped, broken } = before;
    const kept = { ...line, planned, picked, shipped, broken };
    return { ...kept, reserved: Math.min(before.reserved, waitingOf(kept)) };
  });
  for (const { broken } of order.lines) {
    if (broken !== undefined && !lines.some((line) => line.broken === broken))
      settle(draft, broken.discrepancy, request.at, 'the order was amended');
  }
  Object.assign(order, headOf(command), { lines, revision: order.revision + 1, changedAt: request.at });
  touchOrder(outbound, order, gone);
  if (!order.isPartial && order.lines.some((line) => waitingOf(line) > 0)) giveBack(outbound, order);
  return takeEffect(outbound, order, keys, request, draft);
}

export function cancel(outbound: Outbound, order: Order, request: WorkRequest, draft: EffectsDraft): WorkAnswer {
  if (order.isCancelled || isShipped(order)) return refused('order-ended', `${order.id} is over already.`);
  const picked = order.lines
    .filter((line) => line.picked > 0)
    .map(({ line, picked: quantity }) => ({ line, quantity }));
  order.isCancelled = true;
  order.lackedStock = order.lines.some((line) => waitingOf(line) > 0);
  endIfOver(outbound, order, request, draft);
  allocateDue(outbound, request, draft);
  return { status: 'done', detail: { order: order.id, toPutBack: picked } };
}

/** What is free again is given to others. */
export function allocateDue(outbound: Outbound, around: Around, draft: EffectsDraft): void {
  const due = [...outbound.due];
  outbound.due.clear();
  if (due.length > 0) allocate(outbound, around, due, draft);
}

/** Nobody waits for what is cancelled, or all out: what it was promised is free. What is taken back is waited for again. */
export function endIfOver(outbound: Outbound, order: Order, around: Around, draft: EffectsDraft): void {
  const { at } = around;
  order.changedAt = Math.max(order.changedAt, at);
  touchOrder(outbound, order);
  if (!order.isCancelled && !isShipped(order)) {
    if (order.endedAt !== undefined) {
      order.endedAt = undefined;
      indexOrder(outbound, order);
    }
    return;
  }
  if (order.endedAt !== undefined) return;
  order.endedAt = at;
  const keys = keysOf(order);
  for (const key of keys) {
    for (const planned of plannedOf(outbound, key).filter(({ line }) => line.order === order.id))
      dropPlanned(outbound, around, planned, openOf(planned.line));
  }
  giveBack(outbound, order);
  for (const line of order.lines) {
    if (line.broken !== undefined)
      settle(draft, line.broken.discrepancy, at, order.isCancelled ? 'it was cancelled' : 'it is out');
    line.broken = undefined;
  }
  unindexOrder(outbound, order);
  indexOrder(outbound, order);
  for (const key of keys) outbound.due.add(key);
}
