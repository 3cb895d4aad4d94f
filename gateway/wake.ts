// One loop sleeps, many wake it.

export interface Wake {
  /** Ends the sleep that is, or the next one. */
  readonly now: () => void;
  /** Sleeps until woken, at most `ms`. */
  readonly orAfter: (ms: number) => Promise<void>;
}

/** The longest that setTimeout can wait. */
const LONGEST_MS = 2 ** 31 - 1;

export function createWake(): Wake {
  let isWoken = false;
  let end: (() => void) | undefined;
  return {
    now() {
      isWoken = true;
      end?.();
    },
    async orAfter(ms) {
      if (!isWoken && ms > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, LONGEST_MS));
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        end = undefined;
      }
      isWoken = false;
    },
  };
}
