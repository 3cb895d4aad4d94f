// A supervisor says what is to lie elsewhere: somebody is given the task, gives it back, is too slow, or does it, by a scan or because antennas
// hear it there; nothing is moved twice, and nothing that orders are promised. The same when the day is derived again.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { epcOf, lying, SKU, smallSite } from '../support/sites.ts';

const MORNING = Date.now() - 6 * HOUR_MS;
const at = (minutes: number) => iso(MORNING + minutes * MINUTE_MS);
const tags = [1, 2].map(epcOf) as [string, string];
const base = smallSite('T1', { rules: { orders: true } });

let service: TestService;
beforeAll(async () => {
  const small = { id: 'B-02', kind: 'pick' as const, in: 'B', capacity: 4 };
  const bins = [{ id: 'B-01', kind: 'pick' as const, in: 'B' }, small];
  service = await openService({ sites: [{ ...base, locations: [...base.locations!, ...bins] }] });
});

const as = (operator: string) => ({ 'x-operator': operator });
const relocate = (body: object) => service.post('/v1/relocations', { site: 'T1', ...body });
const made = async (body: object): Promise<string> => {
  const { detail } = done(await relocate(body)) as { detail: { tasks: [string] } };
  await service.posted();
  return detail.tasks[0];
};
const task = async (id: string) => {
  await service.posted();
  return done(await service.get(`/v1/relocations/${id}`));
};
const stock = async (sku: string) => {
  await service.posted();
  const { items } = done(await service.get('/v1/stock', { site: 'T1', sku })) as {
    items: { location: string; quantity: number }[];
  };
  return Object.fromEntries(items.map(({ location, quantity }) => [location, quantity]));
};

it('is a job like any other, done once', async () => {
  await found(service, 'CUPS', 12, 'R', { at: at(0) });
  const lines = [{ line: '1', sku: 'CUPS', quantity: 2 }];
  await say(service, '/v1/orders', { site: 'T1', id: 'O-1', customer: 'SHOP', lines, at: at(1) });
  await say(service, '/v1/picks', { site: 'T1', id: 'P-1', orders: ['O-1'], to: 'PACK', at: at(2) });

  const cups = { sku: 'CUPS', from: 'R', to: 'B-01' };
  expectProblem(await relocate({ ...cups, quantity: 11 }), 422, 'not-there', /Only 10 of CUPS is free/);
  expectProblem(await relocate({ ...cups, to: 'B' }), 422, 'not-storage', /bins within it/);
  expectProblem(await relocate({ ...cups, to: 'DOCK' }), 422, 'not-storage');
  expectProblem(await relocate({ ...cups, to: 'R' }), 422, 'nowhere');
  expectProblem(await relocate({ ...cups, to: 'B-02', quantity: 5 }), 422, 'no-bin', /room for 4 of CUPS/);
  const first = await made({ ...cups, reason: 'nearer to the bench', at: at(3) });
  expectProblem(await relocate({ ...cups, quantity: 1 }), 422, 'not-there');
  expect(await task(first)).toMatchObject({ state: 'open', from: 'R', to: 'B-01', left: 10, rule: 'said' });

  // Given to one, not to another; given back; too slow; done by who has it then.
  const next = async (person: string, kinds: readonly string[], minutes: number) => {
    const body = { site: 'T1', kinds, at: at(minutes) };
    return (done(await service.post('/v1/queue/next', body, as(person))) as { detail: { job: object | null } }).detail;
  };
  expect(await next('pia', ['relocate'], 4)).toMatchObject({ job: { kind: 'relocate', id: first, to: 'B-01' } });
  expect(await next('tom', ['relocate'], 5)).toMatchObject({ job: null });
  const path = `/v1/relocations/${first}`;
  expectProblem(await service.post(`${path}/claim`, { site: 'T1', at: at(5) }, as('tom')), 409, 'task-claimed');
  await say(service, `${path}/release`, { site: 'T1', at: at(6) }, as('pia'));
  await say(service, `${path}/claim`, { site: 'T1', at: at(7) }, as('pia'));
  expect(await next('tom', ['relocate'], 5 * 60)).toMatchObject({ job: { id: first } });
  const confirm = (scan: string, quantity: number, minutes = 1) =>
    service.post(`${path}/confirmation`, { site: 'T1', scan, quantity, at: at(5 * 60 + minutes) }, as('tom'));
  expectProblem(await confirm('B-01', 11), 422, 'too-many');
  done(await confirm('B-01', 9));
  expect(await stock('CUPS')).toEqual({ R: 3, 'B-01': 9 });
  done(await confirm('B-02', 1, 2));
  expectProblem(await confirm('B-01', 1), 422, 'task-done');
  expect(await stock('CUPS')).toEqual({ R: 2, 'B-01': 9, 'B-02': 1 });
  expect(await task(first)).toMatchObject({ state: 'done', done: 10 });
  const { items: told } = done(await service.get('/v1/discrepancies', { site: 'T1', kind: 'other-bin' }));
  expect(told).toHaveLength(1);
  const { items: jobs } = done(await service.get('/v1/movements', { site: 'T1', sku: 'CUPS', type: 'move' }));
  expect(jobs).toMatchObject([
    { from: 'R', to: 'B-02', source: 'scan' },
    { from: 'R', to: 'B-01', source: 'scan' },
  ]);

  // What is not there any more is not to be brought; what somebody does not want any more stays.
  const second = await made({ sku: 'CUPS', from: 'B-01', to: 'R', quantity: 6 });
  await say(service, '/v1/adjustments', { site: 'T1', sku: 'CUPS', quantity: -5, location: 'B-01', reason: 'broken' });
  expect(await task(second)).toMatchObject({ left: 4, quantity: 4 });
  await say(service, `/v1/relocations/${second}/cancellation`, { site: 'T1' });
  expect(await task(second)).toMatchObject({ state: 'gone', left: 0 });
  expectProblem(await service.post(`/v1/relocations/${second}/cancellation`, { site: 'T1' }), 422, 'task-done');
  expectProblem(await service.post('/v1/relocations/MOVE-99/cancellation', { site: 'T1' }), 404, 'unknown-task');
  expect(await stock('CUPS')).toEqual({ R: 2, 'B-01': 4, 'B-02': 1 });
});

it('is done by who carries tags there, when the antennas above hear them', async () => {
  for (const epc of tags) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A-01', at: at(0) });
  await service.posted();
  const third = await made({ sku: SKU, from: 'A-01', to: 'B-01', at: at(1) });
  expect(await task(third)).toMatchObject({ left: 2 });
  const heard = lying(tags, 'over-b', MORNING + 60 * MINUTE_MS, 240);
  await seen(service, heard, { B: tags });
  expect(await task(third)).toMatchObject({ state: 'done', done: 2, left: 0 });
  const path = `/v1/relocations/${third}/confirmation`;
  expectProblem(await service.post(path, { site: 'T1', scan: 'B-01' }), 422, 'task-done');

  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
