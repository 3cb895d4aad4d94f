// A ledger as a year of a busy site leaves it, in the real schema, made by Postgres itself: a generator of traffic would take days.
// Every item lives for 27 days in ten movements, each a transaction with its posting: it comes in, is put away, moves between the bins of
// its SKU, is picked and leaves. So those of the last four weeks are on hand. What is derived of postings (balances, items, sums by day,
// what was docked and shipped) is derived of them here, too. Nothing of it comes from a journal, and no chain covers it.
import { markStock } from '../../src/post/markStock.ts';
import type { Client } from '../../src/store/database.ts';

export interface Ledger {
  readonly site: string;
  readonly items: number;
  readonly skus: number;
  readonly bins: number;
}

export const MOVEMENTS_AN_ITEM = 10;
const BINS_A_SKU = 4;
const DAYS = 365;
const LIFE_DAYS = 27;
/** Indexes are made after the rows: a tenth of the time. */
const MAINTENANCE = [
  "set maintenance_work_mem = '1GB'",
  "set work_mem = '256MB'",
  'set synchronous_commit = off',
  'set statement_timeout = 0',
  'set max_parallel_maintenance_workers = 1',
  'set jit = off',
];

export const locationOf = (bin: number): string => `B-${String(bin).padStart(4, '0')}`;
export const skuOf = (sku: number): string => `SKU-${String(sku).padStart(5, '0')}`;
/** An EPC of some scheme that we do not decode: 96 bits. */
export const epcOf = (item: number): string => `E2${item.toString(16).toUpperCase().padStart(22, '0')}`;

/** Numbered from 1, in the order in which they come. */
const ITEM = `
  select i, 'E2' || lpad(upper(to_hex(i)), 22, '0') as epc, (i::bigint * 7919) % $4 as sku_number,
         now() - make_interval(days => ${DAYS}) + (i::double precision / $2) * interval '${DAYS} days' as born
  from generate_series($5::bigint, $6::bigint) as i`;
const BIN = (step: string) =>
  `'B-' || lpad(((i.sku_number * ${BINS_A_SKU} + (i.i + ${step}) % ${BINS_A_SKU}) % $3)::text, 4, '0')`;

const STEPS = `
  select $1::text as site, md5(i.i || '/' || s)::uuid as id, i.born + s * interval '${LIFE_DAYS / (MOVEMENTS_AN_ITEM - 1)} days' as happened_at,
         i.i * ${MOVEMENTS_AN_ITEM} + s as journal_offset, i.epc, 'SKU-' || lpad(i.sku_number::text, 5, '0') as sku, i.i as item, s as step,
         case s when 0 then 'receive' when 1 then 'putaway' when 8 then 'pick' when 9 then 'ship' else 'move' end as type,
         case s when 0 then 'world' when 1 then 'DOCK' when 9 then 'PACK' else ${BIN('s - 1')} end as from_location,
         case s when 0 then 'DOCK' when 8 then 'PACK' when 9 then 'world' else ${BIN('s')} end as to_location
  from (${ITEM}) i cross join generate_series(0, ${MOVEMENTS_AN_ITEM - 1}) as s
  where i.born + s * interval '${LIFE_DAYS / (MOVEMENTS_AN_ITEM - 1)} days' < now()`;

/** Fills the tables of a site in a database without any. Says now and then how far it is. */
export async function fillLedger(owner: Client, { site, items, skus, bins }: Ledger, say: (text: string) => void) {
  for (const text of MAINTENANCE) await owner.query(text);
  const indexes = await withoutIndexes(owner, ['transaction', 'posting']);
  for (let month = 0; month <= 12; month++)
    for (const parent of ['transaction', 'posting'])
      await owner.query('select ensure_partition($1, now() - make_interval(months => $2))', [parent, month]);
  // In the order of time, as a ledger is written: a twentieth of the items at once.
  const part = Math.ceil(items / 20);
  for (let from = 1; from <= items; from += part) {
    await owner.query(
      `with step as materialized (${STEPS}), moved as (
         insert into transaction (site, id, happened_at, recorded_at, journal_offset, ordinal, type, source, confidence, epc, sku, quantity,
                                  from_location, to_location, read_point)
         select site, id, happened_at, happened_at + interval '3 seconds', journal_offset, 0, type, 'read', 0.99, epc, sku, 1, from_location, to_location, 'DOOR'
         from step order by happened_at
       )
       insert into posting (site, transaction_id, line, happened_at, recorded_at, sku, epc, quantity, from_location, from_status, to_location, to_status)
       select site, id, 1, happened_at, happened_at + interval '3 seconds', sku, epc, 1,
              case type when 'receive' then 'supplier' else from_location end, case type when 'receive' then '' else 'available' end,
              case type when 'ship' then 'customer' else to_location end, case type when 'ship' then '' else 'available' end
       from step order by happened_at`,
      [site, items, bins, skus, from, Math.min(items, from + part - 1)],
    );
    say(`${Math.min(items, from + part - 1).toLocaleString('en-US')} items`);
  }
  say('indexes');
  for (const text of indexes) await owner.query(text);
  say('what is derived of it');
  await owner.query('analyze');
  for (const text of DERIVED) await owner.query(text, [site]);
  say('marks of stock');
  while (await markStock(owner, site, Date.now()));
  await owner.query('analyze');
}

