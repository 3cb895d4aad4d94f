// Inbound documents: what is to come, what came, and what differs.
import { describe, expect, it } from 'vitest';
import type { InboundEffect, InboundLineEffect } from '../../../src/infer/effects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { formatTime } from '../../../src/wire/time.ts';
import type { InboundLine } from '../../../src/wire/inbound.ts';
import { given, inSite, type Check, type Fact, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies, moved, nothingMoved, stock } from '../../support/storiesThen.ts';
import { booked, heard, observed, said, saidOf, scanned, together, waited } from '../../support/storiesWhen.ts';
import { crossing } from '../../support/sites.ts';
import {
  gtinOf,
  HOUR_MS,
  itemEpc,
  MORNING,
  pallet,
  palletEpc,
  receivingSite,
  SSCC_9,
  strangeEpc,
  toteEpc,
  type Goods,
} from '../../support/storiesSite.ts';

const givenReceiving = (...facts: readonly Fact[]) => given(inSite(receivingSite()), ...facts);

const announced = (
  inbound: string,
  lines: readonly InboundLine[],
  more: Partial<Extract<Command, { kind: 'announce' }>> = {},
  key?: string,
): Step => said({ kind: 'announce', inbound, document: 'notice', supplier: 'ACME', lines: [...lines], ...more }, key);
const listed = (goods: Goods, line = '1'): InboundLine => ({ line, epcs: [...goods.epcs] });
const closed = (inbound: string, key?: string): Step => said({ kind: 'close-receipt', inbound }, key);
const amended = (inbound: string, lines: readonly InboundLine[], key: string): Step =>
  said({ kind: 'amend', inbound, document: 'notice', supplier: 'ACME', lines: [...lines] }, key);

/** The document as it was told last: each line with all that was told of it. */
function told(scene: Scene, id: string): InboundEffect & { readonly byLine: ReadonlyMap<string, InboundLineEffect> } {
  const all = scene.effects.flatMap(({ inbounds }) => inbounds).filter((one) => one.id === id);
  const byLine = new Map(all.flatMap(({ lines }) => lines.map((line) => [line.line, line] as const)));
  return { ...all.at(-1)!, byLine };
}
const inbound =
  (id: string, head: Partial<InboundEffect>, lines: Readonly<Record<string, Partial<InboundLineEffect>>> = {}): Check =>
  (scene) => {
    const { byLine, ...rest } = told(scene, id);
    expect(rest).toMatchObject(head);
    for (const [line, wanted] of Object.entries(lines)) expect(byLine.get(line)).toMatchObject(wanted);
  };

/** Driven through a door while every tag is read, as no real air would have it. */
const driven = (goods: Goods, direction: 'in' | 'out', door = 1): Step =>
  observed(
    (at) =>
      crossing(goods.epcs, direction, at + 6000, `door-${door}`).map(({ epc, rssiDbm, antenna, at: seenAt }) => ({
        read: { reader: `door-${door}`, antenna: antenna!, epc, rssiDbm, seenAt },
        arrivesAt: seenAt,
      })),
    20_000,
  );

/** A person says of every passage what it was. */
const decided = (outcome: 'in' | 'turned_back'): Step =>
  saidOf(({ ledger }) => [...ledger.passages.keys()].map((passage) => ({ kind: 'decide', passage, outcome })));

describe('a notice of a hundred', () => {
  const goods = pallet('N', { tags: 100 });
  const through = { name: 'N', epcs: goods.epcs.slice(0, 97) };
  const byHand = { name: 'one more', epcs: goods.epcs.slice(97, 98) };

  it('is received as far as it was read: 97 by the door, one by hand, never a hundred; the rest stays open', () => {
    const story = givenReceiving()
      .when(announced('ASN-1', [listed(goods)], { door: 'DOOR-1' }), driven(through, 'in'))
      .then(
        moved(through, ['receive world → DOCK-1']),
        stock(through, 'DOCK-1', { status: 'receiving' }),
        inbound('ASN-1', { state: 'receiving', quantity: 100, received: 97, receipts: 1 }, { 1: { received: 97 } }),
        discrepancies(),
      );
    expect(told(story.scene, 'ASN-1').receipt).toMatchObject({ door: 'DOOR-1', by: undefined });
    story
      .when(heard(byHand, 'hand-1/1'))
      .then(inbound('ASN-1', { received: 98 }), stock(byHand, 'DOCK-1', { status: 'receiving' }))
      .when(
        ...through.epcs.slice(0, 2).map((epc) => said({ kind: 'hold', epc, status: 'damaged', reason: 'wet carton' })),
      )
      .then(inbound('ASN-1', { received: 98 }, { 1: { received: 98, damaged: 2 } }))
      .when(closed('ASN-1', 'closed'))
      .then(
        inbound('ASN-1', { state: 'partial', received: 98, receipt: undefined }),
        discrepancies('short'),
        balance(gtinOf(1), 'DOCK-1', 96, { status: 'receiving' }),
        balance(gtinOf(1), 'DOCK-1', 2, { status: 'damaged' }),
      );
    expect(story.scene.outcomeOf('closed')).toMatchObject({
      status: 'done',
      detail: { short: 2, over: 0, unexpected: 0 },
    });
    sameAgain(story.scene);
    // The two come with another truck: nothing is short any more.
    story
      .when(driven({ name: 'rest', epcs: goods.epcs.slice(98) }, 'in', 2), closed('ASN-1'))
      .then(inbound('ASN-1', { state: 'received', received: 100, receipts: 2 }), discrepancies());
  });
});

