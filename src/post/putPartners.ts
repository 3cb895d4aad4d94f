// Partners of a site, and returns to its suppliers, beside the ledger, as they are after a batch; a partner that was dropped is gone.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable, storableJson } from '../store/text.ts';
import { columns, lastOf, type EffectsBatch } from './batch.ts';
import { putDropped } from './putDropped.ts';

const PUT_PARTNERS = sqlFile(import.meta.url, 'sql/putPartners.sql');
const PUT_RETURNS = sqlFile(import.meta.url, 'sql/putSupplierReturns.sql');

export async function putPartners(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = lastOf(
    effects.flatMap(({ partners, offset }) => partners.map((one) => ({ ...one, offset }))),
    ({ kind, id }) => `${kind} ${storable(id)}`,
  );
  if (told.length === 0) return;
  const gone = told.filter(({ partner }) => partner === undefined);
  if (gone.length > 0)
    await client.query({
      name: 'drop-partners',
      text: `delete from partner p using unnest($2::text[], $3::text[]) as u (kind, partner_id)
             where (p.site, p.kind, p.partner_id) = ($1, u.kind, u.partner_id)`,
      values: [
        site,
        ...columns(
          gone,
          (p) => p.kind,
          (p) => p.id,
        ),
      ],
    });
  await putDropped(client, site, gone);
  const kept = told.flatMap(({ partner, offset }) => (partner === undefined ? [] : [{ ...partner, offset }]));
  if (kept.length === 0) return;
  await client.query({
    name: 'put-partners',
    text: PUT_PARTNERS,
    values: [
      site,
      ...columns(
        kept,
        (p) => p.kind,
        (p) => p.id,
        (p) => p.revision,
        (p) => p.name,
        (p) => p.address ?? null,
        (p) => p.tolerance ?? null,
        (p) => p.changedAt,
        (p) => p.offset,
      ),
    ],
  });
}

export async function putSupplierReturns(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = lastOf(
    effects.flatMap(({ supplierReturns, offset }) => supplierReturns.map((one) => ({ ...one, offset }))),
    ({ id }) => id,
  );
  if (told.length === 0) return;
  await client.query({
    name: 'put-supplier-returns',
    text: PUT_RETURNS,
    values: [
      site,
      ...columns(
        told,
        (r) => r.id,
        (r) => r.supplier,
        (r) => r.inbound ?? null,
        (r) => r.authorisation ?? null,
        (r) => r.owner,
        (r) => r.state,
        (r) => r.by,
        (r) => r.createdAt,
        (r) => r.changedAt,
        (r) => r.closedAt ?? null,
        (r) => r.quantity,
        (r) => r.sent,
        (r) => storableJson(r.lines),
        (r) => r.offset,
      ),
    ],
  });
}
