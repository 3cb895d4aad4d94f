// A morning at the dock: what a truck brought is directed to bins with reasons, room is never given twice, one load goes elsewhere and is told;
// a pick face under its minimum is filled. And the same when the morning is derived again.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { crossing, epcOf, lying, SKU, smallSite } from '../support/sites.ts';

const MORNING = Date.now() - 4 * HOUR_MS;
const tags = [1, 2, 3, 4, 5, 6].map(epcOf);

let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1', {
        locations: [
          { id: 'DOCK', kind: 'dock', x: 0, y: 0 },
          { id: 'A', kind: 'pick', zone: true },
          { id: 'A-01', kind: 'pick', in: 'A', x: 0, y: 10 },
          { id: 'B', kind: 'pick', zone: true, x: 0, y: 15, capacity: 4 },
          { id: 'R', kind: 'reserve', zone: true },
          { id: 'R-01', kind: 'reserve', in: 'R', capacity: 50, class: 'C', x: 0, y: 20 },
          { id: 'R-02', kind: 'reserve', in: 'R', capacity: 40, class: 'C', x: 0, y: 30 },
          { id: 'R-03', kind: 'reserve', in: 'R', capacity: 10, hazards: ['3'], x: 0, y: 40 },
          { id: 'PACK', kind: 'pack' },
          { id: 'HOLD', kind: 'hold' },
        ],
        rules: { inboundDocuments: true, directed: true },
      }),
    ],
  });
});

interface TaskSeen {
  readonly id: string;
  readonly to: string | null;
  readonly left: number;
  readonly reason: string;
}

const tasksOf = async (path: string, query: Record<string, string> = {}) =>
  done(await service.get(path, { site: 'T1', ...query })).items as TaskSeen[];
const inWords = (all: readonly TaskSeen[]): string[] => all.map(({ id, to, left }) => `${id} ${left} → ${to}`);
const stockAt = async (location: string): Promise<number> => {
  const items = done(await service.get('/v1/stock', { site: 'T1', location })).items as { quantity: number }[];
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
};

it('directs 96 units with reasons, shares no room, tells of what went elsewhere, and fills the pick face', async () => {
  // What the SKUs are comes from a file, as does what lay in the pick face.
  const products =
    'sku,name,velocity,fixed_bin,pick_minimum,pick_maximum,hazard\nBOLTS,Bolts,C,A-01,10,36,\nPAINT,Paint,,,,,3\n';
  const csv = { 'content-type': 'text/csv' };
  done(
    await service.ask({ method: 'POST', url: '/v1/imports?site=T1&kind=products', headers: csv, payload: products }),
  );
  const opening = 'location,sku,quantity\nA-01,BOLTS,30\n';
  done(await service.ask({ method: 'POST', url: '/v1/imports?site=T1&kind=stock', headers: csv, payload: opening }));

  // A truck: 96 bolts, 12 cans of paint, six items with tags.
  const lines = [
    { line: '1', sku: 'BOLTS', quantity: 96 },
    { line: '2', sku: 'PAINT', quantity: 12 },
    { line: '3', epcs: tags },
  ];
  await say(service, '/v1/inbounds', {
    site: 'T1',
    id: 'ASN-1',
    document: 'notice',
    supplier: 'ACME',
    door: 'DOOR',
    lines,
  });
  const unloaded = (sku: string, quantity: number) =>
    say(service, '/v1/inbounds/ASN-1/goods', {
      site: 'T1',
      sku,
      quantity,
      location: 'DOCK',
      at: iso(MORNING + MINUTE_MS),
    });
  await unloaded('BOLTS', 96);
  await unloaded('PAINT', 12);
  await seen(service, crossing(tags, 'in', MORNING + 2 * MINUTE_MS), { DOCK: tags });

  // Six fit into the pick face, 50 and 40 into the bins of their class: just so. Of the paint two cans have no place, nor have two tags.
  const directed = await tasksOf('/v1/putaways');
  expect(inWords(directed).toSorted()).toEqual([
    'PUT-1 6 → A-01',
    'PUT-2 50 → R-01',
    'PUT-3 40 → R-02',
    'PUT-4 10 → R-03',
    'PUT-5 2 → null',
    'PUT-6 4 → B',
    'PUT-7 2 → null',
  ]);
  expect(directed.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([
      'A-01 is its fixed bin, with room for 6.',
      'R-01 is the nearest to DOCK of velocity class C, with room for 50.',
      'R-02 is the nearest to DOCK of velocity class C, with room for 40.',
      'R-03 is the nearest to DOCK that may take it, with room for 10.',
    ]) as string[],
  );
  expect(directed.find(({ id }) => id === 'PUT-5')!.reason).toMatch(
    /^No bin may take it: hazard class not allowed \(\d\)/,
  );

  // Ann takes the bolts; Ben may not. One of hers ends in another bin, where its room was not: told, and what it took room from goes elsewhere.
  const act = (path: string, body: object, operator: string) =>
    service.post(path, { site: 'T1', ...body }, { 'x-operator': operator });
  done(await act('/v1/putaways/PUT-2/claim', {}, 'ann'));
  expect(await act('/v1/putaways/PUT-2/claim', {}, 'ben')).toMatchObject({
    status: 409,
    body: { code: 'task-claimed' },
  });
  done(await act('/v1/putaways/PUT-2/confirmation', { scan: 'R-01' }, 'ann'));
  done(await act('/v1/putaways/PUT-1/confirmation', { scan: 'R-02' }, 'ann'));
  expect(done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' })).items).toMatchObject([
    { kind: 'other-bin', sku: 'BOLTS', location: 'R-02' },
  ]);
  // Of the 40 for R-02 six have no room there any more, and the pick face has it.
  expect(inWords(await tasksOf('/v1/putaways', { sku: 'BOLTS' })).toSorted()).toEqual([
    'PUT-3 6 → A-01',
    'PUT-8 34 → R-02',
  ]);
  done(await act('/v1/putaways/PUT-3/confirmation', { scan: 'A-01' }, 'ben'));
  done(await act('/v1/putaways/PUT-8/confirmation', { scan: 'R-02' }, 'ben'));
  done(await act('/v1/putaways/PUT-4/confirmation', { scan: 'R-03' }, 'ben'));
  expect([await stockAt('A-01'), await stockAt('R-01'), await stockAt('R-02'), await stockAt('R-03')]).toEqual([
    36, 50, 40, 10,
  ]);

  // The zone over B hears four of the tags: their task is done without anybody's word.
  await seen(service, lying(tags.slice(0, 4), 'over-b', MORNING + 20 * MINUTE_MS, 60), { B: tags.slice(0, 4) });
  expect(done(await service.get('/v1/putaways/PUT-6', { site: 'T1' }))).toMatchObject({
    sku: SKU,
    state: 'done',
    done: 4,
  });

  // The pick face falls under its minimum: filled from what lies longest in reserve, by a scan; then there is nothing to be done.
  await say(service, '/v1/adjustments', { site: 'T1', sku: 'BOLTS', quantity: -28, location: 'A-01', reason: 'sold' });
  const refills = await tasksOf('/v1/replenishments');
  expect(inWords(refills)).toEqual(['REPL-1 28 → A-01']);
  expect(refills[0]!.reason).toMatch(/^A-01 has less than its minimum of 10; R-0[12] has \d+ to spare\.$/);
  done(await act('/v1/replenishments/REPL-1/confirmation', { scan: 'A-01' }, 'cat'));
  expect(await tasksOf('/v1/replenishments')).toEqual([]);
  expect(await stockAt('A-01')).toBe(36);

  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
}, 60_000);