describe('what comes', () => {
  it('and is on no document is blocked; when its notice arrives it is found, counted and released', () => {
    const goods = pallet('L', { tags: 4 });
    const story = givenReceiving()
      .when(driven(goods, 'in'))
      .then(stock(goods, 'DOCK-1', { status: 'blocked' }), discrepancies('unexpected'));
    story
      .when(announced('LATE', [listed(goods)]))
      .then(
        stock(goods, 'DOCK-1', { status: 'receiving' }),
        discrepancies(),
        inbound('LATE', { state: 'receiving', received: 4 }, { 1: { received: 4 } }),
      );
    sameAgain(story.scene);
  });

  it('with a logistic unit is found by a notice of that unit that arrives after it, and nothing else is', () => {
    const [on, beside] = [pallet('ON', { tags: 3 }), pallet('BESIDE', { tags: 3 })];
    const unit = { name: 'unit', epcs: [...on.epcs, palletEpc(9)] };
    const story = givenReceiving()
      .when(driven(beside, 'in', 2), waited(HOUR_MS), driven(unit, 'in'))
      .then(discrepancies('unexpected'))
      .when(announced('UNIT', [{ line: '1', sku: gtinOf(1), quantity: 3, sscc: [SSCC_9] }]))
      .then(
        inbound('UNIT', { state: 'receiving', received: 3 }),
        stock(on, 'DOCK-1', { status: 'receiving' }),
        stock(beside, 'DOCK-2', { status: 'blocked' }),
      );
    sameAgain(story.scene);
  });

  it('before a notice by quantity is taken for it as far as it waits, and not where its list names others', () => {
    const goods = pallet('Q', { tags: 5 });
    givenReceiving()
      .when(
        driven(goods, 'in'),
        announced('LISTS-OTHERS', [{ line: '1', epcs: [itemEpc(1, 88)] }]),
        announced('THREE', [{ line: '1', sku: gtinOf(1), quantity: 3 }], { expectedFrom: '2026-01-05T06:00:00Z' }),
      )
      .then(
        inbound('LISTS-OTHERS', { state: 'expected', received: 0 }),
        inbound('THREE', { state: 'receiving', received: 3 }),
        balance(gtinOf(1), 'DOCK-1', 3, { status: 'receiving' }),
        balance(gtinOf(1), 'DOCK-1', 2, { status: 'blocked' }),
      );
  });

  it('is not taken afterwards for its SKU alone when it has gone, came before it was expected, or more than a day ago', () => {
    const goods = pallet('M', { tags: 2 });
    const line = { line: '1', sku: gtinOf(1), quantity: 2 };
    const untouched = inbound('AFTER', { state: 'expected', received: 0 });
    const story = () => givenReceiving().when(driven(goods, 'in'));
    story()
      .when(driven(goods, 'out'), announced('AFTER', [line]))
      .then(untouched);
    story()
      .when(announced('AFTER', [line], { expectedFrom: '2026-01-05T10:00:00Z' }))
      .then(untouched);
    story()
      .when(waited(25 * HOUR_MS), announced('AFTER', [line]))
      .then(untouched);
    story()
      .when(waited(25 * HOUR_MS), announced('AFTER', [{ line: '1', epcs: [...goods.epcs] }]))
      .then(inbound('AFTER', { received: 2 }));
    story()
      .when(announced('SOON', [line], { expectedFrom: '2026-01-05T10:00:00Z' }), announced('AFTER', [line]))
      .then(inbound('AFTER', { received: 2 }), inbound('SOON', { received: 0 }));
  });

  it('late is judged by what was expected when it was first told, also after the document is done with', () => {
    const goods = pallet('D', { tags: 3 });
    const story = givenReceiving()
      .when(announced('DONE', [listed(goods)]), driven(goods, 'in'), closed('DONE'))
      .then(inbound('DONE', { state: 'received' }));
    const posted = story.scene.ledger.transactions.length;
    // What was so before they came is said only now: their coming is undone and posted anew.
    const sooner = formatTime(MORNING);
    story
      .when(...goods.epcs.map((epc) => said({ kind: 'identify', epc, sku: gtinOf(1), lot: 'L1', at: sooner })))
      .then(
        stock(goods, 'DOCK-1', { status: 'receiving' }),
        balance(gtinOf(1), 'DOCK-1', 3, { lot: 'L1' }),
        inbound('DONE', { state: 'received', received: 3, receipts: 1 }),
        discrepancies(),
      );
    expect(story.scene.ledger.transactions).toHaveLength(posted + 2 * goods.epcs.length);
    sameAgain(story.scene);
  });

  it('and is judged anew when its document is closed stays of that, and opens no receipt', () => {
    const goods = pallet('J', { tags: 3 });
    const line = { line: '1', sku: gtinOf(1) };
    const story = givenReceiving()
      .when(
        announced('FIRST', [{ ...line, quantity: 3 }]),
        driven(goods, 'in'),
        closed('FIRST'),
        announced('NEXT', [{ ...line, quantity: 3 }], { expectedFrom: '2026-01-05T06:00:00Z' }),
        decided('turned_back'),
      )
      .then(inbound('FIRST', { state: 'partial', received: 0 }), nothingMoved(goods));
    story
      .when(decided('in'))
      .then(
        inbound('FIRST', { state: 'received', received: 3, receipts: 1 }),
        inbound('NEXT', { state: 'expected', received: 0 }),
        stock(goods, 'DOCK-1', { status: 'receiving' }),
        discrepancies(),
      );
    sameAgain(story.scene);
  });

  it('and did not after all leaves no receipt open that it opened; when it did, it does', () => {
    const goods = pallet('K', { tags: 3 });
    givenReceiving()
      .when(announced('OPENED', [{ line: '1', sku: gtinOf(1), quantity: 4 }]), driven(goods, 'in'))
      .when(decided('turned_back'))
      .then(inbound('OPENED', { state: 'expected', received: 0, receipts: 0 }))
      .when(decided('in'))
      .then(inbound('OPENED', { state: 'receiving', received: 3, receipts: 1 }));
  });

  it('too much is counted and told as over, within the tolerance it is not', () => {
    const goods = pallet('O', { tags: 11 });
    const over = (tolerance: number, ...kinds: string[]) =>
      givenReceiving()
        .when(
          announced('OVER', [{ line: '1', sku: gtinOf(1), quantity: 10 }], { tolerance }),
          driven(goods, 'in'),
          closed('OVER'),
        )
        .then(inbound('OVER', { state: 'received', received: 11 }), discrepancies(...kinds));
    over(0, 'over');
    over(0.1);
  });

  it('short is settled when as much came as the tolerance asks for', () => {
    const goods = pallet('FF', { tags: 9 });
    const part = (from: number, to: number) => driven({ name: 'part', epcs: goods.epcs.slice(from, to) }, 'in');
    givenReceiving()
      .when(
        announced('NEARLY', [{ line: '1', sku: gtinOf(1), quantity: 10 }], { tolerance: 0.1 }),
        part(0, 5),
        closed('NEARLY'),
      )
      .then(inbound('NEARLY', { state: 'partial' }), discrepancies('short'))
      .when(part(5, 9), closed('NEARLY'))
      .then(inbound('NEARLY', { state: 'received', received: 9 }), discrepancies());
  });

  it('too much is told once, and settled when it is taken back', () => {
    const goods = pallet('GG', { tags: 4 });
    const line = { line: '1', sku: gtinOf(1), quantity: 3 };
    const other = { line: '2', sku: gtinOf(3), quantity: 5 };
    const byHand = said({ kind: 'receive', inbound: 'MORE', location: 'DOCK-1', sku: gtinOf(3), quantity: 5 });
    const story = givenReceiving()
      .when(announced('MORE', [line, other]), driven(goods, 'in'), closed('MORE'))
      .then(discrepancies('over', 'short'))
      .when(byHand, closed('MORE'))
      .then(discrepancies('over'));
    expect([...story.scene.ledger.discrepancies.values()].filter(({ kind }) => kind === 'over')).toHaveLength(1);
    story.when(decided('turned_back')).then(discrepancies());
    sameAgain(story.scene);
  });

  it('beside what is on the truck is noted while it is there', () => {
    const [goods, other] = [pallet('T', { tags: 3 }), pallet('U', { tags: 2, product: 2 })];
    const story = givenReceiving().when(
      announced('ASN-2', [listed(goods)]),
      said({ kind: 'open-receipt', inbound: 'ASN-2', door: 'DOOR-1' }),
      driven({ name: 'both', epcs: [...goods.epcs, ...other.epcs] }, 'in'),
    );
    expect(told(story.scene, 'ASN-2').noted.map(({ why, epc }) => [why, epc])).toEqual(
      other.epcs.map((epc) => ['unexpected', epc]),
    );
    story.then(inbound('ASN-2', { received: 3 }), stock(other, 'DOCK-1', { status: 'blocked' }));
  });

  it('and is of another supplier than the truck at the door is told at once', () => {
    const [ours, theirs] = [pallet('V', { tags: 2 }), pallet('W', { tags: 2, product: 2 })];
    const story = givenReceiving()
      .when(
        announced('A-1', [listed(ours)]),
        announced('B-1', [listed(theirs)], { supplier: 'BETA' }),
        said({ kind: 'open-receipt', inbound: 'A-1', door: 'DOOR-1' }),
        driven({ name: 'both', epcs: [...ours.epcs, ...theirs.epcs] }, 'in'),
      )
      .then(discrepancies('wrong-supplier'), inbound('B-1', { received: 2 }));
    expect(told(story.scene, 'A-1').noted).toMatchObject(
      theirs.epcs.map(() => ({ why: 'wrong-supplier', inbound: 'B-1' })),
    );
  });

  it('with no tags is received by command and by scan, with lot and expiry', () => {
    const gtin = gtinOf(3);
    givenReceiving()
      .when(
        announced('PLAIN', [{ line: '1', sku: gtin, quantity: 50 }]),
        said({ kind: 'receive', inbound: 'PLAIN', sku: gtin, quantity: 20, location: 'DOCK-1', lot: 'L1' }),
        scanned('hand-1', `]C101${gtin}1727063010L2\u001d3012`),
        said({
          kind: 'receive',
          inbound: 'PLAIN',
          sku: gtin,
          quantity: 3,
          location: 'DOCK-1',
          status: 'damaged',
          reason: 'torn',
        }),
      )
      .then(
        inbound(
          'PLAIN',
          { state: 'receiving', received: 35 },
          {
            1: {
              received: 35,
              damaged: 3,
              batches: [
                { lot: 'L1', expiry: null, quantity: 20 },
                { lot: 'L2', expiry: '2027-06-30', quantity: 12 },
              ],
            },
          },
        ),
        balance(gtin, 'DOCK-1', 12, { lot: 'L2', status: 'receiving' }),
        balance(gtin, 'DOCK-1', 3, { status: 'damaged' }),
        discrepancies(),
      );
  });

  it('is counted once when its code is scanned and its tags are read after that', () => {
    const goods = pallet('B', { tags: 3, product: 4 });
    const story = givenReceiving()
      .when(
        announced('BOTH', [{ line: '1', sku: gtinOf(4), quantity: 10 }]),
        scanned('hand-1', `]C101${gtinOf(4)}304`),
        said({ kind: 'receive', inbound: 'BOTH', location: 'DOCK-1', epcs: goods.epcs.slice(0, 1) }),
        driven({ name: 'by the door', epcs: goods.epcs.slice(1) }, 'in'),
      )
      .then(inbound('BOTH', { received: 4 }), balance(gtinOf(4), 'DOCK-1', 4), discrepancies());
    story
      .when(decided('turned_back'))
      .then(inbound('BOTH', { received: 4 }), balance(gtinOf(4), 'DOCK-1', 4))
      .when(decided('in'))
      .then(inbound('BOTH', { received: 4 }), balance(gtinOf(4), 'DOCK-1', 4), discrepancies());
    sameAgain(story.scene);
  });

  it('and is of several documents alike is counted once too', () => {
    const goods = pallet('C', { tags: 3, product: 4 });
    const line = { line: '1', sku: gtinOf(4), quantity: 5 };
    const story = givenReceiving()
      .when(announced('ONE', [line]), announced('TWO', [line]), scanned('hand-1', `]C101${gtinOf(4)}303`))
      .then(discrepancies('order-undecided'))
      .when(said({ kind: 'receive', inbound: 'TWO', location: 'DOCK-1', epcs: [...goods.epcs] }))
      .then(inbound('TWO', { received: 3 }), balance(gtinOf(4), 'DOCK-1', 3), discrepancies());
    sameAgain(story.scene);
  });

  it('and was left undecided is of the document that a person says, and counted once', () => {
    const line = { line: '1', sku: gtinOf(3), quantity: 9 };
    const story = givenReceiving()
      .when(announced('ONE', [line]), announced('TWO', [line]), scanned('hand-1', `]C101${gtinOf(3)}303`))
      .then(discrepancies('order-undecided'))
      .when(said({ kind: 'receive', inbound: 'TWO', location: 'DOCK-1', sku: gtinOf(3), quantity: 5 }))
      .then(inbound('TWO', { received: 5 }), balance(gtinOf(3), 'DOCK-1', 5), discrepancies());
    sameAgain(story.scene);
  });

  it('is a listed item when the code on it is scanned, though its tag was never read', () => {
    const goods = { name: 'S', epcs: [itemEpc(1, 77)] };
    givenReceiving()
      .when(announced('SCAN', [listed(goods)]), scanned('hand-1', `]C101${gtinOf(1)}2177`))
      .then(moved(goods, ['receive world → DOCK-1']), inbound('SCAN', { received: 1 }), discrepancies());
  });

  it('is of several listed tags that are called the same always the same one', () => {
    const [low, high] = [itemEpc(1, 78), itemEpc(1, 78, 3)].sort() as [string, string];
    const one = (id: string, epc: string) => announced(id, [{ line: '1', epcs: [epc] }]);
    for (const order of [
      [one('LOW', low), one('HIGH', high)],
      [one('HIGH', high), one('LOW', low)],
      [one('HIGH', high), one('LOW', low), said({ kind: 'cancel-inbound', inbound: 'HIGH' })],
    ]) {
      const story = givenReceiving()
        .when(...order, scanned('hand-1', `]C101${gtinOf(1)}2178`))
        .then(inbound('LOW', { received: 1 }), inbound('HIGH', { received: 0 }));
      sameAgain(story.scene);
    }
  });

  it('never counts unread: a unit that is read alone brings nothing of what it should hold', () => {
    const [goods, unit] = [pallet('P', { tags: 5 }), { name: 'unit', epcs: [palletEpc(9)] }];
    givenReceiving()
      .when(announced('UNIT', [{ ...listed(goods), sscc: [SSCC_9] }]), driven(unit, 'in'), closed('UNIT'))
      .then(inbound('UNIT', { received: 0 }))
      .then(nothingMoved(goods));
  });
});

