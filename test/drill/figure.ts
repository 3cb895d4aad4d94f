// What a drill takes and gives: a seed and a length, rows of figures. Every figure says what was asked of it.

export interface DrillOptions {
  /** The same seed does the same at the same counts; when exactly that is, the machine decides. */
  readonly seed: number;
  /** Minutes instead of seconds. */
  readonly long: boolean;
}

export interface Figure {
  readonly what: string;
  readonly asked: string;
  readonly got: string;
  readonly ok: boolean;
}

export type Drill = (options: DrillOptions) => Promise<readonly Figure[]>;

/** As many as asked for, no more and no fewer. */
export const exactly = (what: string, asked: number | string, got: number | string): Figure => ({
  what,
  asked: String(asked),
  got: String(got),
  ok: asked === got,
});

/** `unit` with the space before it. */
export const atLeast = (what: string, asked: number, got: number, unit = ''): Figure => ({
  what,
  asked: `≥ ${asked}${unit}`,
  got: `${Math.floor(got)}${unit}`,
  ok: got >= asked,
});

export const atMost = (what: string, asked: number, got: number, unit = ''): Figure => ({
  what,
  asked: `≤ ${asked}${unit}`,
  got: `${Math.ceil(got)}${unit}`,
  ok: got <= asked,
});

/** Nothing is asked of it: it is what it is on this machine. */
export const stated = (what: string, got: string): Figure => ({ what, asked: '', got, ok: true });

/** Figures that are not as asked, as a test shows them. */
export const failed = (figures: readonly Figure[]): readonly Figure[] => figures.filter(({ ok }) => !ok);

/** The value below which so much of a list lies; 0 of an empty one. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
