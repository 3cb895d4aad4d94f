// Figures of stock of whole sites: how often it turns over, and for how long it lasts. Made of sums by the hour, at what each SKU costs.
import { sqlFile } from '../../store/sql.ts';
import { HOUR_MS, hoursOf, type Asked } from './period.ts';
import { skuFigures, turnoverFrom, turnoverOf, type Turnover } from './stock.ts';
import { supplyOfSite, DEMAND_DAYS, type SiteSupply } from './supply.ts';

const SITE_STOCK = sqlFile(import.meta.url, 'sql/siteStock.sql');
const SUPPLY = sqlFile(import.meta.url, 'sql/siteSupply.sql');

/** By site: annualised cost of what was shipped over the time-weighted cost of what was on hand, by currency. */
export async function siteTurnover(asked: Asked): Promise<Map<string, Turnover[]>> {
  const { on, sites, ...period } = asked;
  const { rowCount } = await on.query({
    name: 'kpis-to-value',
    text: 'select from sku_to_value where site = any ($1) limit 1',
    values: [sites],
  });
  // A SKU costs something else, and is not counted so yet.
  if (rowCount !== 0) return turnoverBySku(asked);
  const { first, whole, after } = hoursOf(period);
  const { rows } = await on.query<{ site: string; currency: string; shipped: number; on_hand_mean: number }>(
    SITE_STOCK,
    [sites, ...[period.from, period.to, first, whole, after].map((time) => new Date(time))],
  );
  return new Map(
    sites.map((site) => {
      const own = rows.filter((row) => row.site === site);
      const sums = own.map((row) => [row.currency || null, { shipped: row.shipped, mean: row.on_hand_mean }] as const);
      return [site, turnoverFrom(new Map(sums), period)];
    }),
  );
}

async function turnoverBySku(asked: Asked): Promise<Map<string, Turnover[]>> {
  const skus = await skuFigures(asked);
  return new Map(
    asked.sites.map((site) => [
      site,
      turnoverOf(
        skus.filter((sku) => sku.site === site),
        asked,
      ),
    ]),
  );
}

/** What is available at each site now over what it sent to customers a day, in the 28 days up to `to` (from a whole hour on): units of all SKUs together. */
export async function siteSupply({
  on,
  sites,
  to,
}: Pick<Asked, 'on' | 'sites' | 'to'>): Promise<Map<string, SiteSupply>> {
  const { rows } = await on.query<{ site: string; available: number; shipped: number }>({
    name: 'kpis-site-supply',
    text: SUPPLY,
    values: [sites, new Date(to), new Date(Math.floor(to / HOUR_MS) * HOUR_MS), DEMAND_DAYS],
  });
  const found = new Map(rows.map((row) => [row.site, row]));
  return new Map(
    sites.map((site) => [site, supplyOfSite(found.get(site)?.available ?? 0, found.get(site)?.shipped ?? 0)]),
  );
}
