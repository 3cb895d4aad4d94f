// What customers announced to send back, and which movements brought it, as they are after a batch.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable, storableJson } from '../store/text.ts';
import { columns, lastOf, type EffectsBatch } from './batch.ts';

const PUT_RETURNS = sqlFile(import.meta.url, 'sql/putAnnouncedReturns.sql');
const PUT_ARRIVALS = sqlFile(import.meta.url, 'sql/putReturnArrivals.sql');

/** Puts announced returns beside the ledger, each as the last row of the batch left it. In the same commit. */
export async function putAnnouncedReturns(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const all = effects.flatMap(({ announcedReturns, offset }) => announcedReturns.map((one) => ({ ...one, offset })));
  if (all.length === 0) return;
  await client.query({
    name: 'put-announced-returns',
    text: PUT_RETURNS,
    values: [
      site,
      ...columns(
        lastOf(all, ({ id }) => storable(id)),
        (r) => r.id,
        (r) => r.order ?? null,
        (r) => r.customer,
        (r) => r.owner,
        (r) => r.state,
        (r) => r.by,
        (r) => r.expectedBy ?? null,
        (r) => r.createdAt,
        (r) => r.changedAt,
        (r) => r.closedAt ?? null,
        (r) => r.quantity,
        (r) => r.received,
        (r) => storableJson(r.lines),
        (r) => r.offset,
      ),
    ],
  });
  const arrivals = lastOf(
    all.flatMap(({ id, arrivals: changed, offset }) => changed.map((one) => ({ ...one, id, offset }))),
    ({ transaction }) => transaction,
  );
  if (arrivals.length === 0) return;
  await client.query({
    name: 'put-return-arrivals',
    text: PUT_ARRIVALS,
    values: [
      site,
      ...columns(
        arrivals,
        (a) => a.transaction,
        (a) => (a.brought === undefined ? null : a.id),
        (a) => a.brought?.line ?? null,
        (a) => a.brought?.quantity ?? null,
        (a) => a.offset,
      ),
    ],
  });
}
