// A copy of a site to practise in: it knows and holds what the real one does, says in every answer what it is, and stays out of everything
// that is real.
import { beforeAll, expect, it } from 'vitest';
import { done, expectProblem, say } from '../api/doings.ts';
import { openService, type Answer, type TestService } from '../api/service.ts';
import { look, only } from '../api/watching.ts';
import { smallSite } from '../support/sites.ts';

const LEVELS = { levels: [{ sku: 'S1', minimum: 100 }] };

let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1', { packing: { companyPrefix: '0614141' }, rules: { orders: true }, alerts: LEVELS }),
      smallSite('T9', { training: true, alerts: LEVELS }),
    ],
  });
});

const sitesOf = (answer: Answer): string[] =>
  (done(answer).items as { site: string }[]).map(({ site }) => site).toSorted();

it('is marked in every answer, and is in no list, figure or order that names no site', async () => {
  for (const site of ['T1', 'T9'])
    await say(service, '/v1/adjustments', { site, sku: 'S1', quantity: 5, location: 'A', reason: 'counted' });
  const marked = async (answer: Promise<Answer>): Promise<unknown> => (await answer).headers['x-tallygate-training'];
  expect(await marked(service.get('/v1/stock', { site: 'T9' }))).toBe('T9');
  expect(await marked(service.get('/v1/stock', { site: 'T1' }))).toBeUndefined();
  expect(
    await marked(service.post('/v1/adjustments', { site: 'T9', sku: 'S1', quantity: 1, location: 'NOWHERE' })),
  ).toBe('T9');
  expect(done(await service.get('/v1/sites')).items).toMatchObject([
    { site: 'T1', training: false },
    { site: 'T9', training: true },
  ]);
  expect(sitesOf(await service.get('/v1/stock'))).toEqual(['T1']);
  expect(sitesOf(await service.get('/v1/stock', { site: 'T9' }))).toEqual(['T9']);
  expect((done(await service.get('/v1/kpis')).sites as { site: string }[]).map(({ site }) => site)).toEqual(['T1']);
  const order = { id: 'O1', customer: 'SHOP', lines: [{ line: '1', sku: 'S1', quantity: 1 }] };
  expect((done(await service.post('/v1/orders', order)).detail as { placed: object[] }).placed).toMatchObject([
    { site: 'T1' },
  ]);
  expectProblem(await service.post('/v1/orders', { ...order, id: 'O2', sites: ['T1', 'T9'] }), 422, 'training-site');
  // One that names it is practised with.
  done(await service.post('/v1/orders', { ...order, id: 'O3', site: 'T9' }));
  const transfer = { id: 'X1', lines: [{ line: '1', sku: 'S1', quantity: 1 }] };
  expectProblem(await service.post('/v1/transfers', { ...transfer, site: 'T1', to: 'T9' }), 422, 'training-site');
  expectProblem(await service.post('/v1/transfers', { ...transfer, site: 'T9', to: 'T1' }), 422, 'training-site');
});

it('is made as a copy of a real one, with its products, partners and stock', async () => {
  await service.put('/v1/products/BOLTS', { site: 'T1', name: 'Bolts', packs: [{ unit: 'case', quantity: 12 }] });
  await service.put('/v1/partners/supplier/ACME', { site: 'T1', name: 'Acme', tolerance: 0.1 });
  await say(service, '/v1/adjustments', {
    site: 'T1',
    sku: 'BOLTS',
    quantity: 24,
    location: 'B',
    lot: 'L1',
    reason: 'counted',
  });
  expectProblem(await service.post('/v1/sites/T1/training', { as: 'T1' }), 422, 'training-site');
  const copied = done(await service.post('/v1/sites/T1/training', { as: 'T8' }));
  expect(copied).toEqual({ site: 'T8', of: 'T1', products: 1, partners: 1, stock: 2, left: 0 });
  expect(done(await service.get('/v1/stock', { site: 'T8' })).items).toMatchObject([
    { sku: 'BOLTS', location: 'B', lot: 'L1', quantity: 24 },
    { sku: 'S1', location: 'A', quantity: 5 },
  ]);
  expect(done(await service.get('/v1/products/BOLTS', { site: 'T8' }))).toMatchObject({ name: 'Bolts' });
  expect(done(await service.get('/v1/partners/supplier/ACME', { site: 'T8' }))).toMatchObject({ tolerance: 0.1 });
  expect(sitesOf(await service.get('/v1/stock'))).toEqual(['T1', 'T1']);
});

it('has alerts of its own, of which no channel hears', async () => {
  const told = { channels: [{ id: 'ops', kind: 'webhook', url: 'http://127.0.0.1:9/' }] } as const;
  const changes = await look(service, Date.now(), { rules: only('low-stock'), ...told });
  expect(changes.toSorted()).toEqual(['low-stock S1@T1 opened', 'low-stock S1@T9 opened']);
  const { rows } = await service.database.pool.query('select distinct site from alert_delivery order by site');
  expect(rows).toEqual([{ site: 'T1' }]);
});
