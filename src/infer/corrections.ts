// What somebody says of an item that nothing saw move: another site of a transfer, who counted a bin, who took it off the books. Pure.
import { isWithin } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import type { Account } from './effects.ts';
import type { Claim, Item, ItemState, Judged } from './item.ts';
import {
  accountOf,
  isOnSite,
  NETWORK,
  NOBODY_KNEW,
  placeForMovement,
  postingsOf,
  transactionOf,
  WRITTEN_OFF,
  type Life,
} from './transactions.ts';

/** Another site says so: it is under way to us, has come where we sent it, or is given up. */
export function transferred(
  around: Life,
  item: Item,
  state: ItemState,
  claim: Claim,
  { from, to, sku, lot, owner }: Extract<Claim['what'], { kind: 'transit' }>,
): Judged {
  if (from !== undefined && state.location !== from) return { state, transaction: undefined, discrepancies: [] };
  const isSent = to.startsWith('transit:');
  const goods: ItemState = isSent ? { ...state, sku, lot, owner } : state;
  const account = { location: to, container: '', status: isSent ? 'available' : '' };
  const origin: Account = state.inBooks ? accountOf(state) : { location: NETWORK, container: '', status: '' };
  const transaction = transactionOf(around, item, goods, claim, {
    type: 'transfer',
    from: WORLD,
    to: WORLD,
    container: '',
    postings: postingsOf(item, goods, origin, account),
  });
  // What others sent and is not under way after all was never ours.
  const isTheirs = to === NETWORK && from?.startsWith(`transit:${around.plan.site}:`) === false;
  const next: ItemState = {
    ...goods,
    ...(isTheirs ? { location: WORLD, container: '', status: '' } : account),
    packedIn: '',
    inBooks: !isTheirs && goods.sku !== undefined,
    since: claim.at,
    confidence: claim.confidence,
    shipped: undefined,
    isPicked: false,
    transaction: transaction.id,
  };
  return { state: next, transaction, discrepancies: [] };
}

/** It was counted there: the books take it from wherever they had it. */
export function counted(
  around: Life,
  item: Item,
  state: ItemState,
  claim: Claim,
  { to, opening }: Extract<Claim['what'], { kind: 'counted' }>,
): Judged {
  const { plan } = around;
  if (isOnSite(plan, state) && isWithin(plan, state.location, to))
    return { state, transaction: undefined, discrepancies: [] };
  const { carriedUntil: _, ...before } = state;
  const status = opening?.status ?? (isOnSite(plan, state) && state.status !== '' ? state.status : 'available');
  const account = { location: to, container: '', status };
  const origin = state.inBooks ? accountOf(state) : NOBODY_KNEW;
  const transaction = transactionOf(around, item, state, claim, {
    type: opening === undefined ? 'count' : 'adjust',
    from: placeForMovement(plan, state),
    to,
    container: '',
    postings: postingsOf(item, state, origin, account),
  });
  const next: ItemState = {
    ...before,
    ...account,
    packedIn: '',
    inBooks: state.sku !== undefined,
    since: claim.at,
    confidence: claim.confidence,
    shipped: undefined,
    isPicked: false,
    lastMove: { at: claim.at, to, readPoint: undefined },
    transaction: transaction.id,
  };
  return { state: next, transaction, discrepancies: [] };
}

/** Only what is here can be taken off the books. */
export function removed(
  around: Life,
  item: Item,
  state: ItemState,
  claim: Claim,
  type: 'adjust' | 'count',
  place: string,
): Judged {
  const { plan } = around;
  if (!isOnSite(plan, state)) return { state, transaction: undefined, discrepancies: [] };
  const to = WRITTEN_OFF;
  const transaction = transactionOf(around, item, state, claim, {
    type,
    from: placeForMovement(plan, state),
    to: place,
    container: '',
    postings: state.inBooks ? postingsOf(item, state, accountOf(state), to) : [],
  });
  return {
    state: { ...state, ...to, packedIn: '', since: claim.at, confidence: 1, transaction: transaction.id },
    transaction,
    discrepancies: [],
  };
}
