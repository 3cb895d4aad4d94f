// Why, of decisions that the machines really made: made again from the evidence they come out the same, and what is said to change
// them does when the machines are told so.
import { describe, expect, it } from 'vitest';
import { CELLS } from '../../../../simulators/score/cells.ts';
import { judge } from '../../../../simulators/score/judge.ts';
import { trafficOf } from '../../../../simulators/score/traffic.ts';
import type { SitePlan } from '../../../../src/config/plan.ts';
import { planSite } from '../../../../src/config/plan.ts';
import { deriveEnd, deriveRow, dueAt, openMachine } from '../../../../src/derive.ts';
import type { Basis } from '../../../../src/infer/basis.ts';
import type { Effects, EvidenceEffect, PassageEffect } from '../../../../src/infer/effects.ts';
import { directionOf, LATER_READS } from '../../../../src/infer/passage.ts';
import { decideAgain, fieldOf, outcomesWith, withBeam } from '../../../../src/infer/why/again.ts';
import { whyOf } from '../../../../src/infer/why/why.ts';
import { entriesToJson } from '../../../../src/wire/envelope.ts';
import type { WhyJson } from '../../../../src/wire/why.ts';

interface Told {
  readonly passage: PassageEffect;
  readonly evidence: EvidenceEffect;
}

/** Every decision about crossings of some traffic, with its evidence as Postgres keeps it. */
function toldOf(cell: string, episodes: number): { plan: SitePlan; told: Told[] } {
  const traffic = trafficOf({ ...CELLS.find(({ name }) => name === cell)!, episodes }, 1);
  const told: Told[] = [];
  const note = (effects: Effects): Effects => {
    for (const evidence of effects.evidence) {
      const passage = effects.passages.find(({ id, revision }) => id === evidence.id && revision === evidence.revision);
      if (passage !== undefined) told.push({ passage, evidence });
    }
    return effects;
  };
  judge(traffic, (plan) => {
    const machine = openMachine(plan);
    return {
      take: (row) => note(deriveRow(machine, row)),
      end: () => note(deriveEnd(machine)),
      dueAt: (now) => dueAt(machine, now),
    };
  });
  return { plan: traffic.plan, told };
}

const explain = (plan: SitePlan, { passage, evidence }: Told, decidedBy?: string): WhyJson =>
  whyOf({
    plan,
    readPoint: passage.readPoint,
    said: passage,
    crossedAt: passage.crossedAt,
    group: passage.group?.size,
    decidedBy,
    scores: JSON.parse(JSON.stringify(evidence.scores)) as Record<string, unknown>,
    reads: entriesToJson(evidence.reads!).reads ?? [],
  });

const { plan, told } = toldOf('typical photo-eye', 10);
const crossings = told.filter(({ evidence }) => 'basis' in evidence.scores);
const basisOf = ({ evidence }: Told): Basis => (evidence.scores as unknown as { basis: Basis }).basis;
const readsOf = ({ evidence }: Told) =>
  (entriesToJson(evidence.reads!).reads ?? []).map(({ reader, antenna, rssiDbm, seenAt }) => ({
    at: Date.parse(seenAt),
    antenna: plan.antennaOf({ reader, antenna: antenna! })!.index,
    rssiDbm: rssiDbm!,
  }));

