// Files of orders, purchase orders and tagged stock: a document is taken whole or not at all, a dry run has the same verdicts and keeps nothing.
import { describe, expect, it } from 'vitest';
import type { ImportKind, RowVerdict } from '../../../src/wire/import.ts';
import { given, inSite, type Check, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { balance, discrepancies, sources, stock } from '../../support/storiesThen.ts';
import { said } from '../../support/storiesWhen.ts';
import { gtinOf, itemEpc, palletEpc, site } from '../../support/storiesSite.ts';

type Cells = Readonly<Record<string, string>>;
const imported = (what: ImportKind, rows: readonly Cells[], key: string, dryRun = false): Step =>
  said({ kind: 'import', what, dryRun, rows: rows.map((cells, index) => ({ line: index + 2, cells })) }, key);
const verdicts = ({ outcomeOf }: Scene, key: string): string[] => {
  const outcome = outcomeOf(key);
  expect(outcome?.status).toBe('done');
  return (outcome as unknown as { detail: { verdicts: RowVerdict[] } }).detail.verdicts.flatMap(
    ({ line, verdict, faults }) =>
      faults === undefined ? [`${line} ${verdict}`] : faults.map(({ field, code }) => `${line} ${field} ${code}`),
  );
};
/** What each row came to; in whatever order the faults of one were found. */
const told =
  (key: string, ...rows: readonly string[]): Check =>
  (scene) =>
    expect(verdicts(scene, key).toSorted()).toEqual(rows.toSorted());
/** The dry run said the same. */
const alike: Check = (scene) => expect(verdicts(scene, 'dry')).toEqual(verdicts(scene, 'done'));
const entered: Check = (scene) => {
  const orders = new Map(scene.effects.flatMap((effect) => effect.orders).map((order) => [order.id, order]));
  expect([...orders.keys()]).toEqual(['OLD', 'O1', 'O7']);
  expect(orders.get('O1')).toMatchObject({ priority: 9, isPartial: false, quantity: 29, reserved: 29 });
  expect(orders.get('O7')).toMatchObject({ state: 'waiting' });
};
const announced: Check = (scene) => {
  const inbounds = scene.effects.flatMap((effect) => effect.inbounds);
  expect(inbounds.map(({ id, document, tolerance, quantity }) => [id, document, tolerance, quantity])).toEqual([
    ['PO-1', 'order', 0.05, 50],
    ['ASN-4', 'notice', 0.1, 1],
  ]);
};
const found = (sku: string, quantity: number, location: string): Step =>
  said({ kind: 'adjust', sku, quantity, location, reason: 'counted' });

describe('orders', () => {
  const rows: readonly Cells[] = [
    {
      order: 'O1',
      customer: 'SHOP',
      sku: 'BOLT',
      quantity: '2',
      unit: 'case',
      priority: '9',
      ship_by: '2026-02-01T08:00:00Z',
    },
    { order: 'O1', customer: 'SHOP', sku: 'NUT', quantity: '5', partial: '' },
    { order: 'O2', customer: 'SHOP', sku: 'BOLT', quantity: '1' },
    { order: 'O2', customer: 'OTHER', sku: 'NUT', quantity: '1' },
    { order: 'O3', customer: 'SHOP', sku: 'GEAR', quantity: '1' },
    { order: 'O3', customer: 'SHOP', sku: 'NUT', quantity: '1' },
    { order: 'OLD', customer: 'SHOP', sku: 'NUT', quantity: '1' },
    { order: 'O 4', customer: 'SHOP', sku: 'NUT', quantity: '1' },
    { order: 'O5', customer: '', sku: 'NUT', quantity: '1', priority: '10', ship_by: 'soon' },
    { order: 'O6', customer: 'SHOP', sku: 'NUT', quantity: '1', line: 'A' },
    { order: 'O6', customer: 'SHOP', sku: 'NUT', quantity: '2', line: 'A' },
    { order: 'O7', customer: 'SHOP', sku: 'NUT', quantity: '1' },
  ];

  it('are entered whole or not at all, in the order of the file; each row says what is wrong', () => {
    const story = given(inSite(site({}, { orders: true })))
      .when(
        said({ kind: 'product', sku: 'BOLT', packs: [{ unit: 'case', quantity: 12 }] }),
        said({ kind: 'product', sku: 'NUT' }),
        found('BOLT', 30, 'A'),
        found('NUT', 6, 'A'),
        said({ kind: 'order', order: 'OLD', customer: 'SHOP', lines: [{ line: '1', sku: 'NUT', quantity: 1 }] }),
        imported('orders', rows, 'dry', true),
        imported('orders', rows, 'done'),
      )
      .then(
        told(
          'dry',
          '2 entered',
          '3 entered',
          '4 order with-others',
          '5 customer differs',
          '6 sku unknown-product',
          '7 order with-others',
          '8 order document-exists',
          '9 order bad-id',
          '10 ship_by bad-time',
          '10 priority bad-number',
          '10 customer missing',
          '11 order bad-lines',
          '12 order with-others',
          '13 entered',
        ),
        alike,
        entered,
      );
    sameAgain(story.scene);
  });
});

describe('purchase orders', () => {
  const rows: readonly Cells[] = [
    { inbound: 'PO-1', supplier: 'ACME', sku: 'S1', quantity: '40', lot: 'L1', expiry: '2027-01-31', door: 'DOOR-1' },
    { inbound: 'PO-1', supplier: 'ACME', sku: 'S2', quantity: '10' },
    { inbound: 'PO-2', supplier: 'ACME', sku: 'S2', quantity: '0' },
    { inbound: 'PO-3', supplier: 'ACME', sku: 'S2', quantity: '1', door: 'NOWHERE' },
    { inbound: 'ASN-4', supplier: 'ACME', sku: 'S2', quantity: '1', document: 'notice', tolerance: '0.1' },
    { inbound: 'PO-5', supplier: 'STRANGER', sku: 'S2', quantity: '1' },
  ];

  it('are announced, with what their supplier says of them; goods that wait are found', () => {
    const story = given(inSite(site({}, { inboundDocuments: true, knownPartners: true })))
      .when(
        said({ kind: 'partner', of: 'supplier', partner: 'ACME', tolerance: 0.05 }),
        imported('inbounds', rows, 'dry', true),
        imported('inbounds', rows, 'done'),
        imported('inbounds', rows.slice(0, 2), 'again'),
      )
      .then(
        told(
          'done',
          '2 entered',
          '3 entered',
          '4 quantity bad-quantity',
          '5 inbound unknown-door',
          '6 entered',
          '7 inbound unknown-partner',
        ),
        alike,
        told('again', '2 inbound document-exists', '3 inbound with-others'),
        announced,
      );
    sameAgain(story.scene);
  });
});

describe('opening stock with tags', () => {
  const sku = gtinOf(1);
  const [first, second, third] = [1, 2, 3].map((serial) => itemEpc(1, serial)) as [string, string, string];
  const strange = 'AD380000000000000000000F';

  it('is there before anybody read it, each tag once, as it lies there', () => {
    const story = given(inSite(site({}, { inboundDocuments: true })))
      .when(
        said({ kind: 'product', sku, tracking: 'serial' }),
        said({ kind: 'product', sku: 'GEAR' }),
        said({ kind: 'move', epc: third, to: 'B' }),
        said({ kind: 'settle', discrepancy: '00000000-0000-0000-0000-000000000000' }),
        imported(
          'stock',
          [
            { location: 'A', sku, quantity: '', epc: first, lot: 'L1', expiry: '2027-01-31' },
            { location: 'A', sku, quantity: '1', epc: second, status: 'damaged' },
            { location: 'A', sku, quantity: '1', epc: second },
            { location: 'A', sku, quantity: '2', epc: itemEpc(1, 9) },
            { location: 'A', sku, quantity: '1' },
            { location: 'A', sku, quantity: '1', epc: third },
            { location: 'A', sku: 'GEAR', quantity: '1', epc: itemEpc(1, 10) },
            { location: 'A', sku: 'GEAR', quantity: '1', epc: strange },
            { location: 'A', sku: 'GEAR', quantity: '1', epc: palletEpc(9) },
            { location: 'A', sku: 'GEAR', quantity: '1', epc: 'XYZ' },
          ],
          'done',
        ),
      )
      .then(
        told(
          'done',
          '2 booked',
          '3 booked',
          '4 epc duplicate',
          '5 quantity bad-quantity',
          '6 sku item-needed',
          '7 epc stock-exists',
          '8 epc other-item',
          '9 booked',
          '10 epc bad-epc',
          '11 epc bad-epc',
        ),
        stock({ name: 'first', epcs: [first] }, 'A'),
        balance(sku, 'A', 1, { status: 'available', lot: 'L1' }),
        balance(sku, 'A', 1, { status: 'damaged' }),
        balance('GEAR', 'A', 1),
        balance(sku, 'unknown', -2),
        sources({ name: 'first', epcs: [first] }, ['import']),
        discrepancies('unexpected'),
      );
    sameAgain(story.scene);
  });
});
