// Goods that went out: counted on the order that they were picked for, and on its load. What was never picked, or leaves at a door that
// is not its load's, is told at once.
import { inBooks } from '../../infer/balances.ts';
import type { Discrepancy, EffectsDraft, Transaction } from '../../infer/effects.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import { loadOfLocation } from '../../infer/transactions.ts';
import { forgetOldest } from '../sets.ts';
import { cartonOf, type Carton } from './carton.ts';
import { compareRank, orderLineOf, type Order, type Taken } from './order.ts';
import { endIfOver } from './orders.ts';
import { setShipment, touchLoad, touchOrder, type Around, type Outbound } from './outbound.ts';
import { takenOf } from './picked.ts';

/** Alarms that can still be taken back, the oldest forgotten first. */
const ALARMS_MAX = 5000;

export function takeShipment(outbound: Outbound, around: Around, transaction: Transaction, draft: EffectsDraft): void {
  const { quantity, sku, postings } = transaction;
  if (sku === undefined || quantity === undefined || postings.length === 0) return;
  countUnpicked(outbound, transaction);
  let rest = 0;
  for (const posting of postings) {
    const on = loadOfLocation(posting.to.location);
    rest = inBooks(rest + posting.quantity);
    let left = posting.quantity;
    for (const { order, id, taken } of pickedFor(outbound, transaction, on)) {
      const out = Math.min(left, inBooks(taken.quantity - taken.shipped));
      if (out <= 0) continue;
      left = inBooks(left - out);
      rest = inBooks(rest - out);
      const load = on ?? leftWith(outbound, order, transaction);
      const before = order.shipments.get(transaction.id) ?? [];
      const part = { taken: id, quantity: out, load, at: transaction.happenedAt };
      setShipment(outbound, order, transaction.id, [...before, part]);
      outbound.index.byTransaction.set(transaction.id, order.id);
      ship(outbound, around, order, id, out, load);
      if (order.isCancelled) tellCancelled(outbound, around, order, transaction, draft);
      else tellWrongLoad(outbound, around, order, transaction, draft);
      endIfOver(outbound, order, around, draft);
    }
  }
  const isLoading = [...outbound.loads.values()].some(
    ({ door, closedAt }) => closedAt === undefined && door !== undefined && door === transaction.readPoint,
  );
  if (rest > 0 && (around.plan.rules.orders || isLoading)) {
    alarm(outbound, around, transaction, draft, {
      kind: 'unplanned-ship',
      message: `${rest === 1 ? 'It' : `${rest} of it`} went out and was never picked for an order: stop the truck.`,
    });
  }
}

const isTransfer = ({ transferTo }: Order): boolean => transferTo !== undefined;
/** The account of a transfer ends with its number. */
const isOf = ({ id }: Order, account: string): boolean => account.endsWith(`:${id}`);

/** What leaves with a transfer without having been picked is taken for it as it leaves, as far as it asks for it. */
function countUnpicked(outbound: Outbound, { id, type, epc, sku, lot, quantity, postings }: Transaction): void {
  const account = postings[0]!.to.location;
  if (type !== 'transfer' || (epc !== undefined && takenOf(outbound, epc) !== undefined)) return;
  const order = [...outbound.orders.values()].find((one) => isTransfer(one) && isOf(one, account));
  if (order === undefined) return;
  const picked = epc === undefined ? pickedLeft(order, sku!, lot) : 0;
  let rest = inBooks(quantity! - picked);
  for (const line of order.lines) {
    if (line.sku !== sku || (line.lot !== '' && line.lot !== lot) || rest <= 0) continue;
    const much = Math.min(rest, inBooks(line.quantity - line.planned - line.picked - line.shipped));
    if (much <= 0) continue;
    rest = inBooks(rest - much);
    line.reserved = Math.max(
      0,
      Math.min(line.reserved, inBooks(line.quantity - line.planned - line.picked - line.shipped - much)),
    );
    line.picked = inBooks(line.picked + much);
    order.taken.set(id, {
      line: line.line,
      pick: '',
      pickLine: 0,
      epc,
      sku: line.sku,
      lot,
      quantity: much,
      shipped: 0,
    });
    if (epc !== undefined) outbound.index.byTag.set(epc, order.id);
    touchOrder(outbound, order, [line.line]);
    break;
  }
}

const pickedLeft = (order: Order, sku: string, lot: string): number =>
  [...order.taken.values()]
    .filter((taken) => taken.epc === undefined && taken.sku === sku && taken.lot === lot)
    .reduce((sum, { quantity, shipped }) => inBooks(sum + quantity - shipped), 0);

