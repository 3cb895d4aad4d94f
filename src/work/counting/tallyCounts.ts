// What was posted, as counts see it: what moves in a bin while it is counted, and what becomes known only afterwards of the time before
// it was counted. That is posted together with its opposite for the counted bin, so that the count stands.
import type { SitePlan } from '../../config/plan.ts';
import { WORLD } from '../../config/site.ts';
import type { Account, EffectsDraft, Posting, Transaction } from '../../infer/effects.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import { ADJUSTMENT } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import { forgetOldest } from '../sets.ts';
import { isOpen } from './count.ts';
import { tasksAt, type Counts } from './counts.ts';

/** Open discrepancies that are remembered by their place, the oldest forgotten first. */
const MARKS_MAX = 20_000;

export function takeCounts(
  counts: Counts,
  plan: SitePlan,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  for (const transaction of transactions) {
    for (const [line, posting] of transaction.postings.entries()) {
      if (posting.epc !== undefined) continue;
      for (const [account, sign] of [
        [posting.from, -1],
        [posting.to, 1],
      ] as const) {
        noteMoved(counts, transaction, posting, account, sign);
        if (
          transaction.type === 'count' ||
          !isCountedSince(counts, account.location, posting.sku, transaction.happenedAt)
        )
          continue;
        draft.transactions.push(offset(plan, transaction, line, posting, account, sign));
      }
    }
  }
  noteMarks(counts, draft);
}

function noteMoved(
  counts: Counts,
  { happenedAt: at }: Transaction,
  { sku, lot, owner, quantity }: Posting,
  { location, container, status }: Account,
  sign: 1 | -1,
): void {
  for (const { count, task } of tasksAt(counts, location)) {
    if (!isOpen(task)) continue;
    task.moved.push({ sku, lot, owner, status, container, at, quantity: sign * quantity });
    counts.unsaved.add(count.id);
  }
}

/** Was the bin, or this SKU in it, counted at that time or since? */
export function isCountedSince(
  { lastCounted }: Pick<Counts, 'lastCounted'>,
  location: string,
  sku: string,
  at: number,
): boolean {
  const last = lastCounted.get(location);
  return last !== undefined && at <= Math.max(last.whole ?? at - 1, last.bySku.get(sku) ?? at - 1);
}

function offset(
  { site }: SitePlan,
  { id, happenedAt }: Transaction,
  line: number,
  { sku, lot, owner, quantity }: Posting,
  here: Account,
  sign: 1 | -1,
): Transaction {
  const aside = { location: ADJUSTMENT, container: '', status: '' };
  const isBack = sign === 1;
  return plainTransaction({
    id: contentId('count-stands', site, id, line, sign),
    type: 'count',
    at: happenedAt,
    source: 'person',
    sku,
    lot,
    owner,
    quantity,
    from: isBack ? here.location : WORLD,
    to: isBack ? WORLD : here.location,
    accounts: { from: isBack ? here : aside, to: isBack ? aside : here },
    actor: 'tallygate',
    reason: `${here.location} was counted since`,
  });
}

function noteMarks({ marks }: Counts, { discrepancies, settled }: EffectsDraft): void {
  for (const { id, kind, location } of discrepancies) if (location !== undefined) marks.set(id, { location, kind });
  for (const { id } of settled) marks.delete(id);
  forgetOldest(marks, MARKS_MAX);
}
