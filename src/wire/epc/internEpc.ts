// One string for each EPC, found by its 24 hex digits as they stand in a message: tags are heard over and over, and a read of a
// known one then costs neither a new string nor the hashing of it. A cache and no more: bounded, and begun anew when full.
import type { Epc } from '../entries.ts';

/** 96 bits, as nearly all tags have: 24 characters, compared four at a time. */
export const INTERNED_DIGITS = 24;
const WORDS = INTERNED_DIGITS / 4;
/** About 100 bytes each with its string. */
const SPELLINGS_MAX = 1 << 20;
const FIRST_SLOTS = 1 << 12;

interface Table {
  /** By hash: the number of a spelling, −1 where there is none. A power of two, at most half full. */
  slots: Int32Array;
  words: Int32Array;
  epcs: Epc[];
}

const openTable = (slots: number): Table => ({
  slots: new Int32Array(slots).fill(-1),
  words: new Int32Array((slots / 2) * WORDS),
  epcs: [],
});

let table = openTable(FIRST_SLOTS);

/** Whose numbers `internEpc` gives: when it is another one than before, they begin anew. */
export const internTable = (): object => table;
/** The EPC of a number that was just given, in upper case. */
export const internedEpc = (number: number): Epc => table.epcs[number]!;

const HEX = /^[0-9A-Fa-f]+$/;

/** The number of the EPC whose 24 hex digits of either case begin at `from`; −1 when they are no hex digits. */
export function internEpc(view: DataView, from: number): number {
  const a = view.getInt32(from, true);
  const b = view.getInt32(from + 4, true);
  const c = view.getInt32(from + 8, true);
  const d = view.getInt32(from + 12, true);
  const e = view.getInt32(from + 16, true);
  const f = view.getInt32(from + 20, true);
  const { slots, words } = table;
  const mask = slots.length - 1;
  let slot = hash(a, b, c, d, e, f) & mask;
  for (let number = slots[slot]!; number >= 0; number = slots[(slot = (slot + 1) & mask)]!) {
    const at = number * WORDS;
    // The last digits are the serial's: nearly every other tag differs there.
    if (
      words[at + 5] === f &&
      words[at + 4] === e &&
      words[at + 3] === d &&
      words[at + 2] === c &&
      words[at + 1] === b &&
      words[at] === a
    ) {
      return number;
    }
  }
  return remember(view, from, slot);
}

function remember(view: DataView, from: number, slot: number): number {
  const spelling = Buffer.from(view.buffer, view.byteOffset + from, INTERNED_DIGITS).toString('latin1');
  if (!HEX.test(spelling)) return -1;
  if (table.epcs.length === SPELLINGS_MAX) {
    table = openTable(FIRST_SLOTS);
    return internEpc(view, from);
  }
  const number = table.epcs.push(spelling.toUpperCase()) - 1;
  for (let word = 0; word < WORDS; word++) table.words[number * WORDS + word] = view.getInt32(from + word * 4, true);
  table.slots[slot] = number;
  if (table.epcs.length * 2 === table.slots.length) grow();
  return number;
}

function grow(): void {
  const larger = openTable(table.slots.length * 2);
  const { slots, words } = larger;
  larger.epcs = table.epcs;
  words.set(table.words);
  const mask = slots.length - 1;
  for (let number = 0; number < larger.epcs.length; number++) {
    const at = number * WORDS;
    let slot = hash(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, words[at + 4]!, words[at + 5]!) & mask;
    while (slots[slot]! >= 0) slot = (slot + 1) & mask;
    slots[slot] = number;
  }
  table = larger;
}

/** Mixing of words in the manner of MurmurHash3 (A. Appleby). */
function hash(a: number, b: number, c: number, d: number, e: number, f: number): number {
  let mixed = Math.imul(a ^ Math.imul(b, 0x1b873593), 0x85ebca6b | 0) ^ Math.imul(c, 0xcc9e2d51 | 0);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) ^ Math.imul(d, 0xc2b2ae35 | 0);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39) ^ Math.imul(e, 0x27d4eb2f) ^ Math.imul(f, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b | 0);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35 | 0);
  return mixed ^ (mixed >>> 16);
}
