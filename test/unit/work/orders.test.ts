// Orders of customers: what each is promised, who loses a promise, and who is given what comes.
import { describe, expect, it } from 'vitest';
import type { OrderEffect, OrderLineEffect } from '../../../src/infer/outboundEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import type { OrderLine } from '../../../src/wire/outbound.ts';
import { given, inSite, type Check, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, discrepancies, undecided } from '../../support/storiesThen.ts';
import { booked, driven, said, saidOf } from '../../support/storiesWhen.ts';
import { gtinOf, pallet, site } from '../../support/storiesSite.ts';

type Entered = Extract<Command, { kind: 'order' }>;

const found = (sku: string, quantity: number, location = 'A', more: object = {}): Step =>
  said({ kind: 'adjust', sku, quantity, location, reason: 'counted', ...more });
const lines = (...of: readonly (readonly [sku: string, quantity: number, lot?: string])[]): OrderLine[] =>
  of.map(([sku, quantity, lot], index) => ({ line: String(index + 1), sku, quantity, ...(lot && { lot }) }));
const ordered = (order: string, of: OrderLine[], more: Partial<Entered> = {}, key = order): Step =>
  said({ kind: 'order', order, customer: 'SHOP-1', lines: of, ...more }, key);

interface Told extends OrderEffect {
  readonly byLine: ReadonlyMap<string, OrderLineEffect>;
}
function told(scene: Scene, id: string): Told {
  const all = scene.effects.flatMap(({ orders }) => orders).filter((one) => one.id === id);
  const byLine = new Map(all.flatMap((one) => one.lines.map((line) => [line.line, line] as const)));
  return { ...all.at(-1)!, byLine };
}
/** The order as it was told last; `reserved` line by line. */
const order =
  (id: string, head: Partial<OrderEffect>, ...reserved: readonly number[]): Check =>
  (scene) => {
    const { byLine, ...rest } = told(scene, id);
    expect(rest).toMatchObject(head);
    expect(reserved.map((_, index) => byLine.get(String(index + 1))!.reserved)).toEqual(reserved);
  };

