// Orders of customers over HTTP: promised stock, never more than there is; told as it happens, and the same when the day is derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { crossing, epcOf, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, pages, say, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { rules: { orders: true } }), smallSite('T2')] });
});

const order = (id: string, sku: string, quantity: number, more: object = {}) => ({
  site: 'T1',
  id,
  customer: 'SHOP-1',
  lines: [{ line: '1', sku, quantity }],
  ...more,
});
const one = async (path: string) => done(await service.get(path)) as Record<string, unknown>;
const act = (path: string, body: object = {}) => service.post(path, { site: 'T1', ...body });

async function expectVerified(): Promise<void> {
  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
}

describe('an order', () => {
  it('is promised what is there: twenty at once of ten units, and ten are back-ordered; derived anew it is the same', async () => {
    await found(service, 'BOLTS', 10, 'A');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => service.post('/v1/orders', order(`RUSH-${index}`, 'BOLTS', 1))),
    );
    const lines = answers.map(
      (answer) => (done(answer).detail as { lines: { reserved: number; backordered: number }[] }).lines[0]!,
    );
    expect(lines.filter(({ reserved }) => reserved === 1)).toHaveLength(10);
    expect(lines.filter(({ backordered }) => backordered === 1)).toHaveLength(10);
    const waiting = await pages<{ id: string }>(service, '/v1/orders', { site: 'T1', state: 'waiting', limit: 3 });
    expect(waiting).toHaveLength(10);
    await expectVerified();
  });

  it('is entered once for one key, told as it happens, and waits for stock until it comes', async () => {
    const events = await listenTo(`${await service.listen()}/v1/live?site=T1&types=order`);
    const key = { 'idempotency-key': 'nuts-1' };
    const body = order('NUTS-1', 'NUTS', 40, { partial: true, priority: 7, shipBy: '2027-01-02T10:00:00Z' });
    const first = await service.post('/v1/orders', body, key);
    expect(done(first).detail).toMatchObject({ lines: [{ reserved: 0, backordered: 40 }] });
    expect((await service.post('/v1/orders', body, key)).body).toEqual(first.body);
    await found(service, 'NUTS', 26, 'A');
    await eventually('it is told', () => events.of('order').some(({ data }) => data['reserved'] === 26));
    await events.hangUp();
    expect(await one('/v1/orders/NUTS-1')).toMatchObject({
      state: 'partial',
      priority: 7,
      shipBy: '2027-01-02T10:00:00.000Z',
      lines: [{ sku: 'NUTS', quantity: 40, reserved: 26, backordered: 14 }],
      picks: [],
    });
  });

  it('answers with an ETag that changes with it, and is amended only as it was read', async () => {
    await say(service, '/v1/orders', order('TAGGED', 'SCREWS', 5));
    const etag = (await service.get('/v1/orders/TAGGED')).headers['etag'] as string;
    expect((await service.get('/v1/orders/TAGGED', {}, { 'if-none-match': etag })).status).toBe(304);
    const { id: _, ...amended } = order('', 'SCREWS', 9);
    done(await service.put('/v1/orders/TAGGED', amended, { 'if-match': etag }));
    expect(await one('/v1/orders/TAGGED')).toMatchObject({ revision: 2, quantity: 9 });
    expectProblem(await service.put('/v1/orders/TAGGED', amended, { 'if-match': etag }), 412, 'changed-meanwhile');
    expectProblem(await service.put('/v1/orders/TAGGED', amended, { 'if-match': 'x' }), 412, 'changed-meanwhile');
    done(await act('/v1/orders/TAGGED/cancellation'));
    expect(await one('/v1/orders/TAGGED')).toMatchObject({ state: 'cancelled' });
  });
});

