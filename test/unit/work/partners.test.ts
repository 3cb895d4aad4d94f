// Partners, and what goes back to suppliers: what documents leave out is theirs, strangers are refused, and what leaves for a supplier is
// neither demand nor an alarm.
import { describe, expect, it } from 'vitest';
import type { SupplierReturnEffect } from '../../../src/infer/partnerEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { given, inSite, type Check, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies } from '../../support/storiesThen.ts';
import { booked, driven, said, waited } from '../../support/storiesWhen.ts';
import { gtinOf, MINUTE_MS, pallet, site } from '../../support/storiesSite.ts';

const supplier = (partner: string, more: object = {}): Step =>
  said({ kind: 'partner', of: 'supplier', partner, ...more }, `supplier ${partner}`);
const announced = (inbound: string, from: string, more: object = {}): Step =>
  said(
    {
      kind: 'announce',
      inbound,
      document: 'order',
      supplier: from,
      lines: [{ line: '1', sku: 'S1', quantity: 100 }],
      ...more,
    },
    inbound,
  );
const ordered = (order: string, customer: string, more: object = {}): Step =>
  said({ kind: 'order', order, customer, lines: [{ line: '1', sku: 'S1', quantity: 1 }], ...more }, order);
type Return = Omit<Extract<Command, { kind: 'supplier-return' }>, 'kind' | 'supplier'>;
const returned = (of: Return, key: string = of.return): Step =>
  said({ kind: 'supplier-return', supplier: 'ACME', ...of }, key);
const sent = (id: string, more: object, key: string): Step =>
  said({ kind: 'send-supplier-return', return: id, ...more }, key);
const found = (sku: string, quantity: number, location: string, status?: string): Step =>
  said({ kind: 'adjust', sku, quantity, location, reason: 'counted', ...(status && { status }) } as Command);

const last = (scene: Scene, id: string): SupplierReturnEffect =>
  scene.effects.flatMap(({ supplierReturns }) => supplierReturns).findLast((one) => one.id === id)!;
/** `sent of quantity` of each line, and the state. */
const back =
  (id: string, state: string, ...lines: readonly string[]): Check =>
  (scene) => {
    expect(last(scene, id).lines.map((line) => `${line.sent} of ${line.quantity}`)).toEqual(lines);
    expect(last(scene, id).state).toBe(state);
  };
const held = (epcs: readonly string[], status: string): Step[] =>
  epcs.map((epc) => said({ kind: 'hold', epc, status, code: 'damaged', reason: 'torn' } as Command, `hold ${epc}`));

/** What documents and orders say of tolerance and address. */
const told: Check = (scene) => {
  const tolerances = new Map(scene.effects.flatMap(({ inbounds }) => inbounds).map((i) => [i.id, i.tolerance]));
  expect([...tolerances]).toEqual([
    ['PO-1', 0.05],
    ['PO-2', 0],
    ['PO-3', 0],
  ]);
  const orders = new Map(scene.effects.flatMap((effect) => effect.orders).map((o) => [o.id, o.shipTo]));
  expect([...orders]).toEqual([
    ['O1', '1 High Street'],
    ['O2', '2 Low Street'],
  ]);
};

describe('partners', () => {
  it('say what documents and orders leave out, and go when nothing open names them', () => {
    const story = given(inSite(site({}, { orders: true })))
      .when(
        supplier('ACME', { name: 'Acme Ltd', tolerance: 0.05 }),
        said({ kind: 'partner', of: 'customer', partner: 'SHOP-1', address: '1 High Street' }),
        announced('PO-1', 'ACME'),
        announced('PO-2', 'ACME', { tolerance: 0 }),
        announced('PO-3', 'OTHER'),
        ordered('O1', 'SHOP-1'),
        ordered('O2', 'SHOP-1', { shipTo: '2 Low Street' }),
        said({ kind: 'drop-partner', of: 'supplier', partner: 'ACME' }, 'in use'),
        said({ kind: 'drop-partner', of: 'carrier', partner: 'ACME' }, 'unknown'),
        said({ kind: 'partner', of: 'supplier', partner: 'ACME', revision: 9 }, 'changed'),
      )
      .then(
        told,
        answered('in use', 'partner-in-use'),
        answered('unknown', 'unknown-partner'),
        answered('changed', 'changed-meanwhile'),
      )
      .when(
        said({ kind: 'cancel-inbound', inbound: 'PO-1' }),
        said({ kind: 'cancel-inbound', inbound: 'PO-2' }),
        said({ kind: 'drop-partner', of: 'supplier', partner: 'ACME' }, 'gone'),
      )
      .then(answered('gone', 'done'));
    sameAgain(story.scene);
  });

  it('are all there are, at a site that knows them', () => {
    const story = given(inSite(site({}, { knownPartners: true })))
      .when(
        announced('PO-1', 'ACME'),
        ordered('O1', 'SHOP-1'),
        supplier('ACME'),
        said({ kind: 'partner', of: 'customer', partner: 'SHOP-1' }),
        announced('PO-2', 'ACME'),
        ordered('O2', 'SHOP-1'),
        said({ kind: 'open-load', load: 'L1', carrier: 'VAN', orders: ['O2'] }, 'L1'),
      )
      .then(
        answered('PO-1', 'unknown-partner'),
        answered('O1', 'unknown-partner'),
        answered('PO-2', 'done'),
        answered('O2', 'done'),
        answered('L1', 'unknown-partner'),
      );
    sameAgain(story.scene);
  });
});

