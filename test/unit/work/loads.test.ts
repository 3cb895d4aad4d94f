// What goes out: counted on its order and load, and told at once when it was never picked, or leaves at the wrong door.
import { describe, expect, it } from 'vitest';
import type { LoadEffect, OrderEffect } from '../../../src/infer/outboundEffects.ts';
import { given, inSite, type Check, type Fact, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, discrepancies, moved, stock } from '../../support/storiesThen.ts';
import { after, booked, driven, packed, said, saidOf, together } from '../../support/storiesWhen.ts';
import { gtinOf, toteEpc, pallet, site, type Goods } from '../../support/storiesSite.ts';

const givenOrders = (...facts: readonly Fact[]) => given(inSite(site({}, { orders: true })), ...facts);

const ordered = (order: string, sku: string, quantity: number, more: object = {}): Step =>
  said({ kind: 'order', order, customer: 'SHOP-1', lines: [{ line: '1', sku, quantity }], ...more });
const released = (pick: string, ...orders: string[]): Step => said({ kind: 'release', pick, orders });
const picked = (pick: string, goods: Goods): Step[] =>
  goods.epcs.map((scan) => said({ kind: 'confirm-pick', pick, line: 1, scan }));
const loaded = (load: string, door: string | undefined, orders: string[], key?: string): Step =>
  said({ kind: 'open-load', load, carrier: 'CARRIER', orders, ...(door && { door }) }, key);
const closed = (load: string, key?: string): Step => said({ kind: 'close-load', load }, key);

const order =
  (id: string, head: Partial<OrderEffect>): Check =>
  (scene) =>
    expect(scene.effects.flatMap(({ orders }) => orders).findLast((one) => one.id === id)).toMatchObject(head);
const load =
  (id: string, head: Partial<LoadEffect>): Check =>
  (scene) =>
    expect(scene.effects.flatMap(({ loads }) => loads).findLast((one) => one.id === id)).toMatchObject(head);

/** What the books have on trucks, by load. */
const onTrucks =
  (wanted: Readonly<Record<string, number>>): Check =>
  ({ ledger }) => {
    const there = new Map<string, number>();
    for (const [key, quantity] of ledger.balances()) {
      const truck = /\|outbound:([^|]+)/.exec(key)?.[1];
      if (truck !== undefined) there.set(truck, (there.get(truck) ?? 0) + quantity);
    }
    expect(Object.fromEntries(there)).toEqual(wanted);
  };

