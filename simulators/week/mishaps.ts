// What happens to goods when nobody looks: stolen, carried out by a way without a reader, out at a door whose reader was off and in again, and sent
// back by customers; and the people who look for what the service doubts.
import { PLAIN } from './goods.ts';
import { aboutDoor, at as spot, scanAtDock, throughDoor, unpark, type House } from './house.ts';
import { review } from './review.ts';
import { DAY_MS, HOUR_MS } from './times.ts';
import type { Unit } from './truth.ts';
import type { Week } from './week.ts';

const SEEKER = 'sam';
const GRADER = 'gil';
const STOLEN = 3;
const PALLET_UNITS = 6;
/** From this probability on somebody goes and looks. */
const LOOK_AT = 0.5;

/** Once an hour: is something of that due? */
export function mishaps(week: Week, house: House): void {
  const { mistakes } = week;
  const { site } = house;
  const now = week.now();
  if (mistakes.due('stolen', site, now)) steal(week, house);
  if (mistakes.due('lost-pallet', site, now)) lose(week, house);
  if (mistakes.due('unread-exit', site, now)) leaveUnread(week, house);
  if (mistakes.due('unannounced-return', site, now)) sendBack(week, house);
}

function steal(week: Week, house: House): void {
  const { truth, mistakes } = week;
  const { site } = house;
  const product = PLAIN.find(
    ({ sku, bin, byLot }) => !byLot && !house.countedAt.has(bin) && truth.plainAt(spot(house, bin), sku, '') > STOLEN,
  );
  if (product === undefined) return;
  const { sku, bin } = product;
  truth.change(spot(house, bin), sku, '', -STOLEN, 'stolen');
  const from = week.now();
  mistakes.expect({
    mistake: 'stolen',
    site,
    kinds: ['short-pick', 'count-differs'],
    sku,
    location: bin,
    from,
    withinMs: 6 * DAY_MS,
  });
  mistakes.excuse({ site, kinds: ['reservation-broken'], sku, from });
}

/** Units that lie in a bin of a zone, as everybody knows. */
const storedUnits = ({ truth, plant }: Week, { site }: House): Unit[] =>
  [...truth.units.values()].filter(
    ({ epc, spot: place, seen }) =>
      place?.site === site &&
      place === seen &&
      /^[BC]-/.test(place.location) &&
      plant.site(site).books.items.get(epc)?.location === place.location,
  );

function lose(week: Week, house: House): void {
  const { truth, mistakes } = week;
  const { site } = house;
  const stored = storedUnits(week, house);
  const [first] = stored;
  if (first === undefined) return;
  const pallet = stored
    .filter(({ spot: place, sku }) => place!.location === first.spot!.location && sku === first.sku)
    .slice(0, PALLET_UNITS);
  const { location } = first.spot!;
  truth.put(pallet, undefined, 'carried out by a way without a reader');
  const from = week.now();
  const epcs = pallet.map(({ epc }) => epc);
  mistakes.expect({
    mistake: 'lost-pallet',
    site,
    kinds: ['doubt', 'count-differs'],
    epcs,
    sku: first.sku,
    location,
    from,
    withinMs: 4 * DAY_MS,
  });
  mistakes.excuse({ site, kinds: ['short-pick', 'reservation-broken', 'doubt'], sku: first.sku, from });
}

/** The reader of the door is off as two units go out; an hour later they come in again. */
function leaveUnread(week: Week, house: House): void {
  const { truth, mistakes } = week;
  const { site } = house;
  const units = storedUnits(week, house).slice(-2);
  if (units.length === 0) return;
  truth.put(units, undefined, 'went out while the reader of the door was off');
  const from = week.now();
  const epcs = units.map(({ epc }) => epc);
  let isRead = false;
  const isSeen = (): boolean => isRead;
  mistakes.expect({
    mistake: 'unread-exit',
    site,
    kinds: ['missed-exit', 'unplanned-pick'],
    epcs,
    from,
    withinMs: 3 * HOUR_MS,
    isSeen,
  });
  mistakes.excuse({
    site,
    kinds: ['short-pick', 'reservation-broken', 'missed-exit', 'unplanned-pick'],
    sku: units[0]!.sku,
    from,
  });
  week.at(from + HOUR_MS, () =>
    throughDoor(
      week,
      house,
      { name: `again ${epcs[0]}`, door: 'DOOR-1', direction: 'in', units, to: spot(house, 'DOCK-1') },
      () => {
        isRead = units.some(({ unseen }) => unseen === undefined);
        review(week, house);
        scanAtDock(week, house, 'DOOR-1', units);
      },
    ),
  );
}

/** Somebody sends back what went out yesterday or before; it is graded, and put away as any other. */
function sendBack(week: Week, house: House): void {
  const { truth, mistakes, plant } = week;
  const { site } = house;
  const { items } = plant.site(site).books;
  const unit = [...truth.units.values()].find(
    ({ epc, spot: place, seen, unseen }) =>
      place === undefined && seen === undefined && unseen === undefined && items.get(epc)?.location === 'customer',
  );
  if (unit === undefined) return;
  const from = week.now();
  const { epc } = unit;
  mistakes.expect({
    mistake: 'unannounced-return',
    site,
    kinds: ['unannounced-return'],
    epcs: [epc],
    from,
    withinMs: HOUR_MS,
  });
  throughDoor(
    week,
    house,
    { name: `return ${epc}`, door: 'DOOR-2', direction: 'in', units: [unit], to: spot(house, 'DOCK-2', 'returned') },
    () => {
      review(week, house);
      scanAtDock(week, house, 'DOOR-2', [unit]);
      const outcome = week.say(site, GRADER, {
        kind: 'hold',
        epc,
        status: 'available',
        code: 'return',
        reason: 'as new',
      });
      if (outcome.status === 'done') truth.put([unit], spot(house, 'DOCK-2'));
    },
  );
}

/** Who looks for what is doubted: what is not there is said to be missing. */
export function lookForDoubted(week: Week, house: House): void {
  const { truth, plant } = week;
  const { site } = house;
  for (const { epc, probability, closedAt, location } of plant.site(site).books.doubts.values()) {
    if (closedAt !== undefined || probability < LOOK_AT) continue;
    const unit = truth.units.get(epc);
    if (unit === undefined) continue;
    const isThere = unit.spot?.site === site && unit.spot.location === location;
    if (isThere) week.say(site, SEEKER, { kind: 'check-item', epc, found: true });
    else if (unit.spot === undefined) {
      week.say(site, SEEKER, { kind: 'check-item', epc, found: false });
      truth.see([unit]);
    }
  }
}

/** Goods at a dock are driven about without crossing. */
export function driveAbout(week: Week, house: House, day: number, dayAt: number): void {
  const chance = week.chance(house.site, 'about', day);
  for (let time = 0; time < 4; time++)
    week.at(dayAt + 7 * HOUR_MS + chance.between(0, 9 * HOUR_MS), () => {
      const units = [...week.truth.unitsAt(house.site, 'DOCK-1'), ...week.truth.unitsAt(house.site, 'PACK')].slice(
        0,
        8,
      );
      if (units.length === 0) return;
      unpark(house, units); // and put down at the far end
      aboutDoor(week, house, chance.chance(0.5) ? 'DOOR-1' : 'DOOR-2', units, chance.chance(0.4) ? 'turn' : 'pass');
    });
}
