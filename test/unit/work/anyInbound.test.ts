// Whatever is said of inbound documents, in whatever order: the site goes on, its books are right, and the same journal gives the
// same again.
import * as fc from 'fast-check';
import { it, vi } from 'vitest';
import { deriveRow, openMachine } from '../../../src/derive.ts';
import type { Command } from '../../../src/wire/command.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { openLedger } from '../../support/storiesLedger.ts';
import { commandRow, placed, rowsOf, type Unplaced } from '../../support/storiesRows.ts';
import {
  gtinOf,
  itemEpc,
  MINUTE_MS,
  MORNING,
  palletEpc,
  receivingSite,
  SECOND_MS,
  SSCC_9,
  strangeEpc,
} from '../../support/storiesSite.ts';

vi.setConfig({ testTimeout: 120_000 });

const plan = receivingSite();
const SEED = Number(process.env['SEED'] ?? 1);
const RUNS = 300;

const TAGS = [itemEpc(1, 1), itemEpc(1, 2), itemEpc(2, 3), palletEpc(9), strangeEpc(1)];
const epcs = fc.uniqueArray(fc.constantFrom(...TAGS), { minLength: 1, maxLength: 3 });
const id = fc.constantFrom('D1', 'D2');
const sku = fc.constantFrom(gtinOf(1), gtinOf(2), gtinOf(3));
const lot = fc.constantFrom('L1', 'L2');
const quantity = fc.integer({ min: 1, max: 4 });
const location = fc.constantFrom('DOCK-1', 'STAGE', 'A');
const expiry = fc.constantFrom('2027-06-30', '2027-02-30');
/** With some of its fields left out. */
const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });

const line = fc
  .tuple(
    fc.constantFrom('1', '2'),
    fc.oneof(
      fc.record({ sku, quantity }),
      fc.record({ epcs }),
      fc.record({ sscc: fc.constant([SSCC_9]) }),
      some({ sku, quantity, lot, expiry, epcs, sscc: fc.constant([SSCC_9]), order: fc.record({ inbound: id }) }),
    ),
  )
  .map(([name, more]) => ({ line: name, ...more }));
const documents = fc.record({
  inbound: id,
  document: fc.constantFrom('order' as const, 'notice' as const),
  supplier: fc.constantFrom('ACME', 'BETA'),
  lines: fc.uniqueArray(line, { minLength: 1, maxLength: 2, selector: (one) => one.line }),
  tolerance: fc.constantFrom(0, 0.5),
});
const kind = <K extends Command['kind']>(name: K) => fc.constant({ kind: name });
const command: fc.Arbitrary<Command> = fc
  .oneof(
    fc.tuple(kind('announce'), documents),
    fc.tuple(kind('amend'), documents),
    fc.tuple(fc.oneof(kind('cancel-inbound'), kind('close-receipt'), kind('open-receipt')), fc.record({ inbound: id })),
    fc.tuple(
      kind('receive'),
      fc.record({ inbound: id, location }),
      fc.oneof(fc.record({ epcs }), fc.tuple(fc.record({ sku, quantity }), some({ lot, expiry })).map(merged)),
      some({ status: fc.constantFrom('damaged' as const, 'available' as const), reason: fc.constant('so it is') }),
    ),
    fc.tuple(kind('expect'), fc.record({ list: fc.constant('L'), direction: fc.constantFrom('in', 'out'), epcs })),
    fc.tuple(kind('move'), fc.record({ epc: fc.constantFrom(...TAGS), to: fc.oneof(location, fc.constant('world')) })),
    fc.tuple(kind('hold'), fc.record({ epc: fc.constantFrom(...TAGS), status: fc.constant('damaged') })),
    fc.tuple(kind('remove'), fc.record({ epc: fc.constantFrom(...TAGS) })),
    fc.tuple(kind('identify'), fc.record({ epc: fc.constantFrom(...TAGS), sku })),
  )
  .map((parts) => merged(parts) as Command);

/** Most say what is so now, some what was so a little ago. */
const saying = fc.record({ command, agoS: fc.constantFrom(0, 0, 0, 40, 95) });
const scan = fc.record({ data: fc.constantFrom(`]C101${gtinOf(3)}`, `]C101${gtinOf(1)}`, `]C101${gtinOf(1)}211`) });
const day = fc.array(fc.oneof({ weight: 6, arbitrary: saying }, { weight: 1, arbitrary: scan }), {
  minLength: 2,
  maxLength: 24,
});

function merged(parts: readonly object[]): object {
  return Object.assign({}, ...parts) as object;
}

const rowOf = (
  one: typeof saying extends fc.Arbitrary<infer S> ? S | { data: string } : never,
  at: number,
): Unplaced[] =>
  'data' in one
    ? rowsOf([{ scan: { device: 'hand-1', data: one.data, at, operator: 'op-7' } }])
    : [commandRow(at, { ...one.command, at: formatTime(at - one.agoS * SECOND_MS) }, `any-${at}`)];

it('holds', () => {
  fc.assert(
    fc.property(day, (happenings) => {
      const rows = placed(happenings.flatMap((one, index) => rowOf(one, MORNING + index * (MINUTE_MS / 2))));
      const machine = openMachine(plan);
      const ledger = openLedger();
      const effects = rows.map((row) => deriveRow(machine, row));
      for (const one of effects) ledger.take(one);
      ledger.check(machine);
      sameAgain({ plan, rows, effects });
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
