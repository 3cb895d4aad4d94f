import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countsIn,
  FIRST_OF_BIN,
  FIRST_SINCE_SNAPSHOT,
  forgetTo,
  openTallies,
  restoreTallies,
  tally,
  tallyRows,
  type Count,
  type Tallies,
} from '../../../src/infer/tallies.ts';

const BIN_MS = 5000;

interface Read {
  readonly tag: number;
  readonly at: number;
  readonly place: number;
  readonly antenna: number;
  readonly dbm: number;
}

const count = (tallies: Tallies, { tag, at, place, antenna, dbm }: Read): number => {
  const bin = Math.floor(at / BIN_MS);
  return tally(tallies, tag, bin, place, antenna, at - bin * BIN_MS, dbm);
};
const counted = (reads: readonly Read[]): Tallies => {
  const tallies = openTallies();
  for (const read of reads) count(tallies, read);
  return tallies;
};
const all = (tallies: Tallies, tag: number): Count[] =>
  countsIn(tallies, tag, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, BIN_MS);

const read = fc.record({
  tag: fc.constantFrom(0, 1, 5000),
  at: fc.integer({ min: 0, max: 40_000_000 }).map((micros) => 1_790_000_000_000 + micros / 1000),
  place: fc.integer({ min: 0, max: 3 }),
  antenna: fc.integer({ min: 0, max: 5 }),
  dbm: fc.oneof(
    fc.integer({ min: -180, max: -60 }).map((half) => half / 2),
    fc.constant(Number.NaN),
  ),
});

/** The same with lists and maps. */
function expected(reads: readonly Read[], tag: number): Omit<Count, 'reads'>[] {
  const groups = new Map<string, Read[]>();
  for (const one of reads) {
    if (one.tag !== tag) continue;
    const key = `${Math.floor(one.at / BIN_MS)} ${one.place}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()]
    .map((group) => {
      const strength = (dbm: number): number => (Number.isNaN(dbm) ? Number.NEGATIVE_INFINITY : dbm);
      const bestDbm = Math.max(...group.map(({ dbm }) => strength(dbm)));
      return {
        bin: Math.floor(group[0]!.at / BIN_MS),
        place: group[0]!.place,
        firstAt: Math.min(...group.map(({ at }) => at)),
        bestDbm,
        bestAntenna: Math.min(...group.filter(({ dbm }) => strength(dbm) === bestDbm).map(({ antenna }) => antenna)),
      };
    })
    .sort((a, b) => a.bin - b.bin || a.place - b.place);
}

describe('tallies of reads', () => {
  it('are what was read, bin by bin and place by place', () => {
    fc.assert(
      fc.property(fc.array(read, { maxLength: 60 }), (reads) => {
        const tallies = counted(reads);
        for (const tag of [0, 1, 5000, 9999]) {
          const found = all(tallies, tag);
          const wanted = expected(reads, tag);
          expect(found).toHaveLength(wanted.length);
          for (const [index, { reads: number, firstAt, ...rest }] of found.entries()) {
            const { firstAt: first, ...same } = wanted[index]!;
            expect(rest).toEqual(same);
            expect(firstAt).toBeCloseTo(first, 2);
            expect(number).toBeGreaterThan(0);
          }
        }
      }),
    );
  });

  it('are the same for any order, and for reads that come twice', () => {
    fc.assert(
      fc.property(fc.array(read, { maxLength: 60 }), fc.infiniteStream(fc.double()), (reads, random) => {
        const shuffled = [...reads, ...reads]
          .map((one) => ({ one, by: random.next().value as number }))
          .sort((a, b) => a.by - b.by)
          .map(({ one }) => one);
        for (const tag of [0, 1, 5000]) expect(all(counted(shuffled), tag)).toEqual(all(counted(reads), tag));
      }),
    );
  });

  it('tell nearly as many reads apart as there are', () => {
    const reads = Array.from({ length: 30 }, (_, index) => ({
      tag: 0,
      at: index * 163.7,
      place: 0,
      antenna: 0,
      dbm: -60,
    }));
    const [one] = all(counted(reads), 0);
    expect(one!.reads).toBeGreaterThanOrEqual(26);
    expect(one!.reads).toBeLessThanOrEqual(30);
  });

  it('say of a read whether it is the first, also since the last snapshot', () => {
    const tallies = openTallies();
    const one = { tag: 7, at: 1000, place: 1, antenna: 1, dbm: -60 };
    expect(count(tallies, one)).toBe(FIRST_OF_BIN | FIRST_SINCE_SNAPSHOT);
    expect(count(tallies, { ...one, at: 1001 })).toBe(0);
    tallies.mark++;
    expect(count(tallies, { ...one, at: 1002 })).toBe(FIRST_SINCE_SNAPSHOT);
    expect(count(tallies, { ...one, at: 1003 })).toBe(0);
  });

  it('are forgotten up to a bin, and their room is used again', () => {
    const tallies = openTallies();
    for (let round = 0; round < 500; round++) {
      for (const tag of [1, 2, 3]) count(tallies, { tag, at: round * BIN_MS, place: 0, antenna: 0, dbm: -50 });
      for (const tag of [1, 2, 3]) expect(forgetTo(tallies, tag, round - 1, [])).toBe(round);
    }
    expect(all(tallies, 2)).toHaveLength(1);
    expect(tallies.unused).toBeLessThanOrEqual(6 * 16);
    expect(forgetTo(tallies, 2, 1000, [])).toBe(Number.POSITIVE_INFINITY);
    expect(all(tallies, 2)).toEqual([]);
  });

  it('come back from a snapshot, and go on as if nothing had been', () => {
    fc.assert(
      fc.property(fc.array(read, { maxLength: 30 }), fc.array(read, { maxLength: 30 }), (before, after) => {
        const tallies = counted(before);
        const restored = openTallies();
        for (const tag of [5000, 0, 1]) restoreTallies(restored, tag, tallyRows(tallies, tag));
        for (const one of after) {
          count(tallies, one);
          count(restored, one);
        }
        for (const tag of [0, 1, 5000]) expect(all(restored, tag)).toEqual(all(tallies, tag));
      }),
    );
  });
});
