// Bins of which a picker found less than the books have: promised to nobody until somebody has counted them.
import { balanceOf } from '../../infer/balances.ts';
import type { EffectsDraft, Transaction } from '../../infer/effects.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import type { Around, Outbound } from './outbound.ts';
import type { PickLine } from './pick.ts';
import { binKey } from './supply.ts';

/** A picker says that so much is not in its bin. */
export function noteShort(
  { short }: Outbound,
  { plan, at }: Around,
  { sku, owner, location, container, lot }: PickLine,
  quantity: number,
  name: string,
  draft: EffectsDraft,
): void {
  const key = binKey(sku, owner, { location, container, lot });
  if (short.has(key)) return;
  const id = contentId('discrepancy', plan.site, 'short-pick', key, name);
  short.set(key, id);
  draft.discrepancies.push({
    id,
    kind: 'short-pick',
    severity: 'warning',
    happenedAt: at,
    sku,
    location,
    message: `${quantity} of ${sku} are not at ${location}, though the books have them there: count the bin. Until then nothing in it is promised.`,
  });
}

/** The bin was counted, or is empty for the books too. */
export function settleShort(
  { short }: Outbound,
  { balances, at }: Around,
  { type, postings }: Transaction,
  draft: EffectsDraft,
): void {
  if (short.size === 0) return;
  for (const { sku, lot, owner, from, to } of postings) {
    for (const account of [from, to]) {
      const key = binKey(sku, owner, { ...account, lot });
      const id = short.get(key);
      if (id === undefined) continue;
      const isCounted = type === 'adjust' || type === 'count';
      if (!isCounted && balanceOf(balances, { sku, lot, owner }, { ...account, status: 'available' }) > 0) continue;
      short.delete(key);
      settle(draft, id, at, isCounted ? 'the bin was counted' : 'the books have nothing there any more');
    }
  }
}
