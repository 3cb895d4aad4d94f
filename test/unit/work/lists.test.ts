// Lists of what is to cross are bounded: so many in force, so many versions of each.
import { expect, it } from 'vitest';
import { openBalances } from '../../../src/infer/balances.ts';
import { openBook } from '../../../src/infer/book.ts';
import { decideList, expectationOf } from '../../../src/work/lists.ts';
import { openWork, type WorkState } from '../../../src/work/work.ts';
import { itemEpc, MORNING, site } from '../../support/storiesSite.ts';

const LISTS_MAX = 10_000;
const plan = site();
const [one, other] = [itemEpc(1, 1), itemEpc(1, 2)];

function say(work: WorkState, list: string, epcs: readonly string[], at = MORNING) {
  const command = { kind: 'expect' as const, list, direction: 'out' as const, epcs: [...epcs] };
  const row = {
    kind: 'command',
    site: plan.site,
    offset: 1,
    receivedAt: at,
    key: 'k',
    actor: 'op-1',
    command,
  } as const;
  return decideList(work, command, {
    plan,
    book: openBook(),
    balances: openBalances(),
    row,
    at,
    epcOf: () => undefined,
    heardBins: () => 0,
  }).status;
}

it('keeps as many in force as it may, and forgets a withdrawn one for a new one', () => {
  const work = openWork();
  for (let list = 0; list < LISTS_MAX; list++) say(work, `L-${list}`, [one]);
  expect(say(work, 'ONE-MORE', [one])).toBe('refused');
  expect(say(work, 'L-7', [])).toBe('done');
  expect(say(work, 'ONE-MORE', [one])).toBe('done');
  expect(work.lists.size).toBe(LISTS_MAX);
  expect(work.index.listsByEpc.get(one)!.size).toBe(LISTS_MAX);
});

it('keeps what was said of a list lately, for reads that come late', () => {
  const work = openWork();
  for (let second = 0; second < 1000; second++)
    say(work, 'L', [second % 2 === 0 ? one : other], MORNING + second * 1000);
  expect(work.lists.get('L')!.length).toBeLessThanOrEqual(16);
  expect(expectationOf(work, one, 'DOOR-1', MORNING + 998_500)).toMatchObject({ direction: 'out' });
  expect(expectationOf(work, one, 'DOOR-1', MORNING + 999_500)).toBeUndefined();
  say(work, 'L', [other], MORNING + 1_020_000);
  for (let second = 1021; second < 1040; second++) say(work, 'L', [other], MORNING + second * 1000);
  expect(work.index.listsByEpc.has(one)).toBe(false);
});
