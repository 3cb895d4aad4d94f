// GET /v1/discrepancies: where the books and the building disagree, until someone or something settles it.
import { beforeAll, describe, expect, it } from 'vitest';
import { crossing, epcOf, smallSite } from '../support/sites.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, pages, say, seen } from './doings.ts';
import { eventually } from '../support/wait.ts';
import { openService, type TestService } from './service.ts';

interface Discrepancy {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly movement: string | null;
}

let service: TestService;
const at = Math.floor(Date.now() / 1000) * 1000 - 3 * HOUR_MS;
const epc = epcOf(31);

/** It comes in, and comes in again although nobody saw it leave. And plain stock is taken that was not there. */
beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
  const twice = [...crossing([epc], 'in', at), ...crossing([epc], 'in', at + 10 * MINUTE_MS)];
  await seen(service, twice, { DOCK: [epc] });
  await eventually('it has come in twice', async () => (await pages(service, '/v1/movements', { epc })).length === 2);
  for (const sku of ['SHORT-1', 'SHORT-2', 'SHORT-3'])
    await say(service, '/v1/movements', { site: 'T1', sku, quantity: 2, from: 'R', to: 'B', at: iso(at) });
});

const discrepancies = async (query: Record<string, string | number> = {}): Promise<Discrepancy[]> =>
  done(await service.get('/v1/discrepancies', query)).items as Discrepancy[];

describe('discrepancies', () => {
  it('say what differs, where, since when, and by which movement', async () => {
    const [open] = await discrepancies({ epc: epc.toLowerCase() });
    expect(open).toEqual({
      id: expect.any(String) as string,
      site: 'T1',
      kind: 'missed-exit',
      severity: expect.stringMatching(/^(?:info|warning|critical)$/) as string,
      state: 'open',
      message: expect.stringMatching(/\w+ .+/) as string,
      happenedAt: expect.any(String) as string,
      recordedAt: expect.any(String) as string,
      epc,
      sku: expect.any(String) as string,
      location: expect.anything() as string,
      readPoint: 'DOOR',
      movement: expect.any(String) as string,
      settledAt: null,
      settledBy: null,
      settlement: null,
    });
    const evidence = done(await service.get(`/v1/movements/${open!.movement}/evidence`));
    expect(evidence.movement).toMatchObject({ epc, type: 'move', from: 'world', to: 'DOCK' });
  });

  it('are found by site and kind, newest first and in pages', async () => {
    expect((await discrepancies({ kind: 'negative-balance' })).map(({ sku }) => sku ?? '').toSorted()).toEqual([
      'SHORT-1',
      'SHORT-2',
      'SHORT-3',
    ]);
    expect(await discrepancies({ site: 'T2' })).toEqual([]);
    expect(await pages(service, '/v1/discrepancies', { limit: 1 })).toEqual(await discrepancies());
  });

  it('are settled by a person who says why, and then are no longer open', async () => {
    const [open] = await discrepancies({ epc });
    await say(
      service,
      `/v1/discrepancies/${open!.id.toUpperCase()}/settlement`,
      { reason: 'the guard saw it leave by the yard' },
      { 'x-operator': 'op-1' },
    );
    expect(await discrepancies({ epc })).toEqual([]);
    expect(await discrepancies({ epc, state: 'settled' })).toMatchObject([
      { id: open!.id, state: 'settled', settledBy: 'op-1', settlement: 'the guard saw it leave by the yard' },
    ]);
    expect(await discrepancies({ epc, state: 'all' })).toHaveLength(1);
  });

  it('settle themselves when the books are right again', async () => {
    await found(service, 'SHORT-1', 2, 'R');
    expect(await discrepancies({ kind: 'negative-balance', state: 'settled' })).toMatchObject([
      { sku: 'SHORT-1', state: 'settled' },
    ]);
  });

  it('that are none, and settlements without a reason, are refused', async () => {
    const nobody = '00000000-0000-8000-8000-000000000000';
    expectProblem(await service.post(`/v1/discrepancies/${nobody}/settlement`, { reason: 'x' }), 404, 'not-found');
    const [open] = await discrepancies({ kind: 'negative-balance' });
    for (const body of [{}, { reason: '' }, { reason: 'x', state: 'open' }])
      expectProblem(await service.post(`/v1/discrepancies/${open!.id}/settlement`, body), 400, 'bad-request');
    expectProblem(await service.get('/v1/discrepancies', { state: 'closed' }), 400, 'bad-request', /state/);
  });
});
