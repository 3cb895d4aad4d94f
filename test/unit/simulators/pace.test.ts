import { describe, expect, it } from 'vitest';
import { createPacer } from '../../../simulators/pace.ts';

/** A clock that moves only when somebody sleeps. */
function virtual() {
  let now = 1000;
  const slept: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    now += ms;
    slept.push(ms);
    return Promise.resolve();
  };
  return { clock: () => now, sleep, slept };
}

describe('pacing', () => {
  it.each([
    [1, 10_000],
    [10, 1000],
    [0.5, 20_000],
  ])('at speed %d takes %d ms for ten seconds', async (speed, expected) => {
    const { clock, sleep } = virtual();
    const pace = createPacer(speed, clock, sleep, () => false);
    const startedAt = clock();
    for (let at = 0; at <= 10_000; at += 100) await pace(at);
    expect(clock() - startedAt).toBeGreaterThan(expected - 10);
    expect(clock() - startedAt).toBeLessThanOrEqual(expected);
  });

  it('never waits when it is to be as fast as possible, nor for what is late', async () => {
    const { clock, sleep, slept } = virtual();
    await createPacer(Infinity, clock, sleep, () => false)(1e9);
    const pace = createPacer(1, clock, sleep, () => false);
    await pace(5000);
    await pace(4000);
    expect(slept).toEqual([]);
  });

  it('notices within a second that it is to stop', async () => {
    const { clock, sleep, slept } = virtual();
    const pace = createPacer(1, clock, sleep, () => slept.length >= 1);
    await pace(0);
    await pace(60_000);
    expect(slept).toEqual([1000]);
  });
});