describe('a return to a supplier', () => {
  const withOrders = inSite(site({}, { orders: true }));
  const receiving = inSite(site({}, { orders: true, inboundDocuments: true }));

  it('takes what is held and promised to nobody, by the word of a person', () => {
    const story = given(withOrders, found('S1', 10, 'HOLD', 'damaged'), found('S1', 5, 'A'))
      .when(
        returned({ return: 'R0', lines: [{ line: '1', sku: 'S1', quantity: 11 }] }),
        returned({ return: 'R1', inbound: 'PO-1', lines: [{ line: '1', sku: 'S1', quantity: 8 }] }),
        returned({ return: 'R2', lines: [{ line: '1', sku: 'S1', quantity: 3 }] }),
        returned({ return: 'R1', lines: [{ line: '1', sku: 'S1', quantity: 1 }] }, 'again'),
        sent('R1', { line: '1', quantity: 9, location: 'HOLD' }, 'many'),
        sent('R1', { line: '2', quantity: 1, location: 'HOLD' }, 'line'),
        sent('R1', { line: '1', quantity: 5, location: 'HOLD' }, 'five'),
      )
      .then(
        answered('R0', 'not-there'),
        answered('R2', 'not-there'),
        answered('again', 'return-exists'),
        answered('many', 'too-many'),
        answered('line', 'not-on-it'),
        back('R1', 'open', '5 of 8'),
        balance('S1', 'HOLD', 5),
        balance('S1', 'supplier', 5),
        discrepancies(),
      )
      // The order of a customer is not touched by it.
      .when(ordered('O1', 'SHOP-1'), said({ kind: 'close-supplier-return', return: 'R1' }, 'closed'))
      .then(answered('closed', 'done'), back('R1', 'closed', '5 of 8'), discrepancies());
    sameAgain(story.scene);
  });

  it('is counted as its tags leave through a door, without alarm, and what comes back counts no more', () => {
    const goods = pallet('P', { tags: 4 });
    const sku = gtinOf(1);
    const story = given(withOrders, booked(goods, 'DOCK-1'))
      .when(
        ...held(goods.epcs, 'damaged'),
        returned({ return: 'R1', lines: [{ line: '1', sku, epcs: [...goods.epcs] }] }),
        waited(MINUTE_MS),
        driven(goods, 'out'),
      )
      .then(back('R1', 'sent', '4 of 4'), balance(sku, 'DOCK-1', 0), discrepancies())
      .when(waited(5 * MINUTE_MS), driven(goods, 'in'))
      .then(back('R1', 'open', '0 of 4'), balance(sku, 'DOCK-1', 4), discrepancies());
    sameAgain(story.scene);
  });

  it('that a supplier refuses comes in like anything else, once its truck was away', () => {
    const goods = pallet('P', { tags: 2 });
    const sku = gtinOf(1);
    const story = given(receiving, booked(goods, 'DOCK-1'))
      .when(
        ...held(goods.epcs, 'blocked'),
        returned({ return: 'R1', lines: [{ line: '1', sku, quantity: 2, status: 'blocked' }] }),
        sent('R1', { epcs: goods.epcs }, 'both'),
      )
      .then(back('R1', 'sent', '2 of 2'))
      .when(waited(300 * MINUTE_MS), driven(goods, 'in'))
      .then(back('R1', 'sent', '2 of 2'), balance(sku, 'DOCK-1', 2), discrepancies('unexpected'));
    sameAgain(story.scene);
  });
});
