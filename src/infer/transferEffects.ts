// What transfers have become, and what the other site has to know of them. Times in ms.
import type { TransferDirection, TransferNotice, TransferState } from '../wire/transfer.ts';

export interface TransferEffect {
  readonly id: string;
  readonly direction: TransferDirection;
  /** The other site. */
  readonly other: string;
  readonly state: TransferState;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly closedAt: number | undefined;
  readonly lines: readonly TransferLineEffect[];
  /** Inbound documents by which it is expected. */
  readonly inbounds: readonly string[];
}

export interface TransferLineEffect {
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly sent: number;
  readonly received: number;
  /** Written off when the receiver was done with it; with less than nothing, more came than was sent. */
  readonly short: number;
}

/** Appended to the journal of another site, in the commit of what it tells of. */
export interface NoticeEffect {
  readonly key: string;
  readonly to: string;
  readonly command: TransferNotice;
}
