// Counts over HTTP: blind for who counts, approved by somebody else, told as it happens; and the same when the day is derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { epcOf, lying, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, iso, pages, say, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1'), smallSite('T2')] });
});

const ANN = { 'x-operator': 'ann' };
const BOB = { 'x-operator': 'bob' };

interface Told {
  readonly state: string;
  readonly done: number;
  readonly tasks: readonly (Record<string, unknown> & { readonly task: number })[];
}
const one = async (id: string): Promise<Told> => done(await service.get(`/v1/counts/${id}`)) as Told;
const act = (path: string, body: object = {}, headers: Record<string, string> = ANN) =>
  service.post(`/v1/counts/${path}`, { site: 'T1', ...body }, headers);
const stockOf = async (sku: string): Promise<number> =>
  (done(await service.get('/v1/stock', { site: 'T1', sku })).items as { quantity: number }[]).reduce(
    (sum, { quantity }) => sum + quantity,
    0,
  );

async function expectVerified(): Promise<void> {
  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
}

describe('a count', () => {
  it('is blind until it is decided, is told as it happens, and is approved by somebody else', async () => {
    await found(service, 'BOLTS', 50, 'A', { lot: 'L1' });
    await found(service, 'NUTS', 7, 'A');
    await found(service, 'BOLTS', 5, 'B');
    const events = await listenTo(`${await service.listen()}/v1/live?site=T1&types=count`);
    const planned = done(
      await service.post('/v1/counts', { site: 'T1', id: 'C1', by: 'location', locations: ['A', 'B'] }),
    );
    expect(planned.detail).toEqual({ count: 'C1', tasks: 2, skipped: 0 });
    expect(await one('C1')).toMatchObject({ state: 'open', by: 'location', taskCount: 2, done: 0 });
    const lines = [
      { sku: 'BOLTS', lot: 'L1', quantity: 48 },
      { sku: 'NUTS', quantity: 7 },
    ];
    const first = await act('C1/tasks/1/entry', { lines });
    expect(done(first).detail).toEqual({ count: 'C1', task: 1, state: 'recount' });
    const told = (await one('C1')).tasks[0]!;
    expect(told).toMatchObject({ state: 'recount', lines: [], records: null, attempts: 1, countedBy: ['ann'] });
    expect(JSON.stringify([first.body, told])).not.toMatch(/expected|difference|missing/);
    expect(done(await act('C1/tasks/1/entry', { lines })).detail).toMatchObject({ state: 'approval' });
    expect(await stockOf('BOLTS')).toBe(55);
    expectProblem(await act('C1/tasks/1/approval'), 422, 'own-count', /somebody else/);
    const approved = done(await act('C1/tasks/1/approval', {}, BOB));
    expect(approved.detail).toMatchObject({ state: 'closed', records: 2, differences: 1 });
    const { items } = done(await service.get('/v1/movements', { site: 'T1', type: 'count' }));
    expect(items).toMatchObject([
      { id: approved.transactions[0] as string, sku: 'BOLTS', from: 'A', to: 'world', quantity: 2 },
    ]);
    expect(await stockOf('BOLTS')).toBe(53);
    expect((await one('C1')).tasks[0]).toMatchObject({
      state: 'closed',
      approvedBy: 'bob',
      records: 2,
      accurate: 1,
      lines: [
        { sku: 'BOLTS', lot: 'L1', expected: 50, counted: 48, difference: -2, isWithin: false },
        { sku: 'NUTS', lot: null, expected: 7, counted: 7, difference: 0, isWithin: true },
      ],
    });
    done(await act('C1/tasks/2/entry', { lines: [{ sku: 'BOLTS', quantity: 5 }] }));
    expect(await one('C1')).toMatchObject({ state: 'closed', done: 2 });
    await eventually('it is told', () => events.of('count').some(({ data }) => data['state'] === 'closed'));
    await events.hangUp();
    const { sites } = done(await service.get('/v1/kpis', { site: 'T1' })) as { sites: { accuracy: unknown }[] };
    expect(sites[0]!.accuracy).toEqual({ counted: 3, accurate: 2, share: 0.6667 });
    await expectVerified();
  });

  it('is posted once for one key, and lists what waits', async () => {
    await found(service, 'RIVETS', 3, 'R');
    await say(service, '/v1/counts', { site: 'T1', id: 'C2', by: 'sku', skus: ['RIVETS'] });
    await say(service, '/v1/counts', { site: 'T1', id: 'C3', by: 'zero' });
    const waiting = await pages<{ count: string; location: string }>(service, '/v1/count-tasks', {
      site: 'T1',
      limit: 1,
    });
    expect(waiting.map(({ count, location }) => `${count} ${location}`)).toEqual(['C2 R', 'C3 A-01']);
    const key = { ...ANN, 'idempotency-key': 'count-r' };
    const body = { lines: [{ sku: 'RIVETS', quantity: 3 }] };
    const first = await act('C2/tasks/1/entry', body, key);
    expect((await act('C2/tasks/1/entry', body, key)).body).toEqual(first.body);
    expectProblem(await act('C2/tasks/1/entry', body), 422, 'count-ended');
    const open = await pages<{ id: string }>(service, '/v1/counts', { site: 'T1', state: 'open' });
    expect(open.map(({ id }) => id)).toEqual(['C3']);
    done(await act('C3/cancellation'));
    expect(await one('C3')).toMatchObject({ state: 'cancelled' });
    await expectVerified();
  });

  it('by the antennas of its zone names what it did not hear, and how likely that is missing', async () => {
    const tags = [1, 2, 3, 4, 5].map((serial) => epcOf(800 + serial));
    const now = Date.now();
    for (const ago of [310_000, 220_000, 130_000])
      await seen(service, lying(tags, 'over-b', now - ago, 90), { B: tags });
    await say(service, '/v1/counts', { site: 'T1', id: 'C4', by: 'sku', skus: [SKU] });
    expectProblem(await act('C4/tasks/1/sweep', { from: iso(now - HOUR_MS) }), 422, 'too-early', /600 s/);
    await seen(service, lying(tags.slice(1), 'over-b', now - 30_000, 25), { B: tags });
    const swept = done(await act('C4/tasks/1/sweep', { from: iso(now - 32_000) }));
    expect(swept.detail).toMatchObject({ state: 'recount' });
    expect(done(await act('C4/tasks/1/entry', { epcs: tags })).detail).toMatchObject({
      state: 'closed',
      differences: 0,
    });
    await expectVerified();
  });
});

describe('what makes no sense', () => {
  it('is refused with what to do', async () => {
    const plan = (body: object) => service.post('/v1/counts', { site: 'T1', ...body });
    expectProblem(await plan({ by: 'location' }), 422, 'incomplete', /locations/);
    expectProblem(await plan({ by: 'location', locations: ['X'] }), 422, 'unknown-location');
    expectProblem(await plan({ by: 'moon' }), 400, 'bad-request');
    expectProblem(await plan({ id: 'C1', by: 'zero' }), 409, 'count-exists');
    expectProblem(await service.get('/v1/counts/NONE'), 404, 'not-found');
    expectProblem(await service.get('/v1/count-tasks', { site: 'NONE' }), 404, 'unknown-site');
    expectProblem(await act('NONE/cancellation'), 404, 'unknown-count');
    expectProblem(await act('C1/tasks/9/entry', { empty: true }), 404, 'unknown-count');
    expectProblem(
      await act('C1/tasks/1/entry', { lines: [{ sku: 'X', quantity: 1, misspelt: 1 }] }),
      400,
      'bad-request',
    );
  });
});
