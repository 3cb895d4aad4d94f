// What was posted, as transfers see it: what went into transit and came out of it; and what the other site is told of that.
import type { SitePlan } from '../../config/plan.ts';
import type { Transaction } from '../../infer/effects.ts';
import { contentId } from '../../kit/ids.ts';
import { formatTime } from '../../wire/time.ts';
import type { MovedGoods } from '../../wire/transfer.ts';
import { addTo, type Transfer } from './transfer.ts';
import { touchTransfer, type Transfers } from './transfers.ts';

interface Told {
  readonly transfer: Transfer;
  readonly first: string;
  readonly goods: MovedGoods[];
}

export function takeTransfers(transfers: Transfers, plan: SitePlan, transactions: readonly Transaction[]): void {
  const told = new Map<string, Told>();
  for (const transaction of transactions) {
    for (const { sku, lot, owner, epc, quantity, from, to } of transaction.postings) {
      // Goods that move here, into transit or out of it: what only follows the word of the other site is none of them.
      const [account, other, sign] = to.location.startsWith('transit:')
        ? ([to.location, from.location, 1] as const)
        : ([from.location, to.location, -1] as const);
      const transfer = transfers.byAccount.get(account);
      if (transfer === undefined || !(plan.locations.has(other) || other === 'unknown')) continue;
      const { happenedAt } = transaction;
      const isSent = transfer.direction === 'out';
      const much = (isSent ? sign : -sign) * quantity;
      addTo(transfer, { sku, lot, owner }, isSent ? 'sent' : 'received', much);
      if (epc !== undefined) {
        if (sign === 1) transfer.tags.add(epc);
        else transfer.tags.delete(epc);
      }
      touchTransfer(transfers, transfer, happenedAt);
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
