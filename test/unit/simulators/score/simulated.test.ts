import { describe, expect, it } from 'vitest';
import { CELLS, cellsNamed, type Cell } from '../../../../simulators/score/cells.ts';
import { judge, type Machine, type Told } from '../../../../simulators/score/judge.ts';
import { scoreCell } from '../../../../simulators/score/simulated.ts';
import { simulatedJson, simulatedTable } from '../../../../simulators/score/simulatedTable.ts';
import { trafficOf } from '../../../../simulators/score/traffic.ts';
import type { Row } from '../../../../src/wire/row.ts';
import { openReal } from '../../../support/scored.ts';

const cellOf = (name: string, episodes: number): Cell => ({ ...CELLS.find((cell) => cell.name === name)!, episodes });

const nothing = (receivedAt: number): Told => ({ receivedAt, passages: [], transactions: [], findings: [] });

/** Says something at some rows, and notes them all. */
function scripted(told: (row: Row) => Partial<Told>, due = Number.POSITIVE_INFINITY) {
  const rows: Row[] = [];
  const machine: Machine = {
    take: (row) => {
      rows.push(row);
      return { ...nothing(row.receivedAt), ...told(row) };
    },
    end: () => nothing(rows.at(-1)!.receivedAt),
    dueAt: (now) => (now < due ? due : Number.POSITIVE_INFINITY),
  };
  return { rows, open: () => machine };
}

describe('the cells', () => {
  it('have names of their own, and a quick choice that exists', () => {
    expect(new Set(CELLS.map(({ name }) => name)).size).toBe(CELLS.length);
    expect(cellsNamed('quick')).toHaveLength(6);
    expect(cellsNamed('none')).toEqual([]);
    expect(cellsNamed('hostile 1+1').map(({ layout }) => layout)).toEqual(['1+1']);
  });
});

describe('traffic', () => {
  it('is the same for a seed, other for another', () => {
    const cell = cellOf('typical base', 2);
    expect(trafficOf(cell, 1).reads).toEqual(trafficOf(cell, 1).reads);
    expect(trafficOf(cell, 1).reads).not.toEqual(trafficOf(cell, 2).reads);
  });

  it('breaks the photo-eye of a door while a pallet crosses it', () => {
    const { truth, triggers, plan } = trafficOf(cellOf('clean photo-eye', 8), 1);
    expect(truth.length).toBeGreaterThan(0);
    for (const { at, readPoint } of truth) {
      const point = plan.readPoints.find(({ id }) => id === readPoint)!;
      const own = triggers.filter(({ reader }) => reader === point.id.toLowerCase());
      expect(own.findLast((trigger) => trigger.at <= at)?.high, `${readPoint} at ${at}`).toBe(true);
    }
    expect(triggers.filter(({ high }) => high)).toHaveLength(triggers.length / 2);
  });

  it('says what was packed, and what is expected: inward by a notice, outward by a list', () => {
    const said = (name: string) => trafficOf(cellOf(name, 8), 1).sayings.map(({ command }) => command.kind);
    expect(said('clean container').slice(0, 4)).toEqual(['move', 'pack', 'move', 'pack']);
    expect(new Set(said('clean expected'))).toEqual(new Set(['announce', 'expect']));
  });
});

describe('the judge', () => {
  const traffic = trafficOf(cellOf('clean 1 tag alone', 1), 1);

  it('sends rows in order of arrival, without gaps in their numbers, and ticks when something is due', () => {
    const due = traffic.until + 1234;
    const { rows, open } = scripted(() => ({}), due);
    judge(traffic, open);
    expect(rows.map(({ offset }) => offset)).toEqual(rows.map((_, index) => index + 1));
    const times = rows.map(({ receivedAt }) => receivedAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(rows.at(-1)).toMatchObject({ kind: 'tick', receivedAt: Math.ceil(due / 100) * 100 });
  });

  it('takes the last revision of a passage, and no movement that was undone', () => {
    const passage = { id: 'p', epc: 'A', readPoint: 'DOOR-1', outcome: 'in', leading: 'in', crossedAt: 1 };
    const movement = {
      id: 'm1',
      epc: 'A',
      readPoint: 'DOOR-1',
      source: 'read',
      to: 'DOCK-1',
      happenedAt: 1,
      decision: { id: 'p' },
      supersedes: undefined,
    };
    const script: Readonly<Record<number, Partial<Told>>> = {
      1: { passages: [passage], transactions: [movement] },
      2: {
        passages: [{ ...passage, outcome: 'undecided', leading: 'out', crossedAt: 2 }],
        transactions: [
          { ...movement, id: 'c1', to: 'world', supersedes: 'm1' },
          { ...movement, id: 'm2', to: 'world', happenedAt: 2 },
          { ...movement, id: 'm3', source: 'person' },
        ],
      },
      3: { transactions: [{ ...movement, id: 'm2', to: 'world', happenedAt: 2 }] },
    };
    const { rows, open } = scripted(({ offset }) => script[offset] ?? {});
    const verdicts = judge(traffic, open);
    const out = { epc: 'A', readPoint: 'DOOR-1', direction: 'out', at: 2 };
    expect(verdicts).toEqual({
      leading: [{ ...out, toldAt: rows[1]!.receivedAt }],
      posted: [{ ...out, toldAt: rows[2]!.receivedAt }],
      carried: [],
      moved: [{ epc: 'A', to: 'world', at: 2, toldAt: rows[2]!.receivedAt }],
      undecided: 1,
      repeated: 1,
      undone: 1,
      findings: [],
    });
  });
});

describe('a cell', () => {
  it('gives the same figures twice, through the real machines', () => {
    const cell: Cell = { ...cellOf('clean container', 2), tags: 3, bystanders: 2 };
    const [once, twice] = [scoreCell(cell, [4], openReal), scoreCell(cell, [4], openReal)];
    expect(JSON.stringify(simulatedJson(twice))).toBe(JSON.stringify(simulatedJson(once)));
    expect(simulatedTable([twice])).toBe(simulatedTable([once]));
    expect(once.crossings).toBeGreaterThan(0);
    expect(once.posted.right + once.posted.missed).toBe(once.crossings);
    expect(once.duplicates).toBe(0);
  });
});
