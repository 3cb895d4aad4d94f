// Trucks of suppliers: announced, unloaded through a door, checked at the dock, with what suppliers do wrong.
import type { InboundLine } from '../../src/wire/inbound.ts';
import { foreignEpc, PLAIN, TAGGED_PRODUCTS, unitEpc, type PlainProduct, type TaggedProduct } from './goods.ts';
import { at as spot, atDock, scanAtDock, throughDoor, type House } from './house.ts';
import { review } from './review.ts';
import { DOCK_OF } from './sites.ts';
import { HOUR_MS, MINUTE_MS } from './times.ts';
import type { Unit } from './truth.ts';
import type { Week } from './week.ts';

export interface Delivery {
  readonly id: string;
  readonly door: string;
  readonly tagged: readonly { readonly product: TaggedProduct; readonly units: number }[];
  readonly plain: readonly { readonly product: PlainProduct; readonly quantity: number; readonly lot: string }[];
}

const SUPPLIER = 'ACME';
const RECEIVER = 'ria';
/** Between the announcement and the truck. */
const NOTICE_MS = HOUR_MS;
/** How often the gateway of the doors is cut off while a truck is unloaded, and for how long. */
const AWAY_SHARE = 0.2;
const AWAY_MS = 4 * MINUTE_MS;
/** From the last pallet until somebody looks for what was not read. */
const CHECK_MS = 5 * MINUTE_MS;

/** What a supplier sends, by chance. */
export function deliveryOf(week: Week, house: House, day: number, number: number): Delivery {
  const chance = week.chance(house.site, 'delivery', day, number);
  const products = chance.shuffled(TAGGED_PRODUCTS).slice(0, 2);
  const plain = chance.shuffled(PLAIN).slice(0, 2);
  return {
    id: `ASN-${day}-${number}`,
    door: number % 2 === 0 ? 'DOOR-1' : 'DOOR-2',
    tagged: products.map((product) => ({ product, units: chance.integer(8, 14) })),
    plain: plain.map((product) => ({ product, quantity: chance.integer(20, 40), lot: product.byLot ? `L${day}` : '' })),
  };
}

/** Announced now; the truck comes in an hour. */
export function expectTruck(week: Week, house: House, delivery: Delivery): void {
  const { truth, mistakes } = week;
  const { site } = house;
  const { id, door } = delivery;
  const pallets = delivery.tagged.map(({ product, units }) =>
    Array.from({ length: units }, () => truth.make(unitEpc(product, week.nextSerial()), product.sku)),
  );
  const lines: InboundLine[] = [
    ...pallets.map((units, index): InboundLine => ({ line: `T${index + 1}`, epcs: units.map(({ epc }) => epc) })),
    ...delivery.plain.map(({ product, quantity, lot }, index): InboundLine => ({
      line: `P${index + 1}`,
      sku: product.sku,
      quantity,
      ...(lot === '' ? {} : { lot }),
    })),
  ];
  week.say(site, RECEIVER, { kind: 'announce', inbound: id, document: 'notice', supplier: SUPPLIER, door, lines });
  week.at(week.now() + NOTICE_MS, () => {
    const from = week.now();
    if (mistakes.due('supplier-short', site, from)) {
      const [missing] = pallets[0]!.splice(0, 1);
      mistakes.expect({
        mistake: 'supplier-short',
        site,
        kinds: ['short'],
        sku: missing!.sku,
        from,
        withinMs: 2 * HOUR_MS,
      });
    }
    unload(week, house, delivery, pallets);
  });
}

function unload(week: Week, house: House, delivery: Delivery, pallets: readonly Unit[][]): void {
  const { site } = house;
  const { id, door } = delivery;
  week.say(site, RECEIVER, { kind: 'open-receipt', inbound: id, door });
  if (week.chance(site, 'away', id).chance(AWAY_SHARE)) house.awayUntil = week.now() + AWAY_MS;
  const strangers = strangersOf(week, house, delivery);
  let last = week.now();
  for (const [index, units] of pallets.entries()) {
    const isFirst = index === 0;
    last = throughDoor(
      week,
      house,
      {
        name: `${id} pallet ${index + 1}`,
        door,
        direction: 'in',
        units: isFirst ? [...units, ...strangers.units] : units,
        others: isFirst ? strangers.others : [],
        to: atDock(house, door, 'receiving'),
        delivery: id,
      },
      () => review(week, house),
    );
  }
  week.at(last + CHECK_MS, () => check(week, house, delivery, pallets, strangers.units));
}

