// Stock without serial numbers: so much of a SKU went from account to account, as somebody said or scanned it. Pure.
import type { Account, Transaction, TransactionType } from './effects.ts';

export interface PlainMove {
  readonly id: string;
  readonly type: TransactionType;
  /** ms, event time. */
  readonly at: number;
  readonly source: 'person' | 'scan' | 'import';
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly quantity: number;
  /** What it tells, and from where to where it is booked. */
  readonly from: string;
  readonly to: string;
  readonly accounts: { readonly from: Account; readonly to: Account };
  readonly readPoint?: string | undefined;
  readonly actor: string | undefined;
  readonly reason?: string | undefined;
}

export function plainTransaction({ at, accounts, readPoint, reason, ...move }: PlainMove): Transaction {
  const { sku, lot, owner, quantity } = move;
  return {
    ...move,
    happenedAt: at,
    confidence: 1,
    epc: undefined,
    container: '',
    readPoint,
    decision: undefined,
    supersedes: undefined,
    reason,
    postings: [{ sku, lot, owner, epc: undefined, quantity, from: accounts.from, to: accounts.to }],
  };
}
