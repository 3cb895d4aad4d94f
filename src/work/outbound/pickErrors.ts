// Wrong picks, on record: refused by the scanner in the aisle, caught at the bench, or told by the customer. How good picking is
// follows from these and the lines that were picked.
import type { EffectsDraft } from '../../infer/effects.ts';
import { inBooks } from '../../infer/balances.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { ADJUSTMENT, CUSTOMER } from '../../infer/transactions.ts';
import { WORLD } from '../../config/site.ts';
import { contentId } from '../../kit/ids.ts';
import type { PackingCommand } from '../../wire/packing.ts';
import { refused } from '../requests.ts';
import { packedOfTaken, type Carton } from './carton.ts';
import { orderLineOf, stockKey, type Order, type Taken } from './order.ts';
import { endIfOver } from './orders.ts';
import { setShipment, touchOrder, type Outbound } from './outbound.ts';
import type { Planned } from './pick.ts';

type Refusal = ReturnType<typeof refused>;

/** The scanner refused what was scanned for a line of a list. */
export function noteRefusedPick(
  { pickErrors }: Outbound,
  { pick, line }: Planned,
  { code, message }: Refusal,
  { row, at }: WorkRequest,
): void {
  pickErrors.push({
    id: contentId('pick-error', row.site, row.key),
    kind: 'refused',
    pick: pick.id,
    pickLine: line.line,
    order: line.order,
    sku: line.sku,
    found: undefined,
    quantity: 1,
    code,
    message,
    by: row.actor,
    at,
  });
}

/** What was found at the bench instead of what was picked. */
export interface Caught {
  readonly id: string;
  readonly found: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly by: string | undefined;
  readonly at: number;
}

/** Something else is in the hand or the carton: it is there instead of the first thing of the order that was picked and is not. */
export function noteCaught(outbound: Outbound, carton: Carton, caught: Caught): void {
  const order = outbound.orders.get(carton.order);
  const instead = order && notFound(outbound, carton, order);
  if (instead === undefined) return;
  outbound.pickErrors.push({
    ...caught,
    kind: 'caught',
    pick: instead.pick,
    pickLine: instead.pickLine,
    order: carton.order,
    sku: instead.sku,
    quantity: 1,
  });
}

function notFound(outbound: Outbound, carton: Carton, order: Order) {
  return [...order.taken]
    .filter(
      ([id, { epc, quantity, shipped }]) =>
        shipped < quantity &&
        packedOfTaken(outbound, order, id) < quantity &&
        (epc === undefined || !carton.seen.has(epc)),
    )
    .map(([, taken]) => taken)
    .sort((a, b) => (a.pick === b.pick ? a.pickLine - b.pickLine : a.pick < b.pick ? -1 : 1))[0];
}

/** Was that SKU counted at that location, at that time (ms) or since? */
export type CountedSince = (location: string, sku: string, at: number) => boolean;

/**
 * A customer got something else than was picked for the books. What was ordered lies in its bin still, what was sent is not in its own:
 * both are put right, the order waits for what it did not get, and what came back is a return. A bin that was counted since it was picked
 * is right already: what the count found or missed there is what the customer got, or did not get.
 */
