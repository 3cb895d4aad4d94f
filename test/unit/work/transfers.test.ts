// Goods that go to another site of ours and come back with a transfer of that site: two journeys, and the first one stays made.
import { expect, it } from 'vitest';
import type { OrderEffect } from '../../../src/infer/outboundEffects.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { given, inSite, type Check, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { stock } from '../../support/storiesThen.ts';
import { booked, driven, said, takenAway } from '../../support/storiesWhen.ts';
import { gtinOf, pallet, site } from '../../support/storiesSite.ts';

const goods = pallet('P', { tags: 4 });
const sku = gtinOf(1);
const moved = (at: number) =>
  goods.epcs.map((epc) => ({ at: formatTime(at), sku, lot: '', owner: '', epc, quantity: 1 }));

const order =
  (id: string, head: Partial<OrderEffect>): Check =>
  (scene) =>
    expect(scene.effects.flatMap(({ orders }) => orders).findLast((one) => one.id === id)).toMatchObject(head);
/** What the other site tells this one, of goods that moved just now. */
const noticed =
  (kind: 'transfer-sent' | 'transfer-received', transfer: string): Step =>
  (scene, at) =>
    kind === 'transfer-sent'
      ? said({ kind, transfer, from: 'S2', goods: moved(at) })(scene, at)
      : said({ kind, transfer, goods: moved(at) })(scene, at);

it('is shipped still when its goods come back with a transfer of the other site', () => {
  const story = given(inSite(site({}, { orders: true })), booked(goods, 'A'))
    .when(
      said({ kind: 'transfer', transfer: 'X1', to: 'S2', lines: [{ line: '1', sku, quantity: 4 }] }),
      said({ kind: 'release', pick: 'P1', orders: ['X1'], to: 'OUT' }),
      ...goods.epcs.map((scan) => said({ kind: 'confirm-pick', pick: 'P1', line: 1, scan })),
      driven(goods, 'out'),
      takenAway(goods),
    )
    .then(order('X1', { state: 'shipped', shipped: 4 }), stock(goods, 'transit:S1:X1'))
    .when(noticed('transfer-received', 'X1'), noticed('transfer-sent', 'Y1'), driven(goods, 'in'))
    .then(order('X1', { state: 'shipped', shipped: 4, planned: 0 }), stock(goods, 'DOCK-1'));
  sameAgain(story.scene);
});
