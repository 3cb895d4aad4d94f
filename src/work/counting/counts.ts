// Counts of a site as one state, beside its orders: plans, the last word on each bin, and what differs somewhere.
import { add, remove } from '../sets.ts';
import { isOpen, stateOf, type Count, type Task } from './count.ts';

/** Since when a bin is as somebody counted it: of all SKUs, and of single ones. ms, event time. */
export interface LastCounted {
  readonly whole: number | undefined;
  readonly bySku: ReadonlyMap<string, number>;
  /** When it was last counted at all, tags or not. */
  readonly at: number;
}

export interface Counts {
  readonly plans: Map<string, Count>;
  readonly ended: Set<string>;
  /** By location. */
  readonly lastCounted: Map<string, LastCounted>;
  /** Open discrepancies that are about a location. */
  readonly marks: Map<string, { readonly location: string; readonly kind: string }>;
  numbers: { plans: number };
  /** Location → `plan task` that are open there. Made of the plans, so no part of a snapshot. */
  readonly openAt: Map<string, Set<string>>;
  /** Changed since it was last told, with the bins that did. */
  readonly untold: Map<string, Set<number>>;
  readonly unsaved: Set<string>;
}

export const openCounts = (): Counts => ({
  plans: new Map(),
  ended: new Set(),
  lastCounted: new Map(),
  marks: new Map(),
  numbers: { plans: 0 },
  openAt: new Map(),
  untold: new Map(),
  unsaved: new Set(),
});

const nameOf = ({ id }: Count, { task }: Task): string => `${id} ${task}`;

export function indexCount({ openAt }: Counts, count: Count): void {
  for (const task of count.tasks) if (isOpen(task)) add(openAt, task.location, nameOf(count, task));
}

/** Notes that bins of a plan changed. */
export function touchCount(counts: Counts, count: Count, tasks: readonly Task[], at: number): void {
  const changed = counts.untold.get(count.id) ?? new Set();
  counts.untold.set(count.id, changed);
  for (const task of tasks) {
    changed.add(task.task);
    if (!isOpen(task)) remove(counts.openAt, task.location, nameOf(count, task));
  }
  count.changedAt = Math.max(count.changedAt, at);
  if (stateOf(count) !== 'open') count.endedAt ??= count.changedAt;
  counts.unsaved.add(count.id);
}

/** Bins that wait at a location, each with its plan. */
export function tasksAt({ openAt, plans }: Counts, location: string): { readonly count: Count; readonly task: Task }[] {
  return [...(openAt.get(location) ?? [])].map((name) => {
    const [id = '', number] = name.split(' ');
    const count = plans.get(id)!;
    return { count, task: count.tasks[Number(number) - 1]! };
  });
}

/** So long after its end a plan is forgotten; its number is not given again. */
const ENDED_KEPT_MS = 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimCounts({ plans, ended, unsaved }: Counts, now: number): void {
  for (const count of plans.values()) {
    if (count.endedAt === undefined || count.endedAt > now - ENDED_KEPT_MS) continue;
    plans.delete(count.id);
    ended.add(count.id);
    unsaved.add(count.id);
  }
}
