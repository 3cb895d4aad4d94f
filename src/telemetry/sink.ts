// Where points go. A sink takes the points of a range of a site's journal, whole; the projector decides which range.
import type { Points } from './project.ts';

/** Points of the rows after `from` up to `to`. The same range may come again after a crash, and then exactly so. */
export interface PointBatch {
  readonly site: string;
  readonly from: number;
  readonly to: number;
  readonly points: Points;
}

export interface Sink {
  /** Its name in the cursor table. */
  readonly name: string;
  /** How far it has come; `pending` is the end of a range that may have been written already. */
  readonly cursor: (site: string) => Promise<{ readonly offset: number; readonly pending: number | undefined }>;
  /** Writes a range and moves the cursor to its end. Throws when it could not; then it is tried again. */
  readonly write: (batch: PointBatch) => Promise<void>;
  readonly close: () => Promise<void>;
}
