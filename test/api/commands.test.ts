// Commands: what people and systems ask of a site. Each goes through the journal and is answered when it is in the ledger;
// the same Idempotency-Key again is the same command.
import { beforeAll, describe, expect, it } from 'vitest';
import { crossing, epcOf, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, iso, say, seen } from './doings.ts';
import { openService, type Answer, type TestService } from './service.ts';

let service: TestService;
const [first, second, third] = [1, 2, 3].map(epcOf) as [string, string, string];
const TOTE = '3314257BF40000000000002A00000000'.slice(0, 24);

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
  await seen(service, crossing([first, second, third], 'in', Date.now() - HOUR_MS), { DOCK: [first, second, third] });
});

const item = async (epc: string) => done(await service.get(`/v1/items/${epc}`)) as Record<string, unknown>;
const quantity = async (sku: string, location: string): Promise<number> => {
  const { items } = done(await service.get('/v1/stock', { sku, location })) as { items: { quantity: number }[] };
  return items.reduce((sum, balance) => sum + balance.quantity, 0);
};
const journalled = (): Promise<number> =>
  service.database.value("select count(*) from journal where site = 'T1' and kind = 3");

describe('a command', () => {
  it('to move an item moves it, and the answer names the movement', async () => {
    const [id] = await say(service, '/v1/movements', { site: 'T1', epc: first, to: 'A-01', reason: 'found there' });
    expect(await item(first)).toMatchObject({ location: 'A-01', movement: id, confidence: 1 });
  });

  it('to move an item out of the site ships it', async () => {
    await say(service, '/v1/movements', { site: 'T1', epc: second, to: 'world' });
    expect(await item(second)).toMatchObject({ location: 'world', account: 'customer' });
  });

  it('to move plain stock moves so much of it', async () => {
    await found(service, 'PLAIN', 10, 'R');
    await say(service, '/v1/movements', { site: 'T1', sku: 'PLAIN', quantity: 4, from: 'R', to: 'B' });
    expect([await quantity('PLAIN', 'R'), await quantity('PLAIN', 'B')]).toEqual([6, 4]);
  });

  it('to move what has just come in takes that, where nothing of it is available', async () => {
    const move = (from: string, to: string, more = {}) =>
      say(service, '/v1/movements', { site: 'T1', sku: 'FRESH', quantity: 10, from, to, ...more });
    const lines = [{ line: '1', sku: 'FRESH', quantity: 20 }];
    await say(service, '/v1/inbounds', { site: 'T1', id: 'PO-F', document: 'order', supplier: 'ACME', lines });
    const receive = () =>
      say(service, '/v1/inbounds/PO-F/goods', { site: 'T1', sku: 'FRESH', quantity: 10, location: 'DOCK' });
    await receive();
    await move('DOCK', 'B');
    const { items } = done(await service.get('/v1/stock', { sku: 'FRESH' }));
    expect(items).toMatchObject([{ location: 'B', status: 'available', quantity: 10 }]);
    await receive();
    await found(service, 'FRESH', 1, 'DOCK');
    await move('DOCK', 'B', { status: 'receiving' });
    expect([await quantity('FRESH', 'B'), await quantity('FRESH', 'DOCK')]).toEqual([20, 1]);
    expect(done(await service.get('/v1/discrepancies', { sku: 'FRESH', kind: 'negative-balance' })).items).toEqual([]);
  });

  it('to adjust adds what was found and takes what is missing', async () => {
    await found(service, 'COUNTED', 2.5, 'B');
    await found(service, 'COUNTED', -0.5, 'B');
    expect(await quantity('COUNTED', 'B')).toBe(2);
  });

  it('about fractions of a unit adds up exactly, also when many are booked at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => found(service, 'LITRES', [0.1, 0.2, 0.7][index % 3]!, 'B')),
    );
    expect(await quantity('LITRES', 'B')).toBe(6.3);
    const sum = "select sum(quantity)::text from posting where sku = 'LITRES'";
    const balance = "select quantity::text from balance where sku = 'LITRES' and location = 'B'";
    expect([await service.database.value<string>(sum), await service.database.value<string>(balance)]).toEqual([
      '6.3',
      '6.3',
    ]);
  });

  it('to hold an item changes its status, and another releases it', async () => {
    await say(service, '/v1/holds', { site: 'T1', epc: third, status: 'quality' });
    expect(await item(third)).toMatchObject({ status: 'quality', location: 'DOCK' });
    await say(service, '/v1/holds', { site: 'T1', epc: third, status: 'available' });
    expect(await item(third)).toMatchObject({ status: 'available' });
  });

  it('to remove an item takes it out of stock', async () => {
    const lost = epcOf(4);
    await say(service, '/v1/movements', { site: 'T1', epc: lost, to: 'R' });
    expect(await quantity(SKU, 'R')).toBe(1);
    await say(service, `/v1/items/${lost}/removal`, { site: 'T1', reason: 'crushed' });
    expect(await quantity(SKU, 'R')).toBe(0);
    expect(await item(lost)).toMatchObject({ account: 'adjustment', location: 'world' });
  });

  it('to map a tag to a SKU makes it count where it is', async () => {
    const strange = 'AD38000000000000000000000001';
    await say(service, '/v1/movements', { site: 'T1', epc: strange, to: 'B' });
    expect(await item(strange)).toMatchObject({ kind: 'unknown', sku: null, location: 'B' });
    done(await service.put(`/v1/items/${strange}/identity`, { site: 'T1', sku: 'LADDER', lot: 'L7' }));
    expect(await item(strange)).toMatchObject({ kind: 'item', sku: 'LADDER', lot: 'L7', location: 'B' });
    expect(await quantity('LADDER', 'B')).toBe(1);
  });

  it('to pack makes items travel with their container until they are unpacked', async () => {
    const goods = [epcOf(5), epcOf(6)];
    for (const epc of [...goods, TOTE]) await say(service, '/v1/movements', { site: 'T1', epc, to: 'PACK' });
    await say(service, `/v1/containers/${TOTE}/pack`, { site: 'T1', epcs: goods });
    expect(await item(goods[0]!)).toMatchObject({ container: TOTE, location: 'PACK' });
    await say(service, '/v1/movements', { site: 'T1', epc: TOTE, to: 'A' });
    for (const epc of goods) expect(await item(epc)).toMatchObject({ container: TOTE, location: 'A' });
    const { items } = done(await service.get(`/v1/items/${goods[0]}/history`));
    expect(items[0]).toMatchObject({ from: 'PACK', to: 'A', source: 'inferred', container: TOTE });
    await say(service, `/v1/containers/${TOTE}/unpack`, { site: 'T1', epcs: [goods[0]!] });
    expect(await item(goods[0]!)).toMatchObject({ container: null });
    await say(service, `/v1/containers/${TOTE}/unpack`, { site: 'T1' });
    expect(await item(goods[1]!)).toMatchObject({ container: null, location: 'A' });
    expectProblem(await service.post(`/v1/containers/${TOTE}/unpack`, { site: 'T1' }), 422, 'empty');
  });

  it('says who asked and why, for the record', async () => {
    const [id] = await say(
      service,
      '/v1/adjustments',
      { site: 'T1', sku: 'AUDIT', quantity: 1, location: 'B', reason: 'stock take' },
      { 'x-operator': 'anna' },
    );
    expect(done(await service.get(`/v1/movements/${id}/evidence`)).person).toEqual({
      actor: 'anna',
      reason: 'stock take',
    });
  });

  it('is answered soon: in the ledger, not merely accepted', async () => {
    const startedAt = performance.now();
    for (let index = 0; index < 10; index++) await found(service, 'QUICK', 1, 'B');
    expect(await quantity('QUICK', 'B')).toBe(10);
    expect((performance.now() - startedAt) / 10).toBeLessThan(1000); // 15 ms on an idle machine
  });
});

