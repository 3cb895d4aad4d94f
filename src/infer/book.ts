// The book of a site: its items and containers, each with what is claimed of it, and what is packed into what.
import type { SitePlan } from '../config/plan.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { newItem, type Item, type PackLookup } from './item.ts';

export interface Book {
  readonly items: Map<string, Item>;
  /** Container → what we packed into it (or did within the time that late claims can reach). */
  readonly contents: Map<string, Set<string>>;
  /** What a GTIN is, as the products of the site say now. */
  readonly packOf: PackLookup;
  /** SKU → how many items with a tag of their own have it. */
  readonly serialised: Map<string, number>;
  /** Items that changed since the last snapshot. */
  readonly dirty: Set<string>;
}

export const openBook = (packOf: PackLookup = () => undefined): Book => ({
  packOf,
  items: new Map(),
  contents: new Map(),
  serialised: new Map(),
  dirty: new Set(),
});

/** A claim to be withdrawn. */
export interface Withdrawal {
  readonly epc: string;
  readonly claim: string;
}

/** The item of a tag; known from now on. */
export function itemOf(book: Book, plan: SitePlan, epc: string): Item {
  let item = book.items.get(epc);
  if (item === undefined) {
    const identity = identify(epc);
    item = book.items.get(identity.epc);
    if (item === undefined) {
      item = newItem(plan, book.packOf, identity);
      book.items.set(identity.epc, item);
      countSerialised(book, item.state.sku, 1);
    }
  }
  return item;
}

/** Restores what can be found by content, after a snapshot. */
export function indexItem(book: Book, item: Item): void {
  countSerialised(book, item.state.sku, 1);
  const containers = [
    item.base.packedIn,
    ...item.claims.map(({ what }) => (what.kind === 'pack' ? what.container : '')),
  ];
  for (const container of containers) if (container !== '') contentOf(book, container).add(item.epc);
}

export function contentOf(book: Book, container: string): Set<string> {
  let content = book.contents.get(container);
  if (content === undefined) book.contents.set(container, (content = new Set()));
  return content;
}

export function countSerialised(book: Book, sku: string | undefined, change: 1 | -1): void {
  if (sku !== undefined) book.serialised.set(sku, (book.serialised.get(sku) ?? 0) + change);
}
