// What is printed on things: EPCs in tags, the same keys in barcodes, and the products they belong to. Serial numbers
// start where the clock stood when the run began, so two runs never print the same one.
import { withCheckDigit } from '../../src/wire/epc/checkDigit.ts';
import { encodeSgtin96, encodeSscc96 } from '../../src/wire/epc/encodeEpc.ts';
import type { Epc } from '../../src/wire/entries.ts';
import { random } from '../random.ts';

/** A trade item: a single item, or a case of it (indicator digit 1). */
export interface Product {
  readonly gtin14: string;
  /** Indicator digit and item reference, as the EPC has them. */
  readonly itemReference: string;
  readonly level: 'item' | 'case';
}

export interface Catalogue {
  readonly companyPrefix: string;
  readonly items: readonly Product[];
  /** The case of items[i] is cases[i]. */
  readonly cases: readonly Product[];
}

/** Begins with 952, which GS1 keeps for examples: nothing printed here belongs to anybody. */
const DEMO_PREFIX = '952';
const PRODUCTS = 24;
const SERIALS_EPOCH_MS = Date.UTC(2024, 0, 1);
const ITEM_SERIAL_BITS = 38;
/** 256 new tags a second last until 2058, and no run makes as many. */
const ITEMS_PER_SECOND = 256;
const PALLET_SERIALS = 10 ** 10;
/** Eight new pallets a second last until 2063. */
const PALLETS_PER_SECOND = 8;

/** The products of a site: its own company prefix, the same ones in every run. */
export function catalogueOf(site: string): Catalogue {
  const chance = random('catalogue', site);
  const companyPrefix = DEMO_PREFIX + String(chance.integer(0, 9999)).padStart(4, '0');
  const first = chance.integer(0, 99_999 - PRODUCTS * 37);
  const product = (level: Product['level'], index: number): Product => {
    const reference = String(first + index * 37).padStart(5, '0');
    const indicator = level === 'case' ? '1' : '0';
    return {
      level,
      itemReference: indicator + reference,
      gtin14: withCheckDigit(indicator + companyPrefix + reference),
    };
  };
  const indexes = Array.from({ length: PRODUCTS }, (_, index) => index);
  return {
    companyPrefix,
    items: indexes.map((index) => product('item', index)),
    cases: indexes.map((index) => product('case', index)),
  };
}

/** The first serial numbers of a run that begins at `startAt`. */
export const firstSerials = (startAt: number): { item: number; pallet: number } => {
  const seconds = Math.max(0, (startAt - SERIALS_EPOCH_MS) / 1000);
  return {
    item: Math.floor(seconds * ITEMS_PER_SECOND) % 2 ** ITEM_SERIAL_BITS,
    pallet: Math.floor(seconds * PALLETS_PER_SECOND) % PALLET_SERIALS,
  };
};

/** Filter values of the Tag Data Standard, section 10: an item for the till, a case, a unit load. */
const FILTERS = { item: 1, case: 2, pallet: 6 } as const;

export const itemEpc = ({ companyPrefix }: Catalogue, { itemReference, level }: Product, serial: number): Epc =>
  encodeSgtin96({ companyPrefix, itemReference, serial: serial % 2 ** ITEM_SERIAL_BITS, filter: FILTERS[level] });

/** Extension digit and serial reference of an SSCC. */
const palletReference = (serial: number): string => String(serial % PALLET_SERIALS).padStart(10, '0');

export const palletEpc = ({ companyPrefix }: Catalogue, serial: number): Epc =>
  encodeSscc96({ companyPrefix, serialReference: palletReference(serial), filter: FILTERS.pallet });

/** GS1 DataMatrix (AIM ]d2) with GTIN (01) and serial (21): what a scanner at the bench sends for a unit. */
export const itemBarcode = (gtin14: string, serial: number): string => `]d201${gtin14}21${serial}`;

/** GS1-128 (AIM ]C1) with the SSCC (00): the label of a pallet. The extension digit comes before the prefix. */
export function palletBarcode({ companyPrefix }: Catalogue, serial: number): string {
  const reference = palletReference(serial);
  return `]C100${withCheckDigit(reference[0]! + companyPrefix + reference.slice(1))}`;
}
