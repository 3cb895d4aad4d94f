// What the warehouses of the week deal in: goods whose every unit has a tag, and goods with a barcode alone, some of them by lot.
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { encodeSgtin96 } from '../../src/wire/epc/encodeEpc.ts';
import type { Epc } from '../../src/wire/entries.ts';
import type { ProductCommand } from '../../src/wire/product.ts';

/** GS1 keeps 952 for examples: nothing printed here belongs to anybody. */
const COMPANY_PREFIX = '9521141';
const TAGGED = 5;
const PICK_MINIMUM = 12;
const PICK_MAXIMUM = 60;

export interface TaggedProduct {
  readonly sku: string;
  readonly itemReference: string;
}
export interface PlainProduct {
  readonly sku: string;
  /** Its pick face. */
  readonly bin: string;
  readonly byLot: boolean;
}

const skuOf = (reference: number): string => withCheckDigit(`0${COMPANY_PREFIX}${String(reference).padStart(5, '0')}`);

export const TAGGED_PRODUCTS: readonly TaggedProduct[] = Array.from({ length: TAGGED }, (_, index) => ({
  sku: skuOf(101 + index),
  itemReference: `0${String(101 + index).padStart(5, '0')}`,
}));

export const PLAIN: readonly PlainProduct[] = Array.from({ length: 6 }, (_, index) => ({
  sku: skuOf(201 + index),
  bin: `A-0${index + 1}`,
  byLot: index >= 4,
}));

export const isTagged = (sku: string): boolean => TAGGED_PRODUCTS.some((product) => product.sku === sku);

export const unitEpc = ({ itemReference }: TaggedProduct, serial: number): Epc =>
  encodeSgtin96({ companyPrefix: COMPANY_PREFIX, itemReference, serial, filter: 1 });

/** A tag that nobody has mapped to anything: no GS1 header. */
export const foreignEpc = (serial: number): Epc => `AD38${serial.toString(16).toUpperCase().padStart(20, '0')}`;

/** What is said of the products at each warehouse before anything happens. */
export const productCommands = (): ProductCommand[] => [
  ...TAGGED_PRODUCTS.map(({ sku }, index) => ({
    kind: 'product' as const,
    sku,
    name: `Tagged goods ${index + 1}`,
    tracking: 'serial' as const,
    velocity: 'T',
    unitCost: 20 + index,
    currency: 'EUR',
  })),
  ...PLAIN.map(({ sku, bin, byLot }, index) => ({
    kind: 'product' as const,
    sku,
    name: `Plain goods ${index + 1}`,
    tracking: byLot ? ('lot' as const) : ('none' as const),
    velocity: 'P',
    fixedBin: bin,
    pickMinimum: PICK_MINIMUM,
    pickMaximum: PICK_MAXIMUM,
    packs: [{ unit: 'each' as const, quantity: 1, gtin: sku }],
    unitCost: 2 + index,
    currency: 'EUR',
  })),
];
