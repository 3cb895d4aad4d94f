// At the pack bench: what was picked for an order goes into its cartons, by scans or by what the bench hears; nothing else does, and
// what is packed travels with its carton.
import { describe, expect, it } from 'vitest';
import type { CartonEffect, OrderEffect, PickErrorEffect } from '../../../src/infer/outboundEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { epcOfSscc, ssccOf } from '../../../src/wire/epc/sscc.ts';
import { given, inSite, type Check, type Fact, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies, stock, within } from '../../support/storiesThen.ts';
import { booked, driven, heard, said, waited } from '../../support/storiesWhen.ts';
import { gtinOf, MINUTE_MS, pallet, site, type Goods } from '../../support/storiesSite.ts';

const RANGE = { companyPrefix: '0614141', extension: 3 };
const CARTON = ssccOf(RANGE, 500)!;
const SECOND = ssccOf(RANGE, 501)!;
const box = (sscc: string): Goods => ({ name: sscc, epcs: [epcOfSscc(RANGE, sscc)] });
const packing = {
  ...RANGE,
  firstSerial: 500,
  cartons: [{ id: 'BOX-M', length: 400, width: 300, height: 200, tare: 250, weightMax: 20_000 }],
};
const givenOrders = (...facts: readonly Fact[]) => given(inSite(site({ packing }, { orders: true })), ...facts);

const sku = gtinOf(1);
const goods = pallet('P', { tags: 6 });
const own: Goods = { name: 'own', epcs: goods.epcs.slice(0, 3) };
const each = (index: number): Goods => ({ name: `own ${index}`, epcs: [own.epcs[index]!] });
const [first, second, third] = [each(0), each(1), each(2)];
const stranger: Goods = { name: 'stranger', epcs: goods.epcs.slice(3, 4) };

const bolts = said({ kind: 'adjust', sku: 'BOLTS', quantity: 20, lot: 'L1', location: 'B', reason: 'counted' });
const line = (number: string, of: string, quantity: number) => ({ line: number, sku: of, quantity });
const ordered = (order: string, lines: readonly object[], more: object = {}): Step =>
  said({ kind: 'order', order, customer: 'SHOP-1', lines, ...more } as Command);
const released = (pick: string, order: string): Step => said({ kind: 'release', pick, orders: [order], to: 'PACK' });
const confirmed = (pick: string, number: number, scan: string, key?: string): Step =>
  said({ kind: 'confirm-pick', pick, line: number, scan }, key);
const opened = (order: string, key?: string, more: object = {}): Step =>
  said({ kind: 'open-carton', order, bench: 'PACK', ...more }, key);
const put = (scan: string, key?: string, more: object = {}, carton = CARTON): Step =>
  said({ kind: 'pack-item', carton, scan, ...more }, key);
const closed = (key?: string, more: object = {}, carton = CARTON): Step =>
  said({ kind: 'close-carton', carton, ...more }, key);

const carton =
  (head: Partial<CartonEffect>, sscc = CARTON): Check =>
  ({ effects }) =>
    expect(effects.flatMap(({ cartons }) => cartons).findLast((one) => one.sscc === sscc)).toMatchObject(head);
const order =
  (id: string, head: object): Check =>
  ({ effects }) => {
    const told = effects.flatMap(({ orders }) => orders).filter((one) => one.id === id);
    const lines = new Map<string, OrderEffect['lines'][number]>();
    for (const one of told) for (const part of one.lines) lines.set(part.line, part);
    expect({ ...told.at(-1), lines: [...lines.values()] }).toMatchObject(head);
  };
const errors =
  (...wanted: readonly Partial<PickErrorEffect>[]): Check =>
  ({ effects }) => {
    const told = effects.flatMap(({ pickErrors }) => pickErrors);
    expect(told).toHaveLength(wanted.length);
    expect(told).toMatchObject(wanted);
  };

/** Three with tags and eight without were picked for O1, and stand at the bench. */
const picked: readonly Step[] = [
  ordered('O1', [line('1', sku, 3), line('2', 'BOLTS', 8)]),
  released('P1', 'O1'),
  ...own.epcs.map((epc) => confirmed('P1', 1, epc)),
  confirmed('P1', 2, 'B'),
];
const givenPicked = () => givenOrders(booked(goods, 'A'), bolts).when(...picked);