describe('tags that a person receives for a document', () => {
  const goods = pallet('EE', { tags: 2 });
  const line = { line: '1', sku: gtinOf(1), quantity: 4 };
  const announcedSoon = announced('HAND', [line], { expectedFrom: '2027-01-05T06:00:00Z' });
  const receivedBy = (id: string, more: Partial<Extract<Command, { kind: 'receive' }>> = {}) =>
    said({ kind: 'receive', inbound: id, location: 'DOCK-1', epcs: [...goods.epcs], ...more }, `for ${id}`);

  it('get the status that is said, also when it is the usual one', () => {
    givenReceiving()
      .when(
        driven(goods, 'in'),
        ...goods.epcs.map((epc) => said({ kind: 'hold', epc, status: 'damaged', reason: 'wet' })),
        announcedSoon,
        receivedBy('HAND', { status: 'receiving' }),
      )
      .then(inbound('HAND', { received: 2 }), stock(goods, 'DOCK-1', { status: 'receiving' }));
  });

  it('stay where they were put away meanwhile, and are free there', () => {
    const story = givenReceiving()
      .when(driven(goods, 'in'), heard(goods, 'over-a/1'), announcedSoon)
      .then(stock(goods, 'A', { status: 'blocked' }))
      .when(receivedBy('HAND'))
      .then(inbound('HAND', { received: 2 }), stock(goods, 'A', { status: 'available' }), discrepancies());
    sameAgain(story.scene);
  });

  it('are counted when they come back, and when they came back before', () => {
    const shippedLongAgo = () => givenReceiving(booked(goods, 'OUT'), driven(goods, 'out'), waited(25 * HOUR_MS));
    shippedLongAgo()
      .when(announcedSoon, receivedBy('HAND'))
      .then(moved(goods, ['receive world → OUT', 'ship DOCK-1 → world', 'return world → DOCK-1']))
      .then(inbound('HAND', { received: 2 }));
    shippedLongAgo()
      .when(driven(goods, 'in'), announcedSoon, receivedBy('HAND'))
      .then(inbound('HAND', { received: 2 }));
  });

  it('and that are of another document already are not counted twice, which is told', () => {
    const story = givenReceiving()
      .when(announced('FIRST', [line]), driven(goods, 'in'), announcedSoon, receivedBy('HAND'))
      .then(inbound('FIRST', { received: 2 }), inbound('HAND', { received: 0 }));
    expect(story.scene.outcomeOf('for HAND')).toMatchObject({ detail: { tags: 2, counted: 0 } });
  });
});

