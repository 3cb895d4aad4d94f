// What the doubts keep of each tag that lies under a zone: its belief, and what that was concluded from; 300 bytes. Of one that has gone
// from there how it answered, and nothing of one that no zone ever should have heard.
import { giveBack, openRows, rowFor, rowOf, tagsOf, type Rows } from '../rows.ts';
import { BELIEF_SIZE } from './belief.ts';

/** Columns of a row of `known`. */
export const IS_KNOWN = 0;
/** When the books put it where it is; ms. */
export const PLACED_AT = 1;
export const HEARD_AT = 2;
/** Hours since in which it should have been heard. */
export const SILENT_HOURS = 3;
/** The antenna that hears it, and one; 0 for none. */
export const ANTENNA = 4;
export const SWEEPS = 5;
export const SHORT_PICKS = 6;
/** Hours in which it could be heard until it was heard last, and those of them in which it was: the last two weeks weigh most. */
export const HOURS = 7;
export const HEARD = 8;
const WIDTH = 9;
const ANSWERS_WIDTH = 2;

export interface Kept {
  readonly known: Rows;
  /** Of the same tags, in the same order of rows. */
  beliefs: Float32Array;
  /** `HOURS` and `HEARD` of tags that lie under no zone any more. */
  readonly answers: Rows;
  /** Chunks of tags that changed since the last snapshot. */
  readonly dirty: Set<number>;
}

export const openKept = (): Kept => ({
  known: openRows(),
  beliefs: new Float32Array(0),
  answers: openRows(),
  dirty: new Set(),
});

export const isKnown = ({ known }: Kept, tag: number): boolean => rowOf(known, tag) !== undefined;

/** Where the row of a tag begins, and its belief; they are there from now on, and go with the next snapshot. */
export function placesOf(kept: Kept, tag: number): { readonly row: number; readonly belief: number } {
  const { known, answers, dirty } = kept;
  dirty.add(chunkOfTag(tag));
  const isNew = rowOf(known, tag) === undefined;
  const row = rowFor(known, tag, WIDTH);
  const belief = (row / WIDTH) * BELIEF_SIZE;
  if (!isNew) return { row, belief };
  if (belief >= kept.beliefs.length) {
    const beliefs = new Float32Array((known.numbers.length / WIDTH) * BELIEF_SIZE);
    beliefs.set(kept.beliefs);
    kept.beliefs = beliefs;
  }
  known.numbers.fill(0, row, row + WIDTH);
  const before = rowOf(answers, tag);
  if (before === undefined) return { row, belief };
  known.numbers.set(answers.numbers.subarray(before, before + ANSWERS_WIDTH), row + HOURS);
  giveBack(answers, tag);
  return { row, belief };
}

/** It lies under no zone any more. */
export function letGo({ known, answers, dirty }: Kept, tag: number): void {
  const row = rowOf(known, tag);
  if (row === undefined) return;
  dirty.add(chunkOfTag(tag));
  if (known.numbers[row + HOURS]! > 0) {
    const place = rowFor(answers, tag, ANSWERS_WIDTH);
    answers.numbers.set(known.numbers.subarray(row + HOURS, row + HOURS + ANSWERS_WIDTH), place);
  }
  giveBack(known, tag);
}

/** Antennas have other numbers: which one hears a tag is not known any more. */
export function forgetAntennas({ known, dirty }: Kept): void {
  for (const tag of tagsOf(known)) {
    known.numbers[rowOf(known, tag)! + ANTENNA] = 0;
    dirty.add(chunkOfTag(tag));
  }
}

/** Tags in one part of a snapshot. */
const TAGS_A_CHUNK = 512;
const chunkOfTag = (tag: number): number => Math.floor(tag / TAGS_A_CHUNK);

/** What is kept of the tags of a chunk, for a snapshot: tags, one after the other their beliefs and rows, and the same of answers. */
export type Chunk = readonly [
  tags: Int32Array,
  beliefs: Float32Array,
  known: Float64Array,
  gone: Int32Array,
  answers: Float64Array,
];
/** As a former release kept it: of all tags of the chunk, whether anything was known of them or not. */
type FormerChunk = readonly [beliefs: Float32Array, known: Float64Array];

export function chunkOf({ known, beliefs, answers }: Kept, chunk: number): Chunk {
  const tags = inChunk(known, chunk);
  const gone = inChunk(answers, chunk);
  const result: Chunk = [
    Int32Array.from(tags),
    new Float32Array(tags.length * BELIEF_SIZE),
    new Float64Array(tags.length * WIDTH),
    Int32Array.from(gone),
    new Float64Array(gone.length * ANSWERS_WIDTH),
  ];
  for (const [index, tag] of tags.entries()) {
    const row = rowOf(known, tag)!;
    const belief = (row / WIDTH) * BELIEF_SIZE;
    result[1].set(beliefs.subarray(belief, belief + BELIEF_SIZE), index * BELIEF_SIZE);
    result[2].set(known.numbers.subarray(row, row + WIDTH), index * WIDTH);
  }
  for (const [index, tag] of gone.entries()) {
    const row = rowOf(answers, tag)!;
    result[4].set(answers.numbers.subarray(row, row + ANSWERS_WIDTH), index * ANSWERS_WIDTH);
  }
  return result;
}

const inChunk = (rows: Rows, chunk: number): number[] => [
  ...tagsOf(rows, chunk * TAGS_A_CHUNK, (chunk + 1) * TAGS_A_CHUNK),
];

/** Puts it back. */
export function restoreChunk(kept: Kept, chunk: number, content: Chunk | FormerChunk): void {
  if (content.length === 2) return restoreFormer(kept, chunk, content);
  const [tags, beliefs, known, gone, answers] = content;
  for (const [index, tag] of tags.entries()) restore(kept, tag, beliefs, known, index);
  for (const [index, tag] of gone.entries()) {
    const place = rowFor(kept.answers, tag, ANSWERS_WIDTH);
    kept.answers.numbers.set(answers.subarray(index * ANSWERS_WIDTH, (index + 1) * ANSWERS_WIDTH), place);
  }
}

function restoreFormer(kept: Kept, chunk: number, [beliefs, known]: FormerChunk): void {
  for (let index = 0; index < TAGS_A_CHUNK; index++) {
    const isThere = known[index * WIDTH + IS_KNOWN] === 1;
    if (!isThere && !(known[index * WIDTH + HOURS]! > 0)) continue;
    const tag = chunk * TAGS_A_CHUNK + index;
    restore(kept, tag, beliefs, known, index);
    if (!isThere) letGo(kept, tag);
  }
}

function restore(kept: Kept, tag: number, beliefs: Float32Array, known: Float64Array, index: number): void {
  const { row, belief } = placesOf(kept, tag);
  kept.known.numbers.set(known.subarray(index * WIDTH, (index + 1) * WIDTH), row);
  kept.beliefs.set(beliefs.subarray(index * BELIEF_SIZE, (index + 1) * BELIEF_SIZE), belief);
}
