// Which cartons so much of some products is to be packed into: as few as it takes, each as small as it can be. Pure; millimetres and grams.
import { packBox, volumeOf, type Placed, type Size, type Unit } from './packBox.ts';

/** Inner sides; what it weighs empty, and may weigh full. */
export interface CartonSize extends Size {
  readonly id: string;
  readonly tare: number;
  readonly weightMax: number | undefined;
}

/** So much for a line of an order; sides and weight are of one unit, undefined where the product says none. */
export interface ToPack {
  readonly line: string;
  readonly sku: string;
  readonly quantity: number;
  readonly size: Size | undefined;
  readonly weight: number | undefined;
}

/** Why something is in no carton of the proposal. */
export const LOOSE_REASONS = ['no-carton-types', 'no-size', 'not-whole', 'too-big', 'too-heavy', 'too-many'] as const;
export type LooseReason = (typeof LOOSE_REASONS)[number];

export interface Loose {
  readonly line: string;
  readonly sku: string;
  readonly quantity: number;
  readonly reason: LooseReason;
}

export interface Proposed {
  readonly type: CartonSize;
  readonly contents: readonly { readonly line: string; readonly sku: string; readonly quantity: number }[];
  /** With the carton; undefined when a product in it has no weight. */
  readonly weight: number | undefined;
  /** Share of its volume that is filled, 0 to 1. */
  readonly fill: number;
  readonly placed: readonly { readonly sku: string; readonly at: Omit<Placed, 'unit'> }[];
}

export interface Proposal {
  readonly cartons: readonly Proposed[];
  readonly loose: readonly Loose[];
}

/** Units of one proposal, of which no two alike take about a second: what is more goes on pallets. */
export const UNITS_MAX = 600;
/** Of so many types the one that takes most is looked for: the others hold less. */
const LARGEST_TRIED = 4;

/**
 * A carton that takes everything that is left is the smallest such one; while none does, of the largest the one that takes most is filled, and
 * exchanged for a smaller one that takes the same.
 */
export function cartonise(types: readonly CartonSize[], toPack: readonly ToPack[]): Proposal {
  const bySize = [...types].sort((a, b) => volumeOf(a) - volumeOf(b) || (a.id < b.id ? -1 : 1));
  const loose: Loose[] = [];
  const kinds: ToPack[] = [];
  const units: Unit[] = [];
  for (const one of toPack) {
    const reason = reasonOf(bySize, one, units.length);
    if (reason !== undefined) {
      loose.push({ line: one.line, sku: one.sku, quantity: one.quantity, reason });
      continue;
    }
    kinds.push(one);
    const { length, width, height } = one.size!;
    for (let unit = 0; unit < one.quantity; unit++)
      units.push({ id: kinds.length - 1, length, width, height, weight: one.weight ?? 0 });
  }
  const cartons: Proposed[] = [];
  for (let left: readonly Unit[] = units; left.length > 0;) {
    const { type, placed, rest } = fill(bySize, left);
    cartons.push(proposedOf(type, placed, kinds));
    left = rest;
  }
  return { cartons, loose };
}

function reasonOf(
  types: readonly CartonSize[],
  { size, weight = 0, quantity }: ToPack,
  before: number,
): LooseReason | undefined {
  if (types.length === 0) return 'no-carton-types';
  if (size === undefined) return 'no-size';
  if (!Number.isInteger(quantity)) return 'not-whole';
  const fitting = types.filter((type) => fitsAlone(type, size));
  if (fitting.length === 0) return 'too-big';
  if (!fitting.some((type) => weight <= loadOf(type))) return 'too-heavy';
  return before + quantity > UNITS_MAX ? 'too-many' : undefined;
}

const sidesOf = ({ length, width, height }: Size): number[] => [length, width, height].sort((a, b) => a - b);
const fitsAlone = (type: Size, size: Size): boolean => {
  const [inner, outer] = [sidesOf(type), sidesOf(size)];
  return outer.every((side, index) => side <= inner[index]!);
};
/** What may be put into it. */
const loadOf = ({ weightMax, tare }: CartonSize): number =>
  weightMax === undefined ? Number.POSITIVE_INFINITY : weightMax - tare;

interface Filled {
  readonly type: CartonSize;
  readonly placed: readonly Placed[];
  readonly rest: readonly Unit[];
}

function fill(types: readonly CartonSize[], units: readonly Unit[]): Filled {
  const whole = smallestFor(types, units);
  if (whole !== undefined) return whole;
  let best: Filled | undefined;
  let most = -1;
  for (const type of types.slice(-LARGEST_TRIED).toReversed()) {
    const { placed, left } = packBox(type, units, loadOf(type));
    const volume = placed.reduce((sum, { unit }) => sum + volumeOf(unit), 0);
    if (volume > most) [best, most] = [{ type, placed, rest: left }, volume];
  }
  const packed = best!.placed.map(({ unit }) => unit);
  const smaller = smallestFor(
    types.filter((type) => volumeOf(type) < volumeOf(best!.type)),
    packed,
  );
  return smaller === undefined ? best! : { ...smaller, rest: best!.rest };
}

/** The smallest carton that takes all of it. */
function smallestFor(types: readonly CartonSize[], units: readonly Unit[]): Filled | undefined {
  const volume = units.reduce((sum, unit) => sum + volumeOf(unit), 0);
  const weight = units.reduce((sum, unit) => sum + unit.weight, 0);
  for (const type of types) {
    if (volumeOf(type) < volume || loadOf(type) < weight) continue;
    const { placed, left } = packBox(type, units, loadOf(type));
    if (left.length === 0) return { type, placed, rest: [] };
  }
  return undefined;
}

function proposedOf(type: CartonSize, placed: readonly Placed[], kinds: readonly ToPack[]): Proposed {
  const contents = kinds
    .map(({ line, sku }, id) => ({ line, sku, quantity: placed.filter(({ unit }) => unit.id === id).length }))
    .filter(({ quantity }) => quantity > 0);
  const isWeighed = placed.every(({ unit }) => kinds[unit.id]!.weight !== undefined);
  return {
    type,
    contents,
    weight: isWeighed ? type.tare + placed.reduce((sum, { unit }) => sum + unit.weight, 0) : undefined,
    fill: placed.reduce((sum, { unit }) => sum + volumeOf(unit), 0) / volumeOf(type),
    placed: placed.map(({ unit, ...at }) => ({ sku: kinds[unit.id]!.sku, at })),
  };
}