describe('a decision', () => {
  it('made again from its evidence is the same, of loads and of single tags, decided and undecided', () => {
    expect(crossings.length).toBeGreaterThan(20);
    for (const one of crossings) {
      const { passage } = one;
      const why = explain(plan, one);
      expect([passage.id, why.outcomes.length]).toEqual([passage.id, 5]);
      const total = why.outcomes.reduce((sum, { probability }) => sum + probability, 0);
      expect(total).toBeCloseTo(1, 2);
      const crossed = directionOf(passage.leading);
      if (crossed === undefined) continue;
      const [first] = why.outcomes;
      expect(first!.outcome).toBe(crossed);
      expect(Math.abs(first!.probability - passage.probability)).toBeLessThan(0.02);
      const { probability, behindNats } = why.second!;
      // What is told is rounded.
      if (probability > 0.01) expect(behindNats).toBeCloseTo(Math.log(first!.probability / probability), 1);
      else expect(behindNats).toBeGreaterThan(4);
      expect(Math.sign(why.marginNats!)).toBe(passage.outcome === 'undecided' ? -1 : 1);
      expect(why.load === null).toBe(passage.group === undefined);
    }
  });

  it('tells the reads of each side, and they are all of them', () => {
    for (const one of crossings) {
      const why = explain(plan, one);
      expect(why.sides.reduce((sum, { reads }) => sum + reads, 0)).toBeLessThanOrEqual(readsOf(one).length);
      expect(why.words[0]).toMatch(/^DOOR-\d read it /);
    }
  });

  it('would be what is said without the reads that are said to hold it', () => {
    const hanging = crossings.flatMap((one) =>
      explain(plan, one).changes.flatMap((change) => (change.change === 'without-antenna' ? [{ one, change }] : [])),
    );
    expect(hanging.length).toBeGreaterThan(0);
    for (const { one, change } of hanging) {
      const name = /hangs on (\S+): /.exec(change.words)![1]!;
      const [reader, antenna] = name.split('/');
      const index = plan.antennaOf({ reader: reader!, antenna: Number(antenna) })!.index;
      const left = readsOf(one).filter((read) => read.antenna !== index);
      const other = decideAgain(basisOf(one), fieldOf(plan, one.passage.readPoint)!, left)?.probability ?? 0;
      expect(change.probability).toBeCloseTo(Math.max(other, 1 - other), 2);
      expect(change.outcome).not.toBe(one.passage.outcome);
    }
  });

  it('that later reads took back says so, and nothing of software or site files', () => {
    const one = crossings.find(({ passage }) => directionOf(passage.outcome) !== undefined)!;
    const passage: PassageEffect = { ...one.passage, outcome: 'stayed', leading: 'stayed', probability: 1 };
    const { words, changes } = explain(plan, { ...one, passage }, LATER_READS);
    expect(words.join(' ')).toContain('belong to another passage');
    expect(words.join(' ')).not.toContain('software');
    expect(changes).toEqual([]);
  });

  it('of one tag alone, in a crowd that counts decided, is told as such', () => {
    const one = crossings.find(({ passage }) => directionOf(passage.outcome) !== undefined)!;
    const { basis: _basis, ...scores } = one.evidence.scores as { basis: Basis };
    const passage: PassageEffect = { ...one.passage, group: undefined };
    const { words } = explain(plan, { passage, evidence: { ...one.evidence, scores } });
    expect(words.join(' ')).toContain('So many tags were in hearing');
  });

  it('of another site file than then tells no change, and says so', () => {
    const file = structuredClone(plan.source.file);
    const swapped = (file.readPoints ?? []).map((point) =>
      point.kind === 'portal'
        ? {
            ...point,
            antennas: point.antennas.map(({ side, ...antenna }) => ({
              ...antenna,
              side: side === 'inside' ? ('outside' as const) : ('inside' as const),
            })),
          }
        : point,
    );
    const other = planSite({ file: { ...file, readPoints: swapped } });
    const sure = crossings.find(({ passage }) => directionOf(passage.outcome) !== undefined)!;
    const { outcome, probability } = sure.passage;
    const why = explain(other, sure);
    expect(why.changes).toEqual([]);
    expect(why.words.join(' ')).toMatch(/cannot be told any more/);
    expect(why.outcomes[0]).toEqual({ outcome, probability: Math.round(probability * 1e4) / 1e4 });
  });
});

describe('a light beam', () => {
  const basis = { load: { course: 0, moment: 0, share: 0.4, size: 9, probability: 0.5 }, beam: 0 } as unknown as Basis;

  it('adds its log-odds to those of the load, and the tag keeps its part in it', () => {
    // Odds 1 : 1 become e³ : 1.
    expect(withBeam(basis, 0.4, 3)).toBeCloseTo(0.8 * (Math.exp(3) / (1 + Math.exp(3))), 6);
    expect(withBeam({ ...basis, beam: 3 }, 0.4, 3)).toBeCloseTo(0.4, 6);
    expect(withBeam({ ...basis, beam: 3 }, 0.4, -4)).toBeLessThan(0.01);
  });

  it('says nothing of a tag by itself', () => {
    expect(withBeam({ ...basis, load: undefined }, 0.4, 3)).toBe(0.4);
  });
});

describe('outcomes', () => {
  it('keep their proportions when one of them is known otherwise', () => {
    const own = { in: 0.2, out: 0.1, turned_back: 0.1, stayed: 0.5, stray: 0.1 };
    const { in: inward, stayed, out } = outcomesWith(own, 'in', 0.6);
    expect([inward, stayed, out]).toEqual([0.6, expect.closeTo(0.25, 9), expect.closeTo(0.05, 9)]);
    expect(outcomesWith({ ...own, in: 1 }, 'in', 1).stayed).toBe(0);
  });
});
