// Work that is done again and again for as long as we run, several kinds of it beside each other. What fails is tried again.
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';

const AGAIN_AFTER_MS = 5000;

/** Does `work` until the signal of the repeater aborts; `work` says how long to wait before the next time, ms. */
export type Repeat = (work: () => Promise<number>) => Promise<void>;

/** Told once when any of the work begins to fail, and once when none of it fails any more. */
export function openRepeater(signal: AbortSignal, log: Logger): Repeat {
  let failing = 0;
  return async (work) => {
    let isFailing = false;
    while (!signal.aborted) {
      let pauseMs = AGAIN_AFTER_MS;
      try {
        pauseMs = await work();
        if (isFailing && --failing === 0) log.info('alerts are watched again');
        isFailing = false;
      } catch (error) {
        if (!isFailing && failing++ === 0 && !signal.aborted)
          log.warn({ reason: messageOf(error) }, 'alerts cannot be watched; it is tried again');
        isFailing = true;
      }
      await sleep(pauseMs, signal);
    }
  };
}
