// What portals know of the air: learned from what crosses them, in simulated air whose true parameters are known.
import { describe, expect, it } from 'vitest';
import { CELLS, type Cell } from '../../../simulators/score/cells.ts';
import { judge } from '../../../simulators/score/judge.ts';
import { f1 } from '../../../simulators/score/match.ts';
import { scoreCell } from '../../../simulators/score/simulated.ts';
import { trafficOf } from '../../../simulators/score/traffic.ts';
import { jitteredLevel, LEVELS } from '../../../simulators/radio/levels.ts';
import { random } from '../../../simulators/random.ts';
import { deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import { AIRS, audible, gainDb, LOUDNESS, type Pose } from '../../../src/infer/radio/air.ts';
import { makeBank } from '../../../src/infer/radio/bank.ts';
import { explainCourses, MOMENTS, type Heard } from '../../../src/infer/radio/explain.ts';
import { firstLore, type Lore } from '../../../src/infer/radio/learn.ts';
import { audibilityOf, judgeLoad, marginal, weighTag } from '../../../src/infer/radio/load.ts';
import { explainStanding } from '../../../src/infer/radio/standing.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { machineOf, openReal } from '../../support/scored.ts';
import { siteFile } from '../../support/storiesSite.ts';

const cellNamed = (name: string): Cell => CELLS.find((cell) => cell.name === name)!;

/** What the doors of a cell have learned by the end of its traffic. */
function learned(cell: Cell, seed: number): readonly Lore[] {
  let machine: SiteMachine | undefined;
  judge(trafficOf(cell, seed), (plan) => machineOf((machine = openMachine(plan))));
  return machine!.infer.areas[0]!.fold.portals.map(({ lore }) => lore);
}

const meanLoudness = ({ manner }: Lore): number =>
  manner.logLoudness.reduce((sum, log, index) => sum + Math.exp(log) * LOUDNESS[index]!, 0);

describe('a portal learns', () => {
  it.each([
    ['clean base', 0, 1],
    ['typical base', 1, 3],
    ['hostile base', 3, 4],
  ])('the air of %s, its tags and how often they are read', { timeout: 60_000 }, (name, airLeast, airMost) => {
    const cell = cellNamed(name);
    const level = jitteredLevel(LEVELS[cell.level], 0.2, random(1, 'jitter'));
    const rate = level.readShare / (level.cycleMs / 1000);
    for (const lore of learned(cell, 1)) {
      expect(lore.loads).toBeGreaterThan(2);
      expect(lore.air).toBeGreaterThanOrEqual(airLeast);
      expect(lore.air).toBeLessThanOrEqual(airMost);
      expect(lore.manner.rate / rate).toBeGreaterThan(0.75);
      expect(lore.manner.rate / rate).toBeLessThan(1.5);
      expect(Math.abs(meanLoudness(lore) - level.rssiAtOneMetreDbm)).toBeLessThan(4);
    }
  });

  it('keeps what it learned when its site file is loaded anew', () => {
    const file = siteFile();
    const cell = cellNamed('clean base');
    let machine: SiteMachine | undefined;
    const traffic = trafficOf(cell, 1);
    judge(traffic, (plan) => machineOf((machine = openMachine(plan))));
    const before = machine!.infer.areas[0]!.fold.portals[0]!.lore;
    const source = { file: { ...traffic.plan.source.file, name: file.name ?? 'Doors' } };
    const at = machine!.clean.now + 1000;
    deriveRow(machine!, {
      kind: 'command',
      site: traffic.plan.site,
      offset: machine!.offset + 1,
      receivedAt: at,
      key: `load ${formatTime(at)}`,
      actor: 'test',
      command: { kind: 'load-site', source },
    });
    expect(machine!.infer.areas[0]!.fold.portals[0]!.lore).toEqual(before);
  });
});

describe('decisions in simulated air', () => {
  // Half a point below what they are: they may get better, not worse.
  it.each([
    ['clean base', 0.99, 0.995],
    ['typical base', 0.955, 0.94],
    ['typical 60 tags', 0.965, 0.965],
    ['hostile base', 0.75, 0.66],
  ])('%s: F1 of what leads and of what is posted', { timeout: 60_000 }, (name, leading, posted) => {
    const score = scoreCell(cellNamed(name), [1, 2], openReal);
    expect(f1(score.leading)).toBeGreaterThan(leading);
    expect(f1(score.posted)).toBeGreaterThan(posted);
    expect(score.leading.directionErrors).toBe(0);
    expect(score.duplicates).toBe(0);
  });
});

describe('a door whose antennas all look inside', () => {
  it('is decided by courses alone, a load less surely, and a tag by itself hardly ever', { timeout: 60_000 }, () => {
    const score = scoreCell(cellNamed('clean one-side'), [1], openReal);
    expect(f1(score.leading)).toBeGreaterThan(0.95);
    expect(f1(score.posted)).toBeGreaterThan(0.93);
    expect(score.leading.directionErrors).toBe(0);
    expect(score.duplicates).toBe(0);
  });
});

/** A door of two antennas a side, as sites are taken to be built. */
const poses: readonly Pose[] = (
  [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const
).map(([across, inward]) => ({
  right: 1.5 * across,
  ahead: 0.4 * inward,
  up: 1.2,
  lookRight: -across * Math.cos(0.61),
  lookAhead: inward * Math.sin(0.61),
  door: 0,
}));
const air = AIRS[2]!;
const bank = makeBank(poses, air);
const { manner } = firstLore();
const OUT_LEFT = 0;
const IN_LEFT = 2;

const heardAs = (reads: readonly (readonly [at: number, antenna: number, dbm: number])[]): Heard => ({
  reads: reads.length,
  every: 1,
  at: Float64Array.from(reads, ([at]) => at),
  antenna: Int32Array.from(reads, ([, antenna]) => antenna),
  rssiDbm: Float64Array.from(reads, ([, , dbm]) => dbm),
  before: undefined,
  from: -8000,
  to: 4000,
});

describe('the model of the air', () => {
  it('hears a tag best where the antenna looks, less behind it, and not at all through the wall to the next door', () => {
    const [pose] = poses as [Pose];
    const front = gainDb(pose, 0, -0.6, 0, air);
    expect(front).toBeGreaterThan(gainDb(pose, 0, 1.5, 0, air));
    expect(front).toBeGreaterThan(gainDb(pose, 0, -4, 0, air));
    expect(gainDb({ ...pose, door: 3.66 }, 0, -1, 0, air)).toBe(-200);
    // The load hides a tag on its far side.
    expect(gainDb(pose, 0, -0.6, 1, air)).toBeLessThan(front);
  });

  it('reads what reaches the tag with enough power, and nothing that does not', () => {
    expect(audible(-55, 0)).toBeGreaterThan(0.999);
    expect(audible(-75, 0)).toBeCloseTo(0.5, 2);
    expect(audible(-90, 0)).toBeLessThan(1e-6);
  });
});

describe('courses', () => {
  const throughIn = heardAs([
    [-1500, OUT_LEFT, -66],
    [-1000, OUT_LEFT, -60],
    [-500, OUT_LEFT, -55],
    [0, IN_LEFT, -56],
    [500, IN_LEFT, -58],
    [1000, IN_LEFT, -64],
  ]);
  const lying = heardAs([-7, -5, -3, -1, 0.5, 2, 3.5].map((seconds) => [seconds * 1000, IN_LEFT, -63]));

  it('explain a tag that goes through, and the way it went', () => {
    const courses = explainCourses(bank, throughIn, manner);
    expect(courses).toHaveLength(bank.courses.length * MOMENTS);
    const into = marginal(bank, courses, 'in');
    for (const kind of ['out', 'pass', 'turn'] as const) expect(into).toBeGreaterThan(marginal(bank, courses, kind));
    expect(into).toBeGreaterThan(explainStanding(bank, throughIn, manner) + 5);
  });

  it('explain no tag that lies about: standing does', () => {
    const courses = explainCourses(bank, lying, manner);
    const standing = explainStanding(bank, lying, manner);
    for (const kind of ['in', 'out', 'pass', 'turn'] as const)
      expect(standing).toBeGreaterThan(marginal(bank, courses, kind) + 5);
  });

  it('a tag that was heard there before is believed to stand there all the more', () => {
    const before = { reads: Float64Array.of(0, 0, 12, 0), meanDbm: Float64Array.of(0, 0, -63, 0), seconds: 20 };
    expect(explainStanding(bank, { ...lying, before }, manner)).toBeGreaterThan(explainStanding(bank, lying, manner));
  });

  it('make a load of the tags that took one, and of no other', () => {
    const silent = heardAs([]);
    const audibility = audibilityOf(bank, {
      courses: explainCourses(bank, silent, manner),
      standing: explainStanding(bank, silent, manner),
    });
    const weighed = (heard: Heard) =>
      weighTag(
        bank,
        { courses: explainCourses(bank, heard, manner), standing: explainStanding(bank, heard, manner) },
        audibility,
        0,
      );
    const tags = [throughIn, throughIn, throughIn, lying, lying].map((heard) => weighed(heard));
    const verdict = judgeLoad(bank, tags, 0.1, 0.05)!;
    expect(verdict.kind).toBe('in');
    expect(verdict.probability).toBeGreaterThan(0.99);
    expect(Math.abs(verdict.momentMs)).toBeLessThanOrEqual(500);
    expect(verdict.members.map((member) => member > 0.9)).toEqual([true, true, true, false, false]);
    // Who lies about makes no load.
    expect(
      judgeLoad(
        bank,
        [lying, lying].map((heard) => weighed(heard)),
        0.1,
        0.05,
      )!.probability,
    ).toBeLessThan(0.1);
    expect(judgeLoad(bank, [], 0.1, 0.05)).toBeUndefined();
  });
});
