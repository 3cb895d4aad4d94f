// Reads that come seconds out of their order lead to the same history (promise P3), whoever came first: the numbers that tags are given
// by arrival decide nothing, not even which of many are weighed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateCommand } from '../../../simulators/simulate.ts';
import { random } from '../../../simulators/random.ts';
import { rowsOf } from '../../../src/commands/recording.ts';
import { deriveEnd, deriveRow, dueAt, openMachine } from '../../../src/derive.ts';
import type { Effects, Transaction } from '../../../src/infer/effects.ts';
import type { Row } from '../../../src/wire/row.ts';
import { demoSite } from '../simulators/demoSite.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallygate-out-of-order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DAY_MS = 86_400_000;
const TICK_MS = 200;
const TICKS_MOST = 6000;
/** How far from its place a row may come. */
const PLACES = 20;

/** Mornings on which loads of more tags than are weighed by courses go through a door. */
describe.each(['2026-11-26T00:00:00Z', '2026-11-26T03:22:00Z', '2026-11-26T03:23:00Z'])(
  'a morning from %s',
  (start) => {
    const plan = demoSite();
    const rows: Row[] = [];
    beforeAll(async () => {
      const recording = join(folder, `${start.replaceAll(':', '')}.ndjson`);
      const settings = ['--level', 'clean', '--seed', '7', '--minutes', '2', '--start', start, '--out', recording];
      await simulateCommand(settings);
      for await (const { row } of rowsOf(plan, readFileSync(recording, 'utf8').split('\n'))) rows.push(row);
    });

    /** What holds in the end, of rows as they come and of the silence after them. */
    function history(arriving: readonly Row[]): string[] {
      const machine = openMachine(plan);
      const standing = new Map<string, Transaction>();
      const take = ({ transactions }: Effects): void => {
        for (const transaction of transactions) {
          if (transaction.supersedes === undefined) standing.set(transaction.id, transaction);
          else standing.delete(transaction.supersedes);
        }
      };
      let offset = 0;
      let now = 0;
      const next = (row: Row): void => {
        now = row.receivedAt;
        take(deriveRow(machine, { ...row, offset: ++offset }));
      };
      for (const row of arriving) next(row);
      for (let tick = 0; tick < TICKS_MOST && dueAt(machine, now) !== Number.POSITIVE_INFINITY; tick++)
        next({ kind: 'tick', site: plan.site, offset, receivedAt: now + TICK_MS });
      take(deriveEnd(machine));
      return [...standing.values()]
        .map(({ epc, type, from, to, happenedAt }) => JSON.stringify([epc, type, from, to, happenedAt]))
        .toSorted();
    }

    it('leads to the same history as in order', () => {
      const calm = history(rows);
      expect(calm.length).toBeGreaterThan(100);
      for (const seed of [1, 2, 3]) {
        const chance = random(seed, 'out of order');
        const disordered = rows
          .map((row, index) => ({ row, place: index + chance.between(0, PLACES) }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ row }, index) => ({ ...row, receivedAt: rows[0]!.receivedAt + 2 * DAY_MS + 2 * index }));
        expect(history(disordered)).toEqual(calm);
      }
    }, 60_000);
  },
);
