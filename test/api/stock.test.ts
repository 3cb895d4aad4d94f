// GET /v1/stock: balances, now or as of any past instant, as known now or as known then.
import { beforeAll, describe, expect, it } from 'vitest';
import { crossing, epcOf, lying, SKU, smallSite } from '../support/sites.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, pages, say, seen, SECOND_MS } from './doings.ts';
import { openService, type TestService } from './service.ts';

interface Balance {
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
}

let service: TestService;
const now = Date.now();
/** In T2 the same ids mean other places: A-01 is no part of A there. */
const T2 = smallSite('T2', {
  locations: [
    { id: 'DOCK', kind: 'dock' },
    { id: 'A', kind: 'pick' },
    { id: 'B', kind: 'pick' },
    { id: 'A-01', kind: 'pick', in: 'B' },
    { id: 'R', kind: 'reserve' },
    { id: 'PACK', kind: 'pack' },
  ],
});

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), T2] });
});

const stock = async (query: Record<string, string | number> = {}): Promise<Balance[]> =>
  done(await service.get('/v1/stock', query)).items as Balance[];
const brief = (balances: readonly Balance[]) =>
  balances.map(({ sku, location, quantity }) => `${quantity} ${sku} at ${location}`);

describe('stock', () => {
  it('is where things were last seen, and at every moment before where they were then', async () => {
    const epcs = [1, 2, 3].map(epcOf);
    const at = now - 2 * HOUR_MS;
    const putAway = epcs.slice(0, 2);
    await seen(service, crossing(epcs, 'in', at), { DOCK: epcs });
    await seen(service, lying(putAway, 'over-a', at + MINUTE_MS), { A: putAway });
    expect(await stock({ sku: SKU })).toEqual([
      {
        site: 'T1',
        sku: SKU,
        location: 'A',
        container: null,
        lot: null,
        owner: null,
        status: 'available',
        quantity: 2,
      },
      {
        site: 'T1',
        sku: SKU,
        location: 'DOCK',
        container: null,
        lot: null,
        owner: null,
        status: 'available',
        quantity: 1,
      },
    ]);
    expect(brief(await stock({ sku: SKU, at: iso(at + 30 * SECOND_MS) }))).toEqual([`3 ${SKU} at DOCK`]);
    expect(await stock({ sku: SKU, at: iso(at - 30 * SECOND_MS) })).toEqual([]);
  });

  it('tells what was known then apart from what is known now', async () => {
    await found(service, 'HINDSIGHT', 10, 'B', { at: iso(now - 3 * HOUR_MS) });
    const at = iso(now - 2 * HOUR_MS);
    expect(brief(await stock({ sku: 'HINDSIGHT', at }))).toEqual(['10 HINDSIGHT at B']);
    expect(await stock({ sku: 'HINDSIGHT', at, knownAt: iso(now - HOUR_MS) })).toEqual([]);
    expect(await stock({ sku: 'HINDSIGHT', knownAt: iso(now - HOUR_MS) })).toEqual([]);
    expect(brief(await stock({ sku: 'HINDSIGHT', at, knownAt: iso(Date.now() + MINUTE_MS) }))).toEqual([
      '10 HINDSIGHT at B',
    ]);
  });

  it('of a location is that of everything inside it, site by site', async () => {
    await found(service, 'NESTED', 1, 'A');
    await found(service, 'NESTED', 2, 'A-01');
    await found(service, 'NESTED', 4, 'B');
    await found(service, 'NESTED', 8, 'A-01', { site: 'T2' });
    expect(brief(await stock({ sku: 'NESTED', location: 'A' }))).toEqual(['1 NESTED at A', '2 NESTED at A-01']);
    expect(brief(await stock({ sku: 'NESTED', location: 'B' }))).toEqual(['4 NESTED at B', '8 NESTED at A-01']);
    expect(brief(await stock({ sku: 'NESTED', location: 'B', site: 'T2' }))).toEqual(['8 NESTED at A-01']);
    expect(brief(await stock({ sku: 'NESTED', location: 'A-01', at: iso(Date.now() + SECOND_MS) }))).toEqual([
      '2 NESTED at A-01',
      '8 NESTED at A-01',
    ]);
  });

  it('is told apart by lot, owner and status, and can be negative', async () => {
    await found(service, 'SPLIT', 5, 'R', { lot: 'L1', owner: 'ACME' });
    await found(service, 'SPLIT', 3, 'R', { status: 'damaged' });
    await found(service, 'SPLIT', -2, 'R', { lot: 'L2' });
    await say(service, '/v1/holds', {
      site: 'T1',
      sku: 'SPLIT',
      quantity: 1,
      lot: 'L1',
      owner: 'ACME',
      location: 'R',
      status: 'quality',
    });
    const rows = (await stock({ sku: 'SPLIT' })) as unknown as Record<string, unknown>[];
    expect(rows.map(({ lot, owner, status, quantity }) => [lot, owner, status, quantity])).toEqual([
      [null, null, 'damaged', 3],
      ['L1', 'ACME', 'available', 4],
      ['L1', 'ACME', 'quality', 1],
      ['L2', null, 'available', -2],
    ]);
  });

  it('shows nothing of what is gone, nor of the accounts that are no place', async () => {
    await found(service, 'GONE', 5, 'R');
    await found(service, 'GONE', -5, 'R');
    expect(await stock({ sku: 'GONE' })).toEqual([]);
    expect((await stock({ limit: 1000 })).filter(({ location }) => !/^(?:A|A-01|B|R|DOCK)$/.test(location))).toEqual(
      [],
    );
  });

  it('stays where it is when a new site file drops the location', async () => {
    // Only a copy to practise in is loaded anew whatever lies in it.
    const file = smallSite('T3');
    const copy = { as: 'T3-COPY' };
    done(await service.put('/v1/sites/T3', file));
    done(await service.post('/v1/sites/T3/training', copy));
    await found(service, 'LEFT', 7, 'HOLD', { site: 'T3-COPY' });
    done(await service.put('/v1/sites/T3', { ...file, locations: file.locations!.filter(({ id }) => id !== 'HOLD') }));
    done(await service.post('/v1/sites/T3/training', copy));
    expect(brief(await stock({ site: 'T3-COPY' }))).toEqual(['7 LEFT at HOLD']);
    expect(brief(await stock({ site: 'T3-COPY', location: 'HOLD', at: iso(Date.now() + SECOND_MS) }))).toEqual([
      '7 LEFT at HOLD',
    ]);
  });

  it('as of any instant is the sum of the postings until then', async () => {
    // Four SKUs, written down now in disorder, each at its own moment.
    for (let round = 0; round < 4; round++) {
      const six = Array.from({ length: 6 }, (_, index) => round * 6 + index);
      await Promise.all(
        six.map((number) =>
          found(service, `SUM-${number % 4}`, ((number * 5) % 9) - 3 || 1, number % 3 === 0 ? 'A' : 'B', {
            at: iso(now - ((number * 7) % 24) * 10 * MINUTE_MS),
          }),
        ),
      );
    }
    const recorded = await service.database.rows<{ at: number }>(
      "select distinct recorded_at as at from posting where sku like 'SUM-%' order by 1",
    );
    for (let step = 0; step < 12; step++) {
      const at = iso(now - step * 20 * MINUTE_MS);
      const knownAt = iso(recorded[(step * 2) % recorded.length]!.at);
      for (const query of [{ at }, { knownAt }, { at, knownAt }] as Record<string, string>[]) {
        const answer = (await stock({ site: 'T1', limit: 1000, ...query })).filter(({ sku }) => sku.startsWith('SUM-'));
        expect([query, brief(answer)]).toEqual([query, await summed(query)]);
      }
    }
  });

  it('in pages misses nothing and gives nothing twice while more arrives', async () => {
    for (const number of [1, 3, 5, 7]) await found(service, `PAGE-${number}`, number, 'A');
    const list = await pages<Balance>(service, '/v1/stock', { site: 'T1', location: 'A', limit: 2 }, (page) =>
      found(service, `PAGE-${page * 2}`, page * 2, 'A'),
    );
    const places = list.map(({ sku, location }) => `${sku} ${location}`);
    expect(new Set(places).size).toBe(places.length);
    expect(list.map(({ sku }) => sku)).toEqual(expect.arrayContaining(['PAGE-1', 'PAGE-3', 'PAGE-5', 'PAGE-7']));
    expect(await pages(service, '/v1/stock', { limit: 3, at: iso(Date.now() + SECOND_MS) })).toEqual(
      await stock({ limit: 1000 }),
    );
  });
});