describe('of several documents', () => {
  const expected = (hour: number) => ({ expectedFrom: `2026-01-05T${hour}:00:00Z` });
  const plain = (quantity: number, more: Partial<InboundLine> = {}): InboundLine => ({
    line: '1',
    sku: gtinOf(1),
    quantity,
    ...more,
  });

  it('the one expected earliest gets what only its SKU names; a listed tag goes where it is listed', () => {
    const goods = pallet('E', { tags: 4 });
    givenReceiving()
      .when(
        announced('LATER', [plain(9)], expected(12)),
        announced('SOON', [plain(9)], expected(10)),
        announced('LISTED', [{ line: '1', epcs: [goods.epcs[0]!] }], expected(14)),
        driven(goods, 'in'),
      )
      .then(inbound('SOON', { received: 3 }), inbound('LISTED', { received: 1 }), inbound('LATER', { received: 0 }));
  });

  it('the one whose unit it came with gets it', () => {
    const goods = pallet('X', { tags: 3 });
    givenReceiving()
      .when(
        announced('SOON', [plain(9)], expected(10)),
        announced('ON-UNIT', [plain(3, { sscc: [SSCC_9] })], expected(12)),
        driven({ name: 'all', epcs: [...goods.epcs, palletEpc(9)] }, 'in'),
      )
      .then(inbound('ON-UNIT', { received: 3 }), inbound('SOON', { received: 0 }));
  });

  it('one whose list names everything takes nothing else, neither by unit nor by lot', () => {
    const [goods, others] = [pallet('AA', { tags: 2 }), pallet('BB', { tags: 2 })];
    const full = { ...listed(goods), sscc: [SSCC_9], lot: 'L1' };
    givenReceiving()
      .when(
        ...others.epcs.map((epc) => said({ kind: 'identify', epc, sku: gtinOf(1), lot: 'L1' })),
        announced('FULL', [full]),
        driven({ name: 'all', epcs: [...others.epcs, palletEpc(9)] }, 'in'),
      )
      .then(inbound('FULL', { received: 0 }), stock(others, 'DOCK-1', { status: 'blocked' }));
  });

  it('a lot of a SKU without tags goes where that lot is expected', () => {
    givenReceiving()
      .when(
        announced('OF-L1', [plain(5, { sku: 'NAILS', lot: 'L1' })]),
        said({ kind: 'move', sku: 'NAILS', quantity: 2, from: 'world', to: 'DOCK-1', lot: 'L2' }),
        said({ kind: 'move', sku: 'NAILS', quantity: 3, from: 'world', to: 'DOCK-1', lot: 'L1' }),
      )
      .then(
        inbound('OF-L1', { received: 3 }),
        balance('NAILS', 'DOCK-1', 2, { lot: 'L2', status: 'blocked' }),
        balance('NAILS', 'DOCK-1', 3, { lot: 'L1', status: 'receiving' }),
      );
  });

  it('alike nobody guesses: it is received, the document left undecided until a person says which', () => {
    const goods = pallet('Y', { tags: 2 });
    const story = givenReceiving()
      .when(announced('ONE', [plain(5)]), announced('TWO', [plain(5)]), driven(goods, 'in'))
      .then(
        stock(goods, 'DOCK-1', { status: 'receiving' }),
        inbound('ONE', { received: 0 }),
        inbound('TWO', { received: 0 }),
        discrepancies('order-undecided'),
      );
    story
      .when(said({ kind: 'receive', inbound: 'TWO', location: 'DOCK-1', epcs: [...goods.epcs] }, 'for two'))
      .then(
        answered('for two', 'done'),
        inbound('TWO', { received: 2 }),
        discrepancies(),
        moved(goods, ['receive world → DOCK-1']),
      );
  });

  it('an order is served by the notices that name it, many to many', () => {
    const [first, second] = [pallet('F', { tags: 3 }), pallet('G', { tags: 2 })];
    givenReceiving()
      .when(
        announced('PO-1', [plain(5)], { document: 'order' }),
        announced('ASN-A', [{ ...listed(first), order: { inbound: 'PO-1' } }]),
        driven(first, 'in'),
        announced('ASN-B', [{ ...listed(second), order: { inbound: 'PO-1', line: '1' } }]),
      )
      .then(inbound('PO-1', { state: 'partial', received: 3 }))
      .when(driven(second, 'in'))
      .then(inbound('PO-1', { state: 'received', received: 5 }), inbound('ASN-B', { received: 2 }), discrepancies());
  });
});

