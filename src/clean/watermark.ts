// How far the event time of a reader has come. While reads arrive it is their own time; in silence it goes on at the pace
// of our clock. A reader that replays a backlog therefore lives in the past until it has caught up, and nobody waits for it.

export interface Mark {
  /** Newest corrected time heard of this reader. */
  readonly newest: number;
  /** Our clock when that was. */
  readonly heardAt: number;
}

/** Further behind than the promptest reader of the same place by this, a reader is replaying a backlog. */
const BACKLOG_MS = 10_000;

/** The mark after a message with reads up to `newest` that arrived at `now`. Old reads do not turn time back. */
export const marked = (mark: Mark | undefined, newest: number, now: number): Mark =>
  mark === undefined || newest > mark.newest ? { newest, heardAt: now } : mark;

/** Event time that a place has reached at `now`: of its slowest reader, those left out that replay a backlog. */
export function reachedAt(marks: readonly Mark[], now: number): number {
  let leastLag = Number.POSITIVE_INFINITY;
  for (const mark of marks) leastLag = Math.min(leastLag, mark.heardAt - mark.newest);
  let reached = Number.POSITIVE_INFINITY;
  for (const mark of marks) {
    const lag = mark.heardAt - mark.newest;
    if (lag <= leastLag + BACKLOG_MS) reached = Math.min(reached, Math.max(mark.newest, now - lag));
  }
  return marks.length === 0 ? Number.NEGATIVE_INFINITY : reached;
}

/** Our clock when a place will have reached `time` though nothing more arrives. */
export const arrivalOf = (marks: readonly Mark[], now: number, time: number): number =>
  now + Math.max(0, time - reachedAt(marks, now));
