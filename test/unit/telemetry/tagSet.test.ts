// How many different tags: estimated from a kilobit, whichever way they came together.
import { expect, it } from 'vitest';
import { addTag, bitsOf, emptyTagSet, tagSetText, tagsOf } from '../../../src/telemetry/tagSet.ts';
import { epcOf } from '../../support/sites.ts';

const setOf = (from: number, to: number) => {
  const set = emptyTagSet();
  for (let serial = from; serial < to; serial++) addTag(set, epcOf(serial));
  return set;
};

it.each([1, 2, 10, 60, 400, 1000, 3000, 5000])('%i tags are told within some percent', (count) => {
  for (const from of [0, 1_000_000, 77_777]) {
    const told = tagsOf(bitsOf(setOf(from, from + count)));
    expect(Math.abs(told - count)).toBeLessThanOrEqual(Math.max(1, count * 0.1));
  }
});

it('the same tag again is the same, and none is none', () => {
  const set = setOf(1, 50);
  const before = bitsOf(set);
  for (let serial = 1; serial < 50; serial++) addTag(set, epcOf(serial));
  expect(bitsOf(set)).toBe(before);
  expect(tagsOf(bitsOf(emptyTagSet()))).toBe(0);
  expect(tagsOf(1024)).toBeGreaterThan(5000);
});

it('is written as Postgres takes bits', () => {
  expect(tagSetText(emptyTagSet())).toBe(`x${'0'.repeat(256)}`);
  expect(tagSetText(setOf(0, 3))).toMatch(/^x[0-9a-f]{256}$/);
});
