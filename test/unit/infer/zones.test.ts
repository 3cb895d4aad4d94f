import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlaceReads } from '../../../src/clean/clean.ts';
import {
  advanceZones as advancing,
  countReads,
  openZones,
  resetZone,
  takeDirty,
  trimZones,
  withdrawReset,
  zonesDueAt,
  type Presence,
  type ZoneChange,
  type ZoneState,
} from '../../../src/infer/zones.ts';
import { finish } from '../../../src/kit/steps.ts';
import { random } from '../../../simulators/random.ts';
import { planSite } from '../../../src/config/plan.ts';
import type { ZonePlan } from '../../../src/infer/stays.ts';
import { given, inSite } from '../../support/stories.ts';
import { crossed, moved, stock } from '../../support/storiesThen.ts';
import { driven, heard, said, scanned, waited } from '../../support/storiesWhen.ts';
import { MINUTE_MS, MORNING, pallet, SECOND_MS, site } from '../../support/storiesSite.ts';

const plan = site();
const { rules } = plan;
const placeOf = (id: string): number => plan.readPoints.findIndex((point) => point.id === id);
const [A, B, BENCH] = [placeOf('AISLE-A'), placeOf('AISLE-B'), placeOf('BENCH')];
const antennasOf = (place: number) =>
  plan.antennas.filter((antenna) => antenna.readPoint === place && antenna.antenna > 0);

/** All steps at once. */
const advanceZones = (...of: Parameters<typeof advancing>): ZoneChange => finish(advancing(...of));

interface Read {
  readonly at: number;
  readonly place: number;
  readonly dbm?: number;
  readonly tag?: number;
  readonly antenna?: number;
}

function counted(state: ZoneState, reads: readonly Read[]): { late: ReadonlySet<number>; tooLate: number } {
  const columns: PlaceReads = {
    length: reads.length,
    at: Float64Array.from(reads, ({ at }) => at),
    tag: Int32Array.from(reads, ({ tag }) => tag ?? 0),
    antenna: Uint16Array.from(reads, ({ place, antenna }) => antennasOf(place)[antenna ?? 0]!.index),
    rssiDbm: Float32Array.from(reads, ({ dbm }) => dbm ?? -60),
  };
  return countReads(state, columns, plan);
}

/** What is believed in the end when reads are counted in chunks, each after time has come so far. */
function believed(
  chunks: readonly { readonly reads: readonly Read[]; readonly until: number; readonly resets?: readonly number[] }[],
  until: number,
  at: ZonePlan = plan,
): string[] {
  const state = openZones();
  let found: Presence[] = [];
  const told = (change: ZoneChange): void => {
    found = found.filter((one) => !change.withdrawn.some((gone) => nameOf(gone) === nameOf(one)));
    found.push(...change.found);
  };
  let reached = Number.NEGATIVE_INFINITY;
  for (const chunk of chunks) {
    const { late } = counted(state, chunk.reads);
    reached = Math.max(reached, chunk.until);
    const again = new Set(late);
    for (const reset of chunk.resets ?? []) {
      for (const tag of [0, 1]) resetZone(state, tag, reset);
      again.add(0).add(1);
    }
    told(advanceZones(state, reached, again, at));
  }
  told(advanceZones(state, until, new Set(), at));
  return found.map(nameOf).sort();
}
const nameOf = ({ tag, place, at }: Presence): string => `${tag} at ${plan.readPoints[place]!.id} since ${at}`;

const every = (place: number, from: number, to: number, everyMs: number, dbm = -60): Read[] =>
  Array.from({ length: Math.ceil((to - from) / everyMs) }, (_, index) => ({ at: from + index * everyMs, place, dbm }));

