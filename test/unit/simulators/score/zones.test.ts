// Zones that hear each other's tags: what moved is told, tags do not go to and fro, and zones that cannot be told apart are said to be.
import { describe, expect, it } from 'vitest';
import { f1 } from '../../../../simulators/score/match.ts';
import { scoreZones } from '../../../../simulators/score/zones.ts';
import { zonesJson, zonesTable } from '../../../../simulators/score/zonesTable.ts';
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
    ['clean', 0.95, 0.15, 0],
    ['typical', 0.9, 0.4, 0],
    ['hostile', 0.55, 1, 1],
  ] as const)(
    'in %s air: an F1 of %d at least, %d false movements a tag at most, between simpler rules and what can be known',
    (level, least, falseMost, alike) => {
      const { score, limits, rules, ...rest } = scoreZones(level, [1], openReal);
      expect(f1(score)).toBeGreaterThan(least);
      expect(score.wrong / rest.tagDays).toBeLessThan(falseMost);
      expect(rest.alike).toBe(alike);
      expect(f1(limits.ever)).toBeGreaterThan(f1(score) - 0.02);
      expect(f1(limits.soon)).toBeGreaterThan(f1(score) - 0.02);
      for (const rule of Object.values(rules)) expect(f1(rule)).toBeLessThan(f1(score) - 0.1);
      const whole = { score, limits, rules, ...rest };
      expect(zonesTable([whole])).toContain(level);
      expect(zonesJson(whole)).toMatchObject({ level, f1: f1(score), limits: { ever: { f1: f1(limits.ever) } } });
    },
    240_000,
  );
});
