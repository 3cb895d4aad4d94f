// A file of heads that were kept: what is taken, and what is said of a line that cannot be.
import { describe, expect, it } from 'vitest';
import { readHeads } from '../../../src/post/keptHeads.ts';

const HASH = '0123456789abcdef'.repeat(4);
const head = (some: object = {}): string => JSON.stringify({ site: 'DC1', journalOffset: 7, hash: HASH, ...some });
const read = (...lines: readonly string[]) => readHeads('heads.ndjson', lines.join('\n'));

describe('kept heads', () => {
  it('are one a line; what else is said of them, and empty lines, do not matter', () => {
    const line = head({ site: 'DC2', hash: HASH.toUpperCase(), transactions: 3, recordedAt: '2026-11-27T12:00:00Z' });
    expect(read(head(), '', `${line}\r`, '')).toEqual([
      { site: 'DC1', journalOffset: 7, hash: HASH },
      { site: 'DC2', journalOffset: 7, hash: HASH },
    ]);
  });

  it.each([
    ['{"site":', 'this is no JSON object'],
    ['[]', 'this is no JSON object'],
    ['null', 'this is no JSON object'],
    [head({ site: undefined }), 'site: must be the name of a site'],
    [head({ site: 1 }), 'site: must be the name of a site'],
    [head({ journalOffset: '7' }), 'journalOffset: must be a whole number from 1 on'],
    [head({ journalOffset: 0 }), 'journalOffset: must be a whole number from 1 on'],
    [head({ journalOffset: 1e300 }), 'journalOffset: must be a whole number from 1 on'],
    [head({ hash: HASH.slice(1) }), 'hash: must be 64 hex digits'],
    [head({ hash: null }), 'hash: must be 64 hex digits'],
  ])('say where %s is wrong', (line, reason) => {
    expect(() => read(head(), '', line)).toThrow(
      `--heads: heads.ndjson:3: ${reason}. Each line is one head, {"site":…`,
    );
  });

  it('must not be none: nothing would be asked', () => {
    expect(() => read('', '')).toThrow('--heads: heads.ndjson: there is no head in it');
  });
});
