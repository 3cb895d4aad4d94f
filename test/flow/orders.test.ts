// A day of a warehouse from the truck that brings it to the truck that takes it: received against a notice, put away, promised to
// orders, picked by scans, loaded, and told in figures; and the same when the day is derived again.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { crossing, epcOf, lying, SKU, smallSite } from '../support/sites.ts';

const S1 = 'S1';
const S2 = SKU;
const MORNING = Date.now() - 4 * HOUR_MS;
const tags = [1, 2, 3, 4, 5].map(epcOf);

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { rules: { inboundDocuments: true, orders: true } })] });
});

const one = async (path: string) => done(await service.get(path)) as Record<string, unknown>;
const reservedOf = (detail: { lines: { reserved: number }[] }): number[] =>
  detail.lines.map(({ reserved }) => reserved);

interface List {
  readonly lines: readonly {
    readonly line: number;
    readonly sku: string;
    readonly order: string;
    readonly state: string;
  }[];
}

it('goes in and out, and every figure of it follows from what was read and scanned', async () => {
  // A truck brings 96 of what has no tags, and five that have one.
  const lines = [
    { line: '1', sku: S1, quantity: 96, lot: 'L1', expiry: '2036-06-30' },
    { line: '2', epcs: tags },
  ];
  const notice = { site: 'T1', id: 'ASN-1', document: 'notice', supplier: 'ACME', door: 'DOOR', lines };
  await say(service, '/v1/inbounds', notice);
  await seen(service, crossing(tags, 'in', MORNING), { DOCK: tags });
  const goods = { site: 'T1', sku: S1, quantity: 96, location: 'DOCK', at: iso(MORNING + MINUTE_MS) };
  await say(service, '/v1/inbounds/ASN-1/goods', goods);
  await say(service, '/v1/inbounds/ASN-1/closing', { site: 'T1' });
  expect(await one('/v1/inbounds/ASN-1')).toMatchObject({ state: 'received', received: 101 });

  // Nothing is promised of what stands at the dock. Orders that go whole wait; put away, it is theirs.
  const order = (id: string, of: readonly (readonly [sku: string, quantity: number])[], more: object = {}) =>
    service.post('/v1/orders', {
      site: 'T1',
      id,
      customer: 'SHOP-1',
      lines: of.map(([sku, quantity], index) => ({ line: String(index + 1), sku, quantity })),
      ...more,
    });
  const first = [
    [S1, 10],
    [S2, 5],
  ] as const;
  expect(reservedOf(done(await order('O1', first)).detail)).toEqual([0, 0]);
  await seen(service, lying(tags, 'over-b', MORNING + 10 * MINUTE_MS, 60), { B: tags });
  const stored = { site: 'T1', sku: S1, lot: 'L1', quantity: 96, from: 'DOCK', to: 'A', status: 'receiving' };
  await say(service, '/v1/movements', { ...stored, at: iso(MORNING + 11 * MINUTE_MS) });
  expect(await one('/v1/orders/O1')).toMatchObject({ state: 'reserved', lines: [{ reserved: 10 }, { reserved: 5 }] });
  expect(reservedOf(done(await order('O2', [[S1, 60]])).detail)).toEqual([60]);
  expect(done(await order('O3', [[S1, 40]], { partial: true })).detail).toMatchObject({
    lines: [{ reserved: 26, backordered: 14 }],
  });

  // All three on one way, each line confirmed by a scan: the bin's label, or the tag of the item.
  const wave = { site: 'T1', id: 'WAVE-1', orders: ['O1', 'O2', 'O3'], to: 'PACK' };
  await say(service, '/v1/picks', wave);
  const list = (await one('/v1/picks/WAVE-1')) as unknown as List;
  expect(list.lines).toHaveLength(4);
  const at = iso(MORNING + HOUR_MS);
  for (const { line, sku } of list.lines) {
    for (const scan of sku === S2 ? tags : ['A'])
      await say(service, `/v1/picks/WAVE-1/lines/${line}/confirmation`, { site: 'T1', scan, at });
  }
  expect(await one('/v1/picks/WAVE-1')).toMatchObject({ state: 'done', picked: 101, short: 0 });
  const { items: left } = done(await service.get('/v1/stock', { site: 'T1', location: 'A' }));
  expect(left).toEqual([]);

  // Loaded: the tags are read at the door, the rest goes by the word of a person.
  await say(service, '/v1/loads', {
    site: 'T1',
    id: 'LOAD-1',
    door: 'DOOR',
    carrier: 'CARRIER',
    orders: ['O1', 'O2', 'O3'],
  });
  await seen(service, crossing(tags, 'out', MORNING + 2 * HOUR_MS), { world: tags });
  const away = { site: 'T1', sku: S1, lot: 'L1', quantity: 96, from: 'PACK', to: 'world' };
  await say(service, '/v1/movements', { ...away, at: iso(MORNING + 2 * HOUR_MS) });
  // On the truck they are neither on hand nor with the customers; what is missing is named.
  expect(await one('/v1/loads/LOAD-1')).toMatchObject({
    state: 'open',
    complete: 2,
    short: 1,
    loaded: 101,
    missing: 14,
    aboard: [
      { sku: S2, quantity: 5 },
      { sku: S1, lot: 'L1', quantity: 96 },
    ],
    orders: [
      { order: 'O1', missing: [] },
      { order: 'O2', missing: [] },
      { order: 'O3', loaded: 26, missing: [{ line: '1', sku: S1, quantity: 14, picked: 0 }] },
    ],
  });
  expect(done(await service.get('/v1/stock', { site: 'T1' })).items).toEqual([]);
  expect(done(await service.get(`/v1/items/${tags[0]!}`))).toMatchObject({
    location: 'world',
    account: 'outbound:LOAD-1',
  });
  const seals = ['SEAL-7'];
  const amended = { site: 'T1', door: 'DOOR', carrier: 'CARRIER', orders: ['O1', 'O2', 'O3'], seals };
  expect(done(await service.put('/v1/loads/LOAD-1', amended)).detail).toEqual({ load: 'LOAD-1', orders: 3 });
  expect(done(await service.post('/v1/loads/LOAD-1/closing', { site: 'T1' })).detail).toEqual({
    load: 'LOAD-1',
    complete: ['O1', 'O2'],
    short: [{ order: 'O3', shipped: 26, short: 14, missing: [{ line: '1', sku: S1, quantity: 14 }] }],
  });
  expect(await one('/v1/loads/LOAD-1')).toMatchObject({ state: 'closed', aboard: [], seals, loaded: 101, missing: 14 });
  expect(done(await service.get(`/v1/items/${tags[0]!}`))).toMatchObject({ location: 'world', account: 'customer' });
  const { items: out } = done(await service.get('/v1/movements', { site: 'T1', type: 'ship' }));
  expect((out as { from: string; to: string }[]).map(({ from, to }) => `${from} → ${to}`).toSorted()).toEqual([
    ...tags.map(() => 'DOCK → world'),
    'PACK → world',
  ]);
  expect(await one('/v1/orders/O3')).toMatchObject({ state: 'waiting', shipped: 26, backordered: 14 });
  expect(done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' })).items).toEqual([]);

  // 101 of 115 units, 3 of 4 lines, 2 of 3 orders.
  const fill = {
    units: { asked: 115, filled: 101, share: 0.8783 },
    lines: { asked: 4, filled: 3, share: 0.75 },
    orders: { asked: 3, filled: 2, share: 0.6667 },
  };
  const figures = done(await service.get('/v1/kpis', { site: 'T1' })).sites as object[];
  expect(figures).toMatchObject([
    {
      site: 'T1',
      picking: {
        lines: 4,
        refused: 0,
        caught: 0,
        shippedWrong: 0,
        firstPass: 1,
        accuracy: 1,
        shippedWrongShare: 0,
      },
      fill,
      onTime: { asked: 0, share: null },
      perfect: { asked: 3, filled: 2, share: 0.6667 },
      cycle: { orders: 2 },
      dockToStock: { receipts: 1, units: 101, medianHours: expect.closeTo(10.5 / 60, 1) as number },
      receiving: { accuracy: { asked: 2, filled: 2, share: 1 }, suppliers: { asked: 2, filled: 2, share: 1 } },
      turnover: [{ currency: null, shipped: 101 }],
      supply: { available: 0, demandPerDay: expect.closeTo(101 / 28, 3) as number, days: 0 },
      accuracy: { counted: 0, accurate: 0, share: null },
    },
  ]);
  expect(done(await service.get('/v1/kpis/customers', { site: 'T1' })).customers).toMatchObject([
    { site: 'T1', customer: 'SHOP-1', fill },
  ]);
  expect(done(await service.get('/v1/kpis/classes', { site: 'T1' })).classes).toMatchObject([
    {
      site: 'T1',
      class: null,
      skus: 2,
      onHand: 0,
      received: 101,
      shipped: 101,
      turnover: [{ currency: null, shipped: 101 }],
    },
  ]);
  expect(done(await service.get('/v1/kpis/skus', { site: 'T1' })).items).toMatchObject([
    { sku: S2, received: 5, shipped: 5, onHand: 0 },
    { sku: S1, received: 96, shipped: 96, onHand: 0 },
  ]);
  expect(done(await service.get('/v1/kpis/orders', { site: 'T1', limit: 2 }))).toMatchObject({
    items: [
      { order: 'O1', unitsFilled: 15, isFilled: true, isPerfect: true },
      { order: 'O2', unitsFilled: 60 },
    ],
    next: expect.any(String) as string,
  });
  const shipments = done(await service.get('/v1/orders/O1/shipments', { site: 'T1' })).shipments as {
    load: string;
    quantity: number;
  }[];
  expect(shipments.map(({ load }) => load)).toEqual(shipments.map(() => 'LOAD-1'));
  expect(shipments.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(15);
  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
