// What came back from customers: with which order, out of which bin and by whom it was picked; and what it is good for, as somebody grades it.
import { Type, type Static } from 'typebox';
import { Strict } from '../config/schema.ts';
import { RETURN_REASONS, type ReturnReason } from '../wire/announcedReturn.ts';
import { Id } from '../wire/id.ts';
import { formatTime } from '../wire/time.ts';
import { runCommand } from './commandRoutes.ts';
import { actorOf, CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const DateTime = Type.String({ format: 'date-time' });
const MaybeTime = Type.Union([DateTime, Type.Null()]);

/** What it is good for: to be sold again; not; to be looked at closer; to be thrown away. */
export const GRADES = ['resell', 'damaged', 'quality', 'scrap'] as const;

const ReturnJson = Type.Object({
  id: Type.String({ description: 'The movement; opens at `/v1/movements/{id}/evidence`.' }),
  site: Type.String(),
  epc: Text,
  sku: Text,
  lot: Text,
  quantity: Type.Union([Type.Number(), Type.Null()]),
  location: Type.String({ description: 'Where it came in, or an item is now.' }),
  returnedAt: DateTime,
  status: Type.Union([Type.String(), Type.Null()], {
    description: 'Of an item, now: `returned` until it is graded; null of what has no tag.',
  }),
  order: Type.Union([Type.String(), Type.Null()], {
    description:
      'With which it was shipped last, of what has no tag that of the announcement; null where nobody knows.',
  }),
  line: Text,
  customer: Text,
  announced: Type.Union(
    [
      Type.Object({
        return: Type.String(),
        line: Type.String(),
        because: Type.Enum([...RETURN_REASONS], { description: 'As the customer said.' }),
      }),
      Type.Null(),
    ],
    { description: 'What announced it (`/v1/announced-returns/{id}`); null when nobody did.' },
  ),
  shippedAt: MaybeTime,
  load: Text,
  carton: Type.Union([Type.String(), Type.Null()], { description: 'SSCC of the carton that it left in.' }),
  pick: Type.Union(
    [
      Type.Object({
        movement: Type.String(),
        from: Type.String({ description: 'The bin.' }),
        by: Text,
        at: DateTime,
      }),
      Type.Null(),
    ],
    { description: 'The pick that it came from.' },
  ),
});

interface ReturnRow extends Record<string, unknown> {
  readonly id: string;
  readonly site: string;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly lot: string;
  readonly owner: string | null;
  readonly quantity: number | null;
  readonly to_location: string;
  readonly happened_at: number;
  readonly item_location: string | null;
  readonly item_status: string | null;
  readonly order_id: string | null;
  readonly line: string | null;
  readonly customer: string | null;
  readonly announced: string | null;
  readonly announced_line: string | null;
  readonly because: ReturnReason | null;
  readonly shipped_at: number | null;
  readonly load_id: string | null;
  readonly sscc: string | null;
  readonly pick: string | null;
  readonly picked_from: string | null;
  readonly picked_by: string | null;
  readonly picked_at: number | null;
}

const RETURNS = `select t.id, t.site, t.epc, t.sku, t.lot, t.quantity, t.to_location, t.happened_at,
         (select p.owner from posting p where p.site = t.site and p.transaction_id = t.id limit 1) as owner,
         i.location as item_location, i.status as item_status, coalesce(s.order_id, n.order_id) as order_id, s.line,
         coalesce(s.customer, n.customer) as customer, n.return_id as announced, a.line as announced_line,
         (select l ->> 'because' from jsonb_array_elements(n.lines) l where l ->> 'line' = a.line limit 1) as because, s.happened_at as shipped_at, s.load_id, s.sscc,
         k.id as pick, k.from_location as picked_from, k.actor as picked_by, k.happened_at as picked_at
  from transaction t
  left join item i on (i.site, i.epc) = (t.site, t.epc)
  left join lateral (
    select s.*, o.customer, c.sscc from order_shipment s join customer_order o using (site, order_id)
    left join transaction h on (h.site, h.id) = (s.site, s.transaction_id)
    left join carton c on (c.site, c.order_id, c.epc) = (s.site, s.order_id, h.container)
    where s.site = t.site and s.epc = t.epc and s.happened_at <= t.happened_at order by s.happened_at desc limit 1
  ) s on true
  left join announced_return_arrival a on (a.site, a.transaction_id) = (t.site, t.id)
  left join announced_return n on (n.site, n.return_id) = (a.site, a.return_id)
  left join transaction k on (k.site, k.id::text) = (t.site, s.pick)
  where t.type = 'return' and t.supersedes is null and not exists (select from transaction u where u.site = t.site and u.supersedes = t.id)`;

const returnJson = (row: ReturnRow): Static<typeof ReturnJson> => ({
  id: row.id,
  site: row.site,
  epc: row.epc,
  sku: row.sku,
  lot: row.lot || null,
  quantity: row.quantity,
  location: row.item_location ?? row.to_location,
  returnedAt: formatTime(row.happened_at),
  status: row.item_status || null,
  order: row.order_id,
  line: row.line,
  customer: row.customer,
  announced:
    row.announced === null || row.announced_line === null
      ? null
      : { return: row.announced, line: row.announced_line, because: row.because ?? 'other' },
  shippedAt: row.shipped_at === null ? null : formatTime(row.shipped_at),
  load: row.load_id,
  carton: row.sscc,
  pick:
    row.pick === null || row.picked_from === null || row.picked_at === null
      ? null
      : { movement: row.pick, from: row.picked_from, by: row.picked_by || null, at: formatTime(row.picked_at) },
});

export function returnRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/returns',
    {
      schema: {
        tags: ['returns'],
        summary: 'What came back from customers, the last first, with the order and the pick that it came from',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(
            Type.Enum(['ungraded', 'graded', 'all'], { default: 'all', description: 'Of items: graded or not.' }),
          ),
          customer: Type.Optional(Type.String({ maxLength: 64 })),
          order: Type.Optional(Type.String({ maxLength: 64 })),
          announced: Type.Optional(
            Type.Boolean({ description: 'Only what somebody had announced, or only what nobody had.' }),
          ),
          sku: Type.Optional(Type.String({ maxLength: 64 })),
          ...Paging,
        }),
        response: { 200: Page(ReturnJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { limit = LIMIT_DEFAULT, state = 'all' } = query;
      const where = filters();
      where.add(
        'r.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      if (state !== 'all') where.add(`(r.item_status = 'returned') = $`, state === 'ungraded');
      where.add('r.customer = $', query.customer);
      where.add('r.order_id = $', query.order);
      where.add('r.sku = $', query.sku);
      where.add('(r.announced is not null) = $', query.announced);
      const after = keyOf(query.cursor, ['time', 'id']);
      if (after !== undefined) where.addAll('(r.happened_at, r.id) < ($1::timestamptz, $2::uuid)', ...after);
      const { rows } = await pool.query<ReturnRow>(
        `select * from (${RETURNS}) r where ${where.where()} order by r.happened_at desc, r.id desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, returnJson, (row) => [formatTime(row.happened_at), row.id]);
    },
  );

  app.post(
    '/v1/returns/:id/grading',
    {
      schema: {
        tags: ['returns'],
        summary: 'Say what it is good for',
        description:
          'To be sold again it is available from then on; `scrap` takes it out of the books. What nobody had announced is settled with it.',
        headers: KeyHeader,
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        body: Strict({
          site: Type.String(),
          grade: Type.Enum([...GRADES]),
          code: Type.Optional(Type.String({ ...Id, description: 'One of `rules.adjustment.codes`; scrap needs one.' })),
          reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
        }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { site, grade, ...why } = request.body;
      await catalogue.one(site);
      const { rows } = await pool.query<ReturnRow>(`select * from (${RETURNS}) r where r.site = $1 and r.id = $2`, [
        site,
        request.params.id,
      ]);
      const [row] = rows;
      if (row === undefined) throw notFound(`Nothing came back to ${site} with the movement ${request.params.id}.`);
      if (row.epc !== null && row.item_status !== 'returned')
        throw new ApiFault(409, 'graded', `${row.epc} is ${row.item_status || 'not in the books'} by now.`);
      const { epc, sku, quantity, lot, owner, to_location: location } = row;
      const what = epc === null ? { sku, quantity, location, ...(lot && { lot }), ...(owner && { owner }) } : { epc };
      const answer =
        grade === 'scrap'
          ? await runCommand(context, request, 'scrap', {
              site,
              ...what,
              ...why,
              ...(epc === null && { status: 'returned' }),
            })
          : await runCommand(context, request, 'hold', {
              site,
              ...what,
              ...why,
              status: grade === 'resell' ? 'available' : grade,
              ...(epc === null && { fromStatus: 'returned' }),
            });
      await settleAnnouncement(context, site, row.id, answer.key, actorOf(request));
      return answer;
    },
  );
}

/** That it came unannounced is no question any more. */
async function settleAnnouncement(
  { pool, commands }: Context,
  site: string,
  movement: string,
  key: string,
  actor: string,
): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from discrepancy where site = $1 and transaction_id = $2 and kind = 'unannounced-return' and state = 'open'`,
    [site, movement],
  );
  for (const { id } of rows)
    await commands.run(site, `${key} ${id}`.slice(-200), actor, {
      kind: 'settle',
      discrepancy: id,
      reason: 'it was graded',
    });
}
