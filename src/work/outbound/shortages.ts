// Bins of which a picker found less than the books have: no more of them is promised than is surely there, until somebody counts.
import { balanceOf, inBooks } from '../../infer/balances.ts';
import type { EffectsDraft, Transaction } from '../../infer/effects.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import { stockKey } from './order.ts';
import type { Around, Outbound } from './outbound.ts';
import type { PickLine } from './pick.ts';
import { binKey, binOfKey } from './supply.ts';

/** A picker says that so much is `missing` in its bin; what the list still takes from it (`left`) is there. */
export function noteShort(
  { short }: Outbound,
  { plan, at }: Around,
  line: PickLine,
  { missing, left }: { readonly missing: number; readonly left: number },
  name: string,
  draft: EffectsDraft,
): void {
  const { sku, owner, location } = line;
  const key = binKey(sku, owner, line);
  const known = short.get(key)?.discrepancy;
  const id = known ?? contentId('discrepancy', plan.site, 'short-pick', key, name);
  short.set(key, { discrepancy: id, left });
  if (known !== undefined) return;
  draft.discrepancies.push({
    id,
    kind: 'short-pick',
    severity: 'warning',
    happenedAt: at,
    sku,
    location,
    message: `${missing} of ${sku} are not at ${location}, though the books have them there: count the bin. Until then no more of it is promised.`,
  });
}

/** Where something was said not to be there, and nobody has counted since. */
export const shortBins = ({ short }: Outbound): Set<string> =>
  new Set([...short.keys()].map((key) => binOfKey(key).location));

/** The bin was counted, whether the books were right or not: what is there may be promised. `skus` are those that were counted; empty for all. */
export function settleCounted(
  { short, due }: Outbound,
  location: string,
  skus: readonly string[],
  at: number,
  draft: EffectsDraft,
): void {
  for (const [key, { discrepancy }] of short) {
    const bin = binOfKey(key);
    if (bin.location !== location || (skus.length > 0 && !skus.includes(bin.sku))) continue;
    short.delete(key);
    due.add(stockKey(bin.sku, bin.owner));
    settle(draft, discrepancy, at, 'the bin was counted');
  }
}

/** The bin was counted, or is empty for the books too. */
export function settleShort(
  { short }: Outbound,
  { balances, at }: Around,
  { type, postings }: Transaction,
  draft: EffectsDraft,
): void {
  if (short.size === 0) return;
  for (const { sku, lot, owner, quantity, from, to } of postings) {
    for (const [account, change] of [
      [from, -quantity],
      [to, quantity],
    ] as const) {
      const key = binKey(sku, owner, { ...account, lot });
      const known = short.get(key);
      if (known === undefined) continue;
      const isCounted = type === 'adjust' || type === 'count';
      if (!isCounted && balanceOf(balances, { sku, lot, owner }, { ...account, status: 'available' }) > 0) {
        short.set(key, { ...known, left: Math.max(0, inBooks(known.left + change)) });
        continue;
      }
      short.delete(key);
      settle(draft, known.discrepancy, at, isCounted ? 'the bin was counted' : 'the books have nothing there any more');
    }
  }
}