describe('a notice that served an order', () => {
  const goods = pallet('H', { tags: 3 });
  const line = { line: '1', sku: gtinOf(1), quantity: 3 };
  const served = (order: string) => [{ ...listed(goods), order: { inbound: order } }];

  it('and is amended counts for the order that it names now, and for no other', () => {
    const story = givenReceiving()
      .when(
        announced('PO-1', [line], { document: 'order' }),
        announced('PO-2', [line], { document: 'order' }),
        announced('ASN', served('PO-1')),
        driven(goods, 'in'),
        closed('ASN'),
      )
      .then(inbound('PO-1', { state: 'received', received: 3 }), inbound('PO-2', { received: 0 }))
      .when(amended('ASN', served('PO-2'), 'to another'))
      .then(
        inbound('PO-1', { state: 'expected', received: 0 }, { 1: { received: 0 } }),
        inbound('PO-2', { state: 'received', received: 3 }),
      );
    sameAgain(story.scene);
  });

  it('counts once when a line is put before the one it served', () => {
    givenReceiving()
      .when(
        announced('PO-1', [line], { document: 'order' }),
        announced('ASN', served('PO-1')),
        driven(goods, 'in'),
        said({
          kind: 'amend',
          inbound: 'PO-1',
          document: 'order',
          supplier: 'ACME',
          lines: [{ ...line, line: '0' }, line],
        }),
      )
      .then(inbound('PO-1', { received: 3 }));
  });
});

