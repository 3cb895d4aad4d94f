// What was posted, as orders see it: picks and shipments are counted on the lines that they are of, what is undone or comes back is
// taken back; and stock that came or went is promised anew.
import type { EffectsDraft, Transaction } from '../../infer/effects.ts';
import type { PlannedSite } from '../../infer/planner.ts';
import { WORLD } from '../../config/site.ts';
import { noteAboard } from './aboard.ts';
import { lookAtBenches } from './benches.ts';
import { noteCartons, tellRepacked } from './cartonMoves.ts';
import { noteDoubts, forgetDoubt } from './doubts.ts';
import { stockKey } from './order.ts';
import { allocateDue } from './orders.ts';
import type { Around, Outbound } from './outbound.ts';
import { takePick, undoPick, putBack } from './picked.ts';
import { takeShipment, comeBack, undoShipment } from './shipped.ts';
import { settleShort } from './shortages.ts';
import { isStorage } from './supply.ts';
import { SUPPLIER } from '../../infer/transactions.ts';

export function takeOutbound(
  outbound: Outbound,
  site: PlannedSite,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  const around: Around = { ...site, at: latest(transactions, draft) };
  const { due } = outbound;
  for (const key of noteDoubts(outbound, around, draft)) due.add(key);
  for (const transaction of transactions) {
    takeOne(outbound, around, transaction, draft);
    for (const { sku, owner } of transaction.postings) due.add(stockKey(sku, owner));
  }
  outbound.wanted.clear();
  lookAtBenches(outbound, around, draft);
  tellRepacked(outbound);
  allocateDue(outbound, around, draft);
}

/** It comes back from a truck of ours; with a transfer of another site it comes anew, though it left with one of ours before. */
const isOurs = ({ plan }: Around, { type, postings }: Transaction): boolean =>
  type !== 'transfer' || postings.some(({ from }) => from.location.startsWith(`transit:${plan.site}:`));

/** When the last of it happened, ms. */
const latest = (transactions: readonly Transaction[], { passages }: EffectsDraft): number => {
  const times = [...transactions.map(({ happenedAt }) => happenedAt), ...passages.map(({ lastAt }) => lastAt)];
  return times.reduce((last, at) => Math.max(last, at), 0);
};

/** It went back to its supplier, or came in again before that truck was away. */
const isWithSupplier = ({ type, postings: [posting] }: Transaction): boolean =>
  type === 'ship' && (posting?.to.location === SUPPLIER || posting?.from.location === SUPPLIER);

function takeOne(outbound: Outbound, around: Around, transaction: Transaction, draft: EffectsDraft): void {
  const { type, from, to, supersedes, epc } = transaction;
  noteAboard(outbound, transaction, draft);
  noteCartons(outbound, around, transaction, draft);
  settleShort(outbound, around, transaction, draft);
  if (supersedes !== undefined) {
    undoPick(outbound, around, supersedes, draft);
    undoShipment(outbound, around, supersedes, draft);
    return;
  }
  if (epc !== undefined) forgetDoubt(outbound, epc, transaction);
  if (isWithSupplier(transaction)) return; // it is of no order
  if (type === 'pick') takePick(outbound, around, transaction, draft);
  else if (type === 'ship' || (type === 'transfer' && from !== to)) {
    if (to === WORLD) takeShipment(outbound, around, transaction, draft);
    else if (from === WORLD && isOurs(around, transaction)) comeBack(outbound, around, transaction, draft);
  } else if (isStorage(around.plan, to)) putBack(outbound, around, transaction, draft);
}
