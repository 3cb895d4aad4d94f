// The wiring of the order: rows of each site by their offsets, none twice, none left out, whoever appended them.
import { describe, expect, it } from 'vitest';
import { inOrder, type Arriving } from '../../../src/intake/inOrder.ts';
import type { Journal } from '../../../src/intake/journal.ts';
import type { Row } from '../../../src/wire/row.ts';
import { play } from '../../support/marbles.ts';

const row = (offset: number, site = 'S'): Row => ({ kind: 'tick', site, offset, receivedAt: offset });
const rows = (...offsets: number[]): Arriving => ({ rows: offsets.map((offset) => row(offset)) });
const READ_MS = 5;

interface Setting {
  /** Rows that each site's journal has; reading takes 5 ms. */
  readonly journal?: number;
  /** What comes next at the sites that we derive. */
  readonly next?: Record<string, number>;
  /** Nothing is derived by us before this frame. */
  readonly from?: number;
  /** How often Postgres does not answer first. */
  readonly failures?: number;
}

function run(
  marbles: string,
  values: Record<string, Arriving>,
  { journal = 0, next = { S: 1 }, from = 0, failures = 0 }: Setting = {},
): Promise<string[]> {
  let toFail = failures;
  return play(
    marbles,
    values,
    (arriving$, { now, sleep }) =>
      arriving$.pipe(
        inOrder(
          {
            read: async (site, after, limit) => {
              await sleep(READ_MS);
              const to = Math.min(journal, after + limit);
              return Array.from({ length: Math.max(0, to - after) }, (_, index) => row(after + 1 + index, site));
            },
          } as Pick<Journal, 'read'> as Journal,
          {
            next: (site) => (now() < from ? undefined : next[site]),
            passed: (site, offset) => void (next[site] = offset),
            ready: () => Promise.resolve(),
          },
          async (work) => {
            for (; toFail > 0; toFail--) await sleep(100);
            return work();
          },
        ),
      ),
    (out) => `${out[0]!.site === 'S' ? '' : `${out[0]!.site} `}${out.map(({ offset }) => offset).join(',')}`,
  );
}

describe('rows in order', () => {
  it('go on from memory when they follow on', async () => {
    expect(await run('a-b|', { a: rows(1, 2), b: rows(3) })).toEqual(['0 1,2', '2 3', '3 |']);
  });

  it('come after what others appended before them, which is read from the journal', async () => {
    expect(await run('a--------b|', { a: rows(1), b: rows(4, 5) }, { journal: 5 })).toEqual([
      '0 1',
      '14 2,3',
      '14 4,5',
      '14 |',
    ]);
  });

  it('are read when somebody says that the journal has grown, and not given again when they come', async () => {
    const values = { g: { site: 'S', nextOffset: 3 }, a: rows(1, 2, 3) };
    expect(await run('g-a------|', values, { journal: 2 })).toEqual(['5 1,2', '5 3', '9 |']);
  });

  it('are not read when they have arrived and only wait for their turn', async () => {
    const values = { a: rows(1, 2), b: rows(4), g: { site: 'S', nextOffset: 5 } };
    expect(await run('(abg)|', values, { journal: 4 })).toEqual(['0 1,2', '5 3', '5 4', '5 |']);
  });

  it('that nobody derived when they arrived are read when somebody takes the site over', async () => {
    const values = { a: rows(1, 2), g: { site: 'S', nextOffset: 3 } };
    expect(await run('a--g|', values, { journal: 2, from: 2 })).toEqual(['8 1,2', '8 |']);
  });

  it('come once, however often they are told of', async () => {
    const values = { a: rows(1, 2), b: rows(2, 3), c: rows(1) };
    expect(await run('abc|', values)).toEqual(['0 1,2', '1 3', '3 |']);
  });

  it('wait for each other while the journal is read: nothing overtakes', async () => {
    const values = { g: { site: 'S', nextOffset: 3 }, a: rows(3), b: rows(4) };
    expect(await run('(gab)|', values, { journal: 2 })).toEqual(['5 1,2', '5 3', '5 4', '5 |']);
  });

  it('are read in parts when there are many', async () => {
    const out = await run('g|', { g: { site: 'S', nextOffset: 1201 } }, { journal: 1200 });
    expect(out.map((line) => line.split(',').length)).toEqual([500, 500, 200, 1]);
    expect(out.at(-1)).toMatch(/\|$/);
  });

  it('of a site that another process derives are nothing to us', async () => {
    const foreign: Arriving = { rows: [row(7, 'X')] };
    const values = { x: foreign, g: { site: 'X', nextOffset: 9 }, a: rows(1) };
    expect(await run('xga|', values)).toEqual(['2 1', '3 |']);
  });

  it('of several sites in one commit go on site by site', async () => {
    const mixed: Arriving = { rows: [row(1), row(1, 'T'), row(2), row(2, 'T')] };
    expect(await run('m|', { m: mixed }, { next: { S: 1, T: 1 } })).toEqual(['0 1,2', '0 T 1,2', '1 |']);
  });

  it('wait until Postgres answers', async () => {
    const values = { g: { site: 'S', nextOffset: 3 }, a: rows(3) };
    expect(await run('ga|', values, { journal: 2, failures: 2 })).toEqual(['205 1,2', '205 3', '205 |']);
  });
});
