// An item in a snapshot. Most lie at rest: of these the values alone are kept, in their order, a third of the bytes and of the time that
// it takes to read them with their names; a site has a million, and all are read when it starts.
import { restingItem, type Item, type ItemState } from '../infer/item.ts';
import type { KnownItem } from '../infer/items.ts';

type Shipped = NonNullable<ItemState['shipped']>;
type LastMove = NonNullable<ItemState['lastMove']>;

/** An item of which nothing is open. What is added later goes to the end, and is undefined in what was kept before. */
type Resting = readonly [
  epc: string,
  kind: Item['kind'],
  settledTo: number,
  heldTo: number | undefined,
  seenAt: number,
  seenBy: string | undefined,
  location: string,
  inBooks: boolean,
  sku: string | undefined,
  lot: string,
  owner: string,
  container: string,
  packedIn: string,
  status: string,
  since: number,
  confidence: number,
  shipped: readonly [Shipped['at'], Shipped['status'], Shipped['load']] | undefined,
  isPicked: boolean,
  carriedUntil: number | undefined,
  lastMove: readonly [LastMove['at'], LastMove['to'], LastMove['readPoint']] | undefined,
  transaction: string | undefined,
];

/** As a snapshot keeps it; a former release kept all of them as they are. */
export type KeptItem = Item | Resting;

/** What is kept of an item. */
export function keptItem(item: KnownItem): KnownItem | Resting {
  const { state } = item;
  if (item.claims.length > 0 || item.undone !== undefined || item.base !== state) return item;
  const { shipped, lastMove } = state;
  return [
    item.epc,
    item.kind,
    item.settledTo,
    item.heldTo,
    item.seenAt,
    item.seenBy,
    state.location,
    state.inBooks,
    state.sku,
    state.lot,
    state.owner,
    state.container,
    state.packedIn,
    state.status,
    state.since,
    state.confidence,
    shipped && [shipped.at, shipped.status, shipped.load],
    state.isPicked,
    state.carriedUntil,
    lastMove && [lastMove.at, lastMove.to, lastMove.readPoint],
    state.transaction,
  ];
}

/** The item that was kept. */
export function itemKept(kept: KeptItem): Item {
  if (!isResting(kept)) return kept;
  const [epc, kind, settledTo, heldTo, seenAt, seenBy, location, inBooks, sku, lot, owner, container, packedIn] = kept;
  const [, , , , , , , , , , , , , status, since, confidence, shipped, isPicked, carriedUntil, lastMove, transaction] =
    kept;
  const state: ItemState = {
    location,
    inBooks,
    sku,
    lot,
    owner,
    container,
    packedIn,
    status,
    since,
    confidence,
    shipped: shipped && shippedAs(shipped),
    isPicked,
    ...(carriedUntil === undefined ? {} : { carriedUntil }),
    lastMove: lastMove && { at: lastMove[0], to: lastMove[1], readPoint: lastMove[2] },
    transaction,
  };
  return restingItem(epc, kind, state, { settledTo, heldTo, seenAt, seenBy });
}

const isResting = (kept: KeptItem): kept is Resting => Array.isArray(kept);

const shippedAs = ([at, status, load]: NonNullable<Resting[16]>): Shipped => ({
  at,
  status,
  ...(load === undefined ? {} : { load }),
});