/** Drops indexes and keys of tables; what makes them again. */
async function withoutIndexes(owner: Client, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await owner.query<{ again: string; away: string }>(
    `select coalesce('alter table ' || t.relname || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON ')) as again,
            case when c.oid is null then 'drop index ' || i.relname else 'alter table ' || t.relname || ' drop constraint ' || quote_ident(c.conname) end as away
     from pg_index x
     join pg_class i on i.oid = x.indexrelid
     join pg_class t on t.oid = x.indrelid
     left join pg_constraint c on c.conindid = x.indexrelid and c.contype = 'p'
     where t.relname = any ($1) and t.relkind = 'p'`,
    [tables],
  );
  for (const { away } of rows) await owner.query(away);
  return rows.map(({ again }) => again);
}

const DERIVED = [
  'insert into cursor (site, journal_offset) select site, max(journal_offset) from transaction where site = $1 group by site',
  `insert into balance (site, sku, location, status, quantity, changed_at)
   select $1, sku, location, status, sum(change), max(at) from (
     select sku, to_location as location, to_status as status, quantity as change, happened_at as at from posting where site = $1
     union all
     select sku, from_location, from_status, -quantity, happened_at from posting where site = $1
   ) line group by sku, location, status`,
  `insert into item (site, epc, kind, sku, location, status, since, confidence, last_seen_at, last_seen_by, transaction_id, journal_offset)
   select distinct on (epc) $1, epc, 'item', sku, case type when 'ship' then 'customer' else to_location end, 'available', happened_at, 0.99,
          happened_at, 'DOOR', id, journal_offset
   from transaction where site = $1 order by epc, happened_at desc`,
  'insert into flow select $1, f.* from flow_of($1) f',
  // A hundred items that came one after the other were one receipt.
  `insert into docked (site, transaction_id, arrival, sku, epc, quantity, arrived_at, stored_at, inbound, receipt)
   select $1, p.id, r.id, p.sku, p.epc, 1, r.happened_at, p.happened_at, 'ASN-' || r.journal_offset / 1000, 1
   from transaction p join transaction r on r.site = p.site and r.epc = p.epc and r.type = 'receive'
   where p.site = $1 and p.type = 'putaway'`,
  // Ten items that came one after the other left for one order, of ten lines.
  `insert into customer_order (site, order_id, revision, customer, owner, priority, ship_by, is_partial, state, entered_at, changed_at,
                               line_count, quantity, reserved, planned, picked, shipped, journal_offset)
   select $1, 'O-' || number, 1, 'C-' || number % 50, '', 5, max(happened_at) + interval '1 hour', true, 'shipped', min(happened_at) - interval '1 day',
          max(happened_at), count(*), count(*), 0, 0, 0, count(*), max(journal_offset)
   from (select journal_offset / 100 as number, happened_at, journal_offset from transaction where site = $1 and type = 'ship') s group by number`,
  `insert into order_line (site, order_id, line, ordinal, sku, lot, quantity, reserved, planned, picked, shipped)
   select $1, 'O-' || journal_offset / 100, journal_offset::text, journal_offset % 100, sku, '', 1, 0, 0, 0, 1 from transaction where site = $1 and type = 'ship'`,
  `insert into order_shipment (site, order_id, transaction_id, pick, line, epc, quantity, happened_at)
   select $1, 'O-' || journal_offset / 100, id, id::text, journal_offset::text, epc, 1, happened_at from transaction where site = $1 and type = 'ship'`,
  'insert into site_flow select $1, f.* from site_flow_of($1) f',
  'insert into order_figure select $1, f.* from order_figures_of($1, array(select order_id from customer_order where site = $1)) f',
  'insert into receipt_stored select $1, f.* from receipts_stored_of($1, null) f',
];
