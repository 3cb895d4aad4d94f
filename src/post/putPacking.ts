// Cartons as they are after a batch, and wrong picks, beside the ledger.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storableJson } from '../store/text.ts';
import { columns, type EffectsBatch } from './batch.ts';

const CARTONS = sqlFile(import.meta.url, 'sql/putCartons.sql');
const PICK_ERRORS = sqlFile(import.meta.url, 'sql/putPickErrors.sql');

export async function putPacking(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  // Of several states of a carton within the batch the last one holds.
  const cartons = new Map(
    effects.flatMap(({ offset, cartons: told }) => told.map((one) => [one.sscc, { ...one, offset }] as const)),
  );
  if (cartons.size > 0)
    await client.query({
      name: 'put-cartons',
      text: CARTONS,
      values: [
        site,
        ...columns(
          [...cartons.values()],
          (c) => c.sscc,
          (c) => c.epc,
          (c) => c.order,
          (c) => c.bench,
          (c) => c.type ?? null,
          (c) => c.state,
          (c) => c.by,
          (c) => c.openedAt,
          (c) => c.closedAt ?? null,
          (c) => c.changedAt,
          (c) => c.quantity,
          (c) => c.weight ?? null,
          (c) => c.isShort,
          (c) => storableJson(c.contents),
          (c) => storableJson(c.seen),
          (c) => storableJson(c.wrong),
          (c) => c.offset,
          (c) => (c.parcel === undefined ? null : storableJson(c.parcel)),
        ),
      ],
    });
  const errors = effects.flatMap(({ offset, pickErrors }) => pickErrors.map((one) => ({ ...one, offset })));
  if (errors.length > 0)
    await client.query({
      name: 'put-pick-errors',
      text: PICK_ERRORS,
      values: [
        site,
        ...columns(
          errors,
          (e) => e.id,
          (e) => e.kind,
          (e) => e.pick,
          (e) => e.pickLine,
          (e) => e.order,
          (e) => e.sku,
          (e) => e.found ?? null,
          (e) => e.quantity,
          (e) => e.code,
          (e) => e.message,
          (e) => e.by ?? null,
          (e) => e.at,
          (e) => e.offset,
        ),
      ],
    });
}
