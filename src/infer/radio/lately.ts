// What is worked out of a manner is the same for all tags of a look, and for the next look at that portal: it is kept for the manners that
// were asked of last. A portal has another one with each load that it learns from, and checkpoints keep those that it had: of these only
// a fold that goes back asks, and works it out again.
import type { Manner } from './explain.ts';

/** Of all portals of the process; what is kept of one takes up to 600 KB. */
export const MANNERS_MAX = 16;

/** Gives the list that is kept of a manner: an empty one for a manner that was not asked of lately. */
export function openLately<T>(): (manner: Manner) => T[] {
  const lists = new Map<Manner, T[]>();
  let last: { readonly manner: Manner; readonly list: T[] } | undefined;
  return (manner) => {
    if (last?.manner === manner) return last.list;
    const list = lists.get(manner) ?? [];
    lists.delete(manner);
    lists.set(manner, list);
    for (const oldest of lists.keys()) {
      if (lists.size <= MANNERS_MAX) break;
      lists.delete(oldest);
    }
    last = { manner, list };
    return list;
  };
}
