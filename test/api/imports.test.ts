// Files of products and opening stock over HTTP: a thousand rows with twenty bad ones, tried and then taken; and files that are none.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, pages } from './doings.ts';
import { openService, type Answer, type TestService } from './service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1')] });
});

interface Told {
  readonly taken: number;
  readonly refused: number;
  readonly transactions: readonly string[];
  readonly verdicts: readonly {
    readonly line: number;
    readonly verdict: string;
    readonly faults?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  }[];
}

const send = (kind: string, file: string | Buffer, dryRun = false, key?: string): Promise<Answer> =>
  service.ask({
    method: 'POST',
    url: '/v1/imports',
    query: { site: 'T1', kind, dryRun: String(dryRun) },
    headers: { 'content-type': 'text/csv; charset=utf-8', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    payload: file,
  });
const told = async (kind: string, file: string | Buffer, dryRun = false, key?: string): Promise<Told> =>
  done(await send(kind, file, dryRun, key)) as Told;
const faultsOf = ({ verdicts }: Told): string[] =>
  verdicts.flatMap(({ line, faults = [] }) => faults.map(({ field, code }) => `${line} ${field} ${code}`));

describe('a file of a thousand rows, twenty of them bad', () => {
  const number = (index: number): string => String(index).padStart(4, '0');
  const products = ['sku,name,unit_cost,currency,base_unit'];
  const stock = ['location,sku,quantity'];
  for (let index = 1; index <= 1000; index++) {
    const isBad = index % 50 === 0;
    products.push(`SKU-${number(index)},"Thing, no. ${index}",${index / 100},EUR,${isBad ? 'heap' : 'each'}`);
    stock.push(`${index % 2 === 0 ? 'A' : 'R'},SKU-${number(index)},${index}`);
  }
  const total = 1000 * 1001 * 0.5 - 50 * (20 * 21 * 0.5);

  it('is tried with 980 good and 20 bad, then taken with the same, and the stock is there', async () => {
    const tried = await told('products', products.join('\n'), true);
    expect(tried).toMatchObject({ taken: 980, refused: 20, transactions: [] });
    expect(done(await service.get('/v1/products', { site: 'T1' })).items).toEqual([]);
    const taken = await told('products', products.join('\n'));
    expect(taken.verdicts).toEqual(tried.verdicts);
    expect(faultsOf(taken).slice(0, 2)).toEqual(['51 base_unit unknown-unit', '101 base_unit unknown-unit']);
    expect(await pages(service, '/v1/products', { site: 'T1', limit: 500 })).toHaveLength(980);

    const trial = await told('stock', stock.join('\n'), true);
    expect(trial).toMatchObject({ taken: 980, refused: 20, transactions: [] });
    expect(done(await service.get('/v1/stock', { site: 'T1' })).items).toEqual([]);
    const import1 = await told('stock', stock.join('\n'), false, 'opening');
    expect(import1.verdicts).toEqual(trial.verdicts);
    expect(import1).toMatchObject({ taken: 980, refused: 20 });
    expect(import1.transactions).toHaveLength(980);
    const lying = await pages<{ quantity: number }>(service, '/v1/stock', { site: 'T1', limit: 500 });
    expect(lying.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(total);
    const movements = await pages(service, '/v1/movements', { site: 'T1', type: 'adjust', limit: 500 });
    expect(movements).toHaveLength(980);
    expect(movements[0]).toMatchObject({ source: 'import', from: 'world' });

    // The same key is the same import; without it the books are not doubled either.
    expect(await told('stock', stock.join('\n'), false, 'opening')).toEqual(import1);
    expect(await told('stock', stock.join('\n'))).toMatchObject({ taken: 0, refused: 1000, transactions: [] });
    expectProblem(await send('stock', 'location,sku,quantity\n', false, 'opening'), 409, 'key-reused');
    await service.posted();
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  }, 60_000);
});

describe('a file as spreadsheets write it', () => {
  it('is read with semicolons, tabs, a mark at its beginning, quoted lines and empty rows; lines are those of the file', async () => {
    const file =
      '\ufeffSKU;Name;length_mm\r\nPIPE;"5"" pipe\nlong";100\r\n\r\n;;\r\nROD;"a;b";x\r\nTUBE;5" tube;100\r\n';
    const { verdicts } = await told('products', file, true);
    expect(verdicts).toMatchObject([
      { line: 2, verdict: 'created' },
      { line: 6, verdict: 'refused', faults: [{ field: 'length_mm', code: 'bad-number' }] },
      { line: 7, verdict: 'created' },
    ]);
    const tabbed = await told('products', 'sku\tname\nPIPE\tPipe, long', true);
    expect(tabbed).toMatchObject({ taken: 1 });
  });

  it('with cells that are no UTF-8, or too many of them, is told row by row', async () => {
    const file = Buffer.concat([
      Buffer.from('sku,name\nGOOD,Käse\nBAD,K'),
      Buffer.from([0xe4]),
      Buffer.from('se\nNUL,a\0b\nMANY,1,2\nFEW\n'),
    ]);
    expect(faultsOf(await told('products', file, true))).toEqual([
      '3 name bad-encoding',
      '4 name bad-encoding',
      '5  bad-csv',
      '6  bad-csv',
    ]);
    done(await send('products', file));
    expect(done(await service.get('/v1/products/GOOD', { site: 'T1' }))).toMatchObject({ name: 'Käse' });
  });

  it('that is none is refused with what to do', async () => {
    expectProblem(await send('stock', 'sku,quantity\nA,1'), 422, 'bad-csv', /no column location/);
    expectProblem(await send('products', 'sku,colour\nA,red'), 422, 'bad-csv', /no column "colour"/);
    expectProblem(await send('products', 'sku,sku\nA,A'), 422, 'bad-csv', /twice/);
    expectProblem(await send('products', ''), 422, 'bad-csv', /empty/);
    expectProblem(await send('products', 'sku,name\nA,"never closed\nB,b'), 422, 'bad-csv', /Quote Not Closed/);
    expectProblem(await send('products', Buffer.from('\ufeffsku\nA', 'utf16le')), 422, 'bad-csv', /UTF-16/);
    const long = `sku\n${Array.from({ length: 5001 }, (_, index) => `S${index}`).join('\n')}`;
    expectProblem(await send('products', long), 422, 'too-many-rows', /5001/);
    expectProblem(await send('products', `sku\n${'x'.repeat(5_000_000)}`), 413, 'too-large');
    expectProblem(await send('people', 'sku\nA'), 400, 'bad-request');
    const json = { 'content-type': 'application/json' };
    const url = '/v1/imports?site=T1&kind=products';
    expectProblem(await service.post(url, '{}', json), 415, 'unsupported-media-type');
  });
});

it('of orders is tried and taken with the same verdicts, and what it asks for is promised', async () => {
  done(
    await service.post('/v1/adjustments', {
      site: 'T1',
      sku: 'SKU-0001',
      quantity: 5,
      location: 'B',
      reason: 'counted',
    }),
  );
  const file = [
    'order;customer;sku;quantity;ship_by',
    'CSV-1;SHOP;SKU-0001;2;2036-01-31T12:00:00+01:00',
    'CSV-1;SHOP;SKU-0002;1;',
    'CSV-2;SHOP;SKU-0002;x;',
    'CSV-2;SHOP;SKU-0003;1;',
  ].join('\n');
  const tried = await told('orders', file, true);
  expect(tried).toMatchObject({ taken: 2, refused: 2 });
  expect(faultsOf(tried)).toEqual(['4 quantity bad-number', '5 order with-others']);
  expectProblem(await service.get('/v1/orders/CSV-1'), 404, 'not-found');
  expect((await told('orders', file)).verdicts).toEqual(tried.verdicts);
  expect(done(await service.get('/v1/orders/CSV-1'))).toMatchObject({
    customer: 'SHOP',
    shipBy: '2036-01-31T11:00:00.000Z',
    lineCount: 2,
    reserved: 3,
  });
  const bought = await told('inbounds', 'inbound,supplier,sku,quantity\nPO-CSV,ACME,SKU-0001,40\n');
  expect(bought).toMatchObject({ taken: 1, refused: 0 });
  expect(done(await service.get('/v1/inbounds/PO-CSV'))).toMatchObject({ document: 'order', quantity: 40 });
});
