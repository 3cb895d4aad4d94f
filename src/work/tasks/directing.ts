// What stands where goods come in and may be stored is directed to bins, as much as there is of it and no more; tasks whose bin cannot take
// them any more get another one. Room is kept from then on, so no two tasks are given the same.
import type { SitePlan } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import { choose } from './choose.ts';
import { roomIn, type Floor } from './room.ts';
import { isClaimed, openOf, standing, standingOf, type Standing, type Task } from './task.ts';
import { direct, inOrder, makeTask, tasksFrom, tasksTo, touchTask } from './tasks.ts';

/** Where goods stand before they are stored. */
const WAITING_KINDS: ReadonlySet<string> = new Set(['dock', 'staging-in', 'returns']);
/** What was returned is graded first. */
const STORABLE: ReadonlySet<string> = new Set(['receiving', 'available']);

export const mayBeStored = (plan: SitePlan, { account }: Standing): boolean =>
  WAITING_KINDS.has(plan.kindOf(account.location) ?? '') && STORABLE.has(account.status);

/** Tasks without a bin that are tried again in one row, the oldest first: what is left is tried with the next. */
const TRIED_MAX = 5;

/** Brings the putaway tasks of some stock in line with what stands there. */
export function directStanding(floor: Floor, key: string): void {
  const of = standingOf(key);
  const there = mayBeStored(floor.plan, of) && floor.plan.rules.directed ? standing(floor, of) : 0;
  const tasks = tasksFrom(floor.tasks, key).filter(({ kind }) => kind === 'putaway');
  const open = inBooks(tasks.reduce((sum, task) => sum + openOf(task), 0));
  if (open > there) shrink(floor, tasks, inBooks(open - there));
  else if (there > open) place(floor, of, inBooks(there - open));
}

/** Less is to be brought: of the last task first, of those that somebody is on the way with last of all. */
export function shrink(floor: Floor, tasks: readonly Task[], quantity: number): void {
  const { at } = floor.tasks.clock;
  const lastFirst = tasks.toReversed();
  let rest = quantity;
  for (const task of [
    ...lastFirst.filter((one) => !isClaimed(one, at)),
    ...lastFirst.filter((one) => isClaimed(one, at)),
  ]) {
    const less = Math.min(rest, openOf(task));
    if (less === 0) continue;
    task.gone = inBooks(task.gone + less);
    touchTask(floor.tasks, task);
    rest = inBooks(rest - less);
  }
}

function place(floor: Floor, of: Standing, quantity: number): void {
  for (const choice of choose(floor, of, quantity)) makeTask(floor.tasks, { kind: 'putaway', of, ...choice });
}

/** A fact took the room that was kept in a bin, or what may lie there changed: the last tasks to it go elsewhere. */
export function keepRoom(floor: Floor, bin: string): void {
  const { tasks, plan } = floor;
  for (const task of tasksTo(tasks, bin).toReversed()) {
    const location = plan.locations.get(bin);
    const room = location === undefined ? 'full' : roomIn(floor, location, task.of, task);
    if (typeof room === 'number' && room >= openOf(task)) continue;
    if (task.kind === 'replenish') shrink(floor, [task], inBooks(openOf(task) - (typeof room === 'number' ? room : 0)));
    else redirect(floor, task);
  }
}

/** Tasks that no bin could take are tried again. */
export function tryAgain(floor: Floor): void {
  for (const task of inOrder(floor.tasks, floor.tasks.index.undirected).slice(0, TRIED_MAX)) redirect(floor, task);
}

/** Another bin, or several: the task itself goes to the first, others are made for the rest. */
function redirect(floor: Floor, task: Task): void {
  const { tasks } = floor;
  const open = openOf(task);
  const [first, ...others] = choose(floor, task.of, open, task);
  if (first === undefined || (first.to === task.to && first.reason === task.reason)) return;
  task.quantity = inBooks(task.quantity - open + first.quantity);
  direct(tasks, task, first);
  for (const other of others) makeTask(tasks, { kind: 'putaway', of: task.of, ...other });
}
