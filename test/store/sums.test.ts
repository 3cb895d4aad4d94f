// What orders and receipts came to, as it is kept for key figures: the same as made anew, whatever changes and whenever it is looked after.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Effects } from '../../src/infer/effects.ts';
import type { OrderEffect } from '../../src/infer/outboundEffects.ts';
import { contentId } from '../../src/kit/ids.ts';
import { figureOrders, noteOrders } from '../../src/post/figureOrders.ts';
import { cursorOf, postEffects } from '../../src/post/ledger.ts';
import { verifySums } from '../../src/post/verifySums.ts';
import { createLog } from '../../src/kit/log.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { startSums } from '../../src/run/keepSums.ts';
import { addSite, noSites, openSite } from '../../src/run/sites.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { dockFigures } from '../../src/watch/figures/docks.ts';
import { orderFigures } from '../../src/watch/figures/orders.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/wait.ts';
import { account, effectsOf, NOON, postingOf, SITE, transactionOf } from '../support/effects.ts';

const HOUR_MS = 3_600_000;
const HOURS = 72;
let database: TestDatabase;
let client: Client;
let keeper: Client;
beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  for (const open of [(one: Client) => (client = one), (one: Client) => (keeper = one)]) {
    const one = await openClient(database.options);
    closeAfterFile(() => one.end());
    open(one);
  }
});

const timeOf = (hour: number): number => NOON + hour * HOUR_MS;
const period = { from: timeOf(0), to: timeOf(HOURS) };

type Told =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'load'; readonly load: 'L1' | 'L2'; readonly closed: number | null }
  | { readonly kind: 'return'; readonly unit: number; readonly at: number }
  | { readonly kind: 'keep' };
interface Order {
  readonly id: 'O1' | 'O2' | 'O3';
  readonly quantity: number;
  readonly shipBy: number | null;
  readonly isCancelled: boolean;
  readonly lackedStock: boolean;
  readonly shipped: readonly { readonly unit: number; readonly load: 'L1' | 'L2' | null; readonly at: number }[];
}

const hour = fc.integer({ min: 0, max: HOURS });
const load = fc.constantFrom('L1' as const, 'L2' as const);
const unit = fc.integer({ min: 1, max: 4 });
const order: fc.Arbitrary<Order> = fc.record({
  id: fc.constantFrom<Order['id'][]>('O1', 'O2', 'O3'),
  quantity: fc.integer({ min: 1, max: 4 }),
  shipBy: fc.option(hour),
  isCancelled: fc.boolean(),
  lackedStock: fc.boolean(),
  shipped: fc.uniqueArray(fc.record({ unit, load: fc.option(load), at: hour }), {
    selector: (one) => one.unit,
    maxLength: 4,
  }),
});
const told: fc.Arbitrary<Told> = fc.oneof(
  { weight: 4, arbitrary: order.map((one) => ({ kind: 'order', order: one }) as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('load' as const), load, closed: fc.option(hour) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const), unit, at: hour }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'keep' } as const) },
);

const epcOf = (number: number): string => `E${number}`;

/** Transactions of an order are told whole: what it shipped before and does not any more is without parts. */
const orderEffect = ({ id, quantity, shipBy, isCancelled, lackedStock, shipped }: Order): OrderEffect => ({
  id,
  revision: 1,
  customer: 'C1',
  shipTo: undefined,
  owner: '',
  priority: 5,
  shipBy: shipBy === null ? undefined : timeOf(shipBy),
  isPartial: true,
  state: isCancelled ? 'cancelled' : 'waiting',
  load: undefined,
  enteredAt: timeOf(1),
  changedAt: timeOf(2),
  lineCount: 1,
  quantity,
  reserved: 0,
  planned: 0,
  picked: 0,
  shipped: shipped.length,
  lines: [
    { line: '1', ordinal: 1, sku: 'X', lot: '', quantity, reserved: 0, planned: 0, picked: 0, shipped: 0, packed: 0 },
  ],
  goneLines: [],
  lackedStock,
  sourcing: undefined,
  shipments: [1, 2, 3, 4].map((number) => ({
    transaction: contentId(id, number),
    parts: shipped
      .filter((one) => one.unit === number)
      .map(({ load: on, at }) => ({
        line: '1',
        pick: contentId('pick', number),
        epc: epcOf(number),
        quantity: 1,
        load: on ?? undefined,
        at: timeOf(at),
      })),
  })),
});

function effectsTold(one: Exclude<Told, { readonly kind: 'keep' }>, offset: number): Partial<Effects> {
  switch (one.kind) {
    case 'order':
      return { orders: [orderEffect(one.order)] };
    case 'load':
      return {
        loads: [
          {
            id: one.load,
            door: undefined,
            carrier: 'own',
            seals: [],
            state: one.closed === null ? 'open' : 'closed',
            openedAt: timeOf(0),
            closedAt: one.closed === null ? undefined : timeOf(one.closed),
            changedAt: timeOf(0),
            orders: [],
          },
        ],
      };
    case 'return':
      return {
        transactions: [
          transactionOf(`${run} ${offset}`, {
            type: 'return',
            epc: epcOf(one.unit),
            happenedAt: timeOf(one.at),
            postings: [postingOf({ from: account('customer'), to: account('DOCK'), epc: epcOf(one.unit) })],
          }),
        ],
      };
  }
}

let run = 0;

async function began(): Promise<string> {
  const site = `${SITE}-S${++run}`;
  await cursorOf(client, site);
  return site;
}

