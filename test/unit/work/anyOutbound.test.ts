// Whatever is said of orders, in whatever order: nothing is promised twice, what is said of an order adds up, and the same journal
// gives the same again.
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import { inBooks } from '../../../src/infer/balances.ts';
import { assert } from '../../../src/kit/faults.ts';
import type { Command } from '../../../src/wire/command.ts';
import { hasOf } from '../../../src/work/outbound/order.ts';
import { openOf } from '../../../src/work/outbound/pick.ts';
import { binKey, binsOf, freeOf, plannedOf, wantsOf } from '../../../src/work/outbound/supply.ts';
import { epcOfSscc, ssccOf } from '../../../src/wire/epc/sscc.ts';
import { PICK_METHODS } from '../../../src/wire/outbound.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { openLedger, type TestLedger } from '../../support/storiesLedger.ts';
import { commandRow, placed } from '../../support/storiesRows.ts';
import { gtinOf, itemEpc, MINUTE_MS, MORNING, SECOND_MS, site } from '../../support/storiesSite.ts';

vi.setConfig({ testTimeout: 120_000 });

const RANGE = { companyPrefix: '0614141' };
const plan = site({ packing: RANGE }, { orders: true });
const SEED = Number(process.env['SEED'] ?? 1);
const RUNS = 300;

const TAGS = [1, 2, 3].map((serial) => itemEpc(1, serial));
const TAGGED = gtinOf(1);
/** Without tags, and with a code that can be scanned. */
const S2 = gtinOf(2);
const goods = fc.constantFrom(`]C101${S2}`, `]C101${S2}10L1`);
const epc = fc.constantFrom(...TAGS);
const order = fc.constantFrom('O1', 'O2', 'O3');
const pick = fc.constantFrom('P1', 'P2', 'P3');
/** Also those that a wave makes. */
const anyList = fc.constantFrom('P1', 'P2', 'P1-1', 'P1-2', 'PICK-1', 'PICK-1-1', 'PICK-2-1');
const tote = fc.constantFrom('T1', 'T2');
const sku = fc.constantFrom('S1', S2, TAGGED);
const lot = fc.constantFrom('L1', 'L2');
const quantity = fc.integer({ min: 1, max: 5 });
const carton = fc.constantFrom(ssccOf(RANGE, 1)!, ssccOf(RANGE, 2)!);
const cartonTag = carton.map((sscc) => epcOfSscc(RANGE, sscc));
const load = fc.constantFrom('L1', 'L2');
const back = fc.constantFrom('R1', 'R2');
const place = fc.constantFrom('A', 'B', 'R', 'PACK', 'OUT', 'DOCK-1');
const kind = <K extends Command['kind']>(name: K) => fc.constant({ kind: name });
const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });

const lines = fc
  .array(fc.tuple(fc.record({ sku, quantity }), some({ lot })), { minLength: 1, maxLength: 2 })
  .map((all) => all.map(([line, more], index) => ({ line: String(index + 1), ...line, ...more })));
const documents = fc.tuple(
  fc.record({ order, customer: fc.constant('SHOP'), lines, partial: fc.boolean() }),
  some({ priority: fc.integer({ min: 0, max: 2 }) }),
);
const adjusted = fc.record({
  sku: fc.constantFrom('S1', S2),
  quantity: fc.constantFrom(-4, -1, 2, 5, 9),
  location: fc.constantFrom('A', 'B', 'R'),
  reason: fc.constant('counted'),
});
const line = fc.integer({ min: 1, max: 3 });
const scan = fc.oneof(epc, fc.constantFrom('A', 'B', 'R', `]C101${TAGGED}`));

const atBench = [
  fc.tuple(kind('open-carton'), fc.record({ order, bench: fc.constantFrom('PACK', 'OUT') })),
  fc.tuple(kind('pack-item'), fc.record({ carton, scan: fc.oneof(epc, goods) }), some({ quantity })),
  fc.tuple(kind('pack-item'), fc.record({ carton, scan: fc.oneof(epc, goods) })),
  fc.tuple(kind('unpack-item'), fc.record({ carton }), some({ scan: fc.oneof(epc, goods), quantity })),
  fc.tuple(kind('close-carton'), fc.record({ carton, more: fc.boolean() })),
  fc.tuple(fc.constantFrom({ kind: 'reopen-carton' }, { kind: 'cancel-carton' }), fc.record({ carton })),
  fc.tuple(kind('move'), fc.record({ epc: cartonTag, to: fc.oneof(place, fc.constant('world')) })),
];