describe('a question that stock cannot answer', () => {
  it.each([
    [{ site: 'NOWHERE' }, 404, 'unknown-site', /GET \/v1\/sites/],
    [{ location: 'MOON' }, 404, 'not-found', /^location: MOON is not a location of T1/],
    [{ location: 'customer' }, 404, 'not-found', /^location: customer/],
    [{ at: 'yesterday' }, 400, 'bad-request', /^at: yesterday is no RFC 3339 time/],
    [{ at: '2026-11-23T15:33:00' }, 400, 'bad-request', /with a zone/],
    [{ at: '9999-12-31T23:59:59-12:00' }, 400, 'bad-request', /^at/],
    [{ knownAt: '2026-02-30T00:00:00Z' }, 400, 'bad-request', /^knownAt/],
    [{ limit: 0 }, 400, 'bad-request', /limit/],
    [{ limit: 1001 }, 400, 'bad-request', /limit/],
    [{ cursor: 'nonsense' }, 400, 'bad-cursor', /next/],
    [{ sku: 'A\0B' }, 400, 'bad-request', /U\+0000/],
  ])('%j is told what is wrong', async (query, status, code, detail) => {
    expectProblem(await service.get('/v1/stock', query), status, code, detail);
  });
});

/** Summed from the postings, the long way. */
async function summed(query: { readonly at?: string; readonly knownAt?: string }): Promise<string[]> {
  const rows = await service.database.rows<Balance>(
    `select sku, location, sum(quantity) as quantity
     from (select sku, to_location as location, quantity, happened_at, recorded_at from posting where site = 'T1'
           union all select sku, from_location, -quantity, happened_at, recorded_at from posting where site = 'T1') line
     where sku like 'SUM-%' and location <> 'adjustment' and happened_at <= $1 and recorded_at <= $2
     group by sku, location having sum(quantity) <> 0 order by sku, location`,
    [query.at ?? 'infinity', query.knownAt ?? 'infinity'],
  );
  return brief(rows);
}
