// What is known of the stock that somebody else holds for us: since when, by which of their messages, and what the books changed lately.
import type { SitePlan } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import type { Transaction } from '../../infer/effects.ts';
import type { SnapshotEffect } from '../../infer/feedEffects.ts';
import { forgetOldest } from '../sets.ts';

/** Movements of theirs that are known by their number, the oldest forgotten first. */
const REFS_MAX = 50_000;
/** Changes of the books that a snapshot may be older than, the oldest forgotten first. */
const CHANGES_MAX = 20_000;

export interface Feeds {
  asOf: number | undefined;
  readonly refs: Map<string, number>;
  /** On hand, by SKU: what came or went when. */
  changes: { readonly sku: string; readonly at: number; readonly quantity: number }[];
  readonly untold: SnapshotEffect[];
}

export const openFeeds = (): Feeds => ({ asOf: undefined, refs: new Map(), changes: [], untold: [] });

export const isHeldByOthers = ({ kind }: SitePlan): boolean => kind === '3pl' || kind === 'marketplace';

export function noteRef({ refs }: Feeds, ref: string, at: number): void {
  refs.set(ref, at);
  forgetOldest(refs, REFS_MAX);
}

export function takeFeeds(feeds: Feeds, plan: SitePlan, transactions: readonly Transaction[]): void {
  if (!isHeldByOthers(plan)) return;
  for (const { happenedAt: at, postings } of transactions) {
    for (const { sku, quantity, from, to } of postings) {
      const change =
        (plan.locations.has(to.location) ? quantity : 0) - (plan.locations.has(from.location) ? quantity : 0);
      if (change !== 0) feeds.changes.push({ sku, at, quantity: inBooks(change) });
    }
  }
  if (feeds.changes.length > CHANGES_MAX) feeds.changes = feeds.changes.slice(-CHANGES_MAX);
}
