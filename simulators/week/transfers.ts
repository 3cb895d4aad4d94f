// Goods go from one warehouse to the other: ordered, picked, out at one, a night on the road, in at the other, and closed there.
import { PLAIN, TAGGED_PRODUCTS } from './goods.ts';
import { at as spot, scanAtDock, throughDoor, type House, type Picked } from './house.ts';
import { releaseWave } from './orders.ts';
import { review } from './review.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './times.ts';
import type { Unit } from './truth.ts';
import type { Week } from './week.ts';

const CLERK = 'cleo';
const RECEIVER = 'ria';
const DOOR = 'DOOR-1';
const STAGING = 'OUT';
const TAGGED_UNITS = 5;
const PLAIN_UNITS = 12;

/** Ordered in the morning, on the road before the trucks for customers come, in at the other site the next day. */
export function planTransfer(week: Week, from: House, to: House, day: number, dayAt: number): void {
  const transfer = `X-${from.site}-${day}`;
  week.at(dayAt + 9 * HOUR_MS, () => {
    const chance = week.chance('transfer', from.site, day);
    const lines = [
      { line: '1', sku: chance.choice(TAGGED_PRODUCTS).sku, quantity: TAGGED_UNITS },
      { line: '2', sku: chance.choice(PLAIN.filter(({ byLot }) => !byLot)).sku, quantity: PLAIN_UNITS },
    ];
    week.say(from.site, CLERK, { kind: 'transfer', transfer, to: to.site, partial: true, priority: 7, lines });
    releaseWave(week, from, `W-${transfer}`, STAGING, [transfer]);
  });
  week.at(dayAt + 11 * HOUR_MS, () => send(week, from, to, transfer));
}

function send(week: Week, from: House, to: House, transfer: string): void {
  const { truth, mistakes } = week;
  const content = from.picked.get(transfer);
  if (content === undefined) return;
  from.picked.delete(transfer);
  const units = content.units.map(({ unit }) => unit);
  throughDoor(week, from, { name: transfer, door: DOOR, direction: 'out', units, to: undefined }, (at) => {
    review(week, from);
    sendUnread(week, from, transfer, units);
    for (const { sku, lot, quantity } of content.plain) {
      const outcome = week.say(from.site, CLERK, {
        kind: 'send-transfer',
        transfer,
        sku,
        quantity,
        ...(lot === '' ? {} : { lot }),
        location: STAGING,
      });
      if (outcome.status === 'done') truth.change(spot(from, STAGING), sku, lot, -quantity);
    }
    const back = mistakes.due('misrouted', from.site, at) ? units.slice(0, 1) : [];
    if (back.length > 0) comeBack(week, from, back);
    const onRoad = units.filter((unit) => !back.includes(unit));
    week.at(at + DAY_MS - 4 * HOUR_MS, () => receive(week, from, to, transfer, { ...content, units: [] }, onRoad));
  });
}

/** What the door did not hear is scanned as it leaves. */
function sendUnread(week: Week, { site }: House, transfer: string, units: readonly Unit[]): void {
  const { plan, books } = week.plant.site(site);
  const unread = units.filter(({ epc }) => plan.locations.has(books.items.get(epc)?.location ?? ''));
  if (unread.length > 0) week.say(site, CLERK, { kind: 'send-transfer', transfer, epcs: unread.map(({ epc }) => epc) });
  week.truth.see(units);
}

/** It fell off the truck, and is brought in where it left; somebody puts it back. */
function comeBack(week: Week, house: House, units: readonly Unit[]): void {
  const { mistakes } = week;
  const { site } = house;
  const from = week.now();
  const epcs = units.map(({ epc }) => epc);
  mistakes.expect({ mistake: 'misrouted', site, kinds: ['misrouted'], epcs, from, withinMs: 2 * HOUR_MS });
  week.at(from + 30 * MINUTE_MS, () =>
    throughDoor(
      week,
      house,
      { name: `back ${epcs[0]}`, door: DOOR, direction: 'in', units, to: spot(house, 'DOCK-1') },
      () => {
        review(week, house);
        scanAtDock(week, house, DOOR, units);
      },
    ),
  );
}

function receive(
  week: Week,
  from: House,
  to: House,
  transfer: string,
  { plain }: Picked,
  units: readonly Unit[],
): void {
  const { mistakes, truth } = week;
  const now = week.now();
  const isShort = units.length > 1 && mistakes.due('transfer-short', from.site, now);
  const came = isShort ? units.slice(1) : units;
  if (isShort) {
    const { sku } = units[0]!;
    mistakes.expect({
      mistake: 'transfer-short',
      site: from.site,
      kinds: ['transfer-short'],
      sku,
      from: now,
      withinMs: 4 * HOUR_MS,
    });
  }
  throughDoor(
    week,
    to,
    { name: transfer, door: DOOR, direction: 'in', units: came, to: spot(to, 'DOCK-1', 'receiving') },
    () => review(week, to),
  );
  week.at(now + 10 * MINUTE_MS, () => {
    const { books } = week.plant.site(to.site);
    for (const { sku, lot, quantity } of plain) {
      const outcome = week.say(to.site, RECEIVER, {
        kind: 'receive',
        inbound: documentOf(week, to, transfer, sku),
        location: 'DOCK-1',
        sku,
        quantity,
        ...(lot === '' ? {} : { lot }),
      });
      if (outcome.status === 'refused') continue;
      truth.change(spot(to, 'DOCK-1', 'receiving'), sku, lot, quantity);
      week.facts.arrivals.push({ site: to.site, sku, lot, at: week.now(), quantity });
    }
    for (const unit of came) {
      if (books.items.get(unit.epc)?.location === 'DOCK-1') continue;
      const inbound = documentOf(week, to, transfer, unit.sku);
      week.say(to.site, RECEIVER, { kind: 'receive', inbound, location: 'DOCK-1', epcs: [unit.epc] });
      truth.see([unit]);
      week.facts.arrivals.push({ site: to.site, sku: unit.sku, lot: '', epc: unit.epc, at: week.now(), quantity: 1 });
    }
    week.say(to.site, RECEIVER, { kind: 'close-transfer', transfer, from: from.site });
  });
}

/** The notice of the transfer that expects it. */
function documentOf({ plant }: Week, { site }: House, transfer: string, sku: string): string {
  const { transfers, inbounds } = plant.site(site).books;
  const documents = transfers.get(transfer)?.inbounds ?? [];
  return documents.find((id) => inbounds.get(id)?.lines.some((line) => line.sku === sku)) ?? documents[0] ?? transfer;
}
