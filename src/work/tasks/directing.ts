// What stands where goods come in and may be stored is directed to bins, as much as there is of it and no more; tasks whose bin cannot take
// them any more get another one. Room is kept from then on, so no two tasks are given the same.
import type { SitePlan } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import { choose } from './choose.ts';
import { crossDocks, stillWanted } from './crossDock.ts';
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
  for (const task of tasks) {
    const over = inBooks(openOf(task) - stillWanted(floor, task));
    if (over > 0) shrink(floor, [task], over);
  }
  const open = inBooks(tasks.reduce((sum, task) => sum + openOf(task), 0));
  if (open > there) shrink(floor, tasks, inBooks(open - there));
  else place(floor, of, there, inBooks(there - open), tasks);
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

/** `rest` of what stands there has no task; an order that waits takes that first, then what nobody has set out with to a bin. */
function place(floor: Floor, of: Standing, there: number, rest: number, tasks: readonly Task[]): void {
  const { at } = floor.tasks.clock;
  const toBins = tasks.filter((task) => task.wants === undefined && task.done === 0 && !isClaimed(task, at));
  const free = inBooks(rest + toBins.reduce((sum, task) => sum + openOf(task), 0));
  const wanted = there === 0 ? [] : crossDocks(floor, of, free);
  const taken = inBooks(wanted.reduce((sum, { quantity }) => sum + quantity, 0));
  if (taken > rest) shrink(floor, toBins, inBooks(taken - rest));
  for (const one of wanted) makeTask(floor.tasks, { kind: 'putaway', of, ...one });
  const left = inBooks(rest - taken);
  if (left > 0) for (const choice of choose(floor, of, left)) makeTask(floor.tasks, { kind: 'putaway', of, ...choice });
}

/** A fact took the room that was kept in a bin, or what may lie there changed: the last tasks to it go elsewhere. */
export function keepRoom(floor: Floor, bin: string): void {
  const { tasks, plan } = floor;
  for (const task of tasksTo(tasks, bin).toReversed()) {
    if (task.wants !== undefined) continue;
    const location = plan.locations.get(bin);
    const room = location === undefined ? 'full' : roomIn(floor, location, task.of, task);
    if (typeof room === 'number' && room >= openOf(task)) continue;
    if (task.kind !== 'putaway') shrink(floor, [task], inBooks(openOf(task) - (typeof room === 'number' ? room : 0)));
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
  const isSame = first?.to === task.to && first?.reason === task.reason && first?.quantity === open;
  if (first === undefined || isSame) return;
  task.quantity = inBooks(task.quantity - open + first.quantity);
  direct(tasks, task, first);
  for (const other of others) makeTask(tasks, { kind: 'putaway', of: task.of, ...other });
}
