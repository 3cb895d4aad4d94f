// Customers order, waves are released, and pickers take what the lists say, or something else.
import type { OrderLine } from '../../src/wire/outbound.ts';
import { notePicked, wrongLinesOf } from './facts.ts';
import { isTagged, PLAIN, TAGGED_PRODUCTS } from './goods.ts';
import { at as spot, type House, type Picked } from './house.ts';
import { BENCH } from './sites.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './times.ts';
import type { ToldPickLine } from './told.ts';
import type { Week } from './week.ts';

const PICKER = 'pia';
const CLERK = 'cleo';
const ORDERS_A_DAY = 14;
const WAVE_ORDERS = 8;
const LINE_MS = 45 * SECOND_MS;
/** Orders leave by then, hours of the day. */
const SHIP_BY_H = 17;

/** Orders of one day: they come in the morning, and leave in the afternoon. */
export function planOrders(week: Week, house: House, day: number, dayAt: number): void {
  const chance = week.chance(house.site, 'orders', day);
  for (let number = 1; number <= ORDERS_A_DAY; number++) {
    const enteredAt = dayAt + 6 * HOUR_MS + chance.between(0, 6 * HOUR_MS);
    const id = `O-${day}-${String(number).padStart(2, '0')}`;
    week.at(enteredAt, () => enterOrder(week, house, id, dayAt));
  }
}

function enterOrder(week: Week, { site }: House, id: string, dayAt: number): void {
  const chance = week.chance(site, 'order', id);
  const skus = chance.shuffled([...TAGGED_PRODUCTS, ...PLAIN]).slice(0, chance.integer(1, 3));
  const lines: OrderLine[] = skus.map(({ sku }, index) => ({
    line: String(index + 1),
    sku,
    quantity: isTagged(sku) ? chance.integer(1, 2) : chance.integer(1, 5),
  }));
  const shipBy = dayAt + SHIP_BY_H * HOUR_MS;
  const partial = chance.chance(0.3);
  const customer = `SHOP-${chance.integer(1, 6)}`;
  const outcome = week.say(site, CLERK, {
    kind: 'order',
    order: id,
    customer,
    shipBy: new Date(shipBy).toISOString(),
    partial,
    lines,
  });
  if (outcome.status === 'refused') return;
  if (partial) week.facts.partial.add(`${site} ${id}`);
  week.facts.orders.set(`${site} ${id}`, { site, order: id, enteredAt: week.now(), shipBy, lines, shipments: [] });
}

/** Puts what is promised on pick lists, and has it picked. */
export function releaseWave(week: Week, house: House, wave: string, to = BENCH, only?: readonly string[]): void {
  const { site } = house;
  const { orders } = week.plant.site(site).books;
  const ready = [...orders.values()]
    .filter(({ id, reserved }) => reserved > 0 && (only === undefined ? id.startsWith('O-') : only.includes(id)))
    .map(({ id }) => id);
  for (let from = 0, list = 1; from < ready.length; from += WAVE_ORDERS, list++) {
    const pick = `${wave}-${list}`;
    const command = { kind: 'release', pick, orders: ready.slice(from, from + WAVE_ORDERS), to } as const;
    if (week.say(site, CLERK, command).status === 'done')
      week.at(week.now() + 5 * MINUTE_MS, () => pickNext(week, house, pick));
  }
}

/** The next line in the order of the way, until the list is done. */
function pickNext(week: Week, house: House, pick: string): void {
  const list = week.plant.site(house.site).books.picks.get(pick)!;
  const [next] = [...list.all.values()].filter(({ state }) => state === 'open').sort((a, b) => a.stop - b.stop);
  if (next === undefined) return;
  if (isTagged(next.sku)) pickUnits(week, house, pick, next, list.to);
  else pickPlain(week, house, pick, next, list.to);
  week.at(week.now() + LINE_MS, () => pickNext(week, house, pick));
}

const openOf = ({ quantity, picked, short }: ToldPickLine): number => quantity - picked - short;

function pickUnits(week: Week, house: House, pick: string, line: ToldPickLine, to: string): void {
  const { truth, mistakes, facts } = week;
  const { site } = house;
  const there = truth.unitsAt(site, line.location);
  if (mistakes.due('pick-refused', site, week.now())) refusedScan(week, house, pick, line);
  let left = openOf(line);
  for (const unit of there.filter(({ sku }) => sku === line.sku)) {
    if (left === 0) break;
    const outcome = week.say(
      site,
      PICKER,
      { kind: 'confirm-pick', pick, line: line.line, scan: unit.epc },
      'wrong-bin',
      'already-picked',
      'not-available',
    );
    if (outcome.status === 'refused') {
      if (outcome.code === 'wrong-bin') noteRefused(week, site, pick, line);
      continue;
    }
    left--;
    truth.put([unit], spot(house, to));
    pickedFor(house, line.order).units.push({ unit, line: line.orderLine, pickLine: `${pick} ${line.line}` });
    notePicked(facts, site, `${pick} ${line.line}`);
  }
  if (left > 0) tellShort(week, house, pick, line, left);
}

