import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admit,
  AREA_READS_MAX,
  forget,
  lateDueAt,
  openAreaLog,
  release,
  type AreaLog,
  type Release,
} from '../../../src/clean/areaLog.ts';
import { BOUNDARY_MS } from '../../../src/clean/boundaries.ts';

interface Read {
  readonly at: number;
  readonly tag: number;
  readonly antenna: number;
  readonly rssiDbm: number;
}

const EPCS = ['AA', '0B', 'CC'];
const newLog = (): AreaLog => openAreaLog((tag) => EPCS[tag]!);
const read = (at: number, tag = 0, antenna = 1, rssiDbm = -60): Read => ({ at, tag, antenna, rssiDbm });
const take = (log: AreaLog, { at, tag, antenna, rssiDbm }: Read, now = at): boolean =>
  admit(log, now, at, tag, antenna, rssiDbm);

const readsOf = ({ reads }: Release): Read[] =>
  Array.from({ length: reads.length }, (_, index) => ({
    at: reads.at[index]!,
    tag: reads.tag[index]!,
    antenna: reads.antenna[index]!,
    rssiDbm: reads.rssiDbm[index]!,
  }));

/** Whoever folds over the log: what was handed out after `from` is void, and what comes now follows. */
function follower() {
  let known: Read[] = [];
  let until = Number.NEGATIVE_INFINITY;
  let wentBack = 0;
  return {
    take(released: Release | undefined): void {
      if (released === undefined) return;
      if (released.from < until) wentBack++;
      known = [...known.filter(({ at }) => at <= released.from), ...readsOf(released)];
      for (const { at } of readsOf(released)) {
        expect(at).toBeGreaterThan(released.from);
        expect(at).toBeLessThanOrEqual(released.until);
      }
      until = released.until;
    },
    reads: () => known,
    wentBack: () => wentBack,
  };
}

const strength = (rssiDbm: number): number => (Number.isNaN(rssiDbm) ? -1000 : rssiDbm);

/** The same, without any cleverness. */
function sorted(reads: readonly Read[]): Read[] {
  const inOrder = [...reads].sort(
    (a, b) =>
      a.at - b.at ||
      a.antenna - b.antenna ||
      (EPCS[a.tag]! < EPCS[b.tag]! ? -1 : EPCS[a.tag]! > EPCS[b.tag]! ? 1 : 0) ||
      strength(b.rssiDbm) - strength(a.rssiDbm),
  );
  return inOrder.filter(({ at, tag, antenna }, index) => {
    const before = inOrder[index - 1];
    return before === undefined || before.at !== at || before.tag !== tag || before.antenna !== antenna;
  });
}

const anyRead = fc.record({
  // Few values, so that equal times, doubles and boundaries are common.
  at: fc.oneof(
    fc.integer({ min: 0, max: 400 }).map((step) => step * 250),
    fc.integer({ min: 0, max: 100_000 }),
  ),
  tag: fc.nat(2),
  antenna: fc.nat(3),
  rssiDbm: fc.constantFrom(-50, -60.5, -70, Number.NaN),
});

