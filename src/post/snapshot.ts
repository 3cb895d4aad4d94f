// Snapshots: one cut of a site's machines at one offset, in parts; items, balances and zones only as far as they changed. The way back is
// restoreSnapshot.ts, how they are kept is keepSnapshot.ts.
import { serialize } from 'node:v8';
import { type SiteSource } from '../config/plan.ts';
import { type CleanState } from '../clean/clean.ts';
import { type AreaLog } from '../clean/areaLog.ts';
import type { InferState } from '../infer/infer.ts';
import { type InstallationMemory } from '../infer/installation/installation.ts';
import { type AreaState } from '../infer/fold.ts';
import type { Doubt } from '../infer/doubt/doubt.ts';
import type { Doubts } from '../infer/doubt/doubts.ts';
import { chunkOf } from '../infer/doubt/kept.ts';
import { tallyRows } from '../infer/tallies.ts';
import { putBackDirty, takeDirty } from '../infer/zones.ts';
import {
  OUTBOUND_PARTS,
  takeUnsaved,
  takeUnsavedCounts,
  takeUnsavedTransfers,
  takeUnsavedOutbound,
  workCore,
  type WorkCore,
} from '../work/keep.ts';
import { keptItem } from './keptItem.ts';
import { takeUnsavedAnnounced } from '../work/announced/announced.ts';
import { takeUnsavedAppointments } from '../work/appointments/appointments.ts';
import { takeUnsavedPartners } from '../work/partners/partners.ts';
import { takeUnsavedProducts } from '../work/products.ts';
import { takeUnsavedReturns } from '../work/returns/returns.ts';
import { takeUnsavedJobs } from '../work/queue/queue.ts';
import { takeUnsavedTasks } from '../work/tasks/tasks.ts';
import type { SiteMachine } from '../derive.ts';

/**
 * The form in which folds, zones and what the installation is known by are kept: raised when it changes, and what a former release heard just
 * before is forgotten then. Items, balances, documents and cleaned reads have no such number: who changes their form turns the old one
 * into the new one in `restorePart`.
 */
export const SHAPE = 2;

export interface Snapshot {
  readonly site: string;
  readonly offset: number;
  readonly parts: readonly {
    readonly part: (typeof PARTS)[number];
    readonly key: string;
    readonly content: Buffer | undefined;
  }[];
  /** It could not be written: what it holds counts as changed again. */
  readonly putBack: () => void;
}

/** What always goes whole: sessions, clocks, watermarks, recent reads. */
export interface Core {
  readonly source: SiteSource;
  readonly clean: Pick<CleanState, 'now' | 'sweptAt' | 'clocks' | 'marks' | 'lastReadAt'> & {
    readonly areas: readonly Omit<AreaLog, 'epcOf'>[];
  };
  readonly areas: readonly Pick<AreaState, 'fold' | 'checkpoints' | 'decisions'>[];
  readonly zones: Pick<InferState['zones'], 'touched' | 'completeTo'> & Partial<Pick<InferState['zones'], 'hours'>>;
  readonly passages: InferState['passages']['byId'];
  readonly scans: Omit<InferState['scans'], 'identities'>;
  readonly below: InferState['balances']['below'];
  readonly again: Set<number>;
  readonly settledTo: number[];
  readonly toldLate: Set<string>;
  readonly installation: InstallationMemory;
  /** A former release had none. */
  readonly doubts?: Pick<Doubts, 'lore' | 'usual' | 'passedTo'> & {
    readonly open: readonly (readonly [string, Doubt])[];
  };
  readonly spellings: readonly (readonly [string, number])[];
  readonly work: WorkCore;
  /** A former release had none. */
  readonly adjustments?: InferState['adjustments']['waiting'];
}

const scansOf = ({ identities: _, ...scans }: InferState['scans']): Core['scans'] => scans;

/** EPCs in one part: tags only ever get more, so a full chunk is never written again. */
const TAGS_A_CHUNK = 4096;

