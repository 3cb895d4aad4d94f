// The plans in a snapshot: small things whole, each document by itself and only when it has changed.
import type { Inbound } from './inbound.ts';
import type { Load } from './outbound/load.ts';
import { indexCarton } from './outbound/carton.ts';
import type { AnnouncedReturns } from './announced/announced.ts';
import type { DockToStock } from './dockToStock.ts';
import { indexOrder, indexPick, type Outbound, type OutboundPart } from './outbound/outbound.ts';
import { queueCore, restoreQueueCore, type QueueCore } from './queue/queue.ts';
import { restoreTasksCore, tasksCore, type TasksCore } from './tasks/tasks.ts';
import type { Feeds } from './feeds/feeds.ts';
import type { Transfer } from './transfers/transfer.ts';
import type { Count } from './counting/count.ts';
import { indexCount, type Counts } from './counting/counts.ts';
import { index, indexList, type WorkState } from './work.ts';

/** What always goes whole. */
const REMEMBERED = ['waiting', 'takenBack', 'scanned', 'standsFor'] as const;
export type WorkCore = Pick<WorkState, (typeof REMEMBERED)[number] | 'units' | 'lists'> & {
  /** A former release had none. */
  readonly outbound?: OutboundCore;
  readonly docks?: Pick<DockToStock, (typeof DOCK_REMEMBERED)[number]>;
  readonly tasks?: TasksCore;
  readonly queue?: QueueCore;
  readonly counts?: CountCore;
  readonly feeds?: Pick<Feeds, 'asOf' | 'refs' | 'changes'>;
  readonly unannounced?: AnnouncedReturns['unannounced'];
};

type CountCore = Pick<Counts, 'lastCounted' | 'marks' | 'numbers'>;

const DOCK_REMEMBERED = ['tags', 'plain', 'stored'] as const;

const OUTBOUND_REMEMBERED = ['doubted', 'alarms', 'short', 'expiries', 'heard'] as const;
type OutboundCore = Partial<Pick<Outbound, (typeof OUTBOUND_REMEMBERED)[number]>> & {
  readonly numbers: Partial<Outbound['numbers']>;
};

export const workCore = ({
  waiting,
  takenBack,
  scanned,
  standsFor,
  units,
  lists,
  outbound,
  docks,
  tasks,
  queue,
  counts,
  feeds,
  announced,
}: WorkState): WorkCore => ({
  waiting,
  takenBack,
  scanned,
  standsFor,
  units,
  lists,
  docks: { tags: docks.tags, plain: docks.plain, stored: docks.stored },
  outbound: {
    doubted: outbound.doubted,
    alarms: outbound.alarms,
    short: outbound.short,
    expiries: outbound.expiries,
    heard: outbound.heard,
    numbers: outbound.numbers,
  },
  tasks: tasksCore(tasks),
  queue: queueCore(queue),
  feeds: { asOf: feeds.asOf, refs: feeds.refs, changes: feeds.changes },
  unannounced: announced.unannounced,
  counts: { lastCounted: counts.lastCounted, marks: counts.marks, numbers: counts.numbers },
});

/** Documents that changed since they were last taken; of one that is forgotten only that there was one. */
export function takeUnsaved(work: WorkState): (readonly [id: string, Inbound | 'ended'])[] {
  const unsaved = [...work.unsaved].map((id) => [id, work.inbounds.get(id) ?? 'ended'] as const);
  work.unsaved.clear();
  return unsaved;
}

export const OUTBOUND_PARTS = ['order', 'pick', 'load', 'carton'] as const satisfies readonly OutboundPart[];
const KEPT = { order: 'orders', pick: 'picks', load: 'loads', carton: 'cartons' } as const;

/** The same of orders, pick lists and loads. */
export function takeUnsavedOutbound({
  outbound,
}: WorkState): (readonly [part: OutboundPart, id: string, value: unknown])[] {
  const unsaved = OUTBOUND_PARTS.flatMap((part) =>
    [...outbound.unsaved[part]].map((id) => [part, id, outbound[KEPT[part]].get(id) ?? 'ended'] as const),
  );
  for (const part of OUTBOUND_PARTS) outbound.unsaved[part].clear();
  return unsaved;
}

