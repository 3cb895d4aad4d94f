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

  it.each([
    ['clean', 0.35, 1, 24],
    ['typical', 0.2, 0.85, 80],
    ['hostile', 0.4, 0.35, 190],
  ] as const)(
    'is told by the alerts of the service soon enough and with few false ones, with one setting at all levels: %s',
    (level, mostFalse, leastFound, mostH) => {
      const seeds = Array.from({ length: 20 }, (_, index) => 11 + index);
      const { rules, tagDays } = scorePhantoms(level, seeds, openDoubter);
      const { falseAlerts, foundInAWeek, lost, delaysH } = rules['said > 0.75']!;
      expect((1000 * falseAlerts) / tagDays).toBeLessThanOrEqual(mostFalse);
      expect(foundInAWeek / lost).toBeGreaterThanOrEqual(leastFound);
      expect(delaysH.toSorted((a, b) => a - b)[Math.floor(lost / 2)]).toBeLessThanOrEqual(mostH);
    },
    60_000,
  );
});
