// What was packed is loaded through a door, and gone when the truck leaves, with what drivers do wrong; and customers who tell what they got instead.
import { wrongLinesOf } from './facts.ts';
import { at as spot, throughDoor, type House, type PickedPlain } from './house.ts';
import type { PackedCarton } from './packing.ts';
import { review } from './review.ts';
import { BENCH } from './sites.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './times.ts';
import type { Unit } from './truth.ts';
import type { Week } from './week.ts';

const LOADER = 'leo';
const LOAD_CARTONS = 5;

/** Two trucks, one a door, take what is packed. */
export function loadTrucks(week: Week, house: House, day: number): void {
  const cartons = house.cartons.splice(0);
  const half = Math.ceil(cartons.length / 2);
  const parts = [cartons.slice(0, half), cartons.slice(half)] as const;
  for (const [index, part] of parts.entries())
    if (part.length > 0) openLoad(week, house, `LOAD-${day}-${index + 1}`, `DOOR-${index + 1}`, part);
}

function openLoad(week: Week, house: House, load: string, door: string, cartons: readonly PackedCarton[]): void {
  const { site } = house;
  const orders = [...new Set(cartons.map(({ order }) => order))];
  week.say(site, LOADER, { kind: 'open-load', load, door, carrier: 'CARRIER', orders });
  week.at(week.now() + 10 * MINUTE_MS, () => loadAll(week, house, load, door, cartons));
}

function loadAll(week: Week, house: House, load: string, door: string, cartons: readonly PackedCarton[]): void {
  const { mistakes } = week;
  const { site } = house;
  const withTags = cartons.filter(({ content }) => content.units.length > 0);
  const astray = withTags.length > 1 && mistakes.due('wrong-door', site, week.now()) ? withTags[0] : undefined;
  const others = cartons.filter((carton) => carton !== astray);
  for (let from = 0; from < others.length; from += LOAD_CARTONS) {
    const some = others.slice(from, from + LOAD_CARTONS);
    const extra = from === 0 ? unorderedFor(week, house, door) : [];
    carryOut(week, house, `${load} ${from}`, door, some, extra);
  }
  if (astray !== undefined) throughWrongDoor(week, house, load, door, astray);
  week.at(week.now() + 35 * MINUTE_MS, () => closeLoad(week, house, load, cartons));
}

/** A carton that drives out at the other door is told of while the truck is there, comes back, and goes where it belongs. */
function throughWrongDoor(week: Week, house: House, load: string, door: string, carton: PackedCarton): void {
  const { mistakes } = week;
  const { site } = house;
  const wrong = door === 'DOOR-1' ? 'DOOR-2' : 'DOOR-1';
  const epcs = [carton.epc, ...carton.content.units.map(({ unit }) => unit.epc)];
  const from = week.now();
  mistakes.expect({
    mistake: 'wrong-door',
    site,
    kinds: ['wrong-load'],
    epcs,
    readPoint: wrong,
    from,
    withinMs: HOUR_MS,
  });
  mistakes.excuse({ site, kinds: ['wrong-load'], sku: carton.content.units[0]!.unit.sku, from });
  for (const { sku } of carton.content.plain) mistakes.excuse({ site, kinds: ['wrong-load'], sku, from });
  mistakes.excuse({ site, kinds: ['wrong-load'], epcs, from });
  const drive = (name: string, at: string, direction: 'in' | 'out', then: () => void): void => {
    const units = carton.content.units.map(({ unit }) => unit);
    const to = direction === 'out' ? undefined : { site, location: `DOCK-${at.slice(-1)}`, status: 'available' };
    throughDoor(week, house, { name, door: at, direction, units, others: [carton.epc], to }, () => {
      movePlain(week, house, carton, direction === 'out' ? -1 : 1, direction === 'out' ? undefined : to!.location);
      review(week, house);
      then();
    });
  };
  drive(`${load} astray`, wrong, 'out', () =>
    drive(`${load} back`, wrong, 'in', () =>
      drive(`${load} again`, door, 'out', () => noteShipped(week, house, load, [carton])),
    ),
  );
}

/** Where the plain content of a carton stands: at the bench, at a dock that it came back to, or out. */
export function movePlain(
  { truth }: Week,
  house: House,
  { sscc, content }: PackedCarton,
  sign: 1 | -1,
  to?: string,
): void {
  const place = sign > 0 ? to! : (house.cartonAt.get(sscc) ?? BENCH);
  for (const { sku, lot, quantity, wrong } of content.plain) {
    truth.change(spot(house, place), sku, lot, sign * quantity);
    if (wrong === undefined) continue;
    const why = 'went with its carton';
    truth.change(spot(house, place), sku, lot, -sign, why);
    truth.change(spot(house, place), wrong.sku, '', sign, why);
  }
  if (to !== undefined) house.cartonAt.set(sscc, to);
}

