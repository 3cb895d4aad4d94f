// A customer says what it sends back, and sends something else: what comes is linked to what was said, and to its order, whichever of the two
// is there first; and the same when the day is derived again.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { crossing, epcOf, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const MORNING = Date.now() - 6 * HOUR_MS;
const tags = [1, 2, 3, 4].map(epcOf);
const [first, second, third, fourth] = tags as [string, string, string, string];
const CUP_GTIN = '04012345678901';
const at = (minutes: number) => iso(MORNING + minutes * MINUTE_MS);
const base = smallSite('T1', {
  rules: { inboundDocuments: true, orders: true },
  skus: [{ gtin: CUP_GTIN, sku: 'CUPS' }],
});
const site = {
  ...base,
  locations: [...base.locations!, { id: 'RETURNS', kind: 'returns' as const }],
  readPoints: [
    ...base.readPoints!,
    { id: 'RETURNS-DESK', kind: 'station' as const, location: 'RETURNS', device: 'desk-1' },
  ],
};

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [site] });
});

interface Told {
  readonly kind: string;
}
const openKinds = async (): Promise<string[]> => {
  await service.posted();
  const { items } = done(await service.get('/v1/discrepancies', { site: 'T1', state: 'open' })) as { items: Told[] };
  return items.map(({ kind }) => kind).filter((kind) => /return/.test(kind));
};
const one = async (id: string) => done(await service.get(`/v1/announced-returns/${id}`));
const back = async (query: Record<string, string | boolean>) =>
  done(await service.get('/v1/returns', { site: 'T1', ...query })).items as { id: string; epc: string | null }[];

