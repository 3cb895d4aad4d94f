// The stage `post`: effects into the ledger, a few commits a second and site, in order. A waiting command commits at once.
// While Postgres is away effects wait here, within a bound that holds back the intake.
import { Observable } from 'rxjs';
import { Fault } from '../kit/faults.ts';
import type { Effects } from '../infer/effects.ts';
import { isEmpty, isNothing } from '../infer/effects.ts';
import type { EffectsBatch } from './batch.ts';

export interface PostOptions {
  /** Commits a batch; resolves when it is in the ledger, retries what heals. */
  readonly post: (batch: EffectsBatch) => Promise<void>;
  /** Everything up to here is in the ledger already; undefined for a site that was given up. */
  readonly postedTo: (site: string) => number | undefined;
  readonly posted: (site: string, to: number) => void;
  /** Sites that another process has taken over: what waits of them is its work now. */
  readonly lost$?: Observable<string>;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Between two commits, so that the work of many rows shares one; a command does not wait for it. */
const PAUSE_MS = 100;
/** How late the cursor may be when there is nothing else to post. */
const CURSOR_PAUSE_MS = 1000;
/** Rows waiting to be derived or posted from which on the intake is held back. */
export const WAITING_ROWS_MAX = 20_000;
const BATCH_ROWS_MAX = 5000;

/** What waits, and how to wait until it is less. */
export interface Backlog {
  /** Counted from where rows wait to be derived. */
  rows: number;
  readonly whenLess: () => Promise<void>;
  readonly drained: () => void;
}

export function openBacklog(): Backlog {
  let waiting: (() => void)[] = [];
  const backlog: Backlog = {
    rows: 0,
    whenLess: () =>
      backlog.rows < WAITING_ROWS_MAX ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    drained: () => {
      if (backlog.rows >= WAITING_ROWS_MAX / 2) return;
      for (const resume of waiting) resume();
      waiting = [];
    },
  };
  return backlog;
}

/** What waits of one site. Sites do not wait for each other but for their turn at the connection. */
interface Line {
  readonly site: string;
  readonly effects: Effects[];
  isBusy: boolean;
  /** Nothing waits but the cursor. */
  isIdle: boolean;
  /** A person or a system waits for the outcome of a command. */
  isUrgent: boolean;
  wake: () => void;
}

export const post =
  (options: PostOptions, backlog: Backlog) =>
  (effects$: Observable<readonly Effects[]>): Observable<EffectsBatch> =>
    new Observable((subscriber) => {
      const lines = new Map<string, Line>();
      let isDone = false;

      const run = async (line: Line): Promise<void> => {
        while (line.effects.length > 0 && !subscriber.closed) {
          await untilDue(line, options.sleep, () => isDone);
          const batch = line.effects.splice(0, BATCH_ROWS_MAX);
          line.isIdle = line.effects.every((effect) => isNothing(effect));
          line.isUrgent = line.effects.some((effect) => effect.outcome !== undefined);
          const posted = await postBatch(line.site, batch, options);
          if (posted === 'lost') forget(line);
          else if (posted !== undefined) subscriber.next(posted);
          backlog.rows -= batch.length;
          backlog.drained();
        }
        line.isBusy = false;
        if (isDone && [...lines.values()].every(({ isBusy }) => !isBusy)) subscriber.complete();
      };
      const forget = (line: Line): void => {
        backlog.rows -= line.effects.length;
        line.effects.length = 0;
        backlog.drained();
      };
      subscriber.add(
        options.lost$?.subscribe((site) => {
          const line = lines.get(site);
          if (line !== undefined) forget(line);
        }),
      );
      const take = (effect: Effects): void => {
        const line = lineOf(lines, effect.site);
        line.effects.push(effect);
        const wasIdle = line.isIdle;
        line.isIdle &&= isNothing(effect);
        line.isUrgent ||= effect.outcome !== undefined;
        if (line.isUrgent || wasIdle !== line.isIdle || line.effects.length === BATCH_ROWS_MAX) line.wake();
      };
      return effects$.subscribe({
        next: (effects) => {
          for (const effect of effects) take(effect);
          for (const line of lines.values()) {
            if (line.isBusy || line.effects.length === 0) continue;
            line.isBusy = true;
            run(line).catch((error: unknown) => subscriber.error(error));
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          isDone = true;
          for (const line of lines.values()) line.wake();
          if ([...lines.values()].every(({ isBusy }) => !isBusy)) subscriber.complete();
        },
      });
    });

function lineOf(lines: Map<string, Line>, site: string): Line {
  let line = lines.get(site);
  if (line === undefined) {
    line = { site, effects: [], isBusy: false, isIdle: true, isUrgent: false, wake: () => {} };
    lines.set(site, line);
  }
  return line;
}

async function postBatch(
  site: string,
  batch: readonly Effects[],
  options: PostOptions,
): Promise<EffectsBatch | 'lost' | undefined> {
  const from = options.postedTo(site);
  const to = batch.at(-1)?.offset;
  if (from === undefined || to === undefined || to <= from) return undefined;
  const effects = batch.filter((effect) => effect.offset > from && !isEmpty(effect));
  const posted: EffectsBatch = { site, from, to, effects };
  try {
    await options.post(posted);
  } catch (error) {
    if (options.lost$ !== undefined && error instanceof Fault && error.code === 'site-lost') return 'lost';
    throw error;
  }
  options.posted(site, to);
  return posted;
}

/** Waits so that the work of many rows shares a commit: long for the cursor alone, not at all when somebody waits for it. */
async function untilDue(line: Line, sleep: PostOptions['sleep'], isDone: () => boolean): Promise<void> {
  const isDue = (): boolean => isDone() || line.isUrgent || line.effects.length >= BATCH_ROWS_MAX;
  if (line.isIdle && !isDue()) {
    await pause(CURSOR_PAUSE_MS, line, sleep, () => isDue() || !line.isIdle);
    if (line.isIdle) return;
  }
  if (!isDue()) await pause(PAUSE_MS, line, sleep, isDue);
}

/** Waits, unless woken with a reason to end it. */
async function pause(ms: number, line: Line, sleep: PostOptions['sleep'], isOver: () => boolean): Promise<void> {
  const woken = new Promise<void>((resolve) => {
    line.wake = () => {
      if (isOver()) resolve();
    };
  });
  await Promise.race([sleep(ms), woken]);
  line.wake = () => {};
}
