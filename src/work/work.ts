// The warehouse's plans as one state: a pure machine over the site's journal, told of commands and of what was posted. Inbound
// documents and lists of what is to cross, and what goes out (outbound/) beside them.
import type { Transaction } from '../infer/effects.ts';
import type { Direction } from '../infer/track.ts';
import type { Goods } from '../infer/planner.ts';
import { identityOf } from '../wire/epc/digitalLink.ts';
import { decodeEpc } from '../wire/epc/decodeEpc.ts';
import { openDockToStock, type DockToStock } from './dockToStock.ts';
import type { Inbound } from './inbound.ts';
import { openCounts, trimCounts, type Counts } from './counting/counts.ts';
import { openTransfers, trimTransfers, type Transfers } from './transfers/transfers.ts';
import { openFeeds, type Feeds } from './feeds/feeds.ts';
import { openOutbound, trimOutbound, type Outbound } from './outbound/outbound.ts';
import { openAnnounced, trimAnnounced, type AnnouncedReturns } from './announced/announced.ts';
import { openAppointments, trimAppointments, type Appointments } from './appointments/appointments.ts';
import { openPartners, type Partners } from './partners/partners.ts';
import { openProducts, type Products } from './products.ts';
import { openQueue, type Queue } from './queue/queue.ts';
import { openReturns, trimReturns, type SupplierReturns } from './returns/returns.ts';
import { openTasks, trimTasks, type Tasks } from './tasks/tasks.ts';
import { add, remove } from './sets.ts';

/** What came in and is on no document, or on several alike; kept so that a document that comes later finds it. */
export interface Waiting extends Goods {
  readonly transaction: string;
  readonly quantity: number;
  /** Documents that it may be of; nothing when there is none. */
  readonly among: readonly string[];
  /** The discrepancy that says so: settled when it is found. */
  readonly discrepancy: string | undefined;
}

/** What a tag was counted for before its coming was taken back. */
export interface TakenBack {
  readonly inbound: string;
  readonly line: string;
  readonly receipt: number;
  /** Nobody comes twice so soon: what comes in between is the same coming. ms, event time. */
  readonly from: number;
  readonly until: number;
}

/** Goods without a tag that were received by a scan, and how many of them no tag stands for yet. */
export interface Scanned {
  readonly receipt: Transaction;
  readonly left: number;
}

/** A tag that stands for one of what was scanned, and the transaction by which that left the books. */
export interface StandsFor {
  readonly scanned: string;
  readonly leaves: Transaction;
}

export interface CrossingList {
  readonly list: string;
  readonly direction: Direction;
  readonly door: string | undefined;
  readonly since: number;
  readonly epcs: ReadonlySet<string>;
  /** It was withdrawn, or said anew. */
  readonly until: number;
}

export interface WorkState {
  readonly inbounds: Map<string, Inbound>;
  /** Documents that are done with and forgotten: their numbers are not given again. */
  readonly ended: Set<string>;
  readonly waiting: Map<string, Waiting>;
  /** By tag: when its coming is only judged anew it is of the same again, also of a document that is done with since. */
  readonly takenBack: Map<string, TakenBack>;
  /** By transaction. */
  readonly scanned: Map<string, Scanned>;
  /** By the transaction that brought the tag. */
  readonly standsFor: Map<string, StandsFor>;
  /** Logistic units that came lately: what comes with one is on its line. */
  readonly units: { readonly sscc: string; readonly readPoint: string | undefined; readonly at: number }[];
  /** List → what was said of it, oldest first. */
  readonly lists: Map<string, CrossingList[]>;
  readonly index: Index;
  /** For the row in hand: tag or transaction → the document that a command received it for. */
  readonly wanted: Map<string, string>;
  /** Changed since it was last told. */
  readonly untold: Map<
    string,
    { readonly lines: Set<string>; readonly tags: Set<string>; readonly closed: Set<string> }
  >;
  readonly untoldLists: Set<string>;
  /** Changed since the last snapshot. */
  readonly unsaved: Set<string>;
  /** Orders of customers, pick lists and loads. */
  readonly outbound: Outbound;
  /** What came in and is not on its shelf yet. */
  readonly docks: DockToStock;
  readonly products: Products;
  /** What is to be brought to which bin. */
  readonly tasks: Tasks;
  /** All work that waits for a person. */
  readonly queue: Queue;
  readonly counts: Counts;
  readonly transfers: Transfers;
  readonly partners: Partners;
  readonly supplierReturns: SupplierReturns;
  /** What customers said that they send back. */
  readonly announced: AnnouncedReturns;
  readonly appointments: Appointments;
  readonly feeds: Feeds;
}

/** Where documents are found by what they name. Made of them, so no part of a snapshot. */
export interface Index {
  readonly byEpc: Map<string, Set<string>>;
  readonly bySku: Map<string, Set<string>>;
  readonly bySscc: Map<string, Set<string>>;
  /** Order → notices that name it. */
  readonly byOrder: Map<string, Set<string>>;
  readonly byTag: Map<string, Set<string>>;
  readonly byTransaction: Map<string, string>;
  /** What a barcode names → listed EPCs that are called so. */
  readonly byIdentity: Map<string, Set<string>>;
  readonly listsByEpc: Map<string, Set<string>>;
}

