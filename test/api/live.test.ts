// GET /v1/live: what happens as it happens, and for whoever comes back what happened meanwhile, over a real connection.
import { beforeAll, describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanUp.ts';
import { terminate } from '../support/database.ts';
import { crossing, epcOf, readEntries, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, say, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo, type EventStream } from './sse.ts';

let service: TestService;
let base: string;

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
  base = await service.listen();
});

async function listen(query = '', headers: Record<string, string> = {}): Promise<EventStream> {
  const stream = await listenTo(`${base}/v1/live${query}`, headers);
  closeAfterTest(() => stream.hangUp());
  await eventually('the stream says where it begins', () => stream.lastId() !== '');
  return stream;
}

const skus = (stream: EventStream): string[] => stream.of('movement').map(({ data }) => data.sku as string);
const hears = (stream: EventStream, sku: string) => eventually(`${sku} is heard`, () => skus(stream).includes(sku));

describe('the live stream', () => {
  it('tells what comes through a door: reads, passages, movements and stock, each as the lists have it', async () => {
    const stream = await listen('?site=T1');
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('cache-control')).toBe('no-store');
    const epc = epcOf(1);
    await seen(service, crossing([epc], 'in', Date.now() - HOUR_MS), { DOCK: [epc] });
    await eventually('stock is told', () => stream.of('stock').length > 0);
    const [passage] = done(await service.get('/v1/passages', { epc })).items as object[];
    const [movement] = done(await service.get('/v1/movements', { epc })).items as object[];
    const [balance] = done(await service.get('/v1/stock', { sku: SKU })).items as object[];
    expect(stream.of('passage').map(({ data }) => data as object)).toEqual([passage]);
    expect(stream.of('movement').map(({ data }) => data as object)).toEqual([movement]);
    expect(stream.of('stock').map(({ data }) => data as object)).toEqual([balance]);
  });

  it('tells once a second what each antenna reads', async () => {
    const stream = await listen('?types=reads');
    await service.deliver({
      reads: readEntries([1, 2, 3].map((n) => ({ epc: epcOf(n), antenna: 2, at: Date.now() }))),
    });
    const [reads] = await eventually('reads are told', () => stream.of('reads').length > 0 && stream.of('reads'));
    expect(reads!.data).toMatchObject({
      site: 'T1',
      antennas: [{ readPoint: 'DOOR', reader: 'door', antenna: 2, side: 'outside', reads: 3, tags: 3, bestDbm: -60 }],
    });
  });

  it('tells of discrepancies when they open and when they are settled', async () => {
    const stream = await listen('?types=discrepancy');
    await say(service, '/v1/movements', { site: 'T1', sku: 'NONE', quantity: 1, from: 'R', to: 'B' });
    await eventually('it is open', () => stream.of('discrepancy').some(({ data }) => data.state === 'open'));
    await found(service, 'NONE', 1, 'R');
    await eventually('it is settled', () => stream.of('discrepancy').some(({ data }) => data.state === 'settled'));
  });

  it('tells of products and partners as the lists have them, and of those that are dropped', async () => {
    const stream = await listen('?types=product,partner,dropped');
    const put = async (url: string, payload: object) => done(await service.ask({ method: 'PUT', url, payload }));
    await put('/v1/products/BOLT', { site: 'T1', name: 'Bolt' });
    await put('/v1/partners/supplier/ACME', { site: 'T1', name: 'Acme Ltd' });
    await eventually('both are told', () => stream.of('product').length > 0 && stream.of('partner').length > 0);
    expect(stream.of('product').map(({ data }) => data as object)).toEqual([
      done(await service.get('/v1/products/BOLT', { site: 'T1' })),
    ]);
    expect(stream.of('partner').map(({ data }) => data as object)).toEqual([
      done(await service.get('/v1/partners/supplier/ACME', { site: 'T1' })),
    ]);
    const id = stream.lastId();
    await stream.hangUp();
    for (const url of ['/v1/products/BOLT', '/v1/partners/supplier/ACME'])
      done(await service.ask({ method: 'DELETE', url, query: { site: 'T1' } }));
    const again = await listen('?types=product,partner,dropped', { 'last-event-id': id });
    await eventually('both are gone', () => again.of('dropped').length === 2);
    expect(again.of('dropped').map(({ data }) => data as object)).toEqual([
      { site: 'T1', kind: 'product', id: 'BOLT' },
      { site: 'T1', kind: 'supplier', id: 'ACME' },
    ]);
    expect([...again.of('product'), ...again.of('partner')]).toEqual([]);
  });

  it('tells that a place is empty', async () => {
    const stream = await listen('?types=stock');
    await found(service, 'EMPTIED', 2, 'B');
    await found(service, 'EMPTIED', -2, 'B');
    await eventually('nothing is left', () => stream.of('stock').some(({ data }) => data.quantity === 0));
    expect(stream.of('stock').map(({ data }) => data.location as string)).toEqual(['B', 'B']);
  });

  it('is of one site, or of those events that were asked for', async () => {
    const one = await listen('?site=T2');
    const stock = await listen('?types=stock,discrepancy');
    const all = await listen();
    await found(service, 'HERE', 1, 'B');
    await found(service, 'THERE', 1, 'B', { site: 'T2' });
    for (const stream of [one, all]) await hears(stream, 'THERE');
    await eventually('stock is told', () => stock.of('stock').some(({ data }) => data.sku === 'THERE'));
    expect(skus(all)).toEqual(['HERE', 'THERE']);
    expect(skus(one)).toEqual(['THERE']);
    expect(skus(stock)).toEqual([]);
  });

  it('tells a newcomer nothing of what was before', async () => {
    await found(service, 'BEFORE', 1, 'B');
    const stream = await listen();
    await found(service, 'AFTER', 1, 'B');
    await hears(stream, 'AFTER');
    expect(skus(stream)).toEqual(['AFTER']);
  });

  it('tells who comes back what it missed, in order, and then what happens', async () => {
    const first = await listen();
    await found(service, 'HEARD', 1, 'B');
    await hears(first, 'HEARD');
    const id = first.lastId();
    await first.hangUp();
    for (const number of [1, 2, 3]) await found(service, `MISSED-${number}`, 1, 'B');
    await found(service, 'MISSED-4', 1, 'B', { site: 'T2' });
    const second = await listen('', { 'last-event-id': id });
    await found(service, 'LIVE', 1, 'B');
    await hears(second, 'LIVE');
    expect(skus(second).filter((sku) => sku !== 'MISSED-4')).toEqual(['MISSED-1', 'MISSED-2', 'MISSED-3', 'LIVE']);
    expect(skus(second)).toContain('MISSED-4');
    expect(second.of('stock').map(({ data }) => data.sku as string)).toEqual(
      expect.arrayContaining(['MISSED-1', 'MISSED-4']),
    );
  });

  it('misses nothing that happens while it tells what was missed', async () => {
    const begun = await listen();
    const id = begun.lastId();
    await begun.hangUp();
    const wanted = Array.from({ length: 40 }, (_, number) => `BUSY-${number}`);
    const saying = Promise.all(wanted.map((sku) => found(service, sku, 1, 'B')));
    const streams = await Promise.all([1, 2, 3].map(() => listen('?types=movement', { 'last-event-id': id })));
    await saying;
    for (const stream of streams) {
      await eventually('all is told', () => wanted.every((sku) => skus(stream).includes(sku)));
      expect(skus(stream).filter((sku) => sku.startsWith('BUSY'))).toHaveLength(wanted.length);
    }
  });

  it('goes on when its connections to Postgres break, and loses nothing by it', async () => {
    const stream = await listen('?types=movement');
    await found(service, 'WHOLE', 1, 'B');
    await hears(stream, 'WHOLE');
    for (const name of ['tallygate feed', 'tallygate reads']) expect(await terminate(service.database, name)).toBe(1);
    await found(service, 'BROKEN', 1, 'B'); // nobody hears the notification of this
    await hears(stream, 'BROKEN');
  });

  it('tells who has been away too long to load everything again', async () => {
    const far = await listen('?site=T1', { 'last-event-id': 'T1:999999999' }); // of a ledger that was another
    await eventually('it is told', () => far.of('reset').length === 1);
    await found(service, 'RESET', 1, 'B');
    await hears(far, 'RESET');
    const strange = await listen('?site=T1', { 'last-event-id': 'what is this' });
    await found(service, 'STRANGE', 1, 'B');
    await hears(strange, 'STRANGE');
    expect(skus(strange)).toEqual(['STRANGE']);
  });
});

it('a stream that cannot be is a problem like any other, and HEAD does not wait for its end', async () => {
  expectProblem(await service.get('/v1/live', { site: 'X' }), 404, 'unknown-site');
  expectProblem(await service.get('/v1/live', { types: 'movement,gossip' }), 400, 'bad-request', /gossip is none of/);
  expect(await service.ask({ method: 'HEAD', url: '/v1/live' })).toMatchObject({ status: 404 });
});
