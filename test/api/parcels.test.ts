// Cartons that carriers take: one booked by hand, one on a list, one with an API of its own that is only described; booked once, taken back,
// looked up, handed over and so shipped. The API is a real server, as a carrier's would be.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCarriers } from '../../src/carriers/carrier.ts';
import type { CarrierFile } from '../../src/config/carriers.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { retain } from '../../src/store/retention.ts';
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, found, iso, MINUTE_MS, say } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { alertsOf, look, only } from './watching.ts';

const SKU = withCheckDigit('0061414110001');
const DAY_MS = 24 * 60 * MINUTE_MS;
const SECRET = 'correct horse battery staple';
const LABEL = '%PDF-1.7 a label';

/** What the carrier was asked, and whether it works just now. */
const asked: {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}[] = [];
let isBroken = false;
let booked = 0;

let service: TestService;
beforeAll(async () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      asked.push({ method, url, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) });
      response.writeHead(isBroken ? 503 : 200, { 'content-type': 'application/json' });
      response.end(isBroken ? '{"error":"maintenance"}' : JSON.stringify(answerTo(method, url)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterFile(() => {
    server.closeAllConnections();
    server.close();
  });
  const packing = {
    companyPrefix: '0614141',
    shipFrom: 'Antwerp DC\nQuay 7',
    cartons: [{ id: 'M', length: 300, width: 200, height: 200, tare: 200 }],
  };
  service = await openService({
    sites: [smallSite('T1', { timeZone: 'UTC', rules: { orders: true }, packing })],
    api: { carriers: openCarriers(files(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), () => SECRET) },
  });
  await found(service, SKU, 20, 'A');
});

const answerTo = (method: string, url: string): unknown => {
  if (url === '/v2/quotes')
    return {
      data: {
        quotes: [
          { name: 'EXPRESS', cost: { amount: '19.90', currency: 'EUR' } },
          { name: 'ECO', cost: { amount: 6.5, currency: 'EUR' } },
        ],
      },
    };
  if (method === 'POST')
    return { parcels: [{ number: 9000 + ++booked, document: Buffer.from(LABEL).toString('base64') }] };
  return method === 'GET' ? { state: 'IN_TRANSIT', since: '2026-11-28T06:00:00Z' } : {};
};

/** Everything that is particular to this carrier. */
const files = (base: string): CarrierFile[] => [
  { id: 'VAN', kind: 'manual' },
  { id: 'POST', kind: 'manifest' },
  {
    id: 'BIKE',
    kind: 'manifest',
    cutOff: '00:00',
    services: [{ id: 'DAY' }, { id: 'EVENING', cutOff: '23:59' }],
  },
  {
    id: 'PARCELS',
    kind: 'rest',
    secretVariable: 'PARCELS_TOKEN',
    headers: { authorization: 'Bearer {secret}' },
    rates: {
      url: `${base}/v2/quotes`,
      body: { weight: '{weightKg}', box: ['{lengthMm}', '{widthMm}', '{heightMm}'], to: '{shipTo}' },
      answer: { rates: 'data.quotes', service: 'name', price: 'cost.amount', currency: 'cost.currency' },
    },
    label: {
      url: `${base}/v2/parcels`,
      body: {
        reference: '{order}/{carton}',
        product: '{service}',
        grams: '{weightG}',
        from: '{shipFrom}',
        to: '{shipTo}',
      },
      answer: { tracking: 'parcels.0.number', label: 'parcels.0.document' },
    },
    tracking: { method: 'GET', url: `${base}/v2/parcels/{tracking}`, answer: { status: 'state', at: 'since' } },
    void: { method: 'DELETE', url: `${base}/v2/parcels/{tracking}?why=a b` },
  },
];

const act = (path: string, body: object = {}, headers: Record<string, string> = {}) =>
  service.post(path, { site: 'T1', ...body }, headers);
const one = async (path: string) => done(await service.get(path)) as Record<string, unknown>;

