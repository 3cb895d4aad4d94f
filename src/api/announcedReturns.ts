// What customers said that they send back: what is to come, what came of it, and what people say of it.
import type { FastifyRequest } from 'fastify';
import { Type, type Static, type TObject } from 'typebox';
import { Strict } from '../config/schema.ts';
import { ANNOUNCED_RETURN_STATES, SaidReturnLine } from '../wire/announcedReturn.ts';
import { CommandSchemas } from '../wire/command.ts';
import { formatTime } from '../wire/time.ts';
import { announcedReturnJson, AnnouncedReturnJson, type AnnouncedReturnRow } from './announcedReturnJson.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { ApiFault, Problem } from './problem.ts';
import { shippedLines, type SaidLine } from './shippedWith.ts';

const ArrivalJson = Type.Object({
  movement: Type.String(),
  line: Type.String(),
  epc: Type.Union([Type.String(), Type.Null()]),
  quantity: Type.Number(),
  location: Type.String({ description: 'Where it came in.' }),
  returnedAt: Type.String({ format: 'date-time' }),
});
const OneJson = Type.Object({ ...AnnouncedReturnJson.properties, arrivals: Type.Array(ArrivalJson) });

const { return: id, customer, lines: _, ...rest } = bodyOf(CommandSchemas['announce-return']).properties;
const Announcement: TObject = Strict({
  ...rest,
  id: id!,
  customer: Type.Optional({ ...customer!, description: 'That of the order when left out.' }),
  lines: Type.Array(Strict(SaidReturnLine), { minItems: 1, maxItems: 500 }),
});

export function announcedReturnRoutes(app: App, context: Context): void {
  listRoutes(app, context);
  const answer = { headers: KeyHeader, response: { 200: CommandAnswer, default: Problem } };
  app.post(
    '/v1/announced-returns',
    {
      schema: {
        tags: ['returns'],
        summary: 'Say what a customer sends back',
        description: `What comes back of it, seen by a door, scanned without tags where goods come in, or said by a person, is linked to it; what came
before is found. Of an \`order\` no more may be announced than left with it, and only items that left with it count, where they had tags.`,
        ...answer,
        body: Announcement,
      },
    },
    (request) => announce(context, request, request.body as Announced),
  );
  app.post(
    '/v1/announced-returns/:id/goods',
    {
      schema: {
        tags: ['returns'],
        summary: 'Say what has come of it: items, or so much of a line without tags',
        description: 'More than was announced is taken as well, and told.',
        ...answer,
        params: Path,
        body: bodyOf(CommandSchemas['receive-return'], 'return'),
      },
    },
    (request) =>
      runCommand(context, request, 'receive-return', { ...(request.body as Body), return: request.params.id }),
  );
  app.post(
    '/v1/announced-returns/:id/closing',
    {
      schema: {
        tags: ['returns'],
        summary: 'Say that nobody waits for any more of it',
        description: '`detail.short` is what never came.',
        ...answer,
        params: Path,
        body: bodyOf(CommandSchemas['close-return'], 'return'),
      },
    },
    (request) => runCommand(context, request, 'close-return', { ...(request.body as Body), return: request.params.id }),
  );
}

function listRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/announced-returns',
    {
      schema: {
        tags: ['returns'],
        summary: 'Announced returns of customers, the last announced first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...ANNOUNCED_RETURN_STATES, 'all'], { default: 'all' })),
          customer: Type.Optional(Type.String({ maxLength: 64 })),
          order: Type.Optional(Type.String({ maxLength: 64 })),
          ...Paging,
        }),
        response: { 200: Page(AnnouncedReturnJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        'r.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('r.state = $', state === 'all' ? undefined : state);
      where.add('r.customer = $', query.customer);
      where.add('r.order_id = $', query.order);
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined)
        where.addAll('(r.created_at, r.return_id, r.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<AnnouncedReturnRow & Record<string, unknown>>(
        `select r.* from announced_return r where ${where.where()}
         order by r.created_at desc, r.return_id desc, r.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, announcedReturnJson, (row) => [formatTime(row.created_at), row.return_id, row.site]);
    },
  );

  app.get(
    '/v1/announced-returns/:id',
    {
      schema: {
        tags: ['returns'],
        summary: 'One of them, with the movements that brought it',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: OneJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const row = await oneOf<AnnouncedReturnRow>(context, 'announced_return', params.id, query.site);
      const { rows } = await pool.query<Omit<Static<typeof ArrivalJson>, 'returnedAt'> & { readonly at: number }>({
        name: 'return-arrivals',
        text: `select a.transaction_id as movement, a.line, t.epc, a.quantity, t.to_location as location, t.happened_at as at
               from announced_return_arrival a join transaction t on (t.site, t.id) = (a.site, a.transaction_id)
               where a.site = $1 and a.return_id = $2 order by t.happened_at, t.id`,
        values: [row.site, row.return_id],
      });
      const arrivals = rows.map(({ at, ...arrival }) => ({ ...arrival, returnedAt: formatTime(at) }));
      return { ...announcedReturnJson(row), arrivals };
    },
  );
}

type Announced = Body & {
  readonly id: string;
  readonly order?: string;
  readonly customer?: string;
  readonly lines: readonly SaidLine[];
};

/** The command says as well what had left with the order, so that a replay knows it, too. */
async function announce(context: Context, request: FastifyRequest, { id: number, ...body }: Announced) {
  if (body.order === undefined) {
    if (body.customer === undefined)
      throw new ApiFault(422, 'incomplete', 'Say the order that it was shipped with, or the customer.');
    return runCommand(context, request, 'announce-return', { ...body, return: number });
  }
  const { site } = await context.catalogue.one(body.site);
  const of = await shippedLines(context.pool, site, body.order, body.lines);
  return runCommand(context, request, 'announce-return', {
    ...body,
    ...of,
    ...(body.customer === undefined ? {} : { customer: body.customer }),
    return: number,
  });
}
