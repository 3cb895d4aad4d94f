// One claim about one item, in the state the item was in: what it leads to. Pure.
import { WORLD } from '../config/site.ts';
import type { Account, TransactionType } from './effects.ts';
import { counted, removed, transferred } from './corrections.ts';
import type { Claim, Item, ItemState, Judged, LeavingWith, Result } from './item.ts';
import {
  accountOf,
  CUSTOMER,
  discrepancyOf,
  isOnSite,
  placeForMovement,
  isSameAccount,
  keyOf,
  NOBODY_KNEW,
  outboundOf,
  postingsOf,
  SUPPLIER,
  ADJUSTMENT,
  transactionOf,
  UNKNOWN,
  WRITTEN_OFF,
  type Life,
} from './transactions.ts';
import {
  CARRIED_MS,
  FOUND_TOGETHER_MS,
  isAlreadyThere,
  meaningOf,
  SAME_MOVEMENT_MS,
  type Movement,
} from './meaning.ts';

/** What an interpretation may ask of the site and of other items. */
export interface Surroundings extends Life {
  /** Where a container is, for the books, at a time; undefined when it is not known. */
  readonly placeOf: (container: string, at: number) => string | undefined;
  /** Is a container at a place at some time from `at` until so much later? */
  readonly comesTo: (container: string, place: string, at: number, withinMs: number) => boolean;
  /** Is it, in this state, on an inbound document now? */
  readonly isExpected: (item: Item, state: ItemState, claim: Claim) => boolean;
  /** Is it with a customer, in this state, who announced that it comes back? */
  readonly isAnnounced: (item: Item, state: ItemState, claim: Claim) => boolean;
  /** Is it to be picked, or was it, for an order? */
  readonly isPlanned: (item: Item, state: ItemState) => boolean;
  /** The load that it goes out with, if it goes with one. */
  readonly loadOf: (item: Item, state: ItemState, claim: Claim) => LeavingWith | undefined;
  /** Where it goes for the books when it goes out with a transfer; undefined when it is of none. */
  readonly transitFor: (item: Item, state: ItemState) => string | undefined;
}

/** The claim as a result: a new state, perhaps a transaction, perhaps discrepancies. */
export function interpret(around: Surroundings, item: Item, state: ItemState, claim: Claim): Result {
  const { transaction, ...result } = judged(around, item, state, claim);
  const key = transaction && keyOf(around, item, claim, transaction);
  if (key !== undefined) around.keys.add(key);
  return { ...result, transaction, key };
}

function judged(around: Surroundings, item: Item, state: ItemState, claim: Claim): Judged {
  const { what } = claim;
  switch (what.kind) {
    case 'crossing':
      return moved(around, item, state, claim, what.from, what.to, true);
    case 'presence':
    case 'move':
      return moved(around, item, state, claim, placeForMovement(around.plan, state), what.to, false);
    case 'carry':
      if (state.container !== what.container) return { state, transaction: undefined, discrepancies: [] };
      return moved(
        around,
        item,
        state,
        claim,
        what.from ?? placeForMovement(around.plan, state),
        what.to,
        what.from !== undefined,
      );
    case 'identify':
      return identified(around, item, state, claim, what);
    case 'status':
      // What is not here has no status: it gets one when it comes.
      return isOnSite(around.plan, state)
        ? changed(around, item, state, claim, 'adjust', { ...state, status: what.status })
        : { state, transaction: undefined, discrepancies: [] };
    case 'pack':
      return packed(around, item, state, claim, what.container);
    case 'unpack':
      return changed(around, item, state, claim, 'move', { ...state, container: '', packedIn: '' });
    case 'remove':
      return removed(around, item, state, claim, 'adjust', WORLD);
    case 'depart':
      // What the books make of it is one transaction for the whole truck.
      return {
        state: state.location === outboundOf(what.load) ? { ...state, location: CUSTOMER } : state,
        transaction: undefined,
        discrepancies: [],
      };
    case 'scrap':
      return removed(around, item, state, claim, 'adjust', what.to);
    case 'transit':
      return transferred(around, item, state, claim, what);
    case 'counted':
      return counted(around, item, state, claim, what);
    case 'missing':
      return state.location === what.from
        ? removed(around, item, state, claim, 'count', WORLD)
        : { state, transaction: undefined, discrepancies: [] };
  }
}