describe('a carton', () => {
  it('takes what was picked for its order, and nothing else; what is missing is named until it is whole', () => {
    const story = givenPicked()
      .when(
        ordered('O2', [line('1', sku, 1)]),
        released('P2', 'O2'),
        confirmed('P2', 1, stranger.epcs[0]!),
        opened('O1', 'opened', { type: 'BOX-M' }),
        put(first.epcs[0]!, 'first'),
        put(first.epcs[0]!, 'again'),
        put(stranger.epcs[0]!, 'stranger'),
        put(`]C101${gtinOf(7)}`, 'other'),
        put('no code at all', 'bad'),
        put('A', 'place'),
        closed('early'),
      )
      .then(
        answered('first', 'done'),
        answered('again', 'done'),
        answered('stranger', 'not-picked'),
        answered('other', 'wrong-item'),
        answered('bad', 'bad-scan'),
        answered('place', 'bad-scan'),
        answered('early', 'carton-short'),
        within(first, box(CARTON)),
        carton({
          state: 'open',
          type: 'BOX-M',
          quantity: 1,
          contents: [{ line: '1', sku, lot: '', quantity: 1, epcs: [...first.epcs] }],
        }),
        order('O1', {
          lines: [
            { picked: 3, packed: 1 },
            { picked: 8, packed: 0 },
          ],
        }),
        errors({ kind: 'caught', pick: 'P1', code: 'not-picked', sku }, { kind: 'caught', code: 'wrong-item' }),
        discrepancies(),
      );
    expect(story.scene.outcomeOf('opened')).toMatchObject({
      detail: {
        carton: CARTON,
        epc: box(CARTON).epcs[0],
        missing: [
          { line: '1', quantity: 3 },
          { line: '2', quantity: 8 },
        ],
      },
    });
    expect(story.scene.outcomeOf('first')).toMatchObject({ detail: { missing: [{ quantity: 2 }, { quantity: 8 }] } });
    expect(story.scene.outcomeOf('early')).toMatchObject({
      message: expect.stringContaining('8 of BOLTS (line 2)') as string,
    });
    sameAgain(story.scene);
  });

  it('takes so much of what has no tags as was picked, of its lot', () => {
    const gtin = gtinOf(9);
    const stored = said({ kind: 'adjust', sku: gtin, quantity: 20, lot: 'L1', location: 'B', reason: 'counted' });
    const story = givenOrders(stored)
      .when(ordered('O1', [line('1', gtin, 8)]), released('P1', 'O1'))
      .when(opened('O1'), put(`]C101${gtin}`, 'unpicked'), confirmed('P1', 1, 'B'))
      .when(
        put(`]C101${gtin}10L2`, 'lot'),
        put(`]C101${gtin}10L1`, 'one'),
        put(`]C101${gtin}`, 'many', { quantity: 8 }),
        put(`]C101${gtin}`, 'fine', { quantity: 0.00001 }),
        put(`]C101${gtin}`, 'rest', { quantity: 7 }),
        put(`]C101${gtin}`, 'more'),
        closed('closed', { weight: 4200 }),
      )
      .then(
        answered('unpicked', 'not-picked'),
        answered('lot', 'wrong-lot'),
        answered('one', 'done'),
        answered('many', 'too-many'),
        answered('fine', 'bad-quantity'),
        answered('rest', 'done'),
        answered('more', 'too-many'),
        answered('closed', 'done'),
        carton({
          state: 'closed',
          weight: 4200,
          isShort: false,
          contents: [{ line: '1', sku: gtin, lot: 'L1', quantity: 8, epcs: [] }],
        }),
        balance(gtin, 'PACK', 8, { container: box(CARTON).epcs[0]! }),
        order('O1', { lines: [{ picked: 8, packed: 8 }] }),
      );
    sameAgain(story.scene);
  });

  it('is closed with what the bench has heard of its order; what it hears of others is told while it is there', () => {
    const story = givenPicked()
      .when(opened('O1'), put('B', 'bin'), heard(own, 'bench-1/1'), heard(stranger, 'bench-1/1'))
      .then(
        carton({ seen: own.epcs.map((epc) => ({ epc, line: '1', sku })), wrong: [{ epc: stranger.epcs[0]!, sku }] }),
        discrepancies('unplanned-pick', 'wrong-in-carton'),
        errors({ kind: 'caught', pick: 'P1', pickLine: 2, code: 'wrong-in-carton', found: sku }),
      )
      .when(closed('wrong', { more: true }))
      .then(answered('wrong', 'wrong-in-carton'))
      .when(booked(stranger, 'A'))
      .then(carton({ wrong: [] }), discrepancies('unplanned-pick'))
      .when(closed('short'), closed('closed', { more: true }))
      .then(
        answered('short', 'carton-short'),
        answered('closed', 'done'),
        within(own, box(CARTON)),
        carton({ state: 'closed', isShort: false, quantity: 3, seen: [] }),
      );
    expect(story.scene.outcomeOf('closed')).toMatchObject({
      detail: { packedByRead: 3, isShort: false, missing: [{ line: '2', quantity: 8 }] },
    });
    sameAgain(story.scene);
  });

  it('does not take what somebody says lies beside it', () => {
    const story = givenPicked()
      .when(opened('O1'), heard(first, 'bench-1/1'), heard(second, 'bench-1/1'), heard(stranger, 'bench-1/1'))
      .when(closed('closed', { more: true, beside: [stranger.epcs[0], second.epcs[0]] }))
      .then(within(first, box(CARTON)), within(second), discrepancies('unplanned-pick'));
    sameAgain(story.scene);
  });

  it('of an order that may go in parts is closed short, and says so', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(
        ordered('O1', [line('1', sku, 9)], { partial: true }),
        released('P1', 'O1'),
        confirmed('P1', 1, first.epcs[0]!),
      )
      .when(opened('O1'), closed('empty'), put(first.epcs[0]!), closed('closed'))
      .then(answered('empty', 'empty'), carton({ state: 'closed', isShort: true }));
    expect(story.scene.outcomeOf('closed')).toMatchObject({
      detail: { isShort: true, missing: [{ line: '1', quantity: 8 }] },
    });
  });

  it('is one of several; each thing is in one of them', () => {
    const story = givenPicked()
      .when(opened('O1'), opened('O1', 'second'), put(first.epcs[0]!), put(first.epcs[0]!, 'twice', {}, SECOND))
      .when(put(second.epcs[0]!, 'there', {}, SECOND), closed('one', { more: true }), closed('two', {}, SECOND))
      .then(
        answered('twice', 'already-packed'),
        answered('there', 'done'),
        answered('one', 'done'),
        answered('two', 'carton-short'),
        order('O1', { lines: [{ packed: 2 }, { packed: 0 }] }),
      );
    expect(story.scene.outcomeOf('second')).toMatchObject({
      detail: { carton: SECOND, missing: [{ quantity: 3 }, { quantity: 8 }] },
    });
  });

  it('is opened again and emptied; given up, what was in it stands at the bench', () => {
    const story = givenPicked()
      .when(opened('O1'), ...own.epcs.map((epc) => put(epc)), closed('short', { more: true }))
      .when(
        put(first.epcs[0]!, 'closed'),
        said({ kind: 'reopen-carton', carton: CARTON }, 'opened'),
        said({ kind: 'reopen-carton', carton: CARTON }, 'open'),
        said({ kind: 'unpack-item', carton: CARTON, scan: first.epcs[0]! }, 'out'),
        said({ kind: 'unpack-item', carton: CARTON, scan: first.epcs[0]! }, 'twice'),
      )
      .then(
        answered('closed', 'carton-closed'),
        answered('opened', 'done'),
        answered('open', 'carton-open'),
        answered('out', 'done'),
        answered('twice', 'not-inside'),
        within(first),
        within(second, box(CARTON)),
        stock(own, 'PACK'),
        carton({ state: 'open', quantity: 2 }),
        order('O1', { lines: [{ picked: 3, packed: 2 }, {}] }),
      )
      .when(said({ kind: 'cancel-carton', carton: CARTON }, 'given up'), put(first.epcs[0]!, 'gone'))
      .when(said({ kind: 'cancel-carton', carton: CARTON }, 'again'))
      .then(
        within(own),
        carton({ state: 'cancelled', quantity: 0 }),
        order('O1', { lines: [{ picked: 3, packed: 0 }, {}] }),
        answered('gone', 'carton-left'),
        answered('again', 'carton-left'),
        discrepancies(),
      );
    sameAgain(story.scene);
  });

  it('loses what is put back into its bin', () => {
    const story = givenPicked()
      .when(opened('O1'), ...own.epcs.map((epc) => put(epc)), waited(11 * MINUTE_MS))
      .when(heard(third, 'over-a/1', { forMs: 60_000 }))
      .then(
        stock(third, 'A'),
        within(third),
        stock(second, 'PACK'),
        within(second, box(CARTON)),
        carton({ quantity: 2 }),
        order('O1', { lines: [{ picked: 2, packed: 2 }, {}] }),
      );
    sameAgain(story.scene);
  });

  it('takes what is in it onto the truck and off it again, read or not, and away', () => {
    const boltsCode = gtinOf(9);
    const stored = said({ kind: 'adjust', sku: boltsCode, quantity: 20, lot: 'L1', location: 'B', reason: 'counted' });
    const story = givenOrders(booked(goods, 'A'), stored)
      .when(ordered('O1', [line('1', sku, 3), line('2', boltsCode, 8)]), released('P1', 'O1'))
      .when(...own.epcs.map((epc) => confirmed('P1', 1, epc)), confirmed('P1', 2, 'B'))
      .when(
        opened('O1'),
        ...own.epcs.map((epc) => put(epc)),
        put(`]C101${boltsCode}`, 'bolts', { quantity: 8 }),
        closed('closed'),
      )
      .then(answered('closed', 'done'))
      .when(
        said({ kind: 'open-load', load: 'L1', carrier: 'C', door: 'DOOR-1', orders: ['O1'] }),
        driven(box(CARTON), 'out'),
      )
      .then(
        stock(own, 'outbound:L1'),
        balance(boltsCode, 'outbound:L1', 8),
        order('O1', { state: 'shipped', shipped: 11, lines: [{ packed: 0 }, { packed: 0 }] }),
        carton({ state: 'shipped' }),
        discrepancies(),
      )
      .when(driven(box(CARTON), 'in'))
      .then(
        stock(own, 'DOCK-1'),
        balance(boltsCode, 'DOCK-1', 8, { status: 'available' }),
        order('O1', { shipped: 0, picked: 11, lines: [{ packed: 3 }, { packed: 8 }] }),
        carton({ state: 'closed' }),
        discrepancies(),
      )
      .when(driven(box(CARTON), 'out'), said({ kind: 'close-load', load: 'L1' }, 'left'))
      .then(
        stock(own, 'customer'),
        balance(boltsCode, 'customer', 8),
        balance(boltsCode, 'outbound:L1', 0),
        carton({ state: 'shipped' }),
        discrepancies(),
      )
      .when(driven(box(CARTON), 'in'))
      .then(balance(boltsCode, 'DOCK-1', 8, { status: 'returned' }), stock(own, 'DOCK-1', { status: 'returned' }));
    expect(story.scene.outcomeOf('left')).toMatchObject({ detail: { complete: ['O1'], short: [] } });
    sameAgain(story.scene);
  });

  it('is refused where it makes no sense', () => {
    const story = givenPicked()
      .when(
        opened('NONE', 'order'),
        opened('O1', 'bench', { bench: 'A' }),
        opened('O1', 'type', { type: 'BOX-XXL' }),
        put(first.epcs[0]!, 'none', {}, ssccOf(RANGE, 999)),
        put('00'.repeat(12), 'unknown', {}, CARTON),
        opened('O1'),
        put('AB'.repeat(12), 'never seen'),
        said({ kind: 'cancel-order', order: 'O1' }),
        put(first.epcs[0]!, 'cancelled'),
        opened('O1', 'over'),
      )
      .then(
        answered('order', 'unknown-order'),
        answered('bench', 'unknown-location'),
        answered('type', 'unknown-carton-type'),
        answered('none', 'unknown-carton'),
        answered('unknown', 'unknown-carton'),
        answered('never seen', 'unknown-item'),
        answered('cancelled', 'order-ended'),
        answered('over', 'order-ended'),
      );
    sameAgain(story.scene);
    given(inSite(site({}, { orders: true })), booked(goods, 'A'))
      .when(ordered('O1', [line('1', sku, 1)]), opened('O1', 'prefix'))
      .then(answered('prefix', 'no-company-prefix'));
  });
});

