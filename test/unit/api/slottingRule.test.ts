// Velocity classes by what was picked, and what had better lie in another bin.
import { describe, expect, it } from 'vitest';
import { classesOf, movesOf, type Demand, type Lying } from '../../../src/api/slottingRule.ts';
import { planSite } from '../../../src/config/plan.ts';

const demand = (sku: string, lines: number, more: Partial<Demand> = {}): Demand => ({
  sku,
  name: '',
  velocity: undefined,
  hazard: undefined,
  temperature: undefined,
  fixedBin: undefined,
  lines,
  units: lines,
  ...more,
});
const lying = (location: string, sku: string, quantity = 10, lot = ''): Lying => ({
  location,
  sku,
  lot,
  owner: '',
  quantity,
});

/** A bench, and bins in a row away from it. */
const plan = planSite({
  file: {
    site: 'S1',
    locations: [
      { id: 'PACK', kind: 'pack', x: 0, y: 0 },
      { id: 'A-1', kind: 'pick', class: 'A', x: 10, y: 0 },
      { id: 'A-2', kind: 'pick', class: 'A', capacity: 5, x: 11, y: 0 },
      { id: 'N-1', kind: 'pick', x: 20, y: 0 },
      { id: 'N-2', kind: 'pick', x: 30, y: 0 },
      { id: 'C-1', kind: 'pick', class: 'C', x: 100, y: 0 },
      { id: 'C-2', kind: 'pick', class: 'C', x: 110, y: 0, hazards: ['3'] },
      { id: 'R-1', kind: 'reserve', x: 5, y: 0 },
    ],
  },
});
const SHARES = { a: 0.8, b: 0.95 };
const moves = (demands: readonly Demand[], stock: readonly Lying[], savesM = 10) =>
  movesOf(plan, demands, classesOf(demands, SHARES), stock, { days: 10, savesM }).map(
    (move) => `${move.sku} ${move.lot}${move.quantity} ${move.from} → ${move.to} ${move.savesM}`,
  );

describe('classes', () => {
  it('are of those that come to most lines: the first 80 % A, up to 95 % B, the rest and what nobody picks C', () => {
    const demands = [
      demand('S1', 60),
      demand('S2', 25),
      demand('S3', 9),
      demand('S4', 4),
      demand('S5', 2),
      demand('S6', 0),
    ];
    expect([...classesOf(demands, SHARES)].map(([sku, of]) => `${sku} ${of}`)).toEqual([
      'S1 A',
      'S2 A',
      'S3 B',
      'S4 B',
      'S5 C',
      'S6 C',
    ]);
    expect([...classesOf([demand('S1', 0)], SHARES)]).toEqual([['S1', 'C']]);
  });
});

describe('moves', () => {
  it('bring what is picked most to the nearest empty bin of its class, by the metres that it saves', () => {
    expect(moves([demand('S1', 50), demand('S2', 10)], [lying('C-1', 'S1'), lying('N-1', 'S2')])).toEqual([
      'S1 10 C-1 → A-1 900',
    ]);
    // What is not picked goes out of the way of what is.
    expect(moves([demand('S1', 50), demand('S2', 0)], [lying('A-1', 'S2')])).toEqual(['S2 10 A-1 → C-1 0']);
    expect(moves([demand('S1', 50)], [lying('N-1', 'S1')], 1000)).toEqual([]);
  });

  it('take a bin whole, lot by lot, and never propose one twice, nor one without room', () => {
    expect(
      moves(
        [demand('S1', 50), demand('S2', 45)],
        [lying('C-1', 'S1', 3, 'L1'), lying('C-1', 'S1', 3, 'L2'), lying('C-2', 'S2', 6)],
      ),
    ).toEqual(['S1 L13 C-1 → A-1 900', 'S1 L23 C-1 → A-1 900', 'S2 6 C-2 → N-1 810']);
  });

  it('leave alone fixed bins, bins of several SKUs, reserve, and what may lie nowhere else', () => {
    expect(
      moves(
        [demand('S1', 50, { fixedBin: 'C-1' }), demand('S2', 40), demand('S3', 1), demand('S4', 9, { hazard: '3' })],
        [lying('C-1', 'S1'), lying('N-1', 'S2'), lying('N-1', 'S3'), lying('R-1', 'S2'), lying('C-2', 'S4')],
      ),
    ).toEqual([]);
  });
});
