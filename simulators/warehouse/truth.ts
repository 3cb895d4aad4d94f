// What really happened, one JSON a line, in the order in which it happened. `movement` is false for what is none but
// looks like one; there `from` and `to` are the same.
import { formatTime } from '../../src/wire/time.ts';
import type { MovementKind, NoteKind } from './state.ts';

export interface TruthLine {
  /** ms since 1970; of a passage, the moment in which the middle of the pallet passed the door. */
  readonly at: number;
  readonly site: string;
  readonly epc: string;
  /** By the site's rules, else GTIN-14; null for pallets and for tags of others. */
  readonly sku: string | null;
  readonly from: string;
  readonly to: string;
  /** Where it could be observed; null when no read point looks there. */
  readonly readPoint: string | null;
  readonly kind: MovementKind | NoteKind;
  readonly movement: boolean;
  /** The EPC of the case or pallet it is in. */
  readonly containerEpc?: string;
  /** False when it has no working tag: nobody can read it. */
  readonly tagged: boolean;
  /** Finer than `to`. */
  readonly bin?: string;
  /** Where it should have gone. */
  readonly directed?: string;
}

/** One line of NDJSON, without the line feed; what matters most first. */
export function truthToNdjson({ at, epc, sku, from, to, readPoint, kind, movement, ...rest }: TruthLine): string {
  return JSON.stringify({ at: formatTime(at), epc, sku, from, to, readPoint, kind, movement, ...rest });
}