interface Picked {
  readonly order: Order;
  readonly id: string;
  readonly taken: Taken;
}

/** The load of its order, when that was closed after it had gone out and before that was decided. */
function leftWith(
  { loads }: Outbound,
  { load: id }: Order,
  { happenedAt, readPoint }: Transaction,
): string | undefined {
  const { door, openedAt = 0, closedAt = 0 } = loads.get(id ?? '') ?? {};
  const isAtDoor = door === undefined || readPoint === undefined || door === readPoint;
  return isAtDoor && openedAt <= happenedAt && happenedAt <= closedAt ? id : undefined;
}

const TOLD_BY = ['epc', 'sku', 'lot', 'owner', 'readPoint', 'container'] as const;
/** What is in a carton was picked for its order. */
const isIn = ({ id }: Order, carton: Carton | undefined): boolean => carton === undefined || carton.order === id;

/**
 * What it was picked for: by tag, or of goods without tags whatever was picked of them, first what is on the load that they are on, else
 * on one at that door.
 */
export function pickedFor(
  outbound: Outbound,
  {
    type = 'ship',
    postings = [],
    ...told
  }: Pick<Transaction, (typeof TOLD_BY)[number]> & Partial<Pick<Transaction, 'type' | 'postings'>>,
  on: string | undefined,
): Picked[] {
  const { epc, sku, lot, owner, readPoint, container } = told;
  if (epc !== undefined) {
    const found = takenOf(outbound, epc);
    return found === undefined || isTransfer(found.order) !== (type === 'transfer')
      ? []
      : [{ order: found.order, id: found.transaction, taken: found.taken }];
  }
  const isHere = ({ load }: Order): boolean => {
    if (on !== undefined) return load === on;
    const { door, closedAt } = outbound.loads.get(load ?? '') ?? {};
    return load !== undefined && closedAt === undefined && (readPoint === undefined || door === readPoint);
  };
  const carton = container === '' ? undefined : cartonOf(outbound, container);
  return [...outbound.orders.values()]
    .filter(
      (order) =>
        order.owner === owner &&
        order.taken.size > 0 &&
        isIn(order, carton) &&
        isTransfer(order) === (type === 'transfer') &&
        (type !== 'transfer' || isOf(order, postings[0]!.to.location)),
    )
    .sort((a, b) => Number(isHere(b)) - Number(isHere(a)) || compareRank(a, b))
    .flatMap((order) => [...order.taken].map(([id, taken]) => ({ order, id, taken })))
    .filter(({ taken }) => taken.epc === undefined && taken.sku === sku && taken.lot === lot);
}

/** So much of what was picked is out, or with less than nothing is back. */
function ship(
  outbound: Outbound,
  { at }: Around,
  order: Order,
  id: string,
  quantity: number,
  loadId: string | undefined,
): void {
  const taken = order.taken.get(id)!;
  order.taken.set(id, { ...taken, shipped: inBooks(taken.shipped + quantity) });
  const line = orderLineOf(order, taken.line);
  if (line !== undefined) {
    line.picked = Math.max(0, inBooks(line.picked - quantity));
    line.shipped = Math.max(0, inBooks(line.shipped + quantity));
    touchOrder(outbound, order, [line.line]);
  }
  const load = outbound.loads.get(loadId ?? '');
  const loaded = load?.orders.get(order.id);
  if (load === undefined || loaded === undefined) return;
  load.orders.set(order.id, Math.max(0, inBooks(loaded + quantity)));
  load.changedAt = Math.max(load.changedAt, at);
  touchLoad(outbound, load);
}

const tellCancelled = (
  outbound: Outbound,
  around: Around,
  { id }: Order,
  transaction: Transaction,
  draft: EffectsDraft,
): void =>
  alarm(outbound, around, transaction, draft, {
    kind: 'unplanned-ship',
    message: `It was picked for order ${id}, which is cancelled, and went out: stop the truck.`,
  });

