// From a series of points to the times in which something held. Pure.

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
 * The spans in which every point was wrong, for at least `forMs`. A span begins when it has lasted so long; points more than
 * `gapMs` apart do not belong together.
 */
export function spansOf(points: readonly Point[], forMs = 0, gapMs = Number.POSITIVE_INFINITY): Span[] {
  const spans: Span[] = [];
  let since: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const end = (to: number | undefined, at: number): void => {
    if (since !== undefined && at - since >= forMs) spans.push({ from: since + forMs, to });
    since = undefined;
  };
  for (const { at, isWrong } of points) {
    if (at - last > gapMs) end(last, last);
    last = at;
    if (isWrong) since ??= at;
    else end(at, at);
  }
  end(undefined, last);
  return spans;
}
