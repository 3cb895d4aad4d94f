// Orders picked together as a person would have it: a batch that is sorted, and a cart of totes; through the API, with the queue beside
// it, and the same again when the journal is derived anew.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, say } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { smallSite } from '../support/sites.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [smallSite('T1', { rules: { orders: true, pickMethod: 'batch' }, packing: { companyPrefix: '0614141' } })],
  });
});

interface Waiting {
  readonly jobs: readonly { readonly kind: string; readonly id: string; readonly what: string }[];
}
const queue = async (): Promise<string[]> =>
  (done(await service.get('/v1/queue', { site: 'T1' })) as unknown as Waiting).jobs.map(
    ({ kind, id }) => `${kind} ${id}`,
  );
const pick = async (id: string) => done(await service.get(`/v1/picks/${id}`)) as Record<string, unknown>;

it('goes once to each bin for all of them, sorts, and fills a cart of totes', async () => {
  const GTIN = '09528450570757';
  await say(service, '/v1/adjustments', { site: 'T1', sku: GTIN, quantity: 20, location: 'A', reason: 'counted' });
  for (const [id, quantity] of [
    ['O1', 2],
    ['O2', 3],
    ['O3', 1],
    ['O4', 4],
  ] as const)
    await say(service, '/v1/orders', { site: 'T1', id, customer: 'SHOP', lines: [{ line: '1', sku: GTIN, quantity }] });

  // The site says how it picks; a release may say otherwise.
  await say(service, '/v1/picks', { site: 'T1', id: 'W', orders: ['O1', 'O2'] });
  expect(await pick('W')).toMatchObject({
    method: 'batch',
    wave: null,
    lines: [
      { stop: 1, order: 'O1', quantity: 2 },
      { stop: 1, order: 'O2', quantity: 3 },
    ],
  });
  const taken = await service.post('/v1/picks/W/lines/1/confirmation', { site: 'T1', scan: 'A' });
  expect(done(taken).detail).toMatchObject({ picked: 5, left: 0 });
  expect(await pick('W')).toMatchObject({ state: 'done', picked: 5, lines: [{ picked: 2 }, { picked: 3 }] });
  expect(await queue()).toEqual(['sort W']);
  const scan = `]C101${GTIN}`;
  expect(done(await service.post('/v1/picks/W/sorting', { site: 'T1', scan, quantity: 2 })).detail).toEqual({
    pick: 'W',
    line: 1,
    order: 'O1',
    sorted: 2,
    left: 0,
    toSort: 3,
  });
  expectProblem(await service.post('/v1/picks/W/sorting', { site: 'T1', scan, order: 'O1' }), 422, 'wrong-order');
  expect(await queue()).toEqual(['sort W', 'pack O1']);
  await say(service, '/v1/picks/W/sorting', { site: 'T1', scan, quantity: 3 });
  expect(await queue()).toEqual(['pack O1', 'pack O2']);

  const totes = [{ order: 'O3', tote: 'TOTE-3' }];
  await say(service, '/v1/picks', { site: 'T1', id: 'CART', orders: ['O3', 'O4'], method: 'cluster', totes });
  const confirm = (line: number, tote?: string) =>
    service.post(`/v1/picks/CART/lines/${line}/confirmation`, { site: 'T1', scan: 'A', ...(tote && { tote }) });
  expectProblem(await confirm(2), 422, 'tote-needed');
  expectProblem(await confirm(1, 'TOTE-4'), 422, 'wrong-tote');
  done(await confirm(1, 'TOTE-3'));
  expectProblem(await confirm(2, 'TOTE-3'), 422, 'wrong-tote');
  done(await confirm(2, 'TOTE-4'));
  expect(await pick('CART')).toMatchObject({
    state: 'done',
    totes: [...totes, { order: 'O4', tote: 'TOTE-4' }],
  });
  expect(done(await service.get('/v1/picks', { site: 'T1', tote: 'TOTE-4' })).items).toMatchObject([{ id: 'CART' }]);
  const errors = done(await service.get('/v1/pick-errors', { site: 'T1', pick: 'CART' })).items;
  expect(errors).toMatchObject([{ code: 'wrong-tote' }, { code: 'wrong-tote' }]);

  const log = createLog({ style: 'silent' });
  await service.posted();
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
