// Loads as they are answered: what of each order is on them or out, what is missing, line by line, and what is on the truck now.
import { Type } from 'typebox';
import { inBooks } from '../infer/balances.ts';
import { LOAD_STATES } from '../wire/outbound.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';
import { timeText } from './lists.ts';
import type { OrderLineRow, OrderRow } from './orderJson.ts';

const DateTime = Type.String({ format: 'date-time' });

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

/** What is read beside it: its orders as they are now, their lines, and what is on the truck. */
export interface LoadParts {
  readonly orders: ReadonlyMap<string, OrderRow>;
  readonly lines: readonly OrderLineRow[];
  readonly aboard: readonly AboardRow[];
}

export function loadJson(row: LoadRow, { orders, lines, aboard }: LoadParts) {
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
    orders: of,
  };
}
