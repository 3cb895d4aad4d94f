// Cartons as they are answered: what is in them, what the bench hears, and what is missing of their order.
import { Type } from 'typebox';
import { inBooks } from '../infer/balances.ts';
import type { CartonContent, CartonEffect } from '../infer/outboundEffects.ts';
import type { Pool } from '../store/database.ts';
import { CARTON_STATES, type CartonState } from '../wire/packing.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';
import { timeText } from './lists.ts';

const DateTime = Type.String({ format: 'date-time' });

export const CartonJson = Type.Object({
  id: Type.String({ description: 'Its SSCC-18.' }),
  site: Type.String(),
  epc: Type.String({ description: 'What its tag says, if it has one; the container for the books.' }),
  order: Type.String(),
  bench: Type.String(),
  type: Text,
  state: Type.Enum([...CARTON_STATES]),
  by: Type.String(),
  openedAt: DateTime,
  closedAt: Text,
  changedAt: DateTime,
  quantity: Type.Number({ description: 'Packed.' }),
  weight: Type.Union([Type.Integer(), Type.Null()], { description: 'As weighed, g.' }),
  isShort: Type.Boolean({ description: 'It was closed although the order needed more.' }),
  parcel: Type.Union(
    [
      Type.Object({
        carrier: Type.String(),
        service: Text,
        tracking: Type.String({ description: 'Its number with the carrier.' }),
        leavesBy: Type.Union([DateTime, Type.Null()], {
          description: 'Until when the carrier takes it; null where it says nothing.',
        }),
        bookedAt: DateTime,
        by: Type.String(),
      }),
      Type.Null(),
    ],
    { description: 'What it is booked as with a carrier.' },
  ),
  contents: Type.Array(
    Type.Object({
      line: Type.String({ description: 'Of the order.' }),
      sku: Type.String(),
      lot: Text,
      quantity: Type.Number(),
      epcs: Type.Array(Type.String()),
    }),
  ),
  seen: Type.Array(Type.Object({ epc: Type.String(), line: Type.String(), sku: Type.String() }), {
    description: 'Of the order, heard at the bench and not scanned: packed when the carton is closed.',
  }),
  wrong: Type.Array(Type.Object({ epc: Type.String(), sku: Type.String() }), {
    description: 'Not of the order, and heard at the bench since the carton is open.',
  }),
  missing: Type.Array(
    Type.Object({
      line: Type.String(),
      sku: Type.String(),
      lot: Text,
      quantity: Type.Number(),
      picked: Type.Number({ description: 'Of it, picked: it is to be found at the bench.' }),
    }),
    { description: 'What its order needs that is in no carton, is not heard with this one, and is not out.' },
  ),
});

export interface CartonRow {
  readonly site: string;
  readonly sscc: string;
  readonly epc: string;
  readonly order_id: string;
  readonly bench: string;
  readonly carton_type: string | null;
  readonly state: CartonState;
  readonly packed_by: string;
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly changed_at: number;
  readonly quantity: number;
  readonly weight_g: number | null;
  readonly is_short: boolean;
  readonly parcel: CartonEffect['parcel'] | null;
  readonly contents: readonly CartonContent[];
  readonly seen: CartonEffect['seen'];
  readonly wrong: CartonEffect['wrong'];
  readonly journal_offset: number;
}

interface NeededRow extends Record<string, unknown> {
  readonly site: string;
  readonly order_id: string;
  readonly line: string;
  readonly sku: string;
  readonly lot: string;
  readonly needed: number;
  readonly picked: number;
}

/** Cartons as they are answered, with what is missing of their orders. */
export async function cartonsWhole(pool: Pool, rows: readonly CartonRow[]) {
  if (rows.length === 0) return [];
  const needed = await pool.query<NeededRow>({
    name: 'carton-needs',
    text: `select l.site, l.order_id, l.line, l.sku, l.lot, l.quantity - l.shipped - l.packed as needed, l.picked - l.packed as picked
           from order_line l join customer_order o using (site, order_id)
           where l.site = any ($1) and l.order_id = any ($2) and l.quantity > l.shipped + l.packed and o.state <> 'cancelled'
           order by l.order_id, l.ordinal`,
    values: [[...new Set(rows.map(({ site }) => site))], [...new Set(rows.map((row) => row.order_id))]],
  });
  return rows.map((row) =>
    cartonJson(
      row,
      needed.rows.filter(({ site, order_id: order }) => site === row.site && order === row.order_id),
    ),
  );
}

function cartonJson(row: CartonRow, needed: readonly NeededRow[]) {
  const isOpen = row.state === 'open';
  const missing = needed
    .map(({ line, sku, lot, needed: rest, picked }) => {
      const heard = isOpen ? row.seen.filter((one) => one.line === line).length : 0;
      const quantity = inBooks(rest - heard);
      return {
        line,
        sku,
        lot: lot || null,
        quantity,
        picked: Math.max(0, inBooks(Math.min(quantity, picked - heard))),
      };
    })
    .filter(({ quantity }) => quantity > 0);
  return {
    id: row.sscc,
    site: row.site,
    epc: row.epc,
    order: row.order_id,
    bench: row.bench,
    type: row.carton_type,
    state: row.state,
    by: row.packed_by,
    openedAt: formatTime(row.opened_at),
    closedAt: timeText(row.closed_at),
    changedAt: formatTime(row.changed_at),
    quantity: row.quantity,
    weight: row.weight_g,
    isShort: row.is_short,
    parcel:
      row.parcel == null
        ? null
        : {
            ...row.parcel,
            service: row.parcel.service ?? null,
            leavesBy: timeText(row.parcel.leavesBy ?? null),
            bookedAt: formatTime(row.parcel.bookedAt),
          },
    contents: row.contents.map((one) => ({ ...one, lot: one.lot || null, epcs: [...one.epcs] })),
    seen: [...row.seen],
    wrong: [...row.wrong],
    missing,
  };
}
