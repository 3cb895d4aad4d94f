// How many different tags: a set of 1,024 bits of which each tag sets one. Sets of antennas, of seconds and of hours unite by OR, and what
// is left unset says how many tags there were (linear counting, Whang et al. 1990): within some 5 % up to 5,000. Pure.

export const TAG_BITS = 1024;
const WORD_BITS = 32;

export type TagSet = Uint32Array;

export const emptyTagSet = (): TagSet => new Uint32Array(TAG_BITS / WORD_BITS);

/** A tag is there. FNV-1a over its EPC, mixed: serial numbers that count up must not fill one corner. */
export function addTag(set: TagSet, epc: string): void {
  let hash = 0x811c9dc5;
  for (let index = 0; index < epc.length; index++) hash = Math.imul(hash ^ epc.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  const bit = (hash ^ (hash >>> 16)) & (TAG_BITS - 1);
  set[bit >>> 5]! |= 1 << (bit & (WORD_BITS - 1));
}

/** As Postgres takes a `bit(1024)`: hexadecimal digits after an x. */
export function tagSetText(set: TagSet): string {
  let text = 'x';
  for (const word of set) text += word.toString(16).padStart(8, '0');
  return text;
}

/** How many tags set so many bits; a set that is full holds that many at least. */
export const tagsOf = (bits: number): number =>
  Math.round(TAG_BITS * Math.log(TAG_BITS / Math.max(1, TAG_BITS - bits)));

export function bitsOf(set: TagSet): number {
  let bits = 0;
  for (let word of set) for (; word !== 0; word = (word & (word - 1)) >>> 0) bits++;
  return bits;
}
