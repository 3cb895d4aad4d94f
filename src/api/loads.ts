// Loads: which orders leave together, and how much of each is out.
import { Type } from 'typebox';
import { LOAD_STATES } from '../wire/outbound.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { LoadJson, type LoadRow } from './loadJson.ts';
import { loadsWhole } from './orderParts.ts';
import { Problem } from './problem.ts';

export function loadRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/loads',
    {
      schema: {
        tags: ['loads'],
        summary: 'Loads, the last opened first, with what of each order is out',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...LOAD_STATES, 'all'], { default: 'all' })),
          door: Type.Optional(Type.String({ maxLength: 64 })),
          ...Paging,
        }),
        response: { 200: Page(LoadJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        'l.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('l.state = $', state === 'all' ? undefined : state);
      where.add('l.door = $', query.door);
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined) where.addAll('(l.opened_at, l.load_id, l.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<LoadRow & Record<string, unknown>>(
        `select l.* from outbound_load l where ${where.where()} order by l.opened_at desc, l.load_id desc, l.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      const whole = await loadsWhole(pool, rows);
      const page = pageOf(
        rows.map((row, index) => ({ row, load: whole[index]! })),
        limit,
        ({ load }) => load,
        ({ row }) => [formatTime(row.opened_at), row.load_id, row.site],
      );
      return page;
    },
  );

  app.get(
    '/v1/loads/:id',
    {
      schema: {
        tags: ['loads'],
        summary: 'One of them, order by order',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: LoadJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const [load] = await loadsWhole(pool, [await oneOf<LoadRow>(context, 'outbound_load', params.id, query.site)]);
      return load!;
    },
  );
}
