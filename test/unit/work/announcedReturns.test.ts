// What customers announce to send back: counted as its tags come through a door, found when it was there before it was announced, and the same
// again, also when half of it comes from a snapshot.
import { describe, expect, it } from 'vitest';
import type { AnnouncedReturnEffect } from '../../../src/infer/returnEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { given, inSite, type Check, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies } from '../../support/storiesThen.ts';
import { booked, driven, said, waited } from '../../support/storiesWhen.ts';
import { gtinOf, MINUTE_MS, pallet, site } from '../../support/storiesSite.ts';

type Announcement = Omit<Extract<Command, { kind: 'announce-return' }>, 'kind' | 'customer'>;
const announced = (of: Announcement, key: string = of.return): Step =>
  said({ kind: 'announce-return', customer: 'SHOP', ...of }, key);
const closed = (id: string, key: string): Step => said({ kind: 'close-return', return: id }, key);
/** `received of quantity` of each line, and the state. */
const come =
  (id: string, state: string, ...lines: readonly string[]): Check =>
  ({ effects }) => {
    const told = effects.flatMap(({ announcedReturns }) => announcedReturns);
    const last: AnnouncedReturnEffect = told.findLast((one) => one.id === id)!;
    expect(last.lines.map((line) => `${line.received} of ${line.quantity}`)).toEqual(lines);
    expect(last.state).toBe(state);
  };

const receiving = inSite(site({}, { inboundDocuments: true }));
const goods = pallet('P', { tags: 4 });
const sku = gtinOf(1);
/** With the customer since hours; nobody had expected them when they first came. */
const shipped = [booked(goods, 'DOCK-1'), waited(MINUTE_MS), driven(goods, 'out'), waited(300 * MINUTE_MS)];

describe('an announced return', () => {
  it('is counted as its tags come in, without alarm; what is beyond it is told', () => {
    const story = given(receiving, ...shipped)
      .when(
        announced({ return: 'R1', lines: [{ line: '1', sku, quantity: 3, epcs: [...goods.epcs] }] }),
        announced({ return: 'R2', lines: [{ line: '1', sku, epcs: [...goods.epcs], quantity: 5 }] }),
        announced({ return: 'R3', lines: [{ line: '1', sku, quantity: 4, shipped: 3 }] }),
        driven(goods, 'in'),
      )
      .then(
        answered('R2', 'bad-lines'),
        come('R1', 'received', '4 of 3'),
        balance(sku, 'DOCK-1', 4),
        discrepancies('unexpected', 'announced-return-over'),
      )
      .when(closed('R1', 'closed'), closed('R1', 'again'))
      .then(answered('closed', 'done'), answered('again', 'return-closed'), come('R1', 'closed', '4 of 3'));
    sameAgain(story.scene);
  });

  it('finds what came before it was announced, as far as it asks for it', () => {
    const story = given(receiving, ...shipped)
      .when(driven(goods, 'in'))
      .then(balance(sku, 'DOCK-1', 4), discrepancies('unexpected', 'unannounced-return'))
      .when(announced({ return: 'R1', lines: [{ line: '1', sku, quantity: 3 }] }))
      .then(come('R1', 'received', '3 of 3'), discrepancies('unexpected', 'unannounced-return'))
      .when(announced({ return: 'R2', lines: [{ line: '1', sku, quantity: 1 }] }))
      .then(come('R2', 'received', '1 of 1'), discrepancies('unexpected'));
    sameAgain(story.scene);
  });
});
