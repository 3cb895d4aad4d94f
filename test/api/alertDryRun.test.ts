// What rules of alerts would have done in the past: by all their limits, and to nobody's disturbance.
import { beforeAll, describe, expect, it } from 'vitest';
import { ALERT_KINDS } from '../../src/config/alertKinds.ts';
import { crossing, epcOf, smallSite } from '../support/sites.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { alertsOf } from './watching.ts';

const now = Date.now();
const at = now - 10 * HOUR_MS;
const [staysAtDock, cameTwice] = [epcOf(41), epcOf(42)];
let service: TestService;

beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1')] });
  const twice = [...crossing([cameTwice], 'in', at), ...crossing([cameTwice], 'in', at + 10 * MINUTE_MS)];
  await seen(service, [...twice, ...crossing([staysAtDock], 'in', at + 20 * MINUTE_MS)], {
    DOCK: [cameTwice, staysAtDock],
  });
});

describe('a dry run', () => {
  const tried = async (kind: string, query: Record<string, string> = {}) =>
    done(await service.get(`/v1/alert-rules/${kind}/dry-run`, { site: 'T1', ...query }));

  it('says how often a rule would have fired, as it is or with other limits', async () => {
    expect(await tried('dwell', { limits: '{"maxMs":3600000}' })).toMatchObject({
      kind: 'dwell',
      alerts: 1,
      firings: [{ subject: 'DOCK', to: null, times: 1 }],
      rule: { maxMs: HOUR_MS, on: true },
    });
    expect(await tried('dwell', { limits: '{"maxMs":86400000}' })).toMatchObject({ alerts: 0 });
    expect(await tried('missed-exit')).toMatchObject({ alerts: 1 });
    expect(await alertsOf(service, { kind: 'dwell' })).toEqual([]);
  });

  it('takes the limits that the rule itself takes', async () => {
    const alerts = async (kind: string, limits: object): Promise<unknown> =>
      (await tried(kind, { limits: JSON.stringify(limits) })).alerts;
    expect(await alerts('dwell', { maxMs: HOUR_MS, itemsMin: 2 })).toBe(1);
    expect(await alerts('dwell', { maxMs: HOUR_MS, itemsMin: 3 })).toBe(0);
    expect(await alerts('dwell', { maxMs: HOUR_MS, on: false })).toBe(0);
    expect(await alerts('missed-exit', { openMin: 2 })).toBe(0);
    await service.deliver({}, { gateway: 'gw-5', seq: 1 });
    await service.deliver({}, { gateway: 'gw-5', seq: 9, oldest: 9 });
    expect(await alerts('sequence-gap', { missingMin: 7 })).toBe(1);
    expect(await alerts('sequence-gap', { missingMin: 8 })).toBe(0);
    await service.deliver({}, { gateway: 'gw-5', seq: 12 });
    await service.deliver({}, { gateway: 'gw-5', epoch: 'e2', seq: 1 });
    expect(await alerts('sequence-gap', { missingMin: 9 })).toBe(1);
    expect(await alerts('unexpected-presence', {})).toBe(0);
    expect(await tried('unexpected-presence', { limits: '{"closed":["DOCK"]}' })).toMatchObject({
      firings: [{ subject: 'closed@DOCK', to: null }],
    });
  });

  it('of stock goes back through the postings', async () => {
    const sku = 'WAVES';
    const hours = (count: number): { at: string } => ({ at: iso(now - count * HOUR_MS) });
    await found(service, sku, 20, 'A-01', hours(9));
    await found(service, sku, -15, 'A-01', hours(7));
    await found(service, sku, 15, 'A-01', hours(6));
    await found(service, sku, -18, 'A-01', hours(3));
    await found(service, sku, 18, 'A-01', hours(2));
    const answer = await tried('low-stock', {
      levels: JSON.stringify([{ sku, minimum: 10 }]),
      from: iso(now - 8 * HOUR_MS),
    });
    expect(answer).toMatchObject({
      alerts: 2,
      firings: [
        { subject: `${sku}@T1`, from: iso(now - 7 * HOUR_MS) },
        { subject: `${sku}@T1`, from: iso(now - 3 * HOUR_MS) },
      ],
    });
    expect(await tried('stock-out', { levels: JSON.stringify([{ sku, minimum: 10 }]) })).toMatchObject({ alerts: 1 });
  });

  it('of what cannot be tried, or of what is no limit, is refused', async () => {
    const ask = (kind: string, query: Record<string, string>) => service.get(`/v1/alert-rules/${kind}/dry-run`, query);
    expectProblem(await ask('dwell', { site: 'T1', limits: '{"maxMs":"long"}' }), 400, 'bad-request', /maxMs/);
    expectProblem(await ask('dwell', { site: 'T1', limits: '{' }), 400, 'bad-request', /no JSON/);
    expectProblem(
      await ask('dwell', { site: 'T1', limits: '{"kinds":["moon"]}' }),
      400,
      'bad-request',
      /must be one of/,
    );
    const level = (more: object): Record<string, string> => ({
      site: 'T1',
      levels: JSON.stringify([{ sku: 'A', minimum: 5, ...more }]),
    });
    expectProblem(await ask('low-stock', level({ target: 4 })), 400, 'bad-request', /less than the minimum/);
    expectProblem(await ask('low-stock', level({ location: 'MOON' })), 400, 'bad-request', /MOON is not a location/);
    expectProblem(await ask('dwell', { site: 'T1', from: iso(now + HOUR_MS) }), 400, 'bad-request', /before/);
    expectProblem(await ask('dwell', { site: 'T9' }), 404, 'unknown-site');
  });

  it('is for every kind of the list of rules', async () => {
    const items = done(await service.get('/v1/alert-rules', { site: 'T1' })).items as { kind: string }[];
    expect(items.map(({ kind }) => kind)).toEqual(ALERT_KINDS.toSorted());
    for (const { kind } of items) expect(await tried(kind)).toMatchObject({ kind, rule: { on: true } });
  });
});
