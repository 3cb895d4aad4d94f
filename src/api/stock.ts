// GET /v1/stock: balances, now or as of any past instant, as known now or as known then.
import { Type } from 'typebox';
import { RESERVED_LOCATIONS, RESERVED_PREFIXES } from '../config/site.ts';
import { sqlFile } from '../store/sql.ts';
import { formatTime } from '../wire/time.ts';
import { placesOf } from './catalogue.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeOf, TimeParameter } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';

const NOW = sqlFile(import.meta.url, 'sql/stockNow.sql');
const AS_OF = sqlFile(import.meta.url, 'sql/stockAsOf.sql');

/** The ledger's own accounts: not stock of the site. */
export const NO_LOCATION = `^(${RESERVED_LOCATIONS.join('|')})$|^(${RESERVED_PREFIXES.join('|')})`;

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

export interface BalanceRow {
  readonly site: string;
  readonly sku: string;
  readonly location: string;
  readonly container: string;
  readonly lot: string;
  readonly owner: string;
  readonly status: string;
  readonly quantity: number;
}

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
      const values: unknown[] = [
        plans.map((plan) => plan.site),
        places?.map(({ location }) => location) ?? null,
        places?.map(({ site }) => site) ?? null,
        query.sku ?? null,
        after ?? null,
        limit + 1,
        NO_LOCATION,
      ];
      // Not prepared: with a plan of its own, what is not asked for costs nothing.
      const { rows } = await (at === undefined && knownAt === undefined
        ? pool.query<BalanceRow>(NOW, values)
        : pool.query<BalanceRow>(AS_OF, [
            ...values,
            at === undefined ? null : formatTime(at),
            knownAt === undefined ? null : formatTime(knownAt),
          ]));
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
