// Stock that a 3PL holds: 500 on hand, 120 sent; a snapshot of 560 shows that 60 have come; then 58 more come and 10 go, and a snapshot of
// 607 is one short. Older and resent ones change nothing, and both sites are the same when they are derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, HOUR_MS, iso, MINUTE_MS, pages, say } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const START = Date.now() - 5 * HOUR_MS;
const CSV = { 'content-type': 'text/csv' };

let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1'),
      {
        site: '3PL',
        kind: '3pl',
        locations: [{ id: 'STOCK', kind: 'reserve' }],
        skus: [{ sku: 'WIDGET', fnsku: 'X000ABC' }],
      },
    ],
  });
});

interface Holding {
  readonly asOf: string | null;
  readonly ageS: number | null;
  readonly stock: readonly {
    readonly sku: string;
    readonly onHand: number;
    readonly transit: number;
    readonly total: number;
  }[];
}
const holdings = async (): Promise<Holding> => done(await service.get('/v1/holdings', { site: '3PL' })) as Holding;
const widget = async () => (await holdings()).stock.find(({ sku }) => sku === 'WIDGET');
const snapshot = (quantity: number, asOf: number, more: object = {}) =>
  service.post('/v1/snapshots', { site: '3PL', asOf: iso(asOf), lines: [{ sku: 'WIDGET', quantity }], ...more });
const movements = async (): Promise<number> =>
  (await pages(service, '/v1/movements', { site: '3PL', limit: 500 })).length;

