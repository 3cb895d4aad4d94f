// Lets messages out when their time has come: at their own speed, a multiple of it, or as fast as they are taken.
import type { Clock } from '../src/kit/clock.ts';

/** Waits until it is time for what happened at `at` (ms of simulated time). */
export type Pacer = (at: number) => Promise<void>;

/** Shorter waits are not worth a timer. */
const WAIT_MIN_MS = 5;
/** Timers cannot run longer; and a stop should be noticed within a second. */
const WAIT_MAX_MS = 1000;

/** `speed` 1 is real time, 10 ten times as fast, Infinity without waiting. The first time asked for is now. */
export function createPacer(
  speed: number,
  clock: Clock,
  sleep: (ms: number) => Promise<void>,
  stopped: () => boolean,
): Pacer {
  if (speed === Infinity) return () => Promise.resolve();
  let origin: { readonly at: number; readonly startedAt: number } | undefined;
  return async (at) => {
    origin ??= { at, startedAt: clock() };
    const dueAt = origin.startedAt + (at - origin.at) / speed;
    for (let left = dueAt - clock(); left > WAIT_MIN_MS && !stopped(); left = dueAt - clock()) {
      await sleep(Math.min(left, WAIT_MAX_MS));
    }
  };
}
