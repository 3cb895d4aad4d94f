// A row of a file of opening stock: so much of a SKU lies at a location. It was there before anybody told the books, so it comes from the
// ledger's account for that, and counts neither as received nor as found by a count.
import type { Transaction } from '../../infer/effects.ts';
import { balanceOf, inBooks } from '../../infer/balances.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import { skuOfTag, type Claim } from '../../infer/item.ts';
import type { WorkRequest } from '../../infer/planner.ts';
import type { Product } from '../../infer/productEffects.ts';
import { NOBODY_KNEW } from '../../infer/transactions.ts';
import { WORLD } from '../../config/site.ts';
import { contentId } from '../../kit/ids.ts';
import { STATUSES } from '../../wire/adjusting.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import { UNITS } from '../../wire/product.ts';
import { expiryOf } from '../outbound/supply.ts';
import { productOf } from '../products.ts';
import type { WorkState } from '../work.ts';
import { dayIn, neededText, quantityIn, textIn, wordIn, wrong, type Cells } from './cells.ts';

/** What earlier rows of the same file said: where stock lies, with the line; and days of lots. */
export interface StockSaid {
  readonly lines: Map<string, number>;
  readonly expiries: Map<string, string>;
}

export interface OpeningStock {
  /** Of what has no tag. */
  readonly transaction: Transaction | undefined;
  /** Of what has one. */
  readonly claims: readonly Claim[];
  readonly sku: string;
  readonly lot: string;
  readonly expiry: string | undefined;
}

const SEPARATOR = '\u001e';

/** What the row books; undefined when the row is wrong, which its cells have noted. */
export function stockOfRow(
  cells: Cells,
  work: WorkState,
  request: WorkRequest,
  said: StockSaid,
): OpeningStock | undefined {
  const { plan, book, balances, row, at } = request;
  const location = neededText(cells, 'location');
  if (location !== undefined && !plan.locations.has(location))
    wrong(cells, 'location', 'unknown-location', `${location} is not a location of ${plan.site}.`);
  const sku = neededText(cells, 'sku');
  const product = sku === undefined ? undefined : productOf(work.products, sku);
  if (sku !== undefined && product === undefined)
    wrong(cells, 'sku', 'unknown-product', `${sku} is no product of ${plan.site}: import its products first.`);
  const isTagged = product?.tracking === 'serial' || (sku !== undefined && (book.serialised.get(sku) ?? 0) > 0);
  const hasTag = (cells.row.cells['epc'] ?? '').trim() !== '';
  if (isTagged && !hasTag)
    wrong(cells, 'sku', 'item-needed', `${sku} has tags: say the EPC of each in the column epc, or have them read.`);
  if (!hasTag && neededText(cells, 'quantity') === undefined) return undefined;
  const quantity = hasTag ? 1 : inUnits(cells, quantityIn(cells, 'quantity'), product);
  const lot = textIn(cells, 'lot') ?? '';
  const owner = textIn(cells, 'owner') ?? '';
  const status = wordIn(cells, 'status', STATUSES) ?? 'available';
  const expiry = dayIn(cells, 'expiry');
  checkBatch(cells, work, said, product, lot, expiry);
  if (location === undefined || sku === undefined || quantity === undefined || cells.faults.length > 0)
    return undefined;
  if (hasTag) return tagOfRow(cells, request, said, { location, sku, lot, owner, status, expiry });
  const account = { location, container: '', status };
  const key = [location, sku, lot, owner, status].join(SEPARATOR);
  const before = said.lines.get(key);
  if (before !== undefined)
    wrong(cells, '', 'duplicate', `Line ${before} says how much of ${sku} is there: add them up in one row.`);
  const held = balanceOf(balances, { sku, lot, owner }, account);
  if (held !== 0)
    wrong(
      cells,
      'quantity',
      'stock-exists',
      `The books have ${held} of ${sku} at ${location} already: count it there.`,
    );
  if (cells.faults.length > 0) return undefined;
  said.lines.set(key, cells.row.line);
  if (expiry !== undefined) said.expiries.set(lotKey(sku, lot), expiry);
  const transaction = plainTransaction({
    id: contentId('command', row.site, row.key, 'line', cells.row.line),
    type: 'adjust',
    at,
    source: 'import',
    sku,
    lot,
    owner,
    quantity,
    from: WORLD,
    to: location,
    accounts: { from: NOBODY_KNEW, to: account },
    actor: row.actor,
    reason: row.command.reason ?? 'opening stock',
  });
  return { transaction, claims: [], sku, lot, expiry };
}

