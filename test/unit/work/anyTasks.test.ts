// Whatever is said of goods, products, tasks and orders, in whatever order: no bin is promised more than it holds, tasks bring what stands there
// and no more, nothing is brought twice, no order is brought more than it waits for, the queue has what is to be brought and nothing else, and the
// same journal gives the same again.
import * as fc from 'fast-check';
import { it, vi } from 'vitest';
import { deriveRow, openMachine, type SiteMachine } from '../../../src/derive.ts';
import { balancesAt, inBooks } from '../../../src/infer/balances.ts';
import { assert } from '../../../src/kit/faults.ts';
import type { Command } from '../../../src/wire/command.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { hasOf, waitingOf } from '../../../src/work/outbound/order.ts';
import { openOf, standing, standingKey } from '../../../src/work/tasks/task.ts';
import { tasksTo } from '../../../src/work/tasks/tasks.ts';
import { mayBeStored } from '../../../src/work/tasks/directing.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { openLedger } from '../../support/storiesLedger.ts';
import { commandRow, placed } from '../../support/storiesRows.ts';
import { gtinOf, itemEpc, MINUTE_MS, MORNING, SECOND_MS } from '../../support/storiesSite.ts';
import { directedSite } from '../../support/storiesTasks.ts';

vi.setConfig({ testTimeout: 120_000 });

const CAPACITY: Readonly<Record<string, number>> = { 'R-1': 9, 'R-2': 6, 'F-1': 7, 'F-2': 12 };
const plan = directedSite([
  { id: 'R-1', kind: 'reserve', capacity: CAPACITY['R-1']!, x: 0, y: 1 },
  { id: 'R-2', kind: 'reserve', capacity: CAPACITY['R-2']!, mixing: 'sku', x: 0, y: 2, class: 'A' },
  { id: 'F', kind: 'pick' },
  { id: 'F-1', kind: 'pick', in: 'F', capacity: CAPACITY['F-1']! },
  { id: 'F-2', kind: 'pick', in: 'F', capacity: CAPACITY['F-2']!, hazards: ['3'] },
]);
const SEED = Number(process.env['SEED'] ?? 1);
const RUNS = 300;

const TAGGED = gtinOf(1);
const epc = fc.constantFrom(...[1, 2, 3, 4].map((serial) => itemEpc(1, serial)));
const sku = fc.constantFrom('S1', 'S2', TAGGED);
const plain = fc.constantFrom('S1', 'S2');
const lot = fc.constantFrom('L1', 'L2');
const quantity = fc.integer({ min: 1, max: 8 });
const place = fc.constantFrom('DOCK-1', 'STAGE', 'RETURNS', 'R-1', 'R-2', 'F', 'F-1', 'F-2', 'HOLD', 'PACK', 'world');
const order = fc.constantFrom('O1', 'O2', 'O3');
const task = fc.constantFrom(...[1, 2, 3, 4].flatMap((number) => [`PUT-${number}`, `REPL-${number}`]));
const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });

const of = (kind: Command['kind'], ...parts: readonly fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({ kind }, ...all) as Command);

const command: fc.Arbitrary<Command> = fc.oneof(
  of('adjust', fc.record({ sku: plain, quantity, location: place.filter((one) => one !== 'world') }), some({ lot })),
  of('adjust', fc.record({ sku: plain, quantity, location: fc.constant('DOCK-1') }), some({ lot })),
  of('adjust', fc.record({ sku: plain, quantity: fc.constant(-3), location: fc.constantFrom('R-1', 'F-1', 'DOCK-1') })),
  of('move', fc.record({ epc, to: place })),
  of('move', fc.record({ epc, to: fc.constant('DOCK-1') })),
  of('move', fc.record({ sku: plain, quantity, from: place, to: place }), some({ lot })),
  of('hold', fc.record({ epc, status: fc.constantFrom('damaged', 'available', 'returned') })),
  of(
    'product',
    fc.record({ sku }),
    some({
      velocity: fc.constant('A'),
      hazard: fc.constant('3'),
      fixedBin: fc.constantFrom('F-1', 'F-2'),
    }),
    fc.constantFrom({}, { fixedBin: 'F-1', pickMinimum: 2, pickMaximum: 5 }),
  ),
  of('claim-task', fc.record({ task })),
  of('release-task', fc.record({ task })),
  of('confirm-task', fc.record({ task, scan: place }), some({ quantity })),
  of('confirm-task', fc.record({ task, scan: fc.constantFrom('R-1', 'R-2', 'F-1') })),
  of('confirm-task', fc.record({ task, scan: fc.constant('PACK') }), some({ quantity })),
  of(
    'order',
    fc.record({
      order,
      customer: fc.constant('SHOP'),
      lines: fc.tuple(sku, quantity).map(([one, many]) => [{ line: '1', sku: one, quantity: many }]),
      partial: fc.boolean(),
      priority: fc.constantFrom(3, 5, 9),
    }),
  ),
  of('cancel-order', fc.record({ order })),
  of('next-job', some({ location: fc.constantFrom('DOCK-1', 'R-1', 'PACK') })),
  of('release-job', fc.record({ job: fc.constant('putaway'), id: task })),
  of(
    'confirm-task',
    fc.record({ task, scan: fc.constantFrom('R-1', 'F-1'), epcs: fc.uniqueArray(epc, { minLength: 1 }) }),
  ),
);

