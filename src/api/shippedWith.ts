// What left with an order, as an announcement of a return has to know it: how much of each SKU, and which tags.
import type { Pool } from '../store/database.ts';
import { ApiFault } from './problem.ts';

/** A line of a return as it is announced; more may stand in it. */
export interface SaidLine {
  readonly line: string;
  readonly sku: string;
  readonly quantity?: number;
  readonly epcs?: readonly string[];
}

/** Tags that a line of a return names at most. */
const EPCS_MAX = 5000;

/** What left of each SKU of an order; of its tags only those that left with no other order since. $1 site  $2 order */
const SHIPPED = `select l.sku, sum(s.quantity) as shipped,
         array_agg(s.epc order by s.epc) filter (where s.epc is not null and not exists (
           select from order_shipment n where n.site = s.site and n.epc = s.epc and n.happened_at > s.happened_at)) as epcs
  from order_shipment s join order_line l using (site, order_id, line)
  where s.site = $1 and s.order_id = $2 group by l.sku`;

/**
 * The customer and owner of an order, and lines of a return with what left of it: how much, and which tags it may be where they are not named.
 * Throws `unknown-order` (404), and `more-than-shipped` (422) for a SKU of which nothing left.
 */
export async function shippedLines(
  pool: Pool,
  site: string,
  order: string,
  lines: readonly SaidLine[],
): Promise<{ readonly customer: string; readonly owner?: string; readonly lines: readonly object[] }> {
  const [orders, shipped] = await Promise.all([
    pool.query<{ customer: string; owner: string }>(
      'select customer, owner from customer_order where site = $1 and order_id = $2',
      [site, order],
    ),
    pool.query<{ sku: string; shipped: number; epcs: readonly string[] | null }>(SHIPPED, [site, order]),
  ]);
  const [of] = orders.rows;
  if (of === undefined) throw new ApiFault(404, 'unknown-order', `order: there is no order ${order} at ${site}.`);
  const bySku = new Map(shipped.rows.map((row) => [row.sku, row]));
  return {
    customer: of.customer,
    ...(of.owner === '' ? {} : { owner: of.owner }),
    lines: lines.map((line) => {
      const left = bySku.get(line.sku);
      if (left === undefined)
        throw new ApiFault(
          422,
          'more-than-shipped',
          `lines: nothing of ${line.sku} has left with ${order}: look at what was shipped (GET /v1/orders/${order}/shipments).`,
        );
      const epcs = left.epcs ?? [];
      const isNamed = line.epcs !== undefined || epcs.length < (line.quantity ?? 0) || epcs.length > EPCS_MAX;
      return { ...line, shipped: left.shipped, ...(isNamed || epcs.length === 0 ? {} : { epcs }) };
    }),
  };
}
