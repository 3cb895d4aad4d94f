// What orders, pick lists and loads have become: heads, and the lines that changed. Times in ms.
import type { CartonState, PickErrorKind } from '../wire/packing.ts';
import type { LoadState, OrderSourcing, OrderState, PickLineState, PickMethod, PickState } from '../wire/outbound.ts';

export interface OrderEffect {
  readonly id: string;
  readonly revision: number;
  readonly customer: string;
  readonly shipTo: string | undefined;
  readonly owner: string;
  readonly priority: number;
  readonly shipBy: number | undefined;
  readonly isPartial: boolean;
  readonly state: OrderState;
  readonly load: string | undefined;
  readonly enteredAt: number;
  readonly changedAt: number;
  readonly lineCount: number;
  readonly quantity: number;
  readonly reserved: number;
  readonly planned: number;
  readonly picked: number;
  readonly shipped: number;
  readonly lines: readonly OrderLineEffect[];
  /** Lines that it does not have any more. */
  readonly goneLines: readonly string[];
  /** It was cancelled while something of it had no stock. */
  readonly lackedStock: boolean;
  /** It named no site, and was given to this one. */
  readonly sourcing: OrderSourcing | undefined;
  /** Transactions that took some of it out, or do so no more: then without parts. */
  readonly shipments: readonly { readonly transaction: string; readonly parts: readonly ShipmentPart[] }[];
}

/** What one transaction took out of what another picked. */
export interface ShipmentPart {
  readonly line: string;
  /** The transaction that picked it. */
  readonly pick: string;
  readonly epc: string | undefined;
  readonly quantity: number;
  readonly load: string | undefined;
  readonly at: number;
}

export interface OrderLineEffect {
  readonly line: string;
  readonly ordinal: number;
  readonly sku: string;
  readonly lot: string;
  readonly quantity: number;
  /** Promised, wherever it lies. */
  readonly reserved: number;
  /** On a pick list, and not picked yet. */
  readonly planned: number;
  /** Picked, and not out yet. */
  readonly picked: number;
  readonly shipped: number;
  /** Of what is picked, how much is in cartons. */
  readonly packed: number;
}

export interface PickEffect {
  readonly id: string;
  readonly to: string;
  readonly orders: readonly string[];
  readonly method: PickMethod;
  readonly wave: string | undefined;
  readonly zone: string | undefined;
  /** Of a cluster: which tote is for which order. */
  readonly totes: readonly { readonly order: string; readonly tote: string }[];
  readonly state: PickState;
  readonly by: string;
  readonly distanceM: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly lineCount: number;
  readonly quantity: number;
  readonly picked: number;
  readonly short: number;
  readonly lines: readonly PickLineEffect[];
}

export interface PickLineEffect {
  readonly line: number;
  /** Place in the route. */
  readonly stop: number;
  readonly order: string;
  readonly orderLine: string;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly location: string;
  readonly container: string;
  readonly quantity: number;
  readonly picked: number;
  /** Not there, or to be taken elsewhere. */
  readonly short: number;
  /** Of what was picked in a batch, what was sorted to its order. */
  readonly sorted: number;
  /** Something was taken for it, also when it was brought back since. */
  readonly wasPicked: boolean;
  readonly state: PickLineState;
}

export interface LoadEffect {
  readonly id: string;
  readonly door: string | undefined;
  readonly carrier: string;
  readonly seals: readonly string[];
  readonly state: LoadState;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly changedAt: number;
  /** Its orders, with how much of each has gone out with it. */
  readonly orders: readonly { readonly order: string; readonly shipped: number }[];
}

export interface CartonEffect {
  readonly sscc: string;
  readonly epc: string;
  readonly order: string;
  readonly bench: string;
  readonly type: string | undefined;
  readonly state: CartonState;
  readonly by: string;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly changedAt: number;
  readonly quantity: number;
  /** g, as weighed. */
  readonly weight: number | undefined;
  /** It was closed although the order needed more than its cartons hold. */
  readonly isShort: boolean;
  /** What it is booked as with a carrier. */
  readonly parcel: ParcelBooking | undefined;
  readonly contents: readonly CartonContent[];
  /** Tags of the order that the bench hears and nobody has scanned: they are packed when the carton is closed. */
  readonly seen: readonly { readonly epc: string; readonly line: string; readonly sku: string }[];
  /** Tags that the bench hears and that are not of the order. */
  readonly wrong: readonly { readonly epc: string; readonly sku: string }[];
}

export interface ParcelBooking {
  readonly carrier: string;
  readonly service: string | undefined;
  /** Its number with the carrier. */
  readonly tracking: string;
  /** Until when the carrier takes it, ms; undefined where it says nothing. A former release kept none. */
  readonly leavesBy?: number;
  /** ms */
  readonly bookedAt: number;
  readonly by: string;
}

/** So much of a line of its order in a carton; of what has tags, which. */
export interface CartonContent {
  readonly line: string;
  readonly sku: string;
  readonly lot: string;
  readonly quantity: number;
  readonly epcs: readonly string[];
}

/** Something else was taken than a line of a pick list says. */
export interface PickErrorEffect {
  readonly id: string;
  readonly kind: PickErrorKind;
  readonly pick: string;
  readonly pickLine: number;
  readonly order: string;
  /** What the line says, and what it was instead, as far as that is known. */
  readonly sku: string;
  readonly found: string | undefined;
  readonly quantity: number;
  /** The code of the refusal, or of the discrepancy. */
  readonly code: string;
  readonly message: string;
  readonly by: string | undefined;
  readonly at: number;
}