let orders = 0;
/** An order of four, picked and packed; the SSCC of its carton. */
async function packed(isClosed = true): Promise<string> {
  const id = `O-${++orders}`;
  const lines = [{ line: '1', sku: SKU, quantity: 2 }];
  await say(service, '/v1/orders', { site: 'T1', id, customer: 'SHOP-1', shipTo: 'Shop "One"\n1 High Street', lines });
  await say(service, '/v1/picks', { site: 'T1', id: `P-${orders}`, orders: [id], to: 'PACK' });
  await say(service, `/v1/picks/P-${orders}/lines/1/confirmation`, { site: 'T1', scan: 'A' });
  const { carton } = done(await act('/v1/cartons', { order: id, type: 'M' })).detail as { carton: string };
  await say(service, `/v1/cartons/${carton}/contents`, { site: 'T1', scan: `]C101${SKU}`, quantity: 2 });
  if (isClosed) done(await act(`/v1/cartons/${carton}/closing`, { weight: 1500 }));
  return carton;
}

describe('a carrier that is only described', () => {
  it('is asked for rates, books with its label once, says where it is, and takes the booking back', async () => {
    const carton = await packed();
    expect(done(await service.get(`/v1/cartons/${carton}/rates`))).toEqual({
      rates: [
        { carrier: 'PARCELS', service: 'ECO', price: 6.5, currency: 'EUR', leavesBy: null },
        { carrier: 'PARCELS', service: 'EXPRESS', price: 19.9, currency: 'EUR', leavesBy: null },
      ],
      failed: [],
    });
    expect(asked.at(-1)).toMatchObject({
      url: '/v2/quotes',
      headers: { authorization: `Bearer ${SECRET}` },
      body: { weight: 1.5, box: [300, 200, 200], to: 'Shop "One"\n1 High Street' },
    });
    const key = { 'idempotency-key': 'book-1' };
    const answer = await act(`/v1/cartons/${carton}/parcel`, { carrier: 'PARCELS', service: 'ECO' }, key);
    expect(done(answer).detail).toEqual({ carton, carrier: 'PARCELS', tracking: '9001' });
    const times = asked.length;
    expect((await act(`/v1/cartons/${carton}/parcel`, { carrier: 'PARCELS', service: 'ECO' }, key)).body).toEqual(
      answer.body,
    );
    expect(asked).toHaveLength(times);
    expect(asked.at(-1)).toMatchObject({
      url: '/v2/parcels',
      headers: { 'idempotency-key': 'book-1' },
      body: { reference: `O-1/${carton}`, product: 'ECO', grams: 1500, from: 'Antwerp DC\nQuay 7' },
    });
    expect(await one(`/v1/cartons/${carton}`)).toMatchObject({
      parcel: { carrier: 'PARCELS', service: 'ECO', tracking: '9001', by: 'api' },
    });
    const label = await service.get(`/v1/cartons/${carton}/parcel/label`);
    expect(label).toMatchObject({ status: 200, type: 'application/pdf', body: LABEL });
    expectProblem(await act(`/v1/cartons/${carton}/parcel`, { carrier: 'POST' }), 409, 'parcel-booked');
    expectProblem(await act(`/v1/cartons/${carton}/reopening`), 409, 'parcel-booked');
    expect(await one(`/v1/cartons/${carton}/tracking`)).toEqual({
      carrier: 'PARCELS',
      tracking: '9001',
      status: 'IN_TRANSIT',
      at: '2026-11-28T06:00:00Z',
    });
    done(await act(`/v1/cartons/${carton}/parcel/void`));
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', url: '/v2/parcels/9001?why=a%20b' });
    expect(await one(`/v1/cartons/${carton}`)).toMatchObject({ parcel: null });
    expectProblem(await service.get(`/v1/cartons/${carton}/parcel/label`), 404, 'not-found');
    expectProblem(await service.get(`/v1/cartons/${carton}/tracking`), 422, 'no-parcel');
  });

  it('that two people ask at once sends it once: the other booking is taken back', async () => {
    const carton = await packed();
    const before = booked;
    const book = () => act(`/v1/cartons/${carton}/parcel`, { carrier: 'PARCELS' });
    const answers = await Promise.all([book(), book()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const voided = asked.filter(({ method, url }) => method === 'DELETE' && !url.includes('9001'));
    expect(voided).toHaveLength(booked - before - 1);
  });

  it('gives labels that are kept as long as the journal', async () => {
    const carton = await packed();
    done(await act(`/v1/cartons/${carton}/parcel`, { carrier: 'PARCELS' }));
    const { pool, options: database, rows } = service.database;
    const tidy = () =>
      retain(
        {
          database,
          pool,
          journalDays: 90,
          telemetryDays: 90,
          telemetryMinutesDays: 400,
          telemetryHoursDays: 3650,
          quarantineDays: 30,
          log: createLog({ style: 'silent' }),
          keepBase: () => Promise.resolve(false),
        },
        Date.now(),
      );
    const path = `/v1/cartons/${carton}/parcel/label`;
    await tidy();
    expect((await service.get(path)).status).toBe(200);
    await rows(`update parcel_label set booked_at = now() - interval '91 days' where sscc = '${carton}'`);
    await tidy();
    expectProblem(await service.get(path), 404, 'not-found');
  });

  it('that does not work changes nothing, and says what it said; never the secret', async () => {
    const carton = await packed();
    isBroken = true;
    const answer = await act(`/v1/cartons/${carton}/parcel`, { carrier: 'PARCELS' });
    expectProblem(answer, 502, 'carrier-failed', /^PARCELS answered 503: .*maintenance/);
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
    expect(done(await service.get(`/v1/cartons/${carton}/rates`))).toMatchObject({
      rates: [],
      failed: [{ carrier: 'PARCELS', message: expect.stringContaining('503') as string }],
    });
    isBroken = false;
    expect(await one(`/v1/cartons/${carton}`)).toMatchObject({ parcel: null });
  });
});

describe('carriers', () => {
  it('are listed with what they can be asked', async () => {
    expect(await one('/v1/carriers')).toMatchObject({
      carriers: [
        { id: 'VAN', kind: 'manual', can: ['label'], cutOff: null, days: [], services: [] },
        { id: 'POST', kind: 'manifest', can: ['label'] },
        { id: 'BIKE', cutOff: '00:00', leavesBy: null, services: [{ id: 'DAY' }, { id: 'EVENING', cutOff: '23:59' }] },
        { id: 'PARCELS', kind: 'rest', can: ['rates', 'label', 'tracking', 'void'] },
      ],
    });
  });

  it('take what they offer until their cut-off, and what is here still then is an alert until it is handed over', async () => {
    const carton = await packed();
    const book = (wanted?: string) =>
      act(`/v1/cartons/${carton}/parcel`, { carrier: 'BIKE', ...(wanted && { service: wanted }) });
    expectProblem(await book('NIGHT'), 422, 'unknown-service', /BIKE offers DAY, EVENING/);
    expectProblem(await book(), 422, 'unknown-service');
    const { carriers } = (await service.get('/v1/carriers', { site: 'T1' })).body as {
      carriers: { id: string; services: { leavesBy: string }[] }[];
    };
    const midnight = iso(Math.ceil((Date.now() + 1) / DAY_MS) * DAY_MS);
    expect(carriers.find(({ id }) => id === 'BIKE')!.services[0]!.leavesBy).toBe(midnight);
    expect(done(await book('DAY')).detail).toEqual({ carton, carrier: 'BIKE', tracking: carton, leavesBy: midnight });
    expect(await one(`/v1/cartons/${carton}`)).toMatchObject({ parcel: { service: 'DAY', leavesBy: midnight } });

    const rules = { rules: { ...only('cut-off'), 'cut-off': { on: true, clearAfterMs: 0 } } };
    const told = async (minutes: number) => {
      await look(service, Date.parse(midnight) + minutes * MINUTE_MS, rules);
      return alertsOf(service, { kind: 'cut-off' });
    };
    expect(await told(-31)).toEqual([]);
    expect(await told(-29)).toMatchObject([
      {
        subject: 'BIKE',
        message: `A carton booked with BIKE is here still; BIKE takes the first until ${midnight}.`,
        evidence: { named: [carton] },
      },
    ]);
    done(await act('/v1/handovers', { carrier: 'BIKE' }));
    expect(await told(-28)).toEqual([]);
    const tried = (minutes: number) =>
      service.get('/v1/alert-rules/cut-off/dry-run', {
        site: 'T1',
        limits: JSON.stringify({ beforeMs: 2 * DAY_MS }),
        to: iso(Date.now() + minutes * MINUTE_MS),
      });
    expect(done(await tried(1)).firings).toMatchObject([{ subject: 'BIKE' }]);
    // The shipment says where to ask for it.
    const { order } = (await one(`/v1/cartons/${carton}`)) as { order: string };
    expect((await one(`/v1/orders/${order}/shipments`)).shipments).toMatchObject([
      { line: '1', quantity: 2, carton, carrier: 'BIKE', tracking: carton },
    ]);
  });

  it('are given a list, and with the handover it is shipped; the others stay', async () => {
    const [listed, also, van] = [await packed(), await packed(), await packed()];
    for (const carton of [listed, also]) done(await act(`/v1/cartons/${carton}/parcel`, { carrier: 'POST' }));
    done(await act(`/v1/cartons/${van}/parcel`, { carrier: 'VAN', tracking: '=1+1' }));
    const list = await service.get('/v1/manifests', { site: 'T1', carrier: 'POST' });
    expect(list.type).toMatch(/^text\/csv/);
    const [head, first, ...rest] = (list.body as string).split('\r\n');
    expect(head).toBe('sscc,tracking,service,order,customer,ship_to,weight_g,length_mm,width_mm,height_mm,booked_at');
    expect(first).toMatch(
      new RegExp(`^${listed},${listed},,O-\\d+,SHOP-1,"Shop ""One""\\n1 High Street",1500,300,200,200,2`),
    );
    expect(rest).toHaveLength(2);
    const other = (await service.get('/v1/manifests', { site: 'T1', carrier: 'VAN' })).body as string;
    expect(other).toContain(`${van},'=1+1,`);

    expect(done(await act('/v1/handovers', { carrier: 'POST' })).detail).toEqual({
      carrier: 'POST',
      cartons: [
        { carton: listed, tracking: listed },
        { carton: also, tracking: also },
      ],
    });
    const { order } = (await one(`/v1/cartons/${listed}`)) as { order: string };
    expect(await one(`/v1/orders/${order}`)).toMatchObject({ state: 'shipped', shipped: 2 });
    expect(await one(`/v1/cartons/${also}`)).toMatchObject({ state: 'shipped' });
    expect(await one(`/v1/cartons/${van}`)).toMatchObject({ state: 'closed' });
    const { items } = done(await service.get('/v1/movements', { site: 'T1', type: 'ship' }));
    expect(items.length).toBeGreaterThanOrEqual(2);
    expectProblem(await act('/v1/handovers', { carrier: 'POST' }), 422, 'no-parcel');
    expectProblem(await act(`/v1/cartons/${listed}/parcel/void`), 422, 'carton-left');
  });

  it('refuse what makes no sense, and the same day derived again is the same', async () => {
    const open = await packed(false);
    expectProblem(await act(`/v1/cartons/${open}/parcel`, { carrier: 'POST' }), 422, 'carton-open');
    expectProblem(await act(`/v1/cartons/${open}/parcel`, { carrier: 'NONE' }), 404, 'unknown-carrier', /VAN, POST/);
    expectProblem(await act(`/v1/cartons/${open}/parcel/void`), 422, 'carton-open');
    expectProblem(await act('/v1/handovers', { carrier: 'POST', cartons: [open] }), 422, 'carton-open');
    const closed = await packed();
    expectProblem(await act('/v1/handovers', { carrier: 'POST', cartons: [closed] }), 422, 'no-parcel');
    done(await act(`/v1/cartons/${closed}/parcel`, { carrier: 'VAN', tracking: 'V-1' }));
    expectProblem(await service.get(`/v1/cartons/${closed}/tracking`), 422, 'carrier-cannot');
    expect(done(await act('/v1/handovers', { carrier: 'VAN', cartons: [closed] })).detail).toMatchObject({
      cartons: [{ tracking: 'V-1' }],
    });
    await service.posted();
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  });
});
