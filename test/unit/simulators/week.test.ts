// Two days of the simulated working week, judged: what `tallygate score` does with whole weeks.
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/wire/row.ts';
import { scoreWeek } from '../../../simulators/week/judge.ts';
import { runWeek, type WeekOptions } from '../../../simulators/week/run.ts';
import { scoreWeeks } from '../../../simulators/week/score.ts';
import { weekJson, weekTable } from '../../../simulators/week/weekTable.ts';
import type { Told } from '../../../simulators/week/told.ts';
import { openWeekMachine } from '../../support/scored.ts';

const options = (more: Partial<WeekOptions> = {}): WeekOptions => ({
  seed: 1,
  level: 'clean',
  days: 2,
  openMachine: openWeekMachine,
  ...more,
});

/** The same machines, but for what is told of their rows. */
const lying = (lie: (told: Told) => Told): WeekOptions['openMachine'] => {
  return (plan) => {
    const machine = openWeekMachine(plan);
    return { ...machine, take: (row) => lie(machine.take(row)) };
  };
};

describe('a working week', () => {
  it('ends with the stock that was read and scanned, and every mistake was told, by what must tell it', () => {
    const { weeks } = scoreWeeks('typical', [1], openWeekMachine, 2);
    for (const { differences, evenings, mistakes, accounts } of weeks) {
      expect([differences, evenings]).toEqual([[], []]);
      expect(accounts).toBeGreaterThan(30);
      expect(mistakes.length).toBeGreaterThan(20);
      expect(mistakes.filter(({ isSeen, afterMs }) => isSeen && afterMs === undefined)).toEqual([]);
    }
    expect(weekTable([{ level: 'typical', weeks }])).toMatch(/^typical +1 +\d+ +0 /m);
    expect(JSON.parse(JSON.stringify(weekJson({ level: 'typical', weeks })))).toMatchObject({ level: 'typical' });
  }, 60_000);

  it('is the same week again, row by row', () => {
    const rowsOf = (): Row[] => {
      const rows: Row[] = [];
      runWeek(options({ days: 1, onRow: (row) => rows.push(row) }));
      return rows;
    };
    const rows = rowsOf();
    expect(rows.length).toBeGreaterThan(5000);
    expect(rowsOf()).toEqual(rows);
  }, 60_000);

  it('notices books that have lost something, mistakes that are not told, and what is told without a cause', () => {
    const openMachine = lying((told) => ({
      ...told,
      transactions: told.transactions.filter(({ type }) => type !== 'count'),
      discrepancies: told.discrepancies.map((one) => ({ ...one, kind: one.kind === 'short' ? 'over' : one.kind })),
    }));
    const { differences, evenings, mistakes, causeless } = scoreWeek(options({ openMachine }));
    expect(differences.length).toBeGreaterThan(0);
    expect(evenings.length).toBeGreaterThan(0);
    const missed = mistakes.filter(({ afterMs }) => afterMs === undefined).map(({ mistake }) => mistake);
    expect(new Set(missed)).toEqual(new Set(['supplier-short']));
    expect(new Set(causeless.map(({ kind }) => kind))).toEqual(new Set(['over']));
  }, 60_000);
});
