// GET /v1/items/{epc} and its history: where it is, since when, how sure; and its life.
import { beforeAll, describe, expect, it } from 'vitest';
import type { MovementJson } from '../../src/wire/movement.ts';
import { crossing, epcOf, lying, SKU, smallSite } from '../support/sites.ts';
import { done, expectProblem, HOUR_MS, iso, MINUTE_MS, pages, say, SECOND_MS, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
const epc = epcOf(11);
const strange = 'AD3800000000000000000011';
const at = Math.floor(Date.now() / 1000) * 1000 - 3 * HOUR_MS;

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
  await seen(service, crossing([epc, strange], 'in', at), { DOCK: [epc, strange] });
  await seen(service, lying([epc], 'over-a', at + MINUTE_MS), { A: [epc] });
});

describe('an item', () => {
  it('tells where it is, since when, how sure, and what its tag says', async () => {
    const item = done(await service.get(`/v1/items/${epc.toLowerCase()}`));
    expect(item).toEqual({
      epc,
      site: 'T1',
      kind: 'item',
      sku: SKU,
      lot: null,
      owner: null,
      location: 'A',
      account: 'A',
      container: null,
      status: 'available',
      since: expect.any(String) as string,
      confidence: expect.any(Number) as number,
      lastSeenAt: expect.any(String) as string,
      lastSeenBy: 'AISLE-A',
      movement: expect.any(String) as string,
      identity: {
        scheme: 'SGTIN-96',
        gtin: SKU,
        serial: '11',
        sscc: null,
        uri: 'urn:epc:id:sgtin:0614141.099999.11',
      },
    });
    expect(Date.parse(item.since)).toBeGreaterThanOrEqual(at + MINUTE_MS - SECOND_MS);
    expect(Date.parse(item.lastSeenAt)).toBeGreaterThanOrEqual(Date.parse(item.since));
    expect(done(await service.get(`/v1/movements/${item.movement}/evidence`)).movement).toMatchObject({ epc, to: 'A' });
  });

  it('that nobody can name is an item too, without a SKU', async () => {
    expect(done(await service.get(`/v1/items/${strange}`))).toMatchObject({
      kind: 'unknown',
      sku: null,
      location: 'DOCK',
      identity: { scheme: null, gtin: null, serial: null, sscc: null, uri: null },
    });
  });

  it('of several sites is where it was last; each site tells of its own', async () => {
    await say(service, '/v1/movements', { site: 'T1', epc: strange, to: 'world', at: iso(at + HOUR_MS) });
    await say(service, '/v1/movements', { site: 'T2', epc: strange, to: 'B', at: iso(at + 2 * HOUR_MS) });
    const where = async (query: Record<string, string> = {}) => {
      const { site, location } = done(await service.get(`/v1/items/${strange}`, query));
      return `${site}: ${location}`;
    };
    expect([await where(), await where({ site: 'T1' }), await where({ site: 'T2' })]).toEqual([
      'T2: B',
      'T1: world',
      'T2: B',
    ]);
  });

  it('that was never seen is a 404, also at this site alone; what is no EPC is a 400', async () => {
    expectProblem(await service.get(`/v1/items/${epcOf(999)}`), 404, 'not-found', /No movement of/);
    expectProblem(await service.get(`/v1/items/${epc}`, { site: 'T2' }), 404, 'not-found', /at T2/);
    expectProblem(await service.get(`/v1/items/${epc}`, { site: 'T9' }), 404, 'unknown-site');
    expectProblem(await service.get('/v1/items/pallet-7'), 400, 'bad-request', /not hexadecimal/);
    expectProblem(await service.get(`/v1/items/${'A'.repeat(300)}`), 400, 'bad-request');
  });
});

describe('the life of an item', () => {
  it('is its movements, newest first, as the movements themselves are listed', async () => {
    const life = done(await service.get(`/v1/items/${epc}/history`)).items as MovementJson[];
    expect(life.map(({ type, from, to }) => `${type} ${from} → ${to}`)).toEqual([
      'putaway DOCK → A',
      'receive world → DOCK',
    ]);
    expect(life).toEqual(done(await service.get('/v1/movements', { epc })).items);
  });

  it('comes in pages that stay what they were while it moves on', async () => {
    const busy = epcOf(12);
    for (const to of ['A', 'B', 'R', 'A']) await say(service, '/v1/movements', { site: 'T1', epc: busy, to });
    const before = done(await service.get(`/v1/items/${busy}/history`)).items as MovementJson[];
    const life = await pages<MovementJson>(service, `/v1/items/${busy}/history`, { limit: 1 }, (page) =>
      say(service, '/v1/movements', { site: 'T1', epc: busy, to: page % 2 === 0 ? 'A' : 'B' }),
    );
    expect(life).toEqual(before);
  });

  it('of what was never seen is a 404', async () => {
    expectProblem(await service.get(`/v1/items/${epcOf(999)}/history`), 404, 'not-found');
    expectProblem(await service.get(`/v1/items/${epc}/history`, { cursor: 'x' }), 400, 'bad-cursor');
  });
});
