// The items of a site, by EPC. One that has settled, and of which nothing is open, lies at rest: as one short text (packed.ts) instead of
// the objects that it is made of. It is unpacked for whoever asks for it, and wakes for whoever has something to say of it: `hold`.
import type { Item } from './item.ts';
import { locationOf, openWords, pack, unpack, type Packed, type Words } from './packed.ts';

/** An item as it is, to be read. One at rest is made anew each time it is asked for, and frozen: what is written to it would be lost. */
export type KnownItem = Readonly<Item>;

export interface Items {
  readonly size: number;
  readonly has: (epc: string) => boolean;
  readonly get: (epc: string) => KnownItem | undefined;
  /** The item itself, to be changed: awake until it is put to rest. Undefined when there is none. */
  readonly hold: (epc: string) => Item | undefined;
  /** Takes a new one in, awake; or puts another one in its place. */
  readonly add: (item: Item) => void;
  /** Takes one in as a snapshot kept it: at rest, if nothing of it is open. */
  readonly restore: (item: Item) => void;
  /**
   * In the order in which they came. Of those at rest only the ones at a location that is asked for: that is known without unpacking them.
   */
  readonly values: (isAsked?: (location: string) => boolean) => Iterable<KnownItem>;
  /** It is the one that is known by its EPC now, and awake. */
  readonly isAwake: (item: Item) => boolean;
  /** Puts it to rest, if nothing of it is open. */
  readonly rest: (item: Item) => void;
  /** The same of those that are new, or were held, since this was last called. */
  readonly restHeld: () => void;
}

export function openItems(): Items {
  const known = new Map<string, Item | Packed>();
  const words = openWords();
  const held = new Set<Item>();
  const add = (item: Item): void => {
    known.set(item.epc, item);
    held.add(item);
  };
  const rest = (item: Item): void => {
    held.delete(item);
    if (known.get(item.epc) === item && isAtRest(item)) known.set(item.epc, pack(words, item));
  };
  return {
    get size() {
      return known.size;
    },
    has: (epc) => known.has(epc),
    get: (epc) => {
      const item = known.get(epc);
      return typeof item === 'string' ? atRest(words, epc, item) : item;
    },
    hold: (epc) => {
      const item = known.get(epc);
      if (typeof item !== 'string') return item;
      const woken = unpack(words, epc, item);
      add(woken);
      return woken;
    },
    add,
    restore: (item) => void known.set(item.epc, isAtRest(item) ? pack(words, item) : item),
    values: function* (isAsked) {
      for (const [epc, item] of known) {
        if (typeof item !== 'string') yield item;
        else if (isAsked === undefined || isAsked(locationOf(words, item))) yield atRest(words, epc, item);
      }
    },
    isAwake: (item) => known.get(item.epc) === item,
    rest,
    restHeld: () => {
      for (const item of held) rest(item);
      held.clear();
    },
  };
}

/** Nothing can be undone of it, and what it was before all that is known of it is what it is. */
const isAtRest = ({ claims, undone, base, state }: Item): boolean =>
  claims.length === 0 && undone === undefined && base === state;

const atRest = (words: Words, epc: string, packed: Packed): KnownItem => Object.freeze(unpack(words, epc, packed));
