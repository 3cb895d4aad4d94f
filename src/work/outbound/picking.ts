// What people do with pick lists: release orders to be picked, confirm each line by a scan, say what is not there. A wrong scan is
// refused with what is wrong, and posts nothing.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import { parseScan } from '../../wire/barcode/parseScan.ts';
import { identityOf } from '../../wire/epc/digitalLink.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import type { OutboundCommand } from '../../wire/outbound.ts';
import { refused } from '../requests.ts';
import { allocate, dropPlanned } from './allocate.ts';
import { stockKey, waitingOf, type Order } from './order.ts';
import { unknownOrder } from './orders.ts';
import { touchOrder, touchPick, type Outbound } from './outbound.ts';
import { endIfDone, openOf, type Pick, type PickLine } from './pick.ts';
import { takenOf } from './picked.ts';
import { planLines, route, type ToPlan } from './planning.ts';
import { noteShort } from './shortages.ts';
import { expiryOf, isExpired, wantedBy, type Planned } from './supply.ts';

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

const done = ({ pick, line }: Planned): Refusal =>
  refused('pick-done', `Nothing is left to be taken of line ${line.line} of ${pick.id}.`);

export function confirm(
  outbound: Outbound,
  command: Of<'confirm-pick'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const planned = openLine(outbound, command);
  if ('status' in planned) return planned;
  const { pick, line } = planned;
  const { plan, book } = request;
  const scan = command.scan.trim();
  const label = /^\][A-Za-z]\d/.test(scan) ? scan.slice(3) : scan;
  if (plan.locations.has(label)) {
    if (label !== line.location) return refused('wrong-bin', `${label} was scanned; take it from ${line.location}.`);
    return takePlain(planned, command.quantity ?? openOf(line), request, draft, outbound);
  }
  if (/^(?:[\dA-Fa-f]{2}){8,}$/.test(scan) && (scan.length >= 24 || book.items.has(identify(scan).epc)))
    return takeTag(outbound, planned, identify(scan).epc, request);
  const parsed = parseScan(scan, request.at);
  if (parsed.kind === 'text' || parsed.kind === 'bad')
    return refused(
      'bad-scan',
      `scan: ${JSON.stringify(scan.slice(0, 80))} is no tag, no GS1 barcode and no location of ${plan.site}.`,
    );
  if (parsed.kind === 'gs1') {
    const identity = identityOf(parsed);
    const epc = identity === undefined ? undefined : request.epcOf(identity);
    if (epc !== undefined) return takeTag(outbound, planned, epc, request);
    if (identity !== undefined)
      return refused('unknown-item', 'scan: that item was never read or received here: put it aside.');
  }
  const { gtin14 } = parsed;
  const { lot, expiry, quantity } =
    parsed.kind === 'gs1' ? parsed : { lot: undefined, expiry: undefined, quantity: undefined };
  const sku = gtin14 === undefined ? undefined : (plan.skuByRule(undefined, gtin14) ?? gtin14);
  if (sku !== line.sku)
    return refused('wrong-item', `scan: it is ${sku ?? 'of no SKU'}; line ${line.line} of ${pick.id} is ${line.sku}.`);
  if (lot !== undefined && lot !== line.lot)
    return refused('wrong-lot', `scan: it is of lot ${lot}; take lot ${line.lot || '(none)'} from ${line.location}.`);
  if (isExpired(expiry, request.at)) return refused('expired', `scan: it was good until ${expiry}: put it aside.`);
  return takePlain(planned, command.quantity ?? quantity ?? 1, request, draft, outbound);
}

