// What is too old is dropped, every hour: see src/store/retention.ts for what that is.
import type { Clock } from '../kit/clock.ts';
import { retain, type RetentionOptions } from '../store/retention.ts';

const RETENTION_EVERY_MS = 3_600_000;

/** Once soon after the start, then every hour. */
export function startRetention(options: RetentionOptions, clock: Clock): { readonly stop: () => void } {
  const run = (): void => void retain(options, clock());
  const first = setTimeout(run, 60_000);
  const timer = setInterval(run, RETENTION_EVERY_MS);
  return {
    stop() {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
