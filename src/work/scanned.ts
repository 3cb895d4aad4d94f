// Goods whose code was scanned before their tags were read: each tag that comes for the same document stands for one of them, so
// that nothing is counted twice. The untagged one leaves the books again, and comes back if the tag did not come after all.
import { WORLD } from '../config/site.ts';
import { inBooks } from '../infer/balances.ts';
import { compensationOf } from '../infer/claims.ts';
import type { EffectsDraft, Transaction } from '../infer/effects.ts';
import { plainTransaction } from '../infer/plainStock.ts';
import { contentId } from '../kit/ids.ts';
import { count } from './count.ts';
import { lineOf } from './inbound.ts';
import { settle } from './noted.ts';
import { forgetOldest } from './sets.ts';
import { touch, type WorkState } from './work.ts';

/** Receipts by scan that are remembered, and tags that stand for what was scanned: the oldest are forgotten first. */
const SCANNED_MAX = 1000;
const STANDS_FOR_MAX = 5000;
/** The tag of what was scanned is read within this time. */
const TAG_FOLLOWS_MS = 86_400_000;

export function rememberScanned(work: WorkState, receipt: Transaction): void {
  work.scanned.set(receipt.id, { receipt, left: receipt.quantity! });
  forgetOldest(work.scanned, SCANNED_MAX);
}

/** `inbounds` are the documents that the tag may be of. */
export function takeScanned(
  work: WorkState,
  { id, sku, lot, happenedAt: at }: Transaction,
  inbounds: readonly string[],
  draft: EffectsDraft,
): void {
  for (const { receipt, left } of work.scanned.values()) {
    if (receipt.sku !== sku || left < 1 || Math.abs(at - receipt.happenedAt) > TAG_FOLLOWS_MS) continue;
    if (lot !== '' && receipt.lot !== '' && lot !== receipt.lot) continue;
    const of = work.index.byTransaction.get(receipt.id);
    const among = of === undefined ? (work.waiting.get(receipt.id)?.among ?? []) : [of];
    if (!among.some((inbound) => inbounds.includes(inbound))) continue;
    const leaves = leavingOf(receipt, id, at);
    work.standsFor.set(id, { scanned: receipt.id, leaves });
    forgetOldest(work.standsFor, STANDS_FOR_MAX);
    draft.transactions.push(leaves);
    change(work, receipt.id, -1, at, draft);
    return;
  }
}

/** The tag did not come after all: what was scanned is here without it. */
export function giveBackScanned(work: WorkState, tagged: string, draft: EffectsDraft): void {
  const known = work.standsFor.get(tagged);
  if (known === undefined) return;
  work.standsFor.delete(tagged);
  draft.transactions.push(compensationOf(known.leaves));
  change(work, known.scanned, 1, known.leaves.happenedAt, draft);
}

function leavingOf(
  { sku, lot, owner, source, actor, to, postings, readPoint }: Transaction,
  tagged: string,
  at: number,
) {
  const { from: supplier, to: here } = postings[0]!;
  return plainTransaction({
    id: contentId('tagged', tagged),
    type: 'adjust',
    at,
    source: source as 'scan',
    sku: sku!,
    lot,
    owner,
    quantity: 1,
    from: to,
    to: WORLD,
    accounts: { from: here, to: supplier },
    readPoint,
    actor,
    reason: 'its tag was read: it is counted by that',
  });
}

/** One more, or one less, of a receipt by scan, wherever it is counted. */
function change(work: WorkState, receipt: string, sign: 1 | -1, at: number, draft: EffectsDraft): void {
  const scanned = work.scanned.get(receipt);
  if (scanned !== undefined) work.scanned.set(receipt, { ...scanned, left: inBooks(scanned.left + sign) });
  const waiting = work.waiting.get(receipt);
  if (waiting !== undefined) {
    const quantity = inBooks(waiting.quantity + sign);
    if (quantity > 0) work.waiting.set(receipt, { ...waiting, quantity });
    else {
      work.waiting.delete(receipt);
      if (waiting.discrepancy !== undefined) settle(draft, waiting.discrepancy, at, 'tags of all of it were read');
    }
  }
  const inbound = work.inbounds.get(work.index.byTransaction.get(receipt) ?? '');
  const arrival = inbound?.arrivals.get(receipt);
  const line = arrival && lineOf(inbound!, arrival.line);
  if (line === undefined) return;
  inbound!.arrivals.set(receipt, { ...arrival!, quantity: inBooks(arrival!.quantity + sign) });
  count(work, inbound!, line, { ...arrival!, quantity: 1 }, sign, at, draft);
  touch(work, inbound!, [line.line]);
}
