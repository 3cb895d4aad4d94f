// Inbound documents over HTTP: announced, received through a real door, closed; told as it happens, and the same when the day is
// derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { crossing, epcOf, readEntries, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, HOUR_MS, pages, say, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { rules: { inboundDocuments: true } }), smallSite('T2')] });
});

const epcs = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => epcOf(from + index));
const document = (id: string, more: object = {}) => ({
  site: 'T1',
  id,
  document: 'notice',
  supplier: 'ACME',
  lines: [{ line: '1', sku: SKU, quantity: 5 }],
  ...more,
});
const one = async (id: string) => done(await service.get(`/v1/inbounds/${id}`)) as Record<string, unknown>;
const act = (id: string, what: string, body: object = {}) =>
  service.post(`/v1/inbounds/${id}/${what}`, { site: 'T1', ...body });

describe('a notice', () => {
  it('is received as far as it is read, and closed with what is short; the ledger derived anew says the same', async () => {
    const listed = epcs(100, 10);
    await say(service, '/v1/inbounds', document('ASN-100', { door: 'DOOR', lines: [{ line: '1', epcs: listed }] }));
    expect(await one('ASN-100')).toMatchObject({ state: 'expected', quantity: 10, received: 0, receipt: null });
    await seen(service, crossing(listed.slice(0, 7), 'in', Date.now() - HOUR_MS), { DOCK: listed.slice(0, 7) });
    expect(await one('ASN-100')).toMatchObject({
      state: 'receiving',
      received: 7,
      receipt: { door: 'DOOR', by: null },
      lines: [{ line: '1', sku: SKU, quantity: 10, received: 7, short: 3, over: 0, listed: 10 }],
    });
    done(await act('ASN-100', 'goods', { location: 'DOCK', epcs: [listed[7]!] }));
    for (const epc of listed.slice(0, 2))
      await say(service, '/v1/holds', { site: 'T1', epc, status: 'damaged', reason: 'crushed' });
    const tags = await pages<{ epc: string; state: string }>(service, '/v1/inbounds/ASN-100/tags', {
      state: 'missing',
      limit: 1,
    });
    expect(tags.map(({ epc }) => epc)).toEqual(listed.slice(8));
    expect(done(await act('ASN-100', 'closing')).detail).toEqual({
      inbound: 'ASN-100',
      receipt: 1,
      short: 2,
      over: 0,
      unexpected: 0,
    });
    expect(await one('ASN-100')).toMatchObject({
      state: 'partial',
      received: 8,
      lines: [{ damaged: 2, short: 2 }],
      receipt: null,
    });
    const { items } = done(await service.get('/v1/discrepancies', { site: 'T1', kind: 'short' }));
    expect(items).toMatchObject([
      { sku: SKU, state: 'open', message: expect.stringContaining('8 of 10 came') as string },
    ]);
    await service.posted();
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  });

  it('that arrives after its goods finds them', async () => {
    const early = epcs(200, 3);
    const reads = crossing(early, 'in', Date.now() - HOUR_MS);
    await service.deliver({ reads: readEntries(reads) }, { site: 'T2', sentAt: reads.at(-1)!.at + 5000 });
    await eventually('they are there', async () => (await service.get(`/v1/items/${early[2]}`)).status === 200);
    await say(service, '/v1/inbounds', document('LATE', { site: 'T2', lines: [{ line: '1', epcs: early }] }));
    expect(await one('LATE')).toMatchObject({ state: 'receiving', received: 3, receipt: { door: 'DOOR' } });
  });

  it('answers with an ETag that changes with it, and is amended only as it was read', async () => {
    await say(service, '/v1/inbounds', document('TAGGED', { lines: [{ line: '1', sku: 'BOLTS', quantity: 5 }] }));
    const { headers } = await service.get('/v1/inbounds/TAGGED');
    const etag = headers['etag'] as string;
    expect((await service.get('/v1/inbounds/TAGGED', {}, { 'if-none-match': etag })).status).toBe(304);
    const { id: _, ...amended } = document('', { lines: [{ line: '1', sku: 'BOLTS', quantity: 9 }] });
    done(await service.put('/v1/inbounds/TAGGED', amended, { 'if-match': etag }));
    expect(await one('TAGGED')).toMatchObject({ revision: 2, quantity: 9 });
    expect((await service.get('/v1/inbounds/TAGGED', {}, { 'if-none-match': etag })).status).toBe(200);
    expectProblem(await service.put('/v1/inbounds/TAGGED', amended, { 'if-match': etag }), 412, 'changed-meanwhile');
    expectProblem(await service.put('/v1/inbounds/TAGGED', amended, { 'if-match': 'x' }), 412, 'changed-meanwhile');
  });

  it('is received by hand where it has no tags, told as it happens, and once for one key', async () => {
    await say(service, '/v1/inbounds', document('PLAIN', { lines: [{ line: '1', sku: 'NUTS', quantity: 500 }] }));
    const events = await listenTo(`${await service.listen()}/v1/live?site=T1&types=inbound`);
    const body = { sku: 'NUTS', quantity: 120.5, location: 'DOCK', lot: 'L7', expiry: '2027-06-30' };
    const key = { 'idempotency-key': 'nuts-1' };
    const first = await service.post('/v1/inbounds/PLAIN/goods', { site: 'T1', ...body }, key);
    expect((await service.post('/v1/inbounds/PLAIN/goods', { site: 'T1', ...body }, key)).body).toEqual(first.body);
    await eventually('it is told', () => events.of('inbound').length > 0);
    expect(events.of('inbound').at(-1)!.data).toMatchObject({
      id: 'PLAIN',
      state: 'receiving',
      received: 120.5,
      lines: [{ sku: 'NUTS', short: 379.5 }],
    });
    await events.hangUp();
    const { items } = done(await service.get('/v1/stock', { site: 'T1', sku: 'NUTS' }));
    expect(items).toMatchObject([{ location: 'DOCK', lot: 'L7', status: 'receiving', quantity: 120.5 }]);
  });
});

