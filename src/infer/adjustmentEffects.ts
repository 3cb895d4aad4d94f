// What became of a correction that somebody made. Times in ms.
import type { AdjustmentKind, AdjustmentState } from '../wire/adjusting.ts';

export interface AdjustmentEffect {
  readonly id: string;
  readonly kind: AdjustmentKind;
  readonly epc: string | undefined;
  readonly sku: string | undefined;
  readonly lot: string;
  readonly owner: string;
  readonly location: string;
  /** The status that it has, or for `hold` gets. */
  readonly status: string;
  /** Found: positive; missing, gone or scrapped: negative; of `hold` so much. */
  readonly quantity: number;
  readonly code: string;
  readonly reason: string | undefined;
  readonly by: string;
  readonly at: number;
  readonly state: AdjustmentState;
  readonly decidedBy: string | undefined;
  readonly decidedAt: number | undefined;
}
