// Which bin: the rules in their order. The fixed bin of the product; bins where the same lot lies; bins of its velocity class, the nearest
// first; then any that may take it. Each choice says why, and so does there being none.
import { binsOfSite, said } from '../../config/bins.ts';
import type { SitePlan } from '../../config/plan.ts';
import type { SiteLocation } from '../../config/site.ts';
import { spotOf } from '../../config/spots.ts';
import { balancesAt, balancesOf, inBooks, type Stock } from '../../infer/balances.ts';
import type { Product } from '../../infer/productEffects.ts';
import type { TaskRule } from '../../wire/task.ts';
import { productOf } from '../products.ts';
import { DENIALS, roomIn, type Denial, type Floor } from './room.ts';
import type { Standing, Task } from './task.ts';
import { inOrder } from './tasks.ts';

export interface Choice {
  readonly to: string | undefined;
  readonly rule: TaskRule | undefined;
  readonly reason: string;
  readonly quantity: number;
}

/** Where so much of it is to go: one bin or several, each with the room for its part; what none may take has no bin. */
export function choose(floor: Floor, of: Standing, quantity: number, except?: Task): Choice[] {
  const product = productOf(floor.products, of.sku);
  const choices: Choice[] = [];
  const denied = new Map<string, Denial>();
  let rest = quantity;
  const offer = (bin: SiteLocation, rule: TaskRule, why: (room: number) => string): void => {
    if (rest === 0 || choices.some(({ to }) => to === bin.id)) return;
    const room = roomIn(floor, bin, of, except);
    if (typeof room !== 'number') {
      denied.set(bin.id, room);
      return;
    }
    const taken = Math.min(rest, room);
    choices.push({ to: bin.id, rule, reason: why(room), quantity: taken });
    rest = inBooks(rest - taken);
  };

  const fixed = product?.fixedBin === undefined ? undefined : floor.plan.locations.get(product.fixedBin);
  if (fixed !== undefined) offer(fixed, 'fixed-bin', (room) => `${fixed.id} is its fixed bin${roomText(room)}.`);
  for (const bin of binsWith(floor, of, except))
    offer(
      bin,
      'same-lot',
      (room) => `${bin.id} has ${of.lot === '' ? 'the same' : `lot ${of.lot}`} already${roomText(room)}.`,
    );
  if (rest > 0) {
    const ranked = rank(floor, of, product);
    // One bin for all of it, before it is divided.
    const whole = ranked.find(({ bin }) => {
      const room = denied.has(bin.id) ? undefined : roomIn(floor, bin, of, except);
      if (typeof room === 'string') denied.set(bin.id, room);
      return typeof room === 'number' && room >= rest;
    });
    for (const { bin, isOfClass } of whole === undefined ? ranked.filter((one) => !denied.has(one.bin.id)) : [whole]) {
      offer(bin, isOfClass ? 'velocity' : 'nearest', (room) => nearestText(bin, isOfClass, of, product, room));
      if (rest === 0) break;
    }
  }
  if (rest > 0) choices.push({ to: undefined, rule: undefined, reason: noneText(floor.plan, denied), quantity: rest });
  return choices;
}

const roomText = (room: number): string => (room === Number.POSITIVE_INFINITY ? '' : `, with room for ${room}`);

const nearestText = (
  bin: SiteLocation,
  isOfClass: boolean,
  of: Stock & Standing,
  product: Product | undefined,
  room: number,
): string =>
  isOfClass
    ? `${bin.id} is the nearest to ${of.account.location} of velocity class ${product!.velocity}${roomText(room)}.`
    : `${bin.id} is the nearest to ${of.account.location} that may take it${roomText(room)}.`;

function noneText(plan: SitePlan, denied: ReadonlyMap<string, Denial>): string {
  if (binsOfSite(plan).length === 0) return `${plan.site} has no bin to store anything in.`;
  const counts = new Map<Denial, number>();
  for (const denial of denied.values()) counts.set(denial, (counts.get(denial) ?? 0) + 1);
  const why = [...counts].sort(([, a], [, b]) => b - a).map(([denial, count]) => `${DENIALS[denial]} (${count})`);
  return `No bin may take it: ${why.join(', ')}.`;
}

/** Bins with the same SKU, lot and owner in them or on their way to them, by their ids. */
function binsWith({ plan, balances, tasks }: Floor, of: Standing, except: Task | undefined): SiteLocation[] {
  const isSame = (other: Stock): boolean => other.sku === of.sku && other.lot === of.lot && other.owner === of.owner;
  const ids = new Set<string>();
  for (const balance of balancesOf(balances, of.sku))
    if (balance.quantity > 0 && balance.account.status === 'available' && isSame(balance))
      ids.add(balance.account.location);
  for (const task of inOrder(tasks, tasks.index.bySku.get(of.sku)))
    if (task !== except && task.to !== undefined && isSame(task.of)) ids.add(task.to);
  const bins = new Set(binsOfSite(plan).map(({ id }) => id));
  return [...ids]
    .filter((id) => bins.has(id) && id !== of.account.location)
    .sort()
    .map((id) => plan.locations.get(id)!);
}

interface Ranked {
  readonly bin: SiteLocation;
  readonly isOfClass: boolean;
}

/**
 * Its own velocity class before bins of none, and those before other classes; reserve before pick when it has a pick face of its own;
 * bins without other goods before those with; then the nearest.
 */
function rank(floor: Floor, of: Standing, product: Product | undefined): Ranked[] {
  const { plan, balances } = floor;
  const { velocity, fixedBin } = product ?? {};
  const buckets: Ranked[][] = [];
  for (const bin of byDistance(plan, of.account.location)) {
    const ofBin = said(plan, bin, 'class');
    const isOfClass = velocity !== undefined && ofBin === velocity;
    const byClass = velocity === undefined || isOfClass ? 0 : ofBin === undefined ? 1 : 2;
    const byKind = fixedBin !== undefined && bin.kind === 'pick' ? 1 : 0;
    const isShared = balancesAt(balances, bin.id).some(({ sku, quantity }) => quantity > 0 && sku !== of.sku) ? 1 : 0;
    (buckets[byClass * 4 + byKind * 2 + isShared] ??= []).push({ bin, isOfClass });
  }
  return buckets.flat();
}

/** Made once of a plan: bins from each place where goods stand, the nearest first; those without coordinates last, by their ids. */
const DISTANCES = new WeakMap<SitePlan, Map<string, readonly SiteLocation[]>>();

function byDistance(plan: SitePlan, from: string): readonly SiteLocation[] {
  let known = DISTANCES.get(plan);
  if (known === undefined) DISTANCES.set(plan, (known = new Map()));
  let bins = known.get(from);
  if (bins !== undefined) return bins;
  const here = spotOf(plan, from);
  const distances = new Map(
    binsOfSite(plan).map((bin) => {
      const there = spotOf(plan, bin.id);
      return [bin, here && there ? Math.hypot(here.x - there.x, here.y - there.y) : Number.POSITIVE_INFINITY];
    }),
  );
  const compare = (a: SiteLocation, b: SiteLocation): number => {
    const [near, far] = [distances.get(a)!, distances.get(b)!];
    return near === far ? (a.id < b.id ? -1 : 1) : near - far;
  };
  bins = [...distances.keys()].sort(compare);
  known.set(from, bins);
  return bins;
}
