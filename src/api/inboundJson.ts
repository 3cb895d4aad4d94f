// Inbound documents as they are answered, and the rows that they are made of.
import { Type } from 'typebox';
import type { Batch, Noted } from '../infer/effects.ts';
import { inBooks } from '../infer/balances.ts';
import { DOCUMENTS, INBOUND_STATES } from '../wire/inbound.ts';
import { formatTime } from '../wire/time.ts';
import { timeText } from './lists.ts';

export const Text = Type.Union([Type.String(), Type.Null()]);

const LineJson = Type.Object({
  line: Type.String(),
  sku: Text,
  lot: Text,
  expiry: Text,
  quantity: Type.Number({ description: 'Expected.' }),
  received: Type.Number({ description: 'Of an order also what came with the notices that serve it.' }),
  short: Type.Number(),
  over: Type.Number(),
  unlisted: Type.Number({ description: 'Of what came, tags that the list does not name.' }),
  damaged: Type.Number(),
  quality: Type.Number({ description: 'Held to be looked at.' }),
  listed: Type.Integer({ description: 'EPCs that are listed; GET …/tags names them.' }),
  sscc: Type.Array(Type.String()),
  order: Type.Union([Type.Object({ inbound: Type.String(), line: Text }), Type.Null()]),
  batches: Type.Array(Type.Object({ lot: Type.String(), expiry: Text, quantity: Type.Number() }), {
    description: 'Lots and expiry dates of what came without tags.',
  }),
});

const Head = {
  id: Type.String(),
  site: Type.String(),
  document: Type.Enum([...DOCUMENTS]),
  revision: Type.Integer(),
  supplier: Type.String(),
  state: Type.Enum([...INBOUND_STATES], {
    description: 'Nothing came yet; a receipt is open; a rest is to come; all came; nobody waits for it any more.',
  }),
  expectedFrom: Text,
  expectedTo: Text,
  door: Text,
  tolerance: Type.Number(),
  announcedAt: Type.String({ format: 'date-time' }),
  changedAt: Type.String({ format: 'date-time' }),
  receipts: Type.Integer({ description: 'How many there were, with the open one.' }),
  receipt: Type.Union([Type.Object({ openedAt: Type.String(), door: Text, by: Text }), Type.Null()]),
  noted: Type.Array(
    Type.Object({
      why: Type.Enum(['unexpected', 'wrong-supplier']),
      epc: Text,
      sku: Text,
      quantity: Type.Number(),
      inbound: Text,
      movement: Type.String(),
    }),
    { description: 'What came with the open receipt and is on no document, or on one of another supplier.' },
  ),
  lineCount: Type.Integer(),
  quantity: Type.Number(),
  received: Type.Number(),
};
export const HeadJson = Type.Object(Head);
export const InboundJson = Type.Object({ ...Head, lines: Type.Array(LineJson) });

export interface InboundRow {
  readonly site: string;
  readonly inbound: string;
  readonly document: 'order' | 'notice';
  readonly revision: number;
  readonly supplier: string;
  readonly state: (typeof INBOUND_STATES)[number];
  readonly expected_from: number | null;
  readonly expected_to: number | null;
  readonly door: string | null;
  readonly tolerance: number;
  readonly announced_at: number;
  readonly changed_at: number;
  readonly receipts: number;
  readonly receipt_opened_at: number | null;
  readonly receipt_door: string | null;
  readonly receipt_by: string | null;
  readonly noted: readonly Noted[];
  readonly line_count: number;
  readonly quantity: number;
  readonly received: number;
  readonly journal_offset: number;
}

export interface LineRow {
  readonly inbound: string;
  readonly line: string;
  readonly sku: string | null;
  readonly lot: string;
  readonly expiry: string | null;
  readonly quantity: number;
  readonly order_inbound: string | null;
  readonly order_line: string | null;
  readonly sscc: readonly string[];
  readonly listed: number;
  readonly received: number;
  readonly unlisted: number;
  readonly damaged: number;
  readonly quality: number;
  readonly batches: readonly Batch[];
}

export const headJson = (row: InboundRow) => ({
  id: row.inbound,
  site: row.site,
  document: row.document,
  revision: row.revision,
  supplier: row.supplier,
  state: row.state,
  expectedFrom: timeText(row.expected_from),
  expectedTo: timeText(row.expected_to),
  door: row.door,
  tolerance: Math.round(row.tolerance * 10_000) / 10_000,
  announcedAt: formatTime(row.announced_at),
  changedAt: formatTime(row.changed_at),
  receipts: row.receipts,
  receipt:
    row.receipt_opened_at === null
      ? null
      : { openedAt: formatTime(row.receipt_opened_at), door: row.receipt_door, by: row.receipt_by },
  noted: row.noted.map(({ transaction, ...noted }) => ({ ...noted, movement: transaction })),
  lineCount: row.line_count,
  quantity: row.quantity,
  received: row.received,
});

const lineJson = (row: LineRow) => ({
  line: row.line,
  sku: row.sku,
  lot: row.lot || null,
  expiry: row.expiry,
  quantity: row.quantity,
  received: row.received,
  short: Math.max(0, inBooks(row.quantity - row.received)),
  over: Math.max(0, inBooks(row.received - row.quantity)),
  unlisted: row.unlisted,
  damaged: row.damaged,
  quality: row.quality,
  listed: row.listed,
  sscc: [...row.sscc],
  order: row.order_inbound === null ? null : { inbound: row.order_inbound, line: row.order_line },
  batches: [...row.batches],
});

export const inboundJson = (row: InboundRow, lines: readonly LineRow[]) => ({
  ...headJson(row),
  lines: lines.map((line) => lineJson(line)),
});
