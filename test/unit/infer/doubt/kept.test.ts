// What is kept of tags under zones: of those alone, the same after a snapshot, and of those that have gone how they answered.
import { describe, expect, it } from 'vitest';
import { BELIEF_SIZE, believeAnew } from '../../../../src/infer/doubt/belief.ts';
import {
  chunkOf,
  HEARD,
  HEARD_AT,
  HOURS,
  IS_KNOWN,
  isKnown,
  letGo,
  openKept,
  placesOf,
  restoreChunk,
  type Kept,
} from '../../../../src/infer/doubt/kept.ts';
import { MORNING } from '../../../support/storiesSite.ts';

const WIDTH = HEARD + 1;
const TAGS_A_CHUNK = 512;

/** Of a tag that was heard in so many of so many hours. */
function keep(kept: Kept, tag: number, hours: number, heard: number): void {
  const { row, belief } = placesOf(kept, tag);
  const { numbers } = kept.known;
  numbers[row + IS_KNOWN] = 1;
  numbers[row + HEARD_AT] = MORNING + tag;
  numbers[row + HOURS] = hours;
  numbers[row + HEARD] = heard;
  believeAnew(kept.beliefs, belief);
  kept.beliefs[belief + BELIEF_SIZE - 1] = tag / 1024;
}

function read(kept: Kept, tag: number) {
  const { row, belief } = placesOf(kept, tag);
  const numbers = kept.known.numbers.slice(row, row + WIDTH);
  return { numbers, belief: kept.beliefs.slice(belief, belief + BELIEF_SIZE) };
}

const TAGS = [0, 1, 300, 511, 512, 40_000];
function some(): Kept {
  const kept = openKept();
  for (const tag of TAGS) keep(kept, tag, 10 + tag, 5);
  return kept;
}

describe('what is kept of tags under zones', () => {
  it('takes no room for others, whatever their numbers', () => {
    const kept = some();
    expect(kept.known.numbers.length).toBeLessThanOrEqual(16 * WIDTH);
    expect(kept.beliefs.length).toBeLessThanOrEqual(16 * BELIEF_SIZE);
    expect(TAGS.map((tag) => isKnown(kept, tag + 2))).toEqual(TAGS.map(() => false));
  });

  it('is the same after a snapshot', () => {
    const kept = some();
    letGo(kept, 300);
    letGo(kept, 511);
    const back = openKept();
    for (const chunk of kept.dirty) restoreChunk(back, chunk, structuredClone(chunkOf(kept, chunk)));
    expect(TAGS.map((tag) => isKnown(back, tag))).toEqual([true, true, false, false, true, true]);
    for (const tag of [0, 1, 512, 40_000]) expect(read(back, tag)).toEqual(read(kept, tag));
    for (const tag of [300, 511]) expect(read(back, tag).numbers).toEqual(read(kept, tag).numbers);
  });

  it('is how it answered when it comes back under a zone, and nothing else', () => {
    const kept = some();
    letGo(kept, 1);
    keep(kept, 2, 3, 3);
    expect(kept.known.numbers.length).toBeLessThanOrEqual(16 * WIDTH);
    const { numbers } = read(kept, 1);
    expect([numbers[HOURS], numbers[HEARD], numbers[HEARD_AT], numbers[IS_KNOWN]]).toEqual([11, 5, 0, 0]);
    expect(kept.answers.tags).toBe(0);
  });

  it('is what a former release kept of every tag of a chunk', () => {
    const beliefs = new Float32Array(TAGS_A_CHUNK * BELIEF_SIZE);
    const known = new Float64Array(TAGS_A_CHUNK * WIDTH);
    const of = some();
    for (const [index, isThere] of [
      [1, true],
      [300, false],
    ] as const) {
      const { numbers, belief } = read(of, index);
      known.set(numbers, index * WIDTH);
      if (!isThere) known[index * WIDTH + IS_KNOWN] = 0;
      beliefs.set(belief, index * BELIEF_SIZE);
    }
    const back = openKept();
    restoreChunk(back, 2, [beliefs, known]);
    expect([1, 300, 2].map((tag) => isKnown(back, 2 * TAGS_A_CHUNK + tag))).toEqual([true, false, false]);
    expect(read(back, 2 * TAGS_A_CHUNK + 1)).toEqual(read(of, 1));
    expect(Array.from(read(back, 2 * TAGS_A_CHUNK + 300).numbers.slice(HOURS))).toEqual([310, 5]);
  });
});
