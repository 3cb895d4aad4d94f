// A plan of counts and its bins: who counted what when, what moved there since, and what came of it.
import type { CountEffect, CountLineEffect, CountTaskEffect } from '../../infer/countEffects.ts';
import type { CountReason, CountState, TaskState } from '../../wire/counting.ts';

/** One stock in a bin: a record of the books. */
export interface BinStock {
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly status: string;
  readonly container: string;
}

/** What somebody counted of a bin once, as of a moment. */
export interface Attempt {
  readonly by: string;
  /** ms, event time. */
  readonly at: number;
  /** What has no tags; undefined when only tags were counted. */
  readonly plain: readonly (BinStock & { readonly quantity: number })[] | undefined;
  /** Tags that were there; undefined when only what has none was counted. */
  readonly tags: readonly string[] | undefined;
  readonly how: 'person' | 'sweep';
}

/** So much came into the bin, or with less than nothing left it. */
export interface Moved extends BinStock {
  readonly at: number;
  readonly quantity: number;
}

/** Sweeps of a bin that have not told enough yet. */
export interface Sweeping {
  readonly by: readonly string[];
  /** Tag → when it was read last. */
  readonly read: ReadonlyMap<string, number>;
  /** Tag that the books have there → P(no sweep reads it though it is there), as often as it was not read. */
  readonly unread: ReadonlyMap<string, number>;
}

export interface Task {
  readonly task: number;
  readonly location: string;
  readonly madeAt: number;
  state: TaskState;
  attempts: readonly Attempt[];
  sweeping: Sweeping | undefined;
  /** What has no tags and moved there since the task was made. */
  moved: Moved[];
  lines: readonly CountLineEffect[];
  uncertain: CountTaskEffect['uncertain'];
  records: number;
  accurate: number;
  closedAt: number | undefined;
  approvedBy: string | undefined;
}

export interface Count {
  readonly id: string;
  readonly by: CountReason;
  readonly madeBy: string;
  readonly createdAt: number;
  changedAt: number;
  readonly skus: readonly string[];
  readonly tasks: readonly Task[];
  isCancelled: boolean;
  /** From when on nothing of it is open. */
  endedAt: number | undefined;
}

const SEPARATOR = '\u001e';
export const recordKey = ({ sku, lot, owner, status, container }: BinStock): string =>
  [sku, lot, owner, status, container].join(SEPARATOR);

export const isOpen = ({ state }: Task): boolean => state !== 'closed' && state !== 'cancelled';

export const stateOf = ({ tasks, isCancelled }: Count): CountState =>
  tasks.some((task) => isOpen(task)) ? 'open' : isCancelled ? 'cancelled' : 'closed';

export function countEffect(count: Count, changed: ReadonlySet<number>): CountEffect {
  const { id, by, madeBy, createdAt, changedAt, skus, tasks } = count;
  return {
    id,
    by,
    state: stateOf(count),
    madeBy,
    createdAt,
    changedAt,
    skus,
    taskCount: tasks.length,
    done: tasks.filter((task) => !isOpen(task)).length,
    tasks: tasks.filter(({ task }) => changed.has(task)).map((task) => taskEffect(task)),
  };
}

function taskEffect(one: Task): CountTaskEffect {
  const { task, location, state, attempts, closedAt, approvedBy, records, accurate, lines, uncertain, sweeping } = one;
  return {
    task,
    location,
    state,
    attempts: attempts.length,
    countedBy: [...new Set([...attempts.map(({ by }) => by), ...(sweeping?.by ?? [])])],
    firstCountedAt: attempts[0]?.at,
    countedAt: attempts.at(-1)?.at,
    closedAt,
    approvedBy,
    records,
    accurate,
    lines,
    uncertain,
  };
}
