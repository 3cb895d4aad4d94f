// What waits for a person is told as it was decided, however it was kept meanwhile.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/infer/passage.ts';
import {
  openPassages,
  passageOf,
  trimPassages,
  UNDECIDED_MAX,
  type KnownPassage,
} from '../../../src/infer/passages.ts';
import { packPassage, unpackPassage } from '../../../src/infer/waitingPassage.ts';
import { contentId } from '../../../src/kit/ids.ts';
import { itemEpc, MORNING } from '../../support/storiesSite.ts';

const decision = (at: number, changes: Partial<Decision> = {}): Decision => ({
  tag: 7,
  portal: 1,
  outcome: 'undecided',
  leading: 'in',
  probability: 0.724_776_150_051_404_9,
  firstAt: at - 18_000.25,
  lastAt: at - 1000.125,
  crossedAt: at - 8000,
  decidedAt: at,
  group: { at: at - 8000, size: 28 },
  scores: {
    in: 3.340_766_191_483_445_4,
    out: Number.NEGATIVE_INFINITY,
    mobility: -1.5,
    pooled: 117.153_426_286_365_76,
    basis: {
      direction: 'in',
      at: at - 8000,
      until: at - 4000,
      load: { course: 2, moment: 6, share: 0.294_736_842_105_263_13, probability: 1, size: 28 },
      beam: 3,
      prior: -1.5,
      expected: undefined,
      air: 3,
      rate: 0.6656,
      logLoudness: Array.from({ length: 14 }, (_, index) => -Math.round(65_000 - index ** 3) / 10_000),
      group: 0.2286,
      alone: 0.015,
      crossedBefore: undefined,
      heardFrom: at - 18_000,
      baselines: [[4, 1, -74]],
      postAt: 0.9,
      ignoreBelow: 0.4,
    },
  },
  reads: Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? at - 12_000 + index * 437.125 : 2190 + index)),
  ...changes,
});

function undecided(number: number, at = MORNING): KnownPassage {
  const told = decision(at);
  return {
    id: contentId('passage', number),
    epc: itemEpc(1, number),
    revision: 2,
    decisions: [decision(at - 500), told],
    told,
    decidedBy: undefined,
  };
}

describe('an undecided passage that is packed', () => {
  it('is unpacked as it was', () => {
    const passage = undecided(1);
    const again = unpackPassage(passage.id, packPassage(passage));
    expect(again).toStrictEqual(passage);
    expect(again.decisions).toContain(again.told);
  });

  it('takes a few hundred bytes', () => {
    const passage = { ...undecided(1), decisions: [undecided(1).told] };
    expect(packPassage(passage).length).toBeLessThan(600);
  });
});

describe('passages', () => {
  const kept = (...passages: KnownPassage[]) => {
    const known = openPassages();
    for (const passage of passages) known.byId.set(passage.id, passage);
    return known;
  };
  const reach = (byReads: number, byFolds = byReads) => ({ byReads: () => byReads, byFolds: () => byFolds });

  it('are packed when no fold goes back to them, and read as they were', () => {
    const passage = undecided(1);
    const known = kept(passage);
    trimPassages(known, reach(MORNING + 1, MORNING - 1));
    expect(known.byId.get(passage.id)).toBe(passage);
    trimPassages(known, reach(MORNING + 1, MORNING));
    expect(known.byId.get(passage.id)).toBeTypeOf('string');
    expect(passageOf(known, passage.id)).toStrictEqual(passage);
  });

  it('are forgotten when they are decided; of too many undecided ones the oldest are', () => {
    const settled = { ...undecided(0), told: decision(MORNING, { outcome: 'in' }) };
    const many = Array.from({ length: UNDECIDED_MAX + 2 }, (_, number) => undecided(number + 1));
    const known = kept(settled, ...many);
    for (const { id } of many.slice(0, 10)) known.byId.set(id, packPassage(many[0]!));
    trimPassages(known, reach(MORNING + 1, MORNING - 1));
    expect(known.byId.has(settled.id)).toBe(false);
    expect(many.filter(({ id }) => !known.byId.has(id))).toEqual(many.slice(0, 2));
  });
});