describe('an Idempotency-Key', () => {
  const body = { site: 'T1', sku: 'ONCE', quantity: 3, location: 'B' };
  const adjust = (key: string, more: object = {}): Promise<Answer> =>
    service.post('/v1/adjustments', { ...body, ...more }, { 'idempotency-key': key });

  it('used again for the same command gives the same answer, and nothing happens twice', async () => {
    const answer = done(await adjust('k-1'));
    expect(answer).toMatchObject({ status: 'done', key: 'k-1' });
    const rows = await journalled();
    expect(done(await adjust('k-1'))).toEqual(answer);
    const { location, ...rest } = body;
    const inAnotherOrder = await service.post('/v1/adjustments', { location, ...rest }, { 'idempotency-key': 'k-1' });
    expect(done(inAnotherOrder)).toEqual(answer);
    expect([await quantity('ONCE', 'B'), await journalled()]).toEqual([3, rows]);
  });

  it('used for another command is a conflict, whichever route it comes by', async () => {
    done(await adjust('k-2', { sku: 'TWICE' }));
    expectProblem(await adjust('k-2', { sku: 'TWICE', quantity: 4 }), 409, 'key-reused', /take a new key/);
    const moved = await service.post(
      '/v1/movements',
      { site: 'T1', epc: third, to: 'B' },
      { 'idempotency-key': 'k-2' },
    );
    expectProblem(moved, 409, 'key-reused');
    expect(await quantity('TWICE', 'B')).toBe(3);
  });

  it('belongs to a site', async () => {
    done(await adjust('k-3', { sku: 'SITES' }));
    done(await adjust('k-3', { sku: 'SITES', site: 'T2' }));
    expect(await quantity('SITES', 'B')).toBe(6);
  });

  it('remembers a refusal as well', async () => {
    const refused = await adjust('k-4', { location: 'MOON' });
    expectProblem(refused, 422, 'unknown-location', /MOON is not a location of T1/);
    expect((await adjust('k-4', { location: 'MOON' })).body).toEqual(refused.body);
    expectProblem(await adjust('k-4'), 409, 'key-reused');
  });

  it('used by twenty impatient clients at once is still one command', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => adjust('k-5', { sku: 'CROWD' })));
    expect(new Set(answers.map((answer) => JSON.stringify(done(answer)))).size).toBe(1);
    expect(await quantity('CROWD', 'B')).toBe(3);
  });

  it('that was not given is made up, so two commands alike are two', async () => {
    const keys = [await service.post('/v1/adjustments', body), await service.post('/v1/adjustments', body)].map(
      (answer) => done(answer).key as string,
    );
    expect(keys[0]).not.toBe(keys[1]);
  });
});

