// Transactions of items and their postings, as the ledger will have them: what a judged claim is written as. Pure.
import type { SitePlan } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import { contentId } from '../kit/ids.ts';
import type { Account, Discrepancy, Posting, Transaction, TransactionType } from './effects.ts';
import type { Claim, Item, ItemState } from './item.ts';

/** The ledger's own locations. */
export const SUPPLIER = 'supplier';
export const CUSTOMER = 'customer';
export const ADJUSTMENT = 'adjustment';
/** What is on a load that has not left yet is at `outbound:<load>`. */
const OUTBOUND = 'outbound:';
export const outboundOf = (load: string): string => OUTBOUND + load;
/** The load that a location of the ledger stands for; undefined for any other. */
export const loadOfLocation = (location: string): string | undefined =>
  location.startsWith(OUTBOUND) ? location.slice(OUTBOUND.length) : undefined;
/** Other sites of ours. */
export const NETWORK = 'network';
/** Where a transfer is while it is under way: named by the site that sent it, and its number there. */
export const transitOf = (site: string, transfer: string): string => `transit:${site}:${transfer}`;
/** Stock that was there although the books did not know of it. */
export const UNKNOWN = 'unknown';

export const WRITTEN_OFF: Account = { location: ADJUSTMENT, container: '', status: '' };
/** Where stock comes from that was there without the books knowing. */
export const NOBODY_KNEW: Account = { location: UNKNOWN, container: '', status: '' };
export const accountOf = (state: ItemState): Account => ({
  location: state.location,
  container: state.container,
  status: state.status,
});

export const isSameAccount = (a: Account, b: Account): boolean =>
  a.location === b.location && a.container === b.container && a.status === b.status;

/** One unit of the item from account to account; none for what has no SKU, or where nothing changes for the books. */
export function postingsOf(item: Item, state: ItemState, from: Account, to: Account): Posting[] {
  if (state.sku === undefined || item.kind === 'container' || isSameAccount(from, to)) return [];
  return [{ sku: state.sku, lot: state.lot, owner: state.owner, epc: item.epc, quantity: 1, from, to }];
}

/** Where ids of transactions come from. */
export interface Life {
  readonly plan: SitePlan;
  /** Keys of what came before in the life that is being judged. */
  readonly keys: Set<string>;
}

export interface Body {
  readonly type: TransactionType;
  readonly from: string;
  readonly to: string;
  readonly container: string;
  readonly postings: readonly Posting[];
}

export function transactionOf(life: Life, item: Item, state: ItemState, claim: Claim, body: Body): Transaction {
  const key = keyOf(life, item, claim, body);
  return {
    id: contentId('transaction', life.plan.site, key, item.undone?.get(key) ?? 0),
    type: body.type,
    happenedAt: claim.at,
    source: claim.source,
    confidence: claim.confidence,
    epc: item.epc,
    sku: state.sku,
    lot: state.lot,
    owner: state.owner,
    quantity: item.kind === 'container' ? undefined : 1,
    container: body.container,
    from: body.from,
    to: body.to,
    readPoint: claim.readPoint,
    decision: claim.decision,
    supersedes: undefined,
    actor: claim.actor,
    reason: claim.reason,
    postings: body.postings,
  };
}

/**
 * What makes two transactions of an item the same, whichever way they were derived. Several of one content in one life (out,
 * in and out again, said of one moment) are counted.
 */
export function keyOf(
  { keys }: Life,
  { epc }: Item,
  { at, readPoint = '' }: Claim,
  { type, from, to, container }: Pick<Transaction, 'type' | 'from' | 'to' | 'container'>,
): string {
  const content = [epc, type, from, to, container, at, readPoint].join('\u001e');
  if (!keys.has(content)) return content;
  for (let copy = 1; ; copy++) if (!keys.has(`${content}\u001e${copy}`)) return `${content}\u001e${copy}`;
}

export function discrepancyOf(
  plan: SitePlan,
  item: Item,
  state: ItemState,
  claim: Claim,
  transaction: Transaction,
  found: Pick<Discrepancy, 'kind' | 'severity' | 'message'>,
): Discrepancy {
  return {
    ...found,
    id: contentId('discrepancy', plan.site, found.kind, item.epc, transaction.id),
    happenedAt: claim.at,
    epc: item.epc,
    sku: state.sku,
    location: transaction.to === WORLD ? transaction.from : transaction.to,
    readPoint: claim.readPoint,
    transaction: transaction.id,
    decision: claim.decision?.id,
  };
}

/** Where a movement begins when nobody saw it begin: where the books have the item, else outside. */
export const placeForMovement = (plan: SitePlan, state: ItemState): string =>
  isOnSite(plan, state) ? state.location : WORLD;

export const isOnSite = (plan: SitePlan, state: ItemState): boolean => plan.locations.has(state.location);
