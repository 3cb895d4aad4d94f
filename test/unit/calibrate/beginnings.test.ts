// A door that was calibrated decides its first loads better than one that has just begun, in air that differs from what is believed
// of any door; and a calibration says what was learned.
import { describe, expect, it } from 'vitest';
import { CELLS, type Cell } from '../../../simulators/score/cells.ts';
import { judge, type Verdicts } from '../../../simulators/score/judge.ts';
import { f1, score, sum, type Score } from '../../../simulators/score/match.ts';
import { FIRST_AT, trafficOf, type Traffic } from '../../../simulators/score/traffic.ts';
import { calibrated } from '../../../src/calibrate/learn.ts';
import type { Calibration } from '../../../src/config/calibration.ts';
import { planSite, type SitePlan } from '../../../src/config/plan.ts';
import { deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import { beginningOf, calibrationOf, levelOf } from '../../../src/infer/radio/calibration.ts';
import { chanceOf, firstLore, type Lore } from '../../../src/infer/radio/learn.ts';
import { firstLevel } from '../../../src/infer/signal.ts';
import { machineOf } from '../../support/scored.ts';

const EPISODE_MS = 40_000;
const LEARNED = 24;
const JUDGED = 8;
const MATCH_MS = 2000;

function derived(traffic: Traffic, plan: SitePlan): { machine: SiteMachine; verdicts: Verdicts } {
  let machine = openMachine(plan);
  const verdicts = judge({ ...traffic, plan }, (own) => {
    machine = openMachine(own);
    return machineOf(machine);
  });
  return { machine, verdicts };
}

const calibrationsOf = ({ infer }: SiteMachine): Map<string, Calibration> =>
  new Map(
    infer.areas.flatMap(({ plan, fold }) =>
      plan.portals.flatMap(({ id }, index) => {
        const { lore, level } = fold.portals[index]!;
        return lore.loads === 0 ? [] : [[id, calibrationOf(lore, level)] as const];
      }),
    ),
  );

/** Learns from the first episodes of the cell, and has the last ones decided by doors that begin with it, and without. */
function beginnings(cell: Cell, seed: number): { before: Score[]; after: Score[] } {
  const traffic = trafficOf({ ...cell, episodes: LEARNED + JUDGED }, seed);
  const cut = FIRST_AT + LEARNED * EPISODE_MS;
  const part = (isOwn: (at: number) => boolean): Traffic => ({
    ...traffic,
    reads: traffic.reads.filter(({ seenAt }) => isOwn(seenAt)),
    triggers: traffic.triggers.filter(({ at }) => isOwn(at)),
    sayings: [],
  });
  const calibrations = calibrationsOf(derived({ ...part((at) => at < cut), until: cut }, traffic.plan).machine);
  const rest = part((at) => at >= cut);
  const truth = traffic.truth.filter(({ at }) => at >= cut);
  const scored = (plan: SitePlan): Score[] => {
    const { leading, posted } = derived(rest, plan).verdicts;
    return [score(truth, leading, MATCH_MS), score(truth, posted, MATCH_MS)];
  };
  return { before: scored(traffic.plan), after: scored(calibrated(traffic.plan, calibrations)) };
}

describe('the first loads of a door', () => {
  it('in rough air are decided better when it was calibrated', { timeout: 90_000 }, () => {
    const cell = CELLS.find(({ name }) => name === 'hostile base')!;
    const seeds = [1, 2, 3].map((seed) => beginnings(cell, seed));
    for (const [point, least] of [
      [0, 0.03],
      [1, 0.05],
    ] as const) {
      const before = f1(sum(seeds.map((one) => one.before[point]!)));
      const after = f1(sum(seeds.map((one) => one.after[point]!)));
      expect(after).toBeGreaterThan(before + least);
    }
  });
});

const CALIBRATION: Calibration = {
  loads: 33,
  fadingSdDb: 5.25,
  readsPerSecond: 0.885,
  heardForSeconds: 410.5,
  tagsByLoudnessDbm: { '-54': 12, '-45': 80.5, '-33': 3 },
  heardMeanDbm: -71,
  heardSdDb: 4.3,
  loadChance: 0.31,
  aloneChance: 0.097,
};

describe('a calibration', () => {
  const lore: Lore = firstLore(beginningOf(CALIBRATION));

  it('comes back from what a door begins with as it was', () => {
    expect(calibrationOf(lore, firstLevel(levelOf(CALIBRATION)))).toEqual(CALIBRATION);
  });

  it('is what the door believes: its air, its tags, how often they are read, how often something crosses', () => {
    expect(lore.air).toBe(3);
    expect(lore.manner.rate).toBeCloseTo(0.885, 1);
    expect(chanceOf(lore.group)).toBeCloseTo(0.31);
    expect(chanceOf(lore.alone)).toBeCloseTo(0.097);
    const loudest = lore.manner.logLoudness.indexOf(Math.max(...lore.manner.logLoudness));
    expect(loudest).toBe(9);
    expect(lore.loads).toBe(33);
  });

  it('in a new site file is in force at once; what was learned since stays when the file says the same', () => {
    const traffic = trafficOf({ ...CELLS.find(({ name }) => name === 'clean base')!, episodes: 12 }, 1);
    const { machine } = derived(traffic, traffic.plan);
    const loreNow = (): Lore => machine.infer.areas[0]!.fold.portals[0]!.lore;
    const load = (plan: SitePlan): void =>
      void deriveRow(machine, {
        kind: 'command',
        site: plan.site,
        offset: machine.offset + 1,
        receivedAt: machine.clean.now + 1000,
        key: `load ${machine.offset}`,
        actor: 'test',
        command: { kind: 'load-site', source: planSite(plan.source).source },
      });
    const learned = loreNow();
    expect(learned.loads).toBeGreaterThan(0);
    const withCalibration = calibrated(traffic.plan, new Map([[traffic.plan.areas[0]!.portals[0]!.id, CALIBRATION]]));
    load(withCalibration);
    expect(loreNow()).toEqual(lore);
    load(withCalibration);
    expect(loreNow()).toEqual(lore);
    load(traffic.plan);
    expect(loreNow()).toEqual(firstLore());
  });
});
