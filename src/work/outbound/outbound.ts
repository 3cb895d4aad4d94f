// Orders, pick lists and loads of a site as one state, beside its inbound documents.
import type { SitePlan } from '../../config/plan.ts';
import type { Balances } from '../../infer/balances.ts';
import type { Book } from '../../infer/book.ts';
import type { PickErrorEffect } from '../../infer/outboundEffects.ts';
import type { Products } from '../products.ts';
import { add, remove } from '../sets.ts';
import type { Carton } from './carton.ts';
import type { Load } from './load.ts';
import { keysOf, stockKey, type Order, type Shipped } from './order.ts';
import { isDone, openOf, type Pick, type PickLine, type Planned } from './pick.ts';

export interface Outbound {
  /** What the site knows of what it sends. */
  readonly products: Products;
  readonly orders: Map<string, Order>;
  readonly picks: Map<string, Pick>;
  readonly loads: Map<string, Load>;
  /** By SSCC. */
  readonly cartons: Map<string, Carton>;
  /** Done with and forgotten: their numbers are not given again. */
  readonly ended: Readonly<Record<OutboundPart, Set<string>>>;
  /** Tag → the passage that nobody has decided yet, and its last read: it may have left, so it is promised to nobody. */
  readonly doubted: Map<string, { readonly passage: string; readonly at: number }>;
  /** Transaction, and tag that left by it → the discrepancies that said so. */
  readonly alarms: Map<string, readonly string[]>;
  /** Bin and stock in it of which a picker found less than the books have: what is surely there, until it is counted. */
  readonly short: Map<string, { readonly discrepancy: string; readonly left: number }>;
  /** SKU and lot → good until that day, as documents said. */
  readonly expiries: Map<string, string>;
  /** Tags that a station found, and where: until they move on. The one found last is the last. */
  readonly heard: Map<string, { readonly location: string; readonly readPoint: string; readonly at: number }>;
  /** How many pick lists and cartons got their number from us. */
  numbers: { picks: number; cartons: number };
  readonly index: OutboundIndex;
  /** For the row in hand: tag or transaction → the line of a pick list that a command took it for. */
  readonly wanted: Map<string, { readonly pick: string; readonly line: number }>;
  /** Stocks of which promises are to be looked at before the row is over. */
  readonly due: Set<string>;
  /** Benches to be looked at, and orders of which something was packed or unpacked, before the row is over. */
  readonly benches: Set<string>;
  readonly repacked: Set<string>;
  /** Wrong picks that are not told yet. */
  readonly pickErrors: PickErrorEffect[];
  /** Changed since it was last told, with the lines that did. */
  readonly untold: {
    readonly order: Map<string, Set<string>>;
    readonly pick: Map<string, Set<number>>;
    readonly load: Set<string>;
    readonly carton: Set<string>;
    /** Order → transactions that took some of it out, or do so no more. */
    readonly shipment: Map<string, Set<string>>;
  };
  /** Changed since the last snapshot. */
  readonly unsaved: Readonly<Record<OutboundPart, Set<string>>>;
}

export type OutboundPart = 'order' | 'pick' | 'load' | 'carton';

/** Made of orders and pick lists, so no part of a snapshot. */
interface OutboundIndex {
  /** Stock → orders that want some. */
  readonly byStock: Map<string, Set<string>>;
  /** Stock → lines of pick lists with some of it left to take. */
  readonly planned: Map<string, Map<string, Planned>>;
  /** Transaction that picked or shipped → order. */
  readonly byTransaction: Map<string, string>;
  /** Tag → the order that it was picked for last. */
  readonly byTag: Map<string, string>;
  /** Tag of a carton → its SSCC. */
  readonly cartonByEpc: Map<string, string>;
  /** Order → its cartons. */
  readonly cartonsOf: Map<string, Set<string>>;
  /** Tag → the carton that it is in. */
  readonly packedIn: Map<string, string>;
}

/** What a decision about orders may ask of the site. */
export interface Around {
  readonly plan: SitePlan;
  readonly balances: Balances;
  readonly book: Book;
  /** ms */
  readonly at: number;
}

export const openOutbound = (products: Products): Outbound => ({
  products,
  orders: new Map(),
  picks: new Map(),
  loads: new Map(),
  cartons: new Map(),
  ended: { order: new Set(), pick: new Set(), load: new Set(), carton: new Set() },
  doubted: new Map(),
  alarms: new Map(),
  short: new Map(),
  expiries: new Map(),
  heard: new Map(),
  numbers: { picks: 0, cartons: 0 },
  index: {
    byStock: new Map(),
    planned: new Map(),
    byTransaction: new Map(),
    byTag: new Map(),
    cartonByEpc: new Map(),
    cartonsOf: new Map(),
    packedIn: new Map(),
  },
  wanted: new Map(),
  due: new Set(),
  benches: new Set(),
  repacked: new Set(),
  pickErrors: [],
  untold: { order: new Map(), pick: new Map(), load: new Set(), carton: new Set(), shipment: new Map() },
  unsaved: { order: new Set(), pick: new Set(), load: new Set(), carton: new Set() },
});

