// Cross-docking: what an order waits for goes from the dock to where orders are packed, and counts as picked there; what nobody waits for,
// or not any more, goes to its bin.
import { describe, expect, it } from 'vitest';
import type { OrderEffect } from '../../../src/infer/outboundEffects.ts';
import { given, inSite, type Check, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies } from '../../support/storiesThen.ts';
import { said } from '../../support/storiesWhen.ts';
import { gtinOf, pallet } from '../../support/storiesSite.ts';
import { arrived, confirmed, directedSite, reason, reserve, tasks } from '../../support/storiesTasks.ts';

const inBins = (rules: object = {}) =>
  inSite(directedSite([reserve('R-1', { x: 0, y: 1 }), reserve('R-2', { x: 0, y: 2 })], { orders: true, ...rules }));
const ordered = (order: string, sku: string, quantity: number, more: object = {}): Step =>
  said({ kind: 'order', order, customer: 'SHOP-1', lines: [{ line: '1', sku, quantity }], ...more });
const order =
  (id: string, head: Partial<OrderEffect>): Check =>
  (scene) =>
    expect(scene.effects.flatMap(({ orders }) => orders).findLast((one) => one.id === id)).toMatchObject(head);

describe('what an order waits for', () => {
  it('goes to where it is packed, by rank, and the rest to a bin; brought there it counts as picked', () => {
    const story = given(inBins())
      .when(
        ordered('O1', 'S1', 4, { partial: true }),
        ordered('O2', 'S1', 3, { priority: 9 }),
        arrived('S1', 10),
        confirmed('PUT-1', 'HOLD', 'wrong place'),
        confirmed('PUT-1', 'PACK', 'O2 has it'),
        confirmed('PUT-2', 'PACK', 'some for O1', { quantity: 1 }),
        confirmed('PUT-3', 'R-1', 'stored', { quantity: 1 }),
      )
      .then(
        tasks(
          'PUT-1 0/3 S1 DOCK-1 → PACK cross-dock done',
          // One was stored since, and is promised to O1: only two more go there at once.
          'PUT-2 2/4 S1 DOCK-1 → PACK cross-dock',
          'PUT-3 2/3 S1 DOCK-1 → R-1 nearest',
          'PUT-4 1/1 S1 DOCK-1 → R-1 same-lot',
        ),
        reason('PUT-1', /^Order O2 waits for 3 of it: bring it to PACK at once\.$/),
        answered('wrong place', 'not-storage'),
        answered('O2 has it', 'done'),
        order('O2', { state: 'picked', picked: 3 }),
        order('O1', { picked: 1, reserved: 1 }),
        balance('S1', 'PACK', 4),
        balance('S1', 'R-1', 1),
        discrepancies(),
      );
    sameAgain(story.scene);
  });

  it('goes there also when the order comes after the goods; what somebody is on the way with goes on to its bin', () => {
    const story = given(inBins())
      .when(
        arrived('S1', 5),
        arrived('S2', 5),
        said({ kind: 'claim-task', task: 'PUT-2' }),
        ordered('O1', 'S1', 2),
        ordered('O2', 'S2', 2),
      )
      .then(
        tasks(
          'PUT-1 3/5 S1 DOCK-1 → R-1 nearest',
          'PUT-2 5/5 S2 DOCK-1 → R-1 nearest',
          'PUT-3 2/2 S1 DOCK-1 → PACK cross-dock',
        ),
      );
    sameAgain(story.scene);
  });

  it('goes to a bin after all when nobody waits for it any more', () => {
    const story = given(inBins())
      .when(ordered('O1', 'S1', 5), arrived('S1', 5), said({ kind: 'cancel-order', order: 'O1' }))
      .then(tasks('PUT-1 0/5 S1 DOCK-1 → PACK cross-dock gone', 'PUT-2 5/5 S1 DOCK-1 → R-1 nearest'));
    sameAgain(story.scene);
  });

  it('is not divided for an order that goes whole, and is stored where the site does not cross-dock', () => {
    given(inBins())
      .when(ordered('WHOLE', 'S1', 8), arrived('S1', 5))
      .then(tasks('PUT-1 5/5 S1 DOCK-1 → R-1 nearest'));
    given(inBins({ crossDock: false }))
      .when(ordered('O1', 'S1', 5), arrived('S1', 5))
      .then(tasks('PUT-1 5/5 S1 DOCK-1 → R-1 nearest'));
  });

  it('is picked for it by its tags alone, and is to be picked again when it goes to storage', () => {
    const goods = pallet('two', { tags: 2 });
    const [first, second] = goods.epcs as [string, string];
    const story = given(inBins())
      .when(
        ordered('O1', gtinOf(1), 2),
        ...goods.epcs.map((epc) => said({ kind: 'move', epc, to: 'DOCK-1' })),
        said({ kind: 'move', epc: first, to: 'PACK' }),
        confirmed('PUT-2', 'PACK', 'by hand', { epcs: [second] }),
      )
      .then(
        // The first one alone would not have completed it.
        tasks(
          `PUT-1 0/1 ${gtinOf(1)} DOCK-1 → R-1 nearest gone`,
          `PUT-2 0/2 ${gtinOf(1)} DOCK-1 → PACK cross-dock done`,
        ),
        order('O1', { state: 'picked', picked: 2 }),
        discrepancies(),
      )
      .when(said({ kind: 'move', epc: second, to: 'R-1' }))
      .then(order('O1', { picked: 1, reserved: 1 }));
    sameAgain(story.scene);
  });
});
