// How right decisions were, how well probabilities agree with that, and what threshold follows.
import { describe, expect, it } from 'vitest';
import { differencesOf } from '../../../src/calibrate/differences.ts';
import { measure, reliability, saidThen, type Saying } from '../../../src/calibrate/measure.ts';
import { thresholdOf } from '../../../src/calibrate/threshold.ts';
import { readTruth, type PassageLabel, type Truth } from '../../../src/calibrate/truth.ts';
import type { PassageEffect } from '../../../src/infer/effects.ts';
import { NOON, passageOf } from '../../support/effects.ts';
import { epcOf, smallPlan } from '../../support/sites.ts';

const passage = (epc: string, some: Partial<PassageEffect> = {}): PassageEffect =>
  passageOf(epc, { epc, firstAt: NOON - 1000, lastAt: NOON + 1000, ...some });
const undecided = (epc: string, leading: PassageEffect['leading'], probability: number): PassageEffect =>
  passage(epc, { outcome: 'undecided', leading, probability });
const crossed = (epc: string, at = NOON, direction: 'in' | 'out' = 'in') => ({ epc, readPoint: 'DOOR', direction, at });
const label = (epc: string, outcome: string, some: Partial<PassageLabel> = {}): PassageLabel => ({
  passage: passage(epc).id,
  readPoint: 'DOOR',
  epc,
  outcome,
  said: { outcome: 'undecided', leading: 'in', probability: 0.7 },
  firstAt: NOON - 1000,
  lastAt: NOON + 1000,
  ...some,
});

describe('against all crossings', () => {
  const truth: Truth = {
    kind: 'crossings',
    crossings: [crossed('A'), crossed('B'), crossed('C', NOON, 'out'), crossed('E')],
  };
  const passages = [
    passage('A'),
    undecided('B', 'in', 0.8),
    passage('C'),
    undecided('D', 'in', 0.6),
    undecided('E', 'stayed', 0.55),
    passage('F', { outcome: 'stayed', leading: 'stayed', crossedAt: undefined }),
  ];
  const { leading, posted, sayings } = measure(passages, truth);

  it('a decision is right in direction and time, wrong otherwise, and what nobody told is missed', () => {
    expect(leading).toEqual({ right: 2, wrong: 2, missed: 2, directionErrors: 1 });
    expect(posted).toEqual({ right: 1, wrong: 1, missed: 3, directionErrors: 1 });
  });

  it('a probability counts of what looked like a crossing or was left open, not of what surely stayed', () => {
    expect(sayings).toEqual([
      { probability: 1, isRight: true },
      { probability: 0.8, isRight: true },
      { probability: 1, isRight: false },
      { probability: 0.6, isRight: false },
      { probability: 0.55, isRight: false },
    ]);
  });
});

describe('against labels', () => {
  it('only labelled passages count, found by name or by tag, door and time', () => {
    const labels = [
      label('A', 'in'),
      label('B', 'turned_back', { passage: 'another' }),
      label('C', 'out'),
      label('D', 'in', { passage: 'another', firstAt: NOON + 60_000, lastAt: NOON + 61_000 }),
    ];
    const passages = [passage('A'), undecided('B', 'in', 0.6), undecided('C', 'in', 0.7), passage('D'), passage('E')];
    const { leading, posted, sayings } = measure(passages, { kind: 'labels', labels });
    expect(leading).toEqual({ right: 1, wrong: 2, missed: 2, directionErrors: 1 });
    expect(posted).toEqual({ right: 1, wrong: 0, missed: 2, directionErrors: 0 });
    expect(sayings.map(({ isRight }) => isRight)).toEqual([true, false, false]);
  });

  it('what stayed and what turned back moved nothing: whoever said the one was right when it was the other', () => {
    const said = { outcome: 'undecided', leading: 'stayed', probability: 0.6 };
    expect(saidThen([label('A', 'turned_back', { said }), label('B', 'in', { said })])).toEqual([
      { probability: 0.6, isRight: true },
      { probability: 0.6, isRight: false },
    ]);
  });
});

