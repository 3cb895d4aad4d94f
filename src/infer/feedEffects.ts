// A snapshot of a 3PL or marketplace that was taken in. Times in ms.
export interface SnapshotEffect {
  readonly asOf: number;
  readonly takenAt: number;
  readonly by: string;
  readonly lines: number;
  /** Units that it showed to have come from transit, and units by which the books differed beyond that. */
  readonly arrived: number;
  readonly adjusted: number;
}
