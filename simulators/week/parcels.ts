// Small orders do not wait for a truck: their cartons are booked with a carrier, whose driver takes them at the bench, by a way that no
// antenna sees. What is handed over has left because somebody said so.
import type { House } from './house.ts';
import type { PackedCarton } from './packing.ts';
import { complainOf, movePlain, noteShipped } from './shipping.ts';
import { MINUTE_MS } from './times.ts';
import type { Week } from './week.ts';

const PACKER = 'pat';
const CARRIER = 'POST';
const SHARE = 0.3;
const DRIVER_AFTER_MS = 12 * MINUTE_MS;

/** Does this order go by a carrier of parcels? */
const isParcel = (week: Week, { site }: House, { order }: PackedCarton): boolean =>
  week.chance(site, 'parcel', order).chance(SHARE);

/** Books what goes by parcel and is packed; the driver takes it a little later. */
export function sendParcels(week: Week, house: House, day: number): void {
  const { site } = house;
  const parcels = house.cartons.filter((carton) => isParcel(week, house, carton));
  if (parcels.length === 0) return;
  house.cartons.splice(0, Infinity, ...house.cartons.filter((carton) => !parcels.includes(carton)));
  for (const { sscc } of parcels)
    week.say(site, PACKER, { kind: 'book-parcel', carton: sscc, carrier: CARRIER, service: 'ECO', tracking: sscc });
  week.at(week.now() + DRIVER_AFTER_MS, () => handOver(week, house, `PARCELS-${day}`, parcels));
}

function handOver(week: Week, house: House, shipment: string, parcels: readonly PackedCarton[]): void {
  const { site } = house;
  const cartons = parcels.map(({ sscc }) => sscc);
  const outcome = week.say(site, PACKER, { kind: 'hand-over', carrier: CARRIER, cartons });
  if (outcome.status === 'refused') return;
  const units = parcels.flatMap(({ content }) => content.units.map(({ unit }) => unit));
  week.truth.put(units, undefined);
  week.truth.see(units);
  for (const carton of parcels) movePlain(week, house, carton, -1);
  noteShipped(week, house, shipment, parcels);
  for (const { shipments } of week.facts.orders.values())
    for (const one of shipments) if (one.load === shipment && one.site === site) one.at = week.now();
  for (const carton of parcels) complainOf(week, house, carton);
}
