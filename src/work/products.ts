// The products of a site as one state: found by SKU, and by the GTIN of each of their pack levels. What is said of them is decided in
// productCommands.ts; whoever needs size, weight or cost of a SKU asks `productOf`.
import type { Product, ProductEffect } from '../infer/productEffects.ts';
import { add, remove } from './sets.ts';
import { takeAll } from './takeAll.ts';

export interface Products {
  readonly bySku: Map<string, Product>;
  /** GTIN-14 → the SKU, and how many base units of it. Made of the products, so no part of a snapshot. */
  readonly byGtin: Map<string, { readonly sku: string; readonly quantity: number }>;
  /** Location → SKUs of which it is the fixed bin; also made of the products. */
  readonly byBin: Map<string, Set<string>>;
  /** Changed since it was last told, and since the last snapshot: SKUs. */
  readonly untold: Set<string>;
  readonly unsaved: Set<string>;
}

export const openProducts = (): Products => ({
  bySku: new Map(),
  byGtin: new Map(),
  byBin: new Map(),
  untold: new Set(),
  unsaved: new Set(),
});

/** The same products, to try something on. */
export const copyProducts = ({ bySku, byGtin, byBin }: Products): Products => ({
  ...openProducts(),
  bySku: new Map(bySku),
  byGtin: new Map(byGtin),
  byBin: new Map([...byBin].map(([bin, skus]) => [bin, new Set(skus)])),
});

/** What is known of a SKU; undefined when nobody said anything. */
export const productOf = ({ bySku }: Products, sku: string): Product | undefined => bySku.get(sku);

/** Volume of so many base units in litres; undefined when a side is not known. */
export function volumeLOf(product: Product | undefined, quantity: number): number | undefined {
  const { lengthMm, widthMm, heightMm } = product ?? {};
  if (lengthMm === undefined || widthMm === undefined || heightMm === undefined) return undefined;
  return (lengthMm * widthMm * heightMm * quantity) / 1e6;
}

/** Weight of so many base units in kilograms; undefined when it is not known. */
export const weightKgOf = (product: Product | undefined, quantity: number): number | undefined =>
  product?.weightG === undefined ? undefined : (product.weightG * quantity) / 1000;

/** Puts a product in the place of what was known of its SKU. */
export function putProduct(products: Products, product: Product): void {
  forget(products, product.sku);
  products.bySku.set(product.sku, product);
  for (const { gtin, quantity } of product.packs)
    if (gtin !== undefined) products.byGtin.set(gtin, { sku: product.sku, quantity });
  if (product.fixedBin !== undefined) add(products.byBin, product.fixedBin, product.sku);
  touch(products, product.sku);
}

export function dropProduct(products: Products, sku: string): void {
  forget(products, sku);
  touch(products, sku);
}

function forget({ bySku, byGtin, byBin }: Products, sku: string): void {
  const { fixedBin } = bySku.get(sku) ?? {};
  if (fixedBin !== undefined) remove(byBin, fixedBin, sku);
  for (const { gtin } of bySku.get(sku)?.packs ?? []) if (gtin !== undefined) byGtin.delete(gtin);
  bySku.delete(sku);
}

function touch({ untold, unsaved }: Products, sku: string): void {
  untold.add(sku);
  unsaved.add(sku);
}

/** What has changed since it was last asked. */
export function productsTold({ bySku, untold }: Products): ProductEffect[] {
  return takeAll(untold, (sku) => ({ sku, product: bySku.get(sku) }));
}

/** Products that changed since they were last taken into a snapshot; of one that is gone only that it is. */
export function takeUnsavedProducts({ bySku, unsaved }: Products): (readonly [sku: string, Product | undefined])[] {
  return takeAll(unsaved, (sku) => [sku, bySku.get(sku)] as const);
}

/** Puts a product back, after a snapshot. */
export function restoreProduct(products: Products, product: Product): void {
  putProduct(products, product);
  products.untold.delete(product.sku);
  products.unsaved.delete(product.sku);
}
