// An announced return as the API answers it.
import { Type } from 'typebox';
import { inBooks } from '../infer/balances.ts';
import {
  ANNOUNCED_RETURN_STATES,
  RETURN_REASONS,
  type AnnouncedReturnState,
  type ReturnReason,
} from '../wire/announcedReturn.ts';
import { formatTime } from '../wire/time.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const DateTime = Type.String({ format: 'date-time' });
const MaybeTime = Type.Union([DateTime, Type.Null()]);

export const AnnouncedReturnJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  order: Type.Union([Type.String(), Type.Null()], { description: 'That it was shipped with.' }),
  customer: Type.String(),
  owner: Text,
  state: Type.Enum([...ANNOUNCED_RETURN_STATES], {
    description: 'Some of it is to come; all of it is here; nobody waits for any more of it.',
  }),
  by: Type.String(),
  expectedBy: MaybeTime,
  createdAt: DateTime,
  changedAt: DateTime,
  closedAt: MaybeTime,
  quantity: Type.Number(),
  received: Type.Number(),
  lines: Type.Array(
    Type.Object({
      line: Type.String(),
      sku: Type.String(),
      lot: Text,
      because: Type.Enum([...RETURN_REASONS], { description: 'As the customer says.' }),
      quantity: Type.Number(),
      received: Type.Number(),
      short: Type.Number({ description: 'Still to come; of a closed return what never came.' }),
      over: Type.Number({ description: 'Came beyond what was announced.' }),
      epcs: Type.Array(Type.String(), {
        description: 'Items of which so many come; none where any of the SKU will do.',
      }),
    }),
  ),
});

export interface AnnouncedReturnRow {
  readonly site: string;
  readonly return_id: string;
  readonly order_id: string | null;
  readonly customer: string;
  readonly owner: string;
  readonly state: AnnouncedReturnState;
  readonly made_by: string;
  readonly expected_by: number | null;
  readonly created_at: number;
  readonly changed_at: number;
  readonly closed_at: number | null;
  readonly quantity: number;
  readonly received: number;
  readonly lines: readonly {
    readonly line: string;
    readonly sku: string;
    readonly lot: string;
    readonly because: ReturnReason;
    readonly quantity: number;
    readonly received: number;
    readonly epcs: readonly string[];
  }[];
  readonly journal_offset: number;
}

const timeText = (ms: number | null): string | null => (ms === null ? null : formatTime(ms));

export const announcedReturnJson = (row: AnnouncedReturnRow) => ({
  id: row.return_id,
  site: row.site,
  order: row.order_id,
  customer: row.customer,
  owner: row.owner || null,
  state: row.state,
  by: row.made_by,
  expectedBy: timeText(row.expected_by),
  createdAt: formatTime(row.created_at),
  changedAt: formatTime(row.changed_at),
  closedAt: timeText(row.closed_at),
  quantity: row.quantity,
  received: row.received,
  lines: row.lines.map(({ line, sku, lot, because, quantity, received, epcs }) => ({
    line,
    sku,
    lot: lot || null,
    because,
    quantity,
    received,
    short: Math.max(0, inBooks(quantity - received)),
    over: Math.max(0, inBooks(received - quantity)),
    epcs: [...epcs],
  })),
});