describe('presence in a zone', () => {
  it('is believed after a few reads, since the first of them', () => {
    expect(believed([{ reads: every(A, 10_000, 14_000, 1000), until: 0 }], 14_000)).toEqual([]);
    expect(believed([{ reads: every(A, 10_000, 20_000, 1000), until: 0 }], 30_000)).toEqual([
      '0 at AISLE-A since 10000',
    ]);
  });

  it('is not believed for a single read', () => {
    expect(believed([{ reads: [{ at: 10_000, place: A }], until: 0 }], 600_000)).toEqual([]);
  });

  it('needs far more evidence to change than to begin', () => {
    const settled = every(A, 0, 60_000, 1000);
    const leak = every(B, 60_000, 70_000, 2500);
    expect(believed([{ reads: [...settled, ...leak], until: 0 }], 200_000)).toEqual(['0 at AISLE-A since 0']);
    const stay = every(B, 60_000, 130_000, 2500);
    expect(believed([{ reads: [...settled, ...stay], until: 0 }], 200_000)).toEqual([
      '0 at AISLE-A since 0',
      '0 at AISLE-B since 60000',
    ]);
  });

  it('changes only when another zone has heard the tag for as long as it must; a station takes at once', () => {
    const settled = every(A, 0, 600_000, 1000);
    const from = 640_000;
    const reads = (place: number, forMs: number): Read[] => [...settled, ...every(place, from, from + forMs, 1000)];
    const { holdMs } = rules.zone;
    expect(believed([{ reads: reads(B, holdMs - 5000), until: 0 }], 800_000)).toEqual(['0 at AISLE-A since 0']);
    expect(believed([{ reads: reads(B, holdMs + 5000), until: 0 }], 800_000)).toContain(`0 at AISLE-B since ${from}`);
    expect(believed([{ reads: reads(BENCH, 25_000), until: 0 }], 800_000)).toContain(`0 at BENCH since ${from}`);
    const { file } = plan.source;
    const fast = planSite({
      file: {
        ...file,
        readPoints: file.readPoints!.map((point) => (point.id === 'AISLE-B' ? { ...point, holdMs: 5000 } : point)),
      },
    });
    expect(believed([{ reads: reads(B, 25_000), until: 0 }], 800_000, fast)).toContain(`0 at AISLE-B since ${from}`);
  });

  it('knows of each tag how often and how loud another zone hears it, and what is otherwise moves it', () => {
    // Every other read is of the other zone: that is as ever, and so is a burst of it; the same as loud as here is not.
    const both = Array.from({ length: 200 }, (_, index): Read[] => [
      { at: index * 20_000, place: A, dbm: -60 },
      { at: index * 20_000 + 9000, place: B, dbm: -72 },
    ]).flat();
    const after = (dbm: number): Read[] => every(B, 4_100_000, 4_400_000, 20_000, dbm);
    const until = 5_000_000;
    expect(believed([{ reads: [...both, ...after(-72)], until: 0 }], until)).toEqual(['0 at AISLE-A since 0']);
    expect(believed([{ reads: [...both, ...after(-60)], until: 0 }], until)).toEqual([
      '0 at AISLE-A since 0',
      '0 at AISLE-B since 4100000',
    ]);
  });

  it('does not go to and fro for a tag between two zones, in an hour', () => {
    // Both hear it about as often and as loud; now one more, now the other. Eight tags for an hour each.
    const places = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const chance = random(seed, 'between');
      const reads: Read[] = [];
      for (let at = 0; at < 60 * MINUTE_MS; at += 2000) {
        if (chance.chance(0.5)) reads.push({ at, place: A, dbm: chance.between(-64, -58) });
        if (chance.chance(0.5)) reads.push({ at: at + 500, place: B, dbm: chance.between(-64, -58) });
      }
      return believed([{ reads, until: 0 }], 61 * MINUTE_MS).length;
    });
    expect(places.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(places.length + 1);
  });

  it('is decided by how loud a tag is when both hear it as often', () => {
    const both = (at: number): Read[] => [
      { at, place: A, dbm: -70 },
      { at: at + 1, place: B, dbm: -55 },
    ];
    const reads = Array.from({ length: 20 }, (_, index) => both(index * 2500)).flat();
    expect(believed([{ reads, until: 0 }], 100_000)).toEqual(['0 at AISLE-B since 1']);
  });

  it('survives silence: a tag that is not heard has not gone elsewhere', () => {
    const reads = [...every(A, 0, 20_000, 1000), ...every(A, 8 * 60 * MINUTE_MS, 8 * 60 * MINUTE_MS + 20_000, 1000)];
    expect(believed([{ reads, until: 0 }], 9 * 60 * MINUTE_MS)).toEqual(['0 at AISLE-A since 0']);
  });

  it('is told with the reads that spoke for it, antenna by antenna', () => {
    const state = openZones();
    counted(state, [
      { at: 1000, place: A, dbm: -60 },
      { at: 2000, place: A, dbm: -50, antenna: 1 },
      { at: 6000, place: A, dbm: Number.NaN },
    ]);
    const { found } = advanceZones(state, 20_000, new Set(), plan);
    expect(found[0]).toMatchObject({ place: A, at: 1000, bin: 1 });
    expect(found[0]!.logOdds).toBeGreaterThanOrEqual(rules.zone.enterOdds);
    expect(found[0]!.counts).toEqual([
      { bin: 0, place: A, reads: 2, firstAt: 1000, bestDbm: -50, bestAntenna: antennasOf(A)[1]!.index },
      {
        bin: 1,
        place: A,
        reads: 1,
        firstAt: 6000,
        bestDbm: Number.NEGATIVE_INFINITY,
        bestAntenna: antennasOf(A)[0]!.index,
      },
    ]);
  });

  it('waits for a bin to be complete, and says when that will be', () => {
    const state = openZones();
    expect(zonesDueAt(state, rules)).toBe(Number.POSITIVE_INFINITY);
    counted(state, every(A, 10_000, 14_000, 500));
    expect(zonesDueAt(state, rules)).toBe(15_000);
    expect(advanceZones(state, 14_999, new Set(), plan).found).toEqual([]);
    expect(advanceZones(state, 15_000, new Set(), plan).found).toEqual([]); // one bin can say only so much
    expect(zonesDueAt(state, rules)).toBe(Number.POSITIVE_INFINITY);
    counted(state, every(A, 15_000, 19_000, 500));
    expect(advanceZones(state, 20_000, new Set(), plan).found).toHaveLength(1);
  });

  it('has a bound for what a burst of reads can say', () => {
    const burst = Array.from({ length: 400 }, (_, index): Read => ({ at: 60_000 + index, place: BENCH }));
    expect(believed([{ reads: [...every(A, 0, 60_000, 1000), ...burst], until: 0 }], 200_000)).toEqual([
      '0 at AISLE-A since 0',
    ]);
  });

  it('counts a read once, however often it comes', () => {
    const reads = every(A, 0, 4000, 2000);
    expect(believed([{ reads, until: 0 }], 100_000)).toEqual([]);
    expect(believed([{ reads: [...reads, ...reads, ...reads], until: 0 }], 100_000)).toEqual([]);
    const late = [
      { reads, until: 50_000 },
      { reads, until: 60_000 },
      { reads, until: 70_000 },
    ];
    expect(believed(late, 100_000)).toEqual([]);
  });
});

