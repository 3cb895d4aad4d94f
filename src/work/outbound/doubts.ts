// Tags that were seen at a door while nobody knows yet whether they left: what is in doubt is promised to nobody.
import type { EffectsDraft, Transaction } from '../../infer/effects.ts';
import { stockKey } from './order.ts';
import type { Around, Outbound } from './outbound.ts';

/** Takes what the row says of passages; gives the stocks of which there is more or less to promise. */
export function noteDoubts({ doubted }: Outbound, { book }: Around, { passages }: EffectsDraft): Set<string> {
  const keys = new Set<string>();
  for (const { id, epc, outcome, lastAt } of passages) {
    const known = doubted.get(epc);
    if (outcome === 'undecided') doubted.set(epc, { passage: id, at: lastAt });
    else if (known?.passage === id) doubted.delete(epc);
    else continue;
    const state = book.items.get(epc)?.state;
    if (state?.sku !== undefined) keys.add(stockKey(state.sku, state.owner));
  }
  return keys;
}

/** It was seen to move since: whatever it did at that door, it is known where it is. */
export function forgetDoubt({ doubted }: Outbound, epc: string, { happenedAt, from, to }: Transaction): void {
  const known = doubted.get(epc);
  if (known !== undefined && from !== to && happenedAt >= known.at) doubted.delete(epc);
}
