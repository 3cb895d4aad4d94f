// Goods that are to lie in another bin because somebody says so: a task like all others, for what is free where it lies now. It is made once
// for the same goods, and nothing is moved by making it.
import { binsOfSite, said } from '../../config/bins.ts';
import { balancesAt, inBooks, type Balance } from '../../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { Command } from '../../wire/command.ts';
import type { TaskCommand } from '../../wire/task.ts';
import { isStorage } from '../outbound/supply.ts';
import { refused } from '../requests.ts';
import type { WorkState } from '../work.ts';
import { shrink } from './directing.ts';
import { freeIn } from './replenishing.ts';
import { DENIALS, roomIn, type Floor } from './room.ts';
import { openOf, standing, standingOf, type Standing } from './task.ts';
import { makeTask, tasksFrom } from './tasks.ts';

type Relocation = Extract<TaskCommand, { kind: 'relocate' }>;
type Refusal = ReturnType<typeof refused>;

/** Decides a command that makes or cancels a relocation; undefined for any other. */
export function decideRelocation(work: WorkState, command: Command, request: WorkRequest): WorkAnswer | undefined {
  if (command.kind !== 'relocate' && command.kind !== 'cancel-task') return undefined;
  const { tasks, products, outbound } = work;
  const floor: Floor = { ...request, tasks, products, outbound };
  return command.kind === 'relocate' ? relocate(floor, command, request) : cancel(floor, command.task, request);
}

function relocate(floor: Floor, command: Relocation, { row }: WorkRequest): WorkAnswer {
  const { sku, quantity, from, to, reason } = command;
  const wrong = refusedPlace(floor, from, to);
  if (wrong !== undefined) return wrong;
  const sources = sourcesOf(floor, command);
  const free = inBooks(sources.reduce((sum, one) => sum + one.free, 0));
  const wanted = quantity ?? free;
  if (inBooks(wanted) !== wanted)
    return refused('bad-quantity', `quantity: ${wanted} is finer than 0.0001, which the books do not tell apart.`);
  if (wanted === 0 || wanted > free)
    return refused(
      'not-there',
      `${quantity === undefined ? 'Nothing' : `Only ${free}`} of ${sku} is free to be moved at ${from}: what pick lists and other tasks take from there is not.`,
    );
  const bin = floor.plan.locations.get(to)!;
  const parts = divided(sources, wanted);
  if (said(floor.plan, bin, 'mixing') === 'lot' && new Set(parts.map(({ of }) => of.lot)).size > 1)
    return refused('no-bin', `to: lots are not mixed at ${to}: say the lot that is to lie there.`);
  for (const { of, quantity: part } of parts) {
    const room = roomIn(floor, bin, of);
    if (room === 'full' || (typeof room === 'number' && room < (parts.length === 1 ? part : wanted)))
      return refused(
        'no-bin',
        `to: ${to} has room for ${room === 'full' ? 0 : room} of ${sku}, and not for ${wanted}.`,
      );
    if (typeof room === 'string') return refused('no-bin', `to: ${to} may not take ${sku}: ${DENIALS[room]}.`);
  }
  const why = `${row.actor} wants it at ${to}${reason === undefined ? '.' : `: ${reason}`}`;
  const made = parts.map(({ of, quantity: part }) =>
    makeTask(floor.tasks, { kind: 'relocate', of, to, rule: 'said', reason: why, quantity: part }),
  );
  return { status: 'done', detail: { tasks: made.map(({ id }) => id), sku, from, to, quantity: wanted } };
}

function refusedPlace({ plan }: Floor, from: string, to: string): Refusal | undefined {
  for (const [field, location] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!plan.locations.has(location))
      return refused('unknown-location', `${field}: ${location} is not a location of ${plan.site}.`);
    if (!isStorage(plan, location)) return refused('not-storage', `${field}: nothing is stored at ${location}.`);
  }
  if (from === to) return refused('nowhere', 'from and to are the same bin.');
  if (!binsOfSite(plan).some(({ id }) => id === to))
    return refused('not-storage', `to: ${to} has bins within it: say which of them.`);
  return undefined;
}

interface Source {
  readonly of: Standing;
  readonly free: number;
}

/** What of it lies there and is on no pick list and on no other task; what lies there longest first. */
function sourcesOf(floor: Floor, { sku, lot, owner = '', from, status = 'available' }: Relocation): readonly Source[] {
  const longestFirst = (a: Balance, b: Balance): number =>
    (a.since ?? 0) - (b.since ?? 0) ||
    (a.lot === b.lot ? (a.account.container < b.account.container ? -1 : 1) : a.lot < b.lot ? -1 : 1);
  return [...balancesAt(floor.balances, from)]
    .filter(
      (one) =>
        one.sku === sku &&
        one.owner === owner &&
        one.account.status === status &&
        (lot === undefined || one.lot === lot) &&
        one.quantity > 0,
    )
    .sort(longestFirst)
    .map(({ lot: ofLot, owner: ofOwner, account, quantity }) => {
      const of = { sku, lot: ofLot, owner: ofOwner, account };
      return { of, free: freeIn(floor, of, quantity) };
    })
    .filter(({ free }) => free > 0);
}

function divided(sources: readonly Source[], wanted: number): { readonly of: Standing; readonly quantity: number }[] {
  let rest = wanted;
  return sources.flatMap(({ of, free }) => {
    const quantity = Math.min(rest, free);
    rest = inBooks(rest - quantity);
    return quantity > 0 ? [{ of, quantity }] : [];
  });
}

function cancel(floor: Floor, id: string, { plan }: WorkRequest): WorkAnswer {
  const task = floor.tasks.byId.get(id);
  if (task === undefined) return refused('unknown-task', `There is no task ${id} at ${plan.site}.`);
  if (task.kind !== 'relocate')
    return refused('not-said', `${id} was made by the service, and ends when what it is for does.`);
  const left = openOf(task);
  if (left === 0) return refused('task-done', `Nothing of ${id} is left to be brought.`);
  shrink(floor, [task], left);
  return { status: 'done', detail: { task: id, left } };
}

/** Less lies there than relocations are to bring from there: the last of them bring less. */
export function keepStanding(floor: Floor, key: string): void {
  const tasks = tasksFrom(floor.tasks, key).filter(({ kind }) => kind === 'relocate');
  if (tasks.length === 0) return;
  const over = inBooks(tasks.reduce((sum, task) => sum + openOf(task), 0) - standing(floor, standingOf(key)));
  if (over > 0) shrink(floor, tasks, over);
}