describe('a command that makes no sense', () => {
  const refusals: readonly (readonly [string, object, string, RegExp])[] = [
    ['/v1/movements', { epc: first, to: 'MOON' }, 'unknown-location', /MOON/],
    ['/v1/movements', { to: 'B' }, 'incomplete', /epc and to/],
    ['/v1/movements', { sku: 'X', quantity: 1, from: 'B', to: 'B' }, 'nowhere', /same location/],
    ['/v1/adjustments', { sku: 'X', quantity: 0, location: 'B' }, 'nothing', /changes nothing/],
    ['/v1/adjustments', { sku: 'X', quantity: 1, location: 'world' }, 'unknown-location', /outside/],
    ['/v1/holds', { status: 'quality' }, 'incomplete', /epc for an item/],
    ['/v1/holds', { sku: 'X', quantity: 1, location: 'B', status: 'available' }, 'nothing', /already/],
    ['/v1/movements', { epc: first, to: 'B', at: iso(Date.now() + HOUR_MS) }, 'future', /future/],
    ['/v1/movements', { epc: first, to: 'B', at: '2026-11-23 15:33 local' }, 'bad-time', /RFC 3339/],
    [`/v1/containers/${TOTE}/pack`, { epcs: [TOTE] }, 'in-itself', /itself/],
    [`/v1/containers/${TOTE}/unpack`, { epcs: [first] }, 'not-inside', /is not in/],
  ];
  it.each(refusals)('POST %s %j is refused: %s', async (path, body, code, detail) => {
    expectProblem(await service.post(path, { site: 'T1', ...body }), 422, code, detail);
  });

  it('overtaken by what happened since is refused', async () => {
    const epc = epcOf(7);
    await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at: iso(Date.now() - 4 * HOUR_MS) });
    await say(service, '/v1/movements', { site: 'T1', epc, to: 'B', at: iso(Date.now() - 2 * HOUR_MS) });
    const late = { site: 'T1', epc, to: 'R', at: iso(Date.now() - 5 * HOUR_MS) };
    expectProblem(await service.post('/v1/movements', late), 422, 'overtaken', /moved on/);
  });
});