describe('the list', () => {
  it('is narrowed, and paged', async () => {
    for (const id of ['P-1', 'P-2', 'P-3'])
      await say(
        service,
        '/v1/inbounds',
        document(id, { document: 'order', supplier: 'GAMMA', lines: [{ line: '1', sku: 'WASHERS', quantity: 1 }] }),
      );
    done(await act('P-2', 'cancellation', { reason: 'not needed' }));
    const ids = async (query: Record<string, string | number>) =>
      (await pages<{ id: string }>(service, '/v1/inbounds', query)).map(({ id }) => id);
    expect(await ids({ supplier: 'GAMMA', limit: 1 })).toEqual(['P-3', 'P-2', 'P-1']);
    expect(await ids({ supplier: 'GAMMA', state: 'open' })).toEqual(['P-3', 'P-1']);
    expect(await ids({ sku: 'WASHERS', state: 'cancelled', document: 'order' })).toEqual(['P-2']);
    expect(await ids({ site: 'T2' })).toEqual(['LATE']);
  });
});

describe('what makes no sense', () => {
  it('is refused with what to do', async () => {
    await say(service, '/v1/inbounds', document('ONCE'));
    expectProblem(await service.post('/v1/inbounds', document('ONCE')), 409, 'inbound-exists');
    expectProblem(await service.get('/v1/inbounds/NONE'), 404, 'not-found');
    expectProblem(await act('NONE', 'closing'), 404, 'unknown-inbound');
    expectProblem(await act('ONCE', 'closing'), 422, 'no-receipt');
    expectProblem(await service.post('/v1/inbounds', document('TWICE', { lines: [] })), 400, 'bad-request');
    const until = { lines: [{ line: '1', sku: SKU, quantity: 5, expiry: '2027-02-30' }] };
    expectProblem(await service.post('/v1/inbounds', document('TWICE', until)), 400, 'bad-request');
    expectProblem(await service.post('/v1/inbounds', document('TWICE', { door: 'GATE' })), 422, 'unknown-door');
    expectProblem(await service.post('/v1/inbounds', { ...document('TWICE'), misspelt: 1 }), 400, 'bad-request');
    expectProblem(await act('ONCE', 'goods', { location: 'DOCK', sku: SKU, quantity: 0.000_01 }), 422, 'bad-quantity');
  });
});

describe('a list of what is to cross', () => {
  it('is said, said anew, listed and withdrawn', async () => {
    const said = (list: readonly string[]) =>
      service.put('/v1/crossing-lists/LOAD-1', { site: 'T1', direction: 'out', door: 'DOOR', epcs: list });
    const lists = async () => done(await service.get('/v1/crossing-lists', { site: 'T1' })).items as unknown[];
    done(await said(epcs(1, 2)));
    done(await said(epcs(2, 2)));
    expect(await lists()).toMatchObject([{ list: 'LOAD-1', direction: 'out', door: 'DOOR', expected: 2 }]);
    const tags = await pages<{ epc: string }>(service, '/v1/crossing-lists/LOAD-1/tags', { site: 'T1', limit: 1 });
    expect(tags.map(({ epc }) => epc)).toEqual(epcs(2, 2));
    expectProblem(await service.get('/v1/crossing-lists/NONE/tags', { site: 'T1' }), 404, 'not-found');
    done(await said([]));
    await eventually('it is withdrawn', async () => (await lists()).length === 0);
    expectProblem(await said([]), 404, 'unknown-list');
  });
});
