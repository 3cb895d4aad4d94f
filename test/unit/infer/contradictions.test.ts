// What a list contradicts is told with the decision, and ends with it, whatever is expected by then.
import { expect, it } from 'vitest';
import { openBook } from '../../../src/infer/book.ts';
import { tellContradictions } from '../../../src/infer/contradictions.ts';
import { draftEffects } from '../../../src/infer/effects.ts';
import type { Decision } from '../../../src/infer/passage.ts';
import { itemEpc, MORNING, site } from '../../support/storiesSite.ts';

const plan = site();
const wentOut: Decision = {
  tag: 0,
  portal: plan.readPoints.findIndex(({ id }) => id === 'DOOR-1'),
  outcome: 'out',
  leading: 'out',
  probability: 1,
  firstAt: MORNING,
  lastAt: MORNING,
  crossedAt: MORNING,
  decidedAt: MORNING,
  group: undefined,
  scores: { in: 0, out: 9, mobility: 1, pooled: 9 },
  reads: [],
};

function told(change: { withdrawn: readonly Decision[]; decided: readonly Decision[] }, isExpected: boolean) {
  const draft = draftEffects();
  const expectationOf = () => (isExpected ? ({ direction: 'in', list: 'L' } as const) : undefined);
  tellContradictions({ plan, book: openBook(), expectationOf }, change, draft, () => itemEpc(1, 1));
  return { told: draft.discrepancies.map(({ id }) => id), settled: draft.settled.map(({ id }) => id) };
}

it('ends with its decision, also when the list is withdrawn by then', () => {
  const [id] = told({ withdrawn: [], decided: [wentOut] }, true).told;
  expect(told({ withdrawn: [wentOut], decided: [] }, false)).toEqual({ told: [], settled: [id] });
});

it('stays when the same is decided again', () => {
  const { told: again, settled } = told({ withdrawn: [wentOut], decided: [wentOut] }, true);
  expect(again).toHaveLength(1);
  expect(settled).toEqual([]);
});
