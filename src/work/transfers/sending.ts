// Transfers are ordered like orders of customers, promised and picked like them; what leaves goes into transit and not to a customer.
import type { EffectsDraft } from '../../infer/effects.ts';
import { inBooks } from '../../infer/balances.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { Lying, WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { WORLD } from '../../config/site.ts';
import { contentId } from '../../kit/ids.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import type { TransferCommandOf } from '../../wire/transfer.ts';
import { enter } from '../outbound/orders.ts';
import { takenOf } from '../outbound/picked.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { refused, saidMove } from '../requests.ts';
import { openTransfer } from './transfer.ts';
import { sentBy, touchTransfer, type Transfers } from './transfers.ts';

export interface WithTransfers {
  readonly transfers: Transfers;
  readonly outbound: Outbound;
}

export function orderTransfer(
  { transfers, outbound }: WithTransfers,
  command: TransferCommandOf<'transfer'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan, at } = request;
  const { transfer: id, to, kind: _, ...document } = command;
  if (to === plan.site) return refused('nowhere', `to: ${to} is the site that sends it.`);
  const transfer = openTransfer(plan.site, 'out', to, id, at);
  if (transfers.byAccount.has(transfer.account) || transfers.ended.has(transfer.account))
    return refused('transfer-exists', `${id} was ordered before; take another number.`);
  const answer = enter(outbound, { ...document, kind: 'order', order: id, customer: to }, request, draft);
  if (answer.status === 'refused') return answer;
  outbound.orders.get(id)!.transferTo = to;
  transfers.byAccount.set(transfer.account, transfer);
  touchTransfer(transfers, transfer, at);
  return { ...answer, detail: { ...answer.detail, transfer: id, to } };
}

/** What leaves without having been picked, as somebody says: items, or so much of what has no tags. */
export function sendTransfer(
  { transfers, outbound }: WithTransfers,
  command: TransferCommandOf<'send-transfer'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan, book, row, at } = request;
  const transfer = sentBy(transfers, plan.site, command.transfer);
  const order = outbound.orders.get(command.transfer);
  if (transfer === undefined || order === undefined)
    return refused('unknown-transfer', `${plan.site} sends no transfer ${command.transfer}.`);
  if (transfer.closedAt !== undefined || order.isCancelled)
    return refused('transfer-closed', `${transfer.id} is done with: order what is to follow as another.`);
  const { sku, quantity, lot = '', location } = command;
  if (command.epcs !== undefined) {
    const epcs = [...new Set(command.epcs.map((epc) => identify(epc).epc))];
    for (const epc of epcs) {
      const item = book.items.get(epc);
      if (item === undefined || !plan.locations.has(item.state.location))
        return refused('unknown-item', `epcs: ${epc} is not here for the books.`);
      if (at <= item.settledTo)
        return refused(
          'overtaken',
          `${epc} has moved on since: say what is true now, without "at", or with a later one.`,
        );
    }
    const claims = epcs.map((epc) => ({ ...saidMove(epc, WORLD, request), transit: transfer.account }));
    return { status: 'done', claims, detail: { transfer: transfer.id, sent: epcs.length } };
  }
  if (sku === undefined || quantity === undefined || location === undefined)
    return refused('incomplete', 'Say epcs of items, or sku, quantity and location of what has no tags.');
  if (!plan.locations.has(location))
    return refused('unknown-location', `location: ${location} is not a location of ${plan.site}.`);
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  draft.transactions.push(
    plainTransaction({
      id: contentId('command', row.site, row.key, 'posting'),
      type: 'transfer',
      at,
      source: 'person',
      sku,
      lot,
      owner: order.owner,
      quantity,
      from: location,
      to: WORLD,
      accounts: {
        from: { location, container: '', status: 'available' },
        to: { location: transfer.account, container: '', status: 'available' },
      },
      actor: row.actor,
      reason: command.reason,
    }),
  );
  return { status: 'done', detail: { transfer: transfer.id, sent: quantity } };
}

/** It was picked for a transfer: where it is for the books once it is out. Goods without tags, when nothing of them was picked for a customer. */
export function transitFor(
  { outbound, transfers }: WithTransfers,
  { epc, sku, lot, owner }: Lying,
): string | undefined {
  if (transfers.byAccount.size === 0) return undefined;
  const accountOf = (order: string): string | undefined =>
    [...transfers.byAccount.values()].find((one) => one.direction === 'out' && one.id === order)?.account;
  if (epc !== undefined) {
    const order = takenOf(outbound, epc)?.order;
    return order?.transferTo === undefined ? undefined : accountOf(order.id);
  }
  let found: string | undefined;
  for (const order of outbound.orders.values()) {
    const isTaken = [...order.taken.values()].some(
      (taken) => taken.epc === undefined && taken.sku === sku && taken.lot === lot && taken.shipped < taken.quantity,
    );
    if (order.owner !== owner || !isTaken) continue;
    if (order.transferTo === undefined) return undefined;
    found ??= accountOf(order.id);
  }
  return found;
}
