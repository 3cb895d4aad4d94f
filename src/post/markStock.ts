// Marks of stock: what was there of a SKU at instants of the past, some hundred postings apart, so that stock as of any instant is soon
// summed. Made beside the writer, of the postings alone; what is posted for a time before a mark drops it (`dropMarks`), in the same commit.
import { atomically, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import type { Posting } from '../infer/effects.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const MARK_STOCK = sql('markStock');
const SKUS_TO_MARK = sql('skusToMark');
const DROP_MARKS = sql('dropMarks');
const DROP_OVERTAKEN = sql('dropOvertakenMarks');

export interface Marking {
  /** Postings of a SKU from one mark to the next, at least. */
  readonly every: number;
  /** Marks of one SKU, and SKUs, that are made in one step where none are yet. */
  readonly marksAtOnce: number;
  readonly skusAtOnce: number;
  /** Transactions that are looked at in one step. */
  readonly transactionsAtOnce: number;
}

const USUAL: Marking = { every: 64, marksAtOnce: 4, skusAtOnce: 16, transactionsAtOnce: 500 };

/**
 * One step: marks for some SKUs of a site, of what happened, and was recorded, until `until` (ms); what is younger is often still
 * corrected. True when there is more to do. Two processes at once do no harm: one of them has nothing to do.
 */
export async function markStock(
  client: Queryable,
  site: string,
  until: number,
  marking: Marking = USUAL,
): Promise<boolean> {
  return atomically(client, async () => {
    const marked = await markedOf(client, site);
    if (marked === undefined) return false;
    const cursor = await cursorAt(client, site);
    const { skus, next } = await nextOf(client, site, marked, until, marking);
    if (skus.length === 0 && next === undefined) return false;
    const { rows } = await client.query<{ sku: string; is_first: boolean }>(MARK_STOCK, [
      site,
      skus,
      new Date(until),
      marking.every,
      marking.marksAtOnce,
    ]);
    if (rows.length > 0) {
      // From here until the commit nothing is posted to the site.
      await client.query('select from cursor where site = $1 for share', [site]);
      await client.query(DROP_OVERTAKEN, [site, cursor]);
    }
    // As many of a SKU were made as are made at once, perhaps: it is looked at again.
    if (rows.some(({ is_first: isFirst }) => !isFirst)) return true;
    await client.query('update stock_marked set journal_offset = $2, sku_after = $3 where site = $1', [
      site,
      next?.offset ?? marked.offset,
      next?.skuAfter ?? null,
    ]);
    return true;
  });
}

/** Drops the marks that lines of a batch come before. For who posts them, in the same commit. */
export async function dropMarks(
  client: Queryable,
  site: string,
  lines: readonly { readonly sku: Posting['sku']; readonly happenedAt: number }[],
): Promise<void> {
  const first = new Map<string, number>();
  let earliest = Number.POSITIVE_INFINITY;
  for (const { sku, happenedAt } of lines) {
    first.set(sku, Math.min(first.get(sku) ?? happenedAt, happenedAt));
    earliest = Math.min(earliest, happenedAt);
  }
  // Nearly always what is posted is younger than any mark.
  const { rows } = await client.query<{ is_late: boolean | null }>({
    name: 'newest-mark',
    text: 'select max(at) >= to_timestamp($2::double precision / 1000) as is_late from stock_mark where site = $1',
    values: [site, earliest],
  });
  if (rows[0]!.is_late === true) await client.query(DROP_MARKS, [site, [...first.keys()], [...first.values()]]);
}

interface Marked {
  readonly offset: number;
  /** Undefined when all SKUs have been looked at that there were at the beginning. */
  readonly skuAfter: string | undefined;
}

/** Where the last step came to; undefined while another process takes one. At first what is posted from now on is left for later. */
async function markedOf(client: Queryable, site: string): Promise<Marked | undefined> {
  await client.query(
    `insert into stock_marked (site, journal_offset, sku_after) select site, journal_offset, '' from cursor where site = $1 on conflict do nothing`,
    [site],
  );
  const { rows } = await client.query<{ journal_offset: number; sku_after: string | null }>(
    'select journal_offset, sku_after from stock_marked where site = $1 for update skip locked',
    [site],
  );
  const row = rows[0];
  return row && { offset: row.journal_offset, skuAfter: row.sku_after ?? undefined };
}

async function cursorAt(client: Queryable, site: string): Promise<number> {
  const { rows } = await client.query<{ journal_offset: number }>('select journal_offset from cursor where site = $1', [
    site,
  ]);
  return rows[0]!.journal_offset;
}

interface Step {
  readonly skus: readonly string[];
  /** Where that comes to; undefined when there is nothing to look at. */
  readonly next: Marked | undefined;
}

async function nextOf(
  client: Queryable,
  site: string,
  { offset, skuAfter }: Marked,
  until: number,
  { skusAtOnce, transactionsAtOnce }: Marking,
): Promise<Step> {
  if (skuAfter !== undefined) {
    const { rows } = await client.query<{ sku: string }>(
      'select distinct sku from balance where site = $1 and sku > $2 order by sku limit $3',
      [site, skuAfter, skusAtOnce],
    );
    return { skus: rows.map(({ sku }) => sku), next: { offset, skuAfter: rows.at(-1)?.sku } };
  }
  const { rows } = await client.query<{ upto: number | null; skus: string[] }>(SKUS_TO_MARK, [
    site,
    offset,
    new Date(until),
    transactionsAtOnce,
  ]);
  const { upto, skus } = rows[0]!;
  return { skus, next: upto === null ? undefined : { offset: upto, skuAfter: undefined } };
}
