// Brings the queue in line with what changed in a row: the work itself, and what makes it urgent.
import type { SitePlan } from '../../config/plan.ts';
import { keysOf, stockOfKey } from '../outbound/order.ts';
import type { WorkState } from '../work.ts';
import type { Adjustments } from '../../infer/adjustments.ts';
import { jobOfAdjustment, jobOfApproval, jobOfLoad } from './moreJobs.ts';
import { jobOfBin, jobOfOrder, jobOfPick, jobOfSort, jobOfTask, type Described } from './jobs.ts';
import { endJob, jobKey, putJob, type Job } from './queue.ts';

/** After everything else of a row was taken in, and before it is told. */
export function refreshQueue(work: WorkState, plan: SitePlan, adjustments: Adjustments): void {
  const { outbound, tasks, counts, queue } = work;
  const isAll = queue.row.isAll;
  const { untold } = outbound;
  const changes = [untold.order, untold.pick, untold.load, untold.carton, tasks.untold, counts.untold];
  const isCorrected = adjustments.untold.length > 0;
  if (!isAll && !isCorrected && changes.every(({ size }) => size === 0)) return; // as with most rows
  queue.row.isAll = false;
  const changed = isAll ? allOf(work) : changedOf(work);
  for (const id of [...changed.tasks].sort()) {
    const task = tasks.byId.get(id);
    if (task === undefined) continue;
    const { kind, claim, createdAt } = task;
    take(work, jobKey({ kind, id, part: 0 }), jobOfTask(outbound, task), createdAt, () => claim);
  }
  for (const id of [...changed.picks].sort()) {
    const pick = outbound.picks.get(id);
    take(work, jobKey({ kind: 'pick', id, part: 0 }), pick && jobOfPick(outbound, pick), pick?.createdAt);
    take(work, jobKey({ kind: 'sort', id, part: 0 }), pick && jobOfSort(outbound, pick), undefined);
  }
  for (const [id, parts] of changed.bins)
    for (const part of parts) {
      const count = counts.plans.get(id);
      const bin = count?.tasks[part - 1];
      take(work, jobKey({ kind: 'count', id, part }), count && bin && jobOfBin(count, bin), bin?.madeAt);
      take(work, jobKey({ kind: 'approve', id, part }), count && bin && jobOfApproval(count, bin), undefined);
    }
  for (const id of [...changed.loads].sort()) {
    const load = outbound.loads.get(id);
    take(work, jobKey({ kind: 'load', id, part: 0 }), load && jobOfLoad(outbound, plan, load), undefined);
  }
  for (const id of isAll ? adjustments.waiting.keys() : adjustments.untold.map((one) => one.id)) {
    const held = adjustments.waiting.get(id);
    take(work, jobKey({ kind: 'approve', id, part: 0 }), held && jobOfAdjustment(held.effect, plan), undefined);
  }
  for (const id of [...changed.orders].sort()) {
    const order = outbound.orders.get(id);
    take(work, jobKey({ kind: 'pack', id, part: 0 }), order && jobOfOrder(outbound, plan, order), undefined);
  }
}

interface Changed {
  readonly tasks: Set<string>;
  readonly picks: Set<string>;
  readonly bins: Map<string, Iterable<number>>;
  readonly orders: Set<string>;
  readonly loads: Set<string>;
}

function changedOf({ outbound, tasks, counts, queue }: WorkState): Changed {
  const orders = new Set(outbound.untold.order.keys());
  for (const sscc of outbound.untold.carton) orders.add(outbound.cartons.get(sscc)!.order);
  const loads = new Set(outbound.untold.load);
  for (const id of outbound.untold.order.keys()) {
    const load = outbound.orders.get(id)?.load;
    if (load !== undefined) loads.add(load);
  }
  const picks = new Set(outbound.untold.pick.keys());
  const skus = new Set<string>();
  for (const id of outbound.untold.order.keys()) {
    const order = outbound.orders.get(id);
    for (const key of order === undefined ? [] : keysOf(order)) skus.add(stockOfKey(key).sku);
  }
  for (const [id, lines] of outbound.untold.pick)
    for (const { line, sku } of outbound.picks.get(id)?.lines ?? []) if (lines.has(line)) skus.add(sku);
  if (outbound.untold.order.size > 0)
    for (const { kind, id } of queue.jobs.values())
      if (
        (kind === 'pick' || kind === 'sort') &&
        outbound.picks.get(id)?.orders.some((one) => outbound.untold.order.has(one)) === true
      )
        picks.add(id);
  const ids = new Set(tasks.untold);
  for (const sku of skus) for (const id of tasks.index.bySku.get(sku) ?? []) ids.add(id);
  return { tasks: ids, picks, bins: new Map(counts.untold), orders, loads };
}

const allOf = ({ outbound, tasks, counts }: WorkState): Changed => ({
  tasks: new Set(tasks.byId.keys()),
  picks: new Set(outbound.picks.keys()),
  bins: new Map([...counts.plans].map(([id, count]) => [id, count.tasks.map(({ task }) => task)])),
  orders: new Set(outbound.orders.keys()),
  loads: new Set(outbound.loads.keys()),
});

/** `claimOf` says who has it; when left out, whoever had it before. */
function take(
  { queue, tasks }: WorkState,
  key: string,
  described: Described | undefined,
  createdAt: number | undefined,
  claimOf: (before: Job | undefined) => Job['claim'] = (before) => before?.claim,
): void {
  const { at } = tasks.clock;
  if (described === undefined) {
    endJob(queue, key, at);
    return;
  }
  const before = queue.jobs.get(key);
  const claim = claimOf(before);
  putJob(queue, {
    ...described,
    // Who has counted a bin does not have the second count of it.
    claim: claim !== undefined && described.notFor.includes(claim.by) ? undefined : claim,
    createdAt: before?.createdAt ?? createdAt ?? at,
    changedAt: Math.max(at, before?.changedAt ?? 0),
  });
}
