// The tasks of a site as one state: found by what they bring, by the bin that they bring it to, and by what was posted for them.
import { inBooks } from '../../infer/balances.ts';
import type { TaskEffect } from '../../infer/taskEffects.ts';
import type { TaskKind } from '../../wire/task.ts';
import { add, remove } from '../sets.ts';
import { isClaimed, openOf, standingKey, taskEffect, type Task } from './task.ts';
import { takeAll } from '../takeAll.ts';

export interface Tasks {
  readonly byId: Map<string, Task>;
  /**
   * Tag → the bin that it was directed to, when a zone around that bin was all that heard it there: it takes up room in the bin, though the
   * books have it in the zone.
   */
  readonly presumed: Map<string, string>;
  readonly numbers: { last: number; readonly byKind: Record<TaskKind, number> };
  /** The latest that is known to have happened: what is decided is dated by it. ms, event time. */
  readonly clock: { at: number };
  /** For the row in hand: the site file changed, so everything is looked at anew. */
  readonly row: { isReplanned: boolean };
  /** For the row in hand: tag or transaction → the task that a command brought it for. */
  readonly wanted: Map<string, string>;
  readonly index: TaskIndex;
  readonly untold: Set<string>;
  readonly unsaved: Set<string>;
}

/** Made of the tasks, so no part of a snapshot. Only open ones, but for `byTransaction`. */
interface TaskIndex {
  readonly bySource: Map<string, Set<string>>;
  readonly byBin: Map<string, Set<string>>;
  readonly bySku: Map<string, Set<string>>;
  readonly undirected: Set<string>;
  /** Bin → tags that are presumed in it. */
  readonly presumedIn: Map<string, Set<string>>;
  readonly byTransaction: Map<string, string>;
}

export const openTasks = (): Tasks => ({
  byId: new Map(),
  presumed: new Map(),
  numbers: { last: 0, byKind: { putaway: 0, replenish: 0, relocate: 0 } },
  clock: { at: 0 },
  row: { isReplanned: false },
  wanted: new Map(),
  index: {
    bySource: new Map(),
    byBin: new Map(),
    bySku: new Map(),
    undirected: new Set(),
    presumedIn: new Map(),
    byTransaction: new Map(),
  },
  untold: new Set(),
  unsaved: new Set(),
});

const PREFIX: Readonly<Record<TaskKind, string>> = { putaway: 'PUT', replenish: 'REPL', relocate: 'MOVE' };

type NewTask = Pick<Task, 'kind' | 'of' | 'to' | 'rule' | 'reason' | 'wants' | 'quantity'>;

/** A task for it; what stands beside the goods of one that nobody has begun with goes with that, which is given then. */
export function makeTask(tasks: Tasks, made: NewTask): Task {
  const same = tasksFrom(tasks, standingKey(made.of)).find(
    (task) =>
      task.kind === made.kind &&
      task.to === made.to &&
      task.wants?.order === made.wants?.order &&
      task.wants?.line === made.wants?.line &&
      task.done === 0 &&
      !isClaimed(task, tasks.clock.at),
  );
  if (same === undefined) return addTask(tasks, made);
  same.quantity = inBooks(same.quantity + made.quantity);
  same.reason = made.reason;
  touchTask(tasks, same);
  return same;
}

function addTask(tasks: Tasks, { kind, of, to, rule, reason, wants, quantity }: NewTask): Task {
  const { numbers, clock } = tasks;
  const task: Task = {
    id: `${PREFIX[kind]}-${++numbers.byKind[kind]}`,
    number: ++numbers.last,
    kind,
    of,
    to,
    rule,
    reason,
    ...(wants === undefined ? {} : { wants }),
    quantity,
    done: 0,
    gone: 0,
    claim: undefined,
    createdAt: clock.at,
    changedAt: clock.at,
    endedAt: undefined,
    doneBy: new Map(),
  };
  tasks.byId.set(task.id, task);
  touchTask(tasks, task);
  return task;
}