const command: fc.Arbitrary<Command> = fc
  .oneof(
    fc.tuple(kind('adjust'), adjusted, some({ lot })),
    fc.tuple(kind('order'), documents.map(merged)),
    fc.tuple(kind('order'), documents.map(merged)),
    fc.tuple(kind('amend-order'), documents.map(merged)),
    fc.tuple(kind('cancel-order'), fc.record({ order })),
    fc.tuple(kind('release'), fc.record({ pick, orders: fc.uniqueArray(order, { minLength: 1, maxLength: 2 }) })),
    fc.tuple(
      kind('release'),
      fc.record({
        orders: fc.uniqueArray(order, { minLength: 1, maxLength: 3 }),
        method: fc.constantFrom(...PICK_METHODS),
      }),
      some({ pick }),
    ),
    fc.tuple(kind('confirm-pick'), fc.record({ pick: anyList, line, scan }), some({ quantity, tote })),
    fc.tuple(kind('short-pick'), fc.record({ pick: anyList, line }), some({ quantity })),
    fc.tuple(kind('sort-pick'), fc.record({ pick: anyList, scan: fc.oneof(epc, goods) }), some({ quantity, order })),
    fc.tuple(kind('confirm-pick'), fc.record({ pick, line, scan }), some({ quantity })),
    fc.tuple(kind('confirm-pick'), fc.record({ pick, line, scan })),
    fc.tuple(kind('short-pick'), fc.record({ pick, line }), some({ quantity })),
    fc.tuple(kind('move'), fc.record({ epc, to: fc.oneof(place, fc.constant('world')) })),
    fc.tuple(
      kind('move'),
      fc.record({ sku: fc.constantFrom('S1', S2), quantity, from: place, to: fc.oneof(place, fc.constant('world')) }),
      some({ lot, load }),
    ),
    fc.tuple(
      kind('move'),
      fc.record({ sku: fc.constantFrom('S1', S2), quantity, from: fc.constant('world'), to: place, load }),
      some({ lot }),
    ),
    fc.tuple(kind('hold'), fc.record({ epc, status: fc.constantFrom('damaged', 'available') })),
    fc.tuple(
      kind('supplier-return'),
      fc.record({
        return: back,
        supplier: fc.constant('ACME'),
        lines: fc.tuple(fc.record({ line: fc.constant('1'), sku, quantity, status: fc.constant('damaged') })),
      }),
    ),
    fc.tuple(kind('send-supplier-return'), fc.record({ return: back, epcs: fc.tuple(epc) })),
    fc.tuple(
      kind('send-supplier-return'),
      fc.record({ return: back, line: fc.constant('1'), quantity, location: fc.constantFrom('A', 'B', 'R') }),
      some({ lot }),
    ),
    fc.tuple(kind('close-supplier-return'), fc.record({ return: back })),
    fc.tuple(kind('open-load'), fc.record({ load, carrier: fc.constant('C'), orders: fc.tuple(order) })),
    fc.tuple(
      kind('amend-load'),
      fc.record({ load, carrier: fc.constant('D'), orders: fc.uniqueArray(order, { minLength: 1, maxLength: 2 }) }),
    ),
    fc.tuple(kind('close-load'), fc.record({ load })),
    ...atBench,
  )
  .map((parts) => merged(parts) as Command);

/** Everything of an order is picked and stands at the bench, with two cartons for it. */
const toPack: readonly Command[] = [
  ...TAGS.map((tag): Command => ({ kind: 'move', epc: tag, to: 'A' })),
  { kind: 'adjust', sku: S2, quantity: 9, lot: 'L1', location: 'B', reason: 'counted' },
  { kind: 'order', order: 'O1', customer: 'SHOP', lines: [lineOf('1', TAGGED, 3), lineOf('2', S2, 7)], partial: true },
  { kind: 'release', pick: 'P1', orders: ['O1'], to: 'PACK' },
  ...TAGS.map((tag): Command => ({ kind: 'confirm-pick', pick: 'P1', line: 1, scan: tag })),
  { kind: 'confirm-pick', pick: 'P1', line: 2, scan: 'B' },
  { kind: 'open-carton', order: 'O1' },
  { kind: 'open-carton', order: 'O1' },
];
function lineOf(number: string, of: string, much: number) {
  return { line: number, sku: of, quantity: much };
}
const packing = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(...atBench).map((parts) => merged(parts) as Command) },
  { weight: 1, arbitrary: command },
);

/** Most say what is so now, some what was so a little ago. */
const ago = fc.constantFrom(0, 0, 0, 40, 95);
const day = fc.oneof(
  fc.array(fc.record({ command, agoS: ago }), { minLength: 5, maxLength: 40 }),
  fc
    .array(fc.record({ command: packing, agoS: ago }), { minLength: 5, maxLength: 40 })
    .map((all) => [...toPack.map((one) => ({ command: one, agoS: 0 })), ...all]),
);

function merged(parts: readonly object[]): object {
  return Object.assign({}, ...parts) as object;
}

