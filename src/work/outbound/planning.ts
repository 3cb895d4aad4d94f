// What is promised to an order becomes lines of a pick list: which bin it is taken from, and in which order one goes there.
import type { SitePlan } from '../../config/plan.ts';
import { pickZoneOf, spotOf } from '../../config/spots.ts';
import { inBooks } from '../../infer/balances.ts';
import { stockOfKey } from './order.ts';
import { endIfDone, notePickLine, touchOrder, touchPick, type Around, type Outbound } from './outbound.ts';
import { newList, openOf, type Pick, type PickLine } from './pick.ts';
import { routeOver } from './route.ts';
import { compareText, inRotation, rotationOf } from './rotation.ts';
import { stopKey, stopsOf } from './stops.ts';
import { binKey, binsOf, freeOf, plannedOf, type Bin, type Wants } from './supply.ts';

/** So much of what a line is promised is to be on this list. */
export interface ToPlan extends Wants {
  readonly pick: Pick;
  readonly quantity: number;
}

/**
 * Puts what is promised to lines on their lists, bin by bin, in the rotation of the product. What no bin has is left promised, and on no
 * list. Gives the lists that got lines.
 */
export function planLines(outbound: Outbound, around: Around, key: string, all: readonly ToPlan[]): Set<Pick> {
  const grown = new Set<Pick>();
  const { byLot } = freeOf(outbound, around, key);
  const { plan } = around;
  const free = freeBins(outbound, around, key);
  const rotation = rotationOf(outbound.products, plan, stockOfKey(key).sku);
  const binsTo = new Map<string, typeof free>();
  for (const { order, line, pick, quantity } of all) {
    let rest = Math.min(quantity, line.reserved);
    const bins = binsTo.get(pick.to) ?? inRotation(free, rotation, plan, pick.to);
    binsTo.set(pick.to, bins);
    for (const bin of bins) {
      if (rest === 0) break;
      if (line.lot !== '' && bin.lot !== line.lot) continue;
      // What others are promised of this very lot is not for one who takes any.
      const left = line.lot === '' ? Math.min(bin.left, byLot.get(bin.lot) ?? 0) : bin.left;
      const taken = Math.min(rest, Math.max(0, left));
      if (taken === 0) continue;
      bin.left = inBooks(bin.left - taken);
      if (line.lot === '') byLot.set(bin.lot, inBooks((byLot.get(bin.lot) ?? 0) - taken));
      rest = inBooks(rest - taken);
      line.reserved = inBooks(line.reserved - taken);
      line.planned = inBooks(line.planned + taken);
      grown.add(addLine(outbound, around, pick, { order, line }, bin, taken));
    }
    touchOrder(outbound, order, [line.line]);
  }
  return grown;
}

/** Bins with what is left in them. */
function freeBins(outbound: Outbound, around: Around, key: string): (Bin & { left: number })[] {
  const keyOf = (bin: Parameters<typeof binKey>[2]): string => binKey(key, '', bin);
  const planned = new Map<string, number>();
  for (const { line } of plannedOf(outbound, key))
    planned.set(keyOf(line), (planned.get(keyOf(line)) ?? 0) + openOf(line));
  return binsOf(outbound, around, key)
    .map((bin) => ({ ...bin, left: inBooks(bin.quantity - (planned.get(keyOf(bin)) ?? 0)) }))
    .filter(({ left }) => left > 0);
}

/** `of` is the list, or of a wave by zones any of it. */
function addLine(
  outbound: Outbound,
  around: Around,
  of: Pick,
  { order, line }: Wants,
  bin: Bin,
  quantity: number,
): Pick {
  const { location, container, lot } = bin;
  const pick = listFor(outbound, around, of, location);
  if (!pick.orders.includes(order.id)) pick.orders.push(order.id);
  const { length } = pick.lines;
  const { sku } = line;
  const { owner } = order;
  pick.lines.push({
    line: length + 1,
    stop: length + 1,
    order: order.id,
    orderLine: line.line,
    sku,
    lot,
    owner,
    location,
    container,
    quantity,
    picked: 0,
    short: 0,
  });
  notePickLine(outbound, pick, pick.lines[length]!, around.at);
  return pick;
}

/** Of a wave by zones the list of the zone that the bin is in, which begins with its first line; of any other the list itself. */
function listFor({ picks }: Outbound, { plan, at }: Around, of: Pick, location: string): Pick {
  if (of.method !== 'zone') return of;
  const zone = pickZoneOf(plan, location);
  if (of.zone === zone) return of;
  const lists = [...picks.values()].filter(({ wave }) => wave === of.wave);
  const known = lists.find((list) => list.zone === zone);
  if (known !== undefined) return known;
  const { to, by, wave } = of;
  const list: Pick = { ...newList({ id: `${wave}-${lists.length + 1}`, to, by, at, method: 'zone' }), wave, zone };
  picks.set(list.id, list);
  return list;
}

/** What could not be taken from one bin is to be taken from others, on the same lists. */
export function planAgain(outbound: Outbound, around: Around, key: string, all: readonly ToPlan[]): void {
  const grown = planLines(outbound, around, key, all);
  for (const pick of new Set([...all.map((one) => one.pick), ...grown])) {
    endIfDone(pick, around.at);
    // With nothing new on it the way only leaves out what is not there.
    if (grown.has(pick)) route(outbound, around.plan, pick);
  }
}

/** Puts what is still to be taken in the order of the way; what is done stays in front. */
export function route(outbound: Outbound, plan: SitePlan, pick: Pick): void {
  const done = pick.lines.filter((line) => openOf(line) === 0).sort(byStop);
  const open = pick.lines.filter((line) => openOf(line) > 0);
  const locations = [...new Set(open.map(({ location }) => location))].sort();
  const known = locations.filter((location) => spotOf(plan, location) !== undefined);
  const { order, distanceM } = routeOver(
    known.map((location) => spotOf(plan, location)!),
    spotOf(plan, pick.to),
  );
  // Bins that the plan of the site does not place come last, in the order of their names.
  const way = [...order.map((index) => known[index]!), ...locations.filter((location) => !known.includes(location))];
  const rank = new Map(way.map((location, index) => [location, index]));
  const isBatch = pick.method === 'batch';
  open.sort(
    (a, b) =>
      rank.get(a.location)! - rank.get(b.location)! ||
      (isBatch ? compareText(stopKey(a), stopKey(b)) : 0) ||
      a.line - b.line,
  );
  pick.distanceM = Math.round(distanceM * 10) / 10;
  const all = [...done, ...open];
  for (const [index, stop] of stopsOf(pick, all).entries()) {
    const line = all[index]!;
    if (line.stop === stop) continue;
    line.stop = stop;
    touchPick(outbound, pick, [line.line]);
  }
  touchPick(outbound, pick);
}

const byStop = (a: PickLine, b: PickLine): number => a.stop - b.stop || a.line - b.line;
