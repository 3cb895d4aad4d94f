// Alerts: one a thing, resolved when their cause ends, re-opened when it comes back, risen when nobody looks; and what people
// do with them.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServiceAlerts } from '../../src/config/alerts.ts';
import { smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, MINUTE_MS, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';
import { alertsOf, look, only } from './watching.ts';

const rules = { rules: only('low-stock', 'stock-out') };
const start = Date.now();
const at = (minutes: number): number => start + minutes * MINUTE_MS;
let service: TestService;

beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { alerts: { levels: [] } }), smallSite('T2')] });
});

/** What a look changes of the alert of one SKU: the others go their way. */
const lookFor = async (sku: string, now: number, alerts: ServiceAlerts = rules): Promise<string[]> =>
  (await look(service, now, alerts)).filter((change) => change.includes(` ${sku}@`));

/** From now on the site wants 10 of one SKU, and has 4. */
async function low(sku: string, minutes: number): Promise<string> {
  const levels = [{ sku, minimum: 10, target: 12 }];
  done(
    await service.put('/v1/sites/T1', smallSite('T1', { alerts: { levels } }), { 'content-type': 'application/json' }),
  );
  await found(service, sku, 4, 'A-01');
  await look(service, at(minutes), rules);
  const alert = (await alertsOf(service)).find(({ subject }) => subject === `${sku}@T1`);
  return alert!.id;
}

interface Whole {
  readonly alert: { readonly state: string; readonly severity: string; readonly times: number };
  readonly history: readonly { readonly change: string; readonly actor: string; readonly note: string | null }[];
}
const whole = async (id: string): Promise<Whole> => done(await service.get(`/v1/alerts/${id}`)) as Whole;
const changesOf = async (id: string): Promise<string[]> =>
  (await whole(id)).history.map(({ change }) => change).toReversed();

describe('an alert', () => {
  it('is one, however many look at the same moment', async () => {
    const levels = [{ sku: 'BURST', minimum: 10 }];
    done(
      await service.put('/v1/sites/T1', smallSite('T1', { alerts: { levels } }), {
        'content-type': 'application/json',
      }),
    );
    await found(service, 'BURST', 4, 'A-01');
    const looks = await Promise.all(Array.from({ length: 5 }, () => look(service, at(0), rules)));
    expect(looks.flat()).toEqual(['low-stock BURST@T1 opened']);
    expect(await alertsOf(service, { site: 'T1', kind: 'low-stock', severity: 'warning' })).toEqual([
      {
        id: expect.any(String) as string,
        site: 'T1',
        kind: 'low-stock',
        subject: 'BURST@T1',
        state: 'open',
        severity: 'warning',
        confidence: 1,
        message: 'Only 4 of BURST is available in T1; the minimum is 10.',
        suggestion: 'Order 6 of it.',
        evidence: { sku: 'BURST', minimum: 10, site: 'T1', available: 4, otherwise: 0, undecided: 0, lacking: 6 },
        look: '/v1/stock?site=T1&sku=BURST',
        times: 1,
        revision: 1,
        openedAt: expect.any(String) as string,
        clearedAt: null,
        snoozedUntil: null,
        stateAt: expect.any(String) as string,
        stateBy: 'tallygate',
      },
    ]);
    expect(await service.database.value("select count(*) from alert where subject = 'BURST@T1'")).toBe(1);
  });

  it('cannot be there twice, whoever writes it', async () => {
    const twice = service.database.pool.query(
      `insert into alert select site, gen_random_uuid(), kind, subject, state, severity, confidence, message, suggestion, evidence, look,
              times, revision, opened_at, alarmed_at, cleared_at, snoozed_until, state_at, state_by from alert where subject = 'BURST@T1'`,
    );
    await expect(twice).rejects.toThrow(/alert_one_a_thing/);
  });

  it('resolves itself when its cause has ended, and tells so in its history', async () => {
    const id = await low('ENDS', 10);
    await found(service, 'ENDS', 20, 'A-01');
    expect(await lookFor('ENDS', at(11))).toEqual([]);
    expect((await whole(id)).alert).toMatchObject({ state: 'open', clearedAt: expect.any(String) as string });
    expect(await lookFor('ENDS', at(16))).toEqual(['low-stock ENDS@T1 resolved']);
    expect(await whole(id)).toMatchObject({
      alert: { state: 'resolved', stateBy: 'tallygate' },
      history: [{ change: 'resolved', actor: 'tallygate', note: 'its cause has ended' }, { change: 'opened' }],
    });
    expect(await alertsOf(service, { state: 'resolved' })).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ id })]) as [],
    );
  });

  it('is re-opened, not doubled, when its cause comes back', async () => {
    const id = await low('BACK', 100);
    await found(service, 'BACK', 20, 'A-01');
    await look(service, at(101), rules);
    await look(service, at(110), rules);
    done(
      await service.post('/v1/adjustments', {
        site: 'T1',
        sku: 'BACK',
        quantity: -20,
        location: 'A-01',
        reason: 'counted again',
      }),
    );
    expect(await lookFor('BACK', at(120))).toEqual(['low-stock BACK@T1 reopened']);
    expect(await whole(id)).toMatchObject({ alert: { state: 'open', times: 2 } });
    expect(await changesOf(id)).toEqual(['opened', 'resolved', 'reopened']);
  });

  it('rises when nobody acknowledges it, by the time that passes', async () => {
    const own = { rules: { ...rules.rules, 'low-stock': { escalateAfterMs: HOUR_MS } } };
    const id = await low('RISES', 200);
    expect(await lookFor('RISES', at(259), own)).toEqual([]);
    expect(await lookFor('RISES', at(261), own)).toEqual(['low-stock RISES@T1 escalated']);
    expect((await whole(id)).alert).toMatchObject({ severity: 'critical', state: 'open' });
  });

  it('is told in the live stream as it is', async () => {
    const stream = await listenTo(`${await service.listen()}/v1/live?site=T1&types=alert`);
    const id = await low('LIVE', 300);
    await eventually('the stream tells of it', () => stream.of('alert').some(({ data }) => data.id === id));
    await stream.hangUp();
    expect(stream.of('alert').find(({ data }) => data.id === id)!.data).toMatchObject({
      kind: 'low-stock',
      site: 'T1',
    });
  });
});

