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