/** An item with a tag of its own: it goes where the list is brought. */
function takeTag(outbound: Outbound, planned: Planned, epc: string, request: WorkRequest): WorkAnswer {
  const { pick, line } = planned;
  const { book, row, at } = request;
  const item = book.items.get(epc);
  if (item === undefined) return refused('unknown-item', `scan: ${epc} was never read or received here: put it aside.`);
  const { state, settledTo } = item;
  if (state.sku !== line.sku || state.owner !== line.owner)
    return refused(
      'wrong-item',
      `scan: ${epc} is ${state.sku ?? 'of no SKU'}; line ${line.line} of ${pick.id} is ${line.sku}.`,
    );
  const taken = takenOf(outbound, epc);
  // Its tag was read on the way before it was scanned: it counts already.
  if (taken !== undefined)
    return taken.taken.pick === pick.id
      ? { status: 'done', detail: { pick: pick.id, line: taken.taken.pickLine, picked: 0, left: openOf(line) } }
      : refused('already-picked', `scan: ${epc} was picked for order ${taken.order.id} already.`);
  if (openOf(line) === 0) return done(planned);
  if (openOf(line) < 1)
    return refused('too-many', `Only ${openOf(line)} of line ${line.line} of ${pick.id} is left to be taken.`);
  if (state.location !== line.location)
    return refused('wrong-bin', `scan: ${epc} is at ${state.location} for the books; take one from ${line.location}.`);
  if (state.lot !== line.lot)
    return refused(
      'wrong-lot',
      `scan: ${epc} is of lot ${state.lot || '(none)'}; take lot ${line.lot || '(none)'} from ${line.location}.`,
    );
  if (isExpired(expiryOf(outbound, line.sku, line.lot), at))
    return refused('expired', `scan: its lot is expired: put it aside.`);
  if (state.status !== 'available')
    return refused(
      'not-available',
      `scan: ${epc} is ${state.status || 'not in the books'}: leave it, and take another one.`,
    );
  if (at <= Math.max(settledTo, item.claims.at(-1)?.at ?? 0))
    return refused('overtaken', `${epc} has moved on since: say what is true now, without "at", or with a later one.`);
  outbound.wanted.set(epc, { pick: pick.id, line: line.line });
  const claim: Claim = {
    id: contentId('command', row.site, row.key, epc),
    epc,
    at,
    what: { kind: 'move', to: pick.to },
    source: 'scan',
    confidence: 1,
    readPoint: undefined,
    decision: undefined,
    actor: row.actor,
    reason: row.command.reason,
  };
  return { status: 'done', claims: [claim], detail: detailOf(planned, 1) };
}

/** So much of what has no tags. */
function takePlain(
  planned: Planned,
  quantity: number,
  { book, row, at }: WorkRequest,
  draft: EffectsDraft,
  outbound: Outbound,
): WorkAnswer {
  const { pick, line } = planned;
  const left = openOf(line);
  if (left === 0) return done(planned);
  if ((book.serialised.get(line.sku) ?? 0) > 0)
    return refused('item-needed', `scan: ${line.sku} has tags: scan the one that you take.`);
  if (inBooks(quantity) !== quantity || quantity <= 0)
    return refused('bad-quantity', `quantity: ${quantity} is nothing that the books could tell.`);
  if (quantity > left)
    return refused('too-many', `Only ${left} of line ${line.line} of ${pick.id} is left to be taken, not ${quantity}.`);
  if (isExpired(expiryOf(outbound, line.sku, line.lot), at))
    return refused('expired', 'scan: its lot is expired: put it aside.');
  const { sku, lot, owner, location, container } = line;
  const transaction = plainTransaction({
    id: contentId('command', row.site, row.key, 'posting'),
    type: 'pick',
    at,
    source: 'scan',
    sku,
    lot,
    owner,
    quantity,
    from: location,
    to: pick.to,
    accounts: {
      from: { location, container, status: 'available' },
      to: { location: pick.to, container: '', status: 'available' },
    },
    actor: row.actor,
    reason: row.command.reason,
  });
  outbound.wanted.set(transaction.id, { pick: pick.id, line: line.line });
  draft.transactions.push(transaction);
  return { status: 'done', detail: detailOf(planned, quantity) };
}

const detailOf = ({ pick, line }: Planned, picked: number) => ({
  pick: pick.id,
  line: line.line,
  picked,
  left: inBooks(openOf(line) - picked),
});

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
