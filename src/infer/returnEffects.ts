// What announced returns of customers have become. Times in ms.
import type { AnnouncedReturnState, ReturnReason } from '../wire/announcedReturn.ts';

export interface AnnouncedReturnEffect {
  readonly id: string;
  readonly order: string | undefined;
  readonly customer: string;
  readonly owner: string;
  readonly state: AnnouncedReturnState;
  readonly by: string;
  readonly expectedBy: number | undefined;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly closedAt: number | undefined;
  readonly quantity: number;
  readonly received: number;
  readonly lines: readonly AnnouncedReturnLineEffect[];
  /** Transactions that brought some of it, and such that did not after all: those that changed. */
  readonly arrivals: readonly ReturnArrivalEffect[];
}

export interface AnnouncedReturnLineEffect {
  readonly line: string;
  readonly sku: string;
  readonly lot: string;
  readonly because: ReturnReason;
  readonly quantity: number;
  readonly received: number;
  readonly epcs: readonly string[];
}

export interface ReturnArrivalEffect {
  readonly transaction: string;
  /** Undefined: it brought nothing after all. */
  readonly brought: { readonly line: string; readonly quantity: number } | undefined;
}
