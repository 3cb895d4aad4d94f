import { describe, expect, it } from 'vitest';
import {
  duplicatesOf,
  f1,
  matchesOf,
  precision,
  recall,
  score,
  wrongWay,
  type Crossing,
} from '../../../../simulators/score/match.ts';

const TOLERANCE_MS = 2000;
const crossing = (epc: string, at: number, changed: Partial<Crossing> = {}): Crossing => ({
  epc,
  readPoint: 'DOOR-1',
  direction: 'in',
  at,
  ...changed,
});

describe('matching', () => {
  const truth = [crossing('A', 10_000), crossing('B', 10_000)];

  it('is right for the tag, door, direction and time that are true', () => {
    const decided = [crossing('A', 11_999), crossing('B', 8001)];
    expect(score(truth, decided, TOLERANCE_MS)).toEqual({ right: 2, wrong: 0, missed: 0, directionErrors: 0 });
  });

  it('is wrong and missed when it comes later than the tolerance', () => {
    const decided = [crossing('A', 12_001), crossing('B', 10_000)];
    expect(score(truth, decided, TOLERANCE_MS)).toEqual({ right: 1, wrong: 1, missed: 1, directionErrors: 0 });
  });

  it('tells the wrong direction from the wrong door and the wrong tag', () => {
    const decided = [
      crossing('A', 10_000, { direction: 'out' }),
      crossing('B', 10_000, { readPoint: 'DOOR-2' }),
      crossing('C', 10_000),
    ];
    const found = score(truth, decided, TOLERANCE_MS);
    expect(found).toEqual({ right: 0, wrong: 3, missed: 2, directionErrors: 1 });
    expect(wrongWay(found)).toBe(1);
  });

  it('matches each crossing once, with the nearest', () => {
    const decided = [crossing('A', 11_000), crossing('A', 10_100)];
    expect(matchesOf(truth, decided, TOLERANCE_MS).map((match) => match.decided)).toEqual([decided[1], undefined]);
    expect(score(truth, decided, TOLERANCE_MS)).toMatchObject({ right: 1, wrong: 1, missed: 1 });
  });

  it('knows what was told once more, which is not what is wrong', () => {
    const again = [crossing('A', 11_000), crossing('A', 11_500)];
    const wrong = [crossing('A', 15_000), crossing('B', 10_000, { direction: 'out' })];
    expect(duplicatesOf(truth, [crossing('A', 10_100), ...again, ...wrong], TOLERANCE_MS)).toEqual(again);
    expect(duplicatesOf([...truth, crossing('A', 11_000)], [crossing('A', 10_100), again[0]!], TOLERANCE_MS)).toEqual(
      [],
    );
  });

  it('makes figures of counts', () => {
    const found = { right: 6, wrong: 2, missed: 4, directionErrors: 2 };
    expect([precision(found), recall(found), f1(found), wrongWay(found)]).toEqual([0.75, 0.6, 12 / 18, 0.25]);
  });
});
