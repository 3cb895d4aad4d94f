// What goes out, beside the ledger: orders of customers, pick lists and loads, as they are after a batch.
import type { LoadEffect, OrderEffect, PickEffect } from '../infer/outboundEffects.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable, storableJson } from '../store/text.ts';
import { columns, lastOf, type EffectsBatch } from './batch.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const STATEMENTS = {
  orders: sql('putOrders'),
  orderLines: sql('putOrderLines'),
  shipments: sql('putOrderShipments'),
  picks: sql('putPickLists'),
  pickLines: sql('putPickLines'),
  loads: sql('putLoads'),
} as const;

type At<T> = T & { readonly offset: number };

export async function putOutbound(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const toldBy = <T>(of: (effect: EffectsBatch['effects'][number]) => readonly T[]): At<T>[] =>
    effects.flatMap((effect) => of(effect).map((one) => ({ ...one, offset: effect.offset })));
  await putOrders(
    client,
    site,
    toldBy(({ orders }) => orders),
  );
  await putPicks(
    client,
    site,
    toldBy(({ picks }) => picks),
  );
  await putLoads(
    client,
    site,
    toldBy(({ loads }) => loads),
  );
}

/** What left for each order, as the last word of the batch says it. */
async function putShipments(client: Queryable, site: string, told: readonly OrderEffect[]): Promise<void> {
  const moved = lastOf(
    told.flatMap(({ id: order, shipments }) => shipments.map((shipment) => ({ ...shipment, order }))),
    ({ order, transaction }) => `${order} ${transaction}`,
  );
  if (moved.length === 0) return;
  const parts = moved.flatMap(({ order, transaction, parts: some }) =>
    some.map((part) => ({ ...part, order, transaction })),
  );
  await client.query({
    name: 'put-order-shipments',
    text: STATEMENTS.shipments,
    values: [
      site,
      ...columns(
        moved,
        (m) => m.order,
        (m) => m.transaction,
      ),
      ...columns(
        parts,
        (p) => p.order,
        (p) => p.transaction,
        (p) => p.pick,
        (p) => p.line,
        (p) => p.epc ?? null,
        (p) => p.quantity,
        (p) => p.load ?? null,
        (p) => p.at,
      ),
    ],
  });
}

async function putOrders(client: Queryable, site: string, told: readonly At<OrderEffect>[]): Promise<void> {
  if (told.length === 0) return;
  await client.query({
    name: 'put-orders',
    text: STATEMENTS.orders,
    values: [
      site,
      ...columns(
        lastOf(told, ({ id }) => id),
        (o) => o.id,
        (o) => o.revision,
        (o) => o.customer,
        (o) => o.owner,
        (o) => o.priority,
        (o) => o.shipBy ?? null,
        (o) => o.isPartial,
        (o) => o.state,
        (o) => o.load ?? null,
        (o) => o.enteredAt,
        (o) => o.changedAt,
        (o) => o.lineCount,
        (o) => o.quantity,
        (o) => o.reserved,
        (o) => o.planned,
        (o) => o.picked,
        (o) => o.shipped,
        (o) => o.lackedStock,
        (o) => o.offset,
        (o) => o.shipTo ?? null,
        (o) => (o.sourcing === undefined ? null : storableJson(o.sourcing)),
      ),
    ],
  });
  await putShipments(client, site, told);
  const parts = lastOf(
    told.flatMap(({ id, lines, goneLines }) => [
      ...lines.map((value) => ({ order: id, line: value.line, value })),
      ...goneLines.map((line) => ({ order: id, line, value: undefined })),
    ]),
    ({ order, line }) => `${order} ${line}`,
  );
  const gone = parts.filter(({ value }) => value === undefined);
  if (gone.length > 0) {
    await client.query({
      name: 'drop-order-lines',
      text: 'delete from order_line l using unnest($2::text[], $3::text[]) as u (order_id, line) where (l.site, l.order_id, l.line) = ($1, u.order_id, u.line)',
      values: [site, gone.map(({ order }) => storable(order)), gone.map(({ line }) => storable(line))],
    });
  }
  const kept = parts.flatMap(({ order, value }) => (value === undefined ? [] : [{ ...value, order }]));
  if (kept.length === 0) return;
  await client.query({
    name: 'put-order-lines',
    text: STATEMENTS.orderLines,
    values: [
      site,
      ...columns(
        kept,
        (l) => l.order,
        (l) => l.line,
        (l) => l.ordinal,
        (l) => l.sku,
        (l) => l.lot,
        (l) => l.quantity,
        (l) => l.reserved,
        (l) => l.planned,
        (l) => l.picked,
        (l) => l.shipped,
        (l) => l.packed,
      ),
    ],
  });
}

async function putPicks(client: Queryable, site: string, told: readonly At<PickEffect>[]): Promise<void> {
  if (told.length === 0) return;
  await client.query({
    name: 'put-pick-lists',
    text: STATEMENTS.picks,
    values: [
      site,
      ...columns(
        lastOf(told, ({ id }) => id),
        (p) => p.id,
        (p) => p.to,
        (p) => storableJson(p.orders),
        (p) => p.state,
        (p) => p.by,
        (p) => p.distanceM,
        (p) => p.createdAt,
        (p) => p.changedAt,
        (p) => p.lineCount,
        (p) => p.quantity,
        (p) => p.picked,
        (p) => p.short,
        (p) => p.offset,
        (p) => p.method,
        (p) => p.wave ?? null,
        (p) => p.zone ?? null,
        (p) => storableJson(p.totes),
      ),
    ],
  });
  const lines = lastOf(
    told.flatMap(({ id, lines: all }) => all.map((line) => ({ ...line, pick: id }))),
    ({ pick, line }) => `${pick} ${line}`,
  );
  if (lines.length === 0) return;
  await client.query({
    name: 'put-pick-lines',
    text: STATEMENTS.pickLines,
    values: [
      site,
      ...columns(
        lines,
        (l) => l.pick,
        (l) => l.line,
        (l) => l.stop,
        (l) => l.order,
        (l) => l.orderLine,
        (l) => l.sku,
        (l) => l.lot,
        (l) => l.owner,
        (l) => l.location,
        (l) => l.container,
        (l) => l.quantity,
        (l) => l.picked,
        (l) => l.short,
        (l) => l.state,
        (l) => l.sorted,
        (l) => l.wasPicked,
      ),
    ],
  });
}

async function putLoads(client: Queryable, site: string, told: readonly At<LoadEffect>[]): Promise<void> {
  if (told.length === 0) return;
  await client.query({
    name: 'put-loads',
    text: STATEMENTS.loads,
    values: [
      site,
      ...columns(
        lastOf(told, ({ id }) => id),
        (l) => l.id,
        (l) => l.door ?? null,
        (l) => l.carrier,
        (l) => l.state,
        (l) => l.openedAt,
        (l) => l.closedAt ?? null,
        (l) => l.changedAt,
        (l) => storableJson(l.orders),
        (l) => l.offset,
        (l) => storableJson(l.seals),
      ),
    ],
  });
}
