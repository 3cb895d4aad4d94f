// Stock that lies at the wrong site: here it will not last, there it lies for months. By what customers were sent, and what orders wait
// for; levels need not be said (those that are said: stock.ts).
import type { AlertRules } from '../../config/alertKinds.ts';
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import type { Finding, Look } from '../finding.ts';

const DEMAND = sqlFile(import.meta.url, 'sql/demand.sql');
export const DEMAND_DAYS = 28;

/** One SKU at one site, in its units. */
export interface Standing {
  readonly site: string;
  readonly sku: string;
  readonly available: number;
  /** To customers, in 28 days. */
  readonly shipped: number;
  /** Of open orders, promised nothing. */
  readonly waiting: number;
}

type Limits = Pick<AlertRules['imbalance'], 'quantityMin' | 'daysMin' | 'daysTarget' | 'daysSpare'>;

export interface Transfer {
  readonly from: Standing;
  readonly to: Standing;
  readonly quantity: number;
  /** For so many days what is here lasts; after what waits has gone. */
  readonly days: number;
}

/**
 * What to bring here from the site that can spare most: here it lasts for less than `daysMin` days, there it stays at `daysSpare` days.
 * Undefined when it lasts here, or nobody has enough to spare. Pure.
 */
export function transferOf(here: Standing, others: readonly Standing[], limits: Limits): Transfer | undefined {
  const perDay = here.shipped / DEMAND_DAYS;
  const left = here.available - here.waiting;
  if (perDay <= 0 && here.waiting <= 0) return undefined;
  const days = perDay > 0 ? Math.max(0, left) / perDay : left < 0 ? 0 : Number.POSITIVE_INFINITY;
  if (days >= limits.daysMin) return undefined;
  const [giver] = others
    .map((from) => ({ from, spare: from.available - from.waiting - (limits.daysSpare * from.shipped) / DEMAND_DAYS }))
    .toSorted((a, b) => b.spare - a.spare || (a.from.site < b.from.site ? -1 : 1));
  if (giver === undefined) return undefined;
  const quantity = Math.floor(Math.min(giver.spare, limits.daysTarget * perDay - left));
  return quantity < Math.max(1, limits.quantityMin) ? undefined : { from: giver.from, to: here, quantity, days };
}

/** Of SKUs that no level is said of (`levelled` are those of which one is). */
export async function imbalances(
  { database, plan, plans, now }: Look,
  limits: Limits,
  levelled: ReadonlySet<string>,
): Promise<Finding[]> {
  if (plans.length < 2) return [];
  const rows = await standingsOf(
    { database },
    plans.map(({ site }) => site),
    now,
  );
  const elsewhere = new Map<string, Standing[]>();
  for (const row of rows) if (row.site !== plan.site) elsewhere.set(row.sku, [...(elsewhere.get(row.sku) ?? []), row]);
  return rows
    .filter(({ site, sku }) => site === plan.site && !levelled.has(sku))
    .flatMap((here) => transferOf(here, elsewhere.get(here.sku) ?? [], limits) ?? [])
    .map((transfer) => finding(transfer));
}

/** What stands at these sites of each SKU, and what is asked for. */
export async function standingsOf(
  { database }: Pick<Look, 'database'>,
  sites: readonly string[],
  now: number,
): Promise<readonly Standing[]> {
  const { rows } = await database.query<Standing & Record<string, unknown>>({
    name: 'watch-demand',
    text: DEMAND,
    values: [sites, formatTime(now)],
  });
  return rows;
}

const finding = ({ from, to, quantity, days }: Transfer): Finding => ({
  subject: to.sku,
  confidence: 1,
  message: `${to.site} has ${to.available} of ${to.sku}, for ${Math.floor(days)} ${Math.floor(days) === 1 ? 'day' : 'days'}, and orders wait for ${to.waiting}; ${from.site} has ${from.available} and sent ${from.shipped} in ${DEMAND_DAYS} days.`,
  suggestion: `Transfer ${quantity} of ${to.sku} from ${from.site} to ${to.site}.`,
  evidence: {
    transfer: { sku: to.sku, quantity, from: from.site, to: to.site },
    here: { ...to, perDay: Math.round((10_000 * to.shipped) / DEMAND_DAYS) / 10_000 },
    there: { ...from, perDay: Math.round((10_000 * from.shipped) / DEMAND_DAYS) / 10_000 },
  },
  look: `/v1/stock?sku=${encodeURIComponent(to.sku)}`,
});