/** Takes the cut. Synchronous, so it is one; what changed since the last snapshot is marked as written. */
export function takeSnapshot(machine: SiteMachine): Snapshot {
  const { clean, infer, work, ahead } = machine;
  const parts: Snapshot['parts'][number][] = [];
  const core: Core = {
    source: infer.plan.source,
    clean: {
      now: clean.now,
      sweptAt: clean.sweptAt,
      clocks: clean.clocks,
      marks: clean.marks,
      lastReadAt: clean.lastReadAt,
      areas: clean.areas.map(({ epcOf: _, ...log }) => log),
    },
    areas: infer.areas.map(({ fold, checkpoints, decisions }) => ({ fold, checkpoints, decisions })),
    zones: { touched: infer.zones.touched, completeTo: infer.zones.completeTo, hours: infer.zones.hours },
    passages: infer.passages.byId,
    scans: scansOf(infer.scans),
    below: infer.balances.below,
    again: infer.again,
    settledTo: infer.settledTo,
    toldLate: infer.toldLate,
    installation: infer.installation.memory,
    doubts: {
      lore: infer.doubts.lore,
      usual: infer.doubts.usual,
      passedTo: infer.doubts.passedTo,
      open: [...infer.doubts.open],
    },
    spellings: spellingsOf(clean),
    work: workCore(work),
    adjustments: infer.adjustments.waiting,
  };
  parts.push({ part: 'core', key: '', content: serialize(core) });
  for (
    let chunk = machine.tagsWritten - (machine.tagsWritten % TAGS_A_CHUNK);
    chunk < clean.tags.epcs.length;
    chunk += TAGS_A_CHUNK
  ) {
    parts.push({
      part: 'tags',
      key: String(chunk).padStart(10, '0'),
      content: serialize(clean.tags.epcs.slice(chunk, chunk + TAGS_A_CHUNK)),
    });
  }
  const tagsBefore = machine.tagsWritten;
  machine.tagsWritten = clean.tags.epcs.length;
  const zones = takeDirty(infer.zones);
  const balances = [...infer.balances.dirty];
  for (const tag of zones) {
    const zone = infer.zones.tags.get(tag);
    const rows = tallyRows(infer.zones.tallies, tag);
    parts.push({ part: 'zone', key: String(tag), content: zone && serialize([zone, rows]) });
  }
  for (const epc of infer.book.dirty) ahead.set(epc, itemContent(infer, epc));
  infer.book.dirty.clear();
  const items = [...ahead.keys()];
  for (const [key, content] of ahead) parts.push({ part: 'item', key, content });
  ahead.clear();
  for (const [key, stock] of balances) {
    const balance = infer.balances.bySku.get(stock.sku)?.get(key);
    parts.push({ part: 'balance', key, content: balance && serialize(balance) });
  }
  infer.balances.dirty.clear();
  const { kept } = infer.doubts;
  const doubted = [...kept.dirty];
  kept.dirty.clear();
  for (const chunk of doubted)
    parts.push({ part: 'doubt', key: String(chunk), content: serialize(chunkOf(kept, chunk)) });
  const documents = takeUnsaved(work);
  for (const [id, inbound] of documents) parts.push({ part: 'inbound', key: id, content: serialize(inbound) });
  const outbound = takeUnsavedOutbound(work);
  for (const [part, key, value] of outbound) parts.push({ part, key, content: serialize(value) });
  const products = takeUnsavedProducts(work.products);
  for (const [sku, product] of products)
    parts.push({ part: 'product', key: sku, content: product && serialize(product) });
  const tasks = takeUnsavedTasks(work.tasks);
  for (const [id, task] of tasks) parts.push({ part: 'task', key: id, content: task && serialize(task) });
  const jobs = takeUnsavedJobs(work.queue);
  for (const [key, job] of jobs) parts.push({ part: 'job', key, content: job && serialize(job) });
  const counts = takeUnsavedCounts(work);
  const partners = takeUnsavedPartners(work.partners);
  for (const [key, value] of partners) parts.push({ part: 'partner', key, content: value && serialize(value) });
  const returns = takeUnsavedReturns(work.supplierReturns);
  for (const [key, value] of returns) parts.push({ part: 'supplier-return', key, content: serialize(value) });
  const announced = takeUnsavedAnnounced(work.announced);
  for (const [key, value] of announced) parts.push({ part: 'announced-return', key, content: serialize(value) });
  const appointments = takeUnsavedAppointments(work.appointments);
  for (const [key, value] of appointments) parts.push({ part: 'appointment', key, content: serialize(value) });
  const transfers = takeUnsavedTransfers(work);
  for (const [key, value] of transfers) parts.push({ part: 'transfer', key, content: serialize(value) });
  for (const [key, value] of counts) parts.push({ part: 'count', key, content: serialize(value) });
  return {
    site: infer.plan.site,
    offset: machine.offset,
    parts,
    putBack: () => {
      machine.tagsWritten = Math.min(machine.tagsWritten, tagsBefore);
      putBackDirty(infer.zones, zones);
      for (const epc of items) infer.book.dirty.add(epc);
      for (const [key, stock] of balances) infer.balances.dirty.set(key, stock);
      for (const chunk of doubted) kept.dirty.add(chunk);
      for (const [id] of documents) work.unsaved.add(id);
      for (const [part, id] of outbound) work.outbound.unsaved[part].add(id);
      for (const [sku] of products) work.products.unsaved.add(sku);
      for (const [id] of tasks) work.tasks.unsaved.add(id);
      for (const [key] of jobs) work.queue.unsaved.add(key);
      for (const [account] of transfers) work.transfers.unsaved.add(account);
      for (const [key] of partners) work.partners.unsaved.add(key);
      for (const [id] of returns) work.supplierReturns.unsaved.add(id);
      for (const [id] of announced) work.announced.unsaved.add(id);
      for (const [id] of appointments) work.appointments.unsaved.add(id);
      for (const [id] of counts) work.counts.unsaved.add(id);
    },
  };
}

