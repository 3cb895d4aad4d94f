// Figures of orders: how much of what was due went out in time and whole, and how long it took.
import { sqlFile } from '../../store/sql.ts';
import { roundedOrNull, shareOf, type Asked, type Share } from './period.ts';

const WHOLE = sqlFile(import.meta.url, 'sql/orderFigures.sql');

export interface OrderFigures {
  /** With the first shipment, and in time, of what was due. */
  readonly fill: { readonly units: Share; readonly lines: Share; readonly orders: Share };
  /** Of orders that are out whole and had to leave at some time: out by then. */
  readonly onTime: Share;
  /** Whole with the first shipment, in time, on a load, and nothing of it came back. */
  readonly perfect: Share;
  /** From entry to hand-over, of orders that are out whole. */
  readonly cycle: { readonly orders: number; readonly medianHours: number | null; readonly p90Hours: number | null };
}

interface Row extends Record<string, unknown> {
  readonly site: string;
  readonly customer: string | null;
  readonly orders: number;
  readonly orders_filled: number;
  readonly lines: number;
  readonly lines_filled: number;
  readonly units: number;
  readonly units_filled: number;
  readonly timed: number;
  readonly timely: number;
  readonly perfect: number;
  readonly whole: number;
  readonly median_hours: number | null;
  readonly p90_hours: number | null;
}

const HOURS = "date_part('epoch', out_at - entered_at) / 3600";
const IS_TIMELY = '(ship_by is null or out_at <= ship_by)';

/** By site, or by site and customer. Sites, and customers, without orders in the period are not there. */
export async function orderFigures(
  { on, sites, from, to }: Asked,
  by: 'site' | 'customer',
  customer?: string,
): Promise<{ readonly site: string; readonly customer: string | null; readonly figures: OrderFigures }[]> {
  const { rows } = await on.query<Row>({
    name: 'kpis-orders',
    text: `${WHOLE}
      select site, case when $5 then customer end as customer, count(*) as orders, count(*) filter (where is_filled) as orders_filled,
             sum(lines) as lines, sum(lines_filled) as lines_filled, sum(units) as units, sum(units_filled) as units_filled,
             count(*) filter (where is_out and ship_by is not null) as timed,
             count(*) filter (where is_out and ship_by is not null and out_at <= ship_by) as timely,
             count(*) filter (where is_filled and is_out and ${IS_TIMELY} and is_documented and not came_back) as perfect,
             count(*) filter (where is_out) as whole,
             percentile_cont(0.5) within group (order by ${HOURS}) filter (where is_out) as median_hours,
             percentile_cont(0.9) within group (order by ${HOURS}) filter (where is_out) as p90_hours
      from whole group by 1, 2 order by 1, 2`,
    values: [sites, new Date(from), new Date(to), customer ?? null, by === 'customer'],
  });
  return rows.map((row) => ({
    site: row.site,
    customer: row.customer,
    figures: {
      fill: {
        units: shareOf(row.units, row.units_filled),
        lines: shareOf(row.lines, row.lines_filled),
        orders: shareOf(row.orders, row.orders_filled),
      },
      onTime: shareOf(row.timed, row.timely),
      perfect: shareOf(row.orders, row.perfect),
      cycle: {
        orders: row.whole,
        medianHours: roundedOrNull(row.median_hours, 2),
        p90Hours: roundedOrNull(row.p90_hours, 2),
      },
    },
  }));
}

export const NO_ORDERS: OrderFigures = {
  fill: { units: shareOf(0, 0), lines: shareOf(0, 0), orders: shareOf(0, 0) },
  onTime: shareOf(0, 0),
  perfect: shareOf(0, 0),
  cycle: { orders: 0, medianHours: null, p90Hours: null },
};

/** An order behind the figures: what is amiss with it is what they count. */
export interface SettledOrder {
  readonly site: string;
  readonly order: string;
  readonly customer: string;
  /** ms */
  readonly enteredAt: number;
  readonly shipBy: number | null;
  readonly outAt: number | null;
  readonly units: number;
  readonly unitsFilled: number;
  readonly isFilled: boolean;
  readonly isLate: boolean;
  readonly isPerfect: boolean;
}

/** The orders that the figures of a period are made of, by number; `after` is the last one of the page before. */
export async function settledOrders(
  { on, sites, from, to }: Asked,
  {
    customer,
    after,
    limit,
  }: { readonly customer: string | undefined; readonly after: string | undefined; readonly limit: number },
): Promise<SettledOrder[]> {
  const { rows } = await on.query<Record<string, unknown> & SettledOrder>({
    name: 'kpis-settled-orders',
    text: `${WHOLE}
      select site, order_id as "order", customer, entered_at as "enteredAt", ship_by as "shipBy", case when is_out then out_at end as "outAt", units,
             units_filled as "unitsFilled", is_filled as "isFilled",
             coalesce(ship_by < coalesce(case when is_out then out_at end, now()), false) as "isLate",
             is_filled and is_out and ${IS_TIMELY} and is_documented and not came_back as "isPerfect"
      from whole where $5::text is null or order_id > $5 order by order_id, site limit $6`,
    values: [sites, new Date(from), new Date(to), customer ?? null, after ?? null, limit],
  });
  return rows;
}
