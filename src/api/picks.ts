// Pick lists: what is to be taken from where, in the order of the way, and how far that is.
import { Type } from 'typebox';
import { PICK_STATES } from '../wire/outbound.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { pickHead, PickHeadJson, PickJson, type PickRow } from './orderJson.ts';
import { picksWhole } from './orderParts.ts';
import { Problem } from './problem.ts';

export function pickRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/picks',
    {
      schema: {
        tags: ['picks'],
        summary: 'Pick lists, the newest first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...PICK_STATES, 'all'], { default: 'all' })),
          order: Type.Optional(Type.String({ maxLength: 64, description: 'With a line for it.' })),
          wave: Type.Optional(Type.String({ maxLength: 64, description: 'Made by this release of several lists.' })),
          tote: Type.Optional(Type.String({ maxLength: 128, description: 'Of a cluster with this tote on its cart.' })),
          ...Paging,
        }),
        response: { 200: Page(PickHeadJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        'p.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('p.state = $', state === 'all' ? undefined : state);
      where.add(
        'exists (select from pick_line l where (l.site, l.pick) = (p.site, p.pick) and l.order_id = $)',
        query.order,
      );
      where.add('p.wave = $', query.wave);
      where.add(`p.totes @> jsonb_build_array(jsonb_build_object('tote', $::text))`, query.tote);
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined) where.addAll('(p.created_at, p.pick, p.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<PickRow & Record<string, unknown>>(
        `select p.* from pick_list p where ${where.where()} order by p.created_at desc, p.pick desc, p.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, pickHead, (row) => [formatTime(row.created_at), row.pick, row.site]);
    },
  );

  app.get(
    '/v1/picks/:id',
    {
      schema: {
        tags: ['picks'],
        summary: 'One of them, line by line, in the order of the way',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: PickJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const row = await oneOf<PickRow>(context, 'pick_list', params.id, query.site);
      const [pick] = await picksWhole(pool, row.site, [row]);
      return pick!;
    },
  );
}
