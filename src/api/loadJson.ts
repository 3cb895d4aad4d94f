// Loads as they are answered: what of each order is on them or out, what is missing, line by line, what is on the truck now, and what is
// wrong about it.
import { Type } from 'typebox';
import { inBooks } from '../infer/balances.ts';
import { LOAD_STATES } from '../wire/outbound.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';
import { timeText } from './lists.ts';
import type { OrderLineRow, OrderRow } from './orderJson.ts';

const DateTime = Type.String({ format: 'date-time' });
/** Kinds of discrepancies that are about what goes out with a load. */
export const LOAD_ALARMS = ['wrong-load', 'unplanned-ship'] as const;

export const LoadJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  door: Text,
  carrier: Type.String(),
  seals: Type.Array(Type.String(), { description: 'Numbers of the seals on its doors.' }),
  state: Type.Enum([...LOAD_STATES]),
  openedAt: DateTime,
  closedAt: Text,
  changedAt: DateTime,
  complete: Type.Integer({ description: 'Orders of which nothing is missing: all is out, or they were cancelled.' }),
  short: Type.Integer({ description: 'The others.' }),
  loaded: Type.Number({ description: 'Of its orders, how much went out with it.' }),
  missing: Type.Number({ description: 'Of its orders, how much has not gone out, with it or before.' }),
  aboard: Type.Array(
    Type.Object({
      sku: Type.String(),
      lot: Text,
      owner: Text,
      container: Text,
      quantity: Type.Number(),
    }),
    {
      description:
        'What is on the truck for the books while the load is open: not on hand, and promised to nobody. It is with the customers when the load is closed.',
    },
  ),
  alarms: Type.Array(
    Type.Object({
      discrepancy: Type.String({ description: 'Its id under /v1/discrepancies.' }),
      kind: Type.Enum([...LOAD_ALARMS]),
      epc: Text,
      sku: Text,
      readPoint: Text,
      happenedAt: DateTime,
      message: Type.String(),
      movement: Text,
    }),
    {
      description:
        'What went out through its door and does not belong on it, and what belongs on it and went out elsewhere, until it is settled.',
    },
  ),
  orders: Type.Array(
    Type.Object({
      order: Type.String(),
      quantity: Type.Number({ description: 'Ordered.' }),
      picked: Type.Number({ description: 'Picked, and not out yet.' }),
      loaded: Type.Number({ description: 'Went out with this load.' }),
      short: Type.Number({ description: 'Has not gone out, with this load or before; of a cancelled order nothing.' }),
      isComplete: Type.Boolean(),
      missing: Type.Array(
        Type.Object({
          line: Type.String(),
          sku: Type.String(),
          lot: Text,
          quantity: Type.Number(),
          picked: Type.Number({ description: 'Of it, picked: it stands here somewhere.' }),
        }),
        { description: 'What has not gone out, line by line.' },
      ),
    }),
  ),
});

export interface LoadRow {
  readonly site: string;
  readonly load_id: string;
  readonly door: string | null;
  readonly carrier: string;
  readonly seals: readonly string[];
  readonly state: (typeof LOAD_STATES)[number];
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly changed_at: number;
  readonly orders: readonly { readonly order: string; readonly shipped: number }[];
  readonly journal_offset: number;
}

/** So much of some stock on a truck. */
export interface AboardRow {
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly container: string;
  readonly quantity: number;
}

/** An open discrepancy, with the order that it was picked for. */
export interface LoadAlarmRow {
  readonly id: string;
  readonly kind: (typeof LOAD_ALARMS)[number];
  readonly message: string;
  readonly happened_at: number;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly read_point: string | null;
  readonly transaction_id: string | null;
  readonly order_id: string | null;
}

/** What is read beside it: its orders as they are now, their lines, what is on the truck, and what is wrong at its site. */
export interface LoadParts {
  readonly orders: ReadonlyMap<string, OrderRow>;
  readonly lines: readonly OrderLineRow[];
  readonly aboard: readonly AboardRow[];
  readonly alarms: readonly LoadAlarmRow[];
}

export function loadJson(row: LoadRow, { orders, lines, aboard, alarms }: LoadParts) {
  const of = row.orders.map(({ order, shipped: loaded }) => {
    const { quantity = 0, picked = 0, shipped = 0, state } = orders.get(order) ?? {};
    const short = state === 'cancelled' ? 0 : Math.max(0, inBooks(quantity - shipped));
    const missing =
      short === 0
        ? []
        : lines
            .filter((line) => line.order_id === order && line.quantity > line.shipped)
            .map((line) => ({
              line: line.line,
              sku: line.sku,
              lot: line.lot || null,
              quantity: inBooks(line.quantity - line.shipped),
              picked: line.picked,
            }));
    return { order, quantity, picked, loaded, short, isComplete: short === 0, missing };
  });
  const complete = of.filter(({ isComplete }) => isComplete).length;
  return {
    id: row.load_id,
    site: row.site,
    door: row.door,
    carrier: row.carrier,
    seals: [...row.seals],
    state: row.state,
    openedAt: formatTime(row.opened_at),
    closedAt: timeText(row.closed_at),
    changedAt: formatTime(row.changed_at),
    complete,
    short: of.length - complete,
    loaded: inBooks(of.reduce((sum, { loaded }) => sum + loaded, 0)),
    missing: inBooks(of.reduce((sum, { short }) => sum + short, 0)),
    aboard: aboard.map(({ sku, lot, owner, container, quantity }) => ({
      sku,
      lot: lot || null,
      owner: owner || null,
      container: container || null,
      quantity,
    })),
    alarms: alarmsOf(row, alarms).map((alarm) => ({
      discrepancy: alarm.id,
      kind: alarm.kind,
      epc: alarm.epc,
      sku: alarm.sku,
      readPoint: alarm.read_point,
      happenedAt: formatTime(alarm.happened_at),
      message: alarm.message,
      movement: alarm.transaction_id,
    })),
    orders: of,
  };
}

/** Of its orders wherever they went, of others at its door; while it was open. */
function alarmsOf({ orders, door, opened_at, closed_at }: LoadRow, alarms: readonly LoadAlarmRow[]): LoadAlarmRow[] {
  return alarms.filter(
    ({ order_id, read_point, happened_at }) =>
      happened_at >= opened_at &&
      happened_at <= (closed_at ?? Infinity) &&
      ((door !== null && read_point === door) || orders.some(({ order }) => order === order_id)),
  );
}