describe('a load', () => {
  const goods = pallet('P', { tags: 6 });
  const [own, other] = [
    { name: 'own', epcs: goods.epcs.slice(0, 4) },
    { name: 'other', epcs: goods.epcs.slice(4) },
  ];
  const sku = gtinOf(1);

  it('is complete when what its orders asked for has gone out at its door', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), loaded('L1', 'DOOR-1', ['O1'], 'opened'))
      .then(
        order('O1', { state: 'picked', load: 'L1' }),
        load('L1', { state: 'open', orders: [{ order: 'O1', shipped: 0 }] }),
      )
      .when(driven(own, 'out'))
      .then(
        order('O1', { state: 'shipped', shipped: 4, picked: 0 }),
        load('L1', { orders: [{ order: 'O1', shipped: 4 }] }),
        stock(own, 'outbound:L1'),
        moved(own, ['receive world → A', 'pick A → PACK', 'ship DOCK-1 → world']),
        discrepancies(),
      )
      .when(closed('L1', 'closed'), closed('L1', 'again'))
      .then(
        load('L1', { state: 'closed' }),
        answered('again', 'load-closed'),
        stock(own, 'customer'),
        onTrucks({}),
        moved(own, ['receive world → A', 'pick A → PACK', 'ship DOCK-1 → world']), // for the outside nothing has moved since
        order('O1', { state: 'shipped', shipped: 4 }),
      );
    expect(story.scene.outcomeOf('closed')).toMatchObject({ detail: { complete: ['O1'], short: [] } });
    sameAgain(story.scene);
  });

  it('is short of what stayed; an order that comes back before the truck leaves is not out', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 5, { partial: true }), released('P', 'O1'), ...picked('P', own))
      .when(loaded('L1', undefined, ['O1']), driven(own, 'out'), driven(own, 'in'))
      .then(
        stock(own, 'DOCK-1'),
        order('O1', { shipped: 0, picked: 4 }),
        load('L1', { orders: [{ order: 'O1', shipped: 0 }] }),
      )
      .when(driven(own, 'out'), closed('L1', 'closed'))
      .then(discrepancies());
    expect(story.scene.outcomeOf('closed')).toMatchObject({
      detail: {
        complete: [],
        short: [{ order: 'O1', shipped: 4, short: 1, missing: [{ line: '1', sku, quantity: 1 }] }],
      },
    });
    sameAgain(story.scene);
  });

  it('of another door is told at once, and so is what was never picked; both are settled when it comes back', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), loaded('L1', 'DOOR-2', ['O1']))
      .when(driven(own, 'out', { door: 1 }))
      .then(discrepancies('wrong-load'))
      .when(driven(own, 'in', { door: 1 }))
      .then(discrepancies(), order('O1', { state: 'picked' }))
      .when(driven(other, 'out', { door: 1 }))
      .then(discrepancies('unplanned-ship'))
      .when(driven(other, 'in', { door: 1 }))
      .then(discrepancies());
    sameAgain(story.scene);
  });

  it('does not wait for an order that is cancelled, and what was picked for it must not leave', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), loaded('L1', 'DOOR-1', ['O1']))
      .when(said({ kind: 'cancel-order', order: 'O1' }, 'cancelled'), driven(own, 'out'))
      .then(order('O1', { state: 'cancelled' }), discrepancies('unplanned-ship'))
      .when(driven(own, 'in'), closed('L1', 'closed'))
      .then(discrepancies());
    expect(story.scene.outcomeOf('cancelled')).toMatchObject({ detail: { toPutBack: [{ line: '1', quantity: 4 }] } });
    expect(story.scene.outcomeOf('closed')).toMatchObject({ detail: { complete: ['O1'], short: [] } });
    sameAgain(story.scene);
  });

  it('that is at a door lets nothing else out there without a word, also at a site that asks for no orders', () => {
    const plain = inSite(site());
    given(plain, booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), driven(other, 'out'))
      .then(discrepancies())
      .when(driven(other, 'in'), loaded('L1', 'DOOR-1', ['O1']), driven(other, 'out'))
      .then(discrepancies('unplanned-ship'));
  });

  it('makes no sense of orders that are over or on another load, nor of a door that is none', () => {
    givenOrders(booked(goods, 'A'))
      .when(
        ordered('O1', sku, 4),
        loaded('L1', 'DOOR-1', ['O1']),
        loaded('L2', 'DOOR-1', ['O1'], 'other'),
        loaded('L1', 'DOOR-1', ['O1'], 'number'),
        loaded('L3', 'GATE', ['O1'], 'door'),
        loaded('L3', 'DOOR-1', ['NONE'], 'none'),
        closed('L9', 'unknown'),
      )
      .then(
        answered('other', 'on-another-load'),
        answered('number', 'load-exists'),
        answered('door', 'unknown-door'),
        answered('none', 'unknown-order'),
        answered('unknown', 'unknown-load'),
      );
  });

  it('that has left does not bring back what it took: that is a return', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), loaded('L1', 'DOOR-1', ['O1']))
      .when(driven(own, 'out'), closed('L1'), driven(own, 'in'))
      .then(stock(own, 'DOCK-1', { status: 'returned' }), order('O1', { shipped: 4 }), onTrucks({}));
    sameAgain(story.scene);
  });

  it('takes with it what went out just before it was closed, though that is decided after it', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), loaded('L1', 'DOOR-1', ['O1']))
      .when(
        together(driven(own, 'out', { reachMs: 12_000 }), after(13_000, closed('L1', 'closed'))), // 1 s after the moment
      )
      .then(load('L1', { orders: [{ order: 'O1', shipped: 4 }] }), stock(own, 'customer'), onTrucks({}))
      .when(driven(own, 'in'))
      .then(stock(own, 'DOCK-1', { status: 'returned' }));
    sameAgain(story.scene);
  });

  it('that has left is made right when later reads say otherwise of what was on it', () => {
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), loaded('L1', 'DOOR-1', ['O1']))
      .when(driven(own, 'out'), closed('L1'))
      .then(stock(own, 'customer'))
      .when(
        saidOf(({ ledger }) =>
          [...ledger.passages.values()]
            .filter(({ outcome, epc }) => outcome === 'out' && epc === own.epcs[0])
            .map(({ id }) => ({ kind: 'decide', passage: id, outcome: 'turned_back' })),
        ),
      )
      .then(
        stock({ name: 'first', epcs: own.epcs.slice(0, 1) }, 'PACK'),
        order('O1', { state: 'picked', shipped: 3, picked: 1 }),
        load('L1', { orders: [{ order: 'O1', shipped: 3 }] }),
        onTrucks({}),
      );
    sameAgain(story.scene);
  });

  it('carries what is packed, and its container, away and back', () => {
    const crate = { name: 'crate', epcs: [toteEpc(1)] };
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), ...picked('P', own), packed(own, crate))
      .when(loaded('L1', 'DOOR-1', ['O1']), driven(crate, 'out'))
      .then(stock(own, 'outbound:L1'), load('L1', { orders: [{ order: 'O1', shipped: 4 }] }))
      .when(driven(crate, 'in'))
      .then(stock(own, 'DOCK-1'), onTrucks({}), load('L1', { orders: [{ order: 'O1', shipped: 0 }] }))
      .when(driven(crate, 'out'), closed('L1'))
      .then(stock(own, 'customer'), onTrucks({}));
    sameAgain(story.scene);
  });

  it('is amended while it is open: another door, other orders, seals; not without what is on it', () => {
    const amended = (id: string, more: object, key?: string): Step =>
      said({ kind: 'amend-load', load: id, carrier: 'CARRIER', orders: ['O1'], ...more }, key);
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 4), ordered('O2', sku, 1), released('P', 'O1'), ...picked('P', own))
      .when(loaded('L1', 'DOOR-2', ['O1', 'O2']), loaded('L2', 'DOOR-2', ['O2'], 'taken'))
      .then(answered('taken', 'on-another-load'))
      .when(
        amended('L1', { door: 'DOOR-1', seals: ['S-1'] }),
        loaded('L2', 'DOOR-2', ['O2'], 'free'),
        driven(own, 'out'),
      )
      .then(
        order('O2', { load: 'L2' }),
        load('L1', { door: 'DOOR-1', seals: ['S-1'], orders: [{ order: 'O1', shipped: 4 }] }),
        discrepancies(),
      )
      .when(
        amended('L2', { orders: ['O1'] }, 'both'),
        amended('L1', { door: 'GATE' }, 'door'),
        amended('L1', { orders: ['NONE'] }, 'none'),
        amended('L9', {}, 'unknown'),
        closed('L2', 'left'),
        amended('L2', { orders: ['O2'] }, 'closed'),
        ordered('O3', sku, 1, { partial: true }),
        amended('L1', { orders: ['O3'] }, 'loaded'),
        said({ kind: 'close-load', load: 'L1', seals: ['S-2', 'S-3'] }),
      )
      .then(
        answered('both', 'order-ended'),
        answered('door', 'unknown-door'),
        answered('none', 'unknown-order'),
        answered('unknown', 'unknown-load'),
        answered('closed', 'load-closed'),
        answered('loaded', 'order-loaded'),
        load('L1', { state: 'closed', seals: ['S-2', 'S-3'] }),
      );
    sameAgain(story.scene);
  });

  it('is told which goods without tags are on it, and which come off again', () => {
    const move = (quantity: number, from: string, to: string, more: object = {}, key?: string): Step =>
      said({ kind: 'move', sku: 'S1', quantity, from, to, ...more }, key);
    const story = givenOrders(said({ kind: 'adjust', sku: 'S1', quantity: 20, location: 'A', reason: 'counted' }))
      .when(
        ordered('O1', 'S1', 6),
        ordered('O2', 'S1', 5),
        released('P1', 'O1'),
        released('P2', 'O2'),
        said({ kind: 'confirm-pick', pick: 'P1', line: 1, scan: 'A' }),
        said({ kind: 'confirm-pick', pick: 'P2', line: 1, scan: 'A' }),
        loaded('L1', 'DOOR-1', ['O1']),
        loaded('L2', 'DOOR-2', ['O2']),
        // Nobody says with which: what was picked for both goes with both.
        move(8, 'PACK', 'world'),
      )
      .then(onTrucks({ L1: 6, L2: 2 }), order('O1', { shipped: 6 }), order('O2', { shipped: 2, picked: 3 }))
      .when(move(3, 'PACK', 'world', { load: 'L2' }), move(2, 'world', 'PACK', { load: 'L1' }))
      .then(
        onTrucks({ L1: 4, L2: 5 }),
        order('O1', { shipped: 4, picked: 2 }),
        order('O2', { state: 'shipped' }),
        load('L1', { orders: [{ order: 'O1', shipped: 4 }] }),
      )
      .when(
        move(5, 'world', 'PACK', { load: 'L1' }, 'more'),
        move(1, 'PACK', 'OUT', { load: 'L1' }, 'inside'),
        move(1, 'PACK', 'world', { load: 'L9' }, 'unknown'),
        closed('L1'),
        closed('L2'),
        move(1, 'world', 'PACK', { load: 'L1' }, 'left'),
      )
      .then(
        answered('more', 'not-aboard'),
        answered('inside', 'nowhere'),
        answered('unknown', 'unknown-load'),
        answered('left', 'unknown-load'),
        onTrucks({}),
        discrepancies(),
      );
    expect(story.scene.ledger.balances().get('S1|||customer||')).toBe(9);
    sameAgain(story.scene);
  });

  it('takes goods without tags by the word of a person', () => {
    givenOrders(said({ kind: 'adjust', sku: 'S1', quantity: 9, location: 'A', reason: 'counted' }))
      .when(
        ordered('O1', 'S1', 6),
        released('P', 'O1'),
        said({ kind: 'confirm-pick', pick: 'P', line: 1, scan: 'A' }),
        said({ kind: 'move', sku: 'S1', quantity: 4, from: 'PACK', to: 'world' }),
      )
      .then(order('O1', { picked: 2, shipped: 4 }), discrepancies())
      .when(said({ kind: 'move', sku: 'S1', quantity: 2, from: 'PACK', to: 'A' }))
      .then(order('O1', { picked: 0, planned: 2, shipped: 4 }));
  });
});
