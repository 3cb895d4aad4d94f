// Stock without tags that is not where the books have it: nobody hears it, so pickers, counts and sales say so. It is doubted with its
// evidence, beside what has tags; it leads to a count, is an alert when it is surely wrong, and ends when the bin has been counted.
import { beforeAll, describe, expect, it } from 'vitest';
import { done, found, HOUR_MS, iso, MINUTE_MS, say } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { alertsOf, look, only } from '../api/watching.ts';
import { smallSite } from '../support/sites.ts';

const DAY_MS = 24 * HOUR_MS;
const now = Date.now();
const ANN = { 'x-operator': 'ann' };
const BOB = { 'x-operator': 'bob' };
const rule = { rules: only('phantom') };
let service: TestService;

interface Doubted {
  readonly sku: string;
  readonly epc: null;
  readonly location: string;
  readonly quantity: number;
  readonly probability: number;
  readonly why: string;
  readonly shortPicks: number;
  readonly stock: Readonly<Record<string, unknown>> & { readonly odds: Readonly<Record<string, number>> };
}

beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { rules: { orders: true } })] });
});

const doubted = async (query: Record<string, string | number | boolean> = {}): Promise<Doubted[]> =>
  done(await service.get('/v1/phantoms', { site: 'T1', ...query })).items as Doubted[];

/** An order of it is picked, and the picker finds nothing. */
async function pickedInVain(order: string, sku: string, quantity: number): Promise<void> {
  const lines = [{ line: '1', sku, quantity }];
  done(await service.post('/v1/orders', { site: 'T1', id: order, customer: 'SHOP', lines }));
  const { detail } = done(await service.post(`/v1/orders/${order}/release`, { site: 'T1' }));
  await say(service, `/v1/picks/${detail.pick}/lines/1/shortage`, { site: 'T1' });
  await service.posted();
}

/** Both say what lies in the bin, which is what the books have from then on. */
async function counted(plan: object, sku: string, quantity: number): Promise<void> {
  const { detail } = done(await service.post('/v1/counts', plan, ANN));
  const entry = { site: 'T1', lines: quantity === 0 ? [] : [{ sku, quantity }], empty: quantity === 0 };
  const say1 = () => service.post(`/v1/counts/${detail.count}/tasks/1/entry`, entry, ANN);
  let { state } = done(await say1()).detail as { state: string };
  if (state === 'recount') ({ state } = done(await say1()).detail as { state: string });
  if (state === 'approval')
    done(await service.post(`/v1/counts/${detail.count}/tasks/1/approval`, { site: 'T1' }, BOB));
  await service.posted();
}

const check = async (location: string) => {
  const { checks } = done(await service.get('/v1/phantoms/checks', { site: 'T1' })) as {
    checks: { location: string; count: object; records: number; recordsWrong: number; suggestion: string }[];
  };
  return checks.find((one) => one.location === location);
};

