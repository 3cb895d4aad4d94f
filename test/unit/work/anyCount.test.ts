// Whatever moves while, before and after bins are counted, in whatever order it is told: a counted bin holds what was counted, and what has
// come and gone since its moment; and the same journal gives the same again.
import * as fc from 'fast-check';
import { it, vi } from 'vitest';
import { deriveRow, openMachine } from '../../../src/derive.ts';
import { inBooks } from '../../../src/infer/balances.ts';
import type { Effects, Transaction } from '../../../src/infer/effects.ts';
import { assert } from '../../../src/kit/faults.ts';
import type { Command } from '../../../src/wire/command.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { openLedger } from '../../support/storiesLedger.ts';
import { commandRow, placed } from '../../support/storiesRows.ts';
import { MINUTE_MS, MORNING, SECOND_MS, site } from '../../support/storiesSite.ts';

vi.setConfig({ testTimeout: 120_000 });

const plan = site({}, { orders: true, count: { toleranceUnits: 4 } });
const SEED = Number(process.env['SEED'] ?? 1);
const RUNS = 400;

const place = fc.constantFrom('A', 'B', 'R');
const sku = fc.constantFrom('S1', 'S2');
const quantity = fc.integer({ min: 0, max: 4 });
const count = fc.constantFrom('COUNT-1', 'COUNT-2');
const task = fc.integer({ min: 1, max: 3 });

const counting = fc.record({
  kind: fc.constant('count-bin' as const),
  count,
  task,
  lines: fc.tuple(quantity, quantity).map(([s1, s2]) => [
    { sku: 'S1', quantity: s1 },
    { sku: 'S2', quantity: s2 },
  ]),
});
const approval = fc.record({
  kind: fc.constant('approve-count' as const),
  count,
  task,
  isApproved: fc.constantFrom(true, true, false),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('adjust' as const),
    sku,
    quantity: fc.constantFrom(-2, -1, 1, 3),
    location: place,
    reason: fc.constant('any'),
  }),
  fc
    .record({
      kind: fc.constant('move' as const),
      sku,
      quantity: fc.integer({ min: 1, max: 3 }),
      from: place,
      to: place,
    })
    .filter(({ from, to }) => from !== to),
  fc.record({
    kind: fc.constant('plan-count' as const),
    by: fc.constant('location' as const),
    locations: fc.uniqueArray(place, { minLength: 1, maxLength: 2 }),
  }),
  counting,
  counting,
  approval,
  approval,
  fc.record({ kind: fc.constant('cancel-count' as const), count: fc.constant('COUNT-2') }),
);

const later = fc.array(
  fc.record({ command, agoS: fc.constantFrom(0, 0, 0, 40, 95, 200), actor: fc.constantFrom('ann', 'bob') }),
  { minLength: 8, maxLength: 40 },
);
const PLAN: Command = { kind: 'plan-count', by: 'location', locations: ['A', 'B', 'R'] };
const day = later.map((happenings) => [{ command: PLAN, agoS: 0, actor: 'ann' }, ...happenings]);

interface Counted {
  readonly at: number;
  readonly bySku: ReadonlyMap<string, number>;
}

/** What a counted bin must hold: what was counted, and whatever is dated after it. */
function check(counted: ReadonlyMap<string, Counted>, transactions: readonly Transaction[]): void {
  for (const [location, { at, bySku }] of counted) {
    for (const of of ['S1', 'S2']) {
      let held = 0;
      let wanted = bySku.get(of) ?? 0;
      for (const { type, happenedAt, postings } of transactions) {
        for (const { sku: moved, quantity: much, from, to } of postings) {
          if (moved !== of) continue;
          const change = (to.location === location ? much : 0) - (from.location === location ? much : 0);
          held = inBooks(held + change);
          if (happenedAt > at && type !== 'count') wanted = inBooks(wanted + change);
        }
      }
      assert(held === wanted, 'A count stands.', { location, of, held, wanted });
    }
  }
}

function note(counted: Map<string, Counted>, { counts }: Effects): void {
  for (const one of counts.flatMap(({ tasks }) => tasks)) {
    if (one.state !== 'closed') continue;
    counted.set(one.location, {
      at: one.countedAt!,
      bySku: new Map(one.lines.map((line) => [line.sku, line.counted])),
    });
  }
}

it('holds', () => {
  let closed = 0;
  fc.assert(
    fc.property(day, (happenings) => {
      const rows = placed(
        happenings.map(({ command: said, agoS, actor }, index) => {
          const at = MORNING + index * (MINUTE_MS / 2);
          return commandRow(at, { ...said, at: formatTime(at - agoS * SECOND_MS) }, `any-${at}`, actor);
        }),
      );
      const machine = openMachine(plan);
      const ledger = openLedger();
      const counted = new Map<string, Counted>();
      const effects = rows.map((row) => {
        const told = deriveRow(machine, row);
        ledger.take(told);
        note(counted, told);
        check(counted, ledger.transactions);
        return told;
      });
      closed += counted.size;
      ledger.check(machine);
      sameAgain({ plan, rows, effects });
    }),
    { numRuns: RUNS, seed: SEED },
  );
  assert(closed > RUNS / 4, 'Bins were counted to the end.', { closed });
});
