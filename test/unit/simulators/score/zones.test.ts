// Zones that hear each other's tags: what moved is told, tags do not go to and fro, and zones that cannot be told apart are said to be.
import { describe, expect, it } from 'vitest';
import { f1 } from '../../../../simulators/score/match.ts';
import { scoreZones, zonesTable } from '../../../../simulators/score/zones.ts';
import { zonesDay } from '../../../../simulators/score/zonesDay.ts';
import { openReal } from '../../../support/scored.ts';

describe('a day under two zones', () => {
  it('is the same every time, and has movements to be found', () => {
    const { traffic, moves } = zonesDay('typical', 1);
    expect(zonesDay('typical', 1).traffic.reads).toEqual(traffic.reads);
    expect(moves.length).toBeGreaterThan(100);
    for (const { at, heardAt } of moves) expect(heardAt).toBeGreaterThanOrEqual(at);
  });

  it('may have a tag that is read all the time', () => {
    for (const seed of [4, 5, 6, 7]) expect(zonesDay('hostile', seed).traffic.reads.length).toBeGreaterThan(10_000);
  });

  it.each([
    ['clean', 0.92, 0.4, 0],
    ['typical', 0.75, 1.2, 0],
    ['hostile', 0.38, 3, 1],
  ] as const)(
    'in %s air: an F1 of %d at least, %d false movements a tag at most',
    (level, least, falseMost, alike) => {
      const score = scoreZones(level, [1], openReal);
      expect(f1({ ...score, directionErrors: 0 })).toBeGreaterThan(least);
      expect(score.wrong / score.tagDays).toBeLessThan(falseMost);
      expect(score.alike).toBe(alike);
      expect(zonesTable([score])).toContain(level);
    },
    120_000,
  );
});
