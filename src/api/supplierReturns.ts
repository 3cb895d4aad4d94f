// Returns to suppliers: what goes back, what of it left; and what people say of them.
import { Type } from 'typebox';
import { Strict } from '../config/schema.ts';
import { CommandSchemas } from '../wire/command.ts';
import { SUPPLIER_RETURN_STATES } from '../wire/supplierReturn.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { supplierReturnJson, SupplierReturnJson, type SupplierReturnRow } from './partnerJson.ts';
import { Problem } from './problem.ts';

export function supplierReturnRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/supplier-returns',
    {
      schema: {
        tags: ['partners'],
        summary: 'Returns to suppliers, the last entered first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          supplier: Type.Optional(Type.String({ maxLength: 64 })),
          state: Type.Optional(Type.Enum([...SUPPLIER_RETURN_STATES, 'all'], { default: 'all' })),
          ...Paging,
        }),
        response: { 200: Page(SupplierReturnJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const where = filters();
      where.add(
        'r.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('r.supplier = $', query.supplier);
      where.add('r.state = $', state === 'all' ? undefined : state);
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined)
        where.addAll('(r.created_at, r.return_id, r.site) < ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<SupplierReturnRow & Record<string, unknown>>(
        `select r.* from supplier_return r where ${where.where()}
         order by r.created_at desc, r.return_id desc, r.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, supplierReturnJson, (row) => [formatTime(row.created_at), row.return_id, row.site]);
    },
  );

  app.get(
    '/v1/supplier-returns/:id',
    {
      schema: {
        tags: ['partners'],
        summary: 'One of them',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: SupplierReturnJson, default: Problem },
      },
    },
    async ({ params, query }) =>
      supplierReturnJson(await oneOf<SupplierReturnRow>(context, 'supplier_return', params.id, query.site)),
  );

  const { return: id, ...rest } = bodyOf(CommandSchemas['supplier-return']).properties;
  const answer = { headers: KeyHeader, response: { 200: CommandAnswer, default: Problem } };
  app.post(
    '/v1/supplier-returns',
    {
      schema: {
        tags: ['partners'],
        summary: 'Say what goes back to a supplier',
        description: `Goods that are damaged, blocked, returned or held for quality, as the books have them. What an antenna sees of them leave, or a person says,
goes back to the supplier: no demand, and no alarm.`,
        ...answer,
        body: Strict({ ...rest, id: id! }),
      },
    },
    (request) => {
      const { id: number, ...body } = request.body as Body & { readonly id: string };
      return runCommand(context, request, 'supplier-return', { ...body, return: number });
    },
  );
  app.post(
    '/v1/supplier-returns/:id/shipment',
    {
      schema: {
        tags: ['partners'],
        summary: 'Say what left: items, or so much of a line without tags',
        ...answer,
        params: Path,
        body: bodyOf(CommandSchemas['send-supplier-return'], 'return'),
      },
    },
    (request) =>
      runCommand(context, request, 'send-supplier-return', { ...(request.body as Body), return: request.params.id }),
  );
  app.post(
    '/v1/supplier-returns/:id/closing',
    {
      schema: {
        tags: ['partners'],
        summary: 'Say that no more of it is sent',
        description: '`detail.kept` is what stays here.',
        ...answer,
        params: Path,
        body: bodyOf(CommandSchemas['close-supplier-return'], 'return'),
      },
    },
    (request) =>
      runCommand(context, request, 'close-supplier-return', { ...(request.body as Body), return: request.params.id }),
  );
}
