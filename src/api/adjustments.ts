// Adjustments: what people corrected and why, what waits for approval, and what became of each.
import { Type } from 'typebox';
import { Strict } from '../config/schema.ts';
import { ADJUSTMENT_KINDS, ADJUSTMENT_STATES } from '../wire/adjusting.ts';
import { CommandSchemas } from '../wire/command.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters, newest } from './filters.ts';
import { Page, pageOf, Paging, timeText } from './lists.ts';
import { notFound, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const AdjustmentJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  kind: Type.Enum([...ADJUSTMENT_KINDS]),
  epc: Text,
  sku: Text,
  lot: Text,
  owner: Text,
  location: Type.String(),
  status: Text,
  quantity: Type.Number({
    description: 'Found: positive; missing, gone or scrapped: negative; on hold or released: so much.',
  }),
  code: Type.String({ description: 'Of the reason.' }),
  reason: Text,
  by: Type.String(),
  happenedAt: Type.String({ format: 'date-time' }),
  state: Type.Enum([...ADJUSTMENT_STATES]),
  decidedBy: Type.Union([Type.String(), Type.Null()], {
    description: 'Who approved or rejected it, where that was needed.',
  }),
  decidedAt: Text,
});

interface AdjustmentRow extends Record<string, unknown> {
  readonly site: string;
  readonly id: string;
  readonly kind: (typeof ADJUSTMENT_KINDS)[number];
  readonly epc: string | null;
  readonly sku: string | null;
  readonly lot: string;
  readonly owner: string;
  readonly location: string;
  readonly status: string;
  readonly quantity: number;
  readonly code: string;
  readonly reason: string | null;
  readonly asked_by: string;
  readonly happened_at: number;
  readonly state: (typeof ADJUSTMENT_STATES)[number];
  readonly decided_by: string | null;
  readonly decided_at: number | null;
}

const adjustmentJson = (row: AdjustmentRow) => ({
  id: row.id,
  site: row.site,
  kind: row.kind,
  epc: row.epc,
  sku: row.sku,
  lot: row.lot || null,
  owner: row.owner || null,
  location: row.location,
  status: row.status || null,
  quantity: row.quantity,
  code: row.code,
  reason: row.reason,
  by: row.asked_by,
  happenedAt: formatTime(row.happened_at),
  state: row.state,
  decidedBy: row.decided_by,
  decidedAt: timeText(row.decided_at),
});

const Path = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }) });

export function adjustmentRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  const siteOf = async (id: string): Promise<AdjustmentRow> => {
    const { rows } = await pool.query<AdjustmentRow>({
      name: 'one-adjustment',
      text: 'select * from adjustment where id = $1 and site = any ($2)',
      values: [id, (await catalogue.asked(undefined)).map(({ site }) => site)],
    });
    if (rows[0] === undefined) throw notFound(`There is no adjustment ${id}.`);
    return rows[0];
  };
  app.get(
    '/v1/adjustments',
    {
      schema: {
        tags: ['adjustments'],
        summary: 'What people corrected and why, the last first',
        description:
          'Found, missing, on hold, released, gone and scrapped; what counts and reads changed is in /v1/movements.',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...ADJUSTMENT_STATES, 'all'], { default: 'all' })),
          kind: Type.Optional(Type.Enum([...ADJUSTMENT_KINDS])),
          code: Type.Optional(Type.String({ maxLength: 64 })),
          sku: Type.Optional(Type.String({ maxLength: 64 })),
          ...Paging,
        }),
        response: { 200: Page(AdjustmentJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all' } = query;
      const where = filters();
      where.add('a.state = $', state === 'all' ? undefined : state);
      where.add('a.kind = $', query.kind);
      where.add('a.code = $', query.code);
      where.add('a.sku = $', query.sku);
      const listed = { table: 'adjustment', as: 'a', columns: 'a.*', time: 'happened_at' };
      const { text, values, limit } = newest(listed, await catalogue.asked(query.site), where, query);
      const { rows } = await pool.query<AdjustmentRow>(text, values);
      return pageOf(rows, limit, adjustmentJson, (row) => [formatTime(row.happened_at), row.id]);
    },
  );

  app.get(
    '/v1/adjustments/:id',
    {
      schema: {
        tags: ['adjustments'],
        summary: 'One of them: who asked for it, who decided it',
        params: Path,
        response: { 200: AdjustmentJson, default: Problem },
      },
    },
    async ({ params }) => adjustmentJson(await siteOf(params.id)),
  );

  app.post(
    '/v1/adjustments/:id/approval',
    {
      schema: {
        tags: ['adjustments'],
        summary: 'Approve what waits, or reject it',
        description: 'By somebody who did not ask for it: `X-Operator` says who asks.',
        headers: KeyHeader,
        params: Path,
        body: Strict({
          isApproved: CommandSchemas['approve-adjustment'].properties.isApproved,
          reason: CommandSchemas['approve-adjustment'].properties.reason,
        }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { site, id } = await siteOf(request.params.id);
      return runCommand(context, request, 'approve-adjustment', { site, ...request.body, adjustment: id });
    },
  );

  app.post(
    '/v1/scraps',
    {
      schema: {
        tags: ['adjustments'],
        summary: 'Scrap stock: it leaves the books, and is brought to where scrap goes',
        headers: KeyHeader,
        body: bodyOf(CommandSchemas.scrap),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) => runCommand(context, request, 'scrap', request.body as Body),
  );
}