describe('presence and other movements', () => {
  it('is found anew where it was, when something moved the tag away meanwhile', () => {
    const reads = [...every(A, 0, 20_000, 1000), ...every(A, 100_000, 120_000, 1000)];
    const apart = [
      { reads: reads.slice(0, 20), until: 40_000 },
      { reads: [], until: 70_000, resets: [50_000] },
      { reads: reads.slice(20), until: 100_000 },
    ];
    const both = ['0 at AISLE-A since 0', '0 at AISLE-A since 100000'];
    expect(believed(apart, 200_000)).toEqual(both);
    expect(believed([{ reads, until: 40_000, resets: [50_000] }], 200_000)).toEqual(both);
    // The movement is known before any zone has heard the tag, and reads from before it come late.
    const late = [
      { reads: [], until: 70_000, resets: [50_000] },
      { reads, until: 130_000 },
    ];
    expect(believed(late, 200_000)).toEqual(both);
  });

  it('is as it was when the movement turns out not to have been', () => {
    const state = openZones();
    counted(state, every(A, 0, 20_000, 1000));
    advanceZones(state, 40_000, new Set(), plan);
    resetZone(state, 0, 30_000);
    advanceZones(state, 40_000, new Set([0]), plan);
    withdrawReset(state, 0, 30_000);
    advanceZones(state, 45_000, new Set([0]), plan);
    counted(state, every(A, 100_000, 120_000, 1000));
    expect(advanceZones(state, 200_000, new Set(), plan)).toEqual({ withdrawn: [], found: [] });
  });
});

const anyRead = fc.record({
  at: fc.integer({ min: 0, max: 300 }).map((step) => step * 400),
  place: fc.constantFrom(A, B, BENCH),
  dbm: fc.constantFrom(-70, -64, -58, Number.NaN),
  tag: fc.nat(1),
  antenna: fc.constant(0),
});

