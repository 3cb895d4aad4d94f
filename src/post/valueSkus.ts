// What SKUs count for in the sums by site and hour (migration 035): what their product costs. When that changes, what has moved of the SKU is
// counted anew beside the writer; until then key figures are made SKU by SKU.
import { atomically, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const VALUE_PRODUCTS = sql('valueProducts');
const REVALUE = sql('revalue');
const SET_VALUE = sql('setValue');

/** After products were put, or dropped, in the same commit. */
export async function valueProducts(client: Queryable, site: string, skus: readonly string[]): Promise<void> {
  await client.query({ name: 'value-products', text: VALUE_PRODUCTS, values: [site, skus] });
}

/** Counts one SKU anew. False when there is none to be counted. Of two processes at once one does it. */
export async function revalue(client: Queryable, site: string): Promise<boolean> {
  return atomically(client, async () => {
    const { rows } = await client.query<{ sku: string; journal_offset: number }>(
      `select sku, (select journal_offset from cursor where site = $1) as journal_offset
       from sku_to_value where site = $1 order by sku limit 1`,
      [site],
    );
    const next = rows[0];
    if (next === undefined) return false;
    const { sku, journal_offset: offset } = next;
    const before = await movedByHour(client, site, sku, -1, offset);
    // From here until the commit nothing is posted to the site; what was meanwhile is added. Locked in this order: whoever posts does so.
    await client.query('select from cursor where site = $1 for share', [site]);
    const { rowCount } = await client.query(
      'select from sku_to_value where site = $1 and sku = $2 for update skip locked',
      [site, sku],
    );
    if (rowCount === 0) return true;
    const since = await movedByHour(client, site, sku, offset, Number.MAX_SAFE_INTEGER);
    for (const moved of [before, since]) await client.query(REVALUE, [site, sku, moved]);
    await client.query(SET_VALUE, [site, sku]);
    return true;
  });
}

/** As Postgres writes it, so that no digit is lost on the way. */
async function movedByHour(client: Queryable, site: string, sku: string, after: number, upto: number): Promise<string> {
  const { rows } = await client.query<{ moved: string }>(
    "select coalesce(jsonb_agg(to_jsonb(m)), '[]')::text as moved from moved_by_hour($1, $2, $3, $4) m",
    [site, sku, after, upto],
  );
  return rows[0]!.moved;
}
