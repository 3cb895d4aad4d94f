// One transfer as one of its two sites knows it: how much of each stock was sent, came, and was given up.
import { inBooks } from '../../infer/balances.ts';
import type { TransferEffect, TransferLineEffect } from '../../infer/transferEffects.ts';
import { transitOf } from '../../infer/transactions.ts';
import type { TransferDirection, TransferState } from '../../wire/transfer.ts';

export interface TransferLine {
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly sent: number;
  readonly received: number;
  readonly short: number;
}

export interface Transfer {
  readonly id: string;
  readonly direction: TransferDirection;
  readonly other: string;
  /** Where it is for the books while it is under way. */
  readonly account: string;
  readonly createdAt: number;
  changedAt: number;
  closedAt: number | undefined;
  /** By SKU, lot and owner. */
  readonly lines: Map<string, TransferLine>;
  /** Tags that are under way. */
  readonly tags: Set<string>;
  readonly inbounds: string[];
}

const SEPARATOR = '\u001e';

export function openTransfer(
  site: string,
  direction: TransferDirection,
  other: string,
  id: string,
  at: number,
): Transfer {
  return {
    id,
    direction,
    other,
    account: transitOf(direction === 'out' ? site : other, id),
    createdAt: at,
    changedAt: at,
    closedAt: undefined,
    lines: new Map(),
    tags: new Set(),
    inbounds: [],
  };
}

/** So much more of a stock was sent, came or was given up. */
export function addTo(
  { lines }: Transfer,
  { sku, lot, owner }: Pick<TransferLine, 'sku' | 'lot' | 'owner'>,
  what: 'sent' | 'received' | 'short',
  quantity: number,
): void {
  const key = [sku, lot, owner].join(SEPARATOR);
  const line = lines.get(key) ?? { sku, lot, owner, sent: 0, received: 0, short: 0 };
  lines.set(key, { ...line, [what]: inBooks(line[what] + quantity) });
}

export const underWay = ({ sent, received, short }: TransferLine): number => inBooks(sent - received - short);

export function transferState({ lines, closedAt }: Transfer): TransferState {
  if (closedAt !== undefined) return 'closed';
  const all = [...lines.values()];
  if (all.every(({ sent }) => sent === 0)) return 'ordered';
  return all.some((line) => underWay(line) > 0) ? 'transit' : 'received';
}

export const transferEffect = (transfer: Transfer): TransferEffect => {
  const { id, direction, other, createdAt, changedAt, closedAt, lines, inbounds } = transfer;
  const sorted: TransferLineEffect[] = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return {
    id,
    direction,
    other,
    state: transferState(transfer),
    createdAt,
    changedAt,
    closedAt,
    lines: sorted,
    inbounds: [...inbounds],
  };
};
