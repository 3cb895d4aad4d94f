// Labels and packing slips of cartons, as documents and as what label printers take.
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { labelOf } from '../print/label.ts';
import { pdfOf } from '../print/pdf.ts';
import { A4, LABEL, type Sheet } from '../print/sheet.ts';
import { slipOf } from '../print/slip.ts';
import { svgOf } from '../print/svg.ts';
import { zplOf } from '../print/zpl.ts';
import { cartonsWhole, type CartonRow } from './cartonJson.ts';
import type { App, Context } from './context.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { Problem } from './problem.ts';

const TYPES = { pdf: 'application/pdf', zpl: 'application/zpl', svg: 'image/svg+xml' } as const;
type Format = keyof typeof TYPES;

const contentOf = (...formats: readonly Format[]) => ({
  200: {
    description: 'To be printed.',
    content: Object.fromEntries(formats.map((format) => [TYPES[format], { schema: Type.String() }])),
  },
  default: Problem,
});

export function cartonPrintRoutes(app: App, context: Context): void {
  app.get(
    '/v1/cartons/:id/label',
    {
      schema: {
        tags: ['cartons'],
        summary: 'Its GS1 logistic label, 4 by 6 inches: the SSCC as GS1-128',
        params: Path,
        querystring: Type.Object({
          ...SiteQuery,
          format: Type.Optional(
            Type.Enum(['pdf', 'zpl', 'svg'], { default: 'pdf', description: '`zpl` for label printers, 203 dpi.' }),
          ),
        }),
        response: contentOf('pdf', 'zpl', 'svg'),
      },
    },
    async ({ params, query }, reply) => {
      const told = await toldOf(context, params.id, query.site);
      const { carton, order, load } = told;
      const sheet = labelOf({
        sscc: carton.id,
        ...told,
        carrier: load?.carrier,
        order: carton.order,
        load: order?.load_id ?? undefined,
        weight: carton.weight ?? undefined,
        quantity: carton.quantity,
      });
      return printed(reply, query.format ?? 'pdf', [sheet], `label-${carton.id}`, told.changedAt);
    },
  );

  app.get(
    '/v1/cartons/:id/slip',
    {
      schema: {
        tags: ['cartons'],
        summary: 'Its packing slip: what is in it, and what of the order is in no carton',
        params: Path,
        querystring: Type.Object({
          ...SiteQuery,
          format: Type.Optional(
            Type.Enum(['pdf', 'zpl'], { default: 'pdf', description: 'A4, or labels of 4 by 6 inches.' }),
          ),
        }),
        response: contentOf('pdf', 'zpl'),
      },
    },
    async ({ params, query }, reply) => {
      const told = await toldOf(context, params.id, query.site);
      const { carton, order } = told;
      const { format = 'pdf' } = query;
      const slip = {
        sscc: carton.id,
        ...told,
        customer: order?.customer ?? '-',
        order: carton.order,
        packedAt: (carton.closedAt ?? carton.changedAt).slice(0, 10),
        lines: carton.contents,
        missing: carton.missing,
      };
      return printed(reply, format, slipOf(slip, format === 'pdf' ? A4 : LABEL), `slip-${carton.id}`, told.changedAt);
    },
  );
}

/** What labels and slips say, from the carton, its order and its load. */
async function toldOf(context: Context, id: string, site: string | undefined) {
  const { pool, catalogue } = context;
  const row = await oneOf<CartonRow>(context, 'carton', id, site);
  const [carton] = await cartonsWhole(pool, [row]);
  const { rows } = await pool.query<{
    customer: string;
    ship_to: string | null;
    load_id: string | null;
    carrier: string | null;
  }>({
    name: 'carton-order',
    text: `select o.customer, o.ship_to, o.load_id, l.carrier from customer_order o
           left join outbound_load l using (site, load_id) where o.site = $1 and o.order_id = $2`,
    values: [row.site, row.order_id],
  });
  const order = rows[0];
  const plan = await catalogue.one(row.site);
  return {
    carton: carton!,
    order,
    load: order?.carrier === null || order === undefined ? undefined : { carrier: order.carrier },
    shipFrom: plan.source.file.packing?.shipFrom ?? plan.name,
    shipTo: `${plan.isTraining ? 'TRAINING: DO NOT SHIP\n' : ''}${order?.ship_to ?? order?.customer ?? '-'}`,
    changedAt: row.changed_at,
  };
}

async function printed(
  reply: FastifyReply,
  format: Format,
  sheets: readonly Sheet[],
  name: string,
  at: number,
): Promise<FastifyReply> {
  const content =
    format === 'pdf' ? await pdfOf(sheets, name, at) : format === 'zpl' ? zplOf(sheets) : svgOf(sheets[0]!);
  return reply
    .type(format === 'pdf' ? TYPES.pdf : `${TYPES[format]}; charset=utf-8`)
    .header('content-disposition', `inline; filename="${name}.${format}"`)
    .send(content);
}
