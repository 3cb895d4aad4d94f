// One return to a supplier: its lines, and what left for each.
import { inBooks } from '../../infer/balances.ts';
import type { SupplierReturnEffect } from '../../infer/partnerEffects.ts';
import type { SupplierReturnState } from '../../wire/supplierReturn.ts';

export interface ReturnLine {
  readonly line: string;
  readonly sku: string;
  /** '' is any. */
  readonly lot: string;
  readonly status: string;
  readonly quantity: number;
  /** The very items; none where any of the SKU will do. */
  readonly epcs: ReadonlySet<string>;
  sent: number;
}

/** What one transaction took away. */
export interface Sent {
  readonly line: string;
  readonly epc: string | undefined;
  readonly quantity: number;
}

export interface SupplierReturn {
  readonly id: string;
  readonly supplier: string;
  readonly inbound: string | undefined;
  readonly authorisation: string | undefined;
  readonly owner: string;
  readonly by: string;
  readonly createdAt: number;
  changedAt: number;
  closedAt: number | undefined;
  readonly lines: readonly ReturnLine[];
  /** By transaction. */
  readonly sent: Map<string, Sent>;
}

export const leftOf = ({ quantity, sent }: ReturnLine): number => Math.max(0, inBooks(quantity - sent));

const sumOf = ({ lines }: SupplierReturn, of: (line: ReturnLine) => number): number =>
  inBooks(lines.reduce((sum, line) => sum + of(line), 0));

export function stateOfReturn(one: SupplierReturn): SupplierReturnState {
  if (one.closedAt !== undefined) return 'closed';
  return sumOf(one, leftOf) > 0 ? 'open' : 'sent';
}

export const returnEffect = (one: SupplierReturn): SupplierReturnEffect => ({
  id: one.id,
  supplier: one.supplier,
  inbound: one.inbound,
  authorisation: one.authorisation,
  owner: one.owner,
  state: stateOfReturn(one),
  by: one.by,
  createdAt: one.createdAt,
  changedAt: one.changedAt,
  closedAt: one.closedAt,
  quantity: sumOf(one, ({ quantity }) => quantity),
  sent: sumOf(one, ({ sent }) => sent),
  lines: one.lines.map(({ epcs, ...line }) => ({ ...line, epcs: [...epcs] })),
});
