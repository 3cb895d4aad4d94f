// The stage `derive`: rows of the journal to effects, each by the machines of its site. Row by row, as a replay takes them: what a row
// is decided by must not be cleaned further than that row, however many came at once. One row may free a bin of twenty thousand tags:
// it is derived in steps, and every few milliseconds the event loop has its turn, so that no acknowledgement waits for a decision.
import { Observable } from 'rxjs';
import { derivingRow, type SiteMachine } from './derive.ts';
import type { Steps } from './kit/steps.ts';
import type { Cuts } from './post/cuts.ts';
import type { Backlog } from './post/stage.ts';
import type { Row } from './wire/row.ts';
import type { Effects } from './infer/effects.ts';

/** Longest that rows are derived without a break, ms; of a step that is under way so much more. */
const SLICE_MS = 5;
/** Of many rows that wait so much longer each: at full load decisions keep pace with what comes in. */
const SLICE_MS_PER_ROW = 0.05;
const SLICE_MS_MOST = 100;

export interface DeriveOptions {
  /** Undefined for a site that is not derived here (any more): whoever takes it over reads its rows. */
  readonly machineOf: (site: string) => SiteMachine | undefined;
  /** What waits here counts there. */
  readonly backlog: Pick<Backlog, 'rows' | 'drained'>;
  readonly cuts: Cuts;
  readonly sliceMs?: number | undefined;
}

/** Rows by the machine that was theirs when they came: should another take its place, they are not for that one. */
interface Batch {
  readonly rows: readonly Row[];
  readonly machines: readonly (SiteMachine | undefined)[];
  next: number;
}

export const derive =
  (options: DeriveOptions) =>
  (rows$: Observable<readonly Row[]>): Observable<readonly Effects[]> =>
    new Observable((subscriber) => {
      const { machineOf, backlog, cuts } = options;
      const batches: Batch[] = [];
      let waiting = 0;
      let row: { readonly machine: SiteMachine; readonly site: string; readonly steps: Steps<Effects> } | undefined;
      let turn: NodeJS.Immediate | undefined;
      let isDone = false;

      const takeNext = (): boolean => {
        const [batch] = batches;
        if (batch === undefined) return false;
        const next = batch.rows[batch.next]!;
        const machine = batch.machines[batch.next++];
        if (batch.next === batch.rows.length) batches.shift();
        waiting--;
        if (machine === undefined || machineOf(next.site) !== machine) drop();
        else {
          row = { machine, site: next.site, steps: derivingRow(machine, next) };
          cuts.inRow(true);
        }
        return true;
      };
      const drop = (): void => {
        backlog.rows--;
        backlog.drained();
      };
      const endRow = (): void => {
        row = undefined;
        cuts.inRow(false);
      };
      /** One step of the row in hand, or the next row taken in hand. False when there is nothing to do. */
      const takeStep = (effects: Effects[]): boolean => {
        if (row === undefined) return takeNext();
        if (machineOf(row.site) !== row.machine) {
          endRow(); // given up in the middle of it: with its machine it is forgotten
          drop();
          return true;
        }
        const step = row.steps.next();
        if (step.done !== true) return true;
        effects.push(step.value);
        endRow();
        return true;
      };
      const run = (): void => {
        const sliceMs = options.sliceMs ?? Math.min(SLICE_MS_MOST, Math.max(SLICE_MS, waiting * SLICE_MS_PER_ROW));
        const endsAt = performance.now() + sliceMs;
        const effects: Effects[] = [];
        let hasMore = true;
        try {
          do hasMore = takeStep(effects);
          while (hasMore && performance.now() < endsAt);
        } catch (error) {
          subscriber.error(error);
          return;
        }
        turn = hasMore ? setImmediate(run) : undefined;
        if (effects.length > 0) subscriber.next(effects);
        if (!hasMore && isDone) subscriber.complete();
      };
      subscriber.add(() => clearImmediate(turn));
      return rows$.subscribe({
        next: (rows) => {
          batches.push({ rows, machines: rows.map(({ site }) => machineOf(site)), next: 0 });
          waiting += rows.length;
          backlog.rows += rows.length;
          turn ??= setImmediate(run); // who brought them has something of his own to do first: to send on what comes next
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          isDone = true;
          if (turn === undefined) subscriber.complete();
        },
      });
    });
