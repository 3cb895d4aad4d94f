// What was posted, as tasks see it: goods that came to a bin are counted on the task that fits best, another bin than directed is told, what
// is undone is taken back. Then everything is brought in line with what stands where now.
import { isWithin, type SitePlan } from '../../config/plan.ts';
import { balancesAt, inBooks } from '../../infer/balances.ts';
import type { EffectsDraft, Posting, Transaction } from '../../infer/effects.ts';
import type { PlannedSite } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { isStorage } from '../outbound/supply.ts';
import type { WorkState } from '../work.ts';
import { countForOrder } from './crossDock.ts';
import { directStanding, keepRoom, mayBeStored, tryAgain } from './directing.ts';
import { keepStanding } from './relocating.ts';
import { replenish } from './replenishing.ts';
import { openOf, standingKey, type Standing, type Task } from './task.ts';
import { bring, inOrder, presume, tasksFrom, touchTask, type Tasks } from './tasks.ts';
import type { Floor } from './room.ts';

/** What is to be looked at before the row is over. */
interface Due {
  /** Stock that stands where goods come in. */
  readonly standing: Set<string>;
  /** Stock in storage of which something was taken. */
  readonly taken: Set<string>;
  readonly bins: Set<string>;
  readonly skus: Set<string>;
  isRoomMade: boolean;
}

export function takeTasks(
  { tasks, products, outbound }: WorkState,
  site: PlannedSite,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  const { clock, row, wanted } = tasks;
  for (const { happenedAt } of transactions) clock.at = Math.max(clock.at, happenedAt);
  const floor: Floor = { ...site, tasks, products, outbound, at: clock.at };
  const due: Due = {
    standing: new Set(),
    taken: new Set(),
    bins: new Set(),
    skus: new Set(products.untold),
    isRoomMade: row.isReplanned,
  };
  // People may say what is to be moved also where nothing is directed.
  const isLookedAt = site.plan.rules.directed || tasks.numbers.byKind.relocate > 0;
  if (isLookedAt) for (const transaction of transactions) takeOne(floor, transaction, due, draft);
  if (row.isReplanned) lookAtAll(floor, due);
  for (const sku of products.untold) productChanged(floor, sku, due);
  noteDemand(outbound, tasks, due);
  row.isReplanned = false;
  wanted.clear();
  for (const key of [...due.taken].sort()) keepStanding(floor, key);
  for (const bin of [...due.bins].sort()) keepRoom(floor, bin);
  for (const key of [...due.standing].sort()) directStanding(floor, key);
  if (due.isRoomMade) tryAgain(floor);
  for (const sku of [...due.skus].sort()) replenish(floor, outbound, sku);
}

function takeOne(floor: Floor, transaction: Transaction, due: Due, draft: EffectsDraft): void {
  const { plan, tasks } = floor;
  const { supersedes, epc, postings, happenedAt } = transaction;
  for (const posting of postings) noteDue(plan, posting, due);
  if (epc !== undefined) presume(tasks, epc, undefined);
  if (supersedes !== undefined) {
    undo(tasks, supersedes);
    for (const kind of ['other-bin', 'not-graded'])
      settle(
        draft,
        contentId('discrepancy', plan.site, kind, supersedes),
        happenedAt,
        'later reads changed the decision',
      );
    return;
  }
  for (const posting of postings) {
    if (!isStorage(plan, posting.to.location)) {
      countForOrder(floor, transaction, posting);
      continue;
    }
    const isPutAway = ['dock', 'staging-in', 'returns'].includes(plan.kindOf(posting.from.location) ?? '');
    if (plan.rules.directed && isPutAway && posting.from.status === 'returned')
      draft.discrepancies.push(notGraded(plan, transaction, posting));
    count(floor, transaction, posting, draft);
  }
}

function noteDue(plan: SitePlan, posting: Posting, due: Due): void {
  for (const account of [posting.from, posting.to]) {
    const of: Standing = { ...posting, account };
    if (mayBeStored(plan, of)) {
      due.standing.add(standingKey(of));
      // What it was to be brought to is free for others, if it leaves for elsewhere.
      if (account === posting.from) due.isRoomMade = true;
    }
    if (!isStorage(plan, account.location)) continue;
    due.bins.add(account.location);
    due.skus.add(posting.sku);
    if (account !== posting.from) continue;
    due.isRoomMade = true;
    due.taken.add(standingKey(of));
  }
}