/** It is on a load at another door, or on none while one is loaded here. */
function tellWrongLoad(
  outbound: Outbound,
  around: Around,
  order: Order,
  transaction: Transaction,
  draft: EffectsDraft,
): void {
  const { readPoint } = transaction;
  if (readPoint === undefined) return;
  const open = [...outbound.loads.values()].filter(({ closedAt }) => closedAt === undefined);
  const here = open.filter(({ door }) => door === readPoint);
  const own = open.find(({ id }) => id === order.load);
  const isRight = own === undefined ? here.length === 0 : own.door === undefined || own.door === readPoint;
  if (isRight) return;
  const loaded = here
    .map(({ id }) => id)
    .sort()
    .join(' and ');
  const where = own === undefined ? 'is on no load' : `is on ${own.id} at ${own.door}`;
  const message = `It is of order ${order.id}, which ${where}, and went out at ${readPoint}${loaded === '' ? '' : `, where ${loaded} is loaded`}: stop the truck.`;
  alarm(outbound, around, transaction, draft, { kind: 'wrong-load', message });
}

function alarm(
  { alarms }: Outbound,
  { plan }: Around,
  { id, epc, sku, readPoint, from, happenedAt }: Transaction,
  draft: EffectsDraft,
  { kind, message }: Pick<Discrepancy, 'kind' | 'message'>,
): void {
  const discrepancy = contentId('discrepancy', plan.site, kind, id);
  draft.discrepancies.push({
    id: discrepancy,
    kind,
    severity: 'critical',
    happenedAt,
    epc,
    sku,
    location: from,
    readPoint,
    transaction: id,
    message,
  });
  for (const key of epc === undefined ? [id] : [id, epc]) alarms.set(key, [...(alarms.get(key) ?? []), discrepancy]);
  forgetOldest(alarms, ALARMS_MAX);
}

function endAlarms({ alarms }: Outbound, { at }: Around, key: string, draft: EffectsDraft, how: string): void {
  for (const discrepancy of alarms.get(key) ?? []) settle(draft, discrepancy, at, how);
  alarms.delete(key);
}

/** It did not go out after all. */
export function undoShipment(outbound: Outbound, around: Around, transaction: string, draft: EffectsDraft): void {
  endAlarms(outbound, around, transaction, draft, 'later reads changed the decision');
  const order = outbound.orders.get(outbound.index.byTransaction.get(transaction) ?? '');
  const parts = order?.shipments.get(transaction);
  if (order === undefined || parts === undefined) return;
  setShipment(outbound, order, transaction, []);
  outbound.index.byTransaction.delete(transaction);
  for (const { taken, quantity, load } of parts)
    if (order.taken.has(taken)) ship(outbound, around, order, taken, -quantity, load);
  endIfOver(outbound, order, around, draft);
}

/** A tag came back through a door before its truck left: its ship is undone. */
export function comeBack(outbound: Outbound, around: Around, transaction: Transaction, draft: EffectsDraft): void {
  const { epc } = transaction;
  if (epc === undefined) {
    comeOff(outbound, around, transaction, draft);
    return;
  }
  endAlarms(outbound, around, epc, draft, 'it came back');
  const order = outbound.orders.get(outbound.index.byTag.get(epc) ?? '');
  if (order === undefined) return;
  for (const [shipment, parts] of [...order.shipments].toReversed()) {
    if (!parts.some(({ taken }) => order.taken.get(taken)?.epc === epc)) continue;
    undoShipment(outbound, around, shipment, draft);
    return;
  }
}

/** So much without tags came off a truck again: what went onto it last, for the lowest rank, comes off first. */
function comeOff(outbound: Outbound, around: Around, transaction: Transaction, draft: EffectsDraft): void {
  const { sku, lot, owner, quantity = 0, postings, container } = transaction;
  const carton = container === '' ? undefined : cartonOf(outbound, container);
  const load = loadOfLocation(postings[0]?.from.location ?? '');
  let rest = quantity;
  const orders = [...outbound.orders.values()]
    .filter((order) => order.owner === owner && order.shipments.size > 0 && !isTransfer(order) && isIn(order, carton))
    .sort((a, b) => compareRank(b, a));
  for (const order of orders) {
    for (const [shipment, parts] of [...order.shipments].toReversed()) {
      const before = rest;
      const left = parts.flatMap((part) => {
        const taken = order.taken.get(part.taken);
        const isOfIt = part.load === load && taken?.epc === undefined && taken?.sku === sku && taken?.lot === lot;
        const back = isOfIt ? Math.min(rest, part.quantity) : 0;
        if (back === 0) return [part];
        rest = inBooks(rest - back);
        ship(outbound, around, order, part.taken, -back, load);
        endIfOver(outbound, order, around, draft);
        return back === part.quantity ? [] : [{ ...part, quantity: inBooks(part.quantity - back) }];
      });
      if (rest < before) setShipment(outbound, order, shipment, left);
    }
  }
}
