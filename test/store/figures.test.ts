// Key figures of stock, from the sums by day that posting keeps: the same as from every posting, for any period.
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Posting } from '../../src/infer/effects.ts';
import { cursorOf, postEffects } from '../../src/post/ledger.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { skuFigures } from '../../src/watch/figures/stock.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';
import { account, effectsOf, postingOf, SITE, transactionOf } from '../support/effects.ts';

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 9, 20);
const DAYS = 5;

let client: Client;
beforeAll(async () => {
  const database = await openDatabase(closeAfterFile);
  client = await openClient(database.options);
  closeAfterFile(() => client.end());
});

interface Moved {
  readonly kind: 'receive' | 'ship' | 'return' | 'adjust' | 'move' | 'unship';
  readonly sku: 'S1' | 'S2';
  readonly quantity: number;
  readonly at: number;
}

const WAYS = {
  receive: { type: 'receive', from: 'supplier', to: 'DOCK', change: 1 },
  ship: { type: 'ship', from: 'A', to: 'customer', change: -1 },
  unship: { type: 'ship', from: 'customer', to: 'A', change: 1 },
  return: { type: 'return', from: 'customer', to: 'A', change: 1 },
  adjust: { type: 'adjust', from: 'A', to: 'adjustment', change: -1 },
  move: { type: 'move', from: 'DOCK', to: 'A', change: 0 },
} as const;

/** On a boundary of a day now and then. */
const time = fc.oneof(
  fc.integer({ min: BEGIN, max: BEGIN + DAYS * DAY_MS }),
  fc.integer({ min: 0, max: DAYS }).map((day) => BEGIN + day * DAY_MS),
);
const moved: fc.Arbitrary<Moved> = fc.record({
  kind: fc.constantFrom<Moved['kind'][]>('receive', 'ship', 'return', 'adjust', 'move', 'unship'),
  sku: fc.constantFrom<Moved['sku'][]>('S1', 'S2'),
  quantity: fc.integer({ min: 1, max: 50 }).map((tenths) => tenths / 10),
  at: time,
});

/** From every movement by itself: the definition. */
function expected(all: readonly Moved[], sku: string, from: number, to: number) {
  const own = all.filter((one) => one.sku === sku);
  const changeOf = ({ kind, quantity }: Moved): number => WAYS[kind].change * quantity;
  const sum = (some: readonly Moved[], of: (one: Moved) => number): number =>
    some.reduce((total, one) => total + of(one), 0);
  const within = own.filter(({ at }) => at >= from && at < to);
  const before = sum(
    own.filter(({ at }) => at < from),
    changeOf,
  );
  const of = (kind: Moved['kind'], sign = 1): number =>
    sum(
      within.filter((one) => one.kind === kind),
      ({ quantity }) => sign * quantity,
    );
  return {
    onHandAtEnd: before + sum(within, changeOf),
    onHandMean: before + sum(within, (one) => (changeOf(one) * (to - one.at)) / (to - from)),
    received: of('receive'),
    shipped: of('ship') - of('unship'),
    returned: of('return'),
    adjusted: of('adjust', -1),
  };
}

let run = 0;
it('are those of every movement by itself, whatever the period', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moved, { minLength: 1, maxLength: 25 }), time, time, async (all, one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other) + 1000];
      const site = `${SITE}-F${++run}`;
      await cursorOf(client, site);
      const months = new Set<string>();
      for (const [index, { kind, sku, quantity, at }] of all.entries()) {
        const way = WAYS[kind];
        const posting: Posting = {
          ...postingOf({ sku, quantity, epc: undefined }),
          from: account(way.from),
          to: account(way.to),
        };
        const id = `${site} ${index}`;
        const transaction = transactionOf(id, { type: way.type, happenedAt: at, postings: [posting] });
        const effects = [effectsOf(index + 1, { transactions: [transaction] })];
        await postEffects(client, { site, from: index, to: index + 1, effects }, months);
      }
      const found = await skuFigures({ on: client, sites: [site], from, to });
      for (const sku of new Set(all.map((each) => each.sku))) {
        const figures = found.find((each) => each.sku === sku);
        const wanted = expected(all, sku, from, to);
        if (figures === undefined) {
          // Nothing is there, and nothing moved in the period or since.
          for (const value of Object.values(wanted)) expect(value).toBeCloseTo(0, 6);
          continue;
        }
        for (const [name, value] of Object.entries(wanted))
          expect([name, figures[name as keyof typeof wanted]]).toEqual([name, expect.closeTo(value, 3)]);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
