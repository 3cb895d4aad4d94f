// Which velocity class a SKU is of by what was picked of it, and what is to be moved to another bin because of that. Pure.
import { binsOfSite, forbiddenFor, said } from '../config/bins.ts';
import type { SitePlan } from '../config/plan.ts';
import type { SiteLocation } from '../config/site.ts';
import { spotOf, type Spot } from '../config/spots.ts';

export const VELOCITIES = ['A', 'B', 'C'] as const;
export type Velocity = (typeof VELOCITIES)[number];

/** One SKU as it is known, and how often it was picked in the period. */
export interface Demand {
  readonly sku: string;
  readonly name: string;
  /** As its product says; undefined when it says none. */
  readonly velocity: string | undefined;
  readonly hazard: string | undefined;
  readonly temperature: string | undefined;
  readonly fixedBin: string | undefined;
  /** Lines of pick lists, and base units. */
  readonly lines: number;
  readonly units: number;
}

/** So much of a lot in a bin. */
export interface Lying {
  readonly location: string;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly quantity: number;
}

export interface Move extends Omit<Lying, 'location'> {
  readonly from: string;
  readonly to: string;
  readonly class: Velocity;
  /** Metres a day that pickers walk less, as the crow flies, there and back; undefined where the site file does not place a bin. */
  readonly savesM: number | undefined;
  readonly reason: string;
}

/** Shares of all picked lines: the first SKUs that come to `a` of them are A, up to `b` B, the rest C. */
export interface Shares {
  readonly a: number;
  readonly b: number;
}

/** By lines picked, the most first (Pareto); what was not picked is C. */
export function classesOf(demands: readonly Demand[], { a, b }: Shares): Map<string, Velocity> {
  const all = demands.reduce((sum, { lines }) => sum + lines, 0);
  const classes = new Map<string, Velocity>();
  let before = 0;
  for (const { sku, lines } of ranked(demands)) {
    const share = all === 0 ? 1 : before / all;
    classes.set(sku, lines === 0 || share >= b ? 'C' : share >= a ? 'B' : 'A');
    before += lines;
  }
  return classes;
}

export const ranked = (demands: readonly Demand[]): Demand[] =>
  demands.toSorted((one, other) => other.lines - one.lines || (one.sku < other.sku ? -1 : 1));

/**
 * What is picked often goes to empty pick bins of its class, the nearest to where orders are packed. Proposed is what lies in a bin of
 * another class, or what saves at least `savesM` metres a day. Fixed bins are left alone, and so are bins with several SKUs; no bin is
 * proposed twice.
 */
export function movesOf(
  plan: SitePlan,
  demands: readonly Demand[],
  classes: ReadonlyMap<string, Velocity>,
  stock: readonly Lying[],
  { days, savesM }: { readonly days: number; readonly savesM: number },
): Move[] {
  const bins = binsOfSite(plan).filter(({ kind }) => kind === 'pick');
  const kept = new Set(demands.flatMap(({ fixedBin }) => fixedBin ?? []));
  const lying = new Map<string, Lying[]>();
  for (const one of stock) lying.set(one.location, [...(lying.get(one.location) ?? []), one]);
  const free = new Set(bins.filter(({ id }) => !lying.has(id) && !kept.has(id)));
  const distance = distanceFrom(plan);
  const moves: Move[] = [];
  for (const demand of ranked(demands)) {
    const velocity = classes.get(demand.sku)!;
    for (const from of bins) {
      const there = lying.get(from.id) ?? [];
      if (kept.has(from.id) || there.length === 0 || there.some(({ sku }) => sku !== demand.sku)) continue;
      const move = moveFrom({ plan, free, distance, from, demand, velocity, there, days, savesM });
      if (move === undefined) continue;
      free.delete(move.bin);
      for (const { location, ...one } of there)
        moves.push({
          ...one,
          from: location,
          to: move.bin.id,
          class: velocity,
          savesM: move.savesM,
          reason: move.reason,
        });
    }
  }
  return moves;
}

interface Asked {
  readonly plan: SitePlan;
  readonly free: ReadonlySet<SiteLocation>;
  readonly distance: (bin: SiteLocation) => number | undefined;
  readonly from: SiteLocation;
  readonly demand: Demand;
  readonly velocity: Velocity;
  readonly there: readonly Lying[];
  readonly days: number;
  readonly savesM: number;
}

function moveFrom({ plan, free, distance, from, demand, velocity, there, days, savesM }: Asked) {
  const quantity = there.reduce((sum, one) => sum + one.quantity, 0);
  const isOfClass = (bin: SiteLocation): boolean => said(plan, bin, 'class') === velocity;
  const ofBin = said(plan, from, 'class');
  const isMisplaced = ofBin !== undefined && ofBin !== velocity;
  const [best] = [...free]
    .filter(
      (bin) =>
        (isOfClass(bin) || (said(plan, bin, 'class') === undefined && !isOfClass(from))) &&
        (bin.capacity === undefined || bin.capacity >= quantity) &&
        forbiddenFor(plan, bin, { ...demand, velocity }) === undefined,
    )
    .sort(
      (a, b) =>
        Number(isOfClass(b)) - Number(isOfClass(a)) ||
        (distance(a) ?? Number.MAX_VALUE) - (distance(b) ?? Number.MAX_VALUE) ||
        (a.id < b.id ? -1 : 1),
    );
  if (best === undefined) return undefined;
  const [far, near] = [distance(from), distance(best)];
  const saves = far === undefined || near === undefined ? undefined : round((2 * (far - near) * demand.lines) / days);
  const bySaving = saves !== undefined && saves >= savesM;
  if (!bySaving && !(isMisplaced && isOfClass(best))) return undefined;
  const picked = `${demand.lines} ${demand.lines === 1 ? 'line' : 'lines'} picked in ${round(days)} days: class ${velocity}`;
  const why = isMisplaced ? `${from.id} is for class ${ofBin}` : `${best.id} is nearer`;
  return { bin: best, savesM: saves, reason: `${picked}, and ${why}.` };
}

/** Metres from where orders are packed, else where they leave. */
function distanceFrom(plan: SitePlan): (bin: SiteLocation) => number | undefined {
  const places = [...plan.locations.values()];
  const bench = places.find(({ kind }) => kind === 'pack') ?? places.find(({ kind }) => kind === 'staging-out');
  const there = bench === undefined ? undefined : spotOf(plan, bench.id);
  return ({ id }) => {
    const here = spotOf(plan, id);
    return here === undefined || there === undefined ? undefined : apart(here, there);
  };
}

const apart = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.y - b.y);
const round = (value: number): number => Math.round(value * 10) / 10;
