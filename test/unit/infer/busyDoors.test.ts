// Doors where most of what is heard is parked far off: the loads that come close are louder by far, and each of them is found.
import { describe, expect, it } from 'vitest';
import { planSite } from '../../../src/config/plan.ts';
import { deriveEnd, deriveRow, openMachine } from '../../../src/derive.ts';
import type { Effects } from '../../../src/infer/effects.ts';
import { rowsOf } from '../../bench/rows.ts';
import { benchSite } from '../../bench/traffic.ts';

const START = Date.UTC(2026, 0, 5, 8);
const plan = planSite({ file: benchSite() });

/** At one gateway's three doors: tags that went all their way, and those that were said to have moved in. */
function found(readsPerSecond: number): { readonly crossed: number; readonly moved: readonly string[] } {
  const machine = openMachine(plan);
  const traffic = rowsOf({ plan, gateways: 1, readsPerSecond, seconds: 25, start: START });
  const moved: string[] = [];
  const take = ({ transactions }: Effects): void => {
    for (const { epc, to } of transactions) if (to?.startsWith('DOCK-')) moved.push(epc ?? '');
  };
  for (const row of traffic.rows) take(deriveRow(machine, row));
  take(deriveEnd(machine));
  return { crossed: traffic.crossed(), moved };
}

describe('doors with 150 parked tags each, and pallets of thirty that follow each other', () => {
  it.each([
    { readsPerSecond: 8000, tags: 'some 240' },
    { readsPerSecond: 16_000, tags: 'some 400' },
  ])('find every tag once with $tags in hearing of each', ({ readsPerSecond }) => {
    const { crossed, moved } = found(readsPerSecond);
    expect(crossed).toBeGreaterThan(400);
    expect(new Set(moved).size).toBe(moved.length);
    expect(moved.filter((epc) => !epc.startsWith('E28011'))).toEqual([]);
    // Pallets that are still in the door at the end may count.
    expect(moved.length).toBeGreaterThanOrEqual(crossed);
    expect(moved.length).toBeLessThanOrEqual(crossed + 3 * 4 * 30);
  });
});