describe('a wrong pick', () => {
  it('is put right for both bins when a customer tells of it, and the order waits for what it did not get', () => {
    const [a, b] = [gtinOf(8), gtinOf(9)];
    const counted = (of: string, location: string): Step =>
      said({ kind: 'adjust', sku: of, quantity: 5, location, reason: 'counted' });
    const told = (more: object, key: string): Step =>
      said(
        {
          kind: 'wrong-pick',
          pick: 'P1',
          line: 1,
          ordered: { order: 'O1', orderLine: '1', sku: a, lot: '', owner: '', location: 'A' },
          sku: b,
          from: 'B',
          to: 'RETURNS',
          ...more,
        },
        key,
      );
    const story = givenOrders(counted(a, 'A'), counted(b, 'B'))
      .when(ordered('O1', [line('1', a, 1)]), released('P1', 'O1'), confirmed('P1', 1, `]C101${b}`, 'refused'))
      .then(errors({ kind: 'refused', pick: 'P1', pickLine: 1, code: 'wrong-item', order: 'O1' }))
      .when(confirmed('P1', 1, 'A'), said({ kind: 'move', sku: a, quantity: 1, from: 'PACK', to: 'world' }))
      .then(order('O1', { state: 'shipped' }), balance(a, 'A', 4), balance(b, 'B', 5))
      .when(
        told({ to: 'NOWHERE' }, 'place'),
        told({ sku: a }, 'same'),
        told({ quantity: 2 }, 'many'),
        told({ quantity: 0.00001 }, 'fine'),
        told({}, 'told'),
        told({}, 'twice'),
      )
      .then(
        answered('place', 'unknown-location'),
        answered('same', 'nothing'),
        answered('many', 'too-many'),
        answered('fine', 'bad-quantity'),
        answered('told', 'done'),
        answered('twice', 'too-many'),
        balance(a, 'A', 5),
        balance(b, 'B', 4),
        balance(b, 'RETURNS', 1, { status: 'returned' }),
        balance(a, 'customer', 0),
        balance(b, 'customer', 0),
        order('O1', { state: 'reserved', shipped: 0, reserved: 1 }),
        errors({ kind: 'refused' }, { kind: 'shipped', pick: 'P1', pickLine: 1, found: b, quantity: 1 }),
        discrepancies(),
      );
    sameAgain(story.scene);
  });

  it('changes no bin that was counted since: the count has found it already', () => {
    const [a, b] = [gtinOf(8), gtinOf(9)];
    const stored = (of: string, location: string): Step =>
      said({ kind: 'adjust', sku: of, quantity: 5, location, reason: 'counted' });
    const counted = (task: number, of: string, quantity: number, actor: string): Step =>
      said({ kind: 'count-bin', count: 'C', task, lines: [{ sku: of, quantity }] }, `count ${task} ${actor}`, actor);
    const ordered1 = { order: 'O1', orderLine: '1', sku: a, lot: '', owner: '', location: 'A' };
    const story = givenOrders(stored(a, 'A'), stored(b, 'B'))
      .when(
        ordered('O1', [line('1', a, 1)]),
        released('P1', 'O1'),
        confirmed('P1', 1, 'A'),
        said({ kind: 'move', sku: a, quantity: 1, from: 'PACK', to: 'world' }),
        // One of A was not taken: it still has five. The one that was is missing in B, which nobody counts.
        said({ kind: 'plan-count', count: 'C', by: 'location', locations: ['A'] }),
        counted(1, a, 5, 'ann'),
        counted(1, a, 5, 'ben'),
        said({ kind: 'approve-count', count: 'C', task: 1 }, 'approved', 'cy'),
      )
      .then(answered('approved', 'done'), balance(a, 'A', 5), balance(b, 'B', 5))
      .when(said({ kind: 'wrong-pick', pick: 'P1', line: 1, ordered: ordered1, sku: b, from: 'B' }, 'told'))
      .then(
        answered('told', 'done'),
        balance(a, 'A', 5),
        balance(b, 'B', 4),
        balance(a, 'customer', 0),
        balance(b, 'customer', 1),
        balance(a, 'adjustment', -5),
      );
    sameAgain(story.scene);
  });
});
