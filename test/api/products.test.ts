// Products over HTTP: made, looked up, replaced as they were read, dropped; and the same when the journal is derived again.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, found, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';

const GTIN = '4006381333931';
const BOLT = {
  site: 'T1',
  name: 'Bolt M8',
  packs: [
    { unit: 'each', quantity: 1, gtin: GTIN },
    { unit: 'case', quantity: 12 },
  ],
  lengthMm: 100,
  widthMm: 50,
  heightMm: 20,
  weightG: 250.5,
  unitCost: 0.35,
  currency: 'EUR',
  tracking: 'lot',
  expires: true,
  hazard: '3',
  temperature: 'chilled',
  velocity: 'A',
  rotation: 'lifo',
  fixedBin: 'A-01',
  pickMinimum: 10,
  pickMaximum: 40,
};

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1'), smallSite('T2')] });
});

const put = (sku: string, body: object, headers: Record<string, string> = {}) =>
  service.put(`/v1/products/${encodeURIComponent(sku)}`, body, headers);
const get = (sku: string, headers: Record<string, string> = {}) =>
  service.get(`/v1/products/${encodeURIComponent(sku)}`, { site: 'T1' }, headers);
const drop = (sku: string, headers: Record<string, string> = {}) =>
  service.ask({ method: 'DELETE', url: `/v1/products/${encodeURIComponent(sku)}?site=T1`, headers });

it('are made, read with an ETag, replaced only as they were read, and dropped when nothing needs them', async () => {
  const key = { 'idempotency-key': 'bolt-1' };
  const first = await put('BOLT M8/2', BOLT, key);
  expect(done(first).detail).toEqual({ sku: 'BOLT M8/2', revision: 1, result: 'created' });
  expect((await put('BOLT M8/2', BOLT, key)).body).toEqual(first.body);
  const answer = await get('BOLT M8/2');
  expect(done(answer)).toMatchObject({
    ...BOLT,
    sku: 'BOLT M8/2',
    revision: 1,
    baseUnit: 'each',
    packs: [
      { unit: 'each', quantity: 1, gtin: `0${GTIN}` },
      { unit: 'case', quantity: 12 },
    ],
  });
  const etag = answer.headers['etag'] as string;
  expect((await get('BOLT M8/2', { 'if-none-match': etag })).status).toBe(304);
  done(await put('BOLT M8/2', { ...BOLT, weightG: 260 }, { 'if-match': etag }));
  expectProblem(await put('BOLT M8/2', BOLT, { 'if-match': etag }), 412, 'changed-meanwhile');
  expectProblem(await drop('BOLT M8/2', { 'if-match': etag }), 412, 'changed-meanwhile');
  await found(service, 'BOLT M8/2', 5, 'A', { lot: 'L1' });
  expectProblem(await drop('BOLT M8/2'), 409, 'product-in-use', /5 of it at A/);
  await found(service, 'BOLT M8/2', -5, 'A', { lot: 'L1' });
  done(await drop('BOLT M8/2'));
  expectProblem(await get('BOLT M8/2'), 404, 'not-found');
  expectProblem(await drop('BOLT M8/2'), 404, 'unknown-product');
});

it('are listed page by page, found by a part of their name and by a GTIN, each at its own site', async () => {
  for (const name of ['ANCHOR', 'BRACKET', 'CLAMP'])
    done(await put(name, { site: 'T1', name: `Steel ${name.toLowerCase()}` }));
  done(await put('ANCHOR', { site: 'T2', packs: [{ unit: 'each', quantity: 1, gtin: GTIN }] }));
  done(await put('BOLT', BOLT));
  const all = await pages<{ sku: string; site: string }>(service, '/v1/products', { limit: 2 });
  expect(all.map(({ sku, site }) => `${sku} ${site}`)).toEqual([
    'ANCHOR T1',
    'ANCHOR T2',
    'BOLT T1',
    'BRACKET T1',
    'CLAMP T1',
  ]);
  const skusOf = async (query: Record<string, string>) =>
    (done(await service.get('/v1/products', query)).items as { sku: string }[]).map(({ sku }) => sku);
  expect(await skusOf({ site: 'T1', q: 'steel' })).toEqual(['ANCHOR', 'BRACKET', 'CLAMP']);
  expect(await skusOf({ site: 'T1', q: '%' })).toEqual([]);
  expect(await skusOf({ site: 'T1', gtin: GTIN })).toEqual(['BOLT']);
});

it('are refused with the field that is wrong, and what to do', async () => {
  const pack = (gtin: string) => ({ site: 'T1', packs: [{ unit: 'each', quantity: 1, gtin }] });
  expectProblem(await put('X', pack('4006381333932')), 422, 'bad-gtin', /^packs: .*check digit/);
  expectProblem(await put('X', pack(GTIN)), 409, 'gtin-taken', /belongs to BOLT/);
  expectProblem(await put('X', { site: 'T1', packs: [{ unit: 'sack', quantity: 1 }] }), 400, 'bad-request');
  expectProblem(await put('X', { site: 'T1', fixedBin: 'PACK' }), 422, 'unknown-location', /^fixedBin: /);
  expectProblem(await put('X', { site: 'T1', sku: 'Y' }), 400, 'bad-request');
  expectProblem(await put('X', { site: 'T9' }), 404, 'unknown-site');
  expectProblem(await put('X'.repeat(65), { site: 'T1' }), 400, 'bad-request');
});

it('are the same when the journal is derived again', async () => {
  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
