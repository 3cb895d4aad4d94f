// Transfers between sites: ordered at one, under way, received at the other; and what people say of them.
import { Type } from 'typebox';
import { Strict } from '../config/schema.ts';
import { CommandSchemas } from '../wire/command.ts';
import { TRANSFER_DIRECTIONS, TRANSFER_STATES } from '../wire/transfer.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { Path } from './onlyOne.ts';
import { notFound, Problem } from './problem.ts';
import { refuseTraining } from './trainingMark.ts';
import { transferJson, TransferJson, type TransferRow } from './transferJson.ts';

export function transferRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/transfers',
    {
      schema: {
        tags: ['transfers'],
        summary: 'Transfers between sites, the last ordered first',
        description:
          'Each stands once for the site that sends it (`out`) and, once something is under way, once for the one that receives it (`in`).',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          direction: Type.Optional(Type.Enum([...TRANSFER_DIRECTIONS])),
          state: Type.Optional(
            Type.Enum([...TRANSFER_STATES, 'open', 'all'], { default: 'all', description: '`open`: not closed.' }),
          ),
          ...Paging,
        }),
        response: { 200: Page(TransferJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        't.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('t.direction = $', query.direction);
      where.add('t.state <> $', state === 'open' ? 'closed' : undefined);
      where.add('t.state = $', state === 'open' || state === 'all' ? undefined : state);
      const after = keyOf(query.cursor, ['time', 'text', 'text', 'text']);
      if (after !== undefined)
        where.addAll('(t.created_at, t.transfer_id, t.site, t.direction) < ($1::timestamptz, $2, $3, $4)', ...after);
      const { rows } = await pool.query<TransferRow & Record<string, unknown>>(
        `select t.* from transfer t where ${where.where()}
         order by t.created_at desc, t.transfer_id desc, t.site desc, t.direction desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, transferJson, (row) => [
        formatTime(row.created_at),
        row.transfer_id,
        row.site,
        row.direction,
      ]);
    },
  );

  app.get(
    '/v1/transfers/:id',
    {
      schema: {
        tags: ['transfers'],
        summary: 'One of them, as both of its sites have it',
        params: Path,
        querystring: Type.Object({ site: Type.Optional(Type.String({ description: 'One of its two sites.' })) }),
        response: { 200: Type.Object({ id: Type.String(), sides: Type.Array(TransferJson) }), default: Problem },
      },
    },
    async ({ params, query }) => {
      const sites = (await catalogue.asked(undefined)).map(({ site }) => site);
      if (query.site !== undefined) await catalogue.one(query.site);
      const { rows } = await pool.query<TransferRow & Record<string, unknown>>({
        name: 'one-transfer',
        text: `select * from transfer where transfer_id = $1 and site = any ($2) and ($3::text is null or $3 in (site, other_site))
               order by created_at, direction desc, site`,
        values: [params.id, sites, query.site ?? null],
      });
      if (rows.length === 0) throw notFound(`There is no transfer ${params.id}.`);
      return { id: params.id, sides: rows.map((row) => transferJson(row)) };
    },
  );

  const { transfer: number, ...ordered } = bodyOf(CommandSchemas.transfer).properties;
  app.post(
    '/v1/transfers',
    {
      schema: {
        tags: ['transfers'],
        summary: 'Order a transfer to another site',
        description: `It is promised and picked like an order of a customer of that number (/v1/orders). What leaves is in transit, and announced to the
other site in the same commit.`,
        headers: KeyHeader,
        body: Strict({ ...ordered, id: number! }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { id, ...body } = request.body as Body & { readonly id: string; readonly to: string };
      await catalogue.one(body.to);
      for (const site of [body.site, body.to])
        refuseTraining(catalogue, site, 'nothing goes to or comes from other sites');
      return runCommand(context, request, 'transfer', { ...body, transfer: id });
    },
  );
  app.post(
    '/v1/transfers/:id/shipment',
    {
      schema: {
        tags: ['transfers'],
        summary: 'Say that something leaves with it, picked or not',
        headers: KeyHeader,
        params: Path,
        body: bodyOf(CommandSchemas['send-transfer'], 'transfer'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) =>
      runCommand(context, request, 'send-transfer', { ...(request.body as Body), transfer: request.params.id }),
  );
  app.post(
    '/v1/transfers/:id/closing',
    {
      schema: {
        tags: ['transfers'],
        summary: 'Say at the site that receives it that nothing more comes',
        description: 'What is missing is written off at the site that sent it, and told there (`transfer-short`).',
        headers: KeyHeader,
        params: Path,
        body: bodyOf(CommandSchemas['close-transfer'], 'transfer'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) =>
      runCommand(context, request, 'close-transfer', { ...(request.body as Body), transfer: request.params.id }),
  );
}
