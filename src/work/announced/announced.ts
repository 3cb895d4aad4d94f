// Announced returns of a site as one state, what came back of which nobody had said so, and which of them something is of that comes back.
import type { AnnouncedReturnEffect } from '../../infer/returnEffects.ts';
import type { Lying } from '../../infer/planner.ts';
import { takeAll } from '../takeAll.ts';
import { add } from '../sets.ts';
import { announcedEffect, leftOf, type AnnouncedLine, type AnnouncedReturn } from './announcedReturn.ts';

/** Something that comes back. */
export type ComingBack = Omit<Lying, 'location' | 'status' | 'owner'> & {
  /** Undefined: nobody said. */
  readonly owner: string | undefined;
  /** ms, event time. */
  readonly at: number;
};

/** It came back, and nobody had said that it would; an announcement that comes later finds it. */
export interface Unannounced extends ComingBack {
  readonly sku: string;
  readonly owner: string;
  readonly quantity: number;
}

export interface AnnouncedReturns {
  readonly byId: Map<string, AnnouncedReturn>;
  /** Done with and forgotten: their numbers are not given again. */
  readonly ended: Set<string>;
  /** By transaction, the oldest first. */
  readonly unannounced: Map<string, Unannounced>;
  /** Made of them, so no part of a snapshot. */
  readonly index: { readonly bySku: Map<string, Set<string>>; readonly byTransaction: Map<string, string> };
  /** For the row in hand: tag or transaction → the return and its line that a command received it for. */
  readonly wanted: Map<string, { readonly id: string; readonly line: string }>;
  /** Return → transactions that brought some of it, or do so no more. */
  readonly untold: Map<string, Set<string>>;
  readonly unsaved: Set<string>;
}

export const openAnnounced = (): AnnouncedReturns => ({
  byId: new Map(),
  ended: new Set(),
  unannounced: new Map(),
  index: { bySku: new Map(), byTransaction: new Map() },
  wanted: new Map(),
  untold: new Map(),
  unsaved: new Set(),
});

export function touchAnnounced(
  { untold, unsaved }: AnnouncedReturns,
  one: AnnouncedReturn,
  at: number,
  transaction?: string,
): void {
  one.changedAt = Math.max(one.changedAt, at);
  const changed = untold.get(one.id) ?? new Set();
  if (transaction !== undefined) changed.add(transaction);
  untold.set(one.id, changed);
  unsaved.add(one.id);
}

export function indexAnnounced({ byId, index }: AnnouncedReturns, one: AnnouncedReturn): void {
  byId.set(one.id, one);
  for (const { sku } of one.lines) add(index.bySku, sku, one.id);
  for (const transaction of one.arrived.keys()) index.byTransaction.set(transaction, one.id);
}

function forget({ byId, index, ended, unsaved }: AnnouncedReturns, one: AnnouncedReturn): void {
  byId.delete(one.id);
  for (const { sku } of one.lines) index.bySku.get(sku)?.delete(one.id);
  for (const transaction of one.arrived.keys()) index.byTransaction.delete(transaction);
  ended.add(one.id);
  unsaved.add(one.id);
}

export interface OfAnnounced {
  readonly one: AnnouncedReturn;
  readonly line: AnnouncedLine;
}

/**
 * The line that something is of which comes back. One that had this coming of the tag before; else one that names its
 * tag, though more came than was said; else one of its SKU, lot and owner that is not whole yet and names no tags. The oldest first.
 */
export function announcedFor(returns: AnnouncedReturns, back: ComingBack): OfAnnounced | undefined {
  const { epc, sku } = back;
  if (returns.byId.size === 0 || sku === undefined) return undefined;
  const candidates = [...(returns.index.bySku.get(sku) ?? [])].map((id) => returns.byId.get(id)!).sort(compareAge);
  return (
    (epc === undefined ? undefined : beforeFor(candidates, epc, back.at)) ??
    first(candidates, back, (line) => epc !== undefined && line.epcs.has(epc)) ??
    first(candidates, back, (line) => line.epcs.size === 0 && leftOf(line) > 0)
  );
}

/** The order must not depend on that in which they were put back after a restart. */
const compareAge = (a: AnnouncedReturn, b: AnnouncedReturn): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);

function beforeFor(candidates: readonly AnnouncedReturn[], epc: string, at: number): OfAnnounced | undefined {
  for (const one of candidates) {
    const before = one.tags.get(epc);
    const line = before && one.lines.find((other) => other.line === before.line);
    if (line !== undefined && at >= before!.from && at <= before!.until) return { one, line };
  }
  return undefined;
}

function first(
  candidates: readonly AnnouncedReturn[],
  { epc, sku, lot, owner }: ComingBack,
  may: (line: AnnouncedLine) => boolean,
): OfAnnounced | undefined {
  for (const one of candidates) {
    // What came for it once went out again since: it comes back of its own.
    if (one.closedAt !== undefined || (owner ?? one.owner) !== one.owner || (epc !== undefined && one.tags.has(epc)))
      continue;
    const fits = one.lines.filter(
      (line) => line.sku === sku && (line.lot === '' || lot === '' || line.lot === lot) && may(line),
    );
    const line = fits.find((each) => leftOf(each) > 0) ?? fits[0];
    if (line !== undefined) return { one, line };
  }
  return undefined;
}

/** So long after its end a return is forgotten. */
const ENDED_KEPT_MS = 30 * 86_400_000;
/** So long an announcement may come after its goods. */
const UNANNOUNCED_KEPT_MS = 14 * 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimAnnounced(returns: AnnouncedReturns, now: number): void {
  for (const one of returns.byId.values())
    if (one.closedAt !== undefined && one.closedAt <= now - ENDED_KEPT_MS) forget(returns, one);
  for (const [transaction, { at }] of returns.unannounced)
    if (at <= now - UNANNOUNCED_KEPT_MS) returns.unannounced.delete(transaction);
}

/** What has changed since it was last asked. */
export const announcedTold = ({ byId, untold }: AnnouncedReturns): AnnouncedReturnEffect[] =>
  takeAll(untold, ([id, changed]) => announcedEffect(byId.get(id)!, changed));

export function takeUnsavedAnnounced({
  byId,
  unsaved,
}: AnnouncedReturns): (readonly [id: string, AnnouncedReturn | 'ended'])[] {
  return takeAll(unsaved, (id) => [id, byId.get(id) ?? 'ended'] as const);
}

export function restoreAnnounced(returns: AnnouncedReturns, id: string, value: unknown): void {
  if (value === 'ended') returns.ended.add(id);
  else indexAnnounced(returns, value as AnnouncedReturn);
}
