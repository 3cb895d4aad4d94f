// Proposals of cartons, before anything is picked: which types an order, or each order of a pick list, is to be packed into, in three
// dimensions. Worked out when somebody asks, of what is promised now; nothing of it is kept.
import { Type, type Static } from 'typebox';
import { cartonise, LOOSE_REASONS, type CartonSize, type Proposal, type ToPack } from '../cartonise/cartonise.ts';
import { inBooks } from '../infer/balances.ts';
import type { SitePlan } from '../config/plan.ts';
import { sleep } from '../kit/sleep.ts';
import type { Pool } from '../store/database.ts';
import type { App, Context } from './context.ts';
import type { OrderLineRow, OrderRow, PickRow } from './orderJson.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { Problem } from './problem.ts';

const Part = { line: Type.String(), sku: Type.String(), quantity: Type.Number() };
const Mm = (description: string) => Type.Number({ description: `${description}, mm.` });

const ProposedJson = Type.Object({
  type: Type.String({ description: 'Of the site file; `type` of POST /v1/cartons.' }),
  length: Mm('Inner length'),
  width: Mm('Inner width'),
  height: Mm('Inner height'),
  weight: Type.Union([Type.Number(), Type.Null()], {
    description: 'With the carton, g; null when a product in it has no weight.',
  }),
  fill: Type.Number({ description: 'Share of its volume that is filled, 0 to 1.' }),
  contents: Type.Array(Type.Object(Part)),
  layout: Type.Array(
    Type.Object({
      sku: Type.String(),
      x: Mm('From the inner corner along its length'),
      y: Mm('Along its width'),
      z: Mm('Above its bottom'),
      length: Mm('As it lies there, along the length of the carton'),
      width: Mm('Along its width'),
      height: Mm('Upwards'),
    }),
    { description: 'Where each unit lies, in the order in which they are put in.' },
  ),
});

const ProposalJson = Type.Object({
  order: Type.String(),
  cartons: Type.Array(ProposedJson),
  loose: Type.Array(
    Type.Object({
      ...Part,
      reason: Type.Enum([...LOOSE_REASONS], {
        description:
          'The site file has no types of cartons; the product has no length, width and height; it is no whole number of units; no carton takes one of it, by its size or its weight; there is more than a proposal is made for.',
      }),
    }),
    { description: 'What is in no carton of the proposal, and why.' },
  ),
});

export function proposalRoutes(app: App, context: Context): void {
  const { pool, catalogue } = context;
  app.get(
    '/v1/orders/:id/proposal',
    {
      schema: {
        tags: ['cartons'],
        summary: 'Which cartons an order is to be packed into',
        description:
          'In three dimensions, by the products’ length, width, height and weight and the types of cartons of the site file (`packing: { cartons: […] }`): of what is promised or picked, and in no carton yet.',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: ProposalJson, default: Problem },
      },
    },
    async ({ params, query }) => {
      const { site, order_id: order } = await oneOf<OrderRow>(context, 'customer_order', params.id, query.site);
      const [proposal] = await proposalsOf(pool, await catalogue.one(site), [order]);
      return proposal!;
    },
  );
  app.get(
    '/v1/picks/:id/proposal',
    {
      schema: {
        tags: ['cartons'],
        summary: 'Which cartons to take along on the way of a pick list, order by order',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: Type.Object({ pick: Type.String(), orders: Type.Array(ProposalJson) }), default: Problem },
      },
    },
    async ({ params, query }) => {
      const { site, pick, orders } = await oneOf<PickRow>(context, 'pick_list', params.id, query.site);
      return { pick, orders: await proposalsOf(pool, await catalogue.one(site), orders) };
    },
  );
}

interface Row extends OrderLineRow {
  readonly length_mm: number | null;
  readonly width_mm: number | null;
  readonly height_mm: number | null;
  readonly weight_g: number | null;
}

async function proposalsOf(pool: Pool, plan: SitePlan, orders: readonly string[]) {
  const { rows } = await pool.query<Row & Record<string, unknown>>({
    name: 'proposal-lines',
    text: `select l.*, p.length_mm, p.width_mm, p.height_mm, p.weight_g from order_line l left join product p using (site, sku)
           where l.site = $1 and l.order_id = any ($2) order by l.order_id, l.ordinal`,
    values: [plan.site, orders],
  });
  const types = (plan.source.file.packing?.cartons ?? []).map(({ tare = 0, weightMax, ...type }): CartonSize => ({
    ...type,
    tare,
    weightMax,
  }));
  const proposals: Static<typeof ProposalJson>[] = [];
  for (const order of orders) {
    const toPack = rows
      .filter(({ order_id: of }) => of === order)
      .map((row) => toPackOf(row))
      .filter(({ quantity }) => quantity > 0);
    proposals.push(proposalJson(order, cartonise(types, toPack)));
    await sleep(0); // a long list holds up nobody else's questions
  }
  return proposals;
}

const toPackOf = ({ line, sku, reserved, planned, picked, packed, ...row }: Row): ToPack => {
  const { length_mm: length, width_mm: width, height_mm: height, weight_g: weight } = row;
  return {
    line,
    sku,
    quantity: inBooks(reserved + planned + Math.max(0, picked - packed)),
    size: length === null || width === null || height === null ? undefined : { length, width, height },
    weight: weight ?? undefined,
  };
};

const proposalJson = (order: string, { cartons, loose }: Proposal): Static<typeof ProposalJson> => ({
  order,
  cartons: cartons.map(({ type, contents, weight, fill, placed }) => ({
    type: type.id,
    length: type.length,
    width: type.width,
    height: type.height,
    weight: weight === undefined ? null : Math.round(weight),
    fill: Math.round(fill * 1000) / 1000,
    contents: [...contents],
    layout: placed.map(({ sku, at: { x, y, z, length, width, height } }) => ({ sku, x, y, z, length, width, height })),
  })),
  loose: [...loose],
});
