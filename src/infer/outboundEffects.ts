// What orders, pick lists and loads have become: heads, and the lines that changed. Times in ms.
import type { LoadState, OrderState, PickLineState, PickState } from '../wire/outbound.ts';

export interface OrderEffect {
  readonly id: string;
  readonly revision: number;
  readonly customer: string;
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
}

export interface PickEffect {
  readonly id: string;
  readonly to: string;
  readonly orders: readonly string[];
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
