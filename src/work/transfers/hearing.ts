// What the other site of a transfer says: what is under way to us, and what of ours has come there. Its word is true when it was said; the
// books of both follow each other by it, and what is given up is written off once, by who sent it.
import type { Discrepancy, EffectsDraft } from '../../infer/effects.ts';
import type { Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { ADJUSTMENT, NETWORK } from '../../infer/transactions.ts';
import { WORLD } from '../../config/site.ts';
import { contentId } from '../../kit/ids.ts';
import { parseTime } from '../../wire/time.ts';
import type { MovedGoods, TransferCommandOf } from '../../wire/transfer.ts';
import { announce } from '../documents.ts';
import type { WorkState } from '../work.ts';
import { isHeldByOthers } from '../feeds/feeds.ts';
import { refused } from '../requests.ts';
import { openTransfer, transferState, type Transfer } from './transfer.ts';
import { sentBy, touchTransfer } from './transfers.ts';
import { transitOf } from '../../infer/transactions.ts';

/** It is under way to us, or with less than nothing is not after all. */
export function hearSent(
  work: WorkState,
  command: TransferCommandOf<'transfer-sent'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { transfers } = work;
  const { plan, at } = request;
  const account = transitOf(command.from, command.transfer);
  const transfer =
    transfers.byAccount.get(account) ??
    openTransfer(plan.site, 'in', command.from, command.transfer, leftAt(command, at));
  transfers.byAccount.set(account, transfer);
  transfer.closedAt = undefined; // more of it follows
  const claims: Claim[] = [];
  for (const [index, goods] of command.goods.entries()) {
    const isSent = goods.quantity > 0;
    // Nobody reads tags there: what comes is told by quantity.
    if (goods.epc === undefined || isHeldByOthers(plan)) {
      const accounts = isSent ? ([NETWORK, account] as const) : ([account, NETWORK] as const);
      postPlain(goods, accounts, index, request, draft);
    } else {
      if (isSent) transfer.tags.add(goods.epc);
      else transfer.tags.delete(goods.epc);
      claims.push(claimOf(goods, isSent ? undefined : account, isSent ? account : NETWORK, index, request));
    }
  }
  const announced = isHeldByOthers(plan) ? [] : expect(work, transfer, command, request, draft);
  touchTransfer(transfers, transfer, at);
  return { status: 'done', claims: [...claims, ...announced], detail: { transfer: transfer.id, from: transfer.other } };
}

/** When the first of it left. */
const leftAt = ({ goods }: TransferCommandOf<'transfer-sent'>, at: number): number =>
  goods.reduce((first, one) => Math.min(first, parseTime(one.at) || first), at);

/** Something of ours has come, or with less than nothing has not after all; `short` is given up. */
export function hearReceived(
  { transfers }: WorkState,
  command: TransferCommandOf<'transfer-received'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan, at } = request;
  const transfer = sentBy(transfers, plan.site, command.transfer);
  if (transfer === undefined) return refused('unknown-transfer', `${plan.site} sends no transfer ${command.transfer}.`);
  const { account } = transfer;
  const claims: Claim[] = [];
  for (const [index, goods] of command.goods.entries()) {
    const accounts = goods.quantity > 0 ? ([account, NETWORK] as const) : ([NETWORK, account] as const);
    if (goods.epc === undefined) postPlain(goods, accounts, index, request, draft);
    else claims.push(claimOf(goods, accounts[0], accounts[1], index, request));
  }
  for (const [index, goods] of (command.short ?? []).entries()) {
    const accounts = goods.quantity > 0 ? ([account, ADJUSTMENT] as const) : ([ADJUSTMENT, account] as const);
    const place = command.goods.length + index;
    if (goods.epc === undefined) postPlain(goods, accounts, place, request, draft);
    else claims.push(claimOf(goods, accounts[0], accounts[1], place, request));
    draft.discrepancies.push(differs(transfer, goods, index, request));
  }
  if (command.short !== undefined) transfer.closedAt = at;
  touchTransfer(transfers, transfer, at);
  return { status: 'done', claims, detail: { transfer: transfer.id, state: transferState(transfer) } };
}

