// Balances as the ledger keeps them, and which of its accounts are no places.
import { RESERVED_LOCATIONS, RESERVED_PREFIXES } from '../config/site.ts';

/** The ledger's own accounts: not stock of the site. */
export const NO_LOCATION = `^(${RESERVED_LOCATIONS.join('|')})$|^(${RESERVED_PREFIXES.join('|')})`;

export interface BalanceRow {
  readonly site: string;
  readonly sku: string;
  readonly location: string;
  readonly container: string;
  readonly lot: string;
  readonly owner: string;
  readonly status: string;
  readonly quantity: number;
}
