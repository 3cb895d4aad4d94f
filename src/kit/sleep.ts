// Waiting that can be cut short, so that stopping never waits for a retry.

/** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** Resolves with true when `condition` holds, asked again and again; with false after `withinMs`. */
export async function until(condition: () => boolean, withinMs: number, everyMs = 10): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await sleep(everyMs);
  }
  return true;
}

/** What the promise resolves with, or undefined when it takes longer; nothing is left ticking either way. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, done.signal).then(() => undefined)]);
  } finally {
    done.abort();
  }
}

/**
 * How long to wait before the next attempt, ms: doubled with each failure, and a random half of it (`random` in 0..1) so that
 * a hundred that wait do not come back in the same second.
 */
export function backoffMs(failures: number, leastMs: number, mostMs: number, random: number): number {
  const most = Math.min(mostMs, leastMs * 2 ** Math.min(failures, 20));
  return most / 2 + (most / 2) * random;
}
