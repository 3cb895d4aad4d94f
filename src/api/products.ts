// Products of a site: what its SKUs are. Made, replaced and dropped through the site's journal like everything else.
import { Type } from 'typebox';
import { CommandSchemas } from '../wire/command.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { revisionOf } from './etag.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { productJson, ProductJson, type ProductRow } from './productJson.ts';
import { notFound, Problem } from './problem.ts';

const Path = Type.Object({ sku: Type.String({ minLength: 1, maxLength: 64 }) });
const OneSite = Type.Object({ site: Type.String() });
const IfMatch = { 'if-match': Type.Optional(Type.String({ maxLength: 200 })) };

/** Only replacing it changes it. */
const etagOf = ({ revision, journal_offset: offset }: ProductRow): string => `"${revision}.${offset}"`;

const withRevision = (match: string | string[] | undefined) => {
  const revision = revisionOf(match, 'a product');
  return revision === undefined ? {} : { revision };
};

export function productRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/products',
    {
      schema: {
        tags: ['products'],
        summary: 'Products, by SKU',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the SKU or the name.' })),
          gtin: Type.Optional(Type.String({ pattern: '^[0-9]{8,14}$', description: 'Of any pack level.' })),
          ...Paging,
        }),
        response: { 200: Page(ProductJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { limit = LIMIT_DEFAULT, q } = query;
      const where = filters();
      where.add(
        'p.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('(position(lower($) in lower(p.sku)) > 0 or position(lower($) in lower(p.name)) > 0)', q);
      where.add(
        'p.packs @> $::jsonb',
        query.gtin === undefined ? undefined : JSON.stringify([{ gtin: query.gtin.padStart(14, '0') }]),
      );
      const after = keyOf(query.cursor, ['text', 'text']);
      if (after !== undefined) where.addAll('(p.sku, p.site) > ($1, $2)', ...after);
      const { rows } = await pool.query<ProductRow & Record<string, unknown>>(
        `select p.* from product p where ${where.where()} order by p.sku, p.site limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, productJson, (row) => [row.sku, row.site]);
    },
  );

  app.get(
    '/v1/products/:sku',
    {
      schema: {
        tags: ['products'],
        summary: 'One of them',
        description: 'Answers with an ETag, and 304 to an `If-None-Match` that still holds.',
        params: Path,
        querystring: OneSite,
        headers: Type.Object({ 'if-none-match': Type.Optional(Type.String({ maxLength: 200 })) }),
        response: { 200: ProductJson, 304: Type.Null({ description: 'Nothing has changed.' }), default: Problem },
      },
    },
    async (request, reply) => {
      const { site } = await catalogue.one(request.query.site);
      const { rows } = await pool.query<ProductRow & Record<string, unknown>>({
        name: 'one-product',
        text: 'select * from product where site = $1 and sku = $2',
        values: [site, request.params.sku],
      });
      const [row] = rows;
      if (row === undefined) throw notFound(`There is no product ${request.params.sku} at ${site}.`);
      const etag = etagOf(row);
      void reply.header('etag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      return productJson(row);
    },
  );

  app.put(
    '/v1/products/:sku',
    {
      schema: {
        tags: ['products'],
        summary: 'Make a product, or say everything of it anew',
        description: `What is left out is not known from then on. \`detail.result\` says \`created\`, \`replaced\` or \`unchanged\`. With \`If-Match\`
(the ETag it was read with) it is refused when somebody replaced it since. A scan of one of its GTINs counts the base units of that pack level.`,
        params: Path,
        headers: Type.Object({ ...KeyHeader.properties, ...IfMatch }),
        body: bodyOf(CommandSchemas.product, 'sku', 'revision'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) =>
      runCommand(context, request, 'product', {
        ...(request.body as Body),
        sku: request.params.sku,
        ...withRevision(request.headers['if-match']),
      }),
  );

  app.delete(
    '/v1/products/:sku',
    {
      schema: {
        tags: ['products'],
        summary: 'Drop a product',
        description: 'Refused while the books have some of it, or a document, an order or a task names it.',
        params: Path,
        querystring: OneSite,
        headers: Type.Object({ ...KeyHeader.properties, ...IfMatch }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) =>
      runCommand(context, request, 'drop-product', {
        site: request.query.site,
        sku: request.params.sku,
        ...withRevision(request.headers['if-match']),
      }),
  );
}