/** After a task has changed: it is found where it belongs, and over when nothing is left to be brought. */
export function touchTask(tasks: Tasks, task: Task): void {
  const { clock, untold, unsaved } = tasks;
  task.endedAt = openOf(task) > 0 ? undefined : (task.endedAt ?? clock.at);
  if (task.endedAt !== undefined) task.claim = undefined;
  task.changedAt = Math.max(task.changedAt, clock.at);
  indexTask(tasks, task);
  untold.add(task.id);
  unsaved.add(task.id);
}

/** So much of it was brought by a transaction. */
export function bring(tasks: Tasks, task: Task, transaction: string, quantity: number): void {
  task.done = inBooks(task.done + quantity);
  task.doneBy.set(transaction, inBooks((task.doneBy.get(transaction) ?? 0) + quantity));
  touchTask(tasks, task);
}

/** Another bin, or none: only this way, so that it is found under the bin that it has. */
export function direct(tasks: Tasks, task: Task, { to, rule, reason }: Pick<Task, 'to' | 'rule' | 'reason'>): void {
  if (task.to !== undefined) remove(tasks.index.byBin, task.to, task.id);
  Object.assign(task, { to, rule, reason });
  touchTask(tasks, task);
}

export function indexTask({ index }: Tasks, task: Task): void {
  const { id, of, to } = task;
  const isOpen = openOf(task) > 0;
  const change = isOpen ? add : remove;
  change(index.bySource, standingKey(of), id);
  change(index.bySku, of.sku, id);
  if (to !== undefined) change(index.byBin, to, id);
  if (isOpen && to === undefined) index.undirected.add(id);
  else index.undirected.delete(id);
  for (const transaction of task.doneBy.keys()) index.byTransaction.set(transaction, id);
}

/** A tag is taken to lie in a bin; with undefined no more. */
export function presume({ presumed, index }: Tasks, epc: string, bin: string | undefined): void {
  const before = presumed.get(epc);
  if (before !== undefined) remove(index.presumedIn, before, epc);
  if (bin === undefined) presumed.delete(epc);
  else {
    presumed.set(epc, bin);
    add(index.presumedIn, bin, epc);
  }
}

/** Tasks in the order in which they were made, which is the same after a restart. */
export const inOrder = ({ byId }: Tasks, ids: Iterable<string> | undefined): Task[] =>
  [...(ids ?? [])].map((id) => byId.get(id)!).sort((a, b) => a.number - b.number);

export const tasksFrom = (tasks: Tasks, key: string): Task[] => inOrder(tasks, tasks.index.bySource.get(key));
export const tasksTo = (tasks: Tasks, bin: string): Task[] => inOrder(tasks, tasks.index.byBin.get(bin));

/** What has changed since it was last asked. */
export function tasksTold({ byId, untold }: Tasks): TaskEffect[] {
  return takeAll(untold, (id) => taskEffect(byId.get(id)!));
}

/** So long after its end something can still be taken back. */
const ENDED_KEPT_MS = 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimTasks({ byId, index, unsaved }: Tasks, now: number): void {
  for (const task of byId.values()) {
    if (task.endedAt === undefined || task.endedAt > now - ENDED_KEPT_MS) continue;
    byId.delete(task.id);
    for (const transaction of task.doneBy.keys()) index.byTransaction.delete(transaction);
    unsaved.add(task.id);
  }
}

/** What always goes whole into a snapshot. */
export type TasksCore = Pick<Tasks, 'presumed' | 'numbers' | 'clock'>;
export const tasksCore = ({ presumed, numbers, clock }: Tasks): TasksCore => ({ presumed, numbers, clock });

export function restoreTasksCore(tasks: Tasks, core: TasksCore): void {
  for (const [epc, bin] of core.presumed) presume(tasks, epc, bin);
  tasks.numbers.last = core.numbers.last;
  Object.assign(tasks.numbers.byKind, core.numbers.byKind);
  tasks.clock.at = core.clock.at;
}

export function takeUnsavedTasks({ byId, unsaved }: Tasks): (readonly [id: string, Task | undefined])[] {
  const taken = [...unsaved].map((id) => [id, byId.get(id)] as const);
  unsaved.clear();
  return taken;
}

export function restoreTask(tasks: Tasks, task: Task): void {
  tasks.byId.set(task.id, task);
  indexTask(tasks, task);
}