describe('picking and loading', () => {
  it('goes from the promise to the truck by scans and tags; fill is told by order, and derived anew it is the same', async () => {
    const tags = [501, 502, 503].map(epcOf);
    await seen(service, crossing(tags, 'in', Date.now() - HOUR_MS), { DOCK: tags });
    for (const epc of tags) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A' });
    await found(service, 'WASHERS', 30, 'B', { lot: 'W1' });
    const two = {
      lines: [
        { line: '1', sku: SKU, quantity: 2 },
        { line: '2', sku: 'WASHERS', quantity: 12 },
      ],
    };
    await say(service, '/v1/orders', order('BOTH', SKU, 0, two));
    const { detail } = done(await act('/v1/orders/BOTH/release', { to: 'PACK' })) as { detail: { pick: string } };
    const path = `/v1/picks/${detail.pick}`;
    const list = (await one(path)) as { lines: { line: number; sku: string; location: string }[] };
    expect(list).toMatchObject({ state: 'open', to: 'PACK', orders: ['BOTH'], quantity: 14 });
    const lineOf = (sku: string): number => list.lines.find((line) => line.sku === sku)!.line;
    const confirm = (sku: string, scan: string, more: object = {}) =>
      act(`${path}/lines/${lineOf(sku)}/confirmation`, { scan, ...more });
    expectProblem(await confirm('WASHERS', 'A'), 422, 'wrong-bin', /take it from B/);
    expectProblem(await confirm('WASHERS', tags[0]!), 422, 'wrong-item');
    expect(done(await confirm('WASHERS', 'B', { quantity: 10 })).detail).toMatchObject({ picked: 10, left: 2 });
    expect(done(await confirm('WASHERS', 'B')).transactions).toHaveLength(1);
    for (const epc of tags.slice(0, 2)) done(await confirm(SKU, epc));
    expectProblem(await confirm(SKU, tags[2]!), 422, 'pick-done');
    const { items: picked } = done(await service.get('/v1/movements', { site: 'T1', type: 'pick', epc: tags[0]! }));
    expect(picked).toMatchObject([{ from: 'A', to: 'PACK', source: 'scan' }]);
    expect(await one(path)).toMatchObject({ state: 'done', picked: 14 });

    await say(service, '/v1/loads', { site: 'T1', id: 'LOAD-1', door: 'DOOR', carrier: 'CARRIER', orders: ['BOTH'] });
    await say(service, '/v1/movements', {
      site: 'T1',
      sku: 'WASHERS',
      lot: 'W1',
      quantity: 12,
      from: 'PACK',
      to: 'world',
    });
    for (const epc of tags) await say(service, '/v1/movements', { site: 'T1', epc, to: 'world' });
    expect(await one('/v1/loads/LOAD-1')).toMatchObject({
      state: 'open',
      complete: 1,
      short: 0,
      orders: [{ order: 'BOTH', quantity: 14, loaded: 14, isComplete: true }],
    });
    expect(done(await act('/v1/loads/LOAD-1/closing')).detail).toEqual({
      load: 'LOAD-1',
      complete: ['BOTH'],
      short: [],
    });
    expect(await one('/v1/orders/BOTH')).toMatchObject({
      state: 'shipped',
      shipped: 14,
      load: 'LOAD-1',
      picks: [detail.pick],
    });
    const { items: alarms } = done(await service.get('/v1/discrepancies', { site: 'T1', kind: 'unplanned-ship' }));
    expect(alarms).toMatchObject([{ epc: tags[2], severity: 'critical', state: 'open' }]);
    await expectVerified();
  });

  it('takes elsewhere what a bin does not have, and lists what is open', async () => {
    await found(service, 'RIVETS', 5, 'A');
    await found(service, 'RIVETS', 2, 'B');
    await say(service, '/v1/orders', order('RIVETED', 'RIVETS', 5, { partial: true }));
    await say(service, '/v1/picks', { site: 'T1', id: 'WAVE-1', orders: ['RIVETED'] });
    const short = done(await act('/v1/picks/WAVE-1/lines/1/shortage', { quantity: 3 }));
    expect(short.detail).toMatchObject({ short: 3, replanned: 2, lines: [2] });
    const open = await pages<{ id: string }>(service, '/v1/picks', { site: 'T1', state: 'open', order: 'RIVETED' });
    expect(open.map(({ id }) => id)).toEqual(['WAVE-1']);
    const loads = await pages<{ id: string }>(service, '/v1/loads', { site: 'T1', state: 'closed' });
    expect(loads.map(({ id }) => id)).toEqual(['LOAD-1']);
    expectProblem(await service.get('/v1/picks/NONE'), 404, 'not-found');
    expectProblem(await act('/v1/picks/NONE/lines/1/shortage'), 404, 'unknown-pick');
    expectProblem(await act('/v1/loads/NONE/closing'), 404, 'unknown-load');
    await expectVerified();
  });
});

describe('what makes no sense', () => {
  it('is refused with what to do', async () => {
    await say(service, '/v1/orders', order('ONCE', 'NOTHING', 1));
    expectProblem(await service.post('/v1/orders', order('ONCE', 'NOTHING', 1)), 409, 'order-exists');
    expectProblem(await service.get('/v1/orders/NONE'), 404, 'not-found');
    expectProblem(await act('/v1/orders/NONE/cancellation'), 404, 'unknown-order');
    expectProblem(await act('/v1/orders/ONCE/release'), 422, 'nothing-reserved');
    expectProblem(await service.post('/v1/orders', order('TWICE', 'X', 1, { lines: [] })), 400, 'bad-request');
    expectProblem(await service.post('/v1/orders', { ...order('TWICE', 'X', 1), misspelt: 1 }), 400, 'bad-request');
    expectProblem(await service.post('/v1/orders', order('TWICE', 'X', 0.000_01)), 422, 'bad-quantity');
    expectProblem(
      await service.post('/v1/orders', order('TWICE', 'X', 1, { shipBy: '2027-02-30T00:00:00Z' })),
      422,
      'bad-time',
    );
  });
});
