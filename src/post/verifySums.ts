// Are the sums that are kept what they are sums of? Balances, what moved by day and hour, marks of stock, and what orders and receipts came to:
// all of them made anew in Postgres, and compared.
import { atomically, type Client } from '../store/database.ts';
import type { Difference } from './verifyLedger.ts';
import { verifyMarks } from './verifyMarks.ts';

const EXAMPLES = 5;

/** All of them, of a site, against what the tables of `main` have. */
export async function verifySums(main: Client, site: string): Promise<Difference[]> {
  return [
    ...(await compareBalances(main, site)),
    ...(await compareFlows(main, site)),
    ...(await compareFigures(main, site)),
    ...(await verifyMarks(main, site)),
  ];
}

/** Every balance against the sum of its postings, in the ledger itself. */
async function compareBalances(main: Client, site: string): Promise<Difference[]> {
  const { rows } = await main.query<{ key: string; held: number | null; summed: number | null }>(
    `with line as (
       select sku, to_location as location, to_container as container, lot, owner, to_status as status, quantity from posting where site = $1
       union all
       select sku, from_location, from_container, lot, owner, from_status, -quantity from posting where site = $1
     ), summed as (
       select sku, location, container, lot, owner, status, sum(quantity) as quantity from line group by 1, 2, 3, 4, 5, 6
     )
     select concat_ws(' ', sku, location, container, lot, owner, status) as key, b.quantity as held, s.quantity as summed
     from (select * from balance where site = $1) b full join summed s using (sku, location, container, lot, owner, status)
     where coalesce(b.quantity, 0) <> coalesce(s.quantity, 0)`,
    [site],
  );
  if (rows.length === 0) return [];
  const examples = rows
    .slice(0, EXAMPLES)
    .map(({ key, held, summed }) => `${key}: balance ${held ?? 0}, postings ${summed ?? 0}`);
  return [{ site, what: 'balance against postings', missing: rows.length, unexpected: 0, examples }];
}

/** What moved by SKU and day, against the postings that it is summed of. */
async function compareFlows(main: Client, site: string): Promise<Difference[]> {
  const columns = 'sku, day, net, lag, received, shipped, returned, adjusted';
  return compare(
    main,
    site,
    'flow against postings',
    `select ${columns} from flow where site = $1`,
    `select ${columns} from flow_of($1)`,
    [site],
  );
}

const SITE_FLOW = 'hour, currency, net, lag, shipped, shipped_units, available';
const ORDER_FIGURES = `order_id, customer, entered_at, ship_by, settled_at, out_at, is_out, is_filled, is_documented, came_back, units,
  units_filled, lines, lines_filled`;
const RECEIPTS = 'inbound, receipt, quantity, arrived_at, stored_at';

/** What key figures are made of, against what it is made of. */
async function compareFigures(main: Client, site: string): Promise<Difference[]> {
  const isSome = 'where (net, lag, shipped, shipped_units, available) <> (0, 0, 0, 0, 0)';
  const isKept = 'where not exists (select from order_to_figure n where n.site = $1 and n.order_id = f.order_id)';
  return [
    ...(await compare(
      main,
      site,
      'what moved by the hour against postings',
      `select ${SITE_FLOW} from site_flow ${isSome} and site = $1`,
      `select ${SITE_FLOW} from site_flow_of($1) ${isSome}`,
      [site],
    )),
    ...(await compare(
      main,
      site,
      'figures of orders against orders',
      `select ${ORDER_FIGURES} from order_figure f ${isKept} and site = $1`,
      `select ${ORDER_FIGURES} from order_figures_of($1, array(select order_id from customer_order where site = $1)) f ${isKept}`,
      [site],
    )),
    ...(await compare(
      main,
      site,
      'receipts put away against what was put away',
      `select ${RECEIPTS} from receipt_stored where site = $1`,
      `select ${RECEIPTS} from receipts_stored_of($1, null)`,
      [site],
    )),
  ];
}

/** Rows of two statements that are not in both. */
export async function compare(
  owner: Client,
  site: string,
  what: string,
  held: string,
  derived: string,
  values: unknown[],
): Promise<Difference[]> {
  const of = async (left: string, right: string): Promise<{ count: number; examples: string[] }> => {
    const { rows } = await owner.query<{ row: string; count: number }>(
      `select to_jsonb(d)::text as row, count(*) over () as count from (${left} except ${right}) d limit ${EXAMPLES}`,
      values,
    );
    return { count: rows[0]?.count ?? 0, examples: rows.map(({ row }) => row) };
  };
  const unexpected = await atomically(owner, () => of(held, derived));
  const missing = await atomically(owner, () => of(derived, held));
  if (unexpected.count === 0 && missing.count === 0) return [];
  const examples = [
    ...missing.examples.map((row) => `not in the ledger: ${row}`),
    ...unexpected.examples.map((row) => `only in the ledger: ${row}`),
  ];
  return [{ site, what, missing: missing.count, unexpected: unexpected.count, examples }];
}
