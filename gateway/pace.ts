// How fast may be sent: so many a second, after a burst. Pure: time is an argument, ms.

export interface Pace {
  /** 0 when one may go now, and counts it; else the ms until one may. */
  readonly take: (now: number) => number;
}

export function createPace(perSecond: number, burst: number): Pace {
  let allowance = burst;
  let at: number | undefined;
  return {
    take(now) {
      const passed = at === undefined ? 0 : Math.max(0, now - at);
      at = now;
      allowance = Math.min(burst, allowance + (passed * perSecond) / 1000);
      if (allowance < 1) return Math.ceil(((1 - allowance) * 1000) / perSecond);
      allowance--;
      return 0;
    },
  };
}

/**
 * How long to wait before the next attempt, ms: doubled with each failure, and a random half of it (`random` in 0..1) so that
 * a hundred gateways do not come back in the same second.
 */
export function backoffMs(failures: number, leastMs: number, mostMs: number, random: number): number {
  const most = Math.min(mostMs, leastMs * 2 ** Math.min(failures, 20));
  return most / 2 + (most / 2) * random;
}
