// Goods go from one site of ours to another, in one service: promised, picked, out at a door, under way at both sites, in at a door, and what did
// not come is written off once. Whatever ends in between, nothing is told twice or lost; and both sites are the same when they are derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, say } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { listenTo } from '../api/sse.ts';
import { crossing, epcOf, readEntries, SKU, smallSite, type ReadSpec } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const MORNING = Date.now() - 4 * HOUR_MS;
let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1', { rules: { orders: true } }),
      smallSite('T2', { rules: { inboundDocuments: true } }),
      smallSite('T3'),
    ],
  });
});

interface Side {
  readonly site: string;
  readonly direction: string;
  readonly state: string;
  readonly inbounds: readonly string[];
  readonly lines: readonly {
    readonly sku: string;
    readonly sent: number;
    readonly received: number;
    readonly transit: number;
  }[];
}
const sides = async (id: string): Promise<readonly Side[]> =>
  (done(await service.get(`/v1/transfers/${id}`)) as { sides: Side[] }).sides;
const side = async (id: string, site: string): Promise<Side | undefined> =>
  (await sides(id)).find((one) => one.site === site);
const transit = async (id: string, site: string): Promise<Record<string, number>> =>
  Object.fromEntries(((await side(id, site))?.lines ?? []).map((line) => [line.sku, line.transit]));
const stockOf = async (site: string, sku: string): Promise<number> =>
  (done(await service.get('/v1/stock', { site, sku })).items as { quantity: number }[]).reduce(
    (sum, { quantity }) => sum + quantity,
    0,
  );

let seq = 0;
async function seenAt(
  site: string,
  reads: readonly ReadSpec[],
  location: string,
  epcs: readonly string[],
): Promise<void> {
  const inOrder = [...reads].sort((a, b) => a.at - b.at);
  const head = { site, gateway: `gw-${site}`, seq: ++seq, oldest: seq, sentAt: inOrder.at(-1)!.at + 5000 };
  await service.deliver({ reads: readEntries(inOrder) }, head);
  await eventually(`${epcs.length} tags at ${location} of ${site}`, async () => {
    const { rows } = await service.database.pool.query<{ location: string }>(
      'select location from item where site = $1 and epc = any ($2)',
      [site, epcs],
    );
    return rows.length === epcs.length && rows.every((row) => row.location.startsWith(location));
  });
}

async function expectVerified(...sites: string[]): Promise<void> {
  for (const site of sites) {
    await service.posted(site);
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, site, openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  }
}