const differs = (
  { id, other }: Transfer,
  { sku, epc, quantity }: MovedGoods,
  index: number,
  { plan, at, row }: WorkRequest,
): Discrepancy => ({
  id: contentId('discrepancy', plan.site, 'transfer-differs', row.key, index),
  kind: quantity > 0 ? 'transfer-short' : 'transfer-over',
  severity: 'warning',
  happenedAt: at,
  sku,
  epc,
  message:
    quantity > 0
      ? `${quantity} of ${sku} left with ${id} and did not come to ${other}: it is written off; ask the carrier, and count where it left.`
      : `${-quantity} more of ${sku} came to ${other} with ${id} than left: count where it left.`,
});

function postPlain(
  { sku, lot, owner, quantity, at: moment }: MovedGoods,
  [from, to]: readonly [string, string],
  index: number,
  { row, at }: WorkRequest,
  draft: EffectsDraft,
): void {
  const place = (location: string) => ({
    location,
    container: '',
    status: location.startsWith('transit:') ? 'available' : '',
  });
  const moved = parseTime(moment);
  draft.transactions.push(
    plainTransaction({
      id: contentId('transfer', row.site, row.key, index),
      type: 'transfer',
      at: Number.isNaN(moved) ? at : moved,
      source: 'person',
      sku,
      lot,
      owner,
      quantity: Math.abs(quantity),
      from: WORLD,
      to: WORLD,
      accounts: { from: place(from), to: place(to) },
      actor: row.actor,
    }),
  );
}

/** Never before what is known of the item: clocks of two sites differ. */
function claimOf(
  { epc = '', sku, lot, owner, at: moment }: MovedGoods,
  from: string | undefined,
  to: string,
  index: number,
  { book, row, at }: WorkRequest,
): Claim {
  const item = book.items.get(epc);
  const said = parseTime(moment);
  const when = Number.isNaN(said) ? at : said;
  const known = Math.max(item?.settledTo ?? 0, from === undefined ? 0 : (item?.claims.at(-1)?.at ?? 0));
  return {
    id: contentId('transfer', row.site, row.key, index),
    epc,
    at: Math.max(when, known + (known > 0 ? 1 : 0)),
    what: { kind: 'transit', from, to, sku, lot, owner },
    source: 'person',
    confidence: 1,
    readPoint: undefined,
    decision: undefined,
    actor: row.actor,
    reason: undefined,
  };
}

/** It is expected like anything that a notice announces: one notice for each that leaves. */
function expect(
  work: WorkState,
  transfer: Transfer,
  { goods }: TransferCommandOf<'transfer-sent'>,
  request: WorkRequest,
  draft: EffectsDraft,
): readonly Claim[] {
  const lines = new Map<string, { sku: string; lot: string; quantity: number; epcs: string[] }>();
  for (const { sku, lot, epc, quantity } of goods) {
    if (quantity <= 0) continue;
    const key = `${sku}\u001e${lot}\u001e${epc === undefined ? '' : 'tags'}`;
    const line = lines.get(key) ?? { sku, lot, quantity: 0, epcs: [] };
    line.quantity += quantity;
    if (epc !== undefined) line.epcs.push(epc);
    lines.set(key, line);
  }
  if (lines.size === 0) return [];
  const isFree = (id: string): boolean => !work.inbounds.has(id) && !work.ended.has(id);
  let inbound = transfer.inbounds.length === 0 ? transfer.id : `${transfer.id}.${transfer.inbounds.length + 1}`;
  for (let copy = 1; !isFree(inbound); copy++)
    inbound = `${transfer.other}.${transfer.id}.${transfer.inbounds.length + copy}`.slice(-64);
  const answer = announce(
    work,
    {
      inbound,
      document: 'notice',
      supplier: transfer.other,
      transit: transfer.account,
      lines: [...lines.values()].map(({ sku, lot, quantity, epcs }, index) => ({
        line: String(index + 1),
        sku,
        quantity,
        ...(lot === '' ? {} : { lot }),
        ...(epcs.length === 0 ? {} : { epcs }),
      })),
    },
    request,
    draft,
  );
  if (answer.status === 'refused') return []; // it is under way all the same; it will be unexpected
  transfer.inbounds.push(inbound);
  return answer.claims ?? [];
}