describe('figures of orders', () => {
  it('are what orders, loads and returns say now, kept or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 2, maxLength: 14 }), async (all) => {
        const site = await began();
        // Loads that are on their way are known before anything is on them.
        const open = (['L1', 'L2'] as const).map((id) => ({ kind: 'load', load: id, closed: null }) as const);
        const closed = new Set<string>();
        let offset = 0;
        for (const one of [...open, ...all]) {
          if (one.kind === 'keep') while (await figureOrders(keeper, site));
          else if (one.kind !== 'load' || !closed.has(one.load)) {
            // What is closed stays so.
            if (one.kind === 'load' && one.closed !== null) closed.add(one.load);
            const effects = [effectsOf(++offset, effectsTold(one, offset))];
            await postEffects(client, { site, from: offset - 1, to: offset, effects }, new Set());
          }
          expect(await verifySums(database.owner, site)).toEqual([]);
        }
        const asked = { on: client, sites: [site], ...period };
        const noted = await orderFigures(asked, 'site');
        while (await figureOrders(keeper, site));
        expect(await database.value('select count(*) from order_to_figure where site = $1', [site])).toBe(0);
        expect(await orderFigures(asked, 'site')).toEqual(noted);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('of what is changed while they are made are made again', async () => {
    const site = await began();
    const effects = [
      effectsOf(1, {
        orders: [
          orderEffect({ id: 'O1', quantity: 1, shipBy: 5, isCancelled: false, lackedStock: false, shipped: [] }),
        ],
      }),
    ];
    await postEffects(client, { site, from: 0, to: 1, effects }, new Set());
    await client.query('begin');
    await noteOrders(client, { site, from: 0, to: 1, effects });
    // Whoever changed it has not committed: it is left alone, and taken afterwards.
    expect(await figureOrders(keeper, site)).toBe(false);
    await client.query('commit');
    expect(await figureOrders(keeper, site)).toBe(true);
    expect(await figureOrders(keeper, site)).toBe(false);
  });

  it('are made beside the writer within seconds, for sites that are derived here', async () => {
    const [ours, others] = [await began(), await began()];
    const one = orderEffect({ id: 'O1', quantity: 1, shipBy: 5, isCancelled: false, lackedStock: false, shipped: [] });
    for (const site of [ours, others])
      await postEffects(client, { site, from: 0, to: 1, effects: [effectsOf(1, { orders: [one] })] }, new Set());
    const sites = noSites();
    addSite(sites, openSite(ours));
    const log = createLog({ style: 'silent' });
    const sums = startSums({ database: database.options, sites, log }, systemClock);
    const noted = (site: string): Promise<number> =>
      database.value('select count(*) from order_to_figure where site = $1', [site]);
    await eventually('its order has figures', async () => (await noted(ours)) === 0);
    await sums.stop();
    expect(await noted(others)).toBe(1);
  });

  it('that somebody changed are told by verify', async () => {
    const site = await began();
    const one = orderEffect({ id: 'O1', quantity: 2, shipBy: 5, isCancelled: false, lackedStock: false, shipped: [] });
    await postEffects(client, { site, from: 0, to: 1, effects: [effectsOf(1, { orders: [one] })] }, new Set());
    while (await figureOrders(keeper, site));
    await database.owner.query('update order_figure set units_filled = 2 where site = $1', [site]);
    expect(await verifySums(database.owner, site)).toMatchObject([{ what: 'figures of orders against orders' }]);
  });
});

interface Stored {
  readonly transaction: number;
  readonly parts: readonly {
    readonly arrival: number;
    readonly inbound: 'A' | 'B' | null;
    readonly arrived: number;
    readonly stored: number;
  }[];
}
const stored: fc.Arbitrary<Stored> = fc.record({
  transaction: unit,
  parts: fc.uniqueArray(
    fc.record({
      arrival: unit,
      inbound: fc.constantFrom('A' as const, 'B' as const, null),
      arrived: hour,
      stored: hour,
    }),
    { selector: ({ arrival }) => arrival, maxLength: 3 },
  ),
});

describe('figures of the dock', () => {
  it('are those of what is put away now, receipt by receipt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stored, { minLength: 1, maxLength: 10 }), hour, hour, async (all, one, other) => {
        const site = await began();
        for (const [index, { transaction, parts }] of all.entries()) {
          const docked = {
            transaction: contentId('putaway', transaction),
            parts: parts.map(({ arrival, inbound, arrived, stored: at }) => ({
              arrival: contentId('arrival', arrival),
              sku: 'X',
              epc: undefined,
              quantity: 1,
              arrivedAt: timeOf(arrived),
              storedAt: timeOf(at),
              inbound: inbound ?? undefined,
              receipt: inbound === null ? undefined : 1,
            })),
          };
          const effects = [effectsOf(index + 1, { docked: [docked] })];
          await postEffects(client, { site, from: index, to: index + 1, effects }, new Set());
        }
        expect(await verifySums(database.owner, site)).toEqual([]);
        const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];
        const found = (await dockFigures({ on: client, sites: [site], from: timeOf(from), to: timeOf(to) })).get(site);
        const { receipts, units } = found ?? { receipts: 0, units: 0 };
        expect({ receipts, units }).toEqual(dockExpected(all, from, to));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

/** From what each transaction was last said to have put away: a receipt counts when the last of it was put away within. */
function dockExpected(all: readonly Stored[], from: number, to: number) {
  const last = new Map(all.map(({ transaction, parts }) => [transaction, parts]));
  const receipts = new Map<string, number[]>();
  for (const { arrival, inbound, stored: at } of [...last.values()].flat()) {
    const key = inbound ?? `arrival ${arrival}`;
    receipts.set(key, [...(receipts.get(key) ?? []), at]);
  }
  const within = [...receipts.values()].filter((times) => Math.max(...times) >= from && Math.max(...times) < to);
  return { receipts: within.length, units: within.reduce((sum, times) => sum + times.length, 0) };
}
