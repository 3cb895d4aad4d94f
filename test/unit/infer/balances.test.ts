// Stock below nothing is told of what the postings of a row come to, not of what is so between two of them.
import { expect, it } from 'vitest';
import { applyPostings, openBalances } from '../../../src/infer/balances.ts';
import { draftEffects, type Transaction } from '../../../src/infer/effects.ts';
import { account, postingOf, transactionOf } from '../../support/effects.ts';
import { smallPlan } from '../../support/sites.ts';

const plan = smallPlan();
const [dock, aisle, supplier] = [account('DOCK', 'receiving'), account('A'), account('supplier', '')];
const moved = (name: string, from = supplier, to = dock): Transaction =>
  transactionOf(name, { postings: [postingOf({ from, to })] });

it('is no discrepancy when it is undone and posted again in one row', () => {
  const balances = openBalances();
  const draft = draftEffects();
  applyPostings(balances, plan, [moved('in'), moved('put away', dock, aisle)], draft);
  applyPostings(balances, plan, [moved('undone', dock, supplier), moved('in again')], draft);
  expect([draft.discrepancies, draft.settled]).toEqual([[], []]);
});

it('is told once, of the transaction that took the last, and settled by the one that brings it back', () => {
  const balances = openBalances();
  const draft = draftEffects();
  const taken = moved('taken', aisle, dock);
  applyPostings(balances, plan, [taken, moved('more taken', aisle, dock)], draft);
  expect(draft.discrepancies).toMatchObject([{ kind: 'negative-balance', location: 'A', transaction: taken.id }]);
  applyPostings(balances, plan, [moved('one back', dock, aisle)], draft);
  expect(draft.settled).toEqual([]);
  applyPostings(balances, plan, [moved('all back', dock, aisle)], draft);
  expect(draft.settled).toMatchObject([{ id: draft.discrepancies[0]!.id, how: 'the balance is 0 again' }]);
});
