// Snapshots: one cut of a site's machines at one offset, in parts; items, balances and zones only as far as they changed. And
// the way back: parts into a machine. How they are kept is keepSnapshot.ts.
import { deserialize, serialize } from 'node:v8';
import { planSite, type AreaPlan, type SitePlan, type SiteSource } from '../config/plan.ts';
import { openAreas, type CleanState } from '../clean/clean.ts';
import { forgetReleased, type AreaLog } from '../clean/areaLog.ts';
import { restoreBalance, type Balance } from '../infer/balances.ts';
import type { InferState } from '../infer/infer.ts';
import { openInstallation, restoreInstallation, type InstallationMemory } from '../infer/installation/installation.ts';
import { openArea } from '../infer/area.ts';
import { copyFold, type AreaState } from '../infer/fold.ts';
import type { Doubt } from '../infer/doubt/doubt.ts';
import type { Doubts } from '../infer/doubt/doubts.ts';
import { chunkOf, restoreChunk, type Chunk } from '../infer/doubt/kept.ts';
import type { Item } from '../infer/item.ts';
import { indexItem } from '../infer/book.ts';
import { indexPassages } from '../infer/passages.ts';
import { learnIdentity } from '../infer/identities.ts';
import { restoreTallies, tallyRows } from '../infer/tallies.ts';
import { putBackDirty, takeDirty, type ZoneTag } from '../infer/zones.ts';
import {
  OUTBOUND_PARTS,
  restoreCount,
  restoreOutboundPart,
  restoreTransfer,
  restoreWorkCore,
  restoreWorkPart,
  takeUnsaved,
  takeUnsavedCounts,
  takeUnsavedTransfers,
  takeUnsavedOutbound,
  workCore,
  type WorkCore,
} from '../work/keep.ts';
import { restoreHeard } from './formerTracks.ts';
import { restoreAnnounced, takeUnsavedAnnounced } from '../work/announced/announced.ts';
import { restoreAppointment, takeUnsavedAppointments } from '../work/appointments/appointments.ts';
import { restorePartner, takeUnsavedPartners } from '../work/partners/partners.ts';
import { restoreProduct, takeUnsavedProducts } from '../work/products.ts';
import { restoreReturn, takeUnsavedReturns } from '../work/returns/returns.ts';
import type { Partner } from '../infer/partnerEffects.ts';
import type { Product } from '../infer/productEffects.ts';
import { restoreJob, takeUnsavedJobs, type Job } from '../work/queue/queue.ts';
import { restoreTask, takeUnsavedTasks } from '../work/tasks/tasks.ts';
import type { Task } from '../work/tasks/task.ts';
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
interface Core {
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
  const { clean, infer, work } = machine;
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
    spellings: [...clean.tags.byEpc].filter(([epc, tag]) => clean.tags.epcs[tag] !== epc),
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
  const items = [...infer.book.dirty];
  const balances = [...infer.balances.dirty];
  for (const tag of zones) {
    const zone = infer.zones.tags.get(tag);
    const rows = tallyRows(infer.zones.tallies, tag);
    parts.push({ part: 'zone', key: String(tag), content: zone && serialize([zone, rows]) });
  }
  for (const epc of infer.book.dirty)
    parts.push({ part: 'item', key: epc, content: serialize(infer.book.items.get(epc)) });
  infer.book.dirty.clear();
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

/** Puts a part into a machine. One of another shape leaves out what cannot be understood any more. */
export function restorePart(
  machine: SiteMachine,
  part: (typeof PARTS)[number],
  key: string,
  content: Buffer,
  shape = SHAPE,
): void {
  const { clean, infer } = machine;
  if (part === 'zone' && shape !== SHAPE) {
    infer.zones.dirty.add(Number(key)); // it goes with the next snapshot
    return;
  }
  const value: unknown = deserialize(content);
  switch (part) {
    case 'tags':
      for (const epc of value as string[]) clean.tags.byEpc.set(epc, clean.tags.epcs.push(epc) - 1);
      break;
    case 'core':
      restoreCore(machine, value as Core, shape === SHAPE);
      break;
    case 'zone': {
      const [zone, rows] = value as [ZoneTag, Int32Array];
      infer.zones.tags.set(Number(key), zone);
      restoreTallies(infer.zones.tallies, Number(key), rows);
      break;
    }
    case 'item':
      restoreItem(infer, value as Item);
      break;
    case 'balance':
      restoreBalance(infer.balances, value as Balance);
      break;
    case 'doubt':
      restoreChunk(infer.doubts.kept, Number(key), value as Chunk);
      break;
    case 'inbound':
      restoreWorkPart(machine.work, key, value);
      break;
    case 'order':
    case 'pick':
    case 'load':
    case 'carton':
      restoreOutboundPart(machine.work, part, key, value);
      break;
    case 'product':
      restoreProduct(machine.work.products, value as Product);
      break;
    case 'task':
      restoreTask(machine.work.tasks, value as Task);
      break;
    case 'job':
      restoreJob(machine.work.queue, value as Job);
      break;
    case 'transfer':
      restoreTransfer(machine.work, key, value);
      break;
    case 'partner':
      restorePartner(machine.work.partners, value as Partner);
      break;
    case 'appointment':
      restoreAppointment(machine.work.appointments, key, value);
      break;
    case 'supplier-return':
      restoreReturn(machine.work.supplierReturns, key, value);
      break;
    case 'announced-return':
      restoreAnnounced(machine.work.announced, key, value);
      break;
    case 'count':
      restoreCount(machine.work, key, value);
      break;
  }
}

function restoreCore({ clean, infer, work }: SiteMachine, core: Core, isOfShape: boolean): void {
  restoreWorkCore(work, core.work);
  const plan = planSite(core.source);
  clean.plan = plan;
  clean.now = core.clean.now;
  clean.sweptAt = core.clean.sweptAt;
  for (const [reader, clock] of core.clean.clocks) clean.clocks.set(reader, clock);
  for (const [reader, mark] of core.clean.marks) clean.marks.set(reader, mark);
  for (const [epc, tag] of core.spellings) clean.tags.byEpc.set(epc, tag);
  Object.assign(clean, openAreas(plan, clean.tags));
  clean.lastReadAt = core.clean.lastReadAt;
  for (const [index, log] of core.clean.areas.entries())
    Object.assign(clean.areas[index]!, { keptFrom: log.forgottenTo }, log); // a former release kept nothing before it
  infer.plan = plan;
  restoreHeard(isOfShape ? core : { ...core, areas: [] });
  infer.areas = plan.areas.map((area, index) =>
    isOfShape
      ? Object.assign(openArea(area, plan, undefined, infer.lookups), core.areas[index])
      : openAreaAnew(area, plan, clean.areas[index]!, infer.lookups),
  );
  if (isOfShape) Object.assign(infer.zones, core.zones);
  else infer.zones.completeTo = core.zones.completeTo;
  for (const [id, passage] of core.passages) infer.passages.byId.set(id, passage);
  indexPassages(infer.passages);
  Object.assign(infer.scans, core.scans);
  for (const [id, held] of core.adjustments ?? []) infer.adjustments.waiting.set(id, held);
  for (const [key, id] of core.below) infer.balances.below.set(key, id);
  infer.settledTo = core.settledTo;
  for (const tag of core.again) infer.again.add(tag);
  for (const id of core.toldLate) infer.toldLate.add(id);
  if (core.doubts !== undefined) {
    const { open, ...rest } = core.doubts;
    Object.assign(infer.doubts, rest);
    for (const [epc, doubt] of open) infer.doubts.open.set(epc, doubt);
  }
  const { memory } = openInstallation(plan);
  infer.installation = restoreInstallation(
    isOfShape ? core.installation : { ...memory, open: core.installation.open },
    plan,
  );
}

/** Nothing is known of what was heard until now, and nothing of it can be decided any more. */
function openAreaAnew(area: AreaPlan, plan: SitePlan, log: AreaLog, lookups: InferState['lookups']): AreaState {
  forgetReleased(log);
  const state = openArea(area, plan, undefined, lookups);
  state.fold.time = log.releasedTo;
  state.checkpoints = [copyFold(state.fold)];
  return state;
}

function restoreItem({ book, scans }: InferState, item: Item): void {
  book.items.add(item);
  learnIdentity(scans.identities, item.epc);
  indexItem(book, item);
  book.items.rest(item);
}

/** The machine is now as it was when the snapshot was taken, after this offset. */
export function endRestoring(machine: SiteMachine, offset: number): void {
  machine.offset = offset;
  machine.tagsWritten = machine.clean.tags.epcs.length;
  machine.infer.book.dirty.clear();
  machine.infer.balances.dirty.clear();
  machine.infer.doubts.kept.dirty.clear();
}
