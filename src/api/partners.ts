// Partners of a site: its suppliers, customers and carriers. Made, replaced and dropped through the site's journal like everything else.
import { Type } from 'typebox';
import { CommandSchemas } from '../wire/command.ts';
import { PARTNER_KINDS, PartnerId } from '../wire/partner.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { revisionOf } from './etag.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { partnerJson, PartnerJson, type PartnerRow } from './partnerJson.ts';
import { notFound, Problem } from './problem.ts';

const Path = Type.Object({ kind: Type.Enum([...PARTNER_KINDS]), id: PartnerId });
const OneSite = Type.Object({ site: Type.String() });
const IfMatch = { 'if-match': Type.Optional(Type.String({ maxLength: 200 })) };

const withRevision = (match: string | string[] | undefined) => {
  const revision = revisionOf(match, 'a partner');
  return revision === undefined ? {} : { revision };
};

export function partnerRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/partners',
    {
      schema: {
        tags: ['partners'],
        summary: 'Suppliers, customers and carriers, by number',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          kind: Type.Optional(Type.Enum([...PARTNER_KINDS])),
          q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the number or the name.' })),
          ...Paging,
        }),
        response: { 200: Page(PartnerJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { limit = LIMIT_DEFAULT, q, kind } = query;
      const where = filters();
      where.add(
        'p.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      where.add('p.kind = $', kind);
      where.add('(position(lower($) in lower(p.partner_id)) > 0 or position(lower($) in lower(p.name)) > 0)', q);
      const after = keyOf(query.cursor, ['text', 'text', 'text']);
      if (after !== undefined) where.addAll('(p.partner_id, p.kind, p.site) > ($1, $2, $3)', ...after);
      const { rows } = await pool.query<PartnerRow & Record<string, unknown>>(
        `select p.* from partner p where ${where.where()} order by p.partner_id, p.kind, p.site limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, partnerJson, (row) => [row.partner_id, row.kind, row.site]);
    },
  );

  app.get(
    '/v1/partners/:kind/:id',
    {
      schema: {
        tags: ['partners'],
        summary: 'One of them',
        description: 'Answers with an ETag, for `If-Match`.',
        params: Path,
        querystring: OneSite,
        response: { 200: PartnerJson, default: Problem },
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      const { site } = await catalogue.one(request.query.site);
      const { rows } = await pool.query<PartnerRow & Record<string, unknown>>({
        name: 'one-partner',
        text: 'select * from partner where site = $1 and kind = $2 and partner_id = $3',
        values: [site, kind, id],
      });
      const [row] = rows;
      if (row === undefined) throw notFound(`There is no ${kind} ${id} at ${site}.`);
      void reply.header('etag', `"${row.revision}.${row.journal_offset}"`);
      return partnerJson(row);
    },
  );

  app.put(
    '/v1/partners/:kind/:id',
    {
      schema: {
        tags: ['partners'],
        summary: 'Make a partner, or say everything of it anew',
        description: `What is left out is not known from then on. What documents and orders leave out is taken from their partner: the tolerance of a supplier, the
address of a customer. At a site with the rule \`knownPartners\` others are refused. With \`If-Match\` it is refused when somebody replaced it since.`,
        params: Path,
        headers: Type.Object({ ...KeyHeader.properties, ...IfMatch }),
        body: bodyOf(CommandSchemas.partner, 'of', 'partner', 'revision'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) =>
      runCommand(context, request, 'partner', {
        ...(request.body as Body),
        of: request.params.kind,
        partner: request.params.id,
        ...withRevision(request.headers['if-match']),
      }),
  );

  app.delete(
    '/v1/partners/:kind/:id',
    {
      schema: {
        tags: ['partners'],
        summary: 'Drop a partner',
        description: 'Refused while something open names it.',
        params: Path,
        querystring: OneSite,
        headers: Type.Object({ ...KeyHeader.properties, ...IfMatch }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) =>
      runCommand(context, request, 'drop-partner', {
        site: request.query.site,
        of: request.params.kind,
        partner: request.params.id,
        ...withRevision(request.headers['if-match']),
      }),
  );
}
