// Partners by file, and damaged goods that go back to their supplier through a door: counted as they leave, no demand of a customer, and the
// same when the day is derived again.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { crossing, epcOf, SKU, smallSite } from '../support/sites.ts';

const MORNING = Date.now() - 2 * HOUR_MS;
const tags = [1, 2, 3].map(epcOf);

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { rules: { orders: true, knownPartners: true } })] });
});

it('knows its partners, and sends goods back to one', async () => {
  const order = { site: 'T1', id: 'O-1', customer: 'SHOP', lines: [{ line: '1', sku: SKU, quantity: 1 }] };
  expectProblem(await service.post('/v1/orders', order), 422, 'unknown-partner');
  const file = [
    'kind;partner;name;tolerance',
    'supplier;ACME;Acme Ltd;0.05',
    'customer;SHOP;;',
    'dealer;X;;',
    'supplier;Y;;2',
  ];
  const send = (dryRun: boolean) =>
    service.ask({
      method: 'POST',
      url: '/v1/imports',
      query: { site: 'T1', kind: 'partners', dryRun: String(dryRun) },
      headers: { 'content-type': 'text/csv' },
      payload: file.join('\n'),
    });
  const verdicts = [
    { line: 2, verdict: 'created' },
    { line: 3, verdict: 'created' },
    { line: 4, verdict: 'refused', faults: [{ field: 'kind', code: 'bad-word' }] },
    { line: 5, verdict: 'refused', faults: [{ field: 'tolerance', code: 'bad-number' }] },
  ];
  expect(done(await send(true))).toMatchObject({ taken: 2, verdicts });
  expect(done(await service.get('/v1/partners', { site: 'T1' })).items).toEqual([]);
  expect(done(await send(false))).toMatchObject({ taken: 2, verdicts });
  expect(done(await service.get('/v1/partners/supplier/ACME', { site: 'T1' }))).toMatchObject({
    name: 'Acme Ltd',
    tolerance: 0.05,
  });
  done(await service.post('/v1/orders', order));
  const named = { method: 'DELETE', url: '/v1/partners/customer/SHOP', query: { site: 'T1' } } as const;
  expectProblem(await service.ask(named), 409, 'partner-in-use');

  await seen(service, crossing(tags, 'in', MORNING), { DOCK: tags });
  const torn = { site: 'T1', status: 'damaged', reason: 'torn', at: iso(MORNING + 10 * MINUTE_MS) };
  for (const epc of tags) await say(service, '/v1/holds', { ...torn, epc });
  const back = {
    site: 'T1',
    id: 'RTV-1',
    supplier: 'ACME',
    authorisation: 'A-1',
    lines: [{ line: '1', sku: SKU, quantity: 2 }],
  };
  expectProblem(await service.post('/v1/supplier-returns', { ...back, supplier: 'X' }), 422, 'unknown-partner');
  await say(service, '/v1/supplier-returns', back);
  await seen(service, crossing(tags.slice(0, 2), 'out', MORNING + 30 * MINUTE_MS), { world: tags.slice(0, 2) });
  expect(done(await service.get('/v1/supplier-returns/RTV-1'))).toMatchObject({
    state: 'sent',
    sent: 2,
    lines: [{ sent: 2, quantity: 2, status: 'damaged' }],
  });
  expect(done(await service.get(`/v1/items/${tags[0]!}`))).toMatchObject({ location: 'world', account: 'supplier' });
  // No alarm that it was never picked, and no demand.
  expect(done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' })).items).toEqual([]);
  expect(done(await service.get('/v1/kpis/skus', { site: 'T1' })).items).toMatchObject([{ sku: SKU, shipped: 0 }]);
  // The third one is not of it any more.
  const sent = { site: 'T1', epcs: [tags[2]!], at: iso(MORNING + HOUR_MS) };
  expectProblem(await service.post('/v1/supplier-returns/RTV-1/shipment', sent), 422, 'not-on-it');
  await say(service, '/v1/supplier-returns/RTV-1/closing', { site: 'T1' });
  expectProblem(await service.post('/v1/supplier-returns/RTV-1/closing', { site: 'T1' }), 409, 'return-closed');

  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