const itemContent = ({ book }: InferState, epc: string): Buffer => serialize(keptItem(book.items.get(epc)!));

/** EPCs that were read otherwise than they are written, and those of no stock. A site has a million others. */
function spellingsOf({ tags: { byEpc, epcs } }: CleanState): readonly (readonly [string, number])[] {
  const spellings: [string, number][] = [];
  for (const [epc, tag] of byEpc) if (epcs[tag] !== epc) spellings.push([epc, tag]);
  return spellings;
}

/** An item that has not been heard for so long is seldom heard before the next snapshot; ms of event time. */
const QUIET_MS = 20_000;
const AHEAD_AT_ONCE = 500;

/**
 * Serialises some of the items that changed, ahead of the next snapshot: taking that holds everything up, the shorter the less is left to it.
 * To be called now and then; a few milliseconds each time.
 */
export function keepAhead({ clean, infer, ahead }: SiteMachine): void {
  const { dirty, items } = infer.book;
  let left = Math.min(AHEAD_AT_ONCE, dirty.size);
  for (const epc of dirty) {
    if (left-- === 0) return;
    dirty.delete(epc);
    if (items.get(epc)!.seenAt > clean.now - QUIET_MS) dirty.add(epc); // looked at again after the others
    else ahead.set(epc, itemContent(infer, epc));
  }
}

/** What a snapshot consists of, in the order in which a new machine takes it in; parts of one kind by their keys. */
export const PARTS = [
  'tags',
  'core',
  'zone',
  'item',
  'balance',
  'doubt',
  'inbound',
  ...OUTBOUND_PARTS,
  'product',
  'task',
  'job',
  'inbound',
  ...OUTBOUND_PARTS,
  'count',
  'transfer',
  'partner',
  'supplier-return',
  'announced-return',
  'appointment',
] as const;
