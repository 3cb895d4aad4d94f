// What a release that knows nothing of the sums of key figures has posted: it may go on beside a newer one that has brought the database to
// its version. For who takes the site over, before anything else is posted.
import { atomically, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { valueProducts } from './valueSkus.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const SUM_REST = sql('sumRest');
const NOTE_REST = sql('noteRest');
const DROP_OVERTAKEN = sql('dropOvertakenMarks');

/** True when there was some. */
export async function sumRest(client: Queryable, site: string): Promise<boolean> {
  return atomically(client, async () => {
    const { rows } = await client.query<{ summed_offset: number }>(
      'select summed_offset from cursor where site = $1 and summed_offset < journal_offset for update',
      [site],
    );
    const after = rows[0]?.summed_offset;
    if (after === undefined) return false;
    await client.query(SUM_REST, [site, after]);
    await client.query(DROP_OVERTAKEN, [site, after]);
    await client.query(NOTE_REST, [site, after]);
    await client.query('delete from receipt_stored where site = $1', [site]);
    await client.query('insert into receipt_stored select $1, f.* from receipts_stored_of($1, null) f', [site]);
    const told = await client.query<{ sku: string }>(
      `select sku from product where site = $1 and journal_offset > $2
       union select sku from valued_sku v where site = $1 and not exists (select from product p where (p.site, p.sku) = (v.site, v.sku))`,
      [site, after],
    );
    await valueProducts(
      client,
      site,
      told.rows.map(({ sku }) => sku),
    );
    await client.query('update cursor set summed_offset = journal_offset where site = $1', [site]);
    return true;
  });
}
