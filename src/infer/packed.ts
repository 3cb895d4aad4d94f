// An item at rest as one text of some fifty characters, each a byte: marks, the numbers of its words, its times, and the transaction
// that brought it where it is. What is the same as something else is not said twice. It is of this process: words are numbered as they come.
import { uuidOf } from '../kit/ids.ts';
import { restingItem, type Item, type ItemState } from './item.ts';

/** As `pack` makes it. */
export type Packed = string;

/** Locations, SKUs, containers and the like: each is kept once, and known by its number. */
export interface Words {
  readonly numbers: Map<string, number>;
  readonly texts: string[];
}

export const openWords = (): Words => ({ numbers: new Map(), texts: [] });

/** In the first byte; below them the place of the kind in `KINDS`. */
const IN_BOOKS = 1 << 2;
const IS_PICKED = 1 << 3;
const HAS_MOVED = 1 << 4;
const WAS_SHIPPED = 1 << 5;
const SHIPPED_BY_LOAD = 1 << 6;
const IS_CARRIED = 1 << 7;
/** In the second one. */
const HAS_HELD = 1 << 0;
const BY_TRANSACTION = 1 << 1;
/** What is as old as the state: it is not said again. */
const SETTLED_SINCE = 1 << 2;
const SEEN_SINCE = 1 << 3;
const MOVED_SINCE = 1 << 4;
const SHIPPED_SINCE = 1 << 5;
/** Its confidence is 1. */
const IS_SURE = 1 << 6;

const KINDS: readonly Item['kind'][] = ['item', 'container', 'unknown'];
const KIND_MASK = 3;

const NO_WORD = 0;
/** Seven bits of a number are in a byte; in all but the last the eighth is set. */
const DIGIT_BITS = 7;
const MORE_DIGITS = 1 << DIGIT_BITS;
const FIRST_WORD = 2;

/** Twelve numbers of words, eight times and a UUID are no more. */
const PACKED_BYTES_MAX = 256;
const bytes = Buffer.alloc(PACKED_BYTES_MAX);
const UUID_BYTES = 16;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
let place = 0;

/** `item` has neither claims nor anything undone, and is what it was before all of them. */
export function pack(words: Words, item: Item): Packed {
  const { state, settledTo, seenAt, heldTo } = item;
  const { since, lastMove, shipped, carriedUntil, transaction } = state;
  const isUuid = transaction !== undefined && UUID.test(transaction);
  bytes[0] =
    KINDS.indexOf(item.kind) |
    (state.inBooks ? IN_BOOKS : 0) |
    (state.isPicked ? IS_PICKED : 0) |
    (lastMove === undefined ? 0 : HAS_MOVED) |
    (shipped === undefined ? 0 : WAS_SHIPPED) |
    (shipped?.load === undefined ? 0 : SHIPPED_BY_LOAD) |
    (carriedUntil === undefined ? 0 : IS_CARRIED);
  bytes[1] =
    (heldTo === undefined ? 0 : HAS_HELD) |
    (isUuid ? BY_TRANSACTION : 0) |
    (settledTo === since ? SETTLED_SINCE : 0) |
    (seenAt === since ? SEEN_SINCE : 0) |
    (lastMove?.at === since ? MOVED_SINCE : 0) |
    (shipped?.at === since ? SHIPPED_SINCE : 0) |
    (state.confidence === 1 ? IS_SURE : 0);
  place = FIRST_WORD;
  for (const word of [state.location, state.sku, state.lot, state.owner, state.container, state.packedIn, state.status])
    putWord(words, word);
  putWord(words, item.seenBy);
  if (!isUuid) putWord(words, transaction);
  if (lastMove !== undefined) {
    putWord(words, lastMove.to);
    putWord(words, lastMove.readPoint);
  }
  if (shipped !== undefined) {
    putWord(words, shipped.status);
    if (shipped.load !== undefined) putWord(words, shipped.load);
  }
  putDouble(since);
  if (settledTo !== since) putDouble(settledTo);
  if (seenAt !== since) putDouble(seenAt);
  if (lastMove !== undefined && lastMove.at !== since) putDouble(lastMove.at);
  if (shipped !== undefined && shipped.at !== since) putDouble(shipped.at);
  if (carriedUntil !== undefined) putDouble(carriedUntil);
  if (heldTo !== undefined) putDouble(heldTo);
  if (state.confidence !== 1) putDouble(state.confidence);
  if (isUuid) place += bytes.write(transaction.replaceAll('-', ''), place, UUID_BYTES, 'hex');
  return bytes.toString('latin1', 0, place);
}

