import { expect, it } from 'vitest';
import { effectiveAlertRules } from '../../../src/config/alerts.ts';
import { planSite } from '../../../src/config/plan.ts';
import type { Queryable } from '../../../src/store/database.ts';
import type { Look } from '../../../src/watch/finding.ts';
import { stockKinds } from '../../../src/watch/kinds/stock.ts';
import { smallSite } from '../../support/sites.ts';

it('three rules look at one stock, and at that of another site once', async () => {
  const asked: unknown[] = [];
  const database = {
    query: ({ name, values: [site] }: { readonly name: string; readonly values: readonly unknown[] }) => {
      if (name === 'watch-demand') return Promise.resolve({ rows: [] });
      asked.push(site);
      return Promise.resolve({ rows: [{ n: 1, available: 1, otherwise: 0, undecided: 0, undecided_in: null }] });
    },
  } as unknown as Queryable;
  const plans = ['T1', 'T2'].map((site) =>
    planSite({ file: smallSite(site, { alerts: { levels: [{ sku: 'A', minimum: 10 }] } }) }),
  );
  const look = { database, plan: plans[0]!, plans, now: Date.UTC(2026, 0, 5) } as unknown as Look;
  const rules = effectiveAlertRules();
  const found = await Promise.all([
    stockKinds['low-stock'].find(look),
    stockKinds['stock-out'].find(look),
    stockKinds.imbalance.find(look, rules.imbalance),
  ]);
  expect(found.map((findings) => findings.length)).toEqual([1, 0, 0]);
  expect(asked).toEqual(['T1', 'T2']);
  await stockKinds['low-stock'].find({ ...look }); // another look asks again
  expect(asked).toHaveLength(3);
});
