// Orders of customers over HTTP: promised stock, never more than there is; told as it happens, and the same when the day is derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, pages, say } from './doings.ts';
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
