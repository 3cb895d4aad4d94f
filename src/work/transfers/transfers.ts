// Transfers of a site as one state: those that it sends, and those that others send to it.
import { transitOf } from '../../infer/transactions.ts';
import type { NoticeEffect } from '../../infer/transferEffects.ts';
import type { TransferDirection } from '../../wire/transfer.ts';
import type { Transfer } from './transfer.ts';

export interface Transfers {
  /** By the account in which they are under way. */
  readonly byAccount: Map<string, Transfer>;
  /** Done with and forgotten. */
  readonly ended: Set<string>;
  /** For the row in hand: transaction → what it is for. */
  readonly untold: Set<string>;
  readonly unsaved: Set<string>;
  readonly notices: NoticeEffect[];
}

export const openTransfers = (): Transfers => ({
  byAccount: new Map(),
  ended: new Set(),
  untold: new Set(),
  unsaved: new Set(),
  notices: [],
});

export function touchTransfer({ untold, unsaved }: Transfers, transfer: Transfer, at: number): void {
  transfer.changedAt = Math.max(transfer.changedAt, at);
  untold.add(transfer.account);
  unsaved.add(transfer.account);
}

/** One that this site sends. */
export const sentBy = ({ byAccount }: Transfers, site: string, id: string): Transfer | undefined =>
  byAccount.get(transitOf(site, id));

/** Those of a number, in the order in which they became known. */
export const ofNumber = ({ byAccount }: Transfers, id: string, direction: TransferDirection): Transfer[] =>
  [...byAccount.values()].filter((one) => one.id === id && one.direction === direction);

/** So long after its end a transfer is forgotten; its number is not given again. */
const ENDED_KEPT_MS = 30 * 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimTransfers({ byAccount, ended, unsaved }: Transfers, now: number): void {
  for (const [account, { closedAt }] of byAccount) {
    if (closedAt === undefined || closedAt > now - ENDED_KEPT_MS) continue;
    byAccount.delete(account);
    ended.add(account);
    unsaved.add(account);
  }
}