export function touchOrder({ untold, unsaved }: Outbound, { id }: Order, lines: Iterable<string> = []): void {
  const changed = untold.order.get(id) ?? new Set();
  untold.order.set(id, changed);
  for (const line of lines) changed.add(line);
  unsaved.order.add(id);
}

/** What a transaction took out of an order; nothing, when it did not after all. */
export function setShipment(outbound: Outbound, order: Order, transaction: string, parts: readonly Shipped[]): void {
  if (parts.length > 0) order.shipments.set(transaction, parts);
  else order.shipments.delete(transaction);
  const { shipment } = outbound.untold;
  shipment.set(order.id, (shipment.get(order.id) ?? new Set()).add(transaction));
  touchOrder(outbound, order);
}

export function touchPick({ untold, unsaved }: Outbound, { id }: Pick, lines: Iterable<number> = []): void {
  const changed = untold.pick.get(id) ?? new Set();
  untold.pick.set(id, changed);
  for (const line of lines) changed.add(line);
  unsaved.pick.add(id);
}

export function touchLoad({ untold, unsaved }: Outbound, { id }: Load): void {
  untold.load.add(id);
  unsaved.load.add(id);
}

export function indexOrder({ index }: Outbound, order: Order): void {
  if (order.endedAt === undefined) for (const key of keysOf(order)) add(index.byStock, key, order.id);
  for (const [transaction, { epc }] of order.taken) {
    index.byTransaction.set(transaction, order.id);
    if (epc !== undefined) index.byTag.set(epc, order.id);
  }
  for (const transaction of order.shipments.keys()) index.byTransaction.set(transaction, order.id);
}

export function unindexOrder({ index }: Outbound, order: Order): void {
  for (const key of keysOf(order)) remove(index.byStock, key, order.id);
  for (const [transaction, { epc }] of order.taken) {
    index.byTransaction.delete(transaction);
    if (epc !== undefined && index.byTag.get(epc) === order.id) index.byTag.delete(epc);
  }
  for (const transaction of order.shipments.keys()) index.byTransaction.delete(transaction);
}

export function indexPick(outbound: Outbound, pick: Pick): void {
  for (const line of pick.lines) indexPickLine(outbound, pick, line);
}

/** Only lines with something left to take are found by their stock. */
function indexPickLine({ index }: Outbound, pick: Pick, line: PickLine): void {
  const key = stockKey(line.sku, line.owner);
  const name = `${pick.id} ${String(line.line).padStart(6, '0')}`;
  let planned = index.planned.get(key);
  if (openOf(line) > 0) {
    if (planned === undefined) index.planned.set(key, (planned = new Map()));
    planned.set(name, { pick, line });
  } else if (planned?.delete(name) === true && planned.size === 0) index.planned.delete(key);
}

/** A line of a list changed: with nothing left to take anywhere the list is over, else it is open, or open again. */
export function notePickLine(outbound: Outbound, pick: Pick, line: PickLine, at: number): void {
  indexPickLine(outbound, pick, line);
  endIfDone(pick, at);
  touchPick(outbound, pick, [line.line]);
}

export function endIfDone(pick: Pick, at: number): void {
  pick.endedAt = isDone(pick) ? (pick.endedAt ?? at) : undefined;
  pick.changedAt = Math.max(pick.changedAt, at);
}

/** So long after its end something can still be taken back. */
const ENDED_KEPT_MS = 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimOutbound(outbound: Outbound, now: number): void {
  const isOver = ({ endedAt }: { readonly endedAt: number | undefined }): boolean =>
    endedAt !== undefined && endedAt <= now - ENDED_KEPT_MS;
  const { orders, picks, loads, ended, unsaved } = outbound;
  for (const order of orders.values()) {
    if (!isOver(order)) continue;
    unindexOrder(outbound, order);
    trimCartons(outbound, order);
    orders.delete(order.id);
    ended.order.add(order.id);
    unsaved.order.add(order.id);
  }
  for (const pick of picks.values()) {
    // What was picked for an order may come back to its list for as long as the order is known.
    if (!isOver(pick) || pick.orders.some((order) => orders.has(order))) continue;
    picks.delete(pick.id);
    ended.pick.add(pick.id);
    unsaved.pick.add(pick.id);
  }
  for (const load of loads.values()) {
    if (load.closedAt === undefined || load.closedAt > now - ENDED_KEPT_MS) continue;
    loads.delete(load.id);
    ended.load.add(load.id);
    unsaved.load.add(load.id);
  }
}

/** The cartons of an order are forgotten with it. */
function trimCartons({ cartons, index, ended, unsaved }: Outbound, { id }: Order): void {
  for (const sscc of index.cartonsOf.get(id) ?? []) {
    const { epc, contents } = cartons.get(sscc)!;
    index.cartonByEpc.delete(epc);
    for (const { epc: tag } of contents.values())
      if (tag !== undefined && index.packedIn.get(tag) === sscc) index.packedIn.delete(tag);
    cartons.delete(sscc);
    ended.carton.add(sscc);
    unsaved.carton.add(sscc);
  }
  index.cartonsOf.delete(id);
}
