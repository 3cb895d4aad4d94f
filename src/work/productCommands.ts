// What people and systems say of products: a product is made or replaced whole, and dropped when nothing refers to it any more.
import type { SitePlan } from '../config/plan.ts';
import { balancesOf, inBooks } from '../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../infer/planner.ts';
import type { Product } from '../infer/productEffects.ts';
import type { Command } from '../wire/command.ts';
import { hasRightCheckDigit } from '../wire/epc/checkDigit.ts';
import type { RowCode } from '../wire/import.ts';
import type { Pack, ProductCommand, ProductDocument } from '../wire/product.ts';
import { dropProduct, productOf, putProduct, type Products } from './products.ts';
import { refused } from './requests.ts';
import type { WorkState } from './work.ts';

/** Products of a site; one more is refused. */
export const PRODUCTS_MAX = 200_000;

type Of<K extends ProductCommand['kind']> = Extract<ProductCommand, { kind: K }>;

/** Decides a command about products; undefined for any other. */
export function decideProduct(work: WorkState, command: Command, request: WorkRequest): WorkAnswer | undefined {
  switch (command.kind) {
    case 'product':
      return enter(work.products, command, request);
    case 'drop-product':
      return drop(work, command, request);
    default:
      return undefined;
  }
}

function enter(products: Products, command: Of<'product'>, { plan, at }: WorkRequest): WorkAnswer {
  const { kind: _kind, at: _at, reason: _reason, revision, ...said } = command;
  const before = productOf(products, said.sku);
  if (revision !== undefined && revision !== before?.revision) return changedMeanwhile(said.sku, before);
  const [fault] = faultsOf(products, plan, said);
  if (fault !== undefined) return refused(fault.code, `${fault.field}: ${fault.message}`);
  const { product, what } = enterProduct(products, said, at);
  return { status: 'done', detail: { sku: product.sku, revision: product.revision, result: what } };
}

/** Takes a product without faults; the very same again changes nothing. */
export function enterProduct(
  products: Products,
  said: ProductDocument,
  at: number,
): { readonly product: Product; readonly what: 'created' | 'replaced' | 'unchanged' } {
  const before = productOf(products, said.sku);
  const product = productSaid(said, (before?.revision ?? 0) + 1, at);
  if (before !== undefined && isSame(before, product)) return { product: before, what: 'unchanged' };
  putProduct(products, product);
  return { product, what: before === undefined ? 'created' : 'replaced' };
}

const changedMeanwhile = (sku: string, before: Product | undefined): WorkAnswer =>
  refused(
    'changed-meanwhile',
    before === undefined
      ? `${sku} is no product any more: look at it again.`
      : `${sku} has revision ${before.revision} by now: look at it again.`,
  );

function productSaid(said: ProductDocument, revision: number, changedAt: number): Product {
  return {
    sku: said.sku,
    revision,
    name: said.name ?? '',
    baseUnit: said.baseUnit ?? 'each',
    packs: (said.packs ?? []).map(({ unit, quantity, gtin }) => ({
      unit,
      quantity,
      ...(gtin === undefined ? {} : { gtin: gtin14(gtin) }),
    })),
    lengthMm: said.lengthMm,
    widthMm: said.widthMm,
    heightMm: said.heightMm,
    weightG: said.weightG,
    unitCost: said.unitCost,
    currency: said.currency,
    tracking: said.tracking ?? 'none',
    expires: said.expires ?? false,
    hazard: said.hazard,
    temperature: said.temperature,
    velocity: said.velocity,
    rotation: said.rotation,
    fixedBin: said.fixedBin,
    pickMinimum: said.pickMinimum,
    pickMaximum: said.pickMaximum,
    changedAt,
  };
}

export const gtin14 = (gtin: string): string => gtin.padStart(14, '0');

const isSame = (a: Product, b: Product): boolean =>
  JSON.stringify({ ...a, revision: 0, changedAt: 0 }) === JSON.stringify({ ...b, revision: 0, changedAt: 0 });

/** What is wrong with one field, and what to do. */
export interface FieldFault {
  readonly field: string;
  readonly code: RowCode;
  readonly message: string;
}

const fault = (field: string, code: RowCode, message: string): FieldFault => ({ field, code, message });

