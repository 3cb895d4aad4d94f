// Key figures of stock, from the sums by day that posting keeps: the same as from every posting, for any period.
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Posting } from '../../src/infer/effects.ts';
import { cursorOf, postEffects } from '../../src/post/ledger.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { revalue, valueProducts } from '../../src/post/valueSkus.ts';
import { verifySums } from '../../src/post/verifySums.ts';
import { siteSupply, siteTurnover } from '../../src/watch/figures/sites.ts';
import { supplyKey, supplyOf } from '../../src/watch/figures/supply.ts';
import { skuFigures, turnoverOf, type SkuFigures, type Turnover } from '../../src/watch/figures/stock.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import { account, effectsOf, postingOf, SITE, transactionOf } from '../support/effects.ts';

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 9, 20);
const HOUR_MS = 3_600_000;
const DAYS = 5;

let client: Client;
let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
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

/** On a boundary of a day, or of an hour, now and then. */
const time = fc.oneof(
  fc.integer({ min: BEGIN, max: BEGIN + DAYS * DAY_MS }),
  fc.integer({ min: 0, max: DAYS }).map((day) => BEGIN + day * DAY_MS),
  fc.integer({ min: 0, max: 24 }).map((hour) => BEGIN + hour * HOUR_MS),
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
      await postAll(site, all);
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

async function postAll(site: string, all: readonly Moved[], from = 0): Promise<void> {
  const months = new Set<string>();
  for (const [index, { kind, sku, quantity, at }] of all.entries()) {
    const way = WAYS[kind];
    const posting: Posting = {
      ...postingOf({ sku, quantity, epc: undefined }),
      from: account(way.from, STATUS[kind] ?? 'available'),
      to: account(way.to),
    };
    const offset = from + index + 1;
    const transaction = transactionOf(`${site} ${offset}`, { type: way.type, happenedAt: at, postings: [posting] });
    const effects = [effectsOf(offset, { transactions: [transaction] })];
    await postEffects(client, { site, from: offset - 1, to: offset, effects }, months);
  }
}

/** What is moved from the dock may be graded by that. */
const STATUS: Partial<Record<Moved['kind'], string>> = { move: 'receiving' };

interface Priced {
  readonly sku: Moved['sku'];
  readonly cost: number | null;
  readonly currency: 'EUR' | 'USD';
  /** Is it counted anew at once? */
  readonly isCounted: boolean;
}
const priced: fc.Arbitrary<Priced> = fc.record({
  sku: fc.constantFrom<Moved['sku'][]>('S1', 'S2'),
  cost: fc.option(fc.constantFrom(0.35, 1, 12.5)),
  currency: fc.constantFrom<Priced['currency'][]>('EUR', 'USD'),
  isCounted: fc.boolean(),
});

async function price(site: string, { sku, cost, currency, isCounted }: Priced): Promise<void> {
  await database.owner.query(
    `insert into product (site, sku, revision, name, base_unit, packs, unit_cost, currency, tracking, expires, changed_at, journal_offset)
     values ($1, $2, 1, $2, 'EA', '[]', $3, $4, 'none', false, now(), 1)
     on conflict (site, sku) do update set unit_cost = excluded.unit_cost, currency = excluded.currency`,
    [site, sku, cost, cost === null ? null : currency],
  );
  await valueProducts(client, site, [sku]);
  if (isCounted) while (await revalue(client, site));
}

/** By currency; what comes to nothing may be left out. */
const sums = (turnover: readonly Turnover[]) =>
  ['EUR', 'USD', null].flatMap((currency) => {
    const { shipped = 0, onHandMean = 0 } = turnover.find((one) => one.currency === currency) ?? {};
    return [shipped, onHandMean];
  });

it('of a whole site are those of its SKUs together, whatever they cost and whenever that changed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 4, arbitrary: moved }, { weight: 1, arbitrary: priced }), {
        minLength: 3,
        maxLength: 25,
      }),
      time,
      time,
      async (doings, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other) + 1000];
        const site = `${SITE}-T${++run}`;
        await cursorOf(client, site);
        let offset = 0;
        for (const doing of doings) {
          if ('kind' in doing) await postAll(site, [doing], offset++);
          else await price(site, doing);
        }
        const asked = { on: client, sites: [site], from, to };
        const skus = await skuFigures(asked);
        const wanted = turnoverOf(skus, asked);
        for (const isCounted of [false, true]) {
          if (isCounted) while (await revalue(client, site));
          // SKU by SKU more is rounded on the way.
          const close = sums(wanted).map((value) => expect.closeTo(value, 1) as number);
          expect(sums((await siteTurnover(asked)).get(site)!)).toEqual(close);
          expect(await verifySums(database.owner, site)).toEqual([]);
        }
        const all = doings.filter((doing): doing is Moved => 'kind' in doing);
        expect((await siteSupply(asked)).get(site)).toMatchObject(supplyExpected(all, skus, to));
        const bySku = await supplyOf(asked, skus);
        for (const sku of skus) expect(bySku.get(supplyKey(sku))).toMatchObject(demandExpected(all, sku, to));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

/** Of those days of UTC up to `to` on which the SKU was in stock at some time, or sent to customers. */
function demandExpected(all: readonly Moved[], { sku, onHandAtEnd }: SkuFigures, to: number) {
  const own = all.filter((one) => one.sku === sku && one.at < to);
  let inStockDays = 0;
  let shipped = 0;
  let held = onHandAtEnd;
  for (let day = Math.floor(to / DAY_MS); day > Math.floor(to / DAY_MS) - 120 && inStockDays < 28; day--) {
    const of = own.filter(({ at }) => Math.floor(at / DAY_MS) === day);
    const before = held - of.reduce((sum, { kind, quantity }) => sum + WAYS[kind].change * quantity, 0);
    const sent = of.reduce(
      (sum, { kind, quantity }) => sum + (kind === 'ship' ? quantity : kind === 'unship' ? -quantity : 0),
      0,
    );
    if (held > 1e-9 || before > 1e-9 || sent > 1e-9) {
      inStockDays++;
      shipped += sent;
    }
    held = before;
  }
  const demandPerDay = inStockDays === 0 ? 0 : shipped / inStockDays;
  return { inStockDays, demandPerDay: expect.closeTo(demandPerDay, 3) as number };
}

/** Of 28 days up to `to`, from a whole hour on. */
function supplyExpected(all: readonly Moved[], skus: readonly SkuFigures[], to: number) {
  const from = Math.floor(to / HOUR_MS) * HOUR_MS - 28 * DAY_MS;
  const shipped = all
    .filter(({ at }) => at >= from && at < to)
    .reduce((sum, { kind, quantity }) => sum + (kind === 'ship' ? quantity : kind === 'unship' ? -quantity : 0), 0);
  const available = Math.max(
    0,
    skus.reduce((sum, sku) => sum + sku.available, 0),
  );
  return { available: expect.closeTo(available, 6) as number, demandPerDay: expect.closeTo(shipped / 28, 3) as number };
}