export function wrongPick(
  outbound: Outbound,
  command: Extract<PackingCommand, { kind: 'wrong-pick' }>,
  request: WorkRequest,
  draft: EffectsDraft,
  isCountedSince: CountedSince,
): WorkAnswer {
  const { pick, line, ordered, sku, lot = '', quantity = 1, from, to } = command;
  const { plan, book, row, at } = request;
  for (const [field, location] of [
    ['from', from],
    ['to', to],
    ['ordered.location', ordered.location],
  ] as const)
    if (location !== undefined && !plan.locations.has(location))
      return refused('unknown-location', `${field}: ${location} is not a location of ${plan.site}.`);
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  if (sku === ordered.sku && lot === ordered.lot)
    return refused('nothing', `sku: ${sku} is what was ordered: say what was sent instead.`);
  for (const one of [ordered.sku, sku])
    if ((book.serialised.get(one) ?? 0) > 0)
      return refused('item-needed', `${one} has tags: say of the item itself where it is, with a movement.`);
  const order = outbound.orders.get(ordered.order);
  const gone = order && unshipped(outbound, order, command, quantity);
  if (gone !== undefined && 'status' in gone) return gone;
  const { owner } = ordered;
  const customer = { location: CUSTOMER, container: '', status: '' };
  const body = { at, source: 'person', quantity, owner, actor: row.actor, reason: command.reason } as const;
  const idOf = (part: string): string => contentId('command', row.site, row.key, part);
  const here = (location: string, status = 'available') => ({ location, container: '', status });
  const isRight = (location: string, of: string): boolean =>
    gone?.at !== undefined && isCountedSince(location, of, gone.at);
  const bin = (location: string, of: string) => (isRight(location, of) ? COUNTED : here(location));
  const place = (location: string, of: string): string => (isRight(location, of) ? WORLD : location);
  draft.transactions.push(
    plainTransaction({
      ...body,
      id: idOf('ordered'),
      type: 'adjust',
      sku: ordered.sku,
      lot: ordered.lot,
      from: WORLD,
      to: place(ordered.location, ordered.sku),
      accounts: { from: customer, to: bin(ordered.location, ordered.sku) },
    }),
    plainTransaction({
      ...body,
      id: idOf('sent'),
      type: 'adjust',
      sku,
      lot,
      from: place(from, sku),
      to: WORLD,
      accounts: { from: bin(from, sku), to: customer },
    }),
  );
  if (to !== undefined)
    draft.transactions.push(
      plainTransaction({
        ...body,
        id: idOf('returned'),
        type: 'return',
        sku,
        lot,
        from: WORLD,
        to,
        accounts: { from: customer, to: here(to, 'returned') },
      }),
    );
  outbound.pickErrors.push({
    id: contentId('pick-error', row.site, row.key),
    kind: 'shipped',
    pick,
    pickLine: line,
    order: ordered.order,
    sku: ordered.sku,
    found: sku,
    quantity,
    code: 'wrong-item',
    message: `${quantity} of ${sku} went to the customer instead of ${ordered.sku}.`,
    by: row.actor,
    at,
  });
  if (order !== undefined) {
    outbound.due.add(stockKey(ordered.sku, owner));
    endIfOver(outbound, order, request, draft);
  }
  return { status: 'done', detail: { pick, line, order: ordered.order, waits: order === undefined ? 0 : quantity } };
}

/** Where counts put what they find more or less of. */
const COUNTED = { location: ADJUSTMENT, container: '', status: '' };

/** It did not go out: the line of an order that is still known waits for it again. What was taken, as it was known. */
function unshipped(
  outbound: Outbound,
  order: Order,
  { pick, line, ordered }: Extract<PackingCommand, { kind: 'wrong-pick' }>,
  quantity: number,
): Refusal | Taken {
  const found = [...order.taken].find(
    ([, taken]) => taken.pick === pick && taken.pickLine === line && taken.shipped >= quantity,
  );
  const orderLine = orderLineOf(order, ordered.orderLine);
  if (found === undefined || orderLine === undefined)
    return refused('too-many', `Not so much as ${quantity} of line ${line} of ${pick} has gone out.`);
  const [id, taken] = found;
  order.taken.set(id, {
    ...taken,
    quantity: inBooks(taken.quantity - quantity),
    shipped: inBooks(taken.shipped - quantity),
  });
  orderLine.shipped = Math.max(0, inBooks(orderLine.shipped - quantity));
  let rest = quantity;
  for (const [shipment, parts] of [...order.shipments].toReversed()) {
    const left = parts.flatMap((part) => {
      const less = part.taken === id ? Math.min(rest, part.quantity) : 0;
      rest = inBooks(rest - less);
      return less === part.quantity ? [] : [{ ...part, quantity: inBooks(part.quantity - less) }];
    });
    if (left.length < parts.length || left.some((part, index) => part.quantity !== parts[index]!.quantity))
      setShipment(outbound, order, shipment, left);
  }
  touchOrder(outbound, order, [orderLine.line]);
  return taken;
}
