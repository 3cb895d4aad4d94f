// Orders of customers: what each is promised, how far it is picked, what is out.
import { Type, type Static } from 'typebox';
import { ORDER_STATES } from '../wire/outbound.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { orderHead, OrderHeadJson, OrderJson, type OrderRow } from './orderJson.ts';
import { ordersWhole } from './orderParts.ts';
import { Problem } from './problem.ts';

const OPEN = ORDER_STATES.filter((state) => state !== 'shipped' && state !== 'cancelled');

/** Changes with everything that changes in the order; its first part is the revision, which only amending changes. */
const etagOf = ({ revision, journal_offset: offset }: OrderRow): string => `"${revision}.${offset}"`;

const ShipmentJson = Type.Object({
  movement: Type.String({ description: 'Opens at `/v1/movements/{id}/evidence`.' }),
  line: Type.String(),
  epc: Type.Union([Type.String(), Type.Null()], { description: 'Null: goods without tags.' }),
  quantity: Type.Number(),
  load: Type.Union([Type.String(), Type.Null()], { description: 'Null: it left without one.' }),
  carton: Type.Union([Type.String(), Type.Null()], { description: 'SSCC of the carton that it left in.' }),
  carrier: Type.Union([Type.String(), Type.Null()], { description: 'With which the carton was booked.' }),
  tracking: Type.Union([Type.String(), Type.Null()], { description: 'Its number with the carrier.' }),
  happenedAt: Type.String(),
});

export function orderRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/orders',
    {
      schema: {
        tags: ['orders'],
        summary: 'Orders of customers, the last entered first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(
            Type.Enum([...ORDER_STATES, 'open', 'all'], {
              default: 'all',
              description: '`open`: something may still go out.',
            }),
          ),
          customer: Type.Optional(Type.String({ maxLength: 64 })),
          sku: Type.Optional(Type.String({ maxLength: 64, description: 'With a line of it.' })),
          load: Type.Optional(Type.String({ maxLength: 64 })),
          ...Paging,
        }),
        response: { 200: Page(OrderHeadJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        'o.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('o.state = any ($)', state === 'all' ? undefined : state === 'open' ? OPEN : [state]);
      where.add('o.customer = $', query.customer);
      where.add('o.load_id = $', query.load);
      where.add(
        'exists (select from order_line l where (l.site, l.order_id) = (o.site, o.order_id) and l.sku = $)',
        query.sku,
      );
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined) where.addAll('(o.entered_at, o.order_id, o.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<OrderRow & Record<string, unknown>>(
        `select o.* from customer_order o where ${where.where()} order by o.entered_at desc, o.order_id desc, o.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, orderHead, (row) => [formatTime(row.entered_at), row.order_id, row.site]);
    },
  );

  app.get(
    '/v1/orders/:id',
    {
      schema: {
        tags: ['orders'],
        summary: 'One of them, line by line, as far as it has come',
        description: 'Answers with an ETag, and 304 to an `If-None-Match` that still holds.',
        params: Path,
        querystring: Type.Object(SiteQuery),
        headers: Type.Object({ 'if-none-match': Type.Optional(Type.String({ maxLength: 200 })) }),
        response: { 200: OrderJson, 304: Type.Null({ description: 'Nothing has changed.' }), default: Problem },
      },
    },
    async (request, reply) => {
      const row = await oneOf<OrderRow>(context, 'customer_order', request.params.id, request.query.site);
      const etag = etagOf(row);
      void reply.header('etag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      const [order] = await ordersWhole(pool, row.site, [row]);
      return order!;
    },
  );

  app.get(
    '/v1/orders/:id/shipments',
    {
      schema: {
        tags: ['orders'],
        summary: 'What left for it, by the transaction that took it out',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: Type.Object({ shipments: Type.Array(ShipmentJson) }), default: Problem },
      },
    },
    async (request) => {
      const { site, order_id: order } = await oneOf<OrderRow>(
        context,
        'customer_order',
        request.params.id,
        request.query.site,
      );
      const { rows } = await pool.query<
        Omit<Static<typeof ShipmentJson>, 'happenedAt'> & { readonly happenedAt: number }
      >({
        name: 'order-shipments',
        text: `select s.transaction_id as movement, s.line, s.epc, s.quantity, s.load_id as load, s.happened_at as "happenedAt",
                      c.sscc as carton, c.parcel ->> 'carrier' as carrier, c.parcel ->> 'tracking' as tracking
               from order_shipment s left join transaction t on (t.site, t.id) = (s.site, s.transaction_id)
               left join carton c on (c.site, c.order_id, c.epc) = (s.site, s.order_id, t.container)
               where s.site = $1 and s.order_id = $2 order by s.happened_at, s.transaction_id, s.pick`,
        values: [site, order],
      });
      return { shipments: rows.map((row) => ({ ...row, happenedAt: formatTime(row.happenedAt) })) };
    },
  );
}
