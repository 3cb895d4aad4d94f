// What people say of tasks: one is claimed, so that nobody else goes; given back; and confirmed by a scan of the bin that it was put into,
// whichever that was.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import { lastChangeOf, type Claim, type Item } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import type { Command } from '../../wire/command.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import type { TaskCommand } from '../../wire/task.ts';
import { formatTime } from '../../wire/time.ts';
import { isStorage } from '../outbound/supply.ts';
import { refused } from '../requests.ts';
import { isClaimed, openOf, standing, type Task } from './task.ts';
import { touchTask, type Tasks } from './tasks.ts';

type Refusal = ReturnType<typeof refused>;
type Confirmation = Extract<TaskCommand, { kind: 'confirm-task' }>;

/** Decides a command about tasks; undefined for any other. */
export function decideTask(
  tasks: Tasks,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer | undefined {
  if (command.kind !== 'claim-task' && command.kind !== 'release-task' && command.kind !== 'confirm-task')
    return undefined;
  const task = tasks.byId.get(command.task);
  if (task === undefined) return refused('unknown-task', `There is no task ${command.task} at ${request.plan.site}.`);
  if (openOf(task) === 0) return refused('task-done', `Nothing of ${task.id} is left to be brought.`);
  const { by, until } = task.claim ?? {};
  if (isClaimed(task, request.at) && by !== request.row.actor)
    return refused('task-claimed', `${by} has ${task.id} until ${formatTime(until!)}: take another one.`);
  switch (command.kind) {
    case 'claim-task':
      return claim(tasks, task, request);
    case 'release-task':
      return release(tasks, task, request);
    case 'confirm-task':
      return confirm(tasks, task, command, request, draft);
  }
}

function claim(tasks: Tasks, task: Task, { plan, row, at }: WorkRequest): WorkAnswer {
  if (task.to === undefined) return refused('no-bin', `${task.id} has no bin yet. ${task.reason}`);
  task.claim = { by: row.actor, until: at + plan.rules.taskClaimMs };
  touchTask(tasks, task);
  return { status: 'done', detail: { task: task.id, to: task.to, until: formatTime(task.claim.until) } };
}

function release(tasks: Tasks, task: Task, { at }: WorkRequest): WorkAnswer {
  if (!isClaimed(task, at)) return refused('not-claimed', `Nobody has ${task.id}.`);
  task.claim = undefined;
  touchTask(tasks, task);
  return { status: 'done', detail: { task: task.id } };
}

function confirm(
  tasks: Tasks,
  task: Task,
  command: Confirmation,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan, book } = request;
  const scan = command.scan.trim();
  const bin = /^\][A-Za-z]\d/.test(scan) ? scan.slice(3) : scan;
  if (!plan.locations.has(bin))
    return refused('bad-scan', `scan: ${JSON.stringify(scan.slice(0, 80))} is no location of ${plan.site}.`);
  if (!isStorage(plan, bin) && !isForOrderAt(task, bin))
    return refused(
      'not-storage',
      `scan: nothing is stored at ${bin}: scan ${task.wants === undefined ? 'the bin that it was put into' : `${task.to}, where ${task.wants.order} waits for it`}.`,
    );
  if (bin === task.of.account.location)
    return refused('nowhere', `scan: ${bin} is where it stands: scan the bin that it was put into.`);
  const isTagged = (book.serialised.get(task.of.sku) ?? 0) > 0;
  return isTagged
    ? bringTags(tasks, task, bin, command, request)
    : bringPlain(tasks, task, bin, command, request, draft);
}

/** Is that where an order waits for it? */
const isForOrderAt = ({ wants, to }: Task, bin: string): boolean => wants !== undefined && to === bin;

