// Parcels are booked with carriers, taken back and handed over. A carrier is asked first and the books are told then; what was booked for
// nothing is taken back.
import { Type, type Static } from 'typebox';
import { messageOf } from '../kit/faults.ts';
import type { Pool } from '../store/database.ts';
import { CommandSchemas, type CommandOutcome } from '../wire/command.ts';
import { Sscc } from '../wire/packing.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import type { CartonRow } from './cartonJson.ts';
import type { App, Context } from './context.ts';
import { asking, carrierOf, leavesNext, offers, parcelOf } from './parcelOf.ts';
import { ApiFault, Problem } from './problem.ts';
import { refuseTraining } from './trainingMark.ts';

const CartonPath = Type.Object({ id: Sscc });
const {
  tracking: _tracking,
  leavesBy: _leavesBy,
  ...booking
} = bodyOf(CommandSchemas['book-parcel'], 'carton').properties;

export function parcelRoutes(app: App, context: Context): void {
  const { pool, carriers } = context;

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
      if (carrier.kind !== 'manual') refuseTraining(context.catalogue, site, 'nothing is booked with a carrier');
      const { row, parcel } = await parcelOf(context, request.params.id, site);
      const key = keyOfRequest(request);
      const known = await answeredBefore(pool, site, key, { carton: row.sscc, carrier: id });
      if (known !== undefined) return known;
      expectBookable(row);
      if (!offers(carrier, service))
        throw new ApiFault(
          422,
          'unknown-service',
          `service: ${id} offers ${carrier.collection.services!.map((one) => one.id).join(', ')}.`,
        );
      const { timeZone } = await context.catalogue.one(site);
      const leaving = leavesNext(context, carrier, service, timeZone);
      const booked = await asking(carrier, () => carrier.label(parcel, { service, tracking: said, key }));
      const { tracking, label } = booked;
      const command = {
        site,
        ...more,
        carton: row.sscc,
        carrier: id,
        tracking,
        ...(service && { service }),
        ...(leaving && { leavesBy: leaving }),
      };
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
    (request) => runCommand(context, request, 'hand-over', request.body as Body),
  );
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