function moved(
  around: Surroundings,
  item: Item,
  state: ItemState,
  claim: Claim,
  from: string,
  to: string,
  isCrossing: boolean,
): Judged {
  const { isExpected = false, isAnnounced = false, isPlanned = false } = claim;
  const isHeard = claim.what.kind === 'presence' && claim.source === 'read';
  const movement: Movement = {
    plan: around.plan,
    state,
    from,
    to,
    at: claim.at,
    isCrossing,
    isHeard,
    isExpected,
    isAnnounced,
    isPlanned,
    transit: claim.transit,
  };
  if (isAlreadyThere(movement, claim.readPoint)) return { state, transaction: undefined, discrepancies: [] };
  const meaning = meaningOf(movement);
  const isCarried = meaning.isPicked === true && claim.source === 'scan';
  const { carriedUntil: _, ...before } = state;
  const isSent = meaning.type === 'transfer' && to === WORLD;
  const leaves = meaning.type === 'ship' && to === WORLD;
  const load = leaves ? claim.load : undefined;
  const isToSupplier = leaves && claim.transit === SUPPLIER;
  const outside = isToSupplier ? SUPPLIER : load?.hasLeft === false ? outboundOf(load.id) : CUSTOMER;
  const location = isSent ? claim.transit! : to === WORLD ? outside : to;
  const container = staysIn(around, state, claim, to) ? state.container : '';
  const status = meaning.status ?? state.status;
  const inBooks = state.sku !== undefined;
  const account = { location, container, status };
  const origin: Account = state.inBooks
    ? accountOf(state)
    : {
        location: leaves || isSent ? UNKNOWN : meaning.type === 'return' ? CUSTOMER : SUPPLIER,
        container: '',
        status: '',
      };
  const transaction = transactionOf(around, item, state, claim, {
    type: meaning.type,
    from,
    to,
    container,
    postings: postingsOf(item, state, origin, account),
  });
  const discrepancies = (meaning.discrepancies ?? []).map((found) =>
    discrepancyOf(around.plan, item, state, claim, transaction, found),
  );
  if (state.sku === undefined && item.kind === 'unknown' && !hasBeenSeen(state)) {
    discrepancies.push(
      discrepancyOf(around.plan, item, state, claim, transaction, {
        kind: 'unknown-item',
        severity: 'info',
        message:
          'No SKU is known for this tag: its movements are kept, but it counts for nothing until it is mapped to a SKU.',
      }),
    );
  }
  return {
    state: {
      ...before,
      ...account,
      ...(isCarried ? { carriedUntil: claim.at + CARRIED_MS } : {}),
      inBooks,
      since: claim.at,
      confidence: claim.confidence,
      shipped: leaves
        ? { at: claim.at, status: state.status, ...(load === undefined ? {} : { load: load.id }) }
        : to === WORLD && !isSent
          ? state.shipped
          : undefined,
      isPicked: meaning.isPicked ?? state.isPicked,
      lastMove: { at: claim.at, to, readPoint: claim.readPoint },
      transaction: transaction.id,
    },
    transaction,
    discrepancies,
  };
}

const hasBeenSeen = (state: ItemState): boolean => state.lastMove !== undefined;

/** An item read by itself stays in its container when the container is there too; else it was taken out. */
function staysIn(around: Surroundings, state: ItemState, claim: Claim, to: string): boolean {
  if (state.container === '' || claim.what.kind === 'carry') return true;
  const withinMs = claim.what.kind === 'presence' ? FOUND_TOGETHER_MS : SAME_MOVEMENT_MS;
  return around.comesTo(state.container, to === WORLD ? CUSTOMER : to, claim.at, withinMs);
}

function identified(
  around: Surroundings,
  item: Item,
  state: ItemState,
  claim: Claim,
  what: { readonly sku: string; readonly lot: string; readonly owner: string },
): Judged {
  const { plan } = around;
  const next: ItemState = { ...state, sku: what.sku, lot: what.lot, owner: what.owner };
  if (state.sku === next.sku && state.lot === next.lot && state.owner === next.owner)
    return { state, transaction: undefined, discrepancies: [] };
  // Off site it counts only as far as the books had it: what was shipped under another name was shipped under this one.
  if (item.kind === 'container' || !(state.inBooks || isOnSite(plan, state)))
    return { state: next, transaction: undefined, discrepancies: [] };
  const status = isOnSite(plan, state) && state.status === '' ? 'available' : state.status;
  // What was written off lies in the account for adjustments itself.
  const aside: Account = state.location === ADJUSTMENT ? NOBODY_KNEW : WRITTEN_OFF;
  const postings = [
    ...(state.inBooks ? postingsOf(item, state, accountOf(state), aside) : []),
    ...postingsOf(item, next, state.inBooks ? aside : NOBODY_KNEW, { ...accountOf(state), status }),
  ];
  const place = placeForMovement(plan, state);
  const transaction = transactionOf(around, item, next, claim, {
    type: 'adjust',
    from: place,
    to: place,
    container: state.container,
    postings,
  });
  return { state: { ...next, status, inBooks: true, transaction: transaction.id }, transaction, discrepancies: [] };
}

/** Packing puts the item where the container is; a container nobody has seen is where the item is. */
function packed(around: Surroundings, item: Item, state: ItemState, claim: Claim, container: string): Judged {
  const place = around.placeOf(container, claim.at);
  const location = place !== undefined && around.plan.locations.has(place) ? place : state.location;
  return changed(around, item, state, claim, 'pack', { ...state, location, container, packedIn: container });
}

/** A change of container or status; the location may change with it, and the books may learn of it only now. */
function changed(
  around: Surroundings,
  item: Item,
  state: ItemState,
  claim: Claim,
  type: TransactionType,
  wanted: ItemState,
): Judged {
  const { plan } = around;
  const isNew = !state.inBooks && state.sku !== undefined && item.kind !== 'container' && isOnSite(plan, wanted);
  const status = isNew && wanted.status === '' ? 'available' : wanted.status;
  const next: ItemState = { ...wanted, status, inBooks: isNew || state.inBooks };
  if (isSameAccount(accountOf(state), accountOf(next)))
    return { state: next, transaction: undefined, discrepancies: [] };
  const origin = isNew ? NOBODY_KNEW : accountOf(state);
  const transaction = transactionOf(around, item, state, claim, {
    type,
    from: placeForMovement(plan, state),
    to: placeForMovement(plan, next),
    container: next.container,
    postings: next.inBooks ? postingsOf(item, state, origin, accountOf(next)) : [],
  });
  return { state: { ...next, since: claim.at, transaction: transaction.id }, transaction, discrepancies: [] };
}
