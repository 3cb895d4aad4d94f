// Products of a site, beside the ledger, as they are after a batch; what was dropped is gone.
import type { Product } from '../infer/productEffects.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable, storableJson } from '../store/text.ts';
import { columns, lastOf, type EffectsBatch } from './batch.ts';
import { putDropped } from './putDropped.ts';
import { valueProducts } from './valueSkus.ts';

const PUT_PRODUCTS = sqlFile(import.meta.url, 'sql/putProducts.sql');

export async function putProducts(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = lastOf(
    effects.flatMap(({ products, offset }) => products.map((one) => ({ ...one, offset }))),
    ({ sku }) => storable(sku),
  );
  if (told.length === 0) return;
  const gone = told.filter(({ product }) => product === undefined);
  if (gone.length > 0)
    await client.query({
      name: 'drop-products',
      text: 'delete from product where site = $1 and sku = any ($2)',
      values: [site, ...columns(gone, ({ sku }) => sku)],
    });
  await putDropped(
    client,
    site,
    gone.map(({ sku, offset }) => ({ kind: 'product', id: sku, offset })),
  );
  const kept = told.flatMap(({ product, offset }) => (product === undefined ? [] : [{ ...product, offset }]));
  if (kept.length > 0) await putKept(client, site, kept);
  await valueProducts(
    client,
    site,
    told.map(({ sku }) => storable(sku)),
  );
}

async function putKept(
  client: Queryable,
  site: string,
  kept: readonly (Product & { readonly offset: number })[],
): Promise<void> {
  await client.query({
    name: 'put-products',
    text: PUT_PRODUCTS,
    values: [
      site,
      ...columns(
        kept,
        (p) => p.sku,
        (p) => p.revision,
        (p) => p.name,
        (p) => p.baseUnit,
        (p) => storableJson(p.packs),
        (p) => p.lengthMm ?? null,
        (p) => p.widthMm ?? null,
        (p) => p.heightMm ?? null,
        (p) => p.weightG ?? null,
        (p) => p.unitCost ?? null,
        (p) => p.currency ?? null,
        (p) => p.tracking,
        (p) => p.expires,
        (p) => p.hazard ?? null,
        (p) => p.temperature ?? null,
        (p) => p.velocity ?? null,
        (p) => p.rotation ?? null,
        (p) => p.fixedBin ?? null,
        (p) => p.pickMinimum ?? null,
        (p) => p.pickMaximum ?? null,
        (p) => p.changedAt,
        (p) => p.offset,
      ),
    ],
  });
}
