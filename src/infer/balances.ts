// Balances as the machines hold them: only to notice, in the order of the journal, when a movement takes more than the
// books have. The movement stands (promise P6); the difference is told, and settled when the books are even again.
import type { SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import type { Account, EffectsDraft, Posting, Transaction } from './effects.ts';

export interface Balances {
  /** SKU → account → quantity, where it is not zero; only at locations of the site. */
  readonly bySku: Map<string, Map<string, Balance>>;
  /** Accounts below zero and the discrepancy that says so. */
  readonly below: Map<string, string>;
  /** Accounts that changed since the last snapshot. */
  readonly dirty: Map<string, Stock>;
}

/** So much of one SKU, lot and owner at one account. */
export interface Balance extends Pick<Posting, 'sku' | 'lot' | 'owner'> {
  readonly account: Account;
  readonly quantity: number;
}

export type Stock = Pick<Posting, 'sku' | 'lot' | 'owner'>;

export const openBalances = (): Balances => ({ bySku: new Map(), below: new Map(), dirty: new Map() });

const SEPARATOR = '\u001e';
const keyOf = (stock: Stock, account: Account): string =>
  [stock.sku, account.location, account.container, stock.lot, stock.owner, account.status].join(SEPARATOR);

/** What the books have of some stock at an account. */
export const balanceOf = (balances: Balances, stock: Stock, account: Account): number =>
  balances.bySku.get(stock.sku)?.get(keyOf(stock, account))?.quantity ?? 0;

/** Everything the books have of a SKU on site. */
export const balancesOf = (balances: Balances, sku: string): readonly Balance[] => [
  ...(balances.bySku.get(sku)?.values() ?? []),
];

/** Puts a balance back, after a snapshot. */
export function restoreBalance(balances: Balances, balance: Balance): void {
  set(balances, keyOf(balance, balance.account), balance, balance.account, balance.quantity);
}

function set(balances: Balances, key: string, { sku, lot, owner }: Stock, account: Account, quantity: number): void {
  let accounts = balances.bySku.get(sku);
  if (quantity === 0) {
    accounts?.delete(key);
    if (accounts?.size === 0) balances.bySku.delete(sku);
    return;
  }
  if (accounts === undefined) balances.bySku.set(sku, (accounts = new Map()));
  accounts.set(key, { sku, lot, owner, account, quantity });
}

/** Quantities may be fractions of a unit; a ten-thousandth is the finest the books tell apart. */
export const inBooks = (quantity: number): number => Math.round(quantity * 10_000) / 10_000;

/** Applies the postings of the draft's transactions, in order; adds discrepancies to the draft. */
export function applyPostings(
  balances: Balances,
  plan: SitePlan,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  for (const transaction of transactions) {
    for (const posting of transaction.postings) {
      change(balances, plan, transaction, posting, posting.from, -posting.quantity, draft);
      change(balances, plan, transaction, posting, posting.to, posting.quantity, draft);
    }
  }
}

function change(
  balances: Balances,
  plan: SitePlan,
  transaction: Transaction,
  posting: Posting,
  account: Account,
  quantity: number,
  draft: EffectsDraft,
): void {
  if (!plan.locations.has(account.location)) return;
  const key = keyOf(posting, account);
  const before = balanceOf(balances, posting, account);
  const after = inBooks(before + quantity);
  set(balances, key, posting, account, after);
  balances.dirty.set(key, posting);
  const open = balances.below.get(key);
  if (after < 0 && open === undefined) {
    const id = contentId('discrepancy', plan.site, 'negative-balance', key, transaction.id);
    balances.below.set(key, id);
    draft.discrepancies.push({
      id,
      kind: 'negative-balance',
      severity: 'warning',
      happenedAt: transaction.happenedAt,
      epc: posting.epc,
      sku: posting.sku,
      location: account.location,
      transaction: transaction.id,
      message: `More was taken from ${account.location} than the books had there (${after}): count it.`,
    });
  } else if (after >= 0 && open !== undefined) {
    balances.below.delete(key);
    draft.settled.push({ id: open, by: 'tallygate', at: transaction.happenedAt, how: `the balance is ${after} again` });
  }
}
