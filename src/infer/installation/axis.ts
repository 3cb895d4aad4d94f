// Which antennas of a portal look at the same side, by when they hear what moves through it: those of one side hear a load early
// together and late together, those of the other side the other way round, whichever way it goes.

export interface Axis {
  /** By antenna: towards one side or the other; the sign of all together means nothing. Its length is 1. */
  readonly loading: readonly number[];
  /** Share of all that is early or late that this one axis explains: about 1 at a good door, below a half when nothing has a side. */
  readonly share: number;
}

const ROUNDS = 40;

/** The first principal axis of how late antennas hear loads (Hotelling's power method). */
export function axisOf(lags: readonly (readonly number[])[]): Axis {
  const size = lags[0]?.length ?? 0;
  const moments = Array.from({ length: size }, (_, a) =>
    Array.from({ length: size }, (__, b) => lags.reduce((sum, lag) => sum + lag[a]! * lag[b]!, 0)),
  );
  const trace = moments.reduce((sum, row, a) => sum + row[a]!, 0);
  if (trace === 0) return { loading: Array.from({ length: size }, () => 0), share: 0 };
  // Begins with the antenna that varies most: with no part in the axis the method would never find it.
  const first = moments.reduce((best, row, a) => (row[a]! > moments[best]![best]! ? a : best), 0);
  let loading = moments[first]!;
  let length = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = moments.map((row) => row.reduce((sum, value, b) => sum + value * loading[b]!, 0));
    const norm = Math.hypot(...loading);
    length = Math.hypot(...next) / norm;
    const scale = Math.hypot(...next);
    loading = next.map((value) => value / scale);
  }
  return { loading, share: length / trace };
}
