// Balances as the machines hold them: only to notice, in the order of the journal, when a movement takes more than the
// books have. The movement stands (promise P6); the difference is told, and settled when the books are even again.
import type { SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import type { Account, EffectsDraft, Posting, Transaction } from './effects.ts';

export interface Balances {
  /** SKU → account → quantity, where it is not zero; only at locations of the site. */
  readonly bySku: Map<string, Map<string, Balance>>;
  /** Location → the same, of everything that lies there. */
  readonly byLocation: Map<string, Map<string, Balance>>;
  /** Accounts below zero and the discrepancy that says so. */
  readonly below: Map<string, string>;
  /** Accounts that changed since the last snapshot. */
  readonly dirty: Map<string, Stock>;
}

/** So much of one SKU, lot and owner at one account. */
export interface Balance extends Pick<Posting, 'sku' | 'lot' | 'owner'> {
  readonly account: Account;
  readonly quantity: number;
  /** Since when some of it has been on site, as far as the books can tell: what is moved keeps it. ms; what was kept before that was known has none. */
  readonly since?: number;
}

export type Stock = Pick<Posting, 'sku' | 'lot' | 'owner'>;

export const openBalances = (): Balances => ({
  bySku: new Map(),
  byLocation: new Map(),
  below: new Map(),
  dirty: new Map(),
});

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

/** Everything the books have at a location itself, not in those within it. */
export const balancesAt = (balances: Balances, location: string): readonly Balance[] => [
  ...(balances.byLocation.get(location)?.values() ?? []),
];

/** Puts a balance back, after a snapshot. */
export function restoreBalance(balances: Balances, balance: Balance): void {
  set(balances, keyOf(balance, balance.account), balance, balance.account, balance.quantity, balance.since);
}

function set(
  balances: Balances,
  key: string,
  { sku, lot, owner }: Stock,
  account: Account,
  quantity: number,
  since: number | undefined,
): void {
  const balance = { sku, lot, owner, account, quantity, ...(since === undefined ? {} : { since }) };
  for (const [index, name] of [
    [balances.bySku, sku],
    [balances.byLocation, account.location],
  ] as const) {
    let accounts = index.get(name);
    if (quantity === 0) {
      accounts?.delete(key);
      if (accounts?.size === 0) index.delete(name);
      continue;
    }
    if (accounts === undefined) index.set(name, (accounts = new Map()));
    accounts.set(key, balance);
  }
}

/** Quantities may be fractions of a unit; a ten-thousandth is the finest the books tell apart. */
export const inBooks = (quantity: number): number => Math.round(quantity * 10_000) / 10_000;

/** What last took an account below nothing, or brought it back, and what the account has since. */
interface Turned {
  readonly transaction: Transaction;
  readonly posting: Posting;
  readonly account: Account;
  readonly quantity: number;
}

/**
 * Applies the postings of the draft's transactions, in order; adds discrepancies to the draft. What is below nothing only between two of them
 * (undone, and posted again in another way) was never so.
 */
export function applyPostings(
  balances: Balances,
  plan: SitePlan,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  const turned = new Map<string, Turned>();
  for (const transaction of transactions) {
    for (const posting of transaction.postings) {
      const since = sinceOf(balances, posting, posting.from) ?? transaction.happenedAt;
      change(balances, plan, transaction, posting, posting.from, -posting.quantity, since, turned);
      change(balances, plan, transaction, posting, posting.to, posting.quantity, since, turned);
    }
  }
  for (const [key, last] of turned) tellBelow(balances, plan, key, last, draft);
}

const sinceOf = (balances: Balances, stock: Stock, account: Account): number | undefined =>
  balances.bySku.get(stock.sku)?.get(keyOf(stock, account))?.since;

function change(
  balances: Balances,
  plan: SitePlan,
  transaction: Transaction,
  posting: Posting,
  account: Account,
  quantity: number,
  came: number,
  turned: Map<string, Turned>,
): void {
  if (!plan.locations.has(account.location)) return;
  const key = keyOf(posting, account);
  const known = balances.bySku.get(posting.sku)?.get(key);
  const before = known?.quantity ?? 0;
  const after = inBooks(before + quantity);
  const isThere = before > 0 || quantity < 0;
  set(balances, key, posting, account, after, isThere ? Math.min(came, known?.since ?? came) : came);
  balances.dirty.set(key, posting);
  if (before < 0 !== after < 0) turned.set(key, { transaction, posting, account, quantity: after });
}

/** An account that is below nothing now and was not, or was and is not any more. */
function tellBelow(
  balances: Balances,
  plan: SitePlan,
  key: string,
  { transaction, posting, account, quantity }: Turned,
  draft: EffectsDraft,
): void {
  const open = balances.below.get(key);
  if (quantity < 0 && open === undefined) {
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
      message: `More was taken from ${account.location} than the books had there (${quantity}): count it.`,
    });
  } else if (quantity >= 0 && open !== undefined) {
    balances.below.delete(key);
    draft.settled.push({
      id: open,
      by: 'tallygate',
      at: transaction.happenedAt,
      how: `the balance is ${quantity} again`,
    });
  }
}
