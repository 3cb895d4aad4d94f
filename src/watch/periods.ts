// From a series of points, or from times of single things, to the times in which something held. Pure.
import type { Period } from './finding.ts';

export interface Point {
  readonly at: number;
  readonly isWrong: boolean;
}

export interface Span {
  readonly from: number;
  /** Undefined when it still held at the end of the series. */
  readonly to: number | undefined;
}

/**
 * The spans until `end` in which every point was wrong, for at least `forMs`. A span begins when it has lasted so long. A
 * point holds until the next one, but for no longer than `holdsMs`: after that nothing is known.
 */
export function spansOf(
  points: readonly Point[],
  end: number,
  forMs = 0,
  holdsMs = Number.POSITIVE_INFINITY,
): readonly Span[] {
  const spans: Span[] = [];
  let since: number | undefined;
  let last = Number.POSITIVE_INFINITY;
  const close = (at: number, to: number | undefined): void => {
    if (since !== undefined && at - since >= forMs) spans.push({ from: since + forMs, to });
    since = undefined;
  };
  for (const { at, isWrong } of points) {
    if (at > last + holdsMs) close(last + holdsMs, last + holdsMs);
    last = at;
    if (isWrong) since ??= at;
    else close(at, at);
  }
  if (end > last + holdsMs) close(last + holdsMs, last + holdsMs);
  else close(end, undefined);
  return spans;
}

/** A time in which one of several things held, and how many it stands for (1 when left out). */
export interface Share extends Period {
  readonly count?: number;
}

/** The times in which what held of a subject at once came to `least` or more. The message is that of the one that made it so. */
export function atOnce(shares: readonly Share[], least: number): readonly Period[] {
  const edges = shares
    .flatMap(({ subject, from, to, message, count = 1 }) => [
      { subject, message, at: from, by: count },
      ...(to === undefined ? [] : [{ subject, message, at: to, by: -count }]),
    ])
    // What begins as another ends goes on.
    .toSorted((a, b) => a.at - b.at || b.by - a.by);
  const counts = new Map<string, number>();
  const open = new Map<string, Period>();
  const periods: Period[] = [];
  for (const { subject, message, at, by } of edges) {
    const count = (counts.get(subject) ?? 0) + by;
    counts.set(subject, count);
    const held = open.get(subject);
    if (held === undefined && count >= least) open.set(subject, { subject, from: at, to: undefined, message });
    if (held !== undefined && count < least) {
      if (at > held.from) periods.push({ ...held, to: at });
      open.delete(subject);
    }
  }
  return [...periods, ...open.values()];
}
