// The way back from a snapshot: its parts, in their order, into a machine that was just opened.
import { deserialize } from 'node:v8';
import { planSite, type AreaPlan, type SitePlan } from '../config/plan.ts';
import { openAreas } from '../clean/clean.ts';
import { forgetReleased, type AreaLog } from '../clean/areaLog.ts';
import { restoreBalance, type Balance } from '../infer/balances.ts';
import type { InferState } from '../infer/infer.ts';
import { openInstallation, restoreInstallation } from '../infer/installation/installation.ts';
import { openArea } from '../infer/area.ts';
import { copyFold, type AreaState } from '../infer/fold.ts';
import { restoreChunk, type Chunk } from '../infer/doubt/kept.ts';
import type { Item } from '../infer/item.ts';
import { indexItem } from '../infer/book.ts';
import { indexPassages } from '../infer/passages.ts';
import { learnIdentity } from '../infer/identities.ts';
import { restoreTallies } from '../infer/tallies.ts';
import { type ZoneTag } from '../infer/zones.ts';
import { restoreCount, restoreOutboundPart, restoreTransfer, restoreWorkCore, restoreWorkPart } from '../work/keep.ts';
import { restoreHeard } from './formerTracks.ts';
import { itemKept, type KeptItem } from './keptItem.ts';
import { restoreAnnounced } from '../work/announced/announced.ts';
import { restoreAppointment } from '../work/appointments/appointments.ts';
import { restorePartner } from '../work/partners/partners.ts';
import { restoreProduct } from '../work/products.ts';
import { restoreReturn } from '../work/returns/returns.ts';
import type { Partner } from '../infer/partnerEffects.ts';
import type { Product } from '../infer/productEffects.ts';
import { restoreJob, type Job } from '../work/queue/queue.ts';
import { restoreTask } from '../work/tasks/tasks.ts';
import type { Task } from '../work/tasks/task.ts';
import type { SiteMachine } from '../derive.ts';
import { SHAPE, type Core, type PARTS } from './snapshot.ts';

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
      restoreItem(infer, itemKept(value as KeptItem));
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
  book.items.restore(item);
  learnIdentity(scans.identities, item.epc);
  indexItem(book, item);
}

/** The machine is now as it was when the snapshot was taken, after this offset. */
export function endRestoring(machine: SiteMachine, offset: number): void {
  machine.offset = offset;
  machine.tagsWritten = machine.clean.tags.epcs.length;
  machine.infer.book.dirty.clear();
  machine.ahead.clear();
  machine.infer.balances.dirty.clear();
  machine.infer.doubts.kept.dirty.clear();
}
