// GET /v1/stock: balances, now or as of any past instant, as known now or as known then.
import { Type } from 'typebox';
import type { Pool } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { NO_LOCATION, type BalanceRow } from './balanceRow.ts';
import { placesOf } from './catalogue.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeOf, TimeParameter } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';
import { stockAsOf, type AsOf } from './stockAsOf.ts';

const NOW = sqlFile(import.meta.url, 'sql/stockNow.sql');

export const Balance = Type.Object({
  site: Type.String(),
  sku: Type.String(),
  location: Type.String(),
  container: Type.Union([Type.String(), Type.Null()]),
  lot: Type.Union([Type.String(), Type.Null()]),
  owner: Type.Union([Type.String(), Type.Null()]),
  status: Type.Union([Type.String(), Type.Null()]),
  quantity: Type.Number({ description: 'May be negative: more was taken than the books had.' }),
});

export const balanceJson = (row: BalanceRow) => ({
  site: row.site,
  sku: row.sku,
  location: row.location,
  container: row.container || null,
  lot: row.lot || null,
  owner: row.owner || null,
  status: row.status || null,
  quantity: row.quantity,
});

export function stockRoutes(app: App, { pool, catalogue }: Context): void {
  app.get(
    '/v1/stock',
    {
      schema: {
        tags: ['stock'],
        summary: 'Balances, now or as of any past instant',
        description:
          'A location stands for everything inside it. `at` asks by when things happened, as known now; `knownAt` by what had been recorded by then.',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          location: Type.Optional(Type.String()),
          sku: Type.Optional(Type.String()),
          at: TimeParameter('Stock as of this instant.'),
          knownAt: TimeParameter('Only what was recorded by then.'),
          ...Paging,
        }),
        response: { 200: Page(Balance), default: Problem },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? LIMIT_DEFAULT;
      const plans = await catalogue.asked(query.site);
      const places = query.location === undefined ? undefined : placesOf(plans, query.location);
      if (places !== undefined && !places.some(({ site, location }) => catalogue.everHad(site, location))) {
        throw new ApiFault(
          404,
          'not-found',
          `location: ${query.location} is not a location of ${plans.map((plan) => plan.site).join(', ')}.`,
        );
      }
      const after = keyOf(query.cursor, ['text', 'text', 'text', 'text', 'text', 'text', 'text']);
      const at = timeOf(query.at, 'at');
      const knownAt = timeOf(query.knownAt, 'knownAt');
      const sites = plans.map(({ site }) => site);
      const rows =
        at === undefined && knownAt === undefined
          ? await stockNow(pool, { sites, places, sku: query.sku, after, limit: limit + 1 })
          : await stockAsOf(pool, {
              sites,
              places,
              sku: query.sku,
              after,
              limit: limit + 1,
              at,
              knownAt,
            });
      return pageOf(rows, limit, balanceJson, (row) => [
        row.site,
        row.sku,
        row.location,
        row.container,
        row.lot,
        row.owner,
        row.status,
      ]);
    },
  );
}

async function stockNow(
  pool: Pool,
  { sites, places, sku, after, limit }: Omit<AsOf, 'at' | 'knownAt'>,
): Promise<readonly BalanceRow[]> {
  // Not prepared: with a plan of its own, what is not asked for costs nothing.
  const { rows } = await pool.query<BalanceRow>(NOW, [
    sites,
    places?.map(({ location }) => location) ?? null,
    places?.map(({ site }) => site) ?? null,
    sku ?? null,
    after ?? null,
    limit,
    NO_LOCATION,
  ]);
  return rows;
}