/** So much of what has no tags. */
function bringPlain(
  tasks: Tasks,
  task: Task,
  bin: string,
  { quantity = openOf(task), epcs }: Confirmation,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { row, at } = request;
  const { sku, lot, owner, account } = task.of;
  if (epcs !== undefined) return refused('wrong-item', `epcs: ${sku} has no tags here: say the quantity.`);
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  const left = Math.min(openOf(task), standing(request, task.of));
  if (quantity > left)
    return refused('too-many', `quantity: only ${left} of ${task.id} is left to be brought, not ${quantity}.`);
  const status = account.status === 'receiving' ? 'available' : account.status;
  const transaction = plainTransaction({
    id: contentId('command', row.site, row.key, 'posting'),
    type: task.kind === 'putaway' && !isForOrderAt(task, bin) ? 'putaway' : 'move',
    at,
    source: 'scan',
    sku,
    lot,
    owner,
    quantity,
    from: account.location,
    to: bin,
    accounts: { from: account, to: { location: bin, container: '', status } },
    actor: row.actor,
    reason: row.command.reason,
  });
  tasks.wanted.set(transaction.id, task.id);
  draft.transactions.push(transaction);
  return { status: 'done', detail: detailOf(task, bin, quantity) };
}

/** Items with tags of their own: those that are named, or all that stand there when the task is all of them. */
function bringTags(
  tasks: Tasks,
  task: Task,
  bin: string,
  { epcs, quantity }: Confirmation,
  request: WorkRequest,
): WorkAnswer {
  const { row, at } = request;
  const items = epcs === undefined ? allStanding(task, request) : named(task, epcs, request);
  if ('status' in items) return items;
  if (quantity !== undefined && quantity !== items.length)
    return refused('item-needed', `quantity: ${task.of.sku} has tags: say in epcs which ${quantity} of them.`);
  const moved = items.find((item) => at <= lastChangeOf(item));
  if (moved !== undefined)
    return refused(
      'overtaken',
      `${moved.epc} has moved on since: say what is true now, without "at", or with a later one.`,
    );
  const claims = items.map(({ epc }): Claim => {
    tasks.wanted.set(epc, task.id);
    return {
      id: contentId('command', row.site, row.key, epc),
      epc,
      at,
      what: { kind: 'move', to: bin },
      source: 'scan',
      confidence: 1,
      readPoint: undefined,
      decision: undefined,
      actor: row.actor,
      reason: row.command.reason,
    };
  });
  return { status: 'done', claims, detail: detailOf(task, bin, items.length) };
}

/** Does it stand where the task says, as what the task says? */
const isOf = (task: Task, { state }: Item): boolean =>
  state.sku === task.of.sku &&
  state.lot === task.of.lot &&
  state.owner === task.of.owner &&
  state.location === task.of.account.location &&
  state.container === task.of.account.container &&
  state.status === task.of.account.status;

function allStanding(task: Task, { book }: WorkRequest): Item[] | Refusal {
  const items = [...book.items.values((location) => location === task.of.account.location)].filter(
    (item) => item.kind !== 'container' && isOf(task, item),
  );
  if (items.length === openOf(task)) return items.sort((a, b) => (a.epc < b.epc ? -1 : 1));
  return refused(
    'item-needed',
    `epcs: ${items.length} of ${task.of.sku} stand at ${task.of.account.location}, and ${task.id} is ${openOf(task)} of them: say which were put there.`,
  );
}

function named(task: Task, epcs: readonly string[], { book }: WorkRequest): Item[] | Refusal {
  const items: Item[] = [];
  for (const epc of new Set(epcs.map((one) => identify(one).epc))) {
    const item = book.items.get(epc);
    if (item === undefined)
      return refused('unknown-item', `epcs: ${epc} was never read or received here: put it aside.`);
    if (!isOf(task, item))
      return refused(
        'wrong-item',
        `epcs: ${epc} is ${item.state.sku ?? 'of no SKU'} at ${item.state.location} for the books; ${task.id} is ${task.of.sku} at ${task.of.account.location}.`,
      );
    items.push(item);
  }
  if (items.length > openOf(task))
    return refused('too-many', `epcs: only ${openOf(task)} of ${task.id} is left to be brought, not ${items.length}.`);
  return items;
}

const detailOf = (task: Task, bin: string, quantity: number) => ({
  task: task.id,
  to: bin,
  directed: task.to ?? null,
  brought: quantity,
  left: inBooks(openOf(task) - quantity),
});
