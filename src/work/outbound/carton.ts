// A carton: what of an order was packed into it, item by item and lot by lot. It is a container, and what is in it travels with it.
import { inBooks } from '../../infer/balances.ts';
import type { CartonContent, CartonEffect } from '../../infer/outboundEffects.ts';
import type { CartonState } from '../../wire/packing.ts';
import { add } from '../sets.ts';
import type { Order } from './order.ts';
import type { Outbound } from './outbound.ts';

/** So much of what one transaction picked; of what has a tag, one. */
export interface Packed {
  readonly taken: string;
  /** Line of the order. */
  readonly line: string;
  readonly sku: string;
  readonly lot: string;
  readonly epc: string | undefined;
  readonly quantity: number;
}

export interface Carton {
  readonly sscc: string;
  readonly epc: string;
  readonly order: string;
  readonly bench: string;
  readonly type: string | undefined;
  readonly by: string;
  readonly openedAt: number;
  closedAt: number | undefined;
  changedAt: number;
  isCancelled: boolean;
  /** g */
  weight: number | undefined;
  isShort: boolean;
  /** What it is booked as with a carrier. A former release had none. */
  parcel?: CartonEffect['parcel'];
  /** Where the books have what is in it without a tag, and with which status. */
  location: string;
  stockStatus: string;
  /** It has left the site. */
  isOut: boolean;
  /** By tag, or by the transaction that picked it. */
  readonly contents: Map<string, Packed>;
  /** Tags of its order that the bench hears, with the line of the order, and that are in no carton yet. */
  readonly seen: Map<string, { readonly line: string; readonly sku: string }>;
  /** Tags that the bench hears and that are not of its order, with the discrepancy that says so. */
  readonly wrong: Map<string, { readonly sku: string; readonly discrepancy: string }>;
  /** Of them, those of which somebody said that they lie beside it. */
  readonly beside: Set<string>;
}

export function stateOfCarton({ isCancelled, isOut, closedAt }: Carton): CartonState {
  if (isCancelled) return 'cancelled';
  return isOut ? 'shipped' : closedAt === undefined ? 'open' : 'closed';
}

export const isOpenCarton = (carton: Carton): boolean => stateOfCarton(carton) === 'open';

export function cartonEffect(carton: Carton): CartonEffect {
  const { contents, seen, wrong, beside: _, location: __, stockStatus: ___, isOut, isCancelled, ...head } = carton;
  return {
    ...head,
    parcel: carton.parcel,
    state: stateOfCarton({ ...carton, isOut, isCancelled }),
    quantity: inBooks([...contents.values()].reduce((sum, { quantity }) => sum + quantity, 0)),
    contents: contentsOf(carton),
    seen: [...seen].map(([epc, one]) => ({ epc, ...one })),
    wrong: [...wrong].map(([epc, { sku }]) => ({ epc, sku })),
  };
}

function contentsOf({ contents }: Carton): CartonContent[] {
  const byLine = new Map<string, CartonContent>();
  for (const { line, sku, lot, quantity, epc } of contents.values()) {
    const key = `${line} ${lot}`;
    const before = byLine.get(key) ?? { line, sku, lot, quantity: 0, epcs: [] };
    byLine.set(key, {
      ...before,
      quantity: inBooks(before.quantity + quantity),
      epcs: epc === undefined ? before.epcs : [...before.epcs, epc],
    });
  }
  return [...byLine.values()];
}

export function touchCarton({ untold, unsaved }: Outbound, { sscc }: Carton): void {
  untold.carton.add(sscc);
  unsaved.carton.add(sscc);
}

export function indexCarton({ index }: Outbound, carton: Carton): void {
  index.cartonByEpc.set(carton.epc, carton.sscc);
  add(index.cartonsOf, carton.order, carton.sscc);
  for (const { epc } of carton.contents.values()) if (epc !== undefined) index.packedIn.set(epc, carton.sscc);
}

/** The carton with this tag. */
export const cartonOf = ({ cartons, index }: Outbound, epc: string): Carton | undefined =>
  cartons.get(index.cartonByEpc.get(epc) ?? '');

export const cartonsOfOrder = ({ cartons, index }: Outbound, order: string): Carton[] =>
  [...(index.cartonsOf.get(order) ?? [])].map((sscc) => cartons.get(sscc)!);

/** Of a line, what is in cartons that have not left. */
export function packedOf(outbound: Outbound, { id }: Order, line: string): number {
  let packed = 0;
  for (const { isOut, contents } of cartonsOfOrder(outbound, id)) {
    if (isOut) continue;
    for (const one of contents.values()) if (one.line === line) packed += one.quantity;
  }
  return inBooks(packed);
}

/** Of what one transaction picked, how much is in cartons, also in those that have left. */
export function packedOfTaken(outbound: Outbound, { id }: Order, taken: string): number {
  let packed = 0;
  for (const { contents } of cartonsOfOrder(outbound, id))
    for (const one of contents.values()) if (one.taken === taken) packed += one.quantity;
  return inBooks(packed);
}

/** What an order needs that is in no carton and not out, line by line. */
export const missingOfOrder = (outbound: Outbound, order: Order) =>
  order.lines
    .map(({ line, sku, lot, quantity, shipped }) => ({
      line,
      sku,
      lot: lot || null,
      quantity: inBooks(quantity - shipped - packedOf(outbound, order, line)),
    }))
    .filter(({ quantity }) => quantity > 0);

export function putIn(outbound: Outbound, carton: Carton, key: string, packed: Packed, at: number): void {
  const before = carton.contents.get(key);
  carton.contents.set(key, { ...packed, quantity: inBooks((before?.quantity ?? 0) + packed.quantity) });
  if (packed.epc !== undefined) outbound.index.packedIn.set(packed.epc, carton.sscc);
  noteChanged(outbound, carton, at);
}

/** So much, or all of it, is not in the carton any more. */
export function takeOut(outbound: Outbound, carton: Carton, key: string, at: number, quantity?: number): void {
  const one = carton.contents.get(key);
  if (one === undefined) return;
  const left = quantity === undefined ? 0 : inBooks(one.quantity - quantity);
  if (left > 0) carton.contents.set(key, { ...one, quantity: left });
  else carton.contents.delete(key);
  if (one.epc !== undefined && outbound.index.packedIn.get(one.epc) === carton.sscc)
    outbound.index.packedIn.delete(one.epc);
  noteChanged(outbound, carton, at);
}

export function noteChanged(outbound: Outbound, carton: Carton, at: number): void {
  carton.changedAt = Math.max(carton.changedAt, at);
  touchCarton(outbound, carton);
  outbound.repacked.add(carton.order);
  outbound.benches.add(carton.bench);
}
