// Lists of what is expected to cross, said by themselves: they weigh what readers hear, and nothing else.
import { Type } from 'typebox';
import { CommandSchemas, type Command } from '../wire/command.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf } from './commandRoutes.ts';
import { actorOf, CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { Problem } from './problem.ts';

const ListJson = Type.Object({
  list: Type.String(),
  site: Type.String(),
  direction: Type.Enum(['in', 'out']),
  door: Type.Union([Type.String(), Type.Null()]),
  since: Type.String({ format: 'date-time' }),
  epcs: Type.Array(Type.String()),
});

interface ListRow {
  readonly site: string;
  readonly list: string;
  readonly direction: 'in' | 'out';
  readonly door: string | null;
  readonly since: number;
  readonly epcs: string[];
}

export function crossingListRoutes(app: App, { pool, catalogue, commands }: Context): void {
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
        text: 'select * from crossing_list where site = any ($1) and (site, list) > ($2, $3) order by site, list limit $4',
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
          epcs: row.epcs,
        }),
        (row) => [row.site, row.list],
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
        params: Type.Object({ list: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' }) }),
        headers: KeyHeader,
        body: bodyOf(CommandSchemas.expect, 'list'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { site, ...fields } = request.body as { site: string } & Record<string, unknown>;
      await catalogue.one(site);
      const command = { kind: 'expect', ...fields, list: request.params.list } as unknown as Command;
      return commands.run(site, keyOfRequest(request), actorOf(request), command);
    },
  );
}
