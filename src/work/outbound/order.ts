// An order of a customer while something of it may still go out: its lines, what is promised to each, and what was picked for it.
import { inBooks } from '../../infer/balances.ts';
import type { OrderEffect, OrderLineEffect, ShipmentPart } from '../../infer/outboundEffects.ts';
import type { OrderSourcing, OrderState } from '../../wire/outbound.ts';

export interface OrderLine {
  readonly line: string;
  readonly ordinal: number;
  readonly sku: string;
  /** '' is any. */
  readonly lot: string;
  readonly quantity: number;
  /** Promised at the site, wherever it lies. */
  reserved: number;
  /** On pick lists, at a bin, and not picked yet. */
  planned: number;
  /** Picked, and not out yet. */
  picked: number;
  shipped: number;
  /** The discrepancy that says that it lost what it was promised; settled when it has so much again. */
  broken: { readonly discrepancy: string; readonly had: number } | undefined;
}

/** What one transaction picked. */
export interface Taken {
  readonly line: string;
  /** The pick list and its line. */
  readonly pick: string;
  readonly pickLine: number;
  readonly epc: string | undefined;
  readonly sku: string;
  readonly lot: string;
  readonly quantity: number;
  readonly shipped: number;
  /** When it was taken, ms; a former release kept none. */
  readonly at?: number;
}

export interface Order {
  readonly id: string;
  revision: number;
  customer: string;
  /** Address, line by line. */
  shipTo: string | undefined;
  /** Only stock of this owner is for it; '' is the house's own. */
  readonly owner: string;
  priority: number;
  /** ms */
  shipBy: number | undefined;
  isPartial: boolean;
  readonly enteredAt: number;
  changedAt: number;
  isCancelled: boolean;
  /** From when on nothing can happen to it any more. */
  endedAt: number | undefined;
  lines: OrderLine[];
  load: string | undefined;
  /** The site that it is a transfer to. */
  transferTo?: string;
  /** How often promises to it were broken: ids count. */
  breaks: number;
  /** By transaction. */
  readonly taken: Map<string, Taken>;
  /** Transaction by which goods of it left → how much of what was taken, and with which load. */
  readonly shipments: Map<string, readonly Shipped[]>;
  /** It was cancelled while something of it had no stock. */
  lackedStock?: boolean;
  /** It named no site, and was given to this one. */
  readonly sourcing?: OrderSourcing;
}

/** Of what one transaction picked, what another took out. */
export interface Shipped {
  readonly taken: string;
  readonly quantity: number;
  readonly load: string | undefined;
  /** When it crossed, ms; a former release kept none. */
  readonly at?: number;
}

/** What nothing is promised for yet. */
export const waitingOf = ({ quantity, reserved, planned, picked, shipped }: OrderLine): number =>
  Math.max(0, inBooks(quantity - reserved - planned - picked - shipped));

/** What is promised, planned, picked or out of it. */
export const hasOf = ({ reserved, planned, picked, shipped }: OrderLine): number =>
  inBooks(reserved + planned + picked + shipped);

export const orderLineOf = ({ lines }: Order, line: string): OrderLine | undefined =>
  lines.find((one) => one.line === line);

/** Who is given stock first: by priority, then who must leave first, then who came first. */
export const compareRank = (a: Order, b: Order): number =>
  b.priority - a.priority ||
  (a.shipBy ?? Number.MAX_SAFE_INTEGER) - (b.shipBy ?? Number.MAX_SAFE_INTEGER) ||
  a.enteredAt - b.enteredAt ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const SEPARATOR = '\u001e';
/** Stock that orders compete for. */
export const stockKey = (sku: string, owner: string): string => sku + SEPARATOR + owner;
export const stockOfKey = (key: string): { readonly sku: string; readonly owner: string } => {
  const [sku = '', owner = ''] = key.split(SEPARATOR);
  return { sku, owner };
};
export const keysOf = ({ lines, owner }: Order): Set<string> => new Set(lines.map(({ sku }) => stockKey(sku, owner)));

const sumOf = (lines: readonly OrderLine[], of: (line: OrderLine) => number): number =>
  inBooks(lines.reduce((sum, line) => sum + of(line), 0));

export const isShipped = ({ lines }: Order): boolean => lines.every(({ quantity, shipped }) => shipped >= quantity);

export function stateOf(order: Order): OrderState {
  if (order.isCancelled) return 'cancelled';
  if (isShipped(order)) return 'shipped';
  const of = (what: 'reserved' | 'planned' | 'picked'): number => sumOf(order.lines, (line) => line[what]);
  if (of('planned') > 0) return 'picking';
  if (of('reserved') > 0) return order.lines.some((line) => waitingOf(line) > 0) ? 'partial' : 'reserved';
  return of('picked') > 0 ? 'picked' : 'waiting';
}

/** Of lines and shipments those that changed. */
export function orderEffect(
  order: Order,
  changed: ReadonlySet<string>,
  packedOf: (line: string) => number,
  moved: Iterable<string> = [],
): OrderEffect {
  const { lines } = order;
  return {
    id: order.id,
    revision: order.revision,
    customer: order.customer,
    shipTo: order.shipTo,
    owner: order.owner,
    priority: order.priority,
    shipBy: order.shipBy,
    isPartial: order.isPartial,
    state: stateOf(order),
    load: order.load,
    enteredAt: order.enteredAt,
    changedAt: order.changedAt,
    lineCount: lines.length,
    quantity: sumOf(lines, ({ quantity }) => quantity),
    reserved: sumOf(lines, ({ reserved }) => reserved),
    planned: sumOf(lines, ({ planned }) => planned),
    picked: sumOf(lines, ({ picked }) => picked),
    shipped: sumOf(lines, ({ shipped }) => shipped),
    lines: lines.filter(({ line }) => changed.has(line)).map((line) => lineEffect(line, packedOf(line.line))),
    goneLines: [...changed].filter((line) => orderLineOf(order, line) === undefined),
    lackedStock: order.lackedStock ?? false,
    sourcing: order.sourcing,
    shipments: [...moved].map((transaction) => ({ transaction, parts: partsOf(order, transaction) })),
  };
}

function partsOf(order: Order, transaction: string): ShipmentPart[] {
  return (order.shipments.get(transaction) ?? []).flatMap(({ taken: id, quantity, load, at }) => {
    const taken = order.taken.get(id);
    if (taken === undefined || at === undefined) return [];
    return [{ line: taken.line, pick: id, epc: taken.epc, quantity, load, at }];
  });
}

const lineEffect = ({ broken: _, ...line }: OrderLine, packed: number): OrderLineEffect => ({ ...line, packed });
