// Orders that wait for stock, and where what is brought to them at once goes.
import type { SitePlan } from '../../config/plan.ts';
import type { Stock } from '../../infer/balances.ts';
import { compareRank, stockKey, waitingOf, type Order } from './order.ts';
import type { Outbound } from './outbound.ts';

/** Orders of which a line waits for such stock, the first to be given it in front. */
export function waitingFor({ orders, index }: Outbound, { sku, lot, owner }: Stock): Order[] {
  return [...(index.byStock.get(stockKey(sku, owner)) ?? [])]
    .map((id) => orders.get(id)!)
    .filter(({ lines }) =>
      lines.some((line) => line.sku === sku && (line.lot === '' || line.lot === lot) && waitingOf(line) > 0),
    )
    .sort(compareRank);
}

/** Benches, the first kind first. */
const BENCH_KINDS = ['pack', 'staging-out'] as const;

export function benchOf(plan: SitePlan): string | undefined {
  for (const kind of BENCH_KINDS)
    for (const location of plan.locations.values()) if (location.kind === kind) return location.id;
  return undefined;
}
