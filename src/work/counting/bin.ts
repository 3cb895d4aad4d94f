// What the books had in a bin as of a moment, and how what somebody counted differs from it. Movements that came into the books since
// are taken off, also late ones: a count is as of its moment. Pure.
import type { Rules } from '../../config/rules.ts';
import { inBooks } from '../../infer/balances.ts';
import type { CountLineEffect } from '../../infer/countEffects.ts';
import { skuOfTag, stateAt } from '../../infer/item.ts';
import type { PlannedSite } from '../../infer/planner.ts';
import type { Product } from '../../infer/productEffects.ts';
import { recordKey, type Attempt, type BinStock, type Count, type Task } from './count.ts';

/** What a bin held for the books: so much without tags by record, and tags with the record that each is of. */
export interface InBin {
  readonly plain: ReadonlyMap<string, BinStock & { readonly quantity: number }>;
  readonly tags: ReadonlyMap<string, BinStock>;
}

const isAsked = ({ skus }: Pick<Count, 'skus'>, sku: string): boolean => skus.length === 0 || skus.includes(sku);

/** As of `at`, as known now. */
export function binAsOf(
  { book, balances }: PlannedSite,
  count: Pick<Count, 'skus'>,
  { location, moved }: Pick<Task, 'location' | 'moved'>,
  at: number,
): InBin {
  const plain = new Map<string, BinStock & { quantity: number }>();
  const change = (stock: BinStock, quantity: number): void => {
    const key = recordKey(stock);
    const known = plain.get(key);
    const { sku, lot, owner, status, container } = stock;
    if (known === undefined) plain.set(key, { sku, lot, owner, status, container, quantity });
    else known.quantity = inBooks(known.quantity + quantity);
  };
  for (const accounts of balances.bySku.values()) {
    for (const { sku, lot, owner, account, quantity } of accounts.values()) {
      if (account.location !== location || !isAsked(count, sku)) continue;
      change({ sku, lot, owner, status: account.status, container: account.container }, quantity);
    }
  }
  const tags = new Map<string, BinStock>();
  for (const item of book.items.values((other) => other === location)) {
    const { state } = item;
    if (state.location === location && state.inBooks && state.sku !== undefined && isAsked(count, state.sku))
      change({ ...state, sku: state.sku }, -1); // what has tags is counted by them
    const then = item.claims.length === 0 ? state : stateAt(item, at);
    if (then.location === location && then.inBooks && then.sku !== undefined && isAsked(count, then.sku))
      tags.set(item.epc, stockOf(then, then.sku));
  }
  for (const one of moved) if (one.at > at && isAsked(count, one.sku)) change(one, -one.quantity);
  for (const [key, { quantity }] of plain) if (quantity === 0) plain.delete(key);
  return { plain, tags };
}

const stockOf = ({ lot, owner, status, container }: Omit<BinStock, 'sku'>, sku: string): BinStock => ({
  sku,
  lot,
  owner,
  status,
  container,
});

/** How an attempt differs from the books, record by record, in a stable order. Nothing is netted: a wrong tag for a right one is two. */
export function compare(
  site: PlannedSite,
  count: Count,
  task: Task,
  attempt: Attempt,
  products: ProductsBySku,
): CountLineEffect[] {
  const { plain, tags } = binAsOf(site, count, task, attempt.at);
  const lines = new Map<string, Draft>();
  const lineOf = (stock: BinStock): Draft => {
    const key = recordKey(stock);
    let line = lines.get(key);
    if (line === undefined)
      lines.set(key, (line = { stock, expected: 0, counted: 0, off: 0, missing: [], surplus: [] }));
    return line;
  };
  if (attempt.plain !== undefined) {
    for (const { quantity, ...stock } of plain.values()) {
      const line = lineOf(stock);
      line.expected = quantity;
      line.off = -quantity;
    }
    for (const { quantity, ...stock } of attempt.plain) {
      const line = lineOf(stock);
      line.counted = inBooks(line.counted + quantity);
      line.off = inBooks(line.off + quantity);
    }
    for (const line of lines.values()) line.off = Math.abs(line.off);
  }
  if (attempt.tags !== undefined) compareTags(site, count, tags, new Set(attempt.tags), lineOf);
  return [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { stock, expected, counted, off, missing, surplus }]) => ({
      ...stock,
      expected,
      counted,
      missing: missing.sort(),
      surplus: surplus.sort(),
      isWithin: isWithin(
        site.plan.rules.count,
        off + missing.length + surplus.length,
        products.get(stock.sku)?.unitCost,
      ),
    }));
}

type ProductsBySku = ReadonlyMap<string, Pick<Product, 'unitCost'>>;

/** Is a difference of so many units of such a cost posted without a second count? */
export function isWithin(
  { toleranceUnits, toleranceValue, recountOverValue }: Rules['count'],
  units: number,
  unitCost: number | undefined,
): boolean {
  const value = unitCost === undefined ? undefined : units * unitCost;
  if (value !== undefined && value > recountOverValue) return false;
  return units <= toleranceUnits || (value !== undefined && value <= toleranceValue);
}

interface Draft {
  readonly stock: BinStock;
  expected: number;
  counted: number;
  off: number;
  readonly missing: string[];
  readonly surplus: string[];
}

function compareTags(
  { plan, book }: PlannedSite,
  count: Count,
  expected: InBin['tags'],
  found: ReadonlySet<string>,
  lineOf: (stock: BinStock) => Draft,
): void {
  for (const [epc, stock] of expected) {
    const line = lineOf(stock);
    line.expected++;
    if (found.has(epc)) line.counted++;
    else line.missing.push(epc);
  }
  for (const epc of found) {
    if (expected.has(epc)) continue;
    const state = book.items.get(epc)?.state;
    const sku = state?.sku ?? skuOfTag(plan, book.packOf, epc) ?? '';
    if (!isAsked(count, sku)) continue;
    const { lot = '', owner = '' } = state ?? {};
    const isHere = state !== undefined && plan.locations.has(state.location);
    const line = lineOf({ sku, lot, owner, status: isHere ? state.status : 'available', container: '' });
    line.counted++;
    line.surplus.push(epc);
  }
}
