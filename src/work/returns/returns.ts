// Returns to suppliers of a site as one state, and which of them something is of that leaves.
import type { SupplierReturnEffect } from '../../infer/partnerEffects.ts';
import type { Lying } from '../../infer/planner.ts';
import { takeAll } from '../takeAll.ts';
import { leftOf, returnEffect, type ReturnLine, type SupplierReturn } from './supplierReturn.ts';

export interface SupplierReturns {
  readonly byId: Map<string, SupplierReturn>;
  /** Done with and forgotten: their numbers are not given again. */
  readonly ended: Set<string>;
  /** For the row in hand: tag or transaction → the return and its line that a command sent it with. */
  readonly wanted: Map<string, { readonly id: string; readonly line: string }>;
  readonly untold: Set<string>;
  readonly unsaved: Set<string>;
}

export const openReturns = (): SupplierReturns => ({
  byId: new Map(),
  ended: new Set(),
  wanted: new Map(),
  untold: new Set(),
  unsaved: new Set(),
});

export function touchReturn({ untold, unsaved }: SupplierReturns, one: SupplierReturn, at: number): void {
  one.changedAt = Math.max(one.changedAt, at);
  untold.add(one.id);
  unsaved.add(one.id);
}

export interface OfReturn {
  readonly one: SupplierReturn;
  readonly line: ReturnLine;
}

/**
 * The line that something is of, as it lies: one that names its tag, else one of its SKU, lot, owner and status that is not whole yet; the
 * oldest first. Undefined when it goes back to nobody.
 */
export function returnFor({ byId }: SupplierReturns, lying: Lying): OfReturn | undefined {
  const { epc, sku, lot, owner, status } = lying;
  if (byId.size === 0 || sku === undefined) return undefined;
  let found: OfReturn | undefined;
  let isNamed = false;
  for (const one of byId.values()) {
    if (one.closedAt !== undefined || one.owner !== owner) continue;
    for (const line of one.lines) {
      if (line.sku !== sku || line.status !== status || leftOf(line) === 0) continue;
      const names = epc !== undefined && line.epcs.has(epc);
      if (!names && (isNamed || line.epcs.size > 0 || (line.lot !== '' && line.lot !== lot))) continue;
      if (found !== undefined && names === isNamed && !isOlder(one, found.one)) continue;
      found = { one, line };
      isNamed = names;
    }
  }
  return found;
}

/** The order must not depend on that in which they were put back after a restart. */
export const isOlder = (a: SupplierReturn, b: SupplierReturn): boolean =>
  a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id);

/** So long after its end a return is forgotten. */
const ENDED_KEPT_MS = 30 * 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimReturns({ byId, ended, unsaved }: SupplierReturns, now: number): void {
  for (const [id, { closedAt }] of byId) {
    if (closedAt === undefined || closedAt > now - ENDED_KEPT_MS) continue;
    byId.delete(id);
    ended.add(id);
    unsaved.add(id);
  }
}

/** What has changed since it was last asked. */
export const returnsTold = ({ byId, untold }: SupplierReturns): SupplierReturnEffect[] =>
  takeAll(untold, (id) => returnEffect(byId.get(id)!));

export function takeUnsavedReturns({
  byId,
  unsaved,
}: SupplierReturns): (readonly [id: string, SupplierReturn | 'ended'])[] {
  return takeAll(unsaved, (id) => [id, byId.get(id) ?? 'ended'] as const);
}

export function restoreReturn({ byId, ended }: SupplierReturns, id: string, value: unknown): void {
  if (value === 'ended') ended.add(id);
  else byId.set(id, value as SupplierReturn);
}
