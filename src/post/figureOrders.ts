// What orders came to, kept for key figures. The commit that may change it notes the order; beside the writer its figures are made anew. An
// order that is noted counts as it is, not as it was kept.
import { atomically, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable } from '../store/text.ts';
import type { EffectsBatch } from './batch.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const NOTE_ORDERS = sql('noteOrders');
const FIGURE_ORDERS = sql('figureOrders');
/** A commit that changes one of them waits for so long. */
const ORDERS_AT_ONCE = 50;

/** Notes the orders that a batch may have changed the figures of. In the same commit, after everything else of them. */
export async function noteOrders(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const orders = effects.flatMap((effect) => [
    ...effect.orders.map(({ id }) => id),
    ...effect.transfers.filter(({ direction }) => direction === 'out').map(({ id }) => id),
  ]);
  const loads = effects.flatMap((effect) =>
    effect.loads.filter(({ closedAt }) => closedAt !== undefined).map(({ id }) => id),
  );
  const back = effects.flatMap(({ transactions }) =>
    transactions.flatMap(({ type, epc }) => (type === 'return' && epc !== undefined ? [epc] : [])),
  );
  if (orders.length + loads.length + back.length === 0) return;
  await client.query({
    name: 'note-orders',
    text: NOTE_ORDERS,
    values: [site, ...[orders, loads, back].map((ids) => [...new Set(ids.map((id) => storable(id)))])],
  });
}

/** Makes the figures of some orders that are noted. False when none are. Two processes at once take different ones. */
export async function figureOrders(client: Queryable, site: string): Promise<boolean> {
  return atomically(client, async () => {
    const { rows } = await client.query<{ order_id: string }>(
      'select order_id from order_to_figure where site = $1 order by order_id limit $2 for update skip locked',
      [site, ORDERS_AT_ONCE],
    );
    if (rows.length === 0) return false;
    const orders = rows.map(({ order_id }) => order_id);
    // A statement of its own: it sees whatever was committed before these rows were locked.
    await client.query(FIGURE_ORDERS, [site, orders]);
    await client.query('delete from order_to_figure where site = $1 and order_id = any ($2)', [site, orders]);
    return true;
  });
}