describe('a document', () => {
  const goods = pallet('A', { tags: 3 });
  const line = { line: '1', sku: gtinOf(1), quantity: 3 };

  it('is amended, with what came kept; a line that something came for stays', () => {
    givenReceiving()
      .when(
        announced('DOC', [line]),
        driven(goods, 'in'),
        amended('DOC', [{ line: '2', sku: 'OTHER', quantity: 1 }], 'without'),
        amended(
          'DOC',
          [
            { ...line, quantity: 8 },
            { line: '2', sku: 'OTHER', quantity: 1 },
          ],
          'more',
        ),
      )
      .then(
        answered('without', 'line-received'),
        answered('more', 'done'),
        inbound('DOC', { revision: 2, received: 3, quantity: 9 }, { 1: { received: 3, quantity: 8 } }),
      );
  });

  it('is amended, and what its lists name by now is listed', () => {
    const [known, other] = [goods.epcs.slice(0, 2), goods.epcs.slice(2)];
    const listing = (epcs: readonly string[]) => [{ ...line, quantity: 5, epcs: [...epcs] }];
    givenReceiving()
      .when(announced('DOC', listing(known)), driven(goods, 'in'))
      .then(inbound('DOC', {}, { 1: { received: 3, unlisted: 1 } }))
      .when(amended('DOC', listing([...known, ...other]), 'all'))
      .then(inbound('DOC', {}, { 1: { received: 3, unlisted: 0 } }))
      .when(amended('DOC', listing(other), 'others'))
      .then(inbound('DOC', {}, { 1: { received: 3, unlisted: 2 } }));
  });

  it('has its receipt at the door where its goods came, whatever was expected', () => {
    const story = givenReceiving().when(
      announced('DOC', [line], { door: 'DOOR-1' }),
      driven(goods, 'in', 2),
      said({ kind: 'open-receipt', inbound: 'DOC' }),
    );
    expect(told(story.scene, 'DOC').receipt).toMatchObject({ door: 'DOOR-2', by: 'op-1' });
  });

  it('is cancelled: what comes then is unexpected', () => {
    givenReceiving()
      .when(announced('GONE', [line]), said({ kind: 'cancel-inbound', inbound: 'GONE' }), driven(goods, 'in'))
      .then(
        inbound('GONE', { state: 'cancelled' }),
        stock(goods, 'DOCK-1', { status: 'blocked' }),
        discrepancies('unexpected'),
      );
  });

  it('is refused when it makes no sense', () => {
    const refused = (lines: InboundLine[], code: string, more = {}) =>
      givenReceiving()
        .when(announced('BAD', lines, more, 'asked'))
        .then(answered('asked', code));
    refused([{ line: '1' }], 'bad-lines');
    refused([{ line: '1', sku: 'X' }], 'bad-lines');
    refused([line, line], 'bad-lines');
    refused([listed(goods), listed(goods, '2')], 'bad-lines');
    refused([{ ...line, quantity: 0.000_01 }], 'bad-quantity');
    refused([{ ...line, order: { inbound: 'BAD' } }], 'bad-lines', { document: 'order' });
    refused([{ ...line, expiry: '2027-02-30' }], 'bad-day');
    refused([{ ...line, expiry: '0000-01-01' }], 'bad-day');
    refused([line], 'unknown-door', { door: 'DOCK-1' });
    refused([line], 'bad-time', { expectedFrom: 'tomorrow, about noon' });
    const one = { sku: line.sku, quantity: 1 };
    givenReceiving()
      .when(
        announced('BAD', [line]),
        announced('BAD', [line], {}, 'again'),
        closed('BAD', 'closed'),
        closed('NONE', 'none'),
        said({ kind: 'receive', inbound: 'BAD', location: 'NOWHERE', sku: line.sku, quantity: 1 }, 'where'),
        said({ kind: 'receive', inbound: 'BAD', location: 'DOCK-1', sku: 'X', quantity: 1 }, 'what'),
        said({ kind: 'receive', inbound: 'BAD', location: 'DOCK-1', ...one, expiry: '2027-02-30' }, 'until'),
        said({ kind: 'receive', inbound: 'BAD', location: 'DOCK-1', epcs: [strangeEpc(1)] }, 'strange'),
        said(
          { kind: 'receive', inbound: 'BAD', location: 'DOCK-1', sku: line.sku, quantity: 1, status: 'damaged' },
          'why',
        ),
      )
      .then(
        answered('again', 'inbound-exists'),
        answered('closed', 'no-receipt'),
        answered('none', 'unknown-inbound'),
        answered('where', 'unknown-location'),
        answered('what', 'not-on-it'),
        answered('until', 'bad-day'),
        answered('strange', 'not-on-it'),
        answered('why', 'incomplete'),
      );
  });
});

