// Collects entries until they make an envelope: 200 ms after the first one, or when it is full. Pure: time is an argument,
// in ms of any clock that does not jump. An entry is never split, reordered within its list, or left behind.
import { ENVELOPE_BYTES_MAX, ENVELOPE_ENTRIES_MAX } from '../src/wire/envelope.ts';
import { PLACES, type EntryText, type Place } from './entryJson.ts';

/** An envelope without its head, which the outbox writes when it enters: `"reads":[…],"scans":[…]`. Empty: none of them. */
export interface Draft {
  readonly entries: number;
  readonly body: Buffer;
}

export interface BatchLimits {
  /** How long the first entry waits for others. */
  readonly lingerMs: number;
  readonly entriesMax: number;
  /** Of the whole envelope, its head included. */
  readonly bytesMax: number;
}

export const BATCH_LIMITS: BatchLimits = {
  lingerMs: 200,
  entriesMax: ENVELOPE_ENTRIES_MAX,
  bytesMax: ENVELOPE_BYTES_MAX,
};

/** `{"v":1,"epoch":"…64…","seq":…16…,"oldest":…16…,"sentAt":"…27…",` and the brace that ends it, rounded up. */
export const HEAD_BYTES_MAX = 256;
/** `"measures":[],` is the longest of them. */
const LIST_BYTES = 14;

export interface Batch {
  /** The drafts that this entry completes; undefined when it is larger than a whole envelope and was not taken. */
  readonly add: (entry: EntryText, now: number) => readonly Draft[] | undefined;
  /** The draft that has waited long enough at `now`, if there is one. */
  readonly due: (now: number) => Draft | undefined;
  /** When `due` will have one; undefined while nothing waits. */
  readonly closesAt: () => number | undefined;
  /** What is open, waiting or not. */
  readonly close: () => Draft | undefined;
}

interface Open {
  readonly closesAt: number;
  entries: number;
  bytes: number;
  readonly lists: Partial<Record<Place, string[]>>;
}

export function createBatch(limits: BatchLimits = BATCH_LIMITS): Batch {
  let open: Open | undefined;

  const close = (): Draft | undefined => {
    const draft = open === undefined ? undefined : draftOf(open);
    open = undefined;
    return draft;
  };
  const due = (now: number): Draft | undefined => (open !== undefined && open.closesAt <= now ? close() : undefined);

  return {
    due,
    close,
    closesAt: () => open?.closesAt,
    add(entry, now) {
      const bytes = Buffer.byteLength(entry.json) + 1; // and a comma
      if (HEAD_BYTES_MAX + LIST_BYTES + bytes > limits.bytesMax) return undefined;
      const done: (Draft | undefined)[] = [due(now)];
      const before = open === undefined ? 0 : open.bytes + (open.lists[entry.place] === undefined ? LIST_BYTES : 0);
      if (before + bytes > limits.bytesMax) done.push(close());
      open ??= { closesAt: now + limits.lingerMs, entries: 0, bytes: HEAD_BYTES_MAX, lists: {} };
      put(open, entry, bytes);
      if (open.entries >= limits.entriesMax) done.push(close());
      return done.filter((draft) => draft !== undefined);
    },
  };
}

function put(open: Open, { place, json }: EntryText, bytes: number): void {
  let list = open.lists[place];
  if (list === undefined) {
    list = open.lists[place] = [];
    open.bytes += LIST_BYTES;
  }
  list.push(json);
  open.entries++;
  open.bytes += bytes;
}

function draftOf({ entries, lists }: Open): Draft {
  const parts = PLACES.flatMap((place) => {
    const list = lists[place];
    return list === undefined ? [] : [`"${place}":[${list.join(',')}]`];
  });
  return { entries, body: Buffer.from(parts.join(',')) };
}
