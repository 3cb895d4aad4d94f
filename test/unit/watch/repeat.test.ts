import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { openRepeater } from '../../../src/watch/repeat.ts';
import { closeAfterTest } from '../../support/cleanUp.ts';

it('work that fails is done again, which is told once for all of it, and once when none fails any more', async () => {
  vi.useFakeTimers();
  closeAfterTest(() => vi.useRealTimers());
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
  const stopping = new AbortController();
  const repeat = openRepeater(stopping.signal, log);
  let isAway = false;
  let times = 0;
  const work = async (): Promise<number> => {
    times++;
    if (isAway) throw new Error('Postgres is away');
    return 1000;
  };
  const all = Promise.all([repeat(work), repeat(work)]);
  await vi.advanceTimersByTimeAsync(500);
  expect([times, lines]).toEqual([2, []]);
  isAway = true;
  await vi.advanceTimersByTimeAsync(6000);
  expect([times, lines]).toEqual([6, ['alerts cannot be watched; it is tried again']]);
  isAway = false;
  await vi.advanceTimersByTimeAsync(5000);
  expect([times, lines.slice(1)]).toEqual([8, ['alerts are watched again']]);
  stopping.abort();
  await all;
});
