// What follows from one row, put together: what was drafted, found and doubted, and what plans made of it.
import { adjustmentsTold } from './adjustments.ts';
import { isEmpty, type Effects, type EffectsDraft } from './effects.ts';
import type { InferState } from './infer.ts';
import type { InstallationChange } from './installation/installation.ts';
import { skuOfTag } from './item.ts';

interface Done {
  readonly state: InferState;
  readonly draft: EffectsDraft;
  readonly installed: InstallationChange;
}

/** Every field by its name: it is made with every row, and putting objects into one another costs ten times as much. */
export function effectsOf(
  { state, draft, installed }: Done,
  { site, offset, receivedAt }: Pick<Effects, 'site' | 'offset' | 'receivedAt'>,
  outcome?: Effects['outcome'],
  configuration?: Effects['configuration'],
): Effects {
  const work = state.planner.told();
  const effects: Effects = {
    site,
    offset,
    receivedAt,
    transactions: draft.transactions,
    passages: draft.passages.map((passage) => ({ ...passage, sku: skuOf(state, passage.epc) })),
    evidence: draft.evidence,
    discrepancies: draft.discrepancies,
    settled: draft.settled,
    items: [...draft.items.values()],
    findings: installed.findings,
    doorHours: [...installed.doorHours.values()],
    doubts: state.doubts.told.splice(0),
    adjustments: adjustmentsTold(state.adjustments),
    inbounds: work.inbounds,
    lists: work.lists,
    orders: work.orders,
    picks: work.picks,
    loads: work.loads,
    cartons: work.cartons,
    pickErrors: work.pickErrors,
    products: work.products,
    docked: work.docked,
    tasks: work.tasks,
    jobs: work.jobs,
    counts: work.counts,
    transfers: work.transfers,
    partners: work.partners,
    supplierReturns: work.supplierReturns,
    announcedReturns: work.announcedReturns,
    appointments: work.appointments,
    notices: work.notices,
    snapshots: work.snapshots,
    outcome,
    configuration,
  };
  return isEmpty(effects) ? nothingOf(site, offset, receivedAt) : effects;
}

const NONE: readonly never[] = [];

/** Of most rows; thousands of them may wait, and they share one empty list. */
const nothingOf = (site: string, offset: number, receivedAt: number): Effects => ({
  site,
  offset,
  receivedAt,
  transactions: NONE,
  passages: NONE,
  evidence: NONE,
  discrepancies: NONE,
  settled: NONE,
  items: NONE,
  findings: NONE,
  doorHours: NONE,
  doubts: NONE,
  adjustments: NONE,
  inbounds: NONE,
  lists: NONE,
  orders: NONE,
  picks: NONE,
  loads: NONE,
  cartons: NONE,
  pickErrors: NONE,
  products: NONE,
  docked: NONE,
  tasks: NONE,
  jobs: NONE,
  counts: NONE,
  transfers: NONE,
  partners: NONE,
  supplierReturns: NONE,
  announcedReturns: NONE,
  appointments: NONE,
  notices: NONE,
  snapshots: NONE,
  outcome: undefined,
  configuration: undefined,
});

function skuOf({ book, plan }: InferState, epc: string): string | undefined {
  const item = book.items.get(epc);
  return item === undefined ? skuOfTag(plan, book.packOf, epc) : item.state.sku;
}
