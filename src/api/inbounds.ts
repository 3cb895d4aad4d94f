// Inbound documents: what is to come, what has come, and what differs, line by line, while the truck is still there.
import { Type } from 'typebox';
import type { Batch, Noted } from '../infer/effects.ts';
import { inBooks } from '../infer/balances.ts';
import type { Pool } from '../store/database.ts';
import { DOCUMENTS, INBOUND_STATES } from '../wire/inbound.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeText } from './lists.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);

const LineJson = Type.Object({
  line: Type.String(),
  sku: Text,
  lot: Text,
  expiry: Text,
  quantity: Type.Number({ description: 'Expected.' }),
  received: Type.Number({ description: 'Of an order also what came with the notices that serve it.' }),
  short: Type.Number(),
  over: Type.Number(),
  unlisted: Type.Number({ description: 'Of what came, tags that the list does not name.' }),
  damaged: Type.Number(),
  quality: Type.Number({ description: 'Held to be looked at.' }),
  listed: Type.Integer({ description: 'EPCs that are listed; GET …/tags names them.' }),
  sscc: Type.Array(Type.String()),
  order: Type.Union([Type.Object({ inbound: Type.String(), line: Text }), Type.Null()]),
  batches: Type.Array(Type.Object({ lot: Type.String(), expiry: Text, quantity: Type.Number() }), {
    description: 'Lots and expiry dates of what came without tags.',
  }),
});

const Head = {
  id: Type.String(),
  site: Type.String(),
  document: Type.Enum([...DOCUMENTS]),
  revision: Type.Integer(),
  supplier: Type.String(),
  state: Type.Enum([...INBOUND_STATES], {
    description: 'Nothing came yet; a receipt is open; a rest is to come; all came; nobody waits for it any more.',
  }),
  expectedFrom: Text,
  expectedTo: Text,
  door: Text,
  tolerance: Type.Number(),
  announcedAt: Type.String({ format: 'date-time' }),
  changedAt: Type.String({ format: 'date-time' }),
  receipts: Type.Integer({ description: 'How many there were, with the open one.' }),
  receipt: Type.Union([Type.Object({ openedAt: Type.String(), door: Text, by: Text }), Type.Null()]),
  noted: Type.Array(
    Type.Object({
      why: Type.Enum(['unexpected', 'wrong-supplier']),
      epc: Text,
      sku: Text,
      quantity: Type.Number(),
      inbound: Text,
      movement: Type.String(),
    }),
    { description: 'What came with the open receipt and is on no document, or on one of another supplier.' },
  ),
  lineCount: Type.Integer(),
  quantity: Type.Number(),
  received: Type.Number(),
};
const HeadJson = Type.Object(Head);
export const InboundJson = Type.Object({ ...Head, lines: Type.Array(LineJson) });

export interface InboundRow {
  readonly site: string;
  readonly inbound: string;
  readonly document: 'order' | 'notice';
  readonly revision: number;
  readonly supplier: string;
  readonly state: (typeof INBOUND_STATES)[number];
  readonly expected_from: number | null;
  readonly expected_to: number | null;
  readonly door: string | null;
  readonly tolerance: number;
  readonly announced_at: number;
  readonly changed_at: number;
  readonly receipts: number;
  readonly receipt_opened_at: number | null;
  readonly receipt_door: string | null;
  readonly receipt_by: string | null;
  readonly noted: readonly Noted[];
  readonly line_count: number;
  readonly quantity: number;
  readonly received: number;
  readonly journal_offset: number;
}

export interface LineRow {
  readonly inbound: string;
  readonly line: string;
  readonly sku: string | null;
  readonly lot: string;
  readonly expiry: string | null;
  readonly quantity: number;
  readonly order_inbound: string | null;
  readonly order_line: string | null;
  readonly sscc: readonly string[];
  readonly listed: number;
  readonly received: number;
  readonly unlisted: number;
  readonly damaged: number;
  readonly quality: number;
  readonly batches: readonly Batch[];
}

const headJson = (row: InboundRow) => ({
  id: row.inbound,
  site: row.site,
  document: row.document,
  revision: row.revision,
  supplier: row.supplier,
  state: row.state,
  expectedFrom: timeText(row.expected_from),
  expectedTo: timeText(row.expected_to),
  door: row.door,
  tolerance: Math.round(row.tolerance * 10_000) / 10_000,
  announcedAt: formatTime(row.announced_at),
  changedAt: formatTime(row.changed_at),
  receipts: row.receipts,
  receipt:
    row.receipt_opened_at === null
      ? null
      : { openedAt: formatTime(row.receipt_opened_at), door: row.receipt_door, by: row.receipt_by },
  noted: row.noted.map(({ transaction, ...noted }) => ({ ...noted, movement: transaction })),
  lineCount: row.line_count,
  quantity: row.quantity,
  received: row.received,
});

const lineJson = (row: LineRow) => ({
  line: row.line,
  sku: row.sku,
  lot: row.lot || null,
  expiry: row.expiry,
  quantity: row.quantity,
  received: row.received,
  short: Math.max(0, inBooks(row.quantity - row.received)),
  over: Math.max(0, inBooks(row.received - row.quantity)),
  unlisted: row.unlisted,
  damaged: row.damaged,
  quality: row.quality,
  listed: row.listed,
  sscc: [...row.sscc],
  order: row.order_inbound === null ? null : { inbound: row.order_inbound, line: row.order_line },
  batches: [...row.batches],
});

export const inboundJson = (row: InboundRow, lines: readonly LineRow[]) => ({
  ...headJson(row),
  lines: lines.map((line) => lineJson(line)),
});

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
