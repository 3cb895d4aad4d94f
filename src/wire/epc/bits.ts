// Takes numbers out of an EPC bank, bit by bit from the front, straight from its hex: no bytes, no copies.
// Behind the end there are zeros for ever; whoever takes beyond it must compare `at` with `bitsOf`.

/** A position in the bits of `hex`, which must be hex digits only. `at` moves forward as bits are taken. */
export interface BitCursor {
  readonly hex: string;
  at: number;
}

/** A double counts exactly up to here; longer numbers go through bigint. */
const EXACT_BITS_MAX = 53;
const CHUNK_BITS = 32;

const NIBBLES = nibblesByCharCode();

/** How many bits `hex` holds. */
export const bitsOf = (hex: string): number => hex.length * 4;

/** The next `count` bits, at most 53, as an unsigned number. */
export function takeNumber(cursor: BitCursor, count: number): number {
  const end = cursor.at + count;
  let value = 0;
  while (cursor.at < end) {
    const skip = cursor.at & 3;
    const width = Math.min(4 - skip, end - cursor.at);
    const nibble = nibbleAt(cursor.hex, cursor.at >> 2);
    value = value * (1 << width) + ((nibble >> (4 - skip - width)) & ((1 << width) - 1));
    cursor.at += width;
  }
  return value;
}

/** The next `count` bits, any number of them, as a decimal numeral without leading zeros. */
export function takeDecimal(cursor: BitCursor, count: number): string {
  if (count <= EXACT_BITS_MAX) return String(takeNumber(cursor, count));
  let value = 0n;
  for (let left = count; left > 0; left -= CHUNK_BITS) {
    const width = Math.min(left, CHUNK_BITS);
    value = (value << BigInt(width)) | BigInt(takeNumber(cursor, width));
  }
  return value.toString();
}

/** Whether every bit from `at` to the end of `hex` is zero. */
export function isZeroFrom(hex: string, at: number): boolean {
  const cursor = { hex, at };
  if (takeNumber(cursor, -at & 3) !== 0) return false;
  for (let index = cursor.at >> 2; index < hex.length; index++) {
    if (nibbleAt(hex, index) !== 0) return false;
  }
  return true;
}

/** How many bits there are up to the last hex digit that is not zero. */
export function bitsToLastNonZero(hex: string): number {
  let length = hex.length;
  while (length > 0 && nibbleAt(hex, length - 1) === 0) length--;
  return length * 4;
}

const nibbleAt = (hex: string, index: number): number => (index < hex.length ? NIBBLES[hex.charCodeAt(index)]! : 0);

function nibblesByCharCode(): Uint8Array {
  const nibbles = new Uint8Array(128);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    nibbles[digit.charCodeAt(0)] = value;
    nibbles[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return nibbles;
}