interface Tagged {
  readonly location: string;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly status: string;
  readonly expiry: string | undefined;
}

/** One item with a tag: it is what the row says, and lay there before anybody read it. */
function tagOfRow(
  cells: Cells,
  { plan, book, row, at }: WorkRequest,
  said: StockSaid,
  { location, sku, lot, owner, status, expiry }: Tagged,
): OpeningStock | undefined {
  const text = cells.row.cells['epc']!.trim();
  if (!/^(?:[\dA-Fa-f]{2}){4,64}$/.test(text)) return wrong(cells, 'epc', 'bad-epc', `${text} is no hexadecimal EPC.`);
  const quantity = (cells.row.cells['quantity'] ?? '').trim();
  if (quantity !== '' && Number(quantity) !== 1)
    return wrong(cells, 'quantity', 'bad-quantity', 'A tag is one unit: leave the quantity empty, or say 1.');
  const { epc, class: kind } = identify(text);
  if (kind === 'container') return wrong(cells, 'epc', 'bad-epc', `${epc} is the tag of a container, not of goods.`);
  const before = said.lines.get(epc);
  if (before !== undefined) return wrong(cells, 'epc', 'duplicate', `Line ${before} is about ${epc} already.`);
  const item = book.items.get(epc);
  const of = item?.state.sku ?? skuOfTag(plan, book.packOf, epc);
  if (of !== undefined && of !== sku)
    return wrong(cells, 'epc', 'other-item', `${epc} is of ${of}, and the row says ${sku}.`);
  if (item !== undefined && (plan.locations.has(item.state.location) || at <= item.settledTo))
    return wrong(cells, 'epc', 'stock-exists', `${epc} was read here already: it is at ${item.state.location}.`);
  said.lines.set(epc, cells.row.line);
  const claimOf = (what: Claim['what'], part: string): Claim => ({
    id: contentId('command', row.site, row.key, part, epc),
    epc,
    at,
    what,
    source: 'import',
    confidence: 1,
    readPoint: undefined,
    decision: undefined,
    actor: row.actor,
    reason: row.command.reason ?? 'opening stock',
  });
  const claims = [
    claimOf({ kind: 'identify', sku, lot, owner }, 'identity'),
    claimOf({ kind: 'counted', to: location, opening: { status } }, 'stock'),
  ];
  if (expiry !== undefined) said.expiries.set(lotKey(sku, lot), expiry);
  return { transaction: undefined, claims, sku, lot, expiry };
}

const lotKey = (sku: string, lot: string): string => sku + SEPARATOR + lot;

/** So many of a unit, in base units. */
export function inUnits(cells: Cells, quantity: number | undefined, product: Product | undefined): number | undefined {
  const unit = wordIn(cells, 'unit', UNITS, 'unknown-unit');
  if (quantity === undefined || unit === undefined || product === undefined) return quantity;
  if (unit === product.baseUnit) return quantity;
  const pack = product.packs.find((one) => one.unit === unit);
  if (pack !== undefined) return inBooks(quantity * pack.quantity);
  const known = [product.baseUnit, ...product.packs.map((one) => one.unit)];
  return wrong(
    cells,
    'unit',
    'unknown-unit',
    `${product.sku} is packed in ${[...new Set(known)].join(', ')}, not in ${unit}.`,
  );
}

/** Lot and day, as the product asks for them. */
function checkBatch(
  cells: Cells,
  { outbound }: WorkState,
  said: StockSaid,
  product: Product | undefined,
  lot: string,
  expiry: string | undefined,
): void {
  if (product === undefined) return;
  const { sku, tracking, expires } = product;
  if (lot === '' && tracking === 'lot') wrong(cells, 'lot', 'lot-needed', `${sku} is tracked by lot: say which.`);
  else if (lot === '' && expiry !== undefined)
    wrong(cells, 'lot', 'lot-needed', 'The day is kept with the lot: say which lot it is of.');
  const hasCell = (cells.row.cells['expiry'] ?? '').trim() !== '';
  const known = said.expiries.get(lotKey(sku, lot)) ?? expiryOf(outbound, sku, lot);
  if (expires && !hasCell && known === undefined)
    wrong(cells, 'expiry', 'expiry-needed', `${sku} expires: say until when it is good.`);
  if (expiry !== undefined && known !== undefined && known !== expiry)
    wrong(cells, 'expiry', 'other-expiry', `Lot ${lot} of ${sku} is good until ${known} by what was said before.`);
}
