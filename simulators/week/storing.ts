// Who puts away and refills: tasks as the service gives them, with what people do wrong on the way.
import { isTagged } from './goods.ts';
import { aboutDoor, at as spot, unpark, type House } from './house.ts';
import { review } from './review.ts';
import { BENCH } from './sites.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './times.ts';
import type { ToldTask } from './told.ts';
import { isHeardSurely, type Unit } from './truth.ts';
import type { Week } from './week.ts';

const DRIVER = 'dan';
/** Tasks that one driver does in a round, and how long each takes. */
const ROUND_TASKS = 8;
const TASK_MS = 2 * MINUTE_MS;
/** How often goods on their way to a bin pass along the doors. */
const PASS_SHARE = 0.25;

/** Does what is to be put away and refilled now. */
export function storingRound(week: Week, house: House): void {
  const { tasks } = week.plant.site(house.site).books;
  const open = [...tasks.values()]
    .filter(({ state, to }) => state === 'open' && to !== undefined)
    .slice(0, ROUND_TASKS);
  for (const [index, { id }] of open.entries()) week.at(week.now() + index * TASK_MS, () => doTask(week, house, id));
}

function doTask(week: Week, house: House, id: string): void {
  const task = week.plant.site(house.site).books.tasks.get(id)!;
  if (task.state !== 'open' || task.to === undefined) return;
  if (!isTagged(task.sku)) bringPlain(week, house, task, task.to);
  else if (task.from.startsWith('DOCK') && week.chance(house.site, 'pass', id).chance(PASS_SHARE))
    passBy(week, house, task, task.to);
  else bringUnits(week, house, task, task.to);
}

/** The way to the bin leads along the doors. */
function passBy(week: Week, house: House, task: ToldTask, to: string): void {
  const units = week.truth.unitsAt(house.site, task.from).filter(({ sku }) => sku === task.sku);
  unpark(house, units);
  aboutDoor(week, house, 'DOOR-1', units, 'pass', () => {
    review(week, house);
    bringUnits(week, house, week.plant.site(house.site).books.tasks.get(task.id)!, to);
  });
}

const openOf = ({ quantity, done, gone }: ToldTask): number => quantity - done - gone;

function bringUnits(week: Week, house: House, task: ToldTask, to: string): void {
  const { truth, mistakes, plant, facts } = week;
  const { site } = house;
  const { items } = plant.site(site).books;
  const units = truth
    .unitsAt(site, task.from)
    .filter(
      ({ epc, sku }) =>
        sku === task.sku && items.get(epc)?.location === task.from && items.get(epc)?.status === task.status,
    )
    .slice(0, openOf(task));
  if (units.length === 0) return;
  const from = week.now();
  const toBin = to !== BENCH;
  const isWrong = toBin && mistakes.due('wrong-bin', site, from);
  const bin = isWrong ? neighbourOf(to) : to;
  if (isWrong)
    mistakes.expect({
      mistake: 'wrong-bin',
      site,
      kinds: ['other-bin'],
      sku: task.sku,
      location: bin,
      from,
      withinMs: HOUR_MS,
    });
  const isElsewhere = toBin && !isWrong && mistakes.due('wrong-zone', site, from);
  unpark(house, units);
  week.say(site, DRIVER, { kind: 'confirm-task', task: task.id, scan: bin, epcs: units.map(({ epc }) => epc) });
  const status = task.status === 'receiving' ? 'available' : task.status;
  truth.put(units, spot(house, bin, status));
  if (task.wants !== undefined)
    noteCrossDocked(
      house,
      task,
      units.map((unit) => ({ unit })),
    );
  if (isElsewhere) putElsewhere(week, house, units, bin, status);
  if (toBin)
    for (const { epc } of units) facts.stored.push({ site, sku: task.sku, lot: '', epc, at: from, quantity: 1 });
}

/** The label of the right bin is scanned, and the goods are put into the other zone: it hears them. */
function putElsewhere(
  { truth, mistakes, now }: Week,
  house: House,
  units: readonly Unit[],
  bin: string,
  status: string,
): void {
  const { site } = house;
  const from = now();
  truth.put(units, spot(house, otherZone(bin), status), `scanned at ${bin}, and put into the other zone`);
  const epcs = units.map(({ epc }) => epc);
  const { sku } = units[0]!;
  // A zone is sure of it after some hours, when it hears it well.
  const isSeen = (): boolean => units.some(({ heard, unseen }) => unseen === undefined || isHeardSurely(heard));
  mistakes.expect({ mistake: 'wrong-zone', site, kinds: ['heard-elsewhere'], epcs, from, withinMs: DAY_MS, isSeen });
  mistakes.excuse({ site, kinds: ['heard-elsewhere', 'count-differs', 'short-pick', 'reservation-broken'], sku, from });
}

/** The next bin of the same zone. */
const neighbourOf = (bin: string): string => `${bin.slice(0, 3)}${(Number(bin.slice(3)) % 4) + 1}`;
const otherZone = (bin: string): string => `${bin.startsWith('B') ? 'C' : 'B'}${bin.slice(1)}`;

/** What an order waits for went straight to the bench: it is there for it. */
function noteCrossDocked({ picked }: House, { wants }: ToldTask, units: readonly { readonly unit: Unit }[]): void {
  const { order, line } = wants!;
  const known = picked.get(order) ?? { units: [], plain: [] };
  picked.set(order, known);
  for (const { unit } of units) known.units.push({ unit, line, pickLine: '' });
}

function bringPlain(week: Week, house: House, task: ToldTask, to: string): void {
  const { truth, facts } = week;
  const { site } = house;
  const there = spot(house, task.from, task.status);
  const quantity = Math.min(openOf(task), truth.plainAt(there, task.sku, task.lot));
  if (quantity <= 0) return;
  const outcome = week.say(site, DRIVER, { kind: 'confirm-task', task: task.id, scan: to, quantity });
  if (outcome.status === 'refused') return;
  const status = task.status === 'receiving' ? 'available' : task.status;
  truth.change(there, task.sku, task.lot, -quantity);
  truth.change(spot(house, to, status), task.sku, task.lot, quantity);
  if (task.wants !== undefined) {
    const known = house.picked.get(task.wants.order) ?? { units: [], plain: [] };
    house.picked.set(task.wants.order, known);
    const { line } = task.wants;
    known.plain.push({
      sku: task.sku,
      lot: task.lot,
      line,
      pickLine: '',
      bin: '',
      at: week.now(),
      quantity,
      wrong: undefined,
    });
  } else if (task.kind === 'putaway')
    facts.stored.push({ site, sku: task.sku, lot: task.lot, epc: undefined, at: week.now(), quantity });
}
