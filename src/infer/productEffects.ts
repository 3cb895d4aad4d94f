// What products of a site have become. Times in ms, lengths in mm, weights in g.
import type { Pack, Rotation, Tracking, Unit } from '../wire/product.ts';

/** A product as the site knows it. GTINs have 14 digits. */
export interface Product {
  readonly sku: string;
  readonly revision: number;
  readonly name: string;
  readonly baseUnit: Unit;
  readonly packs: readonly Pack[];
  readonly lengthMm: number | undefined;
  readonly widthMm: number | undefined;
  readonly heightMm: number | undefined;
  readonly weightG: number | undefined;
  readonly unitCost: number | undefined;
  readonly currency: string | undefined;
  readonly tracking: Tracking;
  readonly expires: boolean;
  readonly hazard: string | undefined;
  readonly temperature: string | undefined;
  readonly velocity: string | undefined;
  /** Which bin it is taken from first; undefined: as the site says. A former release kept none. */
  readonly rotation?: Rotation | undefined;
  readonly fixedBin: string | undefined;
  readonly pickMinimum: number | undefined;
  readonly pickMaximum: number | undefined;
  readonly changedAt: number;
}

/** A product that changed, or that is not there any more. */
export type ProductEffect =
  | { readonly sku: string; readonly product: Product }
  | { readonly sku: string; readonly product: undefined };