describe('a transfer', () => {
  const tags = [11, 12, 13].map(epcOf);

  it('is promised and picked at one site, under way at both, received at the other, and settled when it is closed', async () => {
    const opening = { site: 'T1', sku: 'BOLTS', quantity: 100, location: 'A', reason: 'opening', at: iso(MORNING) };
    await say(service, '/v1/adjustments', opening);
    for (const epc of tags) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at: iso(MORNING) });
    const events = await listenTo(`${await service.listen()}/v1/live?site=T2&types=transfer`);
    const lines = [
      { line: '1', sku: 'BOLTS', quantity: 60 },
      { line: '2', sku: SKU, quantity: 3 },
    ];
    const ordered = done(await service.post('/v1/transfers', { site: 'T1', id: 'X1', to: 'T2', lines }));
    expect(ordered.detail).toMatchObject({ transfer: 'X1', to: 'T2', lines: [{ reserved: 60 }, { reserved: 3 }] });
    expect(await sides('X1')).toMatchObject([
      { site: 'T1', direction: 'out', other: 'T2', state: 'ordered', lines: [] },
    ]);

    await say(service, '/v1/picks', { site: 'T1', id: 'P1', orders: ['X1'], to: 'PACK' });
    const list = done(await service.get('/v1/picks/P1')) as { lines: { line: number; sku: string }[] };
    const at = iso(MORNING + 10 * MINUTE_MS);
    for (const { line, sku } of list.lines)
      for (const scan of sku === SKU ? tags : ['A'])
        await say(service, `/v1/picks/P1/lines/${line}/confirmation`, { site: 'T1', scan, at });
    await seenAt('T1', crossing(tags, 'out', MORNING + HOUR_MS), 'transit:T1:X1', tags);
    const away = { site: 'T1', sku: 'BOLTS', quantity: 60, from: 'PACK', to: 'world', at: iso(MORNING + HOUR_MS) };
    await say(service, '/v1/movements', away);
    const { items: left } = done(await service.get('/v1/movements', { site: 'T1', type: 'transfer' }));
    expect(left).toContainEqual(expect.objectContaining({ epc: tags[0], from: 'DOCK', to: 'world', type: 'transfer' }));
    expect(done(await service.get('/v1/orders/X1'))).toMatchObject({ state: 'shipped', shipped: 63 });
    expect(done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' })).items).toEqual([]);
    await eventually('both see it under way', async () => (await transit('X1', 'T2'))['BOLTS'] === 60);
    expect(await transit('X1', 'T1')).toEqual({ BOLTS: 60, [SKU]: 3 });
    expect(await transit('X1', 'T2')).toEqual({ BOLTS: 60, [SKU]: 3 });
    expect(await stockOf('T2', 'BOLTS')).toBe(0);

    // In at the other: what has tags by its door, the rest by the word of a person; two are missing.
    await seenAt('T2', crossing(tags, 'in', MORNING + 2 * HOUR_MS), 'DOCK', tags);
    const notices = (await side('X1', 'T2'))!.inbounds;
    expect(notices.length).toBeGreaterThan(0);
    const documents = await Promise.all(
      notices.map(
        async (id) => done(await service.get(`/v1/inbounds/${id}`, { site: 'T2' })) as { lines: { sku: string }[] },
      ),
    );
    const plain = notices[documents.findIndex((one) => one.lines.some(({ sku }) => sku === 'BOLTS'))]!;
    const goods = { site: 'T2', sku: 'BOLTS', quantity: 58, location: 'DOCK', at: iso(MORNING + 2 * HOUR_MS) };
    await say(service, `/v1/inbounds/${plain}/goods`, goods);
    const { items: came } = done(await service.get('/v1/movements', { site: 'T2', type: 'transfer' }));
    expect(came).toContainEqual(expect.objectContaining({ epc: tags[0], from: 'world', to: 'DOCK' }));
    expect(came).toContainEqual(expect.objectContaining({ sku: 'BOLTS', quantity: 58 }));
    expect(await transit('X1', 'T2')).toEqual({ BOLTS: 2, [SKU]: 0 });
    await eventually('the sender knows', async () => (await transit('X1', 'T1'))['BOLTS'] === 2);
    expect(await transit('X1', 'T1')).toEqual({ BOLTS: 2, [SKU]: 0 });

    const closed = done(await service.post('/v1/transfers/X1/closing', { site: 'T2' }));
    expect(closed.detail).toEqual({ transfer: 'X1', short: 2, over: 0 });
    await eventually('both are done with it', async () => (await sides('X1')).every(({ state }) => state === 'closed'));
    const { items: told } = done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' }));
    expect(told).toMatchObject([{ kind: 'transfer-short', sku: 'BOLTS' }]);
    expect([await stockOf('T1', 'BOLTS'), await stockOf('T2', 'BOLTS'), await stockOf('T2', SKU)]).toEqual([40, 58, 3]);
    await eventually('it is told', () => events.of('transfer').some(({ data }) => data['state'] === 'closed'));
    await events.hangUp();
    // What is no order of a customer is no demand.
    expect(done(await service.get('/v1/kpis', { site: 'T1' })).sites[0].fill.units.asked).toBe(0);
    await expectVerified('T1', 'T2');
  });

  it('that comes back in where it left is told as misrouted, and is under way no more', async () => {
    const [epc] = [epcOf(21)];
    await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at: iso(MORNING) });
    const lines = [{ line: '1', sku: SKU, quantity: 1 }];
    await say(service, '/v1/transfers', { site: 'T1', id: 'X2', to: 'T3', lines });
    await say(service, '/v1/transfers/X2/shipment', { site: 'T1', epcs: [epc], at: iso(MORNING + 10 * MINUTE_MS) });
    await eventually('it is under way', async () => (await transit('X2', 'T3'))[SKU] === 1);
    await seenAt('T1', crossing([epc], 'in', MORNING + 3 * HOUR_MS), 'DOCK', [epc]);
    const { items } = done(await service.get('/v1/discrepancies', { site: 'T1', kind: 'misrouted' }));
    expect(items).toMatchObject([{ epc, state: 'open' }]);
    await eventually('the other does not wait for it', async () => (await transit('X2', 'T3'))[SKU] === 0);
    expect(await transit('X2', 'T1')).toEqual({ [SKU]: 0 });
    expect(done(await service.get(`/v1/items/${epc}`, { site: 'T1' }))).toMatchObject({ location: 'DOCK' });
    await expectVerified('T1', 'T3');
  });

  it('of which more comes than left is told at the site that sent it', async () => {
    await say(service, '/v1/transfers', {
      site: 'T1',
      id: 'X3',
      to: 'T2',
      lines: [{ line: '1', sku: 'BOLTS', quantity: 10 }],
    });
    const sent = { site: 'T1', sku: 'BOLTS', quantity: 10, location: 'A' };
    await say(service, '/v1/transfers/X3/shipment', sent);
    await eventually('it is under way', async () => (await transit('X3', 'T2'))['BOLTS'] === 10);
    await say(service, '/v1/inbounds/X3/goods', { site: 'T2', sku: 'BOLTS', quantity: 11, location: 'DOCK' });
    expect(done(await service.post('/v1/transfers/X3/closing', { site: 'T2' })).detail).toMatchObject({
      short: 0,
      over: 1,
    });
    await eventually('it is told', async () => {
      const { items } = done(await service.get('/v1/discrepancies', { site: 'T1', kind: 'transfer-over' }));
      return (items as unknown[]).length === 1;
    });
    expect([await stockOf('T1', 'BOLTS'), await stockOf('T2', 'BOLTS')]).toEqual([30, 69]);
    await expectVerified('T1', 'T2');
  });

  it('with which more leaves than was ordered, or something else: a fact, and told at once', async () => {
    const lines = [{ line: '1', sku: 'BOLTS', quantity: 2 }];
    await say(service, '/v1/transfers', { site: 'T1', id: 'X4', to: 'T2', lines });
    await found(service, 'WASHERS', 5, 'A', { site: 'T1' });
    const send = (sku: string, quantity: number) =>
      say(service, '/v1/transfers/X4/shipment', { site: 'T1', sku, quantity, location: 'A' });
    await send('BOLTS', 2);
    const over = async () =>
      (
        done(await service.get('/v1/discrepancies', { site: 'T1', kind: 'transfer-over' })).items as {
          message: string;
        }[]
      )
        .map(({ message }) => message)
        .filter((message) => message.includes('X4'));
    expect(await over()).toEqual([]);
    await send('BOLTS', 3);
    await send('WASHERS', 1);
    expect((await over()).toSorted()).toEqual([
      '1 more of WASHERS left with X4 to T2 than was ordered: take it off the truck, or tell T2.',
      '3 more of BOLTS left with X4 to T2 than was ordered: take it off the truck, or tell T2.',
    ]);
    await expectVerified('T1', 'T2');
  });

  it('makes no sense: refused with what to do', async () => {
    const order = (body: object) =>
      service.post('/v1/transfers', {
        site: 'T1',
        id: 'X9',
        to: 'T2',
        lines: [{ line: '1', sku: 'BOLTS', quantity: 1 }],
        ...body,
      });
    expectProblem(await order({ to: 'NOWHERE' }), 404, 'unknown-site');
    expectProblem(await order({ to: 'T1' }), 422, 'nowhere');
    expectProblem(await order({ id: 'X1' }), 409, 'transfer-exists');
    expectProblem(await service.get('/v1/transfers/NONE'), 404, 'not-found');
    const send = (body: object) => service.post('/v1/transfers/X1/shipment', { site: 'T1', ...body });
    expectProblem(await send({ epcs: [epcOf(99)] }), 422, 'transfer-closed');
    expectProblem(await service.post('/v1/transfers/NONE/shipment', { site: 'T1' }), 404, 'unknown-transfer');
    expectProblem(await service.post('/v1/transfers/X1/closing', { site: 'T2' }), 422, 'transfer-closed');
    expectProblem(await service.post('/v1/transfers/X1/closing', { site: 'T1' }), 404, 'unknown-transfer');
  });
});
