// What goes out: counted on its order and load, and told at once when it was never picked, or leaves at the wrong door.
import { describe, expect, it } from 'vitest';
import type { LoadEffect, OrderEffect } from '../../../src/infer/outboundEffects.ts';
import { given, inSite, type Check, type Fact, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, discrepancies, stock } from '../../support/storiesThen.ts';
import { booked, driven, said } from '../../support/storiesWhen.ts';
import { gtinOf, pallet, site, type Goods } from '../../support/storiesSite.ts';

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
        discrepancies(),
      )
      .when(closed('L1', 'closed'), closed('L1', 'again'))
      .then(load('L1', { state: 'closed' }), answered('again', 'load-closed'));
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
      detail: { complete: [], short: [{ order: 'O1', shipped: 4, short: 1 }] },
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