const day = fc.array(
  fc.record({ command, actor: fc.constantFrom('ann', 'ben'), agoS: fc.constantFrom(0, 0, 0, 40, 95) }),
  { minLength: 5, maxLength: 40 },
);

/** What must hold after every row. */
function check({ infer, work }: SiteMachine): void {
  const { tasks } = work;
  const around = { balances: infer.balances };
  for (const [bin, capacity] of Object.entries(CAPACITY)) {
    const coming = tasksTo(tasks, bin).reduce((sum, one) => sum + openOf(one), 0);
    const lying = balancesAt(infer.balances, bin).reduce((sum, one) => sum + Math.max(0, one.quantity), 0);
    assert(coming === 0 || coming + lying <= capacity, 'No bin is promised more than it holds.', {
      bin,
      coming,
      lying,
    });
  }
  const open = new Map<string, number>();
  for (const one of tasks.byId.values()) {
    const { quantity: all, done, gone, doneBy } = one;
    assert(Math.min(all, done, gone) >= 0 && done + gone <= all, 'A task brings what it says.', { one });
    const brought = [...doneBy.values()].reduce((sum, part) => sum + part, 0);
    assert(inBooks(brought) === done, 'What is done was posted, once.', { one });
    const key = `${one.kind} ${standingKey(one.of)}`;
    open.set(key, inBooks((open.get(key) ?? 0) + openOf(one)));
    if (one.kind === 'replenish')
      assert(openOf(one) <= standing(around, one.of), 'It is there to be brought.', { one });
  }
  for (const accounts of infer.balances.byLocation.values()) {
    for (const balance of accounts.values()) {
      if (!mayBeStored(plan, balance)) continue;
      const key = `putaway ${standingKey(balance)}`;
      assert((open.get(key) ?? 0) === standing(around, balance), 'All that stands there is directed.', { balance });
      open.delete(key);
    }
  }
  checkOrders(work);
  for (const [key, left] of open)
    assert(left === 0 || !key.startsWith('putaway'), 'Nothing is directed that does not stand there.', { key, left });
}

function checkOrders({ tasks, outbound, queue }: SiteMachine['work']): void {
  const coming = new Map<string, number>();
  const jobs = new Set(
    [...queue.jobs.values()].filter(({ kind }) => kind !== 'pick').map(({ kind, id }) => `${kind} ${id}`),
  );
  for (const one of tasks.byId.values()) {
    const isToDo = openOf(one) > 0 && one.to !== undefined;
    assert(
      jobs.delete(`${one.kind} ${one.id}`) === isToDo,
      'What is to be brought is in the queue, and nothing else.',
      { one },
    );
    if (one.wants === undefined) continue;
    const key = `${one.wants.order} ${one.wants.line}`;
    coming.set(key, inBooks((coming.get(key) ?? 0) + openOf(one)));
  }
  assert(jobs.size === 0, 'Work of the queue is to be done.', { jobs: [...jobs] });
  for (const { id, lines, taken, isCancelled } of outbound.orders.values())
    for (const line of lines) {
      assert(
        (coming.get(`${id} ${line.line}`) ?? 0) <= (isCancelled ? 0 : waitingOf(line)),
        'No order is brought more than it waits for.',
        { id, line },
      );
      assert(isCancelled || hasOf(line) <= line.quantity, 'No order has more than it asks for.', { id, line });
      const picked = [...taken.values()].reduce((sum, one) => sum + one.quantity - one.shipped, 0);
      assert(inBooks(picked) === line.picked, 'What is picked of it was taken.', { id, line });
    }
}

it('holds', () => {
  fc.assert(
    fc.property(day, (happenings) => {
      const rows = placed(
        happenings.map(({ command: said, agoS, actor }, index) => {
          const at = MORNING + index * 5 * MINUTE_MS;
          return commandRow(at, { ...said, at: formatTime(at - agoS * SECOND_MS) }, `any-${at}`, actor);
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
      sameAgain({ plan, rows, effects });
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