function carryOut(
  week: Week,
  house: House,
  name: string,
  door: string,
  cartons: readonly PackedCarton[],
  extra: readonly Unit[],
): void {
  const units = [...cartons.flatMap(({ content }) => content.units.map(({ unit }) => unit)), ...extra];
  const others = cartons.map(({ epc }) => epc);
  throughDoor(week, house, { name, door, direction: 'out', units, others, to: undefined }, () => {
    for (const { epc, unseen } of extra) if (unseen === undefined) house.read.add(epc);
    for (const carton of cartons) movePlain(week, house, carton, -1);
    review(week, house);
  });
  noteShipped(week, house, name.split(' ')[0]!, cartons);
}

/** Something from storage is taken along that nobody ordered. */
function unorderedFor(week: Week, house: House, door: string): readonly Unit[] {
  const { mistakes, truth, plant } = week;
  const { site } = house;
  const from = week.now();
  const unit = [...truth.units.values()].find(
    ({ epc, spot: place, unseen }) =>
      place?.site === site &&
      unseen === undefined &&
      /^[BC]-/.test(place.location) &&
      plant.site(site).books.items.get(epc)?.location === place.location,
  );
  if (unit === undefined || !mistakes.due('unordered-ship', site, from)) return [];
  mistakes.expect({
    mistake: 'unordered-ship',
    site,
    kinds: ['unplanned-ship'],
    epcs: [unit.epc],
    readPoint: door,
    from,
    withinMs: HOUR_MS,
    isSeen: () => house.read.has(unit.epc),
  });
  mistakes.excuse({ site, kinds: ['reservation-broken'], sku: unit.sku, from });
  return [unit];
}

/** What left with one shipment, order by order. */
export function noteShipped({ facts }: Week, { site }: House, load: string, cartons: readonly PackedCarton[]): void {
  for (const { order, content } of cartons) {
    const fact = facts.orders.get(`${site} ${order}`);
    if (fact === undefined) continue;
    let shipment = fact.shipments.find((one) => one.load === load);
    if (shipment === undefined)
      fact.shipments.push((shipment = { site, at: Number.POSITIVE_INFINITY, load, lines: new Map() }));
    for (const { line } of content.units) shipment.lines.set(line, (shipment.lines.get(line) ?? 0) + 1);
    for (const { line, quantity, wrong } of content.plain)
      shipment.lines.set(line, (shipment.lines.get(line) ?? 0) + quantity - (wrong === undefined ? 0 : 1));
  }
}

/** The truck leaves; what the door did not hear is scanned first. */
function closeLoad(week: Week, house: House, load: string, cartons: readonly PackedCarton[]): void {
  const { plant, truth } = week;
  const { site } = house;
  review(week, house);
  const { items } = plant.site(site).books;
  const isIn = (epc: string): boolean =>
    items.get(epc)?.location !== undefined && plant.site(site).plan.locations.has(items.get(epc)!.location);
  for (const { epc, content } of cartons) {
    if (isIn(epc)) week.say(site, LOADER, { kind: 'move', epc, to: 'world' });
    for (const { unit } of content.units)
      if (isIn(unit.epc)) week.say(site, LOADER, { kind: 'move', epc: unit.epc, to: 'world' });
    truth.see(content.units.map(({ unit }) => unit));
  }
  week.say(site, LOADER, { kind: 'close-load', load, seals: [`S-${load}`] });
  for (const { shipments } of week.facts.orders.values())
    for (const shipment of shipments) if (shipment.load === load && shipment.site === site) shipment.at = week.now();
  for (const carton of cartons) complainOf(week, house, carton);
}

/** Who gets something else than was ordered tells. */
export function complainOf(week: Week, house: House, carton: PackedCarton): void {
  for (const one of carton.content.plain) if (one.wrong !== undefined) complain(week, house, carton, one, one.wrong);
}

/** The customer tells, the next morning, what came instead. */
function complain(
  week: Week,
  house: House,
  carton: PackedCarton,
  one: PickedPlain,
  wrong: { sku: string; bin: string },
): void {
  const { truth, facts } = week;
  const { site } = house;
  week.at(week.now() + DAY_MS / 2 + 4 * HOUR_MS, () => {
    const [pick, line] = one.pickLine.split(' ') as [string, string];
    const ordered = {
      order: carton.order,
      orderLine: one.line,
      sku: one.sku,
      lot: one.lot,
      owner: '',
      location: one.bin,
    };
    const outcome = week.say(site, 'cleo', {
      kind: 'wrong-pick',
      pick,
      line: Number(line),
      ordered,
      sku: wrong.sku,
      quantity: 1,
      from: wrong.bin,
    });
    if (outcome.status === 'refused') return;
    wrongLinesOf(facts, site).shipped.add(one.pickLine);
    // Who has counted a bin since knew already.
    const isKnown = (bin: string): boolean => (house.countedAt.get(bin) ?? 0) >= one.at;
    if (!isKnown(one.bin)) truth.know(spot(house, one.bin), one.sku, one.lot, 1);
    if (!isKnown(wrong.bin)) truth.know(spot(house, wrong.bin), wrong.sku, '', -1);
  });
}
