// Lists of what is expected to cross, said by themselves: they weigh what readers hear, and nothing else.
import { Type } from 'typebox';
import { CommandSchemas } from '../wire/command.ts';
import { Id } from '../wire/id.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { notFound, Problem } from './problem.ts';

const ListJson = Type.Object({
  list: Type.String(),
  site: Type.String(),
  direction: Type.Enum(['in', 'out']),
  door: Type.Union([Type.String(), Type.Null()]),
  since: Type.String({ format: 'date-time' }),
  expected: Type.Integer({ description: 'EPCs on it; GET …/tags names them.' }),
});

const Path = Type.Object({ list: Id });

interface ListRow {
  readonly site: string;
  readonly list: string;
  readonly direction: 'in' | 'out';
  readonly door: string | null;
  readonly since: number;
  readonly expected: number;
}

export function crossingListRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/crossing-lists',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'Lists of what is expected to cross, said by themselves',
        querystring: Type.Object({ site: Type.Optional(Type.String()), ...Paging }),
        response: { 200: Page(ListJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { limit = LIMIT_DEFAULT } = query;
      const sites = (await catalogue.asked(query.site)).map(({ site }) => site);
      const [site = '', list = ''] = keyOf(query.cursor, ['text', 'text']) ?? [];
      const { rows } = await pool.query<ListRow>({
        name: 'crossing-lists',
        text: 'select site, list, direction, door, since, jsonb_array_length(epcs) as expected from crossing_list where site = any ($1) and (site, list) > ($2, $3) order by site, list limit $4',
        values: [sites, site, list, limit + 1],
      });
      return pageOf(
        rows,
        limit,
        (row) => ({
          list: row.list,
          site: row.site,
          direction: row.direction,
          door: row.door,
          since: formatTime(row.since),
          expected: row.expected,
        }),
        (row) => [row.site, row.list],
      );
    },
  );

  app.get(
    '/v1/crossing-lists/:list/tags',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'The EPCs on a list',
        params: Path,
        querystring: Type.Object({ site: Type.String(), ...Paging }),
        response: { 200: Page(Type.Object({ epc: Type.String() })), default: Problem },
      },
    },
    async ({ params, query }) => {
      const { limit = LIMIT_DEFAULT } = query;
      const { site } = await catalogue.one(query.site);
      const [after = ''] = keyOf(query.cursor, ['text']) ?? [];
      const { rows } = await pool.query<{ epc: string | null }>({
        name: 'crossing-list-tags',
        text: `select t.epc from crossing_list l
               left join lateral (select epc from jsonb_array_elements_text(l.epcs) as e (epc) where epc > $3 order by epc limit $4) t on true
               where l.site = $1 and l.list = $2`,
        values: [site, params.list, after, limit + 1],
      });
      if (rows.length === 0) throw notFound(`There is no list ${params.list} at ${site}.`);
      const tags = rows.flatMap(({ epc }) => (epc === null ? [] : [{ epc }]));
      return pageOf(
        tags,
        limit,
        (tag) => tag,
        ({ epc }) => [epc],
      );
    },
  );

  app.put(
    '/v1/crossing-lists/:list',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'Say what is expected to cross, and which way',
        description:
          'Says the whole list anew; without EPCs it is withdrawn. Inbound documents are lists by themselves.',
        params: Path,
        headers: KeyHeader,
        body: bodyOf(CommandSchemas.expect, 'list'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) => runCommand(context, request, 'expect', { ...(request.body as Body), list: request.params.list }),
  );
}
