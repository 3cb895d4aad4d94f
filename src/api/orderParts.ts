// What belongs to orders, pick lists and loads of a site, read for several of them at once.
import type { Pool } from '../store/database.ts';
import { outboundOf } from '../infer/transactions.ts';
import { LOAD_ALARMS, loadJson, type AboardRow, type LoadAlarmRow, type LoadRow } from './loadJson.ts';
import { orderJson, pickJson, type OrderLineRow, type OrderRow, type PickLineRow, type PickRow } from './orderJson.ts';

/** Orders as they are answered, with lines and pick lists. */
export async function ordersWhole(pool: Pool, site: string, rows: readonly OrderRow[]) {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.order_id);
  const [lines, picks] = await Promise.all([
    pool.query<OrderLineRow & Record<string, unknown>>({
      name: 'order-lines',
      text: 'select * from order_line where site = $1 and order_id = any ($2) order by order_id, ordinal',
      values: [site, ids],
    }),
    pool.query<{ order_id: string; pick: string }>({
      name: 'order-picks',
      text: 'select distinct order_id, pick from pick_line where site = $1 and order_id = any ($2) order by pick',
      values: [site, ids],
    }),
  ]);
  return rows.map((row) =>
    orderJson(
      row,
      lines.rows.filter((line) => line.order_id === row.order_id),
      picks.rows.filter((one) => one.order_id === row.order_id).map(({ pick }) => pick),
    ),
  );
}

/** Pick lists with their lines, in the order of the way. */
export async function picksWhole(pool: Pool, site: string, rows: readonly PickRow[]) {
  if (rows.length === 0) return [];
  const lines = await pool.query<PickLineRow & Record<string, unknown>>({
    name: 'pick-lines',
    text: 'select * from pick_line where site = $1 and pick = any ($2) order by pick, stop, line',
    values: [site, rows.map(({ pick }) => pick)],
  });
  return rows.map((row) =>
    pickJson(
      row,
      lines.rows.filter(({ pick }) => pick === row.pick),
    ),
  );
}

/** Alarms that are read for a page of loads, the last ones first: who has more looks at the discrepancies. */
const ALARMS_MAX = 500;

/** Loads with their orders as they are now, what is missing of those, what is on the truck, and what is wrong about it. */
export async function loadsWhole(pool: Pool, rows: readonly LoadRow[]) {
  if (rows.length === 0) return [];
  const sites = [...new Set(rows.map(({ site }) => site))];
  const ids = rows.flatMap((row) => row.orders.map(({ order }) => order));
  const [orders, lines, aboard, alarms] = await Promise.all([
    pool.query<OrderRow & Record<string, unknown>>({
      name: 'load-orders',
      text: 'select * from customer_order where site = any ($1) and order_id = any ($2)',
      values: [sites, ids],
    }),
    pool.query<OrderLineRow & { readonly site: string }>({
      name: 'load-order-lines',
      text: 'select * from order_line where site = any ($1) and order_id = any ($2) and shipped < quantity order by order_id, ordinal',
      values: [sites, ids],
    }),
    pool.query<AboardRow & { readonly site: string; readonly location: string }>({
      name: 'load-aboard',
      text: `select site, location, sku, lot, owner, container, sum(quantity) as quantity from balance
             where site = any ($1) and location = any ($2) and quantity <> 0
             group by site, location, sku, lot, owner, container order by sku, lot, owner, container`,
      values: [sites, rows.map(({ load_id: load }) => outboundOf(load))],
    }),
    pool.query<LoadAlarmRow & { readonly site: string }>({
      name: 'load-alarms',
      text: `select d.site, d.id, d.kind, d.message, d.happened_at, d.epc, d.sku, d.read_point, d.transaction_id, s.order_id
             from discrepancy d
             left join lateral (
               select o.order_id from order_shipment o
               where o.site = d.site and o.order_id = any ($2) and o.transaction_id = d.transaction_id limit 1
             ) s on true
             where d.site = any ($1) and d.state = 'open' and d.kind = any ($3)
               and (d.read_point = any ($4) or s.order_id is not null)
             order by d.happened_at desc, d.id desc limit ${ALARMS_MAX}`,
      values: [sites, ids, LOAD_ALARMS, rows.flatMap(({ door }) => door ?? [])],
    }),
  ]);
  return rows.map((row) =>
    loadJson(row, {
      orders: new Map(orders.rows.filter(({ site }) => site === row.site).map((order) => [order.order_id, order])),
      lines: lines.rows.filter(({ site }) => site === row.site),
      aboard: aboard.rows.filter(({ site, location }) => site === row.site && location === outboundOf(row.load_id)),
      alarms: alarms.rows.filter(({ site }) => site === row.site),
    }),
  );
}
