// Cartons in three dimensions: what has the volume and not the shape goes nowhere, whatever is packed lies apart and inside, and cartons are
// few and small.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cartonise, type CartonSize, type ToPack } from '../../../src/cartonise/cartonise.ts';
import { overlap, packBox, volumeOf, type Size, type Unit } from '../../../src/cartonise/packBox.ts';

const size = (length: number, width: number, height: number): Size => ({ length, width, height });
const units = (count: number, of: Size, weight = 1): Unit[] =>
  Array.from({ length: count }, (_, id) => ({ id, ...of, weight }));
const packed = (inner: Size, all: readonly Unit[], weightMax = Infinity): number =>
  packBox(inner, all, weightMax).placed.length;
const carton = (id: string, of: Size, more: Partial<CartonSize> = {}): CartonSize => ({
  id,
  ...of,
  tare: 0,
  weightMax: undefined,
  ...more,
});
const line = (sku: string, quantity: number, of: Size | undefined, weight?: number): ToPack => ({
  line: sku,
  sku,
  quantity,
  size: of,
  weight,
});
const S = carton('S', size(200, 150, 100));
const M = carton('M', size(300, 200, 200));
const L = carton('L', size(400, 300, 300), { tare: 500, weightMax: 20_000 });
/** `M: 3 A, 1 B` for each carton. */
const said = ({ cartons }: ReturnType<typeof cartonise>): string[] =>
  cartons.map(
    ({ type, contents }) => `${type.id}: ${contents.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ')}`,
  );

describe('a carton', () => {
  it('is filled to the last corner with what divides it, lying as it must', () => {
    expect(packed(size(200, 200, 200), units(8, size(100, 100, 100)))).toBe(8);
    expect(packed(size(200, 200, 150), units(6, size(50, 200, 100)))).toBe(6);
    expect(packed(size(300, 300, 300), units(27, size(100, 100, 100)))).toBe(27);
    expect(packed(size(400, 300, 200), units(300, size(40, 50, 40)))).toBe(300);
    expect(packed(size(400, 300, 200), [...units(6, size(200, 100, 100)), ...units(12, size(100, 100, 100))])).toBe(18);
  });

  it('does not take what has the volume and not the shape', () => {
    // A rod of a thousandth of its volume, longer than every side.
    expect(packed(size(500, 300, 200), units(1, size(600, 10, 10)))).toBe(0);
    // Two cubes of together less than the half of it: nowhere beside each other.
    expect(packed(size(200, 200, 200), units(2, size(120, 120, 120)))).toBe(1);
    // Five bricks of 86 % of its volume: two lie on each other, and no third has room beside or above.
    expect(packed(size(100, 100, 100), units(5, size(70, 70, 35)))).toBe(2);
  });

  it('takes no more than it may weigh', () => {
    expect(packed(size(300, 300, 300), units(20, size(50, 50, 50), 3), 10)).toBe(3);
  });

  it('holds what it is given inside and apart, whatever that is', () => {
    const side = fc.integer({ min: 1, max: 12 });
    const box = fc.record({ length: side, width: side, height: side });
    fc.assert(
      fc.property(
        box,
        fc.array(box, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 25 }),
        (inner, boxes, most) => {
          const all = boxes.map((of, id): Unit => ({ id, ...of, weight: 1 }));
          const { placed, left } = packBox(inner, all, most);
          expect(placed.length + left.length).toBe(all.length);
          expect(placed.length).toBeLessThanOrEqual(most);
          for (const [index, one] of placed.entries()) {
            expect(one.x + one.length <= inner.length && one.y + one.width <= inner.width).toBe(true);
            expect(one.z + one.height <= inner.height && Math.min(one.x, one.y, one.z) >= 0).toBe(true);
            const sides = ({ length, width, height }: Size): number[] => [length, width, height].sort((a, b) => a - b);
            expect(sides(one)).toEqual(sides(one.unit));
            expect(placed.slice(index + 1).some((other) => overlap(one, other))).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a proposal', () => {
  it('is the smallest carton that takes everything, else the fewest, the last of them no larger than it must be', () => {
    const A = size(100, 100, 100);
    expect(said(cartonise([L, S, M], [line('A', 2, A)]))).toEqual(['S: 2 A']);
    expect(said(cartonise([L, S, M], [line('A', 12, A)]))).toEqual(['M: 12 A']);
    expect(said(cartonise([L, S, M], [line('A', 38, A)]))).toEqual(['L: 36 A', 'S: 2 A']);
    const { cartons } = cartonise([M], [line('A', 12, A, 100)]);
    expect(cartons).toMatchObject([{ fill: 1, weight: 1200 }]);
    expect(cartons[0]!.placed).toHaveLength(12);
  });

  it('takes a larger carton where the volume would fit a smaller one and the shape does not', () => {
    // 0.6 l would have room in S (3 l) five times; a rod of 35 cm has not.
    expect(said(cartonise([S, M, L], [line('ROD', 1, size(350, 40, 40))]))).toEqual(['L: 1 ROD']);
    // Two plates of 2.4 l each would have room in M (12 l), but not beside each other in S, nor on edge.
    expect(said(cartonise([S, M], [line('PLATE', 2, size(190, 140, 90))]))).toEqual(['M: 2 PLATE']);
  });

  it('divides by weight', () => {
    // 19.5 kg may be in L: three of 6 kg, though all have room.
    expect(said(cartonise([L], [line('HEAVY', 7, size(50, 50, 50), 6000)]))).toEqual([
      'L: 3 HEAVY',
      'L: 3 HEAVY',
      'L: 1 HEAVY',
    ]);
  });

  it('leaves out what it cannot know or no carton takes, and says why', () => {
    const cube = size(10, 10, 10);
    const { loose } = cartonise(
      [S, L],
      [
        line('UNKNOWN', 1, undefined),
        line('PART', 1.5, cube),
        line('LONG', 1, size(900, 10, 10)),
        line('LEAD', 1, size(250, 250, 250), 25_000),
        line('MANY', 601, cube),
      ],
    );
    expect(loose.map(({ sku, reason }) => `${sku} ${reason}`)).toEqual([
      'UNKNOWN no-size',
      'PART not-whole',
      'LONG too-big',
      'LEAD too-heavy',
      'MANY too-many',
    ]);
    expect(cartonise([], [line('A', 1, cube)]).loose).toMatchObject([{ reason: 'no-carton-types' }]);
  });

  it('is there at once, also for as many units as it takes', () => {
    const from = performance.now();
    const { cartons } = cartonise([S, M, L], [line('A', 300, size(40, 40, 40)), line('B', 300, size(60, 40, 30))]);
    const packedVolume = cartons.reduce((sum, { type, fill }) => sum + fill * volumeOf(type), 0);
    expect(packedVolume).toBeCloseTo(300 * 64_000 + 300 * 72_000, 0);
    expect(cartons.length).toBeLessThanOrEqual(2);
    expect(performance.now() - from).toBeLessThan(5000);
  });
});
