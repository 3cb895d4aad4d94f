// Loading, and approving, as jobs: a truck whose orders stand here picked, or that is whole and waits to leave; what somebody counted or corrected
// by so much that somebody else looks at it.
import type { SitePlan } from '../../config/plan.ts';
import type { AdjustmentEffect } from '../../infer/adjustmentEffects.ts';
import { inBooks } from '../../infer/balances.ts';
import { PRIORITY_DEFAULT } from '../../wire/outbound.ts';
import { isOpen as isOpenBin, type Count, type Task as CountTask } from '../counting/count.ts';
import type { Load } from '../outbound/load.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { urgencyOf, type Described } from './jobs.ts';

/** What stops the books from being right waits behind everything that moves. */
const PRIORITY_APPROVE = PRIORITY_DEFAULT - 2;

/** An open load: what stands here picked for it is to be brought on, and when nothing is, and nothing is to come, it is to be closed. */
export function jobOfLoad({ orders }: Outbound, plan: SitePlan, load: Load): Described | undefined {
  if (load.closedAt !== undefined) return undefined;
  const own = [...load.orders.keys()].flatMap((id) => orders.get(id) ?? []);
  const lines = own.flatMap((order) => order.lines);
  const picked = inBooks(lines.reduce((sum, line) => sum + line.picked, 0));
  const isWhole =
    load.aboard.size > 0 && own.every((order) => order.lines.every(({ quantity, shipped }) => shipped >= quantity));
  if (picked === 0 && !isWhole) return undefined;
  const door = plan.readPoints.find((point) => point.id === load.door && point.kind === 'portal');
  return {
    kind: 'load',
    id: load.id,
    part: 0,
    from: door?.kind === 'portal' ? door.inside : undefined,
    to: undefined,
    what: picked > 0 ? `${picked} onto ${load.id} (${load.carrier})` : `close ${load.id} (${load.carrier})`,
    notFor: [],
    ...urgencyOf(own, PRIORITY_DEFAULT),
  };
}

/** A bin whose counts differ by too much; by nobody who counted it. */
export function jobOfApproval(count: Count, bin: CountTask): Described | undefined {
  if (!isOpenBin(bin) || bin.state !== 'approval') return undefined;
  return {
    kind: 'approve',
    id: count.id,
    part: bin.task,
    from: bin.location,
    to: undefined,
    what: `what was counted at ${bin.location}`,
    notFor: [...new Set(bin.attempts.map(({ by }) => by))],
    ...urgencyOf([], PRIORITY_APPROVE),
  };
}

/** A correction of more than the rules let pass; by nobody who asked for it. */
export const jobOfAdjustment = (
  { id, kind, sku, quantity, location, by, epc }: AdjustmentEffect,
  plan: SitePlan,
): Described => ({
  kind: 'approve',
  id,
  part: 0,
  from: plan.locations.has(location) ? location : undefined,
  to: undefined,
  what: `${kind} ${quantity} of ${sku ?? epc ?? 'it'}`,
  notFor: [by],
  ...urgencyOf([], PRIORITY_APPROVE),
});
