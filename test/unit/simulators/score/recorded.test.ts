// The recorded dock door is a regression test: decisions on real reads may get better, not worse.
import { expect, it } from 'vitest';
import { f1, sum } from '../../../../simulators/score/match.ts';
import { RUNS, scoreRecorded, type RecordedScore } from '../../../../simulators/score/recorded.ts';

/** Nobody has told of pallets or orders, and nothing was fitted to these runs alone. */
const LEADING_F1_LEAST = 0.98;
const POSTED_F1_LEAST = 0.975;
/** Most of them are one tag that is parked in the very door. */
const PARKED_MOVED_MOST = 0.0065;

it('three runs of a pallet among parked tags come out right', async () => {
  const results: RecordedScore[] = [];
  for (const run of RUNS) results.push(await scoreRecorded(run));
  const total = (of: (result: RecordedScore) => number): number => results.reduce((all, one) => all + of(one), 0);
  expect(total(({ reads }) => reads)).toBe(58_902);
  expect(total(({ crossings }) => crossings)).toBe(60);
  expect(total(({ crossingsRight }) => crossingsRight)).toBe(60);
  expect(total(({ extraGroups }) => extraGroups)).toBe(0);
  expect(total(({ findings }) => findings)).toBe(0);
  expect(f1(sum(results.map(({ leading }) => leading)))).toBeGreaterThan(LEADING_F1_LEAST);
  expect(f1(sum(results.map(({ posted }) => posted)))).toBeGreaterThan(POSTED_F1_LEAST);
  expect(total(({ posted }) => posted.directionErrors)).toBe(0);
  expect(total(({ parkedMoved }) => parkedMoved) / total(({ parkedWindows }) => parkedWindows)).toBeLessThan(
    PARKED_MOVED_MOST,
  );
}, 60_000);