describe('a line of units without a SKU that something came for', () => {
  const units = { line: '1', sscc: [SSCC_9] };
  const unit = { name: 'unit', epcs: [palletEpc(9)] };

  it('stays when its document is amended', () => {
    const story = givenReceiving().when(
      announced('UNITS', [units, { line: '2', sku: 'OTHER', quantity: 1 }]),
      driven(unit, 'in'),
      amended('UNITS', [{ line: '2', sku: 'OTHER', quantity: 1 }], 'without'),
      amended('UNITS', [{ ...units, epcs: [strangeEpc(1)] }], 'of items'),
      said({ kind: 'hold', epc: unit.epcs[0]!, status: 'damaged' }),
    );
    story.then(
      answered('without', 'line-received'),
      answered('of items', 'line-received'),
      inbound('UNITS', { revision: 1 }, { 1: { received: 1 } }),
    );
    sameAgain(story.scene);
  });
});

describe('a container that is on a list', () => {
  it('without SSCC is counted in, and out again when it did not come', () => {
    const totes = { name: 'totes', epcs: [toteEpc(1), toteEpc(2)] };
    const story = givenReceiving()
      .when(announced('TOTES', [listed(totes)]), driven(totes, 'in'))
      .then(inbound('TOTES', { quantity: 2, received: 2 }))
      .when(decided('turned_back'))
      .then(inbound('TOTES', { received: 0 }));
    sameAgain(story.scene);
  });
});

