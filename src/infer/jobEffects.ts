// What work for people has become. Times in ms.
import type { JobKind, JobState } from '../wire/queue.ts';

export interface JobEffect {
  readonly kind: JobKind;
  /** Number of the task, pick list, plan of counts or order. */
  readonly id: string;
  /** Of a plan of counts, the number of the bin; else 0. */
  readonly part: number;
  /** Where one goes for it first; undefined where the site file has no such place. */
  readonly from: string | undefined;
  /** Where it ends. */
  readonly to: string | undefined;
  /** What is to be done, for a person: "7 of WASHERS". */
  readonly what: string;
  readonly priority: number;
  /** When it has to be out. */
  readonly dueAt: number | undefined;
  /** The order that it is for, the most urgent one. */
  readonly order: string | undefined;
  /** Who may not do it: who counted it before. */
  readonly notFor: readonly string[];
  readonly claim: { readonly by: string; readonly until: number } | undefined;
  readonly state: JobState;
  readonly createdAt: number;
  readonly changedAt: number;
}
