// Whatever happens, and in whatever order one hears of it: the books are right, and the same things have moved.
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { random } from '../../../simulators/random.ts';
import { deriveEnd, deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import type { SitePlan } from '../../../src/config/plan.ts';
import { TRIM_EVERY_ROWS } from '../../../src/infer/infer.ts';
import type { Effects } from '../../../src/infer/effects.ts';
import type { Row } from '../../../src/wire/row.ts';
import { endRestoring, restorePart } from '../../../src/post/restoreSnapshot.ts';
import { keepAhead, PARTS, takeSnapshot, type Snapshot } from '../../../src/post/snapshot.ts';
import { anyDay, anyMess, anyTraffic, inOrder, isEntries, rowsOfAny, type Happening } from '../../support/anyStory.ts';
import { openLedger, type TestLedger } from '../../support/storiesLedger.ts';
import { placed, type Unplaced } from '../../support/storiesRows.ts';
import { HOUR_MS, MORNING, site } from '../../support/storiesSite.ts';

// Each is dozens of made-up days.
vi.setConfig({ testTimeout: 300_000 });

const plan = site();
const MINUTES_2 = 120;
const REORDER_MS = 250;
const LATER_MS = 5 * HOUR_MS;
/** Between two days of a story. */
const NOON = MORNING + LATER_MS / 2;
/** The same stories every time; other ones with another. */
const SEED = Number(process.env['SEED'] ?? 1);

interface Derived {
  readonly machine: SiteMachine;
  readonly ledger: TestLedger;
}

/** The ledger checks its books after every story: quantities, one account an item, what the machine believes of both. */
const derive = (rows: readonly Unplaced[]): Derived => deriveAll(plan, placed(rows));

function deriveAll(by: SitePlan, rows: readonly Row[]): Derived {
  const machine = openMachine(by);
  const ledger = openLedger();
  for (const row of rows) ledger.take(deriveRow(machine, row));
  ledger.take(deriveEnd(machine));
  ledger.check(machine);
  return { machine, ledger };
}

/** Envelopes come later than they were sent, each by its own time. */
function delayed(rows: readonly Unplaced[], seed: number, mostMs: number): Unplaced[] {
  const chance = random(seed, 'delay');
  return inOrder(
    rows.map((row) =>
      isEntries(row) ? { ...row, receivedAt: row.receivedAt + Math.round(chance.between(0, mostMs)) } : row,
    ),
  );
}

const everything = ({ ledger }: Derived): string[] =>
  ledger.transactions.map((transaction) => JSON.stringify(transaction)).toSorted();
const whatHolds = ({ ledger }: Derived): string[] =>
  ledger
    .movements()
    .map(({ epc, type, from, to, container, happenedAt, postings }) =>
      JSON.stringify([epc, type, from, to, container, happenedAt, postings]),
    )
    .toSorted();

const always = (
  happenings: fc.Arbitrary<readonly Happening[]>,
  numRuns: number,
  holds: (rows: Unplaced[], seed: number) => void,
): void =>
  fc.assert(
    fc.property(happenings, fc.nat(1000), (all, seed) => {
      holds(rowsOfAny(all, seed), seed);
    }),
    { numRuns, seed: SEED },
  );

it('the books are right, and the same rows give the same transactions', () => {
  always(anyMess(2 * MINUTES_2), 60, (rows) => expect(everything(derive(rows))).toEqual(everything(derive(rows))));
});

it('envelopes that overtake each other by less than reorderMs change nothing', () => {
  always(anyDay(MINUTES_2), 60, (rows, seed) =>
    expect(whatHolds(derive(delayed(rows, seed, REORDER_MS)))).toEqual(whatHolds(derive(rows))),
  );
});

it('reads that are late by less than lateMs are booked as if they had come in time', () => {
  always(anyTraffic(MINUTES_2), 30, (rows, seed) =>
    expect(whatHolds(derive(delayed(rows, seed, 300_000)))).toEqual(whatHolds(derive(rows))),
  );
});

it('a machine restored from its snapshot goes on as the one it was taken of', () => {
  always(anyMess(MINUTES_2), 60, (rows, seed) => {
    const machine = openMachine(plan);
    const parts = new Map<string, Snapshot['parts'][number]>();
    const all = placed(rows);
    const cuts = new Set(['first', 'second'].map((cut) => random(seed, cut).integer(0, all.length)));
    let restored: SiteMachine | undefined;
    for (const [index, row] of all.entries()) {
      if (cuts.has(index)) restored = restoredFrom(takeSnapshot(machine), parts);
      const effects = deriveRow(machine, row);
      keepAhead(machine); // as the service does, between any two rows
      expect(restored === undefined ? effects : deriveRow(restored, row)).toEqual(effects);
    }
    const effects = deriveEnd(machine);
    expect(restored === undefined ? effects : deriveEnd(restored)).toEqual(effects);
  });
});

it('what is settled is undone no more, and the books are right of what comes after it', () => {
  const settling = site({}, { settledAfterMs: plan.rules.lateMs });
  const twoDays = fc
    .tuple(anyMess(MINUTES_2), anyMess(MINUTES_2))
    .map(([first, second]) => [...first, ...second.map((one) => ({ ...one, at: one.at + LATER_MS }))]);
  let settled = 0;
  always(twoDays, 60, (rows) => {
    const machine = openMachine(settling);
    const ledger = openLedger();
    const take = (effects: Effects): void => {
      ledger.take(effects);
      for (const { supersedes, happenedAt } of effects.transactions)
        if (supersedes !== undefined && effects.receivedAt > NOON) expect(happenedAt).toBeGreaterThan(NOON);
    };
    for (const row of placed(rows)) take(deriveRow(machine, { ...row, offset: row.offset * TRIM_EVERY_ROWS }));
    take(deriveEnd(machine));
    ledger.check(machine);
    for (const item of machine.infer.book.items.values()) settled += item.claims.length === 0 ? 1 : 0;
  });
  expect(settled).toBeGreaterThan(0);
});

/** As the database has it: what has not changed since the snapshot before is that one's. */
function restoredFrom(snapshot: Snapshot, known: Map<string, Snapshot['parts'][number]>): SiteMachine {
  for (const part of snapshot.parts) known.set(`${part.part} ${part.key}`, part);
  const machine = openMachine(plan);
  const parts = [...known.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  for (const kind of PARTS)
    for (const { part, key, content } of parts)
      if (part === kind && content !== undefined) restorePart(machine, part, key, content);
  endRestoring(machine, snapshot.offset);
  return machine;
}