describe('orders', () => {
  it('are promised what is there, in the order in which they come, and in parts where they may go so', () => {
    const story = given(found('S1', 96), found('S2', 5))
      .when(
        ordered('O1', lines(['S1', 10], ['S2', 5])),
        ordered('O2', lines(['S1', 60])),
        ordered('O3', lines(['S1', 40]), { partial: true }),
        ordered('O4', lines(['S1', 1])),
      )
      .then(
        order('O1', { state: 'reserved' }, 10, 5),
        order('O2', { state: 'reserved' }, 60),
        order('O3', { state: 'partial' }, 26),
        order('O4', { state: 'waiting' }, 0),
        answered('O3', 'done'),
      );
    expect(story.scene.outcomeOf('O3')).toMatchObject({
      detail: { order: 'O3', lines: [{ line: '1', reserved: 26, backordered: 14 }] },
    });
    sameAgain(story.scene);
  });

  it('are never promised more than there is: of twenty that want one of ten, ten wait and are told so', () => {
    const names = Array.from({ length: 20 }, (_, index) => `O${index}`);
    const story = given(found('S1', 10)).when(...names.map((name) => ordered(name, lines(['S1', 1]))));
    const promised = names.map(
      (name) => story.scene.outcomeOf(name) as unknown as { detail: { lines: { reserved: number }[] } },
    );
    expect(promised.map(({ detail }) => detail.lines[0]!.reserved)).toEqual(
      names.map((_, index) => (index < 10 ? 1 : 0)),
    );
  });

  it('are promised only what is stored and available, of the lot and the owner that they ask for', () => {
    given(
      found('S1', 5, 'DOCK-1'),
      found('S1', 5, 'PACK'),
      found('S1', 5, 'A', { status: 'quality' }),
      found('S1', 2, 'A', { lot: 'L1' }),
      found('S1', 3, 'B', { lot: 'L2' }),
      found('S1', 9, 'B', { owner: 'THEIRS' }),
    )
      .when(
        ordered('LOT', lines(['S1', 3, 'L1']), { partial: true }),
        ordered('ANY', lines(['S1', 9]), { partial: true }),
      )
      .then(order('LOT', {}, 2), order('ANY', {}, 3))
      .when(ordered('THEIRS', lines(['S1', 4]), { owner: 'THEIRS' }))
      .then(order('THEIRS', { state: 'reserved' }, 4));
  });

  it('lose what was promised by the lowest priority, then the latest ship-by; new stock goes to the highest', () => {
    const story = given(found('S1', 10))
      .when(
        ordered('LATE', lines(['S1', 3]), { shipBy: '2026-01-09T12:00:00Z' }),
        ordered('SOON', lines(['S1', 3]), { shipBy: '2026-01-06T12:00:00Z' }),
        ordered('FIRST', lines(['S1', 3]), { priority: 9 }),
        ordered('LAST', lines(['S1', 5]), { priority: 1, partial: true }),
      )
      .then(order('LAST', {}, 1))
      .when(found('S1', -3))
      .then(
        order('LAST', { state: 'partial' }, 1),
        order('LATE', { state: 'waiting' }, 0),
        order('SOON', { state: 'reserved' }, 3),
        order('FIRST', { state: 'reserved' }, 3),
        discrepancies('reservation-broken'),
      );
    // LATE goes whole: the one that it leaves is no use to it, but to LAST.
    story
      .when(found('S1', 1))
      .then(order('LATE', {}, 0), order('LAST', {}, 2))
      .when(found('S1', 3))
      .then(order('LATE', { state: 'reserved' }, 3), order('LAST', {}, 2), discrepancies());
    sameAgain(story.scene);
  });

  it('are promised nothing that is in doubt: a tag that may have left counts for nothing until somebody decides', () => {
    const goods = pallet('P', { tags: 3 });
    const asking = inSite(site({}, { orders: true, portal: { postAt: 1 } }));
    const decided = (outcome: 'turned_back' | 'out', of: readonly string[]): Step =>
      saidOf(({ ledger }) =>
        [...ledger.passages.values()]
          .filter(({ epc }) => of.includes(epc))
          .map(({ id }) => ({ kind: 'decide', passage: id, outcome })),
      );
    const story = given(asking, booked(goods, 'A'))
      .when(ordered('O1', lines([gtinOf(1), 3]), { partial: true }))
      .then(order('O1', { state: 'reserved' }, 3))
      .when(driven(goods, 'out'))
      .then(undecided(goods, 'out'), order('O1', { state: 'waiting' }, 0), discrepancies('reservation-broken'))
      .when(decided('turned_back', goods.epcs.slice(0, 2)))
      .then(order('O1', {}, 2))
      .when(decided('out', goods.epcs.slice(2)))
      .then(order('O1', {}, 2), discrepancies('reservation-broken', 'unplanned-ship'));
    sameAgain(story.scene);
  });

  it('are given what is freed: held goods when they are released, and received ones when they are put away', () => {
    const goods = pallet('P', { tags: 2 });
    const held = (status: 'quality' | 'available'): Step =>
      saidOf(() => goods.epcs.map((epc) => ({ kind: 'hold', epc, status })));
    given(booked(goods, 'A'), held('quality'))
      .when(ordered('O1', lines([gtinOf(1), 2])))
      .then(order('O1', { state: 'waiting' }, 0))
      .when(held('available'))
      .then(order('O1', { state: 'reserved' }, 2))
      .when(booked(goods, 'STAGE'))
      .then(order('O1', { state: 'waiting' }, 0))
      .when(booked(goods, 'B'))
      .then(order('O1', { state: 'reserved' }, 2), discrepancies());
  });

  it('that go whole are given everything or nothing, of all their lines', () => {
    given(found('S1', 5))
      .when(ordered('BOTH', lines(['S1', 2], ['S2', 2])), ordered('ONE', lines(['S1', 4])))
      .then(order('BOTH', { state: 'waiting' }, 0, 0), order('ONE', { state: 'reserved' }, 4))
      .when(found('S2', 2))
      .then(order('BOTH', { state: 'waiting' }, 0, 0))
      .when(said({ kind: 'cancel-order', order: 'ONE' }))
      .then(order('ONE', { state: 'cancelled' }, 0), order('BOTH', { state: 'reserved' }, 2, 2));
  });

  it('are amended as they were read, and keep what they were promised as far as they still want it', () => {
    const amended = (quantity: number, revision?: number, key?: string): Step =>
      said(
        {
          kind: 'amend-order',
          order: 'O1',
          customer: 'SHOP-1',
          lines: lines(['S1', quantity]),
          ...(revision && { revision }),
        },
        key,
      );
    given(found('S1', 10))
      .when(ordered('O1', lines(['S1', 8])), ordered('O2', lines(['S1', 4]), { partial: true }))
      .then(order('O2', {}, 2))
      .when(amended(5))
      .then(order('O1', { revision: 2, quantity: 5 }, 5), order('O2', { state: 'reserved' }, 4))
      .when(amended(9, 1, 'old'))
      .then(answered('old', 'changed-meanwhile'));
  });

  it('make no sense when they are there already, name a line twice, or are over', () => {
    given()
      .when(
        ordered('O1', lines(['S1', 1])),
        ordered('O1', lines(['S1', 1]), {}, 'again'),
        ordered('O2', [...lines(['S1', 1]), ...lines(['S1', 1])], {}, 'twice'),
        ordered('O3', lines(['S1', 0.000_01]), {}, 'fine'),
        ordered('O4', lines(['S1', 1]), { shipBy: '2026-13-01T00:00:00Z' }, 'when'),
        said({ kind: 'cancel-order', order: 'NONE' }, 'none'),
        said({ kind: 'cancel-order', order: 'O1' }),
        said({ kind: 'cancel-order', order: 'O1' }, 'over'),
      )
      .then(
        answered('again', 'order-exists'),
        answered('twice', 'bad-lines'),
        answered('fine', 'bad-quantity'),
        answered('when', 'bad-time'),
        answered('none', 'unknown-order'),
        answered('over', 'order-ended'),
      );
  });
});
