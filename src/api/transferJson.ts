// Transfers as they are answered.
import { Type } from 'typebox';
import { inBooks } from '../infer/balances.ts';
import type { TransferLineEffect } from '../infer/transferEffects.ts';
import { TRANSFER_DIRECTIONS, TRANSFER_STATES } from '../wire/transfer.ts';
import { formatTime } from '../wire/time.ts';
import { timeText } from './lists.ts';

const Text = Type.Union([Type.String(), Type.Null()]);

export const TransferJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  direction: Type.Enum([...TRANSFER_DIRECTIONS]),
  other: Type.String({ description: 'The other site.' }),
  state: Type.Enum([...TRANSFER_STATES]),
  createdAt: Type.String({ format: 'date-time' }),
  changedAt: Type.String({ format: 'date-time' }),
  closedAt: Text,
  inbounds: Type.Array(Type.String(), { description: 'Notices by which the receiver expects it: /v1/inbounds.' }),
  lines: Type.Array(
    Type.Object({
      sku: Type.String(),
      lot: Text,
      owner: Text,
      sent: Type.Number(),
      received: Type.Number(),
      short: Type.Number({
        description: 'Given up when it was closed; less than nothing when more came than was sent.',
      }),
      transit: Type.Number({ description: 'Under way.' }),
    }),
  ),
});

export interface TransferRow {
  readonly site: string;
  readonly direction: (typeof TRANSFER_DIRECTIONS)[number];
  readonly other_site: string;
  readonly transfer_id: string;
  readonly state: (typeof TRANSFER_STATES)[number];
  readonly created_at: number;
  readonly changed_at: number;
  readonly closed_at: number | null;
  readonly lines: readonly TransferLineEffect[];
  readonly inbounds: readonly string[];
  readonly journal_offset: number;
}

export const transferJson = (row: TransferRow) => ({
  id: row.transfer_id,
  site: row.site,
  direction: row.direction,
  other: row.other_site,
  state: row.state,
  createdAt: formatTime(row.created_at),
  changedAt: formatTime(row.changed_at),
  closedAt: timeText(row.closed_at),
  inbounds: [...row.inbounds],
  lines: row.lines.map(({ sku, lot, owner, sent, received, short }) => ({
    sku,
    lot: lot || null,
    owner: owner || null,
    sent,
    received,
    short,
    transit: inBooks(sent - received - short),
  })),
});
