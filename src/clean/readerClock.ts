// Reader clocks (promise P7): skew is not delay. Only errors that delay cannot explain are corrected: a clock in the
// future, or in a year before any reader of today was made. A backlog keeps its true times. Pure.

/** What is known of one reader's clock. Times in ms. */
export interface ReaderClock {
  /** Added to the reader's times. 0 while its clock is taken as right. */
  readonly offsetMs: number;
  /** The newest time that it showed since the offset was set. */
  readonly shown: number;
}

export const RIGHT_CLOCK: ReaderClock = { offsetMs: 0, shown: Number.NEGATIVE_INFINITY };

/** Readers without a battery start in 1970 or 2000 until they hear of the time. */
const OLDEST_BELIEVABLE = Date.UTC(2020, 0, 1);

/**
 * The clock after a message whose newest time is `newest`, by the clock of whoever took it from the reader (`reference`:
 * the gateway's `sentAt`, else our arrival time). An offset, once set, changes only when the clock leaves the tolerance again.
 */
export function heard(clock: ReaderClock, newest: number, reference: number, toleranceMs: number): ReaderClock {
  const lag = reference - (newest + clock.offsetMs);
  const setAnew: ReaderClock = { offsetMs: reference - newest, shown: newest };
  if (lag < -toleranceMs) return setAnew;
  const neverSet = newest < OLDEST_BELIEVABLE && reference >= OLDEST_BELIEVABLE;
  if (neverSet && clock.offsetMs === 0) return setAnew;
  // Switched off and on it begins again: it shows less than before, and that is no delay of the one who took it.
  if (neverSet && lag > toleranceMs && newest < clock.shown - toleranceMs) return setAnew;
  if (!neverSet && clock.offsetMs !== 0 && Math.abs(reference - newest) <= toleranceMs)
    return { offsetMs: 0, shown: newest };
  return newest > clock.shown ? { offsetMs: clock.offsetMs, shown: newest } : clock;
}