describe('stock without tags', () => {
  it('is not doubted while nothing speaks against it', async () => {
    await found(service, 'BOLTS', 40, 'A-01', { at: iso(now - 20 * DAY_MS) });
    await found(service, 'NUTS', 30, 'B', { at: iso(now - 20 * DAY_MS) });
    expect(await doubted()).toEqual([]);
    expect(await check('A-01')).toBeUndefined();
  });

  it('of which a picker found none is doubted, with what says so, and leads to a count', async () => {
    await pickedInVain('O-1', 'BOLTS', 5);
    const [one, ...others] = await doubted();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ sku: 'BOLTS', epc: null, location: 'A-01', quantity: 40, shortPicks: 1 });
    expect(one!.probability).toBeGreaterThan(0.3);
    expect(one!.probability).toBeLessThan(0.9);
    expect(one!.stock).toMatchObject({ odds: { shortPicks: 60, gap: 1, negativeElsewhere: 1 }, counts: 0 });
    expect(one!.why).toMatch(/^The books have 40 of BOLTS without tags at A-01\. A picker found less there, last on /);
    expect(await check('A-01')).toMatchObject({
      records: 1,
      recordsWrong: one!.probability,
      suggestion: 'Count A-01: a record of stock without tags is in doubt.',
      count: { site: 'T1', by: 'location', locations: ['A-01'] },
      waits: null,
    });
    // One report alone is no alert.
    expect(await look(service, now, rule)).toEqual([]);
  });

  it('waits to be counted once that is planned, which is told, and no more when the plan is given up', async () => {
    const { detail } = done(await service.post('/v1/counts', (await check('A-01'))!.count));
    expect(await check('A-01')).toMatchObject({ waits: { count: detail.count, task: 1 } });
    await say(service, `/v1/counts/${detail.count}/cancellation`, { site: 'T1' });
    expect(await check('A-01')).toMatchObject({ waits: null });
  });

  it('that was there after all is doubted no more once it has been counted', async () => {
    await counted((await check('A-01'))!.count, 'BOLTS', 40);
    expect(await doubted()).toEqual([]);
    expect(await check('A-01')).toBeUndefined();
  });

  it('that was also taken where the books had none is an alert, until it has been counted', async () => {
    // Somebody took NUTS from the reserve, where the books have none; then a picker finds none where the books have them.
    await say(service, '/v1/movements', {
      site: 'T1',
      sku: 'NUTS',
      quantity: 5,
      from: 'R',
      to: 'PACK',
      at: iso(now - 5 * DAY_MS),
    });
    await pickedInVain('O-2', 'NUTS', 3);
    const nuts = (await doubted()).find(({ location }) => location === 'B');
    expect(nuts).toMatchObject({ sku: 'NUTS', location: 'B', stock: { negativeElsewhere: 1 } });
    expect(nuts!.probability).toBeGreaterThanOrEqual(0.7);
    // The last report of a picker was wrong, as its count showed: one weighs a little less now.
    expect(nuts!.stock.odds['shortPicks']).toBeLessThan(60);
    const limits = { rules: { ...only('phantom'), phantom: { on: true, untaggedMin: 0.7 } } };
    const at = Date.now();
    expect(await look(service, at, limits)).toEqual(['phantom NUTS@B opened']);
    const [alert] = await alertsOf(service, { kind: 'phantom' });
    expect(alert).toMatchObject({
      subject: 'NUTS@B',
      confidence: nuts!.probability,
      suggestion: expect.stringContaining('plan a count of the bin'),
      evidence: { why: nuts!.why, negativeElsewhere: 1, shortPicks: 1 },
    });
    await counted({ site: 'T1', by: 'location', locations: ['B'] }, 'NUTS', 0);
    expect((await doubted()).filter(({ location }) => location === 'B')).toEqual([]);
    expect(await look(service, at + MINUTE_MS, limits)).toEqual([]);
    expect(await look(service, at + 10 * MINUTE_MS, limits)).toEqual(['phantom NUTS@B resolved']);
  });

  it('would have been told with another limit: a dry run says so', async () => {
    const dry = async (untaggedMin: number) =>
      done(
        await service.get('/v1/alert-rules/phantom/dry-run', {
          site: 'T1',
          from: iso(now - 2 * DAY_MS),
          limits: JSON.stringify({ untaggedMin }),
        }),
      ) as { firings: { subject: string }[] };
    // Two days ago NUTS had been taken from R already, but no picker had come.
    expect((await dry(0.9)).firings).toEqual([]);
    await found(service, 'WASHERS', 9, 'A', { at: iso(now - 300 * DAY_MS) });
    for (const days of [6, 5])
      await say(service, '/v1/movements', {
        site: 'T1',
        sku: 'WASHERS',
        quantity: 4,
        from: days === 6 ? 'R' : 'HOLD',
        to: 'PACK',
        at: iso(now - days * DAY_MS),
      });
    expect((await dry(0.5)).firings).toMatchObject([{ subject: 'WASHERS@A' }]);
  });

  it('that nobody was sent for long, though it sold nearly every day, is doubted, but is no alert by that alone', async () => {
    await found(service, 'PINS', 100, 'A', { at: iso(now - 60 * DAY_MS) });
    for (let days = 40; days > 25; days--)
      await say(service, '/v1/movements', {
        site: 'T1',
        sku: 'PINS',
        quantity: 2,
        from: 'A',
        to: 'world',
        at: iso(now - days * DAY_MS),
      });
    await service.posted();
    const [pins] = await doubted({ sku: 'PINS' });
    expect(pins).toMatchObject({
      sku: 'PINS',
      location: 'A',
      quantity: 70,
      stock: { daysWithoutSale: 26, sellsOn: 1 },
    });
    expect(pins!.why).toMatch(/No customer was sent any for 26 days; before, it went out on 10 of 10 days\./);
    expect(pins!.probability).toBeGreaterThanOrEqual(0.3);
    expect(pins!.probability).toBeLessThanOrEqual(0.8);
    expect((await look(service, Date.now(), rule)).filter((change) => change.includes('PINS'))).toEqual([]);
    // It is there: counted, it begins anew.
    await counted({ site: 'T1', by: 'sku', skus: ['PINS'] }, 'PINS', 70);
    expect(await doubted({ sku: 'PINS' })).toEqual([]);
  });

  it('is listed page by page with what has tags, and can be asked for by itself', async () => {
    await found(service, 'RIVETS', 8, 'R', { at: iso(now - 20 * DAY_MS) });
    await pickedInVain('O-3', 'RIVETS', 1);
    const all = await doubted();
    expect(new Set(all.map(({ sku }) => sku))).toEqual(new Set(['RIVETS', 'WASHERS']));
    const first = done(await service.get('/v1/phantoms', { site: 'T1', limit: 1 }));
    const rest = done(await service.get('/v1/phantoms', { site: 'T1', limit: 100, cursor: first.next as string }));
    expect([...first.items, ...rest.items]).toEqual(all);
    expect(await doubted({ tagged: false })).toEqual(all);
    expect(await doubted({ tagged: true })).toEqual([]);
    expect((await doubted({ location: 'A' })).map(({ sku }) => sku)).toEqual(['WASHERS']);
    expect(await doubted({ probability: 0.99 })).toEqual([]);
  });
});
