// Alerts of goods: what will be out, what will be past its day, what a truck brought too little of, what left without an order, what
// nobody has counted; and what each of these rules would have done before.
import { beforeAll, describe, expect, it } from 'vitest';
import type { AlertKind } from '../../src/config/alertKinds.ts';
import type { AlertRuleOverrides } from '../../src/config/alerts.ts';
import type { AlertJson } from '../../src/wire/alert.ts';
import { crossing, epcOf, lying, SKU } from '../support/sites.ts';
import { twoDoors } from '../support/twoDoors.ts';
import { eventually } from '../support/wait.ts';
import { done, found, HOUR_MS, iso, say, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { alertsOf, look, only } from './watching.ts';

const DAY_MS = 24 * HOUR_MS;
const now = Date.now();
const day = (days: number): string => iso(now + days * DAY_MS).slice(0, 10);
let service: TestService;

const siteWith = (site: string, more: object = {}) => {
  const { locations = [], ...rest } = twoDoors(site, more);
  const classes: Record<string, 'A' | 'B'> = { 'A-01': 'A', B: 'A', R: 'B' };
  return {
    ...rest,
    locations: locations.map((one) => (classes[one.id] === undefined ? one : { ...one, class: classes[one.id]! })),
  };
};

beforeAll(async () => {
  const levels = [{ sku: 'SOLD', minimum: 0, leadDays: 10 }];
  service = await openService({
    sites: [siteWith('T1', { rules: { orders: true }, alerts: { levels } }), siteWith('T2')],
  });
});

async function findings(
  kind: AlertKind,
  limits: AlertRuleOverrides[AlertKind] = {},
  when = Date.now(),
): Promise<AlertJson[]> {
  await service.database.rows('delete from alert');
  await look(service, when, { rules: { ...only(kind), [kind]: { on: true, ...limits } } });
  return alertsOf(service, { site: 'T1' });
}

const tried = async (kind: AlertKind, limits: object, query: Record<string, string> = {}) =>
  done(
    await service.get(`/v1/alert-rules/${kind}/dry-run`, { site: 'T1', limits: JSON.stringify(limits), ...query }),
  ) as {
    alerts: number;
    firings: { subject: string; from: string; to: string | null }[];
  };

/** So much went to customers on each of the last days. */
async function sold(sku: string, quantity: number, days: number, from: string): Promise<void> {
  for (let ago = days; ago >= 1; ago--)
    await say(service, '/v1/movements', { site: 'T1', sku, quantity, from, to: 'world', at: iso(now - ago * DAY_MS) });
}

describe('a SKU that will be out before more can be here', () => {
  beforeAll(async () => {
    await found(service, 'SOLD', 100, 'A', { at: iso(now - 40 * DAY_MS) });
    await found(service, 'SLOW', 100, 'A', { at: iso(now - 40 * DAY_MS) });
    await sold('SOLD', 4, 14, 'A'); // 56 in 28 days: two a day; 44 are left, for 22 days
    await sold('SLOW', 1, 1, 'A');
    await service.posted();
  });

  it('is told with how long it lasts and how much to order, by the lead time that its level says', async () => {
    expect(await findings('stock-out-risk')).toEqual([]);
    await say(service, '/v1/adjustments', { site: 'T1', sku: 'SOLD', quantity: -28, location: 'A', reason: 'gone' });
    // 16 are left, for 8 days; more takes 10.
    expect(await findings('stock-out-risk')).toMatchObject([
      {
        subject: 'SOLD',
        severity: 'warning',
        message: 'SOLD lasts for 8 days at T1, and more of it takes 10 days to come, as its level says.',
        suggestion: 'Order 32 of SOLD now, or bring it from another site.',
        evidence: { available: 16, perDay: 2, leadBy: 'level', order: 32, coming: 0 },
      },
    ]);
    expect(await findings('stock-out-risk', { shippedMin: 60 })).toEqual([]);
  });

  it('is saved by what is on its way and will be here in time, not by what comes later', async () => {
    const announce = (id: string, days: number) =>
      say(service, '/v1/inbounds', {
        site: 'T1',
        id,
        document: 'order',
        supplier: 'ACME',
        expectedFrom: iso(now + days * DAY_MS),
        lines: [{ line: '1', sku: 'SOLD', quantity: 10 }],
      });
    await announce('PO-LATE', 20);
    expect(await findings('stock-out-risk')).toMatchObject([{ subject: 'SOLD', evidence: { coming: 0 } }]);
    await announce('PO-SOON', 5);
    expect(await findings('stock-out-risk')).toEqual([]);
  });

  it('would have been told on days of the past: a dry run says when', async () => {
    // With a lead time of 30 days stock would not have lasted as soon as it sold 100 ÷ 30 a day, in 28 days together.
    const levels = JSON.stringify([{ sku: 'SOLD', minimum: 0, leadDays: 30 }]);
    const { firings } = await tried('stock-out-risk', {}, { levels });
    expect(firings).toMatchObject([{ subject: 'SOLD', to: null }]);
    expect(Date.parse(firings[0]!.from)).toBeLessThan(now);
    expect((await tried('stock-out-risk', { on: false }, { levels })).firings).toEqual([]);
  });

  it('is learned from what purchase orders took', async () => {
    for (const id of ['PO-1', 'PO-2']) {
      await say(service, '/v1/inbounds', {
        site: 'T1',
        id,
        document: 'order',
        supplier: 'ACME',
        at: iso(now - 30 * DAY_MS),
        lines: [{ line: '1', sku: 'LEARNT', quantity: 5 }],
      });
      await say(service, `/v1/inbounds/${id}/goods`, {
        site: 'T1',
        sku: 'LEARNT',
        quantity: 5,
        location: 'DOCK',
        status: 'available',
        reason: 'checked',
      });
      await say(service, `/v1/inbounds/${id}/closing`, { site: 'T1' });
    }
    await sold('LEARNT', 1, 5, 'DOCK');
    const [alert] = await findings('stock-out-risk', { leadDays: 0 });
    expect(alert).toMatchObject({ subject: 'LEARNT', evidence: { leadBy: 'orders' } });
    expect((alert!.evidence as { leadDays: number }).leadDays).toBeCloseTo(30, 0);
  });
});

describe('stock that lies at the wrong site', () => {
  it('would have been told on days of the past: by what was sent, and by levels', async () => {
    await found(service, 'SOLD', 500, 'A', { site: 'T2', at: iso(now - 3 * DAY_MS) });
    await service.posted();
    const byDemand = { levels: JSON.stringify([]) };
    const { firings } = await tried('imbalance', { daysMin: 30, daysTarget: 40 }, byDemand);
    expect(firings).toMatchObject([{ subject: 'SOLD', to: null }]);
    expect(Date.parse(firings[0]!.from)).toBeGreaterThan(now - 4 * DAY_MS);
    expect((await tried('imbalance', { daysMin: 1 }, byDemand)).firings).toEqual([]);
    // T2 has no level of it, so by levels it has none to spare.
    const levels = JSON.stringify([{ sku: 'SOLD', minimum: 90 }]);
    expect((await tried('imbalance', {}, { levels })).firings).toEqual([]);
  });
});

describe('a lot', () => {
  it('that will be past its day is told, and critically once it is', async () => {
    const line = (number: string, lot: string, expiry: string) => ({
      line: number,
      sku: 'MILK',
      quantity: 6,
      lot,
      expiry,
    });
    await say(service, '/v1/inbounds', {
      site: 'T1',
      id: 'ASN-MILK',
      document: 'notice',
      supplier: 'DAIRY',
      lines: [line('1', 'SOON', day(5)), line('2', 'LATER', day(60)), line('3', 'PAST', day(-3))],
    });
    for (const lot of ['SOON', 'LATER', 'PAST'])
      await say(service, '/v1/inbounds/ASN-MILK/goods', {
        site: 'T1',
        sku: 'MILK',
        lot,
        quantity: 6,
        location: 'DOCK',
      });
    await service.posted();
    const [past, soon, ...others] = (await findings('expiry')).toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
    expect(others).toEqual([]);
    expect(past).toMatchObject({
      subject: 'MILK PAST',
      severity: 'critical',
      suggestion: expect.stringContaining('hold or scrap'),
    });
    expect(soon).toMatchObject({
      subject: 'MILK SOON',
      severity: 'warning',
      message: `6 of MILK, lot SOON, are good until ${day(5)} only; they lie at DOCK.`,
      evidence: { quantity: 6, days: 5, locations: ['DOCK'] },
    });
    expect(await findings('expiry', { unitsMin: 7 })).toEqual([]);
    expect((await findings('expiry', { withinDays: 90 })).map(({ subject }) => subject)).toContain('MILK LATER');
    const { firings } = await tried('expiry', { withinDays: 14 });
    expect(firings.map(({ subject }) => subject).toSorted()).toEqual(['MILK PAST', 'MILK SOON']);
  });
});

describe('a receipt', () => {
  it('that is closed with less than was announced is told until the rest comes', async () => {
    await say(service, '/v1/inbounds', {
      site: 'T1',
      id: 'ASN-SHORT',
      document: 'notice',
      supplier: 'ACME',
      lines: [{ line: '1', sku: 'HINGES', quantity: 10 }],
    });
    const goods = (quantity: number) =>
      say(service, '/v1/inbounds/ASN-SHORT/goods', { site: 'T1', sku: 'HINGES', quantity, location: 'DOCK' });
    await goods(8);
    await say(service, '/v1/inbounds/ASN-SHORT/closing', { site: 'T1' });
    await service.posted();
    expect(await findings('receipt-differs')).toMatchObject([
      {
        subject: expect.stringMatching(/^short@/),
        message: expect.stringContaining('2 are missing'),
        evidence: { open: 1 },
      },
    ]);
    expect((await tried('receipt-differs', {})).alerts).toBe(1);
    await goods(2);
    await say(service, '/v1/inbounds/ASN-SHORT/closing', { site: 'T1' });
    await service.posted();
    expect(await findings('receipt-differs')).toEqual([]);
  });
});

describe('what leaves', () => {
  it('without an order, or on the wrong truck, is an alert of its own kind, at once and critical', async () => {
    // SOLD was sent out above, and no order wanted it.
    const [unplanned] = await findings('unplanned-ship');
    expect(unplanned).toMatchObject({ severity: 'critical', suggestion: expect.stringContaining('Stop the truck') });
    // A tag was picked for an order that is on no load, and goes out at the door where another one is loaded.
    const [epc, other] = [epcOf(1), epcOf(2)];
    const at = now - 4 * HOUR_MS;
    await seen(service, crossing([epc, other], 'in', at), { DOCK: [epc, other] });
    await seen(service, lying([epc, other], 'over-b', at + 10 * 60_000, 60), { B: [epc, other] });
    for (const id of ['O-1', 'O-2'])
      done(
        await service.post('/v1/orders', {
          site: 'T1',
          id,
          customer: 'C',
          lines: [{ line: '1', sku: SKU, quantity: 1 }],
        }),
      );
    const { detail } = done(await service.post('/v1/orders/O-1/release', { site: 'T1', to: 'PACK' }));
    await say(service, `/v1/picks/${detail.pick}/lines/1/confirmation`, {
      site: 'T1',
      scan: epc,
      at: iso(at + HOUR_MS),
    });
    const load = { site: 'T1', carrier: 'C', door: 'DOOR', orders: ['O-2'] };
    await say(service, '/v1/loads', { ...load, id: 'L-OTHER' });
    await seen(service, crossing([epc], 'out', at + 2 * HOUR_MS), { world: [epc] });
    expect(await findings('wrong-load')).toMatchObject([
      {
        subject: 'wrong-load@DOOR',
        severity: 'critical',
        message: expect.stringContaining(
          'It is of order O-1, which is on no load, and went out at DOOR, where L-OTHER is loaded',
        ),
      },
    ]);
    expect((await tried('wrong-load', {})).alerts).toBe(1);
    expect(await findings('wrong-door')).toEqual([]);
    expect((await tried('wrong-door', {})).alerts).toBe(0);
    expect(await findings('critical-discrepancy')).toEqual([]);
  });

  it('through another door than that of its load, where nothing is loaded, is an alert of its own kind too', async () => {
    const epc = epcOf(2);
    const at = now - HOUR_MS;
    await say(service, '/v1/loads/L-OTHER/closing', { site: 'T1' });
    const { detail } = done(await service.post('/v1/orders/O-2/release', { site: 'T1', to: 'PACK' }));
    await say(service, `/v1/picks/${detail.pick}/lines/1/confirmation`, { site: 'T1', scan: epc, at: iso(at) });
    await say(service, '/v1/loads', { site: 'T1', id: 'L-OWN', door: 'DOOR-2', carrier: 'C', orders: ['O-2'] });
    await seen(service, crossing([epc], 'out', at + 10 * 60_000), { world: [epc] });
    expect(await findings('wrong-door')).toMatchObject([
      {
        subject: 'wrong-door@DOOR',
        severity: 'critical',
        message: expect.stringMatching(/^It is of order O-2, which is on L-OWN at DOOR-2, and went out at DOOR: stop/),
        suggestion: expect.stringContaining('to the door of its load'),
        evidence: { discrepancy: 'wrong-load', place: 'DOOR', open: 1 },
        look: '/v1/discrepancies?site=T1&kind=wrong-load',
      },
    ]);
    expect((await tried('wrong-door', {})).alerts).toBe(1);
    expect((await tried('wrong-load', {})).alerts).toBe(1);
    expect(await findings('critical-discrepancy')).toEqual([]);
  });
});

describe('a count', () => {
  it('of a class that is overdue is told by class, and one that was planned and waits', async () => {
    expect(await findings('count-overdue')).toEqual([]);
    const later = now + 40 * DAY_MS; // class A is due after 30 days, told a week later
    expect(await findings('count-overdue', {}, later)).toMatchObject([
      {
        subject: 'class A',
        message: '2 bins are overdue to be counted (class A), A-01 longest.',
        evidence: { bins: 2, locations: ['A-01', 'B'], oldestCountedAt: null },
      },
    ]);
    await found(service, 'PEGS', 3, 'B');
    await say(service, '/v1/counts', { site: 'T1', id: 'C-1', by: 'location', locations: ['A-01', 'B'] });
    expect(await findings('count-overdue', {}, now + 3 * DAY_MS)).toMatchObject([
      { subject: 'planned', message: '2 bins wait for more than 2 days to be counted.' },
    ]);
    expect(await findings('count-overdue', { binsMin: 3 }, now + 3 * DAY_MS)).toEqual([]);
    done(await service.post('/v1/counts/C-1/tasks/1/entry', { site: 'T1', empty: true }));
    done(await service.post('/v1/counts/C-1/tasks/2/entry', { site: 'T1', lines: [{ sku: 'PEGS', quantity: 3 }] }));
    await service.posted();
    await eventually(
      'both are counted',
      async () => (await service.database.value("select count(*) from count_task where state = 'closed'")) === 2,
    );
    expect(await findings('count-overdue', {}, now + 3 * DAY_MS)).toEqual([]);
    expect(await tried('count-overdue', {})).toMatchObject({ alerts: 0 });
    expect(await tried('count-overdue', { waitingMs: 1, reopenWithinMs: 1 })).toMatchObject({
      firings: [{ subject: 'planned' }],
    });
  });
});

describe('a reader', () => {
  it('that runs hot is told, and a sensor that is no reader is not', async () => {
    const at = (minutes: number): string => iso(Date.now() - minutes * 60_000);
    const measured = (device: string, minutes: number) => ({
      device,
      name: 'temperature.pa',
      value: 91,
      unit: 'Cel',
      at: at(minutes),
    });
    await service.deliver({
      measures: [20, 10, 1].flatMap((minutes) => [measured('door', minutes), measured('pack-1', minutes)]),
    });
    await eventually(
      'it is in telemetry',
      async () => (await service.database.value('select count(*) from measure')) === 6,
    );
    expect(await findings('reader-hot')).toMatchObject([
      {
        subject: 'door temperature.pa',
        message: expect.stringContaining('91 °C instead of at most 80 °C'),
        suggestion: expect.stringContaining('transmit power'),
      },
    ]);
    expect((await tried('reader-hot', {})).firings).toMatchObject([{ subject: 'door temperature.pa' }]);
  });
});