/** What comes with the pallets and is on no document: goods of another product, a tag of nobody. */
function strangersOf(week: Week, house: House, { tagged }: Delivery) {
  const { mistakes, truth } = week;
  const { site } = house;
  const from = week.now();
  const units: Unit[] = [];
  const others: string[] = [];
  if (mistakes.due('unexpected-goods', site, from)) {
    const other = TAGGED_PRODUCTS.find(({ sku }) => !tagged.some(({ product }) => product.sku === sku))!;
    const unit = truth.make(unitEpc(other, week.nextSerial()), other.sku);
    units.push(unit);
    mistakes.expect({
      mistake: 'unexpected-goods',
      site,
      kinds: ['unexpected'],
      epcs: [unit.epc],
      from,
      withinMs: HOUR_MS,
    });
  }
  if (mistakes.due('foreign-tag', site, from)) {
    const epc = foreignEpc(week.nextSerial());
    others.push(epc);
    mistakes.expect({
      mistake: 'foreign-tag',
      site,
      kinds: ['unknown-item'],
      epcs: [epc],
      from,
      withinMs: HOUR_MS,
      isSeen: () => house.read.has(epc),
    });
    mistakes.excuse({ site, kinds: ['unknown-item'], epcs: [epc], from });
  }
  return { units, others };
}

/** Goods without tags are counted, tags that were not read are scanned, and the receipt is closed. */
function check(
  week: Week,
  house: House,
  delivery: Delivery,
  pallets: readonly Unit[][],
  strangers: readonly Unit[],
): void {
  const { truth, mistakes, plant } = week;
  const { site } = house;
  const { id, door } = delivery;
  const from = week.now();
  const location = DOCK_OF[door]!;
  for (const [index, { product, quantity, lot }] of delivery.plain.entries()) {
    const more = index === 0 && mistakes.due('supplier-over', site, from) ? 3 : 0;
    if (more > 0)
      mistakes.expect({ mistake: 'supplier-over', site, kinds: ['over'], sku: product.sku, from, withinMs: HOUR_MS });
    const came = quantity + more;
    week.say(site, RECEIVER, {
      kind: 'receive',
      inbound: id,
      location,
      sku: product.sku,
      quantity: came,
      ...(lot === '' ? {} : { lot }),
    });
    truth.change(spot(house, location, 'receiving'), product.sku, lot, came);
    week.facts.arrivals.push({ site, sku: product.sku, lot, delivery: id, at: from, quantity: came });
  }
  const { items } = plant.site(site).books;
  const unread = pallets.flat().filter(({ epc }) => items.get(epc)?.location !== location);
  if (unread.length > 0) {
    week.say(site, RECEIVER, { kind: 'receive', inbound: id, location, epcs: unread.map(({ epc }) => epc) });
    truth.see(unread);
    for (const { epc, sku } of unread)
      week.facts.arrivals.push({ site, sku, lot: '', epc, delivery: id, at: from, quantity: 1 });
  }
  week.say(site, RECEIVER, { kind: 'close-receipt', inbound: id });
  noteReceipt(week, site, delivery, pallets);
  scanAtDock(week, house, door, strangers);
  for (const unit of strangers) putAside(week, house, unit);
}

/** Lines of the receipt, and those that came as they were announced. */
function noteReceipt({ facts }: Week, site: string, { id, tagged, plain }: Delivery, pallets: readonly Unit[][]): void {
  const known = facts.receiptLines.get(site) ?? { lines: 0, exact: 0 };
  facts.receiptLines.set(site, known);
  known.lines += tagged.length + plain.length;
  known.exact += tagged.filter(({ units }, index) => pallets[index]!.length === units).length;
  known.exact += plain.filter(
    ({ product, quantity }) =>
      facts.arrivals.find((one) => one.site === site && one.delivery === id && one.sku === product.sku)?.quantity ===
      quantity,
  ).length;
}

/** What nobody expected waits in quality hold. */
function putAside(week: Week, house: House, unit: Unit): void {
  week.say(house.site, RECEIVER, { kind: 'move', epc: unit.epc, to: 'HOLD', reason: 'nobody knows what it is for' });
  for (const [name, parked] of house.parked)
    if (parked.epcs.includes(unit.epc))
      house.parked.set(name, { ...parked, epcs: parked.epcs.filter((epc) => epc !== unit.epc) });
  week.truth.put([unit], spot(house, 'HOLD', 'quality'));
}

/** Trucks of one day: more on the first, so that there is something to sell. */
export function planTrucks(week: Week, house: House, day: number, dayAt: number): void {
  const count = day === 0 ? 4 : 2;
  for (let number = 1; number <= count; number++)
    week.at(dayAt + 5 * HOUR_MS + number * 50 * MINUTE_MS, () =>
      expectTruck(week, house, deliveryOf(week, house, day, number)),
    );
}
