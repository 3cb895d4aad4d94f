import { describe, expect, it } from 'vitest';
import { planSite, type SitePlan } from '../../../../src/config/plan.ts';
import { identify } from '../../../../src/wire/epc/decodeEpc.ts';
import { geometryOf } from '../../../../simulators/radio/geometry.ts';
import { LEVELS, type LevelName } from '../../../../simulators/radio/levels.ts';
import { doorsSite } from '../../../../simulators/scenes.ts';
import { BUSY, MISTAKES } from '../../../../simulators/warehouse/habits.ts';
import type { WarehouseState } from '../../../../simulators/warehouse/state.ts';
import type { TruthLine } from '../../../../simulators/warehouse/truth.ts';
import { openWarehouse, reopenWarehouse, type WarehouseOptions } from '../../../../simulators/warehouse/warehouse.ts';
import { demoFile, demoSite, MINUTE_MS, MORNING } from '../demoSite.ts';

const HOURS_2 = 120 * MINUTE_MS;

const optionsOf = (plan: SitePlan, level: LevelName = 'hostile'): WarehouseOptions => ({
  plan,
  geometry: geometryOf(plan),
  level: LEVELS[level],
  mistakes: MISTAKES[level],
  pace: BUSY,
});

function day(plan: SitePlan, seed: number, level: LevelName, stepMs: number, durationMs: number = HOURS_2) {
  const warehouse = openWarehouse(optionsOf(plan, level), seed, MORNING);
  const truth: TruthLine[] = [];
  const scans = [];
  const triggers = [];
  for (let at = MORNING; at < MORNING + durationMs; at += stepMs) {
    const output = warehouse.advance(at + stepMs);
    truth.push(...output.truth);
    scans.push(...output.scans);
    triggers.push(...output.triggers);
  }
  return { warehouse, truth, scans, triggers };
}

const received = (lines: readonly TruthLine[]): string[] =>
  lines.filter((line) => line.kind === 'received').map((line) => line.epc);

describe('the warehouse', () => {
  const { warehouse, truth, scans, triggers } = day(demoSite(), 7, 'hostile', 1000);
  const movements = truth.filter((line) => line.movement);

  it('keeps every item in one place: a movement starts where the last one ended', () => {
    const places = new Map<string, string>();
    const jumps = truth.filter((line) => {
      const before = places.get(line.epc) ?? line.from;
      places.set(line.epc, line.to);
      return line.from !== before || line.movement !== (line.from !== line.to);
    });
    expect(jumps).toEqual([]);
    const loads = Object.values(warehouse.save().loads);
    const elsewhere = loads.flatMap((load) =>
      load.units.filter((epc) => (places.get(epc) ?? load.place) !== load.place),
    );
    expect(elsewhere).toEqual([]);
  });

  it('loses and doubles nothing: what came in has left or is there', () => {
    const came = new Set(received(movements));
    const shipped = new Set(movements.filter((line) => line.kind === 'shipped').map((line) => line.epc));
    const state = warehouse.save();
    const here = Object.values(state.loads).flatMap((load) => (load.place === 'world' ? [] : load.units));
    expect(new Set(here).size).toBe(here.length);
    expect(received(movements)).toHaveLength(came.size);
    expect(came.size).toBeGreaterThan(1000);
    const units = [...came].filter((epc) => epc.startsWith('30') || epc.startsWith('E2'));
    const expected = units.filter((epc) => !shipped.has(epc)).sort();
    expect(here.sort()).toEqual(expected);
  });

  it('tells the truth in order of time', () => {
    for (let index = 1; index < truth.length; index++)
      expect(truth[index]!.at).toBeGreaterThanOrEqual(truth[index - 1]!.at);
  });

  it('does everything there is to do, right and wrong', () => {
    const kinds = new Set(truth.map((line) => line.kind));
    const right = ['received', 'staged', 'put_away', 'picked', 'packed', 'docked', 'shipped', 'parked'];
    const wrong = ['turned_back', 'stopped', 'pass_by', 'left_behind'];
    for (const kind of [...right, ...wrong]) expect(kinds).toContain(kind);
    expect(truth.some((line) => line.directed !== undefined)).toBe(true);
    expect(truth.some((line) => !line.tagged)).toBe(true);
    expect(truth.some((line) => line.kind === 'packed' && line.containerEpc !== undefined)).toBe(true);
  });

  it('moves through read points as the site file describes them', () => {
    const about = (kind: string) =>
      new Set(movements.filter((line) => line.kind === kind).map((line) => `${line.readPoint} ${line.to}`));
    expect(about('received')).toEqual(new Set(['DOOR-1 DOCK-1', 'DOOR-2 DOCK-2']));
    expect(about('shipped')).toEqual(new Set(['DOOR-1 world', 'DOOR-2 world']));
    expect(about('put_away')).toEqual(new Set(['AISLE-A A', 'AISLE-B B', 'RESERVE R']));
    expect(about('picked')).toEqual(new Set(['BENCH-1 PACK']));
    const bins = new Set(movements.map((line) => line.bin));
    expect(bins).toContain('A-01-02');
  });

  it('prints GS1 tags, pallets of 4 to 60 units, and barcodes of the same keys', () => {
    const first = truth.find((line) => line.kind === 'received' && line.sku === null && line.epc.startsWith('31'))!;
    expect(identify(first.epc)).toMatchObject({ class: 'container' });
    const onIt = truth.filter(
      (line) => line.at === first.at && line.kind === 'received' && line.containerEpc === first.epc,
    );
    expect(onIt.length).toBeGreaterThanOrEqual(4);
    const unit = onIt.find((line) => line.epc.startsWith('30'))!;
    expect(identify(unit.epc)).toMatchObject({ class: 'item' });
    expect(unit.sku).toMatch(/^\d{14}$/);
    expect(scans.length).toBeGreaterThan(100);
    expect(new Set(scans.map((scan) => scan.device))).toEqual(new Set(['pack-1']));
    expect(scans.every((scan) => /^\](?:d201\d{14}21\d+|C100\d{18})$/.test(scan.data))).toBe(true);
  });

  it('breaks the photo-eye and frees it again, in turn', () => {
    expect(triggers.length).toBeGreaterThan(100);
    expect(new Set(triggers.map(({ reader, input }) => `${reader} ${input}`))).toEqual(new Set(['door-2 1']));
    for (let index = 1; index < triggers.length; index++)
      expect(triggers[index]!.high).toBe(!triggers[index - 1]!.high);
  });

  it('stays busy and bounded', () => {
    const state = warehouse.save();
    expect(Object.keys(state.loads).length).toBeLessThan(60);
    expect(Object.keys(state.units).length).toBeLessThan(1500);
    expect(state.agenda.length).toBeLessThan(200);
    const late = movements.filter((line) => line.at > MORNING + HOURS_2 - 10 * MINUTE_MS);
    expect(new Set(late.map((line) => line.kind))).toContain('shipped');
  });
});

