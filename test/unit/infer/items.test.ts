// An item at rest is the same item in fewer bytes: nothing of it is lost, and who has something to say of it has the one that is known.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, ItemState } from '../../../src/infer/item.ts';
import { NEVER_SEEN } from '../../../src/infer/item.ts';
import { openItems } from '../../../src/infer/items.ts';
import { openWords, pack, unpack } from '../../../src/infer/packed.ts';
import { contentId } from '../../../src/kit/ids.ts';
import { itemEpc, MORNING } from '../../support/storiesSite.ts';

const epc = itemEpc(1, 1);
const time = fc.oneof(
  fc.constant(MORNING),
  fc.integer({ min: 0, max: 1e9 }).map((micros) => MORNING + micros / 1000),
);
const word = fc.oneof(fc.constantFrom('', 'A', 'DOOR-1', 'available'), fc.string());
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const state: fc.Arbitrary<ItemState> = fc
  .record({
    location: word,
    inBooks: fc.boolean(),
    sku: maybe(word),
    lot: word,
    owner: word,
    container: word,
    packedIn: word,
    status: word,
    since: time,
    confidence: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1 })),
    shipped: maybe(
      fc.record({ at: time, status: word, load: word }, { requiredKeys: ['at', 'status'], noNullPrototype: true }),
    ),
    isPicked: fc.boolean(),
    carriedUntil: maybe(time),
    lastMove: maybe(fc.record({ at: time, to: word, readPoint: maybe(word) }, { noNullPrototype: true })),
    transaction: fc.oneof(
      fc.constant(undefined),
      fc.nat().map((n) => contentId('transaction', n)),
      word,
    ),
  })
  .map(({ carriedUntil, ...rest }) => ({ ...rest, ...(carriedUntil === undefined ? {} : { carriedUntil }) }));

const settled: fc.Arbitrary<Item> = fc
  .record({
    state,
    kind: fc.constantFrom('item' as const, 'container' as const, 'unknown' as const),
    settledTo: fc.oneof(time, fc.constant(Number.NEGATIVE_INFINITY)),
    heldTo: maybe(time),
    seenAt: fc.oneof(time, fc.constant(0)),
    seenBy: maybe(word),
  })
  .map(({ state: become, heldTo, ...rest }) => ({
    epc,
    base: become,
    state: become,
    claims: [],
    results: [],
    undone: undefined,
    ...(heldTo === undefined ? {} : { heldTo }),
    ...rest,
  }));

describe('an item that is packed', () => {
  it('is unpacked as it was, to the bit', () => {
    const words = openWords();
    fc.assert(
      fc.property(settled, (item) => {
        const again = unpack(words, epc, pack(words, item));
        expect(again).toStrictEqual(item);
        expect(again.base).toBe(again.state);
      }),
    );
  });

  it('takes some fifty bytes when it has come, been put away and gone', () => {
    const at = MORNING + 0.123;
    const gone: ItemState = {
      ...NEVER_SEEN,
      location: 'customer',
      inBooks: true,
      sku: 'SKU-1',
      status: 'available',
      since: at,
      confidence: 0.997,
      shipped: { at, status: 'available' },
      lastMove: { at, to: 'world', readPoint: 'DOOR-1' },
      transaction: contentId('transaction', 1),
    };
    const packed = pack(openWords(), made(gone));
    expect(packed.length).toBeLessThan(56);
    expect(Buffer.from(packed, 'latin1').toString('latin1')).toBe(packed);
  });
});

const made = (become: ItemState, of = epc): Item => ({
  epc: of,
  kind: 'item',
  base: become,
  settledTo: become.since,
  claims: [],
  results: [],
  state: become,
  undone: undefined,
  seenAt: become.since,
  seenBy: 'DOOR-1',
});
const at = (location: string): ItemState => ({ ...NEVER_SEEN, location, inBooks: true });

describe('items of a site', () => {
  it('are written to only by who holds them', () => {
    const items = openItems();
    items.add(made(at('A')));
    items.restHeld();
    const read = items.get(epc) as Item;
    expect(() => (read.seenBy = 'DOOR-2')).toThrow(TypeError);
    const held = items.hold(epc)!;
    held.seenBy = 'DOOR-2';
    expect(items.get(epc)).toBe(held);
    items.restHeld();
    expect(items.get(epc)).toStrictEqual(held);
    expect(items.isAwake(held)).toBe(false);
  });

  it('do not rest while something is open of them', () => {
    const items = openItems();
    const undone = { ...made(at('A')), undone: new Map([['key', 1]]) };
    items.add(undone);
    items.restHeld();
    expect(items.get(epc)).toBe(undone);
    undone.undone = undefined as never;
    items.rest(undone);
    expect(items.isAwake(undone)).toBe(false);
  });

  it('never take one that woke since for the one that it was', () => {
    const items = openItems();
    const before = made(at('A'));
    items.add(before);
    items.restHeld();
    const woken = items.hold(epc)!;
    items.rest(before);
    expect(items.get(epc)).toBe(woken);
  });

  it('are told in the order in which they came, those at rest only where they are asked for', () => {
    const items = openItems();
    const places = ['A', 'B', 'A', 'B'];
    for (const [index, place] of places.entries()) items.add(made(at(place), itemEpc(1, index)));
    items.restHeld();
    items.hold(itemEpc(1, 1));
    const told = (isAsked?: (location: string) => boolean) => [...items.values(isAsked)].map((one) => one.epc);
    expect(told()).toEqual([0, 1, 2, 3].map((serial) => itemEpc(1, serial)));
    expect(told((location) => location === 'A')).toEqual([0, 1, 2].map((serial) => itemEpc(1, serial)));
    expect(items.size).toBe(4);
    expect([items.has(itemEpc(1, 3)), items.has(itemEpc(1, 4)), items.get(itemEpc(1, 4))]).toEqual([
      true,
      false,
      undefined,
    ]);
  });
});
