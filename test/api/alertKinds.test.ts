// What each kind of alert says, of what it says it, and that it ends with its cause.
import { beforeAll, describe, expect, it } from 'vitest';
import type { AlertKind } from '../../src/config/alertKinds.ts';
import type { AlertRuleOverrides } from '../../src/config/alerts.ts';
import type { AlertJson } from '../../src/wire/alert.ts';
import { crossing, envelope, epcOf, lying, readEntries, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, found, HOUR_MS, iso, MINUTE_MS, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { alertsOf, look, only } from './watching.ts';

const now = Date.now();
const at = now - 10 * HOUR_MS;
const [staysAtDock, cameTwice] = [epcOf(41), epcOf(42)];
let service: TestService;

const levels = [
  { sku: 'PLENTY', minimum: 5 },
  { sku: 'SHORT', minimum: 10, target: 15 },
  { sku: 'NONE', minimum: 1 },
  { sku: 'BIN', location: 'A', minimum: 3 },
];

beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1', { alerts: { levels } }),
      smallSite('T2', { alerts: { levels: [{ sku: 'SHORT', minimum: 5, target: 20 }] } }),
    ],
  });
  const twice = [...crossing([cameTwice], 'in', at), ...crossing([cameTwice], 'in', at + 10 * MINUTE_MS)];
  await seen(service, [...twice, ...crossing([staysAtDock], 'in', at + 20 * MINUTE_MS)], {
    DOCK: [cameTwice, staysAtDock],
  });
  await found(service, 'PLENTY', 9, 'A-01');
  await found(service, 'SHORT', 4, 'A-01');
  await found(service, 'BIN', 2, 'A-01');
  await found(service, 'BIN', 90, 'B');
  await found(service, 'SHORT', 50, 'A-01', { site: 'T2' });
});

/** Looks by one rule alone, and gives what is open of it; everything of it is gone afterwards. */
async function findings(kind: AlertKind, limits: AlertRuleOverrides[AlertKind] = {}, when = now): Promise<AlertJson[]> {
  await service.database.rows('delete from alert');
  await look(service, when, { rules: { ...only(kind), [kind]: { on: true, ...limits } } });
  return alertsOf(service);
}