/** The item that was packed. */
export function unpack(words: Words, epc: string, packed: Packed): Item {
  bytes.write(packed, 'latin1');
  const [first, second] = [bytes[0]!, bytes[1]!];
  place = FIRST_WORD;
  const location = takeWord(words)!;
  const sku = takeWord(words);
  const lot = takeWord(words)!;
  const owner = takeWord(words)!;
  const container = takeWord(words)!;
  const packedIn = takeWord(words)!;
  const status = takeWord(words)!;
  const seenBy = takeWord(words);
  const named = (second & BY_TRANSACTION) === 0 ? takeWord(words) : undefined;
  const move = (first & HAS_MOVED) === 0 ? undefined : { to: takeWord(words)!, readPoint: takeWord(words) };
  const shipping = (first & WAS_SHIPPED) === 0 ? undefined : { status: takeWord(words)! };
  const load = (first & SHIPPED_BY_LOAD) === 0 ? undefined : takeWord(words);
  const since = takeDouble();
  const settledTo = (second & SETTLED_SINCE) === 0 ? takeDouble() : since;
  const seenAt = (second & SEEN_SINCE) === 0 ? takeDouble() : since;
  const movedAt = move !== undefined && (second & MOVED_SINCE) === 0 ? takeDouble() : since;
  const shippedAt = shipping !== undefined && (second & SHIPPED_SINCE) === 0 ? takeDouble() : since;
  const carriedUntil = (first & IS_CARRIED) === 0 ? undefined : takeDouble();
  const heldTo = (second & HAS_HELD) === 0 ? undefined : takeDouble();
  const confidence = (second & IS_SURE) === 0 ? takeDouble() : 1;
  const state: ItemState = {
    location,
    inBooks: (first & IN_BOOKS) !== 0,
    sku,
    lot,
    owner,
    container,
    packedIn,
    status,
    since,
    confidence,
    shipped: shipping && { at: shippedAt, ...shipping, ...(load === undefined ? {} : { load }) },
    isPicked: (first & IS_PICKED) !== 0,
    ...(carriedUntil === undefined ? {} : { carriedUntil }),
    lastMove: move && { at: movedAt, ...move },
    transaction: (second & BY_TRANSACTION) === 0 ? named : takeUuid(),
  };
  return restingItem(epc, KINDS[first & KIND_MASK]!, state, { settledTo, heldTo, seenAt, seenBy });
}

/** Where it is, without the rest: it is the first of its words. */
export function locationOf({ texts }: Words, packed: Packed): string {
  let number = 0;
  for (let index = FIRST_WORD, shift = 0; ; index++, shift += DIGIT_BITS) {
    const digit = packed.charCodeAt(index);
    number |= (digit & (MORE_DIGITS - 1)) << shift;
    if (digit < MORE_DIGITS) return texts[number - 1]!;
  }
}

function putWord({ numbers, texts }: Words, word: string | undefined): void {
  let number = word === undefined ? NO_WORD : numbers.get(word);
  if (number === undefined) numbers.set(word!, (number = texts.push(word!)));
  for (; number >= MORE_DIGITS; number >>>= DIGIT_BITS) bytes[place++] = (number & (MORE_DIGITS - 1)) | MORE_DIGITS;
  bytes[place++] = number;
}

function takeWord({ texts }: Words): string | undefined {
  let number = 0;
  for (let shift = 0; ; shift += DIGIT_BITS) {
    const digit = bytes[place++]!;
    number |= (digit & (MORE_DIGITS - 1)) << shift;
    if (digit < MORE_DIGITS) return number === NO_WORD ? undefined : texts[number - 1];
  }
}

function putDouble(value: number): void {
  place = bytes.writeDoubleLE(value, place);
}

function takeDouble(): number {
  place += 8;
  return bytes.readDoubleLE(place - 8);
}

function takeUuid(): string {
  place += UUID_BYTES;
  return uuidOf(bytes.toString('hex', place - UUID_BYTES, place));
}