/** Everything that is wrong with a product as it is said; nothing when it may be taken. */
export function faultsOf(products: Products, plan: SitePlan, said: ProductDocument): FieldFault[] {
  const faults = [...packFaults(products, said), ...binFaults(plan, said)];
  if (!products.bySku.has(said.sku) && products.bySku.size >= PRODUCTS_MAX)
    faults.push(
      fault('sku', 'too-many-products', `${PRODUCTS_MAX} products are known: drop those that nobody has any more.`),
    );
  if ((said.unitCost === undefined) !== (said.currency === undefined))
    faults.push(
      fault(said.unitCost === undefined ? 'unitCost' : 'currency', 'incomplete', 'Say unitCost and currency together.'),
    );
  return faults;
}

function packFaults(products: Products, { sku, packs = [], baseUnit = 'each' }: ProductDocument): FieldFault[] {
  const faults: FieldFault[] = [];
  const units = new Set<string>();
  const gtins = new Set<string>();
  for (const { unit, quantity, gtin } of packs) {
    if (units.has(unit)) faults.push(fault('packs', 'bad-packs', `The unit ${unit} is there twice.`));
    units.add(unit);
    if (unit === baseUnit && quantity !== 1)
      faults.push(fault('packs', 'bad-packs', `${unit} is the base unit: there is 1 in it, not ${quantity}.`));
    if (gtin === undefined) continue;
    const known = gtin14(gtin);
    if (gtins.has(known)) faults.push(fault('packs', 'bad-packs', `The GTIN ${gtin} is there twice.`));
    gtins.add(known);
    const bad = gtinFault(products, sku, gtin);
    if (bad !== undefined) faults.push(bad);
  }
  return faults;
}

const GTIN_LENGTHS: ReadonlySet<number> = new Set([8, 12, 13, 14]);

function gtinFault(products: Products, sku: string, gtin: Exclude<Pack['gtin'], undefined>): FieldFault | undefined {
  if (!GTIN_LENGTHS.has(gtin.length) || !hasRightCheckDigit(gtin))
    return fault('packs', 'bad-gtin', `${gtin} is no GTIN: its length or its check digit is wrong.`);
  const other = products.byGtin.get(gtin14(gtin));
  if (other === undefined || other.sku === sku) return undefined;
  return fault('packs', 'gtin-taken', `The GTIN ${gtin} belongs to ${other.sku}: take it off there first.`);
}

function binFaults(plan: SitePlan, { fixedBin, pickMinimum, pickMaximum }: ProductDocument): FieldFault[] {
  const faults: FieldFault[] = [];
  if (fixedBin !== undefined && !['pick', 'reserve'].includes(plan.kindOf(fixedBin) ?? ''))
    faults.push(fault('fixedBin', 'unknown-location', `${fixedBin} is no pick or reserve location of ${plan.site}.`));
  for (const [field, level] of Object.entries({ pickMinimum, pickMaximum })) {
    if (level === undefined) continue;
    if (fixedBin === undefined)
      faults.push(fault(field, 'bad-levels', 'It is said of the fixed bin: say fixedBin as well.'));
    if (inBooks(level) !== level)
      faults.push(fault(field, 'bad-quantity', `${level} is finer than 0.0001, which the books do not tell apart.`));
  }
  if (pickMinimum !== undefined && pickMaximum !== undefined && pickMaximum < pickMinimum)
    faults.push(fault('pickMaximum', 'bad-levels', `${pickMaximum} is less than the minimum of ${pickMinimum}.`));
  return faults;
}

function drop(work: WorkState, { sku, revision }: Of<'drop-product'>, request: WorkRequest): WorkAnswer {
  const { products } = work;
  const before = productOf(products, sku);
  if (before === undefined) return refused('unknown-product', `${sku} is no product of ${request.plan.site}.`);
  if (revision !== undefined && revision !== before.revision) return changedMeanwhile(sku, before);
  const referring = whatRefersTo(work, request, sku);
  if (referring !== undefined)
    return refused('product-in-use', `${sku} cannot go: ${referring}. Replace it instead, or wait until that is over.`);
  dropProduct(products, sku);
  return { status: 'done', detail: { sku } };
}

/** The first thing on site that needs to know the SKU, in words. */
function whatRefersTo(
  { index, inbounds, outbound }: WorkState,
  { balances }: WorkRequest,
  sku: string,
): string | undefined {
  const lying = balancesOf(balances, sku)[0];
  if (lying !== undefined) return `the books have ${lying.quantity} of it at ${lying.account.location}`;
  for (const id of index.bySku.get(sku) ?? [])
    if (inbounds.get(id)?.endedAt === undefined) return `the inbound document ${id} names it`;
  for (const order of outbound.orders.values())
    if (order.endedAt === undefined && order.lines.some((line) => line.sku === sku))
      return `the order ${order.id} asks for it`;
  return undefined;
}
