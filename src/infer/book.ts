// The book of a site: its items and containers, each with what is claimed of it, and what is packed into what.
import type { SitePlan } from '../config/plan.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { lastChangeOf, newItem, type Item, type PackLookup } from './item.ts';
import { openItems, type Items } from './items.ts';

export interface Book {
  readonly items: Items;
  /** Container → what we packed into it (or did within the time that late claims can reach). */
  readonly contents: Map<string, Set<string>>;
  /** What a GTIN is, as the products of the site say now. */
  readonly packOf: PackLookup;
  /** SKU → how many items with a tag of their own have it. */
  readonly serialised: Map<string, number>;
  /** Items with claims, by the hour of the newest of them. Some stand under former ones, too. */
  readonly restless: Map<number, Set<Item>>;
  /** Items that changed since the last snapshot. */
  readonly dirty: Set<string>;
}

export const openBook = (packOf: PackLookup = () => undefined): Book => ({
  packOf,
  items: openItems(),
  contents: new Map(),
  serialised: new Map(),
  restless: new Map(),
  dirty: new Set(),
});

/** A claim to be withdrawn. */
export interface Withdrawal {
  readonly epc: string;
  readonly claim: string;
}

/** The item of a tag, to be changed; known from now on. */
export function itemOf(book: Book, plan: SitePlan, epc: string): Item {
  let item = book.items.hold(epc);
  if (item === undefined) {
    const identity = identify(epc);
    item = book.items.hold(identity.epc);
    if (item === undefined) {
      item = newItem(plan, book.packOf, identity);
      book.items.add(item);
      countSerialised(book, item.state.sku, 1);
    }
  }
  return item;
}

/** Restores what can be found by content, after a snapshot. */
export function indexItem(book: Book, item: Item): void {
  noteRestless(book, item);
  countSerialised(book, item.state.sku, 1);
  const containers = [
    item.base.packedIn,
    ...item.claims.map(({ what }) => (what.kind === 'pack' ? what.container : '')),
  ];
  for (const container of containers) if (container !== '') contentOf(book, container).add(item.epc);
}

/** The hours by which items come to rest. */
const HOUR_MS = 3_600_000;
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

/** Something was said of it, or is not said any more. */
export function noteRestless({ restless }: Book, item: Item): void {
  if (item.claims.length === 0) return;
  const hour = hourOf(lastChangeOf(item));
  const known = restless.get(hour);
  if (known === undefined) restless.set(hour, new Set([item]));
  else known.add(item);
}

export function contentOf(book: Book, container: string): Set<string> {
  let content = book.contents.get(container);
  if (content === undefined) book.contents.set(container, (content = new Set()));
  return content;
}

export function countSerialised(book: Book, sku: string | undefined, change: 1 | -1): void {
  if (sku !== undefined) book.serialised.set(sku, (book.serialised.get(sku) ?? 0) + change);
}
