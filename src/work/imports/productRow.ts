// A row of a file of products: what it says of one SKU. What the file has no column for stays as it is known.
import type { SitePlan } from '../../config/plan.ts';
import type { Product } from '../../infer/productEffects.ts';
import {
  CLASS_NAME_PATTERN,
  PACKS_MAX,
  ROTATIONS,
  SIDE_MM_MAX,
  TRACKINGS,
  UNITS,
  WEIGHT_G_MAX,
  COST_MAX,
} from '../../wire/product.ts';
import type { Pack, ProductDocument } from '../../wire/product.ts';
import { faultsOf } from '../productCommands.ts';
import { productOf, type Products } from '../products.ts';
import { neededText, numberIn, quantityIn, textIn, wordIn, wrong, yesIn, type Cells } from './cells.ts';

/** Columns of the fields that a product may be wrong in. */
const COLUMN_OF: Readonly<Record<string, string>> = {
  fixedBin: 'fixed_bin',
  pickMinimum: 'pick_minimum',
  pickMaximum: 'pick_maximum',
  unitCost: 'unit_cost',
};

/** The product that the row says; undefined when the row is wrong, which its cells have noted. */
export function productOfRow(cells: Cells, products: Products, plan: SitePlan): ProductDocument | undefined {
  const sku = neededText(cells, 'sku');
  const said = sku === undefined ? undefined : saidOf(cells, productOf(products, sku), sku);
  if (said === undefined || cells.faults.length > 0) return undefined;
  for (const { field, code, message } of faultsOf(products, plan, said)) {
    const column = field === 'packs' && !('packs' in cells.row.cells) ? 'gtin' : (COLUMN_OF[field] ?? field);
    wrong(cells, column, code, message);
  }
  return cells.faults.length === 0 ? said : undefined;
}

function saidOf(cells: Cells, before: Product | undefined, sku: string): ProductDocument {
  const has = (column: string): boolean => column in cells.row.cells;
  const kept = <K extends keyof Product>(field: K, column: string, read: () => Product[K] | undefined) => {
    const value = has(column) ? read() : before?.[field];
    return value === undefined || value === '' ? {} : { [field]: value };
  };
  const side = (column: string) => (): number | undefined => numberIn(cells, column, { max: SIDE_MM_MAX });
  const className = (column: string) => (): string | undefined => classIn(cells, column);
  const unit = has('base_unit') ? wordIn(cells, 'base_unit', UNITS, 'unknown-unit') : before?.baseUnit;
  const packs = packsIn(cells, before, unit ?? 'each');
  return {
    sku,
    ...kept('name', 'name', () => textIn(cells, 'name', 200)),
    ...(unit === undefined ? {} : { baseUnit: unit }),
    ...(packs.length === 0 ? {} : { packs }),
    ...kept('lengthMm', 'length_mm', side('length_mm')),
    ...kept('widthMm', 'width_mm', side('width_mm')),
    ...kept('heightMm', 'height_mm', side('height_mm')),
    ...kept('weightG', 'weight_g', () => numberIn(cells, 'weight_g', { max: WEIGHT_G_MAX })),
    ...kept('unitCost', 'unit_cost', () => numberIn(cells, 'unit_cost', { isAboveZero: false, max: COST_MAX })),
    ...kept('currency', 'currency', () => currencyIn(cells)),
    ...kept('tracking', 'tracking', () => wordIn(cells, 'tracking', TRACKINGS)),
    ...kept('expires', 'expires', () => yesIn(cells, 'expires')),
    ...kept('hazard', 'hazard', className('hazard')),
    ...kept('temperature', 'temperature', className('temperature')),
    ...kept('velocity', 'velocity', className('velocity')),
    ...kept('rotation', 'rotation', () => wordIn(cells, 'rotation', ROTATIONS)),
    ...kept('fixedBin', 'fixed_bin', () => textIn(cells, 'fixed_bin')),
    ...kept('pickMinimum', 'pick_minimum', () => quantityIn(cells, 'pick_minimum')),
    ...kept('pickMaximum', 'pick_maximum', () => quantityIn(cells, 'pick_maximum')),
  };
}

const CLASS_NAME = new RegExp(CLASS_NAME_PATTERN);

function classIn(cells: Cells, column: string): string | undefined {
  const text = textIn(cells, column);
  if (text === undefined || CLASS_NAME.test(text)) return text;
  return wrong(cells, column, 'bad-word', `${text} is no class: at most 16 letters, digits, dots and hyphens.`);
}

function currencyIn(cells: Cells): string | undefined {
  const text = textIn(cells, 'currency')?.toUpperCase();
  if (text === undefined || /^[A-Z]{3}$/.test(text)) return text;
  return wrong(cells, 'currency', 'bad-word', `${text} is no currency: three letters, as EUR.`);
}

/** The GTIN of the base unit from its column, the larger packs from theirs: `case:12:09528450570764|pallet:480`. */
function packsIn(cells: Cells, before: Product | undefined, baseUnit: Pack['unit']): Pack[] {
  const has = (column: string): boolean => column in cells.row.cells;
  const isBase = ({ unit }: Pack): boolean => unit === baseUnit;
  const known = before?.packs ?? [];
  const gtin = has('gtin') ? textIn(cells, 'gtin') : undefined;
  if (gtin !== undefined && !/^\d{8,14}$/.test(gtin))
    wrong(cells, 'gtin', 'bad-gtin', `${gtin} is no GTIN: its length or its check digit is wrong.`);
  const base = has('gtin') ? (gtin === undefined ? [] : [{ unit: baseUnit, quantity: 1, gtin }]) : known.filter(isBase);
  const larger = has('packs') ? largerPacksIn(cells) : known.filter((pack) => !isBase(pack));
  return [...base, ...larger];
}

function largerPacksIn(cells: Cells): Pack[] {
  const texts = (textIn(cells, 'packs', 2000) ?? '').split('|').filter((text) => text.trim() !== '');
  if (texts.length >= PACKS_MAX) wrong(cells, 'packs', 'bad-packs', `There are more than ${PACKS_MAX} pack levels.`);
  return texts.flatMap((text) => {
    const [name = '', quantity = '', gtin, ...rest] = text.split(':').map((part) => part.trim());
    const unit = UNITS.find((one) => one === name.toLowerCase());
    if (!/^[1-9]\d{0,5}$/.test(quantity) || rest.length > 0) {
      wrong(cells, 'packs', 'bad-packs', `${text} is no pack level: write unit, base units and GTIN as case:12:GTIN.`);
      return [];
    }
    if (unit === undefined) {
      wrong(cells, 'packs', 'unknown-unit', `${name} is none of ${UNITS.join(', ')}.`);
      return [];
    }
    if (gtin === undefined || gtin === '') return [{ unit, quantity: Number(quantity) }];
    if (/^\d{8,14}$/.test(gtin)) return [{ unit, quantity: Number(quantity), gtin }];
    wrong(cells, 'packs', 'bad-gtin', `${gtin} is no GTIN: its length or its check digit is wrong.`);
    return [];
  });
}
