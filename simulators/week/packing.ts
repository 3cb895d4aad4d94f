// What was picked is packed at the bench, order by order, with what packers do wrong and what the bench notices.
import { wrongLinesOf } from './facts.ts';
import { at as spot, type House, type Picked, type PickedPlain } from './house.ts';
import { listenAtBench } from './roofs.ts';
import { BENCH } from './sites.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './times.ts';
import type { Unit } from './truth.ts';
import type { Week } from './week.ts';

const PACKER = 'pat';
const PACK_MS = 2 * MINUTE_MS;
const BENCH_MS = 20 * SECOND_MS;

/** A closed carton at the bench. */
export interface PackedCarton {
  readonly sscc: string;
  readonly epc: string;
  readonly order: string;
  readonly content: Picked;
}

/** Packs every order of which all is at the bench, or as much as there will be of one that may go in parts. */
export function packAll(week: Week, house: House): void {
  const { orders } = week.plant.site(house.site).books;
  const ready = [...house.picked.keys()].filter((id) => {
    const order = orders.get(id);
    const isWhole = order !== undefined && order.picked + order.shipped >= order.quantity;
    return (
      order !== undefined &&
      id.startsWith('O-') &&
      order.planned === 0 &&
      (isWhole || (week.facts.orders.has(`${house.site} ${id}`) && order.picked > 0 && isPartial(week, house, id)))
    );
  });
  for (const [index, id] of ready.entries()) week.at(week.now() + index * PACK_MS, () => packOrder(week, house, id));
}

const isPartial = (week: Week, { site }: House, id: string): boolean => week.facts.partial.has(`${site} ${id}`);

function packOrder(week: Week, house: House, id: string): void {
  const { mistakes } = week;
  const { site } = house;
  const content = house.picked.get(id);
  if (content === undefined || content.units.length + content.plain.length === 0) return;
  const opened = week.say(site, PACKER, { kind: 'open-carton', order: id, bench: BENCH });
  if (opened.status === 'refused') return;
  const { carton, epc } = opened.detail as { carton: string; epc: string };
  house.picked.delete(id);
  for (const { unit } of content.units) week.say(site, PACKER, { kind: 'pack-item', carton, scan: unit.epc });
  for (const one of content.plain) packPlain(week, house, id, carton, one);
  const stranger = mistakes.due('wrong-carton', site, week.now()) ? strangerFor(house) : undefined;
  const onBench = [...content.units.map(({ unit }) => unit.epc), ...(stranger === undefined ? [] : [stranger.epc])];
  const heard = listenAtBench(week, house, onBench, BENCH_MS);
  if (stranger !== undefined) {
    const from = week.now();
    const epcs = [stranger.epc];
    // A bench needs more than a read or two to be sure.
    const isSeen = (): boolean => (heard.get(stranger.epc) ?? 0) > 1;
    mistakes.expect({
      mistake: 'wrong-carton',
      site,
      kinds: ['wrong-in-carton'],
      epcs,
      from,
      withinMs: HOUR_MS,
      isSeen,
    });
    mistakes.excuse({ site, kinds: ['pick-caught'], sku: stranger.sku, from });
  }
  week.at(week.now() + MINUTE_MS, () => {
    const beside = stranger === undefined ? {} : { beside: [stranger.epc] };
    const closed = week.say(site, PACKER, { kind: 'close-carton', carton, more: false, ...beside });
    if (closed.status === 'done') house.cartons.push({ sscc: carton, epc, order: id, content });
  });
}

/** One that was picked for somebody else. */
const strangerFor = ({ picked }: House): Unit | undefined =>
  [...picked.values()].flatMap(({ units }) => units.map(({ unit }) => unit))[0];

function packPlain(week: Week, house: House, order: string, carton: string, one: PickedPlain): void {
  const { facts } = week;
  const { site } = house;
  const key = `${order} ${one.line}`;
  if (one.wrong !== undefined && house.caught.has(key)) {
    house.caught.delete(key);
    week.say(site, PACKER, { kind: 'pack-item', carton, scan: `]C101${one.wrong.sku}`, quantity: 1 }, 'wrong-item');
    wrongLinesOf(facts, site).caught.add(one.pickLine);
    undoWrong(week, house, one, one.wrong, 'put right at the bench');
    one.wrong = undefined;
  }
  week.say(site, PACKER, { kind: 'pack-item', carton, scan: `]C101${one.sku}`, quantity: one.quantity });
}

/** The one that was taken instead goes back into its bin, and the right one is fetched; the books had it so all the time. */
function undoWrong(
  { truth }: Week,
  house: House,
  { sku, lot, bin }: PickedPlain,
  wrong: { sku: string; bin: string },
  why: string,
): void {
  const bench = spot(house, BENCH);
  truth.change(bench, wrong.sku, '', -1, why);
  truth.change(spot(house, wrong.bin), wrong.sku, '', 1, why);
  truth.change(spot(house, bin), sku, lot, -1, why);
  truth.change(bench, sku, lot, 1, why);
}
