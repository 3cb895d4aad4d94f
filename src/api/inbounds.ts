// Inbound documents: what is to come, what has come, and what differs, line by line, while the truck is still there.
import { Type } from 'typebox';
import type { Pool } from '../store/database.ts';
import { DOCUMENTS, INBOUND_STATES } from '../wire/inbound.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { HeadJson, headJson, InboundJson, inboundJson, Text, type InboundRow, type LineRow } from './inboundJson.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

/** Lines of documents of a site, in their order, by document. */
export async function linesOf(
  pool: Pool,
  site: string,
  inbounds: readonly string[],
): Promise<ReadonlyMap<string, LineRow[]>> {
  const byInbound = new Map<string, LineRow[]>();
  if (inbounds.length === 0) return byInbound;
  const { rows } = await pool.query<LineRow>({
    name: 'inbound-lines',
    text: `select l.*, l.expiry::text as expiry from inbound_line l where l.site = $1 and l.inbound = any ($2) order by l.inbound, l.ordinal`,
    values: [site, inbounds],
  });
  for (const row of rows) byInbound.set(row.inbound, [...(byInbound.get(row.inbound) ?? []), row]);
  return byInbound;
}

const OPEN = ['expected', 'receiving', 'partial'];
const Path = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const SiteQuery = {
  site: Type.Optional(Type.String({ description: 'Left out when only one site has the document.' })),
};

/** Changes with everything that changes in the document; its first part is the revision, which only amending changes. */
const etagOf = ({ revision, journal_offset: offset }: InboundRow): string => `"${revision}.${offset}"`;

export function inboundRoutes(app: App, { pool, catalogue }: Context): void {
  const find = async (id: string, site: string | undefined): Promise<InboundRow> => {
    const sites = (await catalogue.asked(site)).map((plan) => plan.site);
    const { rows } = await pool.query<InboundRow>({
      name: 'inbound',
      text: 'select * from inbound where site = any ($1) and inbound = $2',
      values: [sites, id],
    });
    if (rows.length > 1)
      throw new ApiFault(400, 'bad-request', `site: ${rows.length} sites have an inbound ${id}; say which.`);
    if (rows[0] === undefined) throw notFound(`There is no inbound ${id}${site === undefined ? '' : ` at ${site}`}.`);
    return rows[0];
  };

  app.get(
    '/v1/inbounds',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'Purchase orders and ship notices, the last announced first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(
            Type.Enum([...INBOUND_STATES, 'open', 'all'], {
              default: 'all',
              description: '`open`: something may still come.',
            }),
          ),
          document: Type.Optional(Type.Enum([...DOCUMENTS])),
          supplier: Type.Optional(Type.String({ maxLength: 64 })),
          sku: Type.Optional(Type.String({ maxLength: 64, description: 'With a line of it.' })),
          ...Paging,
        }),
        response: { 200: Page(HeadJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        'i.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('i.state = any ($)', state === 'all' ? undefined : state === 'open' ? OPEN : [state]);
      where.add('i.document = $', query.document);
      where.add('i.supplier = $', query.supplier);
      where.add(
        'exists (select from inbound_line l where (l.site, l.inbound) = (i.site, i.inbound) and l.sku = $)',
        query.sku,
      );
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined)
        where.addAll('(i.announced_at, i.inbound, i.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<InboundRow>(
        `select i.* from inbound i where ${where.where()} order by i.announced_at desc, i.inbound desc, i.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, headJson, (row) => [formatTime(row.announced_at), row.inbound, row.site]);
    },
  );

  app.get(
    '/v1/inbounds/:id',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'One of them, line by line, as far as it has come',
        description: 'Answers with an ETag, and 304 to an `If-None-Match` that still holds.',
        params: Path,
        querystring: Type.Object(SiteQuery),
        headers: Type.Object({ 'if-none-match': Type.Optional(Type.String({ maxLength: 200 })) }),
        response: { 200: InboundJson, 304: Type.Null({ description: 'Nothing has changed.' }), default: Problem },
      },
    },
    async (request, reply) => {
      const row = await find(request.params.id, request.query.site);
      const etag = etagOf(row);
      void reply.header('etag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      const lines = await linesOf(pool, row.site, [row.inbound]);
      return inboundJson(row, lines.get(row.inbound) ?? []);
    },
  );

  app.get(
    '/v1/inbounds/:id/tags',
    {
      schema: {
        tags: ['inbounds'],
        summary: 'Its tags: listed and missing, listed and here, here and not listed',
        params: Path,
        querystring: Type.Object({
          ...SiteQuery,
          state: Type.Optional(Type.Enum(['missing', 'received', 'unlisted', 'all'], { default: 'all' })),
          ...Paging,
        }),
        response: {
          200: Page(
            Type.Object({
              epc: Type.String(),
              line: Type.String(),
              state: Type.Enum(['missing', 'received', 'unlisted']),
              status: Text,
              movement: Text,
            }),
          ),
          default: Problem,
        },
      },
    },
    async ({ params, query }) => {
      const { site, inbound } = await find(params.id, query.site);
      const { limit = LIMIT_DEFAULT, state = 'all' } = query;
      const [after] = keyOf(query.cursor, ['text']) ?? [];
      const { rows } = await pool.query<TagRow>({
        name: 'inbound-tags',
        text: `select * from (select epc, line, status, transaction_id,
                                     case when transaction_id is null then 'missing' when is_listed then 'received' else 'unlisted' end as state
                              from inbound_tag where site = $1 and inbound = $2 and epc > $3) t
               where $4 in ('all', t.state) order by epc limit $5`,
        values: [site, inbound, after ?? '', state, limit + 1],
      });
      return pageOf(
        rows,
        limit,
        (row) => ({
          epc: row.epc,
          line: row.line,
          state: row.state,
          status: row.status || null,
          movement: row.transaction_id,
        }),
        ({ epc }) => [epc],
      );
    },
  );
}

interface TagRow {
  readonly epc: string;
  readonly line: string;
  readonly state: 'missing' | 'received' | 'unlisted';
  readonly status: string;
  readonly transaction_id: string | null;
}