export function openWork(): WorkState {
  const products = openProducts();
  return {
    inbounds: new Map(),
    ended: new Set(),
    waiting: new Map(),
    takenBack: new Map(),
    scanned: new Map(),
    standsFor: new Map(),
    units: [],
    lists: new Map(),
    index: {
      byEpc: new Map(),
      bySku: new Map(),
      bySscc: new Map(),
      byOrder: new Map(),
      byTag: new Map(),
      byTransaction: new Map(),
      byIdentity: new Map(),
      listsByEpc: new Map(),
    },
    wanted: new Map(),
    untold: new Map(),
    untoldLists: new Set(),
    unsaved: new Set(),
    outbound: openOutbound(products),
    docks: openDockToStock(),
    products,
    tasks: openTasks(),
    queue: openQueue(),
    counts: openCounts(),
    transfers: openTransfers(),
    partners: openPartners(),
    supplierReturns: openReturns(),
    announced: openAnnounced(),
    appointments: openAppointments(),
    feeds: openFeeds(),
  };
}

/** Notes that a document changed; of its lines, tags and lines of closed receipts those that are named. */
export function touch(
  work: WorkState,
  { id }: Inbound,
  lines: Iterable<string> = [],
  tags: Iterable<string> = [],
  closed: Iterable<string> = [],
): void {
  let changed = work.untold.get(id);
  if (changed === undefined) work.untold.set(id, (changed = { lines: new Set(), tags: new Set(), closed: new Set() }));
  for (const line of lines) changed.lines.add(line);
  for (const tag of tags) changed.tags.add(tag);
  for (const key of closed) changed.closed.add(key);
  work.unsaved.add(id);
}

/** Documents that have been done with for so long are forgotten: nothing can be taken back from them any more. */
const ENDED_KEPT_MS = 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimWork(work: WorkState, now: number): void {
  trimOutbound(work.outbound, now);
  trimTasks(work.tasks, now);
  trimCounts(work.counts, now);
  trimTransfers(work.transfers, now);
  trimReturns(work.supplierReturns, now);
  trimAnnounced(work.announced, now);
  trimAppointments(work.appointments, now);
  for (const inbound of work.inbounds.values()) {
    if (inbound.endedAt === undefined || inbound.endedAt > now - ENDED_KEPT_MS || inbound.receipt !== undefined)
      continue;
    unindex(work, inbound);
    work.inbounds.delete(inbound.id);
    work.ended.add(inbound.id);
    work.unsaved.add(inbound.id);
  }
  for (const [list, versions] of work.lists) {
    const kept = versions.filter(({ until }) => until > now - ENDED_KEPT_MS);
    if (kept.length === versions.length) continue;
    unindexList(work, list, versions);
    if (kept.length === 0) work.lists.delete(list);
    else {
      work.lists.set(list, kept);
      indexList(work, list, kept);
    }
  }
}

export function index(work: WorkState, inbound: Inbound): void {
  const { byEpc, bySku, bySscc, byOrder, byTag, byTransaction, byIdentity } = work.index;
  for (const { epcs, sku, sscc, order } of inbound.lines) {
    for (const epc of epcs) {
      add(byEpc, epc, inbound.id);
      const identity = calledOf(epc);
      if (identity !== undefined) add(byIdentity, identity, epc);
    }
    if (sku !== undefined) add(bySku, sku, inbound.id);
    for (const unit of sscc) add(bySscc, unit, inbound.id);
    if (order !== undefined) add(byOrder, order.inbound, inbound.id);
  }
  for (const tag of inbound.tags.keys()) add(byTag, tag, inbound.id);
  for (const transaction of inbound.arrivals.keys()) byTransaction.set(transaction, inbound.id);
}

/** What a tag is called in a barcode. */
function calledOf(epc: string): string | undefined {
  const decoded = decodeEpc(epc);
  return decoded.kind === 'gs1' ? identityOf(decoded) : undefined;
}

export function unindex(work: WorkState, inbound: Inbound): void {
  const { byEpc, bySku, bySscc, byOrder, byTag, byTransaction, byIdentity } = work.index;
  for (const { epcs, sku, sscc, order } of inbound.lines) {
    for (const epc of epcs) {
      remove(byEpc, epc, inbound.id);
      const identity = calledOf(epc);
      if (identity !== undefined && !byEpc.has(epc)) remove(byIdentity, identity, epc);
    }
    if (sku !== undefined) remove(bySku, sku, inbound.id);
    for (const unit of sscc) remove(bySscc, unit, inbound.id);
    if (order !== undefined) remove(byOrder, order.inbound, inbound.id);
  }
  for (const tag of inbound.tags.keys()) remove(byTag, tag, inbound.id);
  for (const transaction of inbound.arrivals.keys()) byTransaction.delete(transaction);
}

export function indexList(work: WorkState, list: string, versions: readonly CrossingList[]): void {
  for (const { epcs } of versions) for (const epc of epcs) add(work.index.listsByEpc, epc, list);
}

export function unindexList(work: WorkState, list: string, versions: readonly CrossingList[]): void {
  for (const { epcs } of versions) for (const epc of epcs) remove(work.index.listsByEpc, epc, list);
}
