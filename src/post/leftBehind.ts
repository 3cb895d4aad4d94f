// Stock at locations that a new site file does not name any more: it would stand in the books where nobody can get at it.
import type { SitePlan } from '../config/plan.ts';
import type { SiteFile } from '../config/site.ts';
import type { Pool } from '../store/database.ts';

export interface LeftBehind {
  readonly location: string;
  readonly sku: string;
  readonly quantity: number;
}

/** What the books have at locations of `plan` that are not in `file`, by location and SKU; nothing when the file drops none. */
export async function leftBehind(pool: Pool, plan: SitePlan, file: SiteFile): Promise<readonly LeftBehind[]> {
  const kept = new Set((file.locations ?? []).map(({ id }) => id));
  const dropped = [...plan.locations.keys()].filter((id) => !kept.has(id));
  if (dropped.length === 0) return [];
  const { rows } = await pool.query<LeftBehind>({
    text: `select location, sku, sum(quantity)::float8 as quantity from balance
           where site = $1 and location = any ($2) group by location, sku having sum(quantity) > 0 order by location, sku`,
    values: [plan.site, dropped],
  });
  return rows;
}

const NAMED_MOST = 5;

/** In words: 18 BOLTS at DOCK-1, 2 NUTS at A-01. */
export function leftBehindText(left: readonly LeftBehind[]): string {
  const named = left.slice(0, NAMED_MOST).map(({ location, sku, quantity }) => `${quantity} ${sku} at ${location}`);
  return left.length > NAMED_MOST ? `${named.join(', ')} and ${left.length - NAMED_MOST} more` : named.join(', ');
}
