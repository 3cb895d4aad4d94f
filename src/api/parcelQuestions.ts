// What is asked about parcels: who takes them, what each would take, the label that a carrier gave, and where one is.
import { Type } from 'typebox';
import { messageOf } from '../kit/faults.ts';
import { Sscc } from '../wire/packing.ts';
import type { App, Context } from './context.ts';
import { SiteQuery } from './onlyOne.ts';
import { asking, carrierOf, leavesNext, offers, parcelOf } from './parcelOf.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

const CartonPath = Type.Object({ id: Sscc });
const Text = Type.Union([Type.String(), Type.Null()]);
const LeavesBy = Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
  description: 'Until when it takes what leaves next; null where it says nothing.',
});

export function parcelQuestionRoutes(app: App, context: Context): void {
  const { pool, carriers } = context;

  app.get(
    '/v1/carriers',
    {
      schema: {
        tags: ['parcels'],
        summary: 'Who takes parcels, what they offer and until when, and what they can be asked',
        querystring: Type.Object({
          site: Type.Optional(Type.String({ description: 'Whose clock says until when; null without it.' })),
        }),
        response: {
          200: Type.Object({
            carriers: Type.Array(
              Type.Object({
                id: Type.String(),
                kind: Type.Enum(['manual', 'manifest', 'rest']),
                can: Type.Array(Type.Enum(['rates', 'label', 'tracking', 'void'])),
                cutOff: Text,
                days: Type.Array(Type.String(), { description: 'On which it comes; none: every day.' }),
                leavesBy: LeavesBy,
                services: Type.Array(Type.Object({ id: Type.String(), cutOff: Text, leavesBy: LeavesBy }), {
                  description: 'What may be booked; none: anything.',
                }),
              }),
            ),
          }),
          default: Problem,
        },
      },
    },
    async ({ query }) => {
      const plan = query.site === undefined ? undefined : await context.catalogue.one(query.site);
      return {
        carriers: [...carriers.values()].map((carrier) => {
          const { cutOff = null, days = [], services = [] } = carrier.collection;
          const leaving = (service?: string): string | null =>
            plan === undefined ? null : (leavesNext(context, carrier, service, plan.timeZone) ?? null);
          return {
            id: carrier.id,
            kind: carrier.kind,
            can: (['rates', 'label', 'tracking', 'void'] as const).filter((what) => carrier[what] !== undefined),
            cutOff,
            days: [...days],
            leavesBy: leaving(),
            services: services.map((one) => ({ id: one.id, cutOff: one.cutOff ?? cutOff, leavesBy: leaving(one.id) })),
          };
        }),
      };
    },
  );

  app.get(
    '/v1/cartons/:id/rates',
    {
      schema: {
        tags: ['parcels'],
        summary: 'What each carrier would take for it, the cheapest first',
        params: CartonPath,
        querystring: Type.Object(SiteQuery),
        response: {
          200: Type.Object({
            rates: Type.Array(
              Type.Object({
                carrier: Type.String(),
                service: Type.String(),
                price: Type.Number(),
                currency: Text,
                leavesBy: LeavesBy,
              }),
            ),
            failed: Type.Array(Type.Object({ carrier: Type.String(), message: Type.String() }), {
              description: 'Carriers that did not answer as they should.',
            }),
          }),
          default: Problem,
        },
      },
    },
    async ({ params, query }) => {
      const { row, parcel } = await parcelOf(context, params.id, query.site);
      const { timeZone } = await context.catalogue.one(row.site);
      const asked = [...carriers.values()].filter(({ rates }) => rates !== undefined);
      const answers = await Promise.allSettled(asked.map((carrier) => carrier.rates!(parcel)));
      const rates = answers.flatMap((answer, index) =>
        answer.status === 'fulfilled'
          ? answer.value
              .filter(({ service }) => offers(asked[index]!, service))
              .map(({ currency = null, ...rate }) => ({
                carrier: asked[index]!.id,
                ...rate,
                currency,
                leavesBy: leavesNext(context, asked[index]!, rate.service, timeZone) ?? null,
              }))
          : [],
      );
      const failed = answers.flatMap((answer, index) =>
        answer.status === 'rejected' ? [{ carrier: asked[index]!.id, message: messageOf(answer.reason) }] : [],
      );
      return { rates: rates.sort((a, b) => a.price - b.price), failed };
    },
  );

  app.get(
    '/v1/cartons/:id/parcel/label',
    {
      schema: {
        tags: ['parcels'],
        summary: 'The label that the carrier gave for it',
        params: CartonPath,
        querystring: Type.Object(SiteQuery),
        response: {
          200: { description: 'As the carrier gave it.', content: { 'application/pdf': { schema: Type.String() } } },
          default: Problem,
        },
      },
    },
    async ({ params, query }, reply) => {
      const { row } = await parcelOf(context, params.id, query.site);
      const { rows } = await pool.query<{ media_type: string; content: Buffer }>(
        'select media_type, content from parcel_label where site = $1 and sscc = $2',
        [row.site, row.sscc],
      );
      const [label] = rows;
      if (label === undefined)
        throw notFound(`No carrier gave a label for ${row.sscc}; /v1/cartons/${row.sscc}/label is ours.`);
      return reply.type(label.media_type).header('x-content-type-options', 'nosniff').send(label.content);
    },
  );

  app.get(
    '/v1/cartons/:id/tracking',
    {
      schema: {
        tags: ['parcels'],
        summary: 'Where it is, as its carrier says',
        params: CartonPath,
        querystring: Type.Object(SiteQuery),
        response: {
          200: Type.Object({ carrier: Type.String(), tracking: Type.String(), status: Type.String(), at: Text }),
          default: Problem,
        },
      },
    },
    async ({ params, query }) => {
      const { row, parcel } = await parcelOf(context, params.id, query.site);
      if (row.parcel == null) throw new ApiFault(422, 'no-parcel', `${row.sscc} is booked with no carrier.`);
      const { carrier: id, tracking } = row.parcel;
      const carrier = carrierOf(context, id);
      if (carrier.tracking === undefined)
        throw new ApiFault(
          422,
          'carrier-cannot',
          `${id} cannot be asked where ${tracking} is: look it up with the carrier.`,
        );
      const { status, at = null } = await asking(carrier, () => carrier.tracking!(parcel, tracking));
      return { carrier: id, tracking, status, at };
    },
  );
}
