// Items of which nothing is open any more: what happened to them is settled, and only what they have become is kept, in little memory.
import { hourOf, type Book } from './book.ts';
import { lastChangeOf } from './item.ts';
import { settleFirst } from './life.ts';

/**
 * Items of which nothing has been said since the hour of `until` (ms, event time): their lives begin with what they have become,
 * and nothing comes before it. By whole hours, so that it costs nothing to know which they are.
 */
export function settleItems(book: Book, until: number): void {
  const open = hourOf(until);
  for (const [hour, items] of book.restless) {
    if (hour >= open) continue;
    book.restless.delete(hour);
    for (const item of items) {
      // It stands under its newest hour, too; or it settled by another one, and woke since as another.
      if (hourOf(lastChangeOf(item)) >= open || !book.items.isAwake(item)) continue;
      settleFirst(book, item, item.claims.length);
      item.undone = undefined; // what was undone cannot happen again: its time is settled
      book.dirty.add(item.epc);
      book.items.rest(item);
    }
  }
  book.items.restHeld();
}