describe('a 3PL', () => {
  it('is followed by its snapshots and what it says of movements, less what is in transit', async () => {
    expect(await holdings()).toEqual({ site: '3PL', asOf: null, ageS: null, stock: [] });
    done(await snapshot(500, START));
    expect(await widget()).toEqual({ sku: 'WIDGET', onHand: 500, transit: 0, total: 500 });
    const opening = { site: 'T1', sku: 'WIDGET', quantity: 200, location: 'A', reason: 'opening', at: iso(START) };
    await say(service, '/v1/adjustments', opening);
    const lines = [{ line: '1', sku: 'WIDGET', quantity: 120 }];
    await say(service, '/v1/transfers', { site: 'T1', id: 'TO-1', to: '3PL', lines });
    const sent = { site: 'T1', sku: 'WIDGET', quantity: 120, location: 'A', at: iso(START + 10 * MINUTE_MS) };
    await say(service, '/v1/transfers/TO-1/shipment', sent);
    await eventually('it is under way', async () => (await widget())?.transit === 120);
    expect(await widget()).toEqual({ sku: 'WIDGET', onHand: 500, transit: 120, total: 620 });

    const second = START + HOUR_MS;
    expect(done(await snapshot(560, second)).detail).toEqual({ isOlder: false, lines: 1, arrived: 60, adjusted: 0 });
    expect(await widget()).toEqual({ sku: 'WIDGET', onHand: 560, transit: 60, total: 620 });
    expect((await holdings()).ageS).toBeGreaterThan(3 * 3600);
    const before = await movements();
    for (const [quantity, asOf] of [
      [560, second],
      [480, START + 30 * MINUTE_MS],
    ] as const)
      expect(done(await snapshot(quantity, asOf)).detail).toMatchObject({ isOlder: true, arrived: 0, adjusted: 0 });
    expect(await movements()).toBe(before);
    expect(await widget()).toEqual({ sku: 'WIDGET', onHand: 560, transit: 60, total: 620 });

    // Then 58 come and 10 go, told as a file, twice.
    const third = START + 2 * HOUR_MS;
    const file = `ref,at,type,fnsku,quantity\nR-1,${iso(third - 30 * MINUTE_MS)},arrived,X000ABC,58\nR-2,${iso(third - 20 * MINUTE_MS)},shipped,X000ABC,10\n`;
    expect(done(await service.post('/v1/feeds?site=3PL', file, CSV)).detail).toEqual({
      entries: 2,
      known: 0,
      taken: 2,
    });
    expect(done(await service.post('/v1/feeds?site=3PL', file, CSV)).detail).toEqual({
      entries: 2,
      known: 2,
      taken: 0,
    });
    expect(await widget()).toEqual({ sku: 'WIDGET', onHand: 608, transit: 2, total: 610 });
    const last = await service.post(`/v1/snapshots?site=3PL&asOf=${iso(third)}`, 'fnsku;quantity\nX000ABC;607\n', CSV);
    expect(done(last).detail).toEqual({ isOlder: false, lines: 1, arrived: 0, adjusted: 1 });
    expect(await widget()).toEqual({ sku: 'WIDGET', onHand: 607, transit: 2, total: 609 });
    const { items } = done(await service.get('/v1/discrepancies', { site: '3PL', state: 'open' }));
    expect(items).toMatchObject([
      { kind: 'snapshot-differs', sku: 'WIDGET', message: expect.stringContaining('608') as string },
    ]);

    // The sender follows, and what does not come is settled when it is closed.
    const sides = async () =>
      (done(await service.get('/v1/transfers/TO-1')) as { sides: { site: string; state: string; lines: unknown[] }[] })
        .sides;
    await eventually('the sender knows', async () =>
      JSON.stringify((await sides()).find(({ site }) => site === 'T1')?.lines).includes('"received":118'),
    );
    expect(done(await service.post('/v1/transfers/TO-1/closing', { site: '3PL' })).detail).toMatchObject({ short: 2 });
    expect(await widget()).toEqual({ sku: 'WIDGET', onHand: 607, transit: 0, total: 607 });
    await eventually('both are done', async () => (await sides()).every(({ state }) => state === 'closed'));
    const taken = await pages<{ asOf: string }>(service, '/v1/snapshots', { site: '3PL', limit: 2 });
    expect(taken.map(({ asOf }) => asOf)).toEqual([third, second, START].map(iso));
    const log = createLog({ style: 'silent' });
    for (const site of ['T1', '3PL']) {
      await service.posted(site);
      const { differences } = await verifySite(
        service.database.url,
        site,
        openJournal(service.database.pool, log),
        log,
      );
      expect(differences).toEqual([]);
    }
  });

  it('that says of a moment what has changed since is believed as of that moment', async () => {
    const moment = Date.now() - 30 * MINUTE_MS;
    const entry = { ref: 'R-9', at: iso(moment + 10 * MINUTE_MS), type: 'shipped', sku: 'WIDGET', quantity: 7 };
    done(await service.post('/v1/feeds', { site: '3PL', entries: [entry] }));
    expect(done(await snapshot(607, moment)).detail).toMatchObject({ arrived: 0, adjusted: 0 });
    expect((await widget())?.onHand).toBe(600);
    // What is not named any more is gone, but for a partial one.
    done(await snapshot(0, Date.now() - 4 * MINUTE_MS, { lines: [{ sku: 'OTHER', quantity: 3 }], partial: true }));
    expect((await holdings()).stock.map(({ sku, onHand }) => `${sku} ${onHand}`)).toEqual(['OTHER 3', 'WIDGET 600']);
    done(await snapshot(0, Date.now() - 2 * MINUTE_MS, { lines: [{ sku: 'WIDGET', quantity: 600 }] }));
    expect((await holdings()).stock.map(({ sku, onHand }) => `${sku} ${onHand}`)).toEqual(['WIDGET 600']);
  });

  it('that makes no sense is refused, and nothing is taken', async () => {
    const now = Date.now();
    expectProblem(await snapshot(1, now + HOUR_MS), 422, 'future', /asOf/);
    expectProblem(await snapshot(0.000_01, now), 422, 'bad-quantity', /lines\[0\]/);
    expectProblem(await snapshot(1, now, { site: 'T1' }), 422, 'not-held-by-others');
    expectProblem(await snapshot(1, now, { location: 'X' }), 422, 'unknown-location');
    expectProblem(await snapshot(1, now, { lines: [{ fnsku: 'NONE', quantity: 1 }] }), 422, 'unknown-fnsku');
    expectProblem(await snapshot(1, now, { lines: [{ quantity: 1 }] }), 422, 'incomplete');
    const bad = async (text: string, query = `site=3PL&asOf=${iso(now)}`) =>
      service.post(`/v1/snapshots?${query}`, text, CSV);
    expectProblem(await bad('sku\nA\n'), 422, 'bad-csv', /no column quantity/);
    expectProblem(await bad('sku,quantity,colour\nA,1,red\n'), 422, 'bad-csv', /colour/);
    expectProblem(await bad('sku,quantity\nA,many\n'), 422, 'bad-csv', /line 2/);
    expectProblem(await bad('sku,quantity\nA,-1\n'), 422, 'bad-csv', /row 1/);
    expectProblem(await bad('sku,quantity\nA,1\n', 'site=3PL'), 400, 'bad-request', /asOf/);
    const entry = { ref: 'R-10', at: iso(now), type: 'shipped', sku: 'WIDGET', quantity: -1 };
    expectProblem(
      await service.post('/v1/feeds', { site: '3PL', entries: [entry] }),
      422,
      'bad-quantity',
      /entries\[0\]/,
    );
    expect((await widget())?.onHand).toBe(600);
  });
});