/** Counts what came to storage on tasks: that of the command, then those to that bin, then those to a bin within it, then any. */
function count(floor: Floor, transaction: Transaction, posting: Posting, draft: EffectsDraft): void {
  const { plan, tasks } = floor;
  const { location } = posting.to;
  const of: Standing = { ...posting, account: posting.from };
  const said = tasks.wanted.get(transaction.id) ?? tasks.wanted.get(transaction.epc ?? '');
  const fit = ({ id, to }: Task): number =>
    (id === said ? 0 : 8) + (to === location ? 0 : isTo(plan, to, location) ? 1 : to === undefined ? 3 : 2);
  const open = tasksFrom(tasks, standingKey(of)).sort((a, b) => fit(a) - fit(b) || a.number - b.number);
  // Goods on the move from a bin are only those of a task when they come to where it brings them.
  const fitting = open.filter(({ id, kind, to }) => kind === 'putaway' || id === said || isTo(plan, to, location));
  let rest = posting.quantity;
  let isElsewhere: Task | undefined;
  for (const task of fitting) {
    const brought = Math.min(rest, openOf(task));
    if (brought === 0) break;
    rest = inBooks(rest - brought);
    bring(tasks, task, transaction.id, brought);
    const { to } = task;
    if (to === undefined || to === location) continue;
    // A zone around the bin heard it there: it is taken to lie in the bin.
    if (!isWithin(plan, to, location)) isElsewhere = task;
    else if (transaction.epc !== undefined) presume(tasks, transaction.epc, to);
  }
  if (isElsewhere !== undefined) draft.discrepancies.push(otherBin(plan, transaction, isElsewhere, location));
}

/** Is that bin there, or somewhere within? */
const isTo = (plan: SitePlan, bin: string | undefined, location: string): boolean =>
  bin !== undefined && isWithin(plan, bin, location);

const otherBin = (
  { site }: SitePlan,
  { id, epc, sku, happenedAt, readPoint }: Transaction,
  task: Task,
  location: string,
) => ({
  id: contentId('discrepancy', site, 'other-bin', id),
  kind: 'other-bin',
  severity: 'warning' as const,
  happenedAt,
  epc,
  sku,
  location,
  readPoint,
  transaction: id,
  message: `${task.id} directs it to ${task.to}, and it was put into ${location}: bring it there, or leave it if it may lie here.`,
});

const notGraded = ({ site }: SitePlan, { id, epc, sku, happenedAt, readPoint }: Transaction, { to }: Posting) => ({
  id: contentId('discrepancy', site, 'not-graded', id),
  kind: 'not-graded',
  severity: 'warning' as const,
  happenedAt,
  epc,
  sku,
  location: to.location,
  readPoint,
  transaction: id,
  message: `It was returned, and put into ${to.location} before anybody graded it: say whether it may be sold again.`,
});

function undo(tasks: Tasks, transaction: string): void {
  const task = tasks.byId.get(tasks.index.byTransaction.get(transaction) ?? '');
  const brought = task?.doneBy.get(transaction);
  if (task === undefined || brought === undefined) return;
  tasks.index.byTransaction.delete(transaction);
  task.doneBy.delete(transaction);
  task.done = inBooks(task.done - brought);
  touchTask(tasks, task);
}

/** Pick lists changed in this row: they may empty a pick face. Orders changed: they may wait for what stands at the dock, or not any more. */
function noteDemand({ picks, orders, untold }: Outbound, tasks: Tasks, due: Due): void {
  for (const id of untold.order.keys())
    for (const { sku } of orders.get(id)?.lines ?? [])
      for (const task of inOrder(tasks, tasks.index.bySku.get(sku)))
        if (task.kind === 'putaway') due.standing.add(standingKey(task.of));
  for (const [id, changed] of untold.pick)
    for (const { line, sku } of picks.get(id)?.lines ?? []) if (changed.has(line)) due.skus.add(sku);
}

/** The site file changed: what stands anywhere, and every bin. */
function lookAtAll({ plan, balances, tasks, products }: Floor, due: Due): void {
  for (const location of balances.byLocation.keys())
    for (const balance of balancesAt(balances, location))
      if (mayBeStored(plan, balance)) due.standing.add(standingKey(balance));
  for (const bin of tasks.index.byBin.keys()) due.bins.add(bin);
  for (const key of tasks.index.bySource.keys()) due.standing.add(key);
  for (const { sku, fixedBin } of products.bySku.values()) if (fixedBin !== undefined) due.skus.add(sku);
}

/** Size, class or fixed bin of a product changed: bins that tasks bring it to may not do any more, and others may. */
function productChanged({ tasks }: Floor, sku: string, due: Due): void {
  for (const id of tasks.index.bySku.get(sku) ?? []) {
    const { to } = tasks.byId.get(id)!;
    if (to !== undefined) due.bins.add(to);
  }
  due.isRoomMade = true;
}