/** The scanner knows better: something else is in the hand. */
function refusedScan(week: Week, { site }: House, pick: string, line: ToldPickLine): void {
  const other = [...week.truth.units.values()].find(
    ({ sku, spot: place }) => sku !== line.sku && place?.site === site && /^[BC]/.test(place.location),
  );
  if (other === undefined) return;
  const from = week.now();
  week.mistakes.expect({
    mistake: 'pick-refused',
    site,
    kinds: ['pick-refused'],
    sku: line.sku,
    from,
    withinMs: MINUTE_MS,
  });
  week.say(site, PICKER, { kind: 'confirm-pick', pick, line: line.line, scan: other.epc }, 'wrong-item');
  noteRefused(week, site, pick, line);
}

const noteRefused = ({ facts }: Week, site: string, pick: string, { line }: ToldPickLine): void =>
  void wrongLinesOf(facts, site).refused.add(`${pick} ${line}`);

function pickPlain(week: Week, house: House, pick: string, line: ToldPickLine, to: string): void {
  const { truth, facts } = week;
  const { site } = house;
  const { sku, lot, location } = line;
  const bin = spot(house, location);
  const quantity = Math.min(openOf(line), Math.max(0, truth.plainAt(bin, sku, lot)));
  const left = openOf(line) - quantity;
  if (quantity > 0) {
    const outcome = week.say(site, PICKER, { kind: 'confirm-pick', pick, line: line.line, scan: location, quantity });
    if (outcome.status === 'refused') return;
    truth.change(bin, sku, lot, -quantity);
    truth.change(spot(house, to), sku, lot, quantity);
    notePicked(facts, site, `${pick} ${line.line}`);
    const taken = {
      sku,
      lot,
      line: line.orderLine,
      pickLine: `${pick} ${line.line}`,
      bin: location,
      at: week.now(),
      quantity,
    };
    const wrong = wrongItemFor(week, house, line);
    pickedFor(house, line.order).plain.push({ ...taken, wrong });
    if (wrong !== undefined) {
      const why = `one of ${sku} stayed in ${location}, one of ${wrong.sku} was taken out of ${wrong.bin} instead`;
      truth.change(bin, sku, lot, 1, why);
      truth.change(spot(house, to), sku, lot, -1, why);
      truth.change(spot(house, wrong.bin), wrong.sku, '', -1, why);
      truth.change(spot(house, to), wrong.sku, '', 1, why);
    }
  }
  if (left > 0) tellShort(week, house, pick, line, left);
}

/** Somebody takes one of the neighbouring bin, and scans the label of the right one. */
function wrongItemFor(week: Week, house: House, line: ToldPickLine): { sku: string; bin: string } | undefined {
  const { mistakes, truth, facts } = week;
  const { site } = house;
  const ordered = facts.orders.get(`${site} ${line.order}`)?.lines.map(({ sku }) => sku) ?? [];
  const other = PLAIN.find(
    ({ sku, bin, byLot }) => !byLot && !ordered.includes(sku) && truth.plainAt(spot(house, bin), sku, '') > 5,
  );
  if (other === undefined || PLAIN.find(({ sku }) => sku === line.sku)?.byLot !== false || ordered.length === 0)
    return undefined;
  const from = week.now();
  const { sku } = line;
  if (mistakes.due('pick-caught', site, from)) {
    // Which line it was, nobody can say before all is packed.
    mistakes.expect({
      mistake: 'pick-caught',
      site,
      kinds: ['pick-caught'],
      order: line.order,
      from,
      withinMs: DAY_MS,
    });
    mistakes.excuse({ site, kinds: ['count-differs'], sku, from });
    mistakes.excuse({ site, kinds: ['count-differs'], sku: other.sku, from });
    house.caught.add(`${line.order} ${line.orderLine}`);
    return { sku: other.sku, bin: other.bin };
  }
  if (!mistakes.due('pick-shipped', site, from)) return undefined;
  mistakes.expect({ mistake: 'pick-shipped', site, kinds: ['pick-shipped'], sku, from, withinMs: 2 * DAY_MS });
  mistakes.excuse({ site, kinds: ['count-differs', 'short-pick', 'reservation-broken'], sku: other.sku, from });
  mistakes.excuse({ site, kinds: ['count-differs'], sku, from });
  return { sku: other.sku, bin: other.bin };
}

/** What is not there is said to be short; what the books then do about it has a cause. */
function tellShort(week: Week, { site }: House, pick: string, line: ToldPickLine, quantity: number): void {
  week.mistakes.excuse({ site, kinds: ['short-pick', 'reservation-broken'], sku: line.sku, from: week.now() });
  week.say(site, PICKER, { kind: 'short-pick', pick, line: line.line, quantity }, 'line-done');
}

export function pickedFor({ picked }: House, order: string): Picked {
  const known = picked.get(order) ?? { units: [], plain: [] };
  picked.set(order, known);
  return known;
}
