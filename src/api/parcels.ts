// Parcels: what carriers would take, bookings with their labels, where they are, lists for carriers, and handing over. A carrier is asked
// first and the books are told then; what was booked for nothing is taken back.
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Carrier, Parcel } from '../carriers/carrier.ts';
import { messageOf } from '../kit/faults.ts';
import type { Pool } from '../store/database.ts';
import { CommandSchemas, type CommandOutcome } from '../wire/command.ts';
import { Sscc } from '../wire/packing.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import { type CartonRow } from './cartonJson.ts';
import type { App, Context } from './context.ts';
import { oneOf, SiteQuery } from './onlyOne.ts';
import { ApiFault, notFound, Problem } from './problem.ts';

const CartonPath = Type.Object({ id: Sscc });
const Text = Type.Union([Type.String(), Type.Null()]);
const { tracking: _tracking, ...booking } = bodyOf(CommandSchemas['book-parcel'], 'carton').properties;

export function parcelRoutes(app: App, context: Context): void {
  const { pool, carriers } = context;

  app.get(
    '/v1/carriers',
    {
      schema: {
        tags: ['parcels'],
        summary: 'Who takes parcels, and what they can be asked',
        response: {
          200: Type.Object({
            carriers: Type.Array(
              Type.Object({
                id: Type.String(),
                kind: Type.Enum(['manual', 'manifest', 'rest']),
                can: Type.Array(Type.Enum(['rates', 'label', 'tracking', 'void'])),
              }),
            ),
          }),
          default: Problem,
        },
      },
    },
    () => ({
      carriers: [...carriers.values()].map((carrier) => ({
        id: carrier.id,
        kind: carrier.kind,
        can: (['rates', 'label', 'tracking', 'void'] as const).filter((what) => carrier[what] !== undefined),
      })),
    }),
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
              Type.Object({ carrier: Type.String(), service: Type.String(), price: Type.Number(), currency: Text }),
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
      const { parcel } = await parcelOf(context, params.id, query.site);
      const asked = [...carriers.values()].filter(({ rates }) => rates !== undefined);
      const answers = await Promise.allSettled(asked.map((carrier) => carrier.rates!(parcel)));
      const rates = answers.flatMap((answer, index) =>
        answer.status === 'fulfilled'
          ? answer.value.map(({ currency = null, ...rate }) => ({ carrier: asked[index]!.id, ...rate, currency }))
          : [],
      );
      const failed = answers.flatMap((answer, index) =>
        answer.status === 'rejected' ? [{ carrier: asked[index]!.id, message: messageOf(answer.reason) }] : [],
      );
      return { rates: rates.sort((a, b) => a.price - b.price), failed };
    },
  );

  app.post(
    '/v1/cartons/:id/parcel',
    {
      schema: {
        tags: ['parcels'],
        summary: 'Book it with a carrier',
        description:
          'A closed carton. `detail.tracking` is its number: what the carrier answers, what `tracking` says, or our SSCC. A label that the carrier gives is under `/v1/cartons/{id}/parcel/label`.',
        headers: KeyHeader,
        params: CartonPath,
        body: Type.Object(
          {
            ...booking,
            tracking: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 100,
                description: 'Of a manual carrier, the number from elsewhere.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const {
        site,
        carrier: id,
        service,
        tracking: said,
        ...more
      } = request.body as Body & {
        readonly carrier: string;
        readonly service?: string;
        readonly tracking?: string;
      };
      const carrier = carrierOf(context, id);
      const { row, parcel } = await parcelOf(context, request.params.id, site);
      const key = keyOfRequest(request);
      const known = await answeredBefore(pool, site, key, { carton: row.sscc, carrier: id });
      if (known !== undefined) return known;
      expectBookable(row);
      const booked = await asking(carrier, () => carrier.label(parcel, { service, tracking: said, key }));
      const { tracking, label } = booked;
      const command = { site, ...more, carton: row.sscc, carrier: id, tracking, ...(service && { service }) };
      try {
        const answer = await runCommand(context, request, 'book-parcel', command);
        if (label !== undefined)
          await pool.query(
            `insert into parcel_label (site, sscc, media_type, content) values ($1, $2, $3, $4)
             on conflict (site, sscc) do update set media_type = excluded.media_type, content = excluded.content, booked_at = now()`,
            [site, row.sscc, label.mediaType, label.content],
          );
        return answer;
      } catch (error) {
        // Somebody else was quicker: nobody sends it twice. A carrier that knows the key gave both the same number.
        const isLost = error instanceof ApiFault && error.status < 500;
        const { row: now } = await parcelOf(context, row.sscc, site);
        if (isLost && now.parcel?.tracking !== tracking)
          await carrier
            .void?.(parcel, tracking)
            .catch((reason: unknown) =>
              request.log.warn(
                { carton: row.sscc, tracking, reason: messageOf(reason) },
                'a booking could not be taken back with its carrier',
              ),
            );
        throw error;
      }
    },
  );

  app.post(
    '/v1/cartons/:id/parcel/void',
    {
      schema: {
        tags: ['parcels'],
        summary: 'Take the booking back, with the carrier too where it can be asked',
        headers: KeyHeader,
        params: CartonPath,
        body: bodyOf(CommandSchemas['void-parcel'], 'carton'),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const body = request.body as Body;
      const { row, parcel } = await parcelOf(context, request.params.id, body.site);
      if (row.parcel != null && row.state === 'closed') {
        const { carrier: id, tracking } = row.parcel;
        const carrier = carriers.get(id);
        if (carrier?.void !== undefined) await asking(carrier, () => carrier.void!(parcel, tracking));
      }
      const answer = await runCommand(context, request, 'void-parcel', { ...body, carton: row.sscc });
      await pool.query('delete from parcel_label where site = $1 and sscc = $2', [row.site, row.sscc]);
      return answer;
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

  manifestRoute(app, context);
  app.post(
    '/v1/handovers',
    {
      schema: {
        tags: ['parcels'],
        summary: 'Say that a carrier has taken cartons: they are shipped',
        description:
          'All closed ones that are booked with it, or the named ones; `detail.cartons` says which. An order that is on a load leaves with that.',
        headers: KeyHeader,
        body: bodyOf(CommandSchemas['hand-over']),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    (request) => runCommand(context, request as FastifyRequest, 'hand-over', request.body as Body),
  );
}

/** What is to be handed over, as a list for the carrier: the first line has the names of the columns. */
function manifestRoute(app: App, context: Context): void {
  app.get(
    '/v1/manifests',
    {
      schema: {
        tags: ['parcels'],
        summary: 'What is booked with a carrier and was not handed over yet, as CSV',
        querystring: Type.Object({ site: Type.String(), carrier: Type.String() }),
        response: {
          200: { description: 'One line a carton.', content: { 'text/csv': { schema: Type.String() } } },
          default: Problem,
        },
      },
    },
    async ({ query: { site, carrier } }, reply) => {
      await context.catalogue.one(site);
      carrierOf(context, carrier);
      const { rows } = await context.pool.query<CartonRow & Record<string, unknown>>(
        `select * from carton where site = $1 and state = 'closed' and parcel ->> 'carrier' = $2 order by closed_at, sscc`,
        [site, carrier],
      );
      const lines: (string | number)[][] = [[...MANIFEST]];
      for (const row of rows) {
        const parcel = await parcelFor(context, row);
        lines.push([
          row.sscc,
          row.parcel!.tracking,
          row.parcel!.service ?? '',
          parcel.order,
          parcel.customer,
          parcel.shipTo ?? '',
          parcel.weightG ?? '',
          parcel.lengthMm ?? '',
          parcel.widthMm ?? '',
          parcel.heightMm ?? '',
          formatTime(row.parcel!.bookedAt),
        ]);
      }
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="manifest-${carrier}.csv"`)
        .send(`${lines.map((line) => line.map(cellOf).join(',')).join('\r\n')}\r\n` as never);
    },
  );
}

const MANIFEST = [
  'sscc',
  'tracking',
  'service',
  'order',
  'customer',
  'ship_to',
  'weight_g',
  'length_mm',
  'width_mm',
  'height_mm',
  'booked_at',
] as const;

/** RFC 4180; what a spreadsheet would take for a formula is text. */
function cellOf(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function carrierOf({ carriers }: Context, id: string): Carrier {
  const carrier = carriers.get(id);
  if (carrier === undefined)
    throw new ApiFault(
      404,
      'unknown-carrier',
      `carrier: tallygate.yaml has no carrier ${id}; it has ${[...carriers.keys()].join(', ') || 'none'}.`,
    );
  return carrier;
}

/** What the books would refuse anyway is not booked first. */
function expectBookable({ sscc, state, parcel }: CartonRow): void {
  if (state === 'open') throw new ApiFault(422, 'carton-open', `${sscc} is open: close it first.`);
  if (parcel != null)
    throw new ApiFault(409, 'parcel-booked', `${sscc} is booked with ${parcel.carrier} already: take that back first.`);
}

/** The same key again is the same booking: the carrier is not asked again. */
async function answeredBefore(
  pool: Pool,
  site: string,
  key: string,
  what: { readonly carton: string; readonly carrier: string },
): Promise<Static<typeof CommandAnswer> | undefined> {
  const { rows } = await pool.query<{ outcome: CommandOutcome }>(
    'select outcome from command_outcome where site = $1 and key = $2',
    [site, key],
  );
  const [{ outcome } = {}] = rows;
  if (outcome?.status !== 'done') return undefined;
  const { transactions, detail = {} } = outcome;
  const isIt = detail['carton'] === what.carton && detail['carrier'] === what.carrier;
  return isIt ? { status: 'done', transactions: [...transactions], key, detail } : undefined;
}

async function asking<T>(carrier: Carrier, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new ApiFault(
      502,
      'carrier-failed',
      `${messageOf(error)}. Nothing was changed: ask ${carrier.id}, then again.`,
    );
  }
}

async function parcelOf(
  context: Context,
  sscc: string,
  site: string | undefined,
): Promise<{ readonly row: CartonRow; readonly parcel: Parcel }> {
  const row = await oneOf<CartonRow>(context, 'carton', sscc, site);
  return { row, parcel: await parcelFor(context, row) };
}

/** As carriers are told of it. */
async function parcelFor({ pool, catalogue }: Context, row: CartonRow): Promise<Parcel> {
  const plan = await catalogue.one(row.site);
  const { shipFrom, cartons = [] } = plan.source.file.packing ?? {};
  const type = cartons.find(({ id }) => id === row.carton_type);
  const { rows } = await pool.query<{ customer: string; ship_to: string | null }>(
    'select customer, ship_to from customer_order where site = $1 and order_id = $2',
    [row.site, row.order_id],
  );
  return {
    carton: row.sscc,
    order: row.order_id,
    customer: rows[0]?.customer ?? '',
    shipTo: rows[0]?.ship_to ?? undefined,
    shipFrom,
    weightG: row.weight_g ?? undefined,
    lengthMm: type?.length,
    widthMm: type?.width,
    heightMm: type?.height,
  };
}
