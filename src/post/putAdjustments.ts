// Adjustments beside the ledger, as they are after a batch.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { columns, type EffectsBatch } from './batch.ts';

const PUT = sqlFile(import.meta.url, 'sql/putAdjustments.sql');

export async function putAdjustments(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const last = new Map(
    effects.flatMap(({ adjustments, offset }) => adjustments.map((one) => [one.id, { ...one, offset }] as const)),
  );
  if (last.size === 0) return;
  await client.query({
    name: 'put-adjustments',
    text: PUT,
    values: [
      site,
      ...columns(
        [...last.values()],
        (a) => a.id,
        (a) => a.kind,
        (a) => a.epc ?? null,
        (a) => a.sku ?? null,
        (a) => a.lot,
        (a) => a.owner,
        (a) => a.location,
        (a) => a.status,
        (a) => a.quantity,
        (a) => a.code,
        (a) => a.reason ?? null,
        (a) => a.by,
        (a) => a.at,
        (a) => a.state,
        (a) => a.decidedBy ?? null,
        (a) => a.decidedAt ?? null,
        (a) => a.offset,
      ),
    ],
  });
}
