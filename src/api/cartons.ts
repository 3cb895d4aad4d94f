// Cartons: what is packed into each, and what is missing.
import { Type } from 'typebox';
import { CARTON_STATES } from '../wire/packing.ts';
import { formatTime } from '../wire/time.ts';
import { CartonJson, cartonsWhole, type CartonRow } from './cartonJson.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { Problem } from './problem.ts';

export function cartonRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/cartons',
    {
      schema: {
        tags: ['cartons'],
        summary: 'Cartons, the last opened first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...CARTON_STATES, 'all'], { default: 'all' })),
          order: Type.Optional(Type.String({ maxLength: 64 })),
          bench: Type.Optional(Type.String({ maxLength: 64 })),
          load: Type.Optional(Type.String({ maxLength: 64, description: 'Of orders on this load.' })),
          ...Paging,
        }),
        response: { 200: Page(CartonJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        'c.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('c.state = $', state === 'all' ? undefined : state);
      where.add('c.order_id = $', query.order);
      where.add('c.bench = $', query.bench);
      where.add(
        'exists (select from customer_order o where (o.site, o.order_id) = (c.site, c.order_id) and o.load_id = $)',
        query.load,
      );
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined) where.addAll('(c.opened_at, c.sscc, c.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<CartonRow & Record<string, unknown>>(
        `select c.* from carton c where ${where.where()} order by c.opened_at desc, c.sscc desc, c.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      const whole = await cartonsWhole(pool, rows);
      return pageOf(
        rows.map((row, index) => ({ row, carton: whole[index]! })),
        limit,
        ({ carton }) => carton,
        ({ row }) => [formatTime(row.opened_at), row.sscc, row.site],
      );
    },
  );

  app.get(
    '/v1/cartons/:id',
    {
      schema: {
        tags: ['cartons'],
        summary: 'One of them, by its SSCC',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: CartonJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const [carton] = await cartonsWhole(pool, [await oneOf<CartonRow>(context, 'carton', params.id, query.site)]);
      return carton!;
    },
  );
}