describe('a list of what is to cross', () => {
  it('is a prior: what went the other way is told while the truck is there, and the movement stands', () => {
    const goods = pallet('Z', { tags: 4 });
    givenReceiving()
      .when(announced('IN-1', [listed(goods)]), driven(goods, 'out'))
      .then(discrepancies('wrong-way'), stock(goods, 'customer'), inbound('IN-1', { received: 0 }));
  });

  it('holds until it is withdrawn', () => {
    const goods = pallet('JJ', { tags: 4 });
    const list = (epcs: readonly string[]) => said({ kind: 'expect', list: 'L-1', direction: 'in', epcs: [...epcs] });
    givenReceiving().when(list(goods.epcs), driven(goods, 'out')).then(discrepancies('wrong-way'));
    givenReceiving().when(list(goods.epcs), list([]), driven(goods, 'out')).then(discrepancies());
  });

  it('that went out as expected may come in again', () => {
    const goods = pallet('HH', { tags: 4 });
    givenReceiving(booked(goods, 'OUT'))
      .when(
        said({ kind: 'expect', list: 'LOAD-2', direction: 'out', epcs: [...goods.epcs] }),
        driven(goods, 'out'),
        driven(goods, 'in'),
      )
      .then(stock(goods, 'DOCK-1'), discrepancies('unexpected'));
  });

  it('that came as expected and went again, all told at once after an outage, went no wrong way', () => {
    const goods = pallet('II', { tags: 4 });
    const outage = 120_000;
    const late = (direction: 'in' | 'out', afterMs: number) =>
      observed((at) =>
        crossing(goods.epcs, direction, at + afterMs, 'door-1').map(({ epc, rssiDbm, antenna, at: seenAt }) => ({
          read: { reader: 'door-1', antenna: antenna!, epc, rssiDbm, seenAt },
          arrivesAt: at + outage,
        })),
      );
    givenReceiving()
      .when(announced('IN-3', [listed(goods)]), together(late('in', 10_000), late('out', 60_000)), waited(2 * outage))
      .then(moved(goods, ['receive world → DOCK-1', 'ship DOCK-1 → world']), discrepancies());
  });

  it('that came as expected may go out again', () => {
    const goods = pallet('R', { tags: 4 });
    givenReceiving()
      .when(announced('IN-2', [listed(goods)]), driven(goods, 'in'), driven(goods, 'out'))
      .then(discrepancies(), inbound('IN-2', { received: 4 }));
  });
});
