// What is beyond doubt is told early: soon, only what would be posted, once, as one load, and without any change for the others.
import { describe, expect, it } from 'vitest';
import { CELLS } from '../../../simulators/score/cells.ts';
import { judge } from '../../../simulators/score/judge.ts';
import { trafficOf, type Traffic } from '../../../simulators/score/traffic.ts';
import { planSite } from '../../../src/config/plan.ts';
import { openMachine, type SiteMachine } from '../../../src/derive.ts';
import { numberOf } from '../../../src/clean/tags.ts';
import type { Effects, PassageEffect } from '../../../src/infer/effects.ts';
import { machineOf } from '../../support/scored.ts';

const cell = { ...CELLS.find(({ name }) => name === 'clean base')!, episodes: 12 };
const usual = trafficOf(cell, 1);

interface Heard {
  readonly passage: PassageEffect;
  readonly toldAt: number;
}

/** First word of each passage about a crossing, and the machines at the end. */
function heard(traffic: Traffic): { readonly crossings: readonly Heard[]; readonly machine: SiteMachine } {
  const first = new Map<string, Heard>();
  let machine: SiteMachine | undefined;
  judge(traffic, (plan) => {
    const real = machineOf((machine = openMachine(plan)));
    const note = (effects: Effects): Effects => {
      for (const passage of effects.passages)
        if (passage.crossedAt !== undefined && !first.has(passage.id))
          first.set(passage.id, { passage, toldAt: effects.receivedAt });
      return effects;
    };
    return { ...real, take: (row) => note(real.take(row) as Effects), end: () => note(real.end() as Effects) };
  });
  return { crossings: [...first.values()], machine: machine! };
}

/** The same traffic at a site where a person decides everything: nothing is told early there. */
const asking: Traffic = {
  ...usual,
  plan: planSite({ file: { ...usual.plan.source.file, rules: { portal: { postAt: 1 } } } }),
};

const isEarly = ({ passage, toldAt }: Heard): boolean => toldAt - passage.crossedAt! < 3500;
const { crossings, machine } = heard(usual);
const early = crossings.filter((one) => isEarly(one));

describe('a load beyond doubt', () => {
  it('is told within three and a half seconds, most of it, and is posted', () => {
    expect(usual.truth.length).toBeGreaterThan(30);
    expect(early.length).toBeGreaterThan(usual.truth.length / 2);
    for (const { passage } of early) expect(['in', 'out']).toContain(passage.outcome);
    const truly = new Set(usual.truth.map(({ epc, direction }) => `${epc} ${direction}`));
    expect(early.filter(({ passage }) => !truly.has(`${passage.epc} ${passage.outcome}`))).toEqual([]);
  });

  it('is told once, and is one load with those of it that were told later', () => {
    const byTag = new Map<string, number>();
    for (const { passage } of crossings) byTag.set(passage.epc, (byTag.get(passage.epc) ?? 0) + 1);
    expect([...byTag].filter(([epc, count]) => count > 1 && epc.startsWith('A'))).toEqual([]);
    const groups = new Map<string, Set<string | undefined>>();
    for (const { passage } of crossings) {
      if (passage.leading !== 'in' && passage.leading !== 'out') continue;
      if (passage.group === undefined || !passage.epc.startsWith('A')) continue;
      const pallet = passage.epc.slice(0, 9);
      groups.set(pallet, (groups.get(pallet) ?? new Set()).add(passage.group.id));
    }
    expect(groups.size).toBeGreaterThan(3);
    expect([...groups].filter(([, ids]) => ids.size > 1)).toEqual([]);
  });

  it('is remembered as having moved', () => {
    const { tracks } = machine.infer.areas[0]!.fold;
    for (const { passage } of early) {
      const tag = numberOf(machine.clean.tags, usual.plan, passage.epc);
      expect(tracks.get(tag)!.mobility).toBeGreaterThan(0);
    }
  });

  it('is not told early where a person decides, and nothing else is said of anybody then', () => {
    const late = heard(asking).crossings;
    expect(late.filter((one) => isEarly(one))).toEqual([]);
    const said = (all: readonly Heard[]): string[] =>
      all.map(({ passage: { epc, readPoint, leading } }) => `${epc} ${readPoint} ${leading}`).sort();
    expect(said(crossings)).toEqual(said(late));
  });
});

describe('who came near, and went back, seconds before a load crossed', () => {
  it.each([5, 6])('was not of it (seed %d)', (seed) => {
    const { truth, ...traffic } = trafficOf({ ...cell, episodes: 1 }, seed);
    const crossed = new Set(truth.map(({ epc }) => epc));
    const told = heard({ truth, ...traffic }).crossings.filter(({ passage }) => passage.leading !== 'stayed');
    expect(told.length).toBeGreaterThan(crossed.size / 2);
    expect(told.filter(({ passage }) => !crossed.has(passage.epc))).toEqual([]);
  });
});
