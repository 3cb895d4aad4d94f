// Pick lists are made of what orders are promised, and mended when something is not there. What is taken is confirmed in confirming.ts.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { OutboundCommand } from '../../wire/outbound.ts';
import { refused } from '../requests.ts';
import { allocate, dropPlanned } from './allocate.ts';
import { stockKey, waitingOf, type Order } from './order.ts';
import { unknownOrder } from './orders.ts';
import { endIfDone, touchOrder, touchPick, type Outbound } from './outbound.ts';
import { openOf, type Pick, type PickLine, type Planned } from './pick.ts';
import { planLines, route, type ToPlan } from './planning.ts';
import { noteShort } from './shortages.ts';
import { wantedBy } from './supply.ts';

type Of<K extends OutboundCommand['kind']> = Extract<OutboundCommand, { kind: K }>;
type Refusal = ReturnType<typeof refused>;

/** Lines of one list; what is more is for another one. */
const LINES_MAX = 2000;

/** Where picked goods may be brought, the first kind first. */
const TO_KINDS = ['pack', 'staging-out', 'dock'] as const;

export function release(outbound: Outbound, command: Of<'release'>, request: WorkRequest): WorkAnswer {
  const { plan, row, at } = request;
  const to = command.to ?? TO_KINDS.map((kind) => firstOfKind(request, kind)).find((id) => id !== undefined);
  if (to === undefined || !TO_KINDS.some((kind) => kind === plan.kindOf(to)))
    return refused(
      'unknown-location',
      `to: ${to ?? 'left out, and'} ${to === undefined ? `${plan.site} has no` : 'is no'} pack bench, staging-out or dock of ${plan.site}.`,
    );
  const orders: Order[] = [];
  for (const id of new Set(command.orders)) {
    const order = outbound.orders.get(id);
    if (order === undefined) return unknownOrder(outbound, id, request);
    const fault = faultOf(order);
    if (fault !== undefined) return fault;
    orders.push(order);
  }
  const id = command.pick ?? nextNumber(outbound);
  if (outbound.picks.has(id) || outbound.ended.pick.has(id))
    return refused('pick-exists', `pick: ${id} is the number of another list; take another one.`);
  if (orders.reduce((sum, { lines }) => sum + lines.length, 0) > LINES_MAX)
    return refused(
      'bad-lines',
      `orders: they have more than ${LINES_MAX} lines together; release them on several lists.`,
    );
  const pick: Pick = {
    id,
    to,
    orders: orders.map((order) => order.id),
    by: row.actor,
    createdAt: at,
    changedAt: at,
    distanceM: 0,
    endedAt: undefined,
    lines: [],
  };
  outbound.picks.set(id, pick);
  for (const [key, all] of toPlanByStock(orders, pick)) planLines(outbound, request, key, all);
  route(outbound, plan, pick);
  endIfDone(pick, at);
  for (const order of orders) order.changedAt = Math.max(order.changedAt, at);
  return {
    status: 'done',
    detail: { pick: id, to, lines: pick.lines.length, distanceM: pick.distanceM, orders: pick.orders },
  };
}

const firstOfKind = ({ plan }: WorkRequest, kind: string): string | undefined =>
  [...plan.locations.values()].find((location) => location.kind === kind)?.id;

function faultOf(order: Order): Refusal | undefined {
  const { id, lines, isPartial } = order;
  if (order.endedAt !== undefined) return refused('order-ended', `${id} is over: nothing of it is to be picked.`);
  if (lines.every(({ reserved }) => reserved === 0))
    return refused('nothing-reserved', `${id} is promised nothing that is on no pick list yet: it waits for stock.`);
  const missing = inBooks(lines.reduce((sum, line) => sum + waitingOf(line), 0));
  if (isPartial || missing === 0) return undefined;
  return refused('not-whole', `${id} must go whole, and ${missing} of it still wait for stock.`);
}

function nextNumber({ picks, ended, numbers }: Outbound): string {
  let id: string;
  do id = `PICK-${++numbers.picks}`;
  while (picks.has(id) || ended.pick.has(id));
  return id;
}

function toPlanByStock(orders: readonly Order[], pick: Pick): Map<string, ToPlan[]> {
  const byStock = new Map<string, ToPlan[]>();
  for (const order of orders) {
    for (const line of order.lines) {
      if (line.reserved === 0) continue;
      const key = stockKey(line.sku, order.owner);
      byStock.set(key, [...(byStock.get(key) ?? []), { order, line, pick, quantity: line.reserved }]);
    }
  }
  return byStock;
}

/** The line that a command names; it must have something left to be taken. */
export function openLine(
  { picks, ended }: Outbound,
  { pick: id, line: number }: { readonly pick: string; readonly line: number },
): Planned | Refusal {
  const pick = picks.get(id);
  if (pick === undefined)
    return ended.pick.has(id)
      ? refused('pick-done', `${id} was done long ago.`)
      : refused('unknown-pick', `There is no pick list ${id}.`);
  const line = pick.lines.find((one) => one.line === number);
  if (line === undefined) return refused('unknown-pick', `${id} has no line ${number}; it has ${pick.lines.length}.`);
  return { pick, line };
}

export const done = ({ pick, line }: Planned): Refusal =>
  refused('pick-done', `Nothing is left to be taken of line ${line.line} of ${pick.id}.`);

/** It is not there: taken from another bin where one has it, else the promise is broken. */
export function short(
  outbound: Outbound,
  command: Of<'short-pick'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const planned = openLine(outbound, command);
  if ('status' in planned) return planned;
  const { pick, line } = planned;
  const left = openOf(line);
  if (left === 0) return done(planned);
  const { quantity = left } = command;
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  if (quantity > left)
    return refused('too-many', `Only ${left} of line ${line.line} of ${pick.id} is left to be taken, not ${quantity}.`);
  noteShort(outbound, request, line, quantity, request.row.key, draft);
  dropPlanned(outbound, request, planned, quantity);
  const before = pick.lines.length;
  const wanted = wantedBy(outbound, line)!;
  wanted.line.reserved = inBooks(wanted.line.reserved + quantity);
  touchOrder(outbound, wanted.order, [wanted.line.line]);
  allocate(outbound, request, [stockKey(line.sku, line.owner)], draft, [{ ...wanted, pick, quantity }]);
  touchPick(outbound, pick, [line.line]);
  const instead = pick.lines.slice(before).filter(isInsteadOf(line));
  const replanned = inBooks(instead.reduce((sum, one) => sum + one.quantity, 0));
  return {
    status: 'done',
    detail: { pick: pick.id, line: line.line, short: quantity, replanned, lines: instead.map((one) => one.line) },
  };
}

const isInsteadOf =
  (line: PickLine) =>
  (other: PickLine): boolean =>
    other.order === line.order && other.orderLine === line.orderLine;
