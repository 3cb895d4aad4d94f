// What the routes about parcels have in common: a carton as carriers are told of it, the carrier that is meant, and what it says when it
// does not do what it is asked.
import type { Carrier, Parcel } from '../carriers/carrier.ts';
import { leavesBy } from '../carriers/cutOff.ts';
import { messageOf } from '../kit/faults.ts';
import { formatTime } from '../wire/time.ts';
import type { CartonRow } from './cartonJson.ts';
import type { Context } from './context.ts';
import { oneOf } from './onlyOne.ts';
import { ApiFault } from './problem.ts';

/** The carrier of tallygate.yaml. Throws `unknown-carrier`. */
export function carrierOf({ carriers }: Context, id: string): Carrier {
  const carrier = carriers.get(id);
  if (carrier === undefined)
    throw new ApiFault(
      404,
      'unknown-carrier',
      `carrier: tallygate.yaml has no carrier ${id}; it has ${[...carriers.keys()].join(', ') || 'none'}.`,
    );
  return carrier;
}

/** Is that a service of the carrier? One that lists none has whatever is asked for. */
export const offers = ({ collection: { services } }: Carrier, service: string | undefined): boolean =>
  services === undefined || services.some(({ id }) => id === service);

/** Until when it takes what leaves next with a service, by the clock of a site; undefined where the carrier says nothing. */
export function leavesNext(
  { clock }: Context,
  { collection }: Carrier,
  service: string | undefined,
  timeZone: string,
): string | undefined {
  const time = leavesBy(collection, service, timeZone, clock());
  return time === undefined ? undefined : formatTime(time);
}

/** Throws `carrier-failed` with what the carrier said. */
export async function asking<T>(carrier: Carrier, ask: () => Promise<T>): Promise<T> {
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

/** A carton by its SSCC, and the parcel that it is. Throws `not-found`. */
export async function parcelOf(
  context: Context,
  sscc: string,
  site: string | undefined,
): Promise<{ readonly row: CartonRow; readonly parcel: Parcel }> {
  const row = await oneOf<CartonRow>(context, 'carton', sscc, site);
  return { row, parcel: await parcelFor(context, row) };
}

/** As carriers are told of it. */
export async function parcelFor({ pool, catalogue }: Context, row: CartonRow): Promise<Parcel> {
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
