// Faults of an installation as the machines tell them: once, the same however late their reads come, over when they are mended.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { INSTALLATION_CASES } from '../../../simulators/score/installations.ts';
import type { RadioRead } from '../../../simulators/radio/radio.ts';
import { random } from '../../../simulators/random.ts';
import { FIRST_AT, type Traffic } from '../../../simulators/score/traffic.ts';
import { siteSource } from '../../../src/config/load.ts';
import type { SitePlan } from '../../../src/config/plan.ts';
import { deriveEnd, deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import type { Effects } from '../../../src/infer/effects.ts';
import { axisOf } from '../../../src/infer/installation/axis.ts';
import type { DoorHour } from '../../../src/infer/installation/doors.ts';
import { follow, type Finding, type OpenFindings, type Opinion } from '../../../src/infer/installation/finding.ts';
import { commandRow, placed, rowsOf, type Unplaced } from '../../support/storiesRows.ts';

// Half an hour at a door each.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const trafficOf = (name: string): Traffic => INSTALLATION_CASES.find((one) => one.name === name)!.traffic(1);
const rowsOfReads = (reads: readonly RadioRead[]): Unplaced[] =>
  rowsOf(
    reads.map((read) => ({ read })),
    1000,
  );

interface Told {
  readonly findings: readonly Finding[];
  readonly doors: ReadonlyMap<string, DoorHour>;
  readonly machine: SiteMachine;
}

function derive(plan: SitePlan, rows: readonly Unplaced[]): Told {
  const machine = openMachine(plan);
  const findings: Finding[] = [];
  const doors = new Map<string, DoorHour>();
  const take = (effects: Effects): void => {
    findings.push(...effects.findings);
    for (const door of effects.doorHours) doors.set(`${door.readPoint} ${door.hour}`, door);
  };
  for (const row of placed(rows, 1, plan.site)) take(deriveRow(machine, row));
  take(deriveEnd(machine));
  return { findings, doors, machine };
}

/** A gateway is away for every other two minutes, and what it has comes afterwards, in no order. */
const delayed = (rows: readonly Unplaced[]): Unplaced[] => {
  const chance = random(1, 'delay');
  return rows
    .map((row) => {
      const isAway = Math.floor(row.receivedAt / 120_000) % 2 === 0;
      return isAway ? { ...row, receivedAt: row.receivedAt + 120_000 + Math.round(chance.between(0, 5000)) } : row;
    })
    .toSorted((a, b) => a.receivedAt - b.receivedAt);
};

describe('a dead antenna', () => {
  const { plan, reads } = trafficOf('dead antenna');
  let told: Told;
  beforeAll(() => void (told = derive(plan, rowsOfReads(reads))));

  it('is told once, with what was seen, how sure that is, and what to do', () => {
    expect(told.findings).toHaveLength(1);
    const [finding] = told.findings;
    expect(finding).toMatchObject({
      kind: 'antenna-dead',
      severity: 'critical',
      subject: { readPoint: 'DOOR-1', reader: 'door-1', antenna: 2 },
      closedAt: undefined,
      evidence: { reads: 0 },
    });
    expect(finding!.certainty).toBeGreaterThan(0.9);
    expect(finding!.since).toBeGreaterThanOrEqual(FIRST_AT);
    expect(finding!.openedAt).toBeGreaterThan(finding!.since);
    expect(finding!.seen).toMatch(
      /^Antenna 2 of door-1 had 0 reads in the last \d+ loads, its peers outside \d+ each\.$/,
    );
    expect(finding!.advice).toMatch(/^Check the cable, plug and port of antenna 2 at door-1/);
  });

  it('is the same when reads come minutes late, and its doors heard as much', () => {
    const late = derive(plan, delayed(rowsOfReads(reads)));
    expect(late.findings).toEqual(told.findings);
    expect([...late.doors]).toEqual([...told.doors]);
  });

  it('is over when it is mended', () => {
    const laterMs = 3_600_000;
    const sound = trafficOf('sound doors, typical').reads.flatMap((read): RadioRead[] => {
      if (read.reader !== 'door-1' && read.reader !== 'door-1b') return [];
      const { seenAt, reportedAt } = read;
      return [{ ...read, reader: 'door-1', seenAt: seenAt + laterMs, reportedAt: reportedAt + laterMs }];
    });
    // Twice as much as it takes to forget.
    const again = sound.map((read) => ({
      ...read,
      seenAt: read.seenAt + laterMs,
      reportedAt: read.reportedAt + laterMs,
    }));
    const { findings } = derive(plan, rowsOfReads([...reads, ...sound, ...again]));
    expect(findings.map(({ kind, closedAt }) => [kind, closedAt !== undefined])).toEqual([
      ['antenna-dead', false],
      ['antenna-dead', true],
    ]);
    expect(findings[1]).toEqual({ ...findings[0], closedAt: findings[1]!.closedAt });
    expect(findings[1]!.closedAt).toBeGreaterThan(FIRST_AT + laterMs);
  });

  it('is over when the site file knows it no more, and stays when the file says the same again', () => {
    const rows = rowsOfReads(reads);
    const at = rows.at(-1)!.receivedAt + 1000;
    const file = { ...structuredClone(plan.source.file), name: 'As of now' };
    const same = derive(plan, [
      ...rows,
      commandRow(at, { kind: 'load-site', source: siteSource(file, { rules: undefined }) }),
    ]);
    expect(same.findings.map(({ closedAt }) => closedAt)).toEqual([undefined]);
    const door = file.readPoints![0]!;
    if (door.kind !== 'portal') throw new Error('a door');
    const without = { ...door, antennas: door.antennas.filter(({ antenna }) => antenna !== 2) };
    const command = commandRow(at, {
      kind: 'load-site',
      source: siteSource({ ...file, readPoints: [without] }, { rules: undefined }),
    });
    const { findings } = derive(plan, [...rows, command]);
    expect(findings.map(({ closedAt }) => closedAt !== undefined)).toEqual([false, true]);
  });
});

describe('doors side by side', () => {
  const { plan, reads, truth } = trafficOf('sound doors, typical');

  it('tell how much they hear of what went through the other', () => {
    const { doors } = derive(plan, rowsOfReads(reads));
    const sum = (readPoint: string, of: (door: DoorHour) => number): number =>
      [...doors.values()].filter((door) => door.readPoint === readPoint).reduce((total, door) => total + of(door), 0);
    for (const [here, there] of [
      ['DOOR-1', 'DOOR-2'],
      ['DOOR-2', 'DOOR-1'],
    ] as const) {
      const crossedThere = new Map(
        truth.filter(({ readPoint }) => readPoint === there).map(({ epc, at }) => [epc, at]),
      );
      const heard = reads.filter(
        ({ epc, seenAt, reader }) =>
          reader.startsWith(here.toLowerCase()) && Math.abs(seenAt - (crossedThere.get(epc) ?? 0)) < 4000,
      );
      const tags = new Set(heard.map(({ epc }) => epc)).size;
      expect(tags).toBeGreaterThan(10);
      // Not all that crossed is decided.
      expect(sum(here, ({ otherTags }) => otherTags)).toBeLessThanOrEqual(tags * 1.1);
      expect(sum(here, ({ otherTags }) => otherTags)).toBeGreaterThan(tags * 0.7);
      expect(sum(here, ({ otherReads }) => otherReads)).toBeGreaterThan(0);
      expect(sum(here, ({ otherTags }) => otherTags)).toBeLessThan(sum(here, ({ tags: all }) => all));
    }
  });
});

describe('an opinion', () => {
  const opinion = (holds: boolean, isOver: boolean, more: Partial<Opinion> = {}): Opinion => ({
    kind: 'sides-alike',
    subject: { readPoint: 'DOOR' },
    severity: 'critical',
    holds,
    isOver,
    since: 1,
    certainty: 0.876,
    evidence: { separationDb: 2.345 },
    seen: 'seen',
    advice: 'do',
    ...more,
  });
  const followed = (...opinions: readonly Opinion[]): readonly Finding[] => {
    const open: OpenFindings = new Map();
    const findings: Finding[] = [];
    for (const [at, one] of opinions.entries()) follow(open, 'S', one, at, findings);
    return findings;
  };
  const told = (...opinions: readonly Opinion[]): (readonly [string, boolean])[] =>
    followed(...opinions).map(({ kind, closedAt }) => [kind, closedAt !== undefined]);

  it('between opening and closing changes nothing', () => {
    expect(told(opinion(false, false), opinion(true, false), opinion(false, false), opinion(true, false))).toEqual([
      ['sides-alike', false],
    ]);
    expect(told(opinion(true, false), opinion(false, true), opinion(true, false))).toEqual([
      ['sides-alike', false],
      ['sides-alike', true],
      ['sides-alike', false],
    ]);
  });

  it('that holds again is another finding, though it began when the first did', () => {
    const [opened, closed, again] = followed(opinion(true, false), opinion(false, true), opinion(true, false));
    expect(closed!.id).toBe(opened!.id);
    expect(again!.since).toBe(opened!.since);
    expect(again!.id).not.toBe(opened!.id);
  });

  it('that another explains is not told, and is over when the other comes', () => {
    const swapped = opinion(true, false, {
      kind: 'side-swapped',
      subject: { readPoint: 'DOOR', reader: 'r', antenna: 1 },
    });
    expect(told(swapped, opinion(true, false))).toEqual([['side-swapped', false]]);
    expect(told(opinion(true, false), swapped, opinion(true, false))).toEqual([
      ['sides-alike', false],
      ['side-swapped', false],
      ['sides-alike', true],
    ]);
    const elsewhere = opinion(true, false, { subject: { readPoint: 'OTHER' } });
    expect(told(swapped, elsewhere)).toHaveLength(2);
  });
});

describe('the axis of a portal', () => {
  it('tells sides apart by when they hear, whichever way things go', () => {
    const { loading, share } = axisOf([
      [-0.4, -0.3, 0.3, 0.4],
      [0.4, 0.5, -0.5, -0.4],
      [-0.3, -0.4, 0.5, 0.2],
    ]);
    expect(share).toBeGreaterThan(0.9);
    expect(loading.map((part) => Math.sign(part * loading[0]!))).toEqual([1, 1, -1, -1]);
  });

  it('is nothing where nothing is early or late', () => {
    expect(axisOf([[0, 0]])).toEqual({ loading: [0, 0], share: 0 });
    expect(axisOf([])).toEqual({ loading: [], share: 0 });
  });
});