/** What must hold after every row. */
function check({ infer, work: { outbound } }: SiteMachine): void {
  const around = { plan, balances: infer.balances, book: infer.book, at: MORNING };
  const keys = [...outbound.index.byStock.keys(), ...outbound.index.planned.keys()];
  for (const key of keys) {
    const free = freeOf(outbound, around, key);
    const isPromised = wantsOf(outbound, key).some(({ line: one }) => one.reserved + one.planned > 0);
    assert(free.total >= 0 || !isPromised, 'Nothing is promised twice.', { key, free });
    const bins = new Map(binsOf(outbound, around, key).map((bin) => [binKey(key, '', bin), bin.quantity]));
    const wanted = new Map<string, number>();
    for (const { line: one } of plannedOf(outbound, key))
      wanted.set(binKey(key, '', one), (wanted.get(binKey(key, '', one)) ?? 0) + openOf(one));
    for (const [bin, much] of wanted)
      assert(much <= (bins.get(bin) ?? 0), 'No more is to be picked from a bin than is in it.', { bin, much });
  }
  for (const one of outbound.orders.values()) {
    for (const of of one.lines) {
      const { reserved, planned, picked, shipped } = of;
      assert(Math.min(reserved, planned, picked, shipped) >= 0, 'No part of a line is below zero.', {
        order: one.id,
        of,
      });
      assert(hasOf(of) <= of.quantity, 'No line has more than it asks for.', { order: one.id, of });
      const onLists = [...outbound.picks.values()]
        .flatMap((list) => list.lines)
        .filter((entry) => entry.order === one.id && entry.orderLine === of.line)
        .reduce((sum, entry) => sum + openOf(entry), 0);
      assert(inBooks(onLists) === planned, 'What is planned is on lists.', { order: one.id, of, onLists });
    }
  }
}

/** What the books have on trucks is what their loads say, and nothing where a truck has left. */
function checkTrucks({ work: { outbound }, infer }: SiteMachine, ledger: TestLedger): void {
  const told = new Map<string, number>();
  for (const [key, much] of ledger.balances()) {
    const [of = '', , , location = ''] = key.split('|');
    if (!location.startsWith('outbound:')) continue;
    told.set(`${location} ${of}`, (told.get(`${location} ${of}`) ?? 0) + much);
  }
  const known = new Map<string, number>();
  for (const { id, aboard, closedAt } of outbound.loads.values()) {
    assert(closedAt === undefined || aboard.size === 0, 'Nothing is on a truck that has left.', { id });
    for (const one of aboard.values())
      known.set(`outbound:${id} ${one.sku}`, (known.get(`outbound:${id} ${one.sku}`) ?? 0) + one.quantity);
  }
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known));
  for (const { state } of infer.book.items.values()) {
    const { closedAt } = outbound.loads.get(state.location.replace('outbound:', '')) ?? {};
    assert(!state.location.startsWith('outbound:') || closedAt === undefined, 'No item is on a truck that has left.', {
      state,
    });
  }
  for (const one of outbound.loads.values())
    for (const [id, much] of one.orders)
      assert(much >= 0 && (much === 0 || outbound.orders.has(id)), 'A load says what went with it.', { id, much });
}

/** What is in cartons is picked for their orders, once, and the books have it in them. */
function checkCartons({ work: { outbound }, infer }: SiteMachine, ledger: TestLedger): void {
  const inBooksOf = new Map<string, number>();
  for (const [key, much] of ledger.balances()) {
    const [of = '', lotOf = '', , at = '', container = ''] = key.split('|');
    if (container !== '') inBooksOf.set(`${container} ${of} ${lotOf} ${at}`, much);
  }
  const said = new Map<string, number>();
  const packed = new Set<string>();
  for (const { epc: tag, order: id, contents, location } of outbound.cartons.values()) {
    const { taken } = outbound.orders.get(id)!;
    for (const one of contents.values()) {
      const { quantity: much = 0, epc: item } = taken.get(one.taken) ?? {};
      assert(one.quantity > 0 && one.quantity <= much && one.epc === item, 'What is packed was picked.', { one });
      if (one.epc !== undefined) {
        assert(!packed.has(one.epc), 'Nothing is in two cartons.', { one });
        packed.add(one.epc);
        assert(infer.book.items.get(one.epc)!.state.container === tag, 'The books have it in the carton.', { one });
      }
      const key = `${tag} ${one.sku} ${one.lot} ${one.epc === undefined ? location : infer.book.items.get(one.epc)!.state.location}`;
      said.set(key, (said.get(key) ?? 0) + one.quantity);
    }
  }
  for (const [key, much] of said)
    assert(inBooksOf.get(key) === much, 'The books have as much in the carton.', { key, much });
}

it('holds', () => {
  fc.assert(
    fc.property(day, (happenings) => {
      const rows = placed(
        happenings.map((one, index) => {
          const at = MORNING + index * (MINUTE_MS / 2);
          return commandRow(at, { ...one.command, at: formatTime(at - one.agoS * SECOND_MS) }, `any-${at}`);
        }),
      );
      const machine = openMachine(plan);
      const ledger = openLedger();
      const effects = rows.map((row) => {
        const told = deriveRow(machine, row);
        ledger.take(told);
        check(machine);
        return told;
      });
      ledger.check(machine);
      checkTrucks(machine, ledger);
      checkCartons(machine, ledger);
      sameAgain({ plan, rows, effects });
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