describe('a command that is no command', () => {
  const move = { site: 'T1', epc: first, to: 'B' };
  const plain = { site: 'T1', sku: 'X', quantity: 1, from: 'A', to: 'B' };
  it.each([
    ['without a site', { epc: first, to: 'B' }, /site/],
    ['that goes nowhere', { site: 'T1', epc: first }, /to/],
    ['of what is no tag', { ...move, epc: 'XYZ' }, /epc/],
    ['of a quantity in words', { ...plain, quantity: '3' }, /quantity/],
    ['of less than nothing', { ...plain, quantity: -1 }, /quantity/],
    ['finer than the books', { ...plain, quantity: 0.00001 }, /quantity: 0\.00001 is finer/],
    ['of more than there can be', { ...plain, quantity: 1e10 }, /quantity/],
    ['with a story for a reason', { ...move, reason: 'x'.repeat(501) }, /reason/],
    ['with a word misspelt', { ...plain, form: 'A' }, /form/],
    ['that calls itself another', { ...move, kind: 'load-site' }, /kind/],
    ['with a character nobody can keep', { ...move, reason: 'a\0b' }, /U\+0000/],
    ['that is a list', [], /object/],
  ])('%s is told what is wrong, and leaves no trace', async (_name, body, detail) => {
    const before = await journalled();
    const answer = await service.post('/v1/movements', body);
    expectProblem(answer, 400, 'bad-request');
    expect(JSON.stringify(answer.body)).toMatch(detail);
    expect(await journalled()).toBe(before);
  });

  it('for a site that nobody loaded is a 404', async () => {
    expectProblem(await service.post('/v1/movements', { site: 'MARS', epc: first, to: 'B' }), 404, 'unknown-site');
  });

  it('cannot name another tag than its path does', async () => {
    const path = `/v1/items/${epcOf(8)}/removal`;
    expectProblem(await service.post(path, { site: 'T1', epc: first }), 400, 'bad-request');
    expectProblem(await service.post('/v1/items/XYZ/removal', { site: 'T1' }), 400, 'bad-request', /not hexadecimal/);
  });
});

it('a command that nobody decides is pending, and its key asks again', async () => {
  const closed = await openService({ lives: 'test', api: { outcomeWithinMs: 200 } });
  await closed.stop();
  const body = { site: 'T1', sku: 'LATER', quantity: 1, location: 'B' };
  const answer = await closed.post('/v1/adjustments', body, { 'idempotency-key': 'later' });
  expectProblem(answer, 503, 'outcome-pending', /Idempotency-Key later/);
  const again = await openService({ after: closed, lives: 'test' });
  const decided = await eventually('it is decided when the engine is back', async () => {
    const later = await again.post('/v1/adjustments', body, { 'idempotency-key': 'later' });
    return later.status === 200 && later;
  });
  expect(decided.body).toMatchObject({ status: 'done', key: 'later' });
});
