// What a customer sends back comes in through a door: with the order and the pick that it came from, graded, and sold again or not.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { crossing, epcOf, SKU, smallSite } from '../support/sites.ts';

const MORNING = Date.now() - 6 * HOUR_MS;
const tags = [1, 2, 3].map(epcOf);
const [good, torn, stays] = tags as [string, string, string];
const at = (minutes: number) => iso(MORNING + minutes * MINUTE_MS);

interface Back {
  readonly id: string;
  readonly epc: string;
}

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { rules: { inboundDocuments: true, orders: true } })] });
});

const open = async (): Promise<number> =>
  (done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' })).items as object[]).length;

it('is known by its order and its pick, and is what somebody grades it', async () => {
  const notice = { site: 'T1', id: 'ASN-1', document: 'notice', supplier: 'ACME', lines: [{ line: '1', epcs: tags }] };
  await say(service, '/v1/inbounds', { ...notice, at: at(-20) });
  await say(service, '/v1/inbounds/ASN-1/goods', { site: 'T1', epcs: tags, location: 'DOCK', at: at(-10) });
  for (const epc of tags) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at: at(0) });
  const lines = [{ line: '1', sku: SKU, quantity: 3 }];
  await say(service, '/v1/orders', { site: 'T1', id: 'O-1', customer: 'SHOP', lines, at: at(5) });
  await say(service, '/v1/picks', { site: 'T1', id: 'P-1', orders: ['O-1'], to: 'PACK', at: at(6) });
  for (const epc of tags)
    await say(
      service,
      '/v1/picks/P-1/lines/1/confirmation',
      { site: 'T1', scan: epc, at: at(10) },
      { 'x-operator': 'pia' },
    );
  await say(service, '/v1/loads', { site: 'T1', id: 'L-1', carrier: 'VAN', orders: ['O-1'], at: at(15) });
  await seen(service, crossing(tags, 'out', MORNING + 20 * MINUTE_MS), { world: tags });
  await say(service, '/v1/loads/L-1/closing', { site: 'T1', at: at(30) });
  expect(done(await service.get('/v1/returns', { site: 'T1' })).items).toEqual([]);
  const before = await open();

  await seen(service, crossing([good, torn], 'in', MORNING + 5 * HOUR_MS), { DOCK: [good, torn] });
  const { items } = done(await service.get('/v1/returns', { site: 'T1', state: 'ungraded', order: 'O-1' })) as {
    items: Back[];
  };
  expect(items.map(({ epc }) => epc).toSorted()).toEqual([good, torn].toSorted());
  expect(items[0]).toMatchObject({
    sku: SKU,
    quantity: 1,
    location: 'DOCK',
    status: 'returned',
    order: 'O-1',
    line: '1',
    customer: 'SHOP',
    load: 'L-1',
    pick: { from: 'A', by: 'pia', at: at(10) },
  });
  expect(await open()).toBe(before + 2);
  const grading = (epc: string, body: object) =>
    service.post(`/v1/returns/${items.find((one) => one.epc === epc)!.id}/grading`, { site: 'T1', ...body });
  done(await grading(good, { grade: 'resell', code: 'return' }));
  done(await grading(torn, { grade: 'damaged', reason: 'torn box' }));
  expectProblem(await grading(torn, { grade: 'resell' }), 409, 'graded', /is damaged by now/);
  expectProblem(
    await service.post('/v1/returns/00000000-0000-0000-0000-000000000000/grading', { site: 'T1', grade: 'resell' }),
    404,
    'not-found',
  );
  expect(await open()).toBe(before);
  const { items: graded } = done(await service.get('/v1/returns', { site: 'T1', state: 'graded' })) as {
    items: object[];
  };
  expect(graded).toHaveLength(2);

  // Put away, the good one is promised again; the other is not, and the third is with the customer.
  await say(service, '/v1/movements', { site: 'T1', epc: good, to: 'A' });
  const again = done(
    await service.post('/v1/orders', {
      site: 'T1',
      id: 'O-2',
      customer: 'SHOP',
      lines: [{ line: '1', sku: SKU, quantity: 2 }],
      partial: true,
    }),
  ).detail as { lines: object[] };
  expect(again.lines).toEqual([{ line: '1', reserved: 1, backordered: 1 }]);
  expect(done(await service.get(`/v1/items/${stays}`))).toMatchObject({ location: 'world' });

  // What has no tag comes back by the word of a person, and is graded in the same way.
  const cups = { site: 'T1', sku: 'CUPS', quantity: 4 };
  await say(service, '/v1/movements', { ...cups, from: 'world', to: 'DOCK', status: 'returned' });
  const { items: plain } = done(await service.get('/v1/returns', { site: 'T1', sku: 'CUPS' })) as { items: Back[] };
  expect(plain).toMatchObject([{ epc: null, quantity: 4, location: 'DOCK', status: null, order: null, pick: null }]);
  done(await service.post(`/v1/returns/${plain[0]!.id}/grading`, { site: 'T1', grade: 'damaged' }));
  const { items: lying } = done(await service.get('/v1/stock', { site: 'T1', sku: 'CUPS' }));
  expect(lying).toMatchObject([{ location: 'DOCK', status: 'damaged', quantity: 4 }]);
  expect(await open()).toBe(before);

  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