it('is linked to what was announced of its order: expected, over, short and unannounced', async () => {
  const notice = { site: 'T1', id: 'ASN-1', document: 'notice', supplier: 'ACME', lines: [{ line: '1', epcs: tags }] };
  await say(service, '/v1/inbounds', { ...notice, at: at(-20) });
  await say(service, '/v1/inbounds/ASN-1/goods', { site: 'T1', epcs: tags, location: 'DOCK', at: at(-10) });
  for (const epc of tags) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at: at(0) });
  await found(service, 'CUPS', 10, 'B', { at: at(0) });
  const ordered = async (id: string, customer: string, lines: readonly object[]) => {
    await say(service, '/v1/orders', { site: 'T1', id, customer, lines, at: at(5) });
    await say(service, '/v1/picks', { site: 'T1', id: `P-${id}`, orders: [id], to: 'PACK', at: at(6) });
  };
  await ordered('O-1', 'SHOP', [
    { line: '1', sku: SKU, quantity: 3 },
    { line: '2', sku: 'CUPS', quantity: 6 },
  ]);
  await ordered('O-2', 'KIOSK', [{ line: '1', sku: SKU, quantity: 1 }]);
  const { lines } = done(await service.get('/v1/picks/P-O-1')) as { lines: { line: number; sku: string }[] };
  const lineOf = (sku: string) => lines.find((line) => line.sku === sku)!.line;
  const confirm = (pick: string, line: number, body: object) =>
    say(service, `/v1/picks/${pick}/lines/${line}/confirmation`, { site: 'T1', at: at(10), ...body });
  for (const epc of [first, second, third]) await confirm('P-O-1', lineOf(SKU), { scan: epc });
  await confirm('P-O-1', lineOf('CUPS'), { scan: 'B', quantity: 6 });
  await confirm('P-O-2', 1, { scan: fourth });
  await say(service, '/v1/loads', { site: 'T1', id: 'L-1', carrier: 'VAN', orders: ['O-1', 'O-2'], at: at(15) });
  await seen(service, crossing(tags, 'out', MORNING + 20 * MINUTE_MS), { world: tags });
  const aboard = { site: 'T1', sku: 'CUPS', quantity: 6, from: 'PACK', to: 'world', load: 'L-1' };
  await say(service, '/v1/movements', { ...aboard, at: at(21) });
  await say(service, '/v1/loads/L-1/closing', { site: 'T1', at: at(30) });
  await service.posted();

  // No more than left with the order, and only of what did; the customer is the order's.
  const announce = (id: string, order: string, said: readonly object[], more: object = {}) =>
    service.post('/v1/announced-returns', { site: 'T1', id, order, lines: said, at: at(60), ...more });
  expectProblem(
    await announce('RMA-0', 'O-1', [{ line: '1', sku: SKU, quantity: 4 }]),
    422,
    'more-than-shipped',
    /3 left with O-1/,
  );
  expectProblem(await announce('RMA-0', 'O-2', [{ line: '1', sku: 'CUPS', quantity: 1 }]), 422, 'more-than-shipped');
  expectProblem(await announce('RMA-0', 'O-9', [{ line: '1', sku: SKU, quantity: 1 }]), 404, 'unknown-order');
  done(
    await announce('RMA-1', 'O-1', [
      { line: '1', sku: SKU, quantity: 1, because: 'wrong-item' },
      { line: '2', sku: 'CUPS', quantity: 4, because: 'damaged' },
    ]),
  );
  expectProblem(await announce('RMA-1', 'O-1', [{ line: '1', sku: SKU, quantity: 1 }]), 409, 'return-exists');
  expectProblem(
    await announce('RMA-2', 'O-1', [{ line: '1', sku: 'CUPS', quantity: 3 }]),
    422,
    'more-than-shipped',
    /of which 4 are announced already/,
  );
  expect(await one('RMA-1')).toMatchObject({ state: 'open', customer: 'SHOP', order: 'O-1', quantity: 5, received: 0 });

  // Two of the order come where one was announced, and one of another order of which nobody said a word.
  await seen(service, crossing([first, second, fourth], 'in', MORNING + 120 * MINUTE_MS), {
    DOCK: [first, second, fourth],
  });
  expect((await openKinds()).toSorted()).toEqual(['announced-return-over', 'unannounced-return']);
  expect(await one('RMA-1')).toMatchObject({
    state: 'open',
    lines: [
      { line: '1', because: 'wrong-item', quantity: 1, received: 2, short: 0, over: 1 },
      { line: '2', quantity: 4, received: 0, short: 4, over: 0 },
    ],
  });
  expect((await back({ announced: false })).map(({ epc }) => epc)).toEqual([fourth]);

  // An announcement that comes later finds it.
  const later = done(await announce('RMA-3', 'O-2', [{ line: '1', sku: SKU, quantity: 1, because: 'late' }]));
  expect(later).toMatchObject({ detail: { found: 1 } });
  expect(await openKinds()).toEqual(['announced-return-over']);
  expect(await one('RMA-3')).toMatchObject({ state: 'received', arrivals: [{ epc: fourth, line: '1' }] });

  // What has no tags: scanned at the desk for returns, and said by a person; linked to the order all the same.
  await service.deliver({
    scans: [{ device: 'desk-1', data: `]C101${CUP_GTIN}`, at: at(130), operator: 'rita' }],
  });
  await eventually('the scanned cup is on its return', async () => (await one('RMA-1')).lines[1].received === 1);
  const goods = (body: object) => service.post('/v1/announced-returns/RMA-1/goods', { site: 'T1', ...body });
  expectProblem(await goods({ line: '9', quantity: 1, location: 'RETURNS' }), 422, 'not-on-it');
  expectProblem(await goods({ line: '1', quantity: 1, location: 'RETURNS' }), 422, 'item-needed');
  expectProblem(await goods({ epcs: [first], location: 'RETURNS' }), 422, 'is-here');
  expect(done(await goods({ line: '2', quantity: 2, location: 'RETURNS', at: at(140) }))).toMatchObject({
    detail: { received: 2, left: 1 },
  });
  await service.posted();
  const cups = await back({ sku: 'CUPS' });
  expect(cups).toHaveLength(2);
  expect(cups[0]).toMatchObject({
    epc: null,
    quantity: 2,
    order: 'O-1',
    customer: 'SHOP',
    announced: { return: 'RMA-1', line: '2', because: 'damaged' },
  });
  expect(done(await service.get('/v1/stock', { site: 'T1', sku: 'CUPS', location: 'RETURNS' })).items).toMatchObject([
    { status: 'returned', quantity: 3 },
  ]);

  // Nobody waits for the last cup; the third item, with its customer still, would come unannounced.
  expect(done(await service.post('/v1/announced-returns/RMA-1/closing', { site: 'T1' }))).toMatchObject({
    detail: { short: [{ line: '2', sku: 'CUPS', quantity: 1 }] },
  });
  expectProblem(await goods({ line: '2', quantity: 1, location: 'RETURNS' }), 409, 'return-closed');
  expect(done(await service.get('/v1/announced-returns', { site: 'T1', state: 'closed' })).items).toMatchObject([
    { id: 'RMA-1', lines: [{ over: 1 }, { short: 1 }] },
  ]);
  await seen(service, crossing([third], 'in', MORNING + 300 * MINUTE_MS), { DOCK: [third] });
  expect((await openKinds()).toSorted()).toEqual(['announced-return-over', 'unannounced-return']);

  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
