// Counts: plans, their bins, who counted them, and what came of it.
import { Type } from 'typebox';
import { COUNT_STATES, TASK_STATES } from '../wire/counting.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import {
  countHead,
  CountHeadJson,
  countJson,
  CountJson,
  countTaskJson,
  CountTaskJson,
  type CountRow,
  type CountTaskRow,
} from './countJson.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { Problem } from './problem.ts';

const WAITING = ['open', 'recount', 'resweep'];

export function countRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/counts',
    {
      schema: {
        tags: ['counts'],
        summary: 'Plans of counts, the last made first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...COUNT_STATES, 'all'], { default: 'all' })),
          ...Paging,
        }),
        response: { 200: Page(CountHeadJson), default: Problem },
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
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined) where.addAll('(c.created_at, c.count_id, c.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<CountRow & Record<string, unknown>>(
        `select c.* from count_plan c where ${where.where()} order by c.created_at desc, c.count_id desc, c.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, countHead, (row) => [formatTime(row.created_at), row.count_id, row.site]);
    },
  );

  app.get(
    '/v1/counts/:id',
    {
      schema: {
        tags: ['counts'],
        summary: 'One of them, bin by bin',
        description: 'What the books have of a bin is told when it waits for approval or is closed, not before.',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: CountJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const row = await oneOf<CountRow>(context, 'count_plan', params.id, query.site);
      const { rows } = await pool.query<CountTaskRow & Record<string, unknown>>({
        name: 'count-tasks',
        text: 'select * from count_task where site = $1 and count_id = $2 order by task',
        values: [row.site, row.count_id],
      });
      return countJson(row, rows);
    },
  );

  app.get(
    '/v1/count-tasks',
    {
      schema: {
        tags: ['counts'],
        summary: 'Bins to count, of all plans, in the order in which they were planned',
        querystring: Type.Object({
          site: Type.String(),
          state: Type.Optional(
            Type.Enum([...TASK_STATES, 'waiting', 'all'], {
              default: 'waiting',
              description: '`waiting`: somebody has to count it, or count it again.',
            }),
          ),
          location: Type.Optional(Type.String({ maxLength: 64 })),
          ...Paging,
        }),
        response: { 200: Page(CountTaskJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'waiting', limit = LIMIT_DEFAULT } = query;
      const plan = await catalogue.one(query.site);
      const where = filters();
      where.add('t.site = $', plan.site);
      where.add('t.state = any ($)', state === 'all' ? undefined : state === 'waiting' ? WAITING : [state]);
      where.add('t.location = $', query.location);
      const after = keyOf(query.cursor, ['time', 'text', 'number']);
      if (after !== undefined)
        where.addAll('(c.created_at, t.count_id, t.task) > ($1::timestamptz, $2, $3::integer)', ...after);
      const { rows } = await pool.query<CountTaskRow & { readonly created_at: number } & Record<string, unknown>>(
        `select t.*, c.created_at from count_task t join count_plan c using (site, count_id)
         where ${where.where()} order by c.created_at, t.count_id, t.task limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, countTaskJson, (row) => [formatTime(row.created_at), row.count_id, row.task]);
    },
  );
}