describe('the rules', () => {
  it('all can be looked at, as they are by default', async () => {
    await service.database.rows('delete from alert');
    await look(service, now);
    expect((await alertsOf(service, { limit: 1000 })).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['missed-exit', 'dwell', 'low-stock', 'stock-out', 'imbalance']),
    );
  });

  it('of discrepancies tell one alert a place, with the movements behind it, until they are settled', async () => {
    expect(await findings('missed-exit')).toMatchObject([
      {
        subject: 'missed-exit@DOOR',
        message: expect.stringContaining('it must have left unseen') as string,
        evidence: { open: 1, place: 'DOOR', movements: [expect.any(String) as string] },
        look: '/v1/discrepancies?site=T1&kind=missed-exit',
      },
    ]);
    expect((await findings('missed-exit'))[0]!.confidence).toBeGreaterThan(0.8);
    expect(await findings('missed-exit', { openMin: 2 })).toEqual([]);
    expect(await findings('missed-entry')).toEqual([]);
    expect(await findings('critical-discrepancy')).toEqual([]);
  });

  it('of closed locations tell what is in them', async () => {
    expect(await findings('unexpected-presence', { closed: ['DOCK'] })).toMatchObject([
      { subject: 'closed@DOCK', evidence: { items: 2 } },
    ]);
  });

  it('of stock tell what is too little, where, and what there is none of', async () => {
    expect((await findings('low-stock')).map(({ message }) => message).toSorted()).toEqual([
      'Only 2 of BIN is available in A; the minimum is 3.',
      'Only 4 of SHORT is available in T1; the minimum is 10.',
    ]);
    expect(await findings('stock-out')).toMatchObject([{ subject: 'NONE@T1', severity: 'critical' }]);
  });

  it('of stock are less sure when undecided passages may have brought what lacks, not when they may have taken some', async () => {
    const short = async () => (await findings('low-stock')).find(({ subject }) => subject === 'SHORT@T1')!;
    const undecided = (leading: string, count: number): Promise<unknown> =>
      service.database.rows(
        `insert into passage (site, id, revision, read_point, epc, sku, first_at, last_at, outcome, leading_outcome, probability, journal_offset)
         select 'T1', gen_random_uuid(), 1, 'DOOR', 'AA', 'SHORT', now(), now(), 'undecided', $1, 0.6, 1 from generate_series(1, $2)`,
        [leading, count],
      );
    await undecided('out', 6);
    expect(await short()).toMatchObject({ confidence: 1, evidence: { undecided: 0 } });
    await undecided('in', 6);
    expect(await short()).toMatchObject({ confidence: 0.4, evidence: { undecided: 6 } });
    await service.database.rows("delete from passage where sku = 'SHORT'");
  });

  it('of sites tell which could give to which, and how much', async () => {
    expect(await findings('imbalance')).toMatchObject([
      {
        site: 'T1',
        subject: 'SHORT',
        suggestion: 'Transfer 11 of SHORT from T2 to T1.',
        evidence: { transfer: { sku: 'SHORT', quantity: 11, from: 'T2', to: 'T1' } },
      },
    ]);
    expect(await findings('imbalance', { quantityMin: 12 })).toEqual([]);
  });

  it('of places of passage tell what lies there too long', async () => {
    expect(await findings('dwell', { maxMs: 9 * HOUR_MS })).toMatchObject([
      { subject: 'DOCK', message: '2 items have been in DOCK for more than 9 h.', evidence: { items: 2 } },
    ]);
    expect(await findings('dwell', { maxMs: 11 * HOUR_MS })).toEqual([]);
    expect(await findings('dwell', { maxMs: HOUR_MS, kinds: ['returns'] })).toEqual([]);
  });

  it('of the review queue tell when too many wait, or one too long', async () => {
    await service.database.rows(
      `insert into passage (site, id, revision, read_point, epc, first_at, last_at, outcome, leading_outcome, probability, journal_offset)
       values ('T1', gen_random_uuid(), 1, 'DOOR', 'AA', $1, $1, 'undecided', 'in', 0.6, 1)`,
      [iso(now - 5 * HOUR_MS)],
    );
    expect(await findings('review-backlog')).toMatchObject([{ subject: 'T1', evidence: { waiting: 1 } }]);
    expect(await findings('review-backlog', { oldestMs: 6 * HOUR_MS })).toEqual([]);
  });

  it('of readers tell which fell silent while others are heard, and not those behind a gateway that is away', async () => {
    const figures = (heard: Record<string, number>, gateway = 'gw-1') => [
      {
        site: 'T1',
        since: now - 10 * HOUR_MS,
        devices: Object.entries(heard).map(([device, heardAt]) => ({ device, gateway, heardAt })),
        clocks: [{ device: 'over-a', offsetMs: -3_600_000 }],
      },
    ];
    const silent = async (heard: Record<string, number>, gateway?: string, limits = {}) => {
      await service.database.rows('delete from alert');
      const rules = { ...only('reader-silent'), 'reader-silent': limits };
      await look(service, now, { rules }, figures(heard, gateway));
      return alertsOf(service);
    };
    const all = { door: now, 'over-a': now, 'over-b': now, 'over-r': now };
    expect(await silent(all)).toEqual([]);
    expect(await silent({ ...all, 'over-r': now - HOUR_MS })).toMatchObject([
      {
        subject: 'over-r',
        confidence: 1,
        message: 'Reader over-r (RESERVE) has not been heard for 15 min, while others of the site are.',
        evidence: { readPoints: ['RESERVE'], heardOthers: ['door', 'over-a', 'over-b'] },
      },
    ]);
    expect(await silent({ door: now - HOUR_MS, 'over-a': now - HOUR_MS })).toEqual([]);
    // Who is silent itself is none of those that are heard, however long ago they may have been.
    const patient = { silentMs: MINUTE_MS, peersWithinMs: 3 * HOUR_MS };
    expect(await silent({ ...all, 'over-r': now - HOUR_MS }, 'gw-1', patient)).toMatchObject([
      { subject: 'over-r', confidence: 1, evidence: { heardOthers: ['door', 'over-a', 'over-b'] } },
    ]);
    const none = Object.fromEntries(Object.keys(all).map((reader) => [reader, now - HOUR_MS]));
    expect(await silent(none, 'gw-1', patient)).toEqual([]);
    await service.database.rows("insert into gateway (site, gateway, online) values ('T1', 'gone', false)");
    expect(await silent({ ...all, 'over-r': now - HOUR_MS }, 'gone')).toEqual([]);
    await service.database.rows("delete from gateway where gateway = 'gone'");
    await service.database.rows('delete from alert');
    await look(service, now, { rules: only('clock-off') }, figures(all));
    expect(await alertsOf(service)).toMatchObject([
      { subject: 'over-a', message: 'The clock of over-a is 1 h ahead.', evidence: { offsetMs: -3_600_000 } },
    ]);
  });

  it('of readers work from what the engine has heard', async () => {
    await service.deliver({ reads: readEntries(lying([epcOf(77)], 'over-b', Date.now() - 2000, 2)) });
    const heard = () => service.engine.siteFigures().find(({ site }) => site === 'T1')!.devices;
    await eventually('over-b was heard', () =>
      heard().some(({ device, gateway }) => device === 'over-b' && gateway === 'gw-1'),
    );
  });

  it('of gateways tell which is away, which is behind, and what is missing', async () => {
    const peer = await service.connect();
    const topic = (gateway: string, leaf: string): string => `tallygate/v1/T1/${gateway}/${leaf}`;
    peer.publish(topic('gw-8', 'status'), '{"online":false}');
    peer.publish(topic('gw-9', 'status'), '{"online":true,"backlog":5000}');
    await peer.untilAcknowledged(peer.publish(topic('gw-9', 'envelope'), envelope({ epoch: 'x', seq: 1 })));
    await peer.untilAcknowledged(peer.publish(topic('gw-9', 'envelope'), envelope({ epoch: 'x', seq: 5 })));
    await eventually(
      'both have spoken',
      async () => (await service.database.value('select count(*) from gateway')) === 2,
    );
    expect(await findings('gateway-offline', {}, Date.now() + 2 * MINUTE_MS)).toMatchObject([{ subject: 'gw-8' }]);
    expect(await findings('gateway-offline', {}, Date.now())).toEqual([]);
    expect(await findings('gateway-offline', { except: ['gw-8'] }, Date.now() + 2 * MINUTE_MS)).toEqual([]);
    expect(await findings('gateway-behind')).toMatchObject([{ subject: 'gw-9', evidence: { backlog: 5000 } }]);
    expect(await findings('sequence-gap')).toMatchObject([
      { subject: 'gw-9', confidence: 0.5, evidence: { open: 3, lost: 0, ranges: ['x: 2 to 4'] } },
    ]);
    await peer.untilAcknowledged(peer.publish(topic('gw-9', 'envelope'), envelope({ epoch: 'x', seq: 6, oldest: 5 })));
    expect(await findings('sequence-gap', {}, Date.now())).toMatchObject([
      { subject: 'gw-9', confidence: 1, message: 'Of gateway gw-9 3 will never come.' },
    ]);
  });

  it('of gaps end when a gateway has lost its outbox, as with what it says itself that it has lost', async () => {
    const missing = async (when: number): Promise<string[]> =>
      (await findings('sequence-gap', { lostWithinMs: HOUR_MS }, when))
        .filter(({ subject }) => subject === 'gw-6')
        .map(({ message }) => message);
    await service.deliver({}, { gateway: 'gw-6', epoch: 'before', seq: 1 });
    await service.deliver({}, { gateway: 'gw-6', epoch: 'before', seq: 4 });
    expect(await missing(Date.now() + 24 * HOUR_MS)).toEqual(['Of gateway gw-6 2 envelopes are missing.']);
    await service.deliver({}, { gateway: 'gw-6', epoch: 'after', seq: 1 });
    expect(await missing(Date.now())).toEqual(['Of gateway gw-6 2 will never come.']);
    expect(await missing(Date.now() + 2 * HOUR_MS)).toEqual([]);
    // It was not lost after all: another gateway uses the same id.
    await service.deliver({}, { gateway: 'gw-6', epoch: 'before', seq: 6 });
    expect(await missing(Date.now())).toEqual(['Of gateway gw-6 3 envelopes are missing.']);
    for (const seq of [2, 3, 5]) await service.deliver({}, { gateway: 'gw-6', epoch: 'before', seq });
  });

  it('of quarantine tell when it fills', async () => {
    const peer = await service.connect();
    for (let index = 0; index < 5; index++)
      await peer.untilAcknowledged(peer.publish('tallygate/v1/T1/gw-7/envelope', `{"v":1,${index}`));
    expect(await findings('quarantine-filling', { messagesMax: 4 }, Date.now())).toMatchObject([{ subject: 'T1' }]);
    expect(await findings('quarantine-filling', {}, Date.now())).toEqual([]);
    expect(await findings('quarantine-filling', { messagesMax: 4 }, Date.now() + HOUR_MS)).toEqual([]);
  });

  it('of sensors tell what has been out of its range for long enough, until it is not', async () => {
    const measured = (minutes: number, value: number) => ({
      device: 'door',
      name: 'temperature.cold',
      value,
      unit: 'Cel',
      at: iso(now - minutes * MINUTE_MS),
    });
    await service.deliver({
      measures: [measured(20, 4), measured(15, 9), measured(10, 9.5), measured(5, 9.2), measured(1, 10)],
    });
    await eventually(
      'it is in telemetry',
      async () => (await service.database.value('select count(*) from measure')) === 5,
    );
    const range = { measure: 'temperature.cold', min: 2, max: 8, forMs: 10 * MINUTE_MS };
    expect(await findings('sensor-out-of-range', { ranges: [range] })).toMatchObject([
      { subject: 'door temperature.cold', severity: 'critical', evidence: { value: 10, max: 8 } },
    ]);
    expect(await findings('sensor-out-of-range', { ranges: [{ ...range, forMs: 16 * MINUTE_MS }] })).toEqual([]);
    expect(await findings('sensor-out-of-range', { ranges: [{ ...range, max: 12 }] })).toEqual([]);
    expect(await findings('sensor-out-of-range', { ranges: [range] }, now + HOUR_MS)).toEqual([]);
    const tried = await service.get('/v1/alert-rules/sensor-out-of-range/dry-run', {
      site: 'T1',
      limits: JSON.stringify({ ranges: [range] }),
    });
    expect(done(tried)).toMatchObject({ alerts: 1, firings: [{ subject: 'door temperature.cold', to: null }] });
    // What was measured last is no longer fresh 61 s later.
    const stale = await service.get('/v1/alert-rules/sensor-out-of-range/dry-run', {
      site: 'T1',
      from: iso(now - 12 * MINUTE_MS),
      to: iso(now - 2 * MINUTE_MS),
      limits: JSON.stringify({
        ranges: [{ ...range, forMs: MINUTE_MS }],
        freshMs: MINUTE_MS,
        reopenWithinMs: 1000,
        clearAfterMs: 1000,
      }),
    });
    expect(done(stale).firings).toHaveLength(2);
    for (const { to } of done(stale).firings as { to: string | null }[]) expect(to).not.toBeNull();
  });

  it('of the service itself tell when it is behind, and when its ledger is wrong', async () => {
    expect(await findings('journal-lag')).toEqual([]);
    await service.database.rows("update journal_head set next_offset = next_offset + 6000 where site = 'T2'");
    expect(await findings('journal-lag')).toMatchObject([{ site: 'T2', evidence: { rows: 6000 } }]);
    await service.database.rows("update journal_head set next_offset = next_offset - 6000 where site = 'T2'");
    await service.database.rows(
      `insert into verification (site, verified_at, from_offset, to_offset, differences) values ('T1', now(), 0, 9, '[{"what":"balances"}]')`,
    );
    expect(await findings('ledger-differs')).toMatchObject([{ subject: 'T1', severity: 'critical' }]);
    await service.database.rows("update verification set differences = '[]'");
    expect(await findings('ledger-differs')).toEqual([]);
  });

  it('of what belongs to no site are told by the process that derives the first of all sites', async () => {
    await service.database.rows(
      "insert into alert_channel (channel, failing_since, error) values ('ops', now() - interval '1 hour', 'no answer')",
    );
    const all = service.engine.siteFigures();
    const toldBy = async (site: string): Promise<string[]> =>
      look(
        service,
        Date.now(),
        { rules: only('channel-failing') },
        all.filter((own) => own.site === site),
      );
    expect(await toldBy('T2')).toEqual([]);
    expect(await toldBy('T1')).toEqual(['channel-failing ops opened']);
    await service.database.rows('delete from alert_channel');
  });
});