describe('reliability', () => {
  it('tells by what was said how often it was so', () => {
    const sayings: Saying[] = [
      { probability: 0.5, isRight: false },
      { probability: 0.59, isRight: true },
      { probability: 0.6, isRight: true },
      { probability: 1, isRight: true },
    ];
    const bins = reliability(sayings);
    expect(bins[0]).toMatchObject({ from: 0.5, to: 0.6, said: 2, right: 1 });
    expect(bins[0]!.mean).toBeCloseTo(0.545);
    expect(bins.map(({ said }) => said)).toEqual([2, 1, 0, 0, 0, 0, 1]);
  });
});

describe('the threshold', () => {
  /** Below 0.8 half of what is said is so, from there on all. */
  const sayings = Array.from({ length: 100 }, (_, index): Saying => {
    const probability = 0.6 + index * 0.004;
    return { probability, isRight: probability >= 0.8 || index % 2 === 0 };
  });

  it('is where a false move costs as much as asking', () => {
    expect(thresholdOf(sayings, 0.95, 10)).toBe(0.8);
    // Who does not mind false moves asks nobody.
    expect(thresholdOf(sayings, 0.95, 1)).toBe(0.6);
  });

  it('stays where it is when little would be gained, or little is known', () => {
    expect(thresholdOf(sayings, 0.81, 10)).toBe(0.81);
    expect(thresholdOf(sayings.slice(0, 40), 0.95, 10)).toBe(0.95);
  });

  it('does not rise to where nothing is known', () => {
    const bad = sayings.map(({ probability }) => ({ probability, isRight: probability >= 0.97 }));
    expect(thresholdOf(bad, 0.9, 10)).toBeGreaterThan(0.95);
    expect(thresholdOf(bad, 0.9, 10, 0.9)).toBe(0.9);
  });
});

describe('a truth', () => {
  const plan = smallPlan();
  const line = (some: object): string =>
    JSON.stringify({
      at: '2026-01-05T08:00:14.892Z',
      epc: epcOf(1),
      from: 'world',
      to: 'DOCK',
      readPoint: 'DOOR',
      kind: 'received',
      movement: true,
      site: 'T1',
      ...some,
    });

  it('of `simulate` tells crossings of portals by tags that can be read', async () => {
    const lines = [
      line({}),
      line({ from: 'DOCK', to: 'world', epc: epcOf(2).toLowerCase() }),
      line({ movement: false }),
      line({ tagged: false }),
      line({ readPoint: 'AISLE-A', to: 'A', from: 'DOCK' }),
      '',
    ];
    expect(await readTruth(plan, 'truth', lines)).toEqual({
      kind: 'crossings',
      crossings: [
        { epc: epcOf(1), readPoint: 'DOOR', direction: 'in', at: Date.UTC(2026, 0, 5, 8, 0, 14, 892) },
        { epc: epcOf(2), readPoint: 'DOOR', direction: 'out', at: Date.UTC(2026, 0, 5, 8, 0, 14, 892) },
      ],
    });
  });

  it.each([
    ['no JSON', ['{'], /truth:1 is not JSON/],
    ['another site', [line({ site: 'T2' })], /truth:1 is of site "T2"/],
    ['neither kind', [line({}), '{"a":1}'], /truth:2 is neither a line of `simulate --truth`/],
    ['half a label', ['{"said":{}}'], /truth:1 is no label as/],
    ['a time that is none', [line({ at: 'noon' })], /truth:1: at is no RFC 3339 time/],
    ['nothing', [line({ movement: false })], /tells of no passage/],
  ])('that is %s is refused by its line', async (_, lines, message) => {
    await expect(readTruth(plan, 'truth', lines)).rejects.toThrow(message);
  });
});

describe('differences', () => {
  it('are of passages that are decided otherwise, that went and that came', () => {
    const before = [passage('A'), undecided('B', 'in', 0.6), passage('C'), passage('D', { probability: 0.95 })];
    const after = [
      passage('A', { id: 'renamed' }),
      passage('B', { probability: 0.97 }),
      passage('D', { probability: 0.99 }),
      passage('E'),
    ];
    const found = differencesOf(before, after);
    expect(found.map(({ epc, before: old, after: now }) => [epc, old?.outcome, now?.outcome])).toEqual([
      ['B', 'undecided', 'in'],
      ['C', 'in', undefined],
      ['E', undefined, 'in'],
    ]);
  });
});
