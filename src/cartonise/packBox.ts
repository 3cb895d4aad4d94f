// How many of some boxes fit into a carton, and where each lies. Pure; millimetres and grams throughout.
//
// Extreme points (Crainic, Perboli, Tadei: Extreme Point-Based Heuristics for Three-Dimensional Bin Packing, INFORMS J. on Computing 20,
// 2008): a box goes to a corner that the boxes before it leave, the lowest, then the rearmost, then the leftmost that takes it in any of
// its six positions, first in that of which most would fill the carton. Three orders are tried (by volume, by the longest side, by the
// largest face), and the one that packs most is kept. It is a heuristic: what it packs fits, but what it leaves out might be packed by
// somebody cleverer.

export interface Size {
  readonly length: number;
  readonly width: number;
  readonly height: number;
}

/** A unit to be packed; `id` is whatever the caller knows it by. */
export interface Unit extends Size {
  readonly id: number;
  readonly weight: number;
}

/** Where a unit lies, from the inner corner of the carton, with its sides as it lies there. */
export interface Placed extends Size {
  readonly unit: Unit;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Packing {
  readonly placed: readonly Placed[];
  /** In the order in which they were given. */
  readonly left: readonly Unit[];
}

type At = readonly [x: number, y: number, z: number];

/** A corner where a box may begin, and how far it may reach from there along each side before another one stands on that line. */
interface Corner {
  readonly at: At;
  readonly reach: [length: number, width: number, height: number];
}

export const volumeOf = ({ length, width, height }: Size): number => length * width * height;
const longestOf = ({ length, width, height }: Size): number => Math.max(length, width, height);
const largestFaceOf = (size: Size): number => volumeOf(size) / Math.min(size.length, size.width, size.height);

const ORDERS: readonly ((unit: Size) => number)[] = [volumeOf, longestOf, largestFaceOf];

/** As many of the units as fit, up to `weightMax`. */
export function packBox(inner: Size, units: readonly Unit[], weightMax: number): Packing {
  let best: Packing | undefined;
  let bestVolume = -1;
  for (const order of ORDERS) {
    const sorted = [...units].sort((a, b) => order(b) - order(a) || volumeOf(b) - volumeOf(a) || a.id - b.id);
    const packing = packInOrder(inner, sorted, weightMax);
    const volume = packing.placed.reduce((sum, { unit }) => sum + volumeOf(unit), 0);
    if (volume > bestVolume) [best, bestVolume] = [packing, volume];
    if (packing.left.length === 0) break;
  }
  return { placed: best!.placed, left: units.filter((unit) => best!.left.includes(unit)) };
}

function packInOrder(inner: Size, units: readonly Unit[], weightMax: number): Packing {
  const placed: Placed[] = [];
  const left: Unit[] = [];
  let corners: Corner[] = [{ at: [0, 0, 0], reach: [inner.length, inner.width, inner.height] }];
  let weight = 0;
  /** What did not fit does not fit later either: another unit of the same size need not be tried. */
  const tooBig = new Set<string>();
  for (const unit of units) {
    const size = sizeKey(unit);
    const found =
      tooBig.has(size) || weight + unit.weight > weightMax ? undefined : placeFor(inner, unit, corners, placed);
    if (found === undefined) {
      if (weight + unit.weight <= weightMax) tooBig.add(size);
      left.push(unit);
      continue;
    }
    placed.push(found);
    weight += unit.weight;
    corners = cornersAfter(inner, corners, placed, found);
  }
  return { placed, left };
}

const sizeKey = ({ length, width, height }: Size): string => [length, width, height].sort((a, b) => a - b).join(' ');

/** The six positions of a box, fewer when sides are alike: first that of which most would fill the carton, then the flattest. */
function positionsOf(inner: Size, { length: a, width: b, height: c }: Size): Size[] {
  const all = [
    [a, b, c],
    [b, a, c],
    [a, c, b],
    [c, a, b],
    [b, c, a],
    [c, b, a],
  ] as const;
  const known = new Map(
    all.map(([length, width, height]) => [`${length} ${width} ${height}`, { length, width, height }]),
  );
  return [...known.values()].sort(
    (p, q) => countOf(inner, q) - countOf(inner, p) || p.height - q.height || q.length - p.length,
  );
}

/** So many in one grid. */
const countOf = (inner: Size, { length, width, height }: Size): number =>
  Math.floor(inner.length / length) * Math.floor(inner.width / width) * Math.floor(inner.height / height);

function placeFor(inner: Size, unit: Unit, corners: readonly Corner[], placed: readonly Placed[]): Placed | undefined {
  const positions = positionsOf(inner, unit);
  for (const {
    at: [x, y, z],
    reach: [reachX, reachY, reachZ],
  } of corners)
    for (const { length, width, height } of positions) {
      if (length > reachX || width > reachY || height > reachZ) continue;
      const one = { unit, x, y, z, length, width, height };
      if (!placed.some((other) => overlap(one, other))) return one;
    }
  return undefined;
}

export const overlap = (a: Placed, b: Placed): boolean =>
  a.x < b.x + b.length &&
  b.x < a.x + a.length &&
  a.y < b.y + b.width &&
  b.y < a.y + a.width &&
  a.z < b.z + b.height &&
  b.z < a.z + a.height;

/** The corners that are left: those before that it does not cover, and its own three, each pushed back to what stands behind it. */
function cornersAfter(inner: Size, before: readonly Corner[], placed: readonly Placed[], last: Placed): Corner[] {
  const { x, y, z, length, width, height } = last;
  for (const corner of before) shorten(corner, last);
  const kept = before.filter(({ reach }) => Math.min(...reach) > 0);
  const known = new Set(kept.map(({ at }) => at.join(' ')));
  const fresh: At[] = [
    [x + length, back('y', placed, [x + length, y, z]), z],
    [x + length, y, back('z', placed, [x + length, y, z])],
    [back('x', placed, [x, y + width, z]), y + width, z],
    [x, y + width, back('z', placed, [x, y + width, z])],
    [back('x', placed, [x, y, z + height]), y, z + height],
    [x, back('y', placed, [x, y, z + height]), z + height],
  ];
  for (const at of fresh) {
    const [px, py, pz] = at;
    if (known.has(at.join(' '))) continue;
    known.add(at.join(' '));
    const corner: Corner = { at, reach: [inner.length - px, inner.width - py, inner.height - pz] };
    for (const one of placed) shorten(corner, one);
    if (Math.min(...corner.reach) > 0) kept.push(corner);
  }
  return kept.sort(({ at: a }, { at: b }) => a[2] - b[2] || a[1] - b[1] || a[0] - b[0]);
}

/** A box that stands on a line from the corner ends its reach there; one that covers it leaves it none. */
function shorten({ at: [px, py, pz], reach }: Corner, { x, y, z, length, width, height }: Placed): void {
  const inX = px >= x && px < x + length;
  const inY = py >= y && py < y + width;
  const inZ = pz >= z && pz < z + height;
  if (inY && inZ && px < x + length) reach[0] = Math.min(reach[0], Math.max(0, x - px));
  if (inX && inZ && py < y + width) reach[1] = Math.min(reach[1], Math.max(0, y - py));
  if (inX && inY && pz < z + height) reach[2] = Math.min(reach[2], Math.max(0, z - pz));
}

/** How far a corner can be pushed towards the origin along an axis until a box stands in the way. */
function back(axis: 'x' | 'y' | 'z', placed: readonly Placed[], [px, py, pz]: At): number {
  let to = 0;
  for (const { x, y, z, length, width, height } of placed) {
    const inX = px >= x && px < x + length;
    const inY = py >= y && py < y + width;
    const inZ = pz >= z && pz < z + height;
    if (axis === 'x' && inY && inZ && x + length <= px) to = Math.max(to, x + length);
    if (axis === 'y' && inX && inZ && y + width <= py) to = Math.max(to, y + width);
    if (axis === 'z' && inX && inY && z + height <= pz) to = Math.max(to, z + height);
  }
  return to;
}
