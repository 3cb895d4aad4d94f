// Goods that an order waits for come in, are directed to the bench and not to a bin, packed there, and leave; nothing of them was ever stored. And
// the same when the day is derived again.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { done, say } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { smallSite } from '../support/sites.ts';

const SKU = withCheckDigit('0061414110001');

let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1', {
        packing: { companyPrefix: '0614141' },
        rules: { inboundDocuments: true, orders: true, directed: true },
      }),
    ],
  });
});

const one = async (path: string) => done(await service.get(path)) as Record<string, unknown>;
const tell = (path: string, body: object) => say(service, path, { site: 'T1', ...body }, { 'x-operator': 'ann' });

it('goes from the dock to the bench and out', async () => {
  await tell('/v1/orders', { id: 'O-1', customer: 'SHOP-1', lines: [{ line: '1', sku: SKU, quantity: 6 }] });
  expect(await one('/v1/orders/O-1')).toMatchObject({ state: 'waiting', backordered: 6 });
  const lines = [{ line: '1', sku: SKU, quantity: 10 }];
  await tell('/v1/inbounds', { id: 'ASN-1', document: 'notice', supplier: 'ACME', lines });
  await tell('/v1/inbounds/ASN-1/goods', { sku: SKU, quantity: 10, location: 'DOCK' });

  const { items } = done(await service.get('/v1/putaways', { site: 'T1' }));
  expect(items).toMatchObject([
    {
      id: 'PUT-1',
      rule: 'cross-dock',
      to: 'PACK',
      left: 6,
      order: 'O-1',
      reason: 'Order O-1 waits for 6 of it: bring it to PACK at once.',
    },
    { id: 'PUT-2', left: 4, order: null },
  ]);
  // It is as urgent as the order, and so before what is only to be stored.
  const next = done(await service.post('/v1/queue/next', { site: 'T1' }, { 'x-operator': 'ann' })).detail as {
    job: object;
    reason: string;
  };
  expect(next.job).toMatchObject({ kind: 'putaway', id: 'PUT-1', what: `6 of ${SKU} for O-1`, order: 'O-1' });
  await tell('/v1/putaways/PUT-1/confirmation', { scan: 'PACK' });
  expect(await one('/v1/orders/O-1')).toMatchObject({ state: 'picked', picked: 6, backordered: 0, picks: [] });

  const { detail } = done(await service.post('/v1/cartons', { site: 'T1', order: 'O-1' }));
  const { carton } = detail as { carton: string };
  await tell(`/v1/cartons/${carton}/contents`, { scan: `]C101${SKU}`, quantity: 6 });
  await tell(`/v1/cartons/${carton}/closing`, {});
  await tell('/v1/loads', { id: 'LOAD-1', carrier: 'CARRIER', orders: ['O-1'] });
  const { epc } = (await one(`/v1/cartons/${carton}`)) as { epc: string };
  await tell('/v1/movements', { epc, to: 'world' });
  await tell('/v1/loads/LOAD-1/closing', {});
  expect(await one('/v1/orders/O-1')).toMatchObject({ state: 'shipped', shipped: 6 });

  const { items: stock } = done(await service.get('/v1/stock', { site: 'T1', sku: SKU }));
  expect(stock).toMatchObject([{ location: 'DOCK', quantity: 4 }]);
  const { items: wrong } = done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' }));
  expect(wrong).toEqual([]);
  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
