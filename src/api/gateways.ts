// The gateways, as they last spoke.
import { Type } from 'typebox';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeText } from './lists.ts';
import { Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);

const GatewayJson = Type.Object({
  site: Type.String(),
  gateway: Type.String(),
  online: Type.Union([Type.Boolean(), Type.Null()], { description: 'Null when it never said.' }),
  lastEnvelopeAt: Text,
  statusAt: Text,
  status: Type.Unknown({ description: 'What it last said of itself.' }),
});

interface GatewayRow {
  readonly site: string;
  readonly gateway: string;
  readonly online: boolean | null;
  readonly last_at: number | null;
  readonly changed_at: number | null;
  readonly status: unknown;
}

const gatewayJson = (row: GatewayRow) => ({
  site: row.site,
  gateway: row.gateway,
  online: row.online,
  lastEnvelopeAt: timeText(row.last_at),
  statusAt: timeText(row.changed_at),
  status: row.status ?? null,
});

export function gatewayRoutes(app: App, { pool, catalogue }: Context): void {
  app.get(
    '/v1/gateways',
    {
      schema: {
        tags: ['sites'],
        summary: 'Gateways, as they last spoke',
        querystring: Type.Object({ site: Type.Optional(Type.String()), ...Paging }),
        response: { 200: Page(GatewayJson), default: Problem },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? LIMIT_DEFAULT;
      const plans = await catalogue.asked(query.site);
      const where = filters();
      where.add(
        'coalesce(s.site, g.site) = any ($)',
        plans.map(({ site }) => site),
      );
      const after = keyOf(query.cursor, ['text', 'text']);
      if (after !== undefined)
        where.addAll('(coalesce(s.site, g.site), coalesce(s.gateway, g.gateway)) > ($1::text, $2::text)', ...after);
      const { rows } = await pool.query<GatewayRow>(
        `select coalesce(s.site, g.site) as site, coalesce(s.gateway, g.gateway) as gateway, g.online, s.last_at, g.changed_at, g.status
         from (select site, gateway, max(last_at) as last_at from stream where received is not null group by site, gateway) s
         full join gateway g on (g.site, g.gateway) = (s.site, s.gateway)
         where ${where.where()} order by 1, 2 limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, gatewayJson, (row) => [row.site, row.gateway]);
    },
  );
}
