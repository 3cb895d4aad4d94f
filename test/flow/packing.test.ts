// A day at the pack bench with the mistakes of people in it: 400 lines of one unit are picked, 32 of them wrong at first. 28 are refused by
// the scanner in the aisle, three are caught by the antenna of the bench, one without a tag goes to the customer and comes back. How good
// picking was follows from what is on record; both bins are right in the end, and derived again it is the same.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { encodeSgtin96 } from '../../src/wire/epc/encodeEpc.ts';
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { listenTo } from '../api/sse.ts';
import { crossing, epcOf, lying, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const COMPANY = '0614141';
/** Goods without tags. */
const codeOf = (product: number): string => withCheckDigit(`0${COMPANY}${String(product).padStart(5, '0')}`);
const PRODUCTS = Array.from({ length: 20 }, (_, index) => codeOf(100 + index));
const binOf = (sku: string): string => (PRODUCTS.indexOf(sku) % 2 === 0 ? 'A' : 'B');
const ORDERS = 40;
const LINES = 10;
/** Tags of what was ordered, and of what somebody took instead. */
const right = [1, 2, 3].map(epcOf);
const wrong = [1, 2, 3].map((serial) =>
  encodeSgtin96({ companyPrefix: COMPANY, itemReference: '000777', serial }).toUpperCase(),
);

let service: TestService;
beforeAll(async () => {
  const plain = smallSite('T1', { rules: { orders: true }, packing: { companyPrefix: COMPANY, firstSerial: 1 } });
  const file = {
    ...plain,
    locations: [...plain.locations!, { id: 'RETURNS', kind: 'returns' as const }],
    readPoints: plain.readPoints!.map((point) =>
      point.kind === 'station' ? { ...point, antennas: [{ reader: 'bench', antenna: 1 }] } : point,
    ),
  };
  service = await openService({ sites: [file] });
});

const one = async (path: string) => done(await service.get(path, { site: 'T1' })) as Record<string, unknown>;
const act = (path: string, body: object = {}) => service.post(path, { site: 'T1', ...body });
const stockOf = async (sku: string, location: string): Promise<number> =>
  (done(await service.get('/v1/stock', { site: 'T1', sku, location })).items as { quantity: number }[]).reduce(
    (sum, { quantity }) => sum + quantity,
    0,
  );

interface Line {
  readonly line: number;
  readonly sku: string;
  readonly order: string;
  readonly orderLine: string;
  readonly location: string;
}

it('tells how good picking was from what is on record', { timeout: 240_000 }, async () => {
  const past = Date.now() - 2 * HOUR_MS;
  await seen(service, crossing([...right, ...wrong], 'in', past), { DOCK: [...right, ...wrong] });
  const stored = iso(past + 10 * MINUTE_MS);
  for (const epc of right) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at: stored });
  for (const epc of wrong) await say(service, '/v1/movements', { site: 'T1', epc, to: 'B', at: stored });
  for (const sku of PRODUCTS) await found(service, sku, 40, binOf(sku));

  // Orders 1 to 3 end with something that has a tag.
  const skuOf = (order: number, line: number): string =>
    order < 3 && line === LINES - 1 ? SKU : PRODUCTS[(order * LINES + line) % PRODUCTS.length]!;
  const orders = Array.from({ length: ORDERS }, (_, index) => `O-${String(index + 1).padStart(2, '0')}`);
  for (const [index, id] of orders.entries())
    await say(service, '/v1/orders', {
      site: 'T1',
      id,
      customer: 'SHOP-1',
      shipTo: 'Shop One\n1 High Street\nAntwerp',
      lines: Array.from({ length: LINES }, (_, line) => ({
        line: String(line + 1),
        sku: skuOf(index, line),
        quantity: 1,
      })),
    });
  await say(service, '/v1/picks', { site: 'T1', id: 'WAVE', orders, to: 'PACK' });
  const { lines } = (await one('/v1/picks/WAVE')) as unknown as { lines: readonly Line[] };
  expect(lines).toHaveLength(400);

  // 28 lines are scanned wrong before they are scanned right: the wrong bin, or other goods.
  const plain = lines.filter(({ sku }) => sku !== SKU);
  for (const [index, { line, sku, location }] of plain.slice(20, 48).entries()) {
    const other = PRODUCTS[(PRODUCTS.indexOf(sku) + 2) % PRODUCTS.length]!;
    const scan = index % 2 === 0 ? `]C101${other}` : location === 'A' ? 'B' : 'A';
    const code = index % 2 === 0 ? 'wrong-item' : 'wrong-bin';
    expectProblem(await act(`/v1/picks/WAVE/lines/${line}/confirmation`, { scan }), 422, code);
  }
  const tags = new Map<string, string>();
  for (const { line, sku, order, location } of lines) {
    if (sku === SKU) tags.set(order, right[tags.size]!);
    await say(service, `/v1/picks/WAVE/lines/${line}/confirmation`, {
      site: 'T1',
      scan: tags.has(order) && sku === SKU ? tags.get(order)! : location,
    });
  }
  expect(await one('/v1/picks/WAVE')).toMatchObject({ state: 'done', picked: 400 });

  // At the bench three cartons hold something else than what was scanned in the aisle: its antenna hears it.
  const events = await listenTo(`${await service.listen()}/v1/live?site=T1&types=carton`);
  for (const [index, order] of orders.slice(0, 3).entries()) {
    // The packer opened it a minute ago.
    const opened = { order, bench: 'PACK', at: iso(Date.now() - MINUTE_MS) };
    const { carton } = done(await act('/v1/cartons', opened)).detail as { carton: string };
    const path = `/v1/cartons/${carton}`;
    for (const { sku } of lines.filter((line) => line.order === order && line.sku !== SKU))
      await say(service, `${path}/contents`, { site: 'T1', scan: `]C101${sku}` });
    expect(await one(path)).toMatchObject({ quantity: 9, missing: [{ line: '10', sku: SKU, quantity: 1, picked: 1 }] });
    expectProblem(await act(`${path}/closing`), 422, 'carton-short', /1 of \d+ \(line 10\)/);
    await service.deliver({ reads: lyingNow(wrong[index]!) });
    await eventually('the bench hears what is wrong', async () =>
      ((await one(path))['wrong'] as { epc: string }[]).some(({ epc }) => epc === wrong[index]),
    );
    expectProblem(await act(`${path}/closing`), 422, 'wrong-in-carton');
    await say(service, '/v1/movements', { site: 'T1', epc: wrong[index]!, to: 'B' });
    await say(service, `${path}/contents`, { site: 'T1', scan: tags.get(order)! });
    expect(done(await act(`${path}/closing`, { weight: 3200 })).detail).toMatchObject({ isShort: false, missing: [] });
    expect(await one(path)).toMatchObject({ state: 'closed', quantity: 10, wrong: [], missing: [] });
  }
  await eventually('it is told', () => events.of('carton').some(({ data }) => data['state'] === 'closed'));
  await events.hangUp();

  // Everything leaves with one load: cartons by their own number, the rest by the word of a person.
  await say(service, '/v1/loads', { site: 'T1', id: 'L-1', carrier: 'CARRIER', orders });
  const { items: cartons } = done(await service.get('/v1/cartons', { site: 'T1', load: 'L-1' })) as {
    items: { epc: string; state: string }[];
  };
  expect(cartons.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
  for (const { epc } of cartons) await say(service, '/v1/movements', { site: 'T1', epc, to: 'world' });
  for (const sku of PRODUCTS) {
    const { items } = done(await service.get('/v1/stock', { site: 'T1', sku, location: 'PACK' })) as {
      items: { quantity: number }[];
    };
    const quantity = items.reduce((sum, item) => sum + item.quantity, 0);
    await say(service, '/v1/movements', { site: 'T1', sku, quantity, from: 'PACK', to: 'world' });
  }
  expect(await one('/v1/loads/L-1')).toMatchObject({ complete: 40, short: 0, loaded: 400, missing: 0 });
  done(await act('/v1/loads/L-1/closing', { seals: ['4711'] }));
  const trip = done(await service.get('/v1/items/' + tags.get(orders[0]!)!)) as Record<string, unknown>;
  expect(trip).toMatchObject({ location: 'world', account: 'customer', container: cartons.at(-1)!.epc });

  // One customer got B for A, and sends it back.
  const last = lines.find(({ order, orderLine }) => order === 'O-40' && orderLine === '1')!;
  const sent = PRODUCTS[(PRODUCTS.indexOf(last.sku) + 1) % PRODUCTS.length]!;
  const before = { a: await stockOf(last.sku, last.location), b: await stockOf(sent, binOf(sent)) };
  const told = { sku: sent, from: binOf(sent), to: 'RETURNS', reason: 'the customer sent it back' };
  expectProblem(await act(`/v1/picks/WAVE/lines/999/wrong-item`, told), 404, 'not-found');
  await say(service, `/v1/picks/WAVE/lines/${last.line}/wrong-item`, { site: 'T1', ...told });
  expect(await stockOf(last.sku, last.location)).toBe(before.a + 1);
  expect(await stockOf(sent, binOf(sent))).toBe(before.b - 1);
  expect(await stockOf(sent, 'RETURNS')).toBe(1);
  expect(await one('/v1/orders/O-40')).toMatchObject({ state: 'reserved', shipped: 9, reserved: 1 });

  const { items: errors } = done(await service.get('/v1/pick-errors', { site: 'T1', limit: 100 })) as {
    items: { kind: string; line: number }[];
  };
  const of = (kind: string): number => errors.filter((error) => error.kind === kind).length;
  expect({ refused: of('refused'), caught: of('caught'), shipped: of('shipped') }).toEqual({
    refused: 28,
    caught: 3,
    shipped: 1,
  });
  expect(done(await service.get('/v1/kpis', { site: 'T1' })).sites[0].picking).toEqual({
    lines: 400,
    refused: 28,
    caught: 3,
    shippedWrong: 1,
    firstPass: 0.92,
    accuracy: 0.99,
    shippedWrongShare: 0.0025,
  });
  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});

const lyingNow = (epc: string) =>
  lying([epc], 'bench', Date.now() - 50_000, 44).map(({ epc: tag, at, rssiDbm }) => ({
    reader: 'bench',
    antenna: 1,
    epc: tag,
    rssiDbm: rssiDbm!,
    seenAt: new Date(at).toISOString(),
  }));
