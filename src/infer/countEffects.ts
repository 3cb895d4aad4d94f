// What counts have become: plans, and the bins of them that changed. Times in ms.
import type { CountReason, CountState, TaskState } from '../wire/counting.ts';

export interface CountEffect {
  readonly id: string;
  readonly by: CountReason;
  readonly state: CountState;
  readonly madeBy: string;
  readonly createdAt: number;
  readonly changedAt: number;
  /** SKUs that alone are counted; empty for all. */
  readonly skus: readonly string[];
  readonly taskCount: number;
  readonly done: number;
  readonly tasks: readonly CountTaskEffect[];
}

export interface CountTaskEffect {
  readonly task: number;
  readonly location: string;
  readonly state: TaskState;
  readonly attempts: number;
  readonly countedBy: readonly string[];
  readonly firstCountedAt: number | undefined;
  readonly countedAt: number | undefined;
  readonly closedAt: number | undefined;
  readonly approvedBy: string | undefined;
  /** Records that were counted first, and those of them that were within tolerance then. */
  readonly records: number;
  readonly accurate: number;
  readonly lines: readonly CountLineEffect[];
  /** Tags that were not read, and how likely each is really missing: to be looked for. */
  readonly uncertain: readonly { readonly epc: string; readonly probability: number }[];
}

/** One record of a bin: what the books had as of the count, and what was there. */
export interface CountLineEffect {
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly status: string;
  readonly container: string;
  readonly expected: number;
  readonly counted: number;
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
  readonly isWithin: boolean;
}
