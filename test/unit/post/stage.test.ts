// The wiring of posting: what shares a commit, who waits for whom, what holds back the intake.
import { describe, expect, it } from 'vitest';
import type { Effects } from '../../../src/infer/effects.ts';
import { openBacklog, post, WAITING_ROWS_MAX, type Backlog, type PostOptions } from '../../../src/post/stage.ts';
import { play } from '../../support/marbles.ts';
import { effectsOf, SITE, transactionOf } from '../../support/effects.ts';

const nothing = (offset: number, site = SITE): Effects => ({ ...effectsOf(offset), site });
const moved = (offset: number, site = SITE): Effects => ({
  ...effectsOf(offset, { transactions: [transactionOf(offset)] }),
  site,
});
const answered = (offset: number, site = SITE): Effects => ({
  ...effectsOf(offset, { outcome: { key: 'k', outcome: { status: 'done' } } as unknown as Effects['outcome'] }),
  site,
});

interface Setting {
  readonly backlog?: Backlog;
  /** ms that a commit takes. */
  readonly commitMs?: number;
  readonly postedTo?: Record<string, number>;
  readonly failsAt?: number;
}

function run(
  marbles: string,
  values: Record<string, readonly Effects[]>,
  { backlog = openBacklog(), commitMs = 10, postedTo = {}, failsAt }: Setting = {},
): Promise<string[]> {
  return play(
    marbles,
    values,
    (effects$, { sleep, now }) => {
      // One connection: commits take turns.
      let turn: Promise<void> = Promise.resolve();
      const options: PostOptions = {
        post: () =>
          (turn = turn.then(async () => {
            await sleep(commitMs);
            if (failsAt !== undefined && now() >= failsAt) throw new Error('another process derives this site');
          })),
        postedTo: (site) => postedTo[site] ?? 0,
        posted: (site, to) => void (postedTo[site] = to),
        sleep,
      };
      return effects$.pipe(post(options, backlog));
    },
    ({ site, from, to, effects }) =>
      `${site === SITE ? '' : `${site} `}${from}-${to} (${effects.map(({ offset }) => offset).join(',')})`,
  );
}

describe('posting', () => {
  it('waits a tenth of a second so that the work of many rows shares a commit', async () => {
    const values = { a: [moved(1)], b: [moved(2), nothing(3)], c: [moved(4)] };
    expect(await run('a-b 150ms c 200ms |', values)).toEqual(['110 0-3 (1,2)', '263 3-4 (4)', '354 |']);
  });

  it('lets a command wait for nothing, and what came before it goes along', async () => {
    const values = { a: [moved(1)], c: [answered(2)] };
    expect(await run('a 49ms c 200ms |', values)).toEqual(['60 0-2 (1,2)', '251 |']);
  });

  it('moves the cursor alone only once a second', async () => {
    const values = { a: [nothing(1)], b: [nothing(2)] };
    expect(await run('a 499ms b 1s |', values)).toEqual(['1010 0-2 ()', '1501 |']);
  });

  it('does not let a movement wait for the second of the cursor', async () => {
    const values = { a: [nothing(1)], b: [moved(2)] };
    expect(await run('a 499ms b 1s |', values)).toEqual(['610 0-2 (2)', '1501 |']);
  });

  it('takes what comes during a commit with the next one', async () => {
    const values = { a: [moved(1)], b: [moved(2)] };
    expect(await run('a 104ms b 300ms |', values)).toEqual(['110 0-1 (1)', '220 1-2 (2)', '406 |']);
  });

  it('leaves out what is in the ledger already', async () => {
    const values = { a: [moved(1), moved(2), moved(3)], b: [moved(3)] };
    expect(await run('a 200ms b 200ms |', values, { postedTo: { [SITE]: 2 } })).toEqual(['110 2-3 (3)', '402 |']);
  });

  it('brings to its end what waits when nothing more comes', async () => {
    expect(await run('a-|', { a: [moved(1)] })).toEqual(['12 0-1 (1)', '12 |']);
    expect(await run('-|', {})).toEqual(['1 |']);
  });

  it('keeps no site waiting for another that never rests', async () => {
    const busy = Object.fromEntries([...'abcdefghij'].map((name, index) => [name, [moved(index + 1, 'BUSY')]]));
    const values = { ...busy, q: [moved(1, 'QUIET')] };
    const out = await run('a 49ms b 49ms c 9ms q 39ms d 49ms e 49ms f 49ms g 49ms h 49ms |', values);
    expect(out.find((line) => line.includes('QUIET'))).toBe('220 QUIET 0-1 (1)');
  });

  it('commits sites side by side: their pauses do not add up', async () => {
    const sites = Array.from({ length: 10 }, (_, index) => moved(1, `SITE-${index}`));
    const out = await run('a 500ms |', { a: sites });
    expect(out.map((line) => Number(line.split(' ')[0]))).toEqual([
      110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 501,
    ]);
  });

  it('posts at most 5,000 rows at once, and the rest without another pause', async () => {
    const many = Array.from({ length: 12_000 }, (_, index) => moved(index + 1));
    const out = await run('a 500ms |', { a: many });
    expect(out.map((line) => line.split(' (')[0])).toEqual(['10 0-5000', '20 5000-10000', '130 10000-12000', '501 |']);
  });

  it('ends with what does not heal', async () => {
    expect(await run('a 300ms b|', { a: [moved(1)], b: [moved(2)] }, { failsAt: 100 })).toEqual(['110 #']);
  });
});

describe('the backlog', () => {
  it('holds the intake back from its bound on, and lets it go on when half of it is posted', async () => {
    const backlog = openBacklog();
    const freedAt: number[] = [];
    let rowsThen = 0;
    const many = Array.from({ length: WAITING_ROWS_MAX }, (_, index) => moved(index + 1));
    await play(
      'a 500ms |',
      { a: many },
      (effects$, { sleep, now }) => {
        backlog.rows = many.length; // as the stage before says
        void sleep(1).then(async () => {
          await backlog.whenLess();
          freedAt.push(now());
          rowsThen = backlog.rows;
        });
        return effects$.pipe(post({ post: () => sleep(10), postedTo: () => 0, posted: () => {}, sleep }, backlog));
      },
      () => '',
    );
    expect(freedAt).toEqual([30]);
    expect(rowsThen).toBeLessThan(WAITING_ROWS_MAX / 2);
    expect(backlog.rows).toBe(0);
  });

  it('is no hindrance below it', async () => {
    await expect(openBacklog().whenLess()).resolves.toBeUndefined();
  });
});