describe('the log of an area', () => {
  it('hands out the same sequence whatever order reads came in, however late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ read: anyRead, lookAfter: fc.boolean(), progress: fc.nat(20_000) }), { maxLength: 60 }),
        (arrivals) => {
          const log = newLog();
          const fold = follower();
          let now = 0;
          let until = 0;
          for (const { read: one, lookAfter, progress } of arrivals) {
            expect(take(log, one, now)).toBe(true);
            if (!lookAfter) continue;
            now += progress;
            until = Math.max(until, Math.min(100_000, until + progress));
            fold.take(release(log, now, until));
          }
          fold.take(release(log, now + 120_000, 200_000));
          expect(fold.reads()).toEqual(sorted(arrivals.map((arrival) => arrival.read)));
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it('never goes back while reads come before their time is released', () => {
    fc.assert(
      fc.property(
        fc.array(anyRead, { maxLength: 60 }),
        fc.array(fc.nat(499), { minLength: 60, maxLength: 60 }),
        (reads, delays) => {
          const log = newLog();
          const fold = follower();
          const arrivals = reads
            .map((one, index) => ({ one, arrivesAt: one.at + delays[index]! }))
            .sort((a, b) => a.arrivesAt - b.arrivesAt);
          for (const { one, arrivesAt } of arrivals) {
            fold.take(release(log, arrivesAt, arrivesAt - 500));
            take(log, one, arrivesAt);
          }
          fold.take(release(log, 300_000, 200_000));
          expect(fold.wentBack()).toBe(0);
          expect(fold.reads()).toEqual(sorted(reads));
        },
      ),
      { numRuns: 200, seed: 2 },
    );
  });

  it('takes the same antenna, tag and time twice for one read, the strongest', () => {
    const log = newLog();
    for (const rssiDbm of [-70, Number.NaN, -55, -60]) take(log, read(100, 0, 1, rssiDbm));
    take(log, read(100, 0, 2, -70));
    take(log, read(100, 1, 1, -70));
    const first = readsOf(release(log, 1000, 1000)!);
    // '0B' sorts before 'AA': the EPC breaks the tie, not the number that the tag happened to get.
    expect(first).toEqual([read(100, 1, 1, -70), read(100, 0, 1, -55), read(100, 0, 2, -70)]);
    // A double that comes late changes nothing but costs a look back.
    take(log, read(100, 0, 1, -55), 2000);
    expect(readsOf(release(log, 200_000, 1000)!)).toEqual(first);
  });

  it('says nothing when there is nothing new, not even time', () => {
    const log = newLog();
    take(log, read(700));
    expect(release(log, 600, 500)).toMatchObject({ from: Number.NEGATIVE_INFINITY, until: 500, reads: { length: 0 } });
    expect(release(log, 650, 500)).toBeUndefined();
    expect(release(log, 1000, 700)).toMatchObject({ from: 500, until: 700, reads: { length: 1 } });
    expect(release(log, 1000, 600)).toBeUndefined();
  });

  it('goes back to a boundary before a late read, and not to the read itself', () => {
    const log = newLog();
    for (const at of [10_000, 40_000, 59_000, 61_000, 70_000]) take(log, read(at));
    release(log, 80_000, 75_000);
    take(log, read(61_500, 1), 80_000);
    const again = release(log, 80_000 + 120_000, 75_000)!;
    expect(again.from).toBe(60_000);
    expect(readsOf(again).map(({ at }) => at)).toEqual([61_000, 61_500, 70_000]);
  });

  it('takes a late read on a boundary for one of the time before it: the boundary is the last moment of its span', () => {
    const log = newLog();
    take(log, read(61_000));
    release(log, 80_000, 75_000);
    take(log, read(2 * BOUNDARY_MS, 1), 80_000);
    const again = release(log, 200_000, 75_000)!;
    expect(again.from).toBe(BOUNDARY_MS);
    expect(readsOf(again).map(({ at }) => at)).toEqual([60_000, 61_000]);
  });

  it('lets late reads wait for company: a second, and longer the more would be handed out again', () => {
    const log = newLog();
    take(log, read(1000));
    release(log, 2000, 1500);
    expect(lateDueAt(log)).toBe(Number.POSITIVE_INFINITY);
    take(log, read(500, 1), 2000);
    expect(lateDueAt(log)).toBeCloseTo(3000, 0);
    take(log, read(400, 1), 2900);
    expect(release(log, 2999, 1500)).toBeUndefined();
    expect(readsOf(release(log, 3001, 1500)!).map(({ at }) => at)).toEqual([400, 500, 1000]);
    expect(lateDueAt(log)).toBe(Number.POSITIVE_INFINITY);

    const busy = newLog();
    for (let index = 0; index < 30_000; index++) take(busy, read(index, index % 3));
    release(busy, 40_000, 40_000);
    take(busy, read(10.5), 40_000);
    expect(lateDueAt(busy)).toBeCloseTo(40_000 + 1000 + 3000, 0);
  });

  it('goes on in the meantime: what waits late does not hold back what is on time', () => {
    const log = newLog();
    take(log, read(1000));
    release(log, 2000, 1500);
    take(log, read(500, 1), 2000);
    take(log, read(2100), 2100);
    expect(readsOf(release(log, 2700, 2250)!).map(({ at }) => at)).toEqual([2100]);
  });

  it('refuses reads of a time it has forgotten, and forgets whole spans only', () => {
    const log = newLog();
    for (const at of [10_000, 30_000, 30_001, 100_000]) take(log, read(at));
    release(log, 100_000, 100_000);
    forget(log, 59_999);
    expect(take(log, read(30_000, 1), 101_000)).toBe(false);
    expect(take(log, read(29_000, 1), 101_000)).toBe(false);
    expect(take(log, read(30_000.5, 1), 101_000)).toBe(true);
    const again = release(log, 400_000, 100_000)!;
    // That boundary is too long ago to be kept: reads since the one before are, to go back to it.
    expect(again.from).toBe(0);
    expect(readsOf(again).map(({ at }) => at)).toEqual([10_000, 30_000, 30_000.5, 30_001, 100_000]);
    forget(log, 20_000); // time does not turn back
    expect(take(log, read(25_000, 1), 500_000)).toBe(false);
  });

  it('puts waiting late reads in their place before it forgets their time: an admitted read is never dropped', () => {
    const log = newLog();
    for (const at of [20_000, 40_000, 100_000]) take(log, read(at));
    release(log, 100_000, 100_000);
    take(log, read(25_000, 1), 100_000);
    // A moment later, long before it is due, its time is about to be forgotten.
    const again = release(log, 100_010, 100_250, 31_000)!;
    expect(again.from).toBe(0);
    expect(readsOf(again).map(({ at }) => at)).toEqual([20_000, 25_000, 40_000, 100_000]);
    forget(log, 31_000);
    expect(lateDueAt(log)).toBe(Number.POSITIVE_INFINITY);
  });

  it('remembers no more reads than its bound, and then refuses late ones for the time that went', () => {
    const log = newLog();
    const step = 250_000;
    const perMs = 40; // some doors are busy
    for (let index = 0; index < AREA_READS_MAX + step; index++) {
      const at = index / perMs;
      admit(log, at, at, index % 3, index % 4, -60);
      if (index % step === step - 1) {
        release(log, at, at);
        forget(log, at - 3_600_000);
      }
    }
    expect(log.end - log.start).toBeLessThanOrEqual(AREA_READS_MAX);
    expect(log.end - log.start).toBeGreaterThan(AREA_READS_MAX * 0.4);
    expect(admit(log, 100_000, 100, 0, 0, -60)).toBe(false);
  });
});