describe('late reads of zones', () => {
  it('give what they would have given in time, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ read: anyRead, lateMs: fc.nat(100_000), twice: fc.boolean() }), { maxLength: 120 }),
        fc.array(
          fc.record({ at: fc.integer({ min: 0, max: 120 }).map((second) => second * 1000), lateMs: fc.nat(60_000) }),
          { maxLength: 3 },
        ),
        (arrivals, moves) => {
          const inTime = [{ reads: arrivals.map((one) => one.read), until: 0, resets: moves.map(({ at }) => at) }];
          const inOrderOfArrival = [
            ...arrivals.flatMap(({ read, lateMs, twice }) => [
              { at: read.at + lateMs, reads: [read] },
              ...(twice ? [{ at: read.at + lateMs * 2, reads: [read] }] : []),
            ]),
            ...moves.map(({ at, lateMs }) => ({ at: at + lateMs, reads: [], resets: [at] })),
          ]
            .sort((a, b) => a.at - b.at)
            .map((one) => ({ ...one, until: one.at - 500 }));
          expect(believed(inOrderOfArrival, 400_000)).toEqual(believed(inTime, 400_000));
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });

  it('come too late when their time is over', () => {
    const state = openZones();
    advanceZones(state, rules.lateMs + 100_000, new Set(), plan);
    const { tooLate, late } = counted(state, [
      { at: 80_000, place: A },
      { at: 110_000, place: A },
    ]);
    expect(tooLate).toBe(1);
    expect([...late]).toEqual([0]);
  });

  it('do not bring up again what has been settled long ago', () => {
    const state = openZones();
    const found: Presence[] = [];
    const withdrawn: Presence[] = [];
    const advance = (to: number, again: readonly number[] = []): void => {
      const change = advanceZones(state, to, new Set(again), plan);
      found.push(...change.found);
      withdrawn.push(...change.withdrawn);
    };
    // A weak challenger that needs minutes to win: found long after it was first heard.
    for (let minute = 0; minute < 30; minute++) {
      counted(state, [
        ...every(A, minute * MINUTE_MS, minute * MINUTE_MS + (minute < 5 ? 30_000 : 0), 5000),
        ...every(B, minute * MINUTE_MS + 1, minute * MINUTE_MS + (minute < 5 ? 0 : 5000), 5000),
      ]);
      advance((minute + 1) * MINUTE_MS, [0]);
      trimZones(state, plan);
    }
    expect(found.map(nameOf)).toEqual(['0 at AISLE-A since 0', '0 at AISLE-B since 300001']);
    expect(withdrawn).toEqual([]);
  });

  it('leave nothing behind of a tag that only passed by', () => {
    const state = openZones();
    resetZone(state, 0, 1000);
    counted(state, [{ at: 5000, place: A, tag: 1 }]);
    advanceZones(state, 10_000, new Set([0]), plan);
    trimZones(state, plan);
    expect(state.tags.size).toBe(2);
    takeDirty(state);
    advanceZones(state, 20_000 + rules.lateMs, new Set(), plan);
    trimZones(state, plan);
    expect([...state.tags.keys()]).toEqual([1]); // heard once: it may still be there
    expect([...state.dirty].sort((a, b) => a - b)).toEqual([0, 1]);
  });
});

describe('goods in the aisles', () => {
  const goods = pallet('P', { tags: 3 });

  it('received at the door are put away by being heard in the aisle', () => {
    given()
      .when(driven(goods, 'in'), waited(MINUTE_MS), heard(goods, 'over-a/1'))
      .then(moved(goods, ['receive world → DOCK-1', 'putaway DOCK-1 → A']), stock(goods, 'A', { status: 'available' }));
  });

  it('carried out and brought back to the same aisle are there again', () => {
    given()
      .when(
        driven(goods, 'in'),
        heard(goods, 'over-a/1'),
        driven(goods, 'out'),
        waited(MINUTE_MS),
        driven(goods, 'in'),
        waited(MINUTE_MS),
        heard(goods, 'over-a/1'),
      )
      .then(crossed(goods, ['in DOOR-1', 'out DOOR-1', 'in DOOR-1']), stock(goods, 'A'));
  });

  it('stay where a person has put them within the aisle', () => {
    given()
      .when(
        driven(goods, 'in'),
        ...goods.epcs.map((epc) => said({ kind: 'move', epc, to: 'A-01' })),
        heard(goods, 'over-a/1', { forMs: 5 * MINUTE_MS, everyMs: 3000 }),
      )
      .then(stock(goods, 'A-01'));
  });

  it('heard at the bench are on the bench, and its scans find them', () => {
    given()
      .when(driven(goods, 'in'), heard(goods, 'over-a/1'), heard(goods, 'bench-1/1'), scanned('pack-1', 'PACK'))
      .then(moved(goods, ['receive world → DOCK-1', 'putaway DOCK-1 → A', 'pick A → PACK']), stock(goods, 'PACK'));
  });

  it('of a reader without RSSI are found all the same', () => {
    given(inSite(site()))
      .when(heard(goods, 'over-b/1', { dbm: undefined }))
      .then(stock(goods, 'B'));
  });

  it('heard late count from when they were seen', () => {
    const { scene } = given()
      .when(
        driven(goods, 'in'),
        waited(MINUTE_MS),
        heard(goods, 'over-a/1', { lateMs: 5 * MINUTE_MS }),
        waited(6 * MINUTE_MS),
      )
      .then(stock(goods, 'A'));
    const [, putaway] = scene.ledger.movements().filter(({ epc }) => epc === goods.epcs[0]);
    expect(putaway!.happenedAt).toBeGreaterThan(MORNING + MINUTE_MS);
    expect(putaway!.happenedAt).toBeLessThan(MORNING + 3 * MINUTE_MS);
    expect(SECOND_MS).toBe(1000);
  });
});
