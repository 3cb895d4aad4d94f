// Proposals of cartons over HTTP, before anything is picked: by shape and not by volume, of what is promised, less what is packed already.
import { beforeAll, describe, expect, it } from 'vitest';
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, found, say } from './doings.ts';
import { openService, type TestService } from './service.ts';

const CUP = withCheckDigit('0061414110001');
const cartons = [
  { id: 'S', length: 200, width: 200, height: 100, tare: 80, weightMax: 5000 },
  { id: 'TUBE', length: 900, width: 80, height: 80, tare: 120 },
];

let service: TestService;
beforeAll(async () => {
  const packing = { companyPrefix: '0614141', cartons };
  service = await openService({
    sites: [
      smallSite('T1', { rules: { orders: true }, packing }),
      smallSite('T2', { packing: { companyPrefix: '0614142' } }),
    ],
  });
  const product = async (sku: string, more: object): Promise<void> =>
    void done(await service.put(`/v1/products/${sku}`, { site: 'T1', ...more }));
  await product(CUP, { lengthMm: 100, widthMm: 100, heightMm: 100, weightG: 300 });
  // Less than a fifth of the volume of S, and half a metre long.
  await product('ROD', { lengthMm: 600, widthMm: 30, heightMm: 30, weightG: 900 });
  await product('CASE', { lengthMm: 300, widthMm: 300, heightMm: 300 });
  for (const sku of [CUP, 'ROD', 'CASE', 'STRANGE']) await found(service, sku, 20, 'A');
});

const order = (id: string, lines: readonly (readonly [sku: string, quantity: number])[], more: object = {}) =>
  say(service, '/v1/orders', {
    site: 'T1',
    id,
    customer: 'SHOP-1',
    lines: lines.map(([sku, quantity], index) => ({ line: String(index + 1), sku, quantity })),
    ...more,
  });
interface Proposal {
  readonly cartons: readonly { readonly type: string; readonly layout: readonly object[] }[];
}
const proposal = async (id: string): Promise<Proposal> =>
  done(await service.get(`/v1/orders/${id}/proposal`, { site: 'T1' })) as Proposal;

describe('a proposal of cartons', () => {
  it('goes by shape: what has the volume for a carton and not the length goes into another one', async () => {
    await order('O-1', [
      ['ROD', 1],
      [CUP, 5],
    ]);
    expect(await proposal('O-1')).toMatchObject({
      order: 'O-1',
      cartons: [
        { type: 'S', fill: 1, weight: 1280, contents: [{ line: '2', sku: CUP, quantity: 4 }] },
        { type: 'S', contents: [{ line: '2', sku: CUP, quantity: 1 }] },
        { type: 'TUBE', contents: [{ line: '1', sku: 'ROD', quantity: 1 }], weight: 1020 },
      ],
      loose: [],
    });
    const [full] = (await proposal('O-1')).cartons;
    expect(full!.layout).toEqual([
      { sku: CUP, x: 0, y: 0, z: 0, length: 100, width: 100, height: 100 },
      { sku: CUP, x: 100, y: 0, z: 0, length: 100, width: 100, height: 100 },
      { sku: CUP, x: 0, y: 100, z: 0, length: 100, width: 100, height: 100 },
      { sku: CUP, x: 100, y: 100, z: 0, length: 100, width: 100, height: 100 },
    ]);
  });

  it('says what goes into none, and why; of what waits for stock it says nothing', async () => {
    await order(
      'O-2',
      [
        ['CASE', 2],
        ['STRANGE', 3],
        [CUP, 50],
      ],
      { partial: true },
    );
    expect(await proposal('O-2')).toMatchObject({
      cartons: [{ type: 'S' }, { type: 'S' }, { type: 'S' }, { type: 'S', contents: [{ quantity: 3 }] }],
      loose: [
        { line: '1', sku: 'CASE', quantity: 2, reason: 'too-big' },
        { line: '2', sku: 'STRANGE', quantity: 3, reason: 'no-size' },
      ],
    });
    await found(service, 'X', 1, 'A', { site: 'T2' });
    await say(service, '/v1/orders', {
      site: 'T2',
      id: 'O-9',
      customer: 'C',
      lines: [{ line: '1', sku: 'X', quantity: 1 }],
    });
    expect(done(await service.get('/v1/orders/O-9/proposal', { site: 'T2' }))).toMatchObject({
      cartons: [],
      loose: [{ reason: 'no-carton-types' }],
    });
    expectProblem(await service.get('/v1/orders/NONE/proposal', { site: 'T1' }), 404, 'not-found');
  });

  it('is made for each order of a wave, and leaves out what is in a carton already', async () => {
    await say(service, '/v1/picks', { site: 'T1', id: 'WAVE-1', orders: ['O-1'], to: 'PACK' });
    expect(done(await service.get('/v1/picks/WAVE-1/proposal', { site: 'T1' }))).toMatchObject({
      pick: 'WAVE-1',
      orders: [{ order: 'O-1', cartons: [{ type: 'S' }, { type: 'S' }, { type: 'TUBE' }] }],
    });
    for (const line of [1, 2])
      await say(service, `/v1/picks/WAVE-1/lines/${line}/confirmation`, { site: 'T1', scan: 'A' });
    const { detail } = done(await service.post('/v1/cartons', { site: 'T1', order: 'O-1', type: 'S' }));
    const scan = `]C101${CUP}`;
    await say(service, `/v1/cartons/${detail.carton as string}/contents`, { site: 'T1', scan, quantity: 4 });
    expect((await proposal('O-1')).cartons.map(({ type }) => type)).toEqual(['S', 'TUBE']);
  });
});
