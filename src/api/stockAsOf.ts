// Stock as of a past instant, page by page, SKU by SKU in the order of the list, and no further than the page goes: what was there at the nearest
// mark, or is there now, with what happened in between. What a page costs grows neither with the number of SKUs nor with the ledger.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import type { Place } from './catalogue.ts';
import { formatTime } from '../wire/time.ts';
import { NO_LOCATION, type BalanceRow } from './balanceRow.ts';

const AS_OF = sqlFile(import.meta.url, 'sql/stockAsOf.sql');
const NEXT_SKUS = sqlFile(import.meta.url, 'sql/nextSkus.sql');
/** SKUs that are looked at together: so many at first, twice as many each time that the page is not full. */
const SKUS_FIRST = 8;
const SKUS_MOST = 256;

export interface AsOf {
  readonly sites: readonly string[];
  /** Where; all locations when undefined. */
  readonly places: readonly Place[] | undefined;
  readonly sku: string | undefined;
  /** The last row before: site, SKU, location, container, lot, owner and status. */
  readonly after: readonly unknown[] | undefined;
  readonly limit: number;
  /** By when it happened, and by when it was recorded; ms, undefined for whenever. */
  readonly at: number | undefined;
  readonly knownAt: number | undefined;
}

/** What is recorded within so long of happening is in step: index `posting_out_of_step` has the rest. */
const IN_STEP_MS = 86_400_000;

/** In the order of site, SKU, location, container, lot, owner and status; `limit` rows at most. */
export async function stockAsOf(
  pool: Queryable,
  { places, limit, at, knownAt, ...asked }: AsOf,
): Promise<readonly BalanceRow[]> {
  const found: BalanceRow[] = [];
  const [locations, sitesOfLocations] = [
    places?.map(({ location }) => location) ?? null,
    places?.map(({ site }) => site) ?? null,
  ];
  const [until, known] = [timeOrEver(at), knownAt === undefined ? null : formatTime(knownAt)];
  const pivot = knownAt === undefined ? until : timeOrEver(Math.max(0, Math.min(at ?? knownAt, knownAt - IN_STEP_MS)));
  let seen: readonly unknown[] = asked.after?.slice(0, 2) ?? [null, null];
  let isNew = false;
  for (let count = SKUS_FIRST; found.length < limit; count = Math.min(SKUS_MOST, count * 2)) {
    const { rows: skus } = await pool.query<{ site: string; sku: string }>(NEXT_SKUS, [
      asked.sites,
      locations,
      sitesOfLocations,
      asked.sku ?? null,
      ...seen,
      isNew,
      count,
      until,
    ]);
    if (skus.length > 0) {
      const { rows } = await pool.query<BalanceRow>(AS_OF, [
        skus.map(({ site }) => site),
        locations,
        sitesOfLocations,
        skus.map(({ sku }) => sku),
        asked.after ?? null,
        limit - found.length,
        NO_LOCATION,
        until,
        known,
        pivot,
      ]);
      found.push(...rows);
    }
    if (skus.length < count) break;
    seen = [skus.at(-1)!.site, skus.at(-1)!.sku];
    isNew = true;
  }
  return found;
}

const timeOrEver = (time: number | undefined): string => (time === undefined ? 'infinity' : formatTime(time));
