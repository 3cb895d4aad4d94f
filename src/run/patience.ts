// Whether Postgres answers, as those find out who ask it, and patience until it does.
import type { Journal } from '../intake/journal.ts';
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';
import { isUnavailable, troubleOf } from '../store/database.ts';

export interface Patience {
  /** Did it answer the last time? */
  readonly isAnswered: () => boolean;
  /** Tries until it answers; throws what does not heal, and what is `unavailable` once the signal is aborted. */
  readonly retry: <T>(work: () => Promise<T>) => Promise<T>;
  /** The journal, with an eye on whether it can be appended to. */
  readonly watched: (journal: Journal) => Journal;
}

const RETRY_MS = 200;
const RETRY_MOST_MS = 2000;

export function openPatience(log: Logger, signal: AbortSignal): Patience {
  let isAnswered = true;

  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      isAnswered = true;
      return result;
    } catch (error) {
      if (isUnavailable(error)) isAnswered = false;
      throw error;
    }
  };
  return {
    isAnswered: () => isAnswered,
    async retry(work) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await asked(work);
        } catch (error) {
          if (!isUnavailable(error) || signal.aborted) throw error;
          if (attempt === 0) log.warn({ reason: messageOf(error) }, `${troubleOf(error)}; trying again`);
          await sleep(Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** Math.min(attempt, 10)), signal);
        }
      }
    },
    watched: (journal) => ({ ...journal, append: (...given) => asked(() => journal.append(...given)) }),
  };
}