describe('people', () => {
  it('acknowledge and resolve, with their name and a note, and all of it is kept', async () => {
    const id = await low('HANDLED', 400);
    const headers = { 'x-operator': 'Grace' };
    const taken = await service.post(`/v1/alerts/${id}/acknowledge`, { note: 'ordered' }, headers);
    expect(done(taken)).toMatchObject({ id, state: 'acknowledged', stateBy: 'Grace', revision: 2 });
    const resolved = await service.post(`/v1/alerts/${id}/resolve`, undefined, headers);
    expect(done(resolved)).toMatchObject({ state: 'resolved', stateBy: 'Grace' });
    expectProblem(await service.post(`/v1/alerts/${id}/acknowledge`, {}), 409, 'already-resolved', /Grace/);
    expect((await whole(id)).history).toMatchObject([
      { change: 'resolved', actor: 'Grace', note: null },
      { change: 'acknowledged', actor: 'Grace', note: 'ordered' },
      { change: 'opened', actor: 'tallygate' },
    ]);
    // Its cause goes on: it stays quiet for a while, and then it is told again.
    expect(await lookFor('HANDLED', Date.now() + 59 * MINUTE_MS)).toEqual([]);
    expect(await lookFor('HANDLED', Date.now() + 61 * MINUTE_MS)).toEqual(['low-stock HANDLED@T1 reopened']);
  });

  it('snooze, until it wakes', async () => {
    const id = await low('SNOOZED', 0);
    const snoozed = done(
      await service.post(`/v1/alerts/${id}/snooze`, { forMs: 2 * HOUR_MS, note: 'truck is coming' }),
    );
    expect(snoozed).toMatchObject({ state: 'snoozed', snoozedUntil: expect.any(String) as string });
    expect(await lookFor('SNOOZED', Date.now() + HOUR_MS)).toEqual([]);
    expect(await lookFor('SNOOZED', Date.now() + 2.1 * HOUR_MS)).toEqual(['low-stock SNOOZED@T1 woken']);
    for (const body of [
      {},
      { forMs: 5000, until: '2030-01-01T00:00:00Z' },
      { until: '2020-01-01T00:00:00Z' },
      { forMs: 1 },
    ])
      expectProblem(await service.post(`/v1/alerts/${id}/snooze`, body), 400, 'bad-request');
  });

  it('who ask twice under one key have asked once', async () => {
    const id = await low('KEYS', 0);
    const key = { 'idempotency-key': 'mine' };
    const first = done(await service.post(`/v1/alerts/${id}/snooze`, { forMs: 5000 }, key));
    expect(done(await service.post(`/v1/alerts/${id}/snooze`, { forMs: 5000 }, key))).toEqual(first);
    expectProblem(await service.post(`/v1/alerts/${id}/resolve`, {}, key), 409, 'key-reused');
    expect(await changesOf(id)).toEqual(['opened', 'snoozed']);
  });

  it('at once are one after the other', async () => {
    const id = await low('BOTH', 0);
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((who) => service.post(`/v1/alerts/${id}/resolve`, {}, { 'x-operator': who })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    expect(await changesOf(id)).toEqual(['opened', 'resolved']);
  });

  it('that ask for none, or for what is no filter, are told so', async () => {
    const none = '00000000-0000-8000-8000-000000000000';
    expectProblem(await service.get(`/v1/alerts/${none}`), 404, 'not-found');
    expectProblem(await service.post(`/v1/alerts/${none}/resolve`, {}), 404, 'not-found');
    expectProblem(await service.get('/v1/alerts', { state: 'closed' }), 400, 'bad-request', /state/);
    expectProblem(await service.get('/v1/alerts', { kind: 'fire' }), 400, 'bad-request', /kind/);
    expectProblem(await service.get('/v1/alerts', { site: 'T9' }), 404, 'unknown-site');
    expect(await alertsOf(service, { site: 'T2' })).toEqual([]);
    expect(await pages(service, '/v1/alerts', { limit: 2, state: 'all' })).toEqual(
      await alertsOf(service, { state: 'all' }),
    );
  });
});
