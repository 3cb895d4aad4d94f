// /livez, /readyz, /metrics: for whoever runs it.
import { beforeAll, describe, expect, it } from 'vitest';
import { crossing, epcOf } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService();
});

/** Figures of the text format of Prometheus, by name and labels. */
async function metrics(): Promise<ReadonlyMap<string, number>> {
  const answer = await service.get('/metrics');
  expect(answer).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/plain; version=0\.0\.4/) as string });
  const lines = (answer.body as string).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('the service', () => {
  it('is alive, and ready when Postgres and the engine answer and nothing lags', async () => {
    expect(done(await service.get('/livez'))).toEqual({ status: 'alive' });
    expect(done(await service.get('/readyz'))).toEqual({
      status: 'ready',
      checks: {
        alerts: { ok: true, detail: 'every channel of alerts takes what it is told' },
        database: { ok: true, detail: 'Postgres answers' },
        engine: { ok: true, detail: 'the engine takes messages' },
        lag: {
          ok: true,
          detail: expect.stringMatching(/journal rows? (?:is|are) (?:not yet )?in the ledger$/) as string,
        },
      },
    });
  });

  it('tells Prometheus what each stage received and what became of it, and the sums add up', async () => {
    const epcs = [1, 2].map(epcOf);
    await seen(service, crossing(epcs, 'in', Date.now() - HOUR_MS), { DOCK: epcs });
    const peer = await service.connect();
    const topic = 'tallygate/v1/T1/gw-1/envelope';
    await peer.untilAcknowledged(peer.publish(topic, 'poison'));
    await found(service, 'METER', 1, 'B');
    const became = ['fresh', 'duplicate', 'conflict', 'quarantined', 'ignored', 'dropped'];
    // A message that is on its way when somebody asks has been received, and nothing has become of it yet.
    const figures = await eventually('a transaction is counted, and something became of every message', async () => {
      const now = await metrics();
      const messages = (result: string): number => now.get(`tallygate_intake_messages_total{result="${result}"}`)!;
      const known = became.reduce((sum, result) => sum + messages(result), 0) === messages('received');
      return known && (now.get('tallygate_transactions_total{type="receive"}') ?? 0) >= 2 && now;
    });
    expect(figures.get('tallygate_intake_messages_total{result="quarantined"}')).toBe(1);
    for (const [name, atLeast] of [
      ['tallygate_intake_commit_seconds_count', 1],
      ['tallygate_post_commit_seconds_count', 1],
      ['tallygate_reads_total', 24],
      ['tallygate_rows_derived_total', 1],
      ['tallygate_passages_total{outcome="in"}', 2],
      ['tallygate_items{site="T1"}', 2],
      ['tallygate_mqtt_connections', 1],
      ['tallygate_open_sightings{site="T1"}', 0],
      ['tallygate_journal_lag_rows{site="T1"}', 0],
      ['tallygate_post_waiting_rows', 0],
    ] as const)
      expect([name, figures.get(name)]).toEqual([name, expect.toSatisfy((value: number) => value >= atLeast)]);
  });
});

describe('a service whose Postgres is away', () => {
  it('is alive and not ready; questions are answered with a problem that says to try again, and then as ever', async () => {
    service.apiProxy.refuses = true;
    service.apiProxy.cut();
    expect((await service.get('/livez')).status).toBe(200);
    const ready = await service.get('/readyz');
    expect(ready).toMatchObject({ status: 503, body: { status: 'not-ready', checks: { database: { ok: false } } } });
    expectProblem(await service.get('/v1/movements'), 503, 'database-unavailable', /Postgres does not answer/);
    const body = { site: 'T1', sku: 'X', quantity: 1, location: 'B' };
    expectProblem(await service.post('/v1/adjustments', body), 503, 'database-unavailable');
    service.apiProxy.refuses = false;
    await eventually('it is ready', async () => (await service.get('/readyz')).status === 200);
    await found(service, 'AGAIN', 1, 'B');
  });
});

describe('a service whose engine is away', () => {
  it('is not ready, says so, and still answers what the ledger knows', async () => {
    const lonely = await openService({
      lives: 'test',
      api: { engine: { metrics: () => Promise.resolve(undefined), health: () => Promise.resolve(undefined) } },
    });
    const ready = await lonely.get('/readyz');
    expect(ready).toMatchObject({ status: 503, body: { checks: { engine: { ok: false }, database: { ok: true } } } });
    expect(await lonely.get('/metrics')).toMatchObject({
      status: 503,
      type: expect.stringMatching(/^text\/plain/) as string,
    });
    expect(done(await lonely.get('/v1/stock')).items).toEqual([]);
  });
});