export function restoreOutboundPart({ outbound }: WorkState, part: OutboundPart, id: string, value: unknown): void {
  if (value === 'ended') {
    outbound.ended[part].add(id);
    return;
  }
  // A former release knew neither seals nor what is aboard: what was on its trucks is with the customers.
  const kept = part === 'load' ? { seals: [], aboard: new Map(), ...(value as Partial<Load>) } : value;
  (outbound[KEPT[part]] as Map<string, unknown>).set(id, kept);
  if (part === 'order') indexOrder(outbound, outbound.orders.get(id)!);
  if (part === 'carton') indexCarton(outbound, outbound.cartons.get(id)!);
  if (part === 'pick') indexPick(outbound, outbound.picks.get(id)!);
}

/** The same of transfers. */
export function takeUnsavedTransfers({ transfers }: WorkState): (readonly [account: string, value: unknown])[] {
  const unsaved = [...transfers.unsaved].map(
    (account) => [account, transfers.byAccount.get(account) ?? 'ended'] as const,
  );
  transfers.unsaved.clear();
  return unsaved;
}

export function restoreTransfer({ transfers }: WorkState, account: string, value: unknown): void {
  if (value === 'ended') transfers.ended.add(account);
  else transfers.byAccount.set(account, value as Transfer);
}

/** The same of plans of counts. */
export function takeUnsavedCounts({ counts }: WorkState): (readonly [id: string, value: unknown])[] {
  const unsaved = [...counts.unsaved].map((id) => [id, counts.plans.get(id) ?? 'ended'] as const);
  counts.unsaved.clear();
  return unsaved;
}

export function restoreCount({ counts }: WorkState, id: string, value: unknown): void {
  if (value === 'ended') {
    counts.ended.add(id);
    return;
  }
  const count = value as Count;
  counts.plans.set(id, count);
  indexCount(counts, count);
}

export function restoreWorkCore(
  work: WorkState,
  { units, lists, outbound, docks, tasks, queue, counts, feeds, unannounced, ...core }: WorkCore,
): void {
  if (tasks !== undefined) restoreTasksCore(work.tasks, tasks);
  restoreQueueCore(work.queue, queue);
  for (const name of REMEMBERED)
    for (const [key, one] of core[name]) (work[name] as Map<string, unknown>).set(key, one);
  for (const name of outbound === undefined ? [] : OUTBOUND_REMEMBERED)
    for (const [key, one] of outbound![name] ?? []) (work.outbound[name] as Map<string, unknown>).set(key, one);
  work.outbound.numbers.picks = outbound?.numbers.picks ?? 0;
  work.outbound.numbers.cartons = outbound?.numbers.cartons ?? 0;
  for (const name of docks === undefined ? [] : DOCK_REMEMBERED)
    for (const [key, one] of docks![name]) (work.docks[name] as Map<string, unknown>).set(key, one);
  for (const [location, last] of counts?.lastCounted ?? []) work.counts.lastCounted.set(location, last);
  for (const [id, mark] of counts?.marks ?? []) work.counts.marks.set(id, mark);
  work.counts.numbers.plans = counts?.numbers.plans ?? 0;
  for (const [id, back] of unannounced ?? []) work.announced.unannounced.set(id, back);
  work.feeds.asOf = feeds?.asOf;
  for (const [ref, at] of feeds?.refs ?? []) work.feeds.refs.set(ref, at);
  work.feeds.changes = [...(feeds?.changes ?? [])];
  work.units.push(...units);
  for (const [list, versions] of lists) {
    work.lists.set(list, versions);
    indexList(work, list, versions);
  }
}

export function restoreWorkPart(work: WorkState, id: string, value: unknown): void {
  if (value === 'ended') {
    work.ended.add(id);
    return;
  }
  const inbound = value as Inbound;
  work.inbounds.set(id, inbound);
  index(work, inbound);
}
