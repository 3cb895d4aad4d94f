// The benchmark of phantom stock: the same every time, and as hard as it says.
import { describe, expect, it } from 'vitest';
import { phantomDays } from '../../../../simulators/score/phantomDays.ts';
import { scorePhantoms, type OpenDoubter } from '../../../../simulators/score/phantoms.ts';
import { openDoubter } from '../../../../src/commands/scoreDoubter.ts';

/** Says nothing, ever. */
const silent: OpenDoubter = () => ({ count: () => {}, pass: () => {}, goneOf: () => 0 });

describe('phantom stock, simulated', () => {
  it('has the same days for a seed, and nothing is heard of what has gone', () => {
    const days = phantomDays('typical', 1);
    expect(phantomDays('typical', 1)).toEqual(days);
    for (const { bins, goneAt } of days.tags)
      expect(bins.slice(Math.ceil(goneAt)).every((one) => one === 0)).toBe(true);
  });

  it('gives who says nothing neither false alerts nor finds, and silence what silence is worth', () => {
    const { rules, tagDays } = scorePhantoms('typical', [1], silent);
    expect(tagDays).toBeGreaterThan(15_000);
    expect(rules['said > 0.5']).toMatchObject({ falseAlerts: 0, foundInAWeek: 0 });
    expect(rules['silent 24 h']!.foundInAWeek).toBe(rules['silent 24 h']!.lost);
    expect((1000 * rules['silent 24 h']!.falseAlerts) / tagDays).toBeGreaterThan(5);
  });

  it('is told by the doubts of the service with few false alerts, with one setting at all levels', () => {
    for (const [level, mostFalse, leastFound] of [
      ['clean', 0.35, 0.95],
      ['typical', 0.2, 0.85],
      ['hostile', 0.4, 0.3],
    ] as const) {
      const { rules, tagDays } = scorePhantoms(level, [11, 12, 13], openDoubter);
      const { falseAlerts, foundInAWeek, lost } = rules['said > 0.8']!;
      expect((1000 * falseAlerts) / tagDays).toBeLessThanOrEqual(mostFalse);
      expect(foundInAWeek / lost).toBeGreaterThanOrEqual(leastFound);
    }
  });
});
