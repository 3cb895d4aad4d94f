// Orders, pick lists and loads as they are answered, and the rows that they are made of.
import { Type } from 'typebox';
import { inBooks } from '../infer/balances.ts';
import {
  ORDER_STATES,
  PICK_LINE_STATES,
  PICK_METHODS,
  PICK_STATES,
  type OrderSourcing,
  type OrderState,
} from '../wire/outbound.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';
import { timeText } from './lists.ts';

const DateTime = Type.String({ format: 'date-time' });

/** How far a line, or the order, has come: these and what was not promised make up the quantity. */
const Progress = {
  quantity: Type.Number({ description: 'Ordered.' }),
  reserved: Type.Number({ description: 'Promised at the site, wherever it lies.' }),
  planned: Type.Number({ description: 'On a pick list, at a bin, and not picked yet.' }),
  picked: Type.Number({ description: 'Picked, and not out yet.' }),
  shipped: Type.Number(),
  backordered: Type.Number({ description: 'Promised by nothing yet: it waits for stock.' }),
};

const OrderHead = {
  id: Type.String(),
  site: Type.String(),
  revision: Type.Integer(),
  customer: Type.String(),
  shipTo: Text,
  owner: Text,
  priority: Type.Integer(),
  shipBy: Text,
  partial: Type.Boolean(),
  sourcing: Type.Union([Type.String(), Type.Null()], {
    description: 'Why this site was given it; null for one that named its site.',
  }),
  state: Type.Enum([...ORDER_STATES], {
    description:
      'Nothing of what is left is promised; some of it; all of it; being picked; picked; all out; nobody waits for it any more.',
  }),
  load: Text,
  enteredAt: DateTime,
  changedAt: DateTime,
  lineCount: Type.Integer(),
  ...Progress,
};
export const OrderHeadJson = Type.Object(OrderHead);
export const OrderJson = Type.Object({
  ...OrderHead,
  lines: Type.Array(
    Type.Object({
      line: Type.String(),
      sku: Type.String(),
      lot: Text,
      ...Progress,
      packed: Type.Number({ description: 'Of what is picked, in cartons.' }),
    }),
  ),
  picks: Type.Array(Type.String(), { description: 'Pick lists with lines for it.' }),
});

interface ProgressRow {
  readonly quantity: number;
  readonly reserved: number;
  readonly planned: number;
  readonly picked: number;
  readonly shipped: number;
}

export interface OrderRow extends ProgressRow {
  readonly site: string;
  readonly order_id: string;
  readonly revision: number;
  readonly customer: string;
  readonly ship_to: string | null;
  readonly sourcing: OrderSourcing | null;
  readonly owner: string;
  readonly priority: number;
  readonly ship_by: number | null;
  readonly is_partial: boolean;
  readonly state: OrderState;
  readonly load_id: string | null;
  readonly entered_at: number;
  readonly changed_at: number;
  readonly line_count: number;
  readonly journal_offset: number;
}

export interface OrderLineRow extends ProgressRow {
  readonly order_id: string;
  readonly line: string;
  readonly sku: string;
  readonly lot: string;
  readonly packed: number;
}

const progress = ({ quantity, reserved, planned, picked, shipped }: ProgressRow) => ({
  quantity,
  reserved,
  planned,
  picked,
  shipped,
  backordered: Math.max(0, inBooks(quantity - reserved - planned - picked - shipped)),
});

export const orderHead = (row: OrderRow) => ({
  id: row.order_id,
  site: row.site,
  revision: row.revision,
  customer: row.customer,
  shipTo: row.ship_to,
  owner: row.owner || null,
  priority: row.priority,
  shipBy: timeText(row.ship_by),
  partial: row.is_partial,
  sourcing: row.sourcing?.reason ?? null,
  state: row.state,
  load: row.load_id,
  enteredAt: formatTime(row.entered_at),
  changedAt: formatTime(row.changed_at),
  lineCount: row.line_count,
  ...progress(row),
});

export const orderJson = (row: OrderRow, lines: readonly OrderLineRow[], picks: readonly string[]) => ({
  ...orderHead(row),
  lines: lines.map((line) => ({
    line: line.line,
    sku: line.sku,
    lot: line.lot || null,
    ...progress(line),
    packed: line.packed,
  })),
  picks: [...picks],
});

