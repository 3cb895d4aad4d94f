// Cartons over HTTP: packed, listed, printed, refused with what to do; derived anew they are the same.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, found, pages, say } from './doings.ts';
import { openService, type TestService } from './service.ts';

const GTIN = withCheckDigit('0061414110001');
let service: TestService;
let carton: string;
const act = (path: string, body: object = {}) => service.post(path, { site: 'T1', ...body });
const opened = async (): Promise<string> =>
  (done(await act('/v1/cartons', { order: 'O-1' })).detail as { carton: string }).carton;

beforeAll(async () => {
  const packing = { companyPrefix: '0614141', shipFrom: 'Antwerp DC\nQuay 7' };
  service = await openService({ sites: [smallSite('T1', { rules: { orders: true }, packing }), smallSite('T2')] });
  await found(service, GTIN, 10, 'A', { lot: 'L1' });
  const lines = [{ line: '1', sku: GTIN, quantity: 4 }];
  const shipTo = 'Shop One\n1 High Street';
  await say(service, '/v1/orders', { site: 'T1', id: 'O-1', customer: 'SHOP-1', shipTo, lines });
  await say(service, '/v1/picks', { site: 'T1', id: 'P-1', orders: ['O-1'], to: 'PACK' });
  await say(service, '/v1/picks/P-1/lines/1/confirmation', { site: 'T1', scan: 'A' });
  carton = await opened();
});

describe('a carton', () => {
  it('is packed, closed, opened again and emptied, and says at each step what is missing', async () => {
    const path = `/v1/cartons/${carton}`;
    const put = { scan: `]C101${GTIN}`, quantity: 3 };
    const key = { 'idempotency-key': 'put-1' };
    const first = await service.post(`${path}/contents`, { site: 'T1', ...put }, key);
    expect(done(first).detail).toMatchObject({ packed: 3, missing: [{ line: '1', quantity: 1 }] });
    expect((await service.post(`${path}/contents`, { site: 'T1', ...put }, key)).body).toEqual(first.body);
    expect(done(await service.get(path))).toMatchObject({
      id: carton,
      order: 'O-1',
      state: 'open',
      quantity: 3,
      contents: [{ line: '1', sku: GTIN, lot: 'L1', quantity: 3, epcs: [] }],
      missing: [{ line: '1', sku: GTIN, quantity: 1, picked: 1 }],
    });
    expectProblem(await act(`${path}/contents`, put), 422, 'too-many', /only 1 of/);
    expectProblem(await act(`${path}/closing`), 422, 'carton-short', /1 of/);
    await say(service, `${path}/contents`, { site: 'T1', scan: `]C101${GTIN}` });
    expect(done(await act(`${path}/closing`, { weight: 1900 })).detail).toMatchObject({ isShort: false, missing: [] });
    const { items } = done(await service.get('/v1/stock', { site: 'T1', location: 'PACK' })) as { items: object[] };
    const { epc } = done(await service.get(path)) as { epc: string };
    expect(items).toMatchObject([{ quantity: 4, container: epc }]);
    expect(done(await service.get('/v1/orders/O-1'))).toMatchObject({ lines: [{ picked: 4, packed: 4 }] });
    done(await act(`${path}/reopening`));
    done(await act(`${path}/unpacking`, { scan: `]C101${GTIN}`, quantity: 2 }));
    expect(done(await service.get(path))).toMatchObject({ state: 'open', quantity: 2, missing: [{ quantity: 2 }] });
  });

  it('has a label and a slip in every format that is offered, and no other', async () => {
    const path = `/v1/cartons/${carton}`;
    const types = { pdf: /^application\/pdf/, zpl: /^application\/zpl/, svg: /^image\/svg\+xml/ };
    for (const [format, type] of Object.entries(types)) {
      const label = await service.get(`${path}/label`, { format });
      expect(label).toMatchObject({ status: 200, type: expect.stringMatching(type) as string });
      if (format !== 'pdf') expect(label.body).toContain('Shop One');
      if (format !== 'pdf') expect(label.body).toContain(`(00)${carton}`);
      if (format === 'svg') continue;
      const slip = await service.get(`${path}/slip`, { format });
      expect(slip).toMatchObject({ status: 200, type: expect.stringMatching(type) as string });
      if (format === 'zpl') expect(slip.body).toContain(GTIN);
    }
    expect((await service.get(`${path}/label`)).headers['content-disposition']).toContain(`label-${carton}.pdf`);
    expectProblem(await service.get(`${path}/label`, { format: 'bmp' }), 400, 'bad-request');
    expectProblem(await service.get('/v1/cartons/000000000000000000/label'), 404, 'not-found');
  });

  it('is one of a list, page by page, by order, bench and state', async () => {
    const others = [await opened(), await opened()];
    done(await act(`/v1/cartons/${others[0]}/cancellation`));
    const all = await pages<{ id: string }>(service, '/v1/cartons', { site: 'T1', order: 'O-1', limit: 1 });
    expect(all.map(({ id }) => id)).toEqual([others[1], others[0], carton]);
    const idsOf = async (query: Record<string, string>) =>
      (done(await service.get('/v1/cartons', { site: 'T1', ...query })).items as { id: string }[]).map(({ id }) => id);
    expect(await idsOf({ state: 'cancelled' })).toEqual([others[0]]);
    expect(await idsOf({ bench: 'PACK', state: 'open' })).toEqual([others[1], carton]);
    expect(await idsOf({ bench: 'DOCK' })).toEqual([]);
  });

  it('is refused with what to do', async () => {
    expectProblem(await act('/v1/cartons', { order: 'NONE' }), 404, 'unknown-order');
    expectProblem(await act('/v1/cartons', { order: 'O-1', bench: 'A' }), 422, 'unknown-location', /^bench: /);
    expectProblem(await act('/v1/cartons', { order: 'O-1', type: 'BIG' }), 422, 'unknown-carton-type', /^type: /);
    expectProblem(await act('/v1/cartons/000000000000000000/closing'), 404, 'unknown-carton');
    expectProblem(await act('/v1/cartons/12/closing'), 400, 'bad-request');
    expectProblem(await act(`/v1/cartons/${carton}/contents`, { scan: 'hello' }), 422, 'bad-scan', /^scan: /);
    expectProblem(await act(`/v1/cartons/${carton}/reopening`), 422, 'carton-open');
    await service.post('/v1/adjustments', { site: 'T2', sku: GTIN, quantity: 1, location: 'A' });
    const lines = [{ line: '1', sku: GTIN, quantity: 1 }];
    done(await service.post('/v1/orders', { site: 'T2', id: 'O-2', customer: 'SHOP-1', lines }));
    expectProblem(await service.post('/v1/cartons', { site: 'T2', order: 'O-2' }), 422, 'no-company-prefix');
  });

  it('is the same when it is derived anew', async () => {
    await service.posted();
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  });
});