describe('a warehouse day', () => {
  it('is the same whatever the steps, another with another seed', () => {
    const short = 20 * MINUTE_MS;
    const day1 = day(demoSite(), 7, 'typical', 100, short).truth;
    expect(day(demoSite(), 7, 'typical', 7300, short + 100).truth.filter((line) => line.at <= MORNING + short)).toEqual(
      day1,
    );
    expect(day(demoSite(), 8, 'typical', 1000, short).truth).not.toEqual(day1);
  });

  it('goes on after a save as if it had not stopped', () => {
    const whole = day(demoSite(), 5, 'typical', 1000, 40 * MINUTE_MS).truth;
    const first = day(demoSite(), 5, 'typical', 1000, 20 * MINUTE_MS);
    const saved = JSON.parse(JSON.stringify(first.warehouse.save())) as WarehouseState;
    const second = reopenWarehouse(optionsOf(demoSite(), 'typical'), saved).advance(MORNING + 40 * MINUTE_MS).truth;
    expect([...first.truth, ...second]).toEqual(whole);
  });

  it('may be resumed later: the same day, that much later', () => {
    const { warehouse } = day(demoSite(), 5, 'typical', 1000, 10 * MINUTE_MS);
    const saved = warehouse.save();
    const pauseMs = 3_600_000;
    const at = MORNING + 10 * MINUTE_MS;
    const after = (from: number) =>
      reopenWarehouse(optionsOf(demoSite(), 'typical'), saved, from).advance(from + 10 * MINUTE_MS).truth;
    expect(after(at + pauseMs)).toEqual(after(at).map((line) => ({ ...line, at: line.at + pauseMs })));
  });

  it('never prints a serial number twice: not after a resume, not in a run that begins later', () => {
    const first = day(demoSite(), 5, 'typical', 1000, 30 * MINUTE_MS);
    const at = MORNING + 30 * MINUTE_MS;
    const resumed = reopenWarehouse(optionsOf(demoSite(), 'typical'), first.warehouse.save()).advance(
      at + 30 * MINUTE_MS,
    ).truth;
    const fresh = openWarehouse(optionsOf(demoSite(), 'typical'), 5, MORNING + 5 * MINUTE_MS).advance(at).truth;
    const all = [...received(first.truth), ...received(resumed), ...received(fresh)];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('other sites', () => {
  it('needs a door and storage', () => {
    const doors = doorsSite({ doors: 1, layout: '1+1' });
    expect(() => openWarehouse(optionsOf(planSite({ file: doors })), 1, MORNING)).toThrow(
      'no location of kind pick or reserve',
    );
    const closed = { ...demoFile(), readPoints: demoFile().readPoints!.filter((point) => point.kind !== 'portal') };
    expect(() => openWarehouse(optionsOf(planSite({ file: closed })), 1, MORNING)).toThrow('nothing can arrive');
  });

  it('works with one door, no bench and no staging, and through a door between two rooms', () => {
    const plan = planSite({
      file: {
        site: 'SHOP',
        locations: [
          { id: 'BACK', kind: 'dock' },
          { id: 'FLOOR', kind: 'pick' },
        ],
        readPoints: [
          {
            id: 'GATE',
            kind: 'portal',
            outside: 'world',
            inside: 'BACK',
            antennas: [
              { reader: 'g', antenna: 1, side: 'outside' },
              { reader: 'g', antenna: 2, side: 'inside' },
            ],
          },
          {
            id: 'CURTAIN',
            kind: 'portal',
            outside: 'BACK',
            inside: 'FLOOR',
            antennas: [
              { reader: 'c', antenna: 1, side: 'outside' },
              { reader: 'c', antenna: 2, side: 'inside' },
            ],
          },
        ],
      },
    });
    const { truth } = day(plan, 3, 'clean', 1000);
    const ways = new Set(
      truth
        .filter((line) => line.movement)
        .map(({ kind, from, to, readPoint }) => `${kind} ${from} ${to} ${readPoint}`),
    );
    expect(ways).toContain('received world BACK GATE');
    expect(ways).toContain('put_away BACK FLOOR CURTAIN');
    expect([...ways].some((way) => way.startsWith('shipped BACK world'))).toBe(true);
  });

  it('refuses a state of another site', () => {
    const saved = day(demoSite(), 1, 'clean', 1000, MINUTE_MS).warehouse.save();
    const other = planSite({ file: { ...demoFile(), site: 'DC2' } });
    expect(() => reopenWarehouse(optionsOf(other), saved)).toThrow('start a new one');
  });
});
