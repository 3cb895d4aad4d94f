// Adjustments: each with the code of its reason, those over the limit approved by somebody else, scrap off the books; and the same again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { epcOf, lying, smallSite } from '../support/sites.ts';
import { done, expectProblem, found, iso, pages, say, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';

const ANN = { 'x-operator': 'ann' };
const BOB = { 'x-operator': 'bob' };

let service: TestService;
beforeAll(async () => {
  const {
    locations = [],
    readPoints = [],
    ...rest
  } = smallSite('T1', { rules: { adjustment: { approveOverUnits: 20 } } });
  const scrap = { id: 'SCRAP', kind: 'scrap' as const };
  const over = {
    id: 'OVER-SCRAP',
    kind: 'zone' as const,
    location: 'SCRAP',
    antennas: [{ reader: 'over-s', antenna: 1 }],
  };
  const strict = smallSite('T2', { rules: { adjustment: { codes: ['only'], approveOverUnits: 0 } } });
  service = await openService({
    sites: [{ ...rest, locations: [...locations, scrap], readPoints: [...readPoints, over] }, strict],
  });
});

const adjust = (body: object, headers: Record<string, string> = ANN) =>
  service.post('/v1/adjustments', { site: 'T1', sku: 'S1', location: 'A', ...body }, headers);
const stockOf = async (sku: string, location: string): Promise<number> =>
  (done(await service.get('/v1/stock', { site: 'T1', sku, location })).items as { quantity: number }[]).reduce(
    (sum, { quantity }) => sum + quantity,
    0,
  );

async function expectVerified(): Promise<void> {
  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
}

describe('an adjustment', () => {
  it('has the code of its reason, and is listed with who made it', async () => {
    const body = { quantity: 20, code: 'found', reason: 'behind the rack', lot: 'L1' };
    const { detail, transactions } = done(await adjust(body)) as {
      detail: { adjustment: string };
      transactions: string[];
    };
    expect(transactions).toHaveLength(1);
    expect(done(await service.get(`/v1/adjustments/${detail.adjustment}`))).toMatchObject({
      kind: 'adjust',
      sku: 'S1',
      lot: 'L1',
      location: 'A',
      quantity: 20,
      code: 'found',
      reason: 'behind the rack',
      by: 'ann',
      state: 'posted',
      decidedBy: null,
    });
    expectProblem(await adjust({ quantity: 1, code: 'whim' }), 422, 'unknown-reason', /correction, found/);
    const held = { site: 'T1', sku: 'S1', lot: 'L1', location: 'A', quantity: 5, status: 'quality', code: 'quality' };
    done(await service.post('/v1/holds', held, ANN));
    const listed = await pages<{ kind: string; code: string }>(service, '/v1/adjustments', { site: 'T1', limit: 1 });
    expect(listed.map(({ kind, code }) => `${kind} ${code}`)).toEqual(['hold quality', 'adjust found']);
    await expectVerified();
  });

  it('over the limit waits until somebody else approves it, and is posted as of when it was asked for; or is rejected', async () => {
    const asked = done(await adjust({ sku: 'S2', quantity: 21 })) as { detail: { adjustment: string; state: string } };
    expect(asked).toMatchObject({ transactions: [], detail: { state: 'waiting' } });
    const { adjustment } = asked.detail;
    expect(await stockOf('S2', 'A')).toBe(0);
    const path = `/v1/adjustments/${adjustment}/approval`;
    expectProblem(await service.post(path, {}, ANN), 422, 'own-adjustment', /somebody else/);
    const approved = done(await service.post(path, {}, BOB)) as { transactions: string[] };
    expect(approved).toMatchObject({ detail: { adjustment, state: 'posted' } });
    expect(await stockOf('S2', 'A')).toBe(21);
    expectProblem(await service.post(path, {}, BOB), 404, 'unknown-adjustment');
    const one = done(await service.get(`/v1/adjustments/${adjustment}`)) as { happenedAt: string };
    expect(one).toMatchObject({ state: 'posted', by: 'ann', decidedBy: 'bob' });
    const { items } = done(await service.get('/v1/movements', { site: 'T1', sku: 'S2' }));
    expect(items).toMatchObject([{ id: approved.transactions[0]!, happenedAt: one.happenedAt, quantity: 21 }]);
    const again = done(await adjust({ sku: 'S2', quantity: -21 })) as { detail: { adjustment: string } };
    const rejected = await service.post(
      `/v1/adjustments/${again.detail.adjustment}/approval`,
      { isApproved: false },
      BOB,
    );
    expect(done(rejected)).toMatchObject({ transactions: [], detail: { state: 'rejected' } });
    expect(await stockOf('S2', 'A')).toBe(21);
    const waiting = await pages(service, '/v1/adjustments', { site: 'T1', state: 'waiting' });
    expect(waiting).toEqual([]);
    await expectVerified();
  });

  it('of what is held says why: by a code of the site, or by the status where that is one', async () => {
    const body = { site: 'T1', sku: 'S9', location: 'A', quantity: 1 };
    await found(service, 'S9', 5, 'A');
    const hold = (more: object) => service.post('/v1/holds', { ...body, ...more }, ANN);
    expectProblem(
      await hold({ status: 'blocked' }),
      422,
      'incomplete',
      /code: say why it is held, by one of correction/,
    );
    done(await hold({ status: 'blocked', code: 'theft' }));
    done(await hold({ status: 'damaged' }));
    expectProblem(await hold({ site: 'T2', status: 'damaged' }), 422, 'incomplete', /by one of only/);
    const { items } = done(await service.get('/v1/adjustments', { site: 'T1', sku: 'S9', kind: 'hold' })) as {
      items: { status: string; code: string }[];
    };
    const codes = items.map(({ status, code }) => `${status} ${code}`);
    expect(codes.toSorted()).toEqual(['blocked theft', 'damaged damaged']);
  });

  it('is always approved, and of codes of its own, where the site says so', async () => {
    const body = { site: 'T2', sku: 'S1', location: 'A', quantity: 1 };
    expectProblem(
      await service.post('/v1/adjustments', { ...body, code: 'found' }, ANN),
      422,
      'unknown-reason',
      /only/,
    );
    expect(done(await service.post('/v1/adjustments', { ...body, code: 'only' }, ANN)).detail).toMatchObject({
      state: 'waiting',
    });
    expectProblem(await service.get('/v1/adjustments/00000000-0000-0000-0000-000000000000'), 404, 'not-found');
  });
});

describe('scrap', () => {
  it('leaves the books by a command, whatever is heard where it lies; a read alone only moves it', async () => {
    const ago = (seconds: number): string => iso(Date.now() - seconds * 1000);
    const [scrapped, read] = [epcOf(901), epcOf(902)] as [string, string];
    for (const epc of [scrapped, read]) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at: ago(300) });
    const scrap = (body: object) => service.post('/v1/scraps', { site: 'T1', at: ago(200), ...body }, ANN);
    expectProblem(await scrap({ epc: scrapped }), 422, 'incomplete', /code/);
    expectProblem(await scrap({ epc: epcOf(903), code: 'damaged' }), 422, 'unknown-item');
    expectProblem(await scrap({ epc: scrapped, code: 'damaged', to: 'A' }), 422, 'unknown-location', /kind scrap/);
    expectProblem(await scrap({ sku: 'S1', code: 'damaged' }), 422, 'incomplete');
    expect(done(await scrap({ epc: scrapped, code: 'damaged' })).transactions).toHaveLength(1);
    await say(service, '/v1/scraps', { site: 'T1', sku: 'S1', lot: 'L1', location: 'A', quantity: 3, code: 'expired' });
    await seen(service, lying([scrapped, read], 'over-s', Date.now() - 100_000, 60), { SCRAP: [read] });
    const { items } = done(await service.get('/v1/movements', { site: 'T1', epc: scrapped }));
    expect(items).toMatchObject([
      { type: 'adjust', from: 'A', to: 'SCRAP' },
      { type: 'receive', to: 'A' },
    ]);
    expect(done(await service.get(`/v1/items/${scrapped}`))).toMatchObject({ location: 'world' });
    expect(done(await service.get('/v1/movements', { site: 'T1', epc: read })).items).toMatchObject([
      { type: 'move', from: 'A', to: 'SCRAP' },
      { type: 'receive' },
    ]);
    await expectVerified();
  });
});
