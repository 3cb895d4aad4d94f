// What was posted, as transfers see it: what went into transit and came out of it; and what the other site is told of that.
import type { SitePlan } from '../../config/plan.ts';
import { WORLD } from '../../config/site.ts';
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft, Transaction } from '../../infer/effects.ts';
import { ADJUSTMENT } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import { formatTime } from '../../wire/time.ts';
import type { MovedGoods } from '../../wire/transfer.ts';
import { settle } from '../noted.ts';
import type { Order } from '../outbound/order.ts';
import type { WithTransfers } from './sending.ts';
import { addTo, type Transfer } from './transfer.ts';
import { touchTransfer } from './transfers.ts';

interface Told {
  readonly transfer: Transfer;
  readonly first: string;
  readonly goods: MovedGoods[];
}

/** It follows the word of the other site, or that we are done with it: nothing moved here. */
const isWord = ({ from, to }: Transaction): boolean => from === WORLD && to === WORLD;

/** What such a word was about. The sender writes off what is given up; for the receiver it was never here. */
function wordOf({ direction, closedAt }: Transfer, other: string): 'sent' | 'received' | 'short' {
  if (direction === 'out') return other === ADJUSTMENT ? 'short' : 'received';
  return closedAt === undefined ? 'sent' : 'short';
}

/** Into transit is more sent, for the receiver; out of it is more that came, or that was given up. */
const counted = ({ direction, closedAt }: Transfer, into: number): number =>
  direction === 'in' && closedAt === undefined ? into : -into;

export function takeTransfers(
  { transfers, outbound }: WithTransfers,
  plan: SitePlan,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  const told = new Map<string, Told>();
  for (const transaction of transactions) {
    for (const { sku, lot, owner, epc, quantity, from, to } of transaction.postings) {
      const isInto = to.location.startsWith('transit:');
      const transfer = transfers.byAccount.get(isInto ? to.location : from.location);
      if (transfer === undefined) continue;
      const stock = { sku, lot, owner };
      const into = isInto ? quantity : -quantity;
      const { happenedAt } = transaction;
      touchTransfer(transfers, transfer, happenedAt);
      if (isWord(transaction)) {
        addTo(transfer, stock, wordOf(transfer, isInto ? from.location : to.location), counted(transfer, into));
        continue;
      }
      const { account } = transfer;
      const isSent = transfer.direction === 'out';
      const much = isSent ? into : -into;
      addTo(transfer, stock, isSent ? 'sent' : 'received', much);
      if (isSent) tellOver(transfer, outbound.orders.get(transfer.id), plan, transaction, { sku, much }, draft);
      if (epc !== undefined) {
        if (isInto) transfer.tags.add(epc);
        else transfer.tags.delete(epc);
      }
      const known = told.get(account) ?? { transfer, first: transaction.id, goods: [] };
      told.set(account, known);
      known.goods.push({
        at: formatTime(happenedAt),
        sku,
        lot,
        owner,
        ...(epc === undefined ? {} : { epc }),
        quantity: much,
      });
    }
  }
  for (const { transfer, first, goods } of told.values()) {
    const isSent = transfer.direction === 'out';
    transfers.notices.push({
      key: contentId('transfer-notice', plan.site, transfer.account, first),
      to: transfer.other,
      command: isSent
        ? { kind: 'transfer-sent', transfer: transfer.id, from: plan.site, goods }
        : { kind: 'transfer-received', transfer: transfer.id, goods },
    });
  }
}

/** More of a SKU left than was ordered, or what was not: it is a fact, and told while the truck may still be there. */
function tellOver(
  { id, other, lines }: Transfer,
  order: Order | undefined,
  { site }: SitePlan,
  { id: transaction, epc, from, readPoint, happenedAt, supersedes }: Transaction,
  { sku, much }: { readonly sku: string; readonly much: number },
  draft: EffectsDraft,
): void {
  if (order === undefined) return;
  const ofSku = <T extends { readonly sku: string }>(all: Iterable<T>, quantity: (one: T) => number): number =>
    [...all].reduce((sum, one) => (one.sku === sku ? sum + quantity(one) : sum), 0);
  const over = inBooks(ofSku(lines.values(), ({ sent }) => sent) - ofSku(order.lines, ({ quantity }) => quantity));
  const overId = (of: string): string => contentId('discrepancy', site, 'transfer-sent-over', of, sku);
  if (much > 0 && over > 0)
    draft.discrepancies.push({
      id: overId(transaction),
      kind: 'transfer-over',
      severity: 'warning',
      happenedAt,
      epc,
      sku,
      location: from,
      readPoint,
      transaction,
      message: `${over} more of ${sku} left with ${id} to ${other} than was ordered: take it off the truck, or tell ${other}.`,
    });
  // Before it was taken back there was more than enough.
  else if (much < 0 && supersedes !== undefined && over - much > 0)
    settle(draft, overId(supersedes), happenedAt, 'later reads changed the decision');
}
