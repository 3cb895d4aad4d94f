// What a snapshot keeps of an item at rest is all of it.
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, ItemState } from '../../../src/infer/item.ts';
import { itemKept, keptItem, type KeptItem } from '../../../src/post/keptItem.ts';

const text = fc.string({ maxLength: 12 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const time = fc.integer({ min: 0, max: 2_000_000_000_000 });

/** Plain objects, as the service makes them. */
const PLAIN = { noNullPrototype: true } as const;

const state: fc.Arbitrary<ItemState> = fc
  .record(
    {
      location: text,
      inBooks: fc.boolean(),
      sku: maybe(text),
      lot: text,
      owner: text,
      container: text,
      packedIn: text,
      status: text,
      since: time,
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      shipped: maybe(
        fc.oneof(
          fc.record({ at: time, status: text }, PLAIN),
          fc.record({ at: time, status: text, load: text }, PLAIN),
        ),
      ),
      isPicked: fc.boolean(),
      lastMove: maybe(fc.record({ at: time, to: text, readPoint: maybe(text) }, PLAIN)),
      transaction: maybe(text),
      carriedUntil: maybe(time),
    },
    PLAIN,
  )
  .map(({ carriedUntil, ...rest }) => ({ ...rest, ...(carriedUntil === undefined ? {} : { carriedUntil }) }));

const resting: fc.Arbitrary<Item> = fc
  .record(
    {
      epc: text,
      kind: fc.constantFrom('item' as const, 'container' as const, 'unknown' as const),
      state,
      settledTo: time,
      heldTo: maybe(time),
      seenAt: time,
      seenBy: maybe(text),
    },
    PLAIN,
  )
  .map(({ heldTo, ...rest }) => ({
    ...rest,
    ...(heldTo === undefined ? {} : { heldTo }),
    base: rest.state,
    claims: [],
    results: [],
    undone: undefined,
  }));

const throughSnapshot = (item: Item): Item => itemKept(deserialize(serialize(keptItem(item))) as KeptItem);

describe('an item in a snapshot', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(resting, (item) => {
        const back = throughSnapshot(item);
        expect(back).toStrictEqual(item);
        expect(back.base).toBe(back.state);
      }),
    );
  });

  it('of which something is open comes back with it', () => {
    fc.assert(
      fc.property(resting, (item) => {
        const open = { ...item, undone: new Map([['a', 1]]) };
        expect(throughSnapshot(open)).toStrictEqual(open);
        const moved = { ...item, base: { ...item.state, location: `${item.state.location}-before` } };
        expect(throughSnapshot(moved)).toStrictEqual(moved);
      }),
    );
  });
});
