// What tasks have become. Times in ms.
import type { TaskKind, TaskRule, TaskState } from '../wire/task.ts';

export interface TaskEffect {
  readonly id: string;
  readonly kind: TaskKind;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  /** Where it stands, in which container and with which status. */
  readonly from: string;
  readonly container: string;
  readonly status: string;
  /** The bin; undefined while none may take it. */
  readonly to: string | undefined;
  readonly rule: TaskRule | undefined;
  /** Why that bin, or why none, for a person. */
  readonly reason: string;
  /** The line of an order that waits for it, when it goes there at once. */
  readonly wants: { readonly order: string; readonly line: string } | undefined;
  readonly quantity: number;
  readonly done: number;
  /** Of it, what is not there to be brought any more. */
  readonly gone: number;
  readonly state: TaskState;
  readonly claim: { readonly by: string; readonly until: number } | undefined;
  readonly createdAt: number;
  readonly changedAt: number;
}