const PickHead = {
  id: Type.String(),
  site: Type.String(),
  to: Type.String({ description: 'Where it is brought.' }),
  orders: Type.Array(Type.String()),
  method: Type.Enum([...PICK_METHODS], { description: 'How it is picked.' }),
  wave: Type.Union([Type.String(), Type.Null()], { description: 'What the lists of one release have in common.' }),
  zone: Type.Union([Type.String(), Type.Null()], { description: 'Where it is picked, of a wave by zones.' }),
  totes: Type.Array(Type.Object({ order: Type.String(), tote: Type.String() }), {
    description: 'Of a cluster: which tote is for which order.',
  }),
  state: Type.Enum([...PICK_STATES], { description: 'Something is left to be taken, or nothing.' }),
  by: Type.String(),
  distanceM: Type.Number({
    description: 'Of the way through the bins whose place the site file says, as the crow flies.',
  }),
  createdAt: DateTime,
  changedAt: DateTime,
  lineCount: Type.Integer(),
  quantity: Type.Number(),
  picked: Type.Number(),
  short: Type.Number({ description: 'Not there, taken elsewhere, or not wanted any more.' }),
};
export const PickHeadJson = Type.Object(PickHead);
export const PickJson = Type.Object({
  ...PickHead,
  lines: Type.Array(
    Type.Object({
      line: Type.Integer(),
      stop: Type.Integer({ description: 'Place on the way; lines of a batch with the same are taken together.' }),
      order: Type.String(),
      orderLine: Type.String(),
      sku: Type.String(),
      lot: Text,
      owner: Text,
      location: Type.String(),
      container: Text,
      quantity: Type.Number(),
      picked: Type.Number(),
      short: Type.Number(),
      sorted: Type.Number({ description: 'Of what was picked in a batch, what was sorted to its order.' }),
      state: Type.Enum([...PICK_LINE_STATES]),
    }),
    { description: 'In the order of the way.' },
  ),
});

export interface PickRow {
  readonly site: string;
  readonly pick: string;
  readonly to_location: string;
  readonly orders: readonly string[];
  readonly method: (typeof PICK_METHODS)[number];
  readonly wave: string | null;
  readonly zone: string | null;
  readonly totes: readonly { readonly order: string; readonly tote: string }[];
  readonly state: (typeof PICK_STATES)[number];
  readonly made_by: string;
  readonly distance_m: number;
  readonly created_at: number;
  readonly changed_at: number;
  readonly line_count: number;
  readonly quantity: number;
  readonly picked: number;
  readonly short: number;
  readonly journal_offset: number;
}

export interface PickLineRow {
  readonly pick: string;
  readonly line: number;
  readonly stop: number;
  readonly order_id: string;
  readonly order_line: string;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly location: string;
  readonly container: string;
  readonly quantity: number;
  readonly picked: number;
  readonly short: number;
  readonly sorted: number;
  readonly state: (typeof PICK_LINE_STATES)[number];
}

export const pickHead = (row: PickRow) => ({
  id: row.pick,
  site: row.site,
  to: row.to_location,
  orders: [...row.orders],
  method: row.method,
  wave: row.wave,
  zone: row.zone,
  totes: row.totes.map(({ order, tote }) => ({ order, tote })),
  state: row.state,
  by: row.made_by,
  distanceM: row.distance_m,
  createdAt: formatTime(row.created_at),
  changedAt: formatTime(row.changed_at),
  lineCount: row.line_count,
  quantity: row.quantity,
  picked: row.picked,
  short: row.short,
});

export const pickJson = (row: PickRow, lines: readonly PickLineRow[]) => ({
  ...pickHead(row),
  lines: lines.map((line) => ({
    line: line.line,
    stop: line.stop,
    order: line.order_id,
    orderLine: line.order_line,
    sku: line.sku,
    lot: line.lot || null,
    owner: line.owner || null,
    location: line.location,
    container: line.container || null,
    quantity: line.quantity,
    picked: line.picked,
    short: line.short,
    sorted: line.sorted,
    state: line.state,
  })),
});
