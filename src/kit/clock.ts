// Time is an argument everywhere but here. A clock is read at the rims (intake, API, gateway) and handed inward.

/** Milliseconds since 1970, UTC. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** A clock that never turns back and never stands still, whatever is done to the clock of the machine. */
export interface FlowingClock {
  readonly now: Clock;
  /** From now on it shows at least this. */
  readonly notBefore: (time: number) => void;
}

/** While the machine's clock is behind what was shown, time goes on a tenth slower than it does, until that one is right again. */
const CATCH_UP_PACE = 0.9;

/** `elapsed`: milliseconds that pass whatever is done to the clock. */
export function flowingClock(clock: Clock, elapsed: () => number = () => performance.now()): FlowingClock {
  let shown = clock();
  let lookedAt = elapsed();
  return {
    now() {
      const at = elapsed();
      shown = Math.max(clock(), shown + CATCH_UP_PACE * (at - lookedAt));
      lookedAt = at;
      return Math.floor(shown);
    },
    notBefore(time) {
      shown = Math.max(shown, time);
    },
  };
}
