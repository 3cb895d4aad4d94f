import { describe, expect, it } from 'vitest';
import { heard, RIGHT_CLOCK, type ReaderClock } from '../../../src/clean/readerClock.ts';
import { HOUR_MS, MINUTE_MS, MORNING, SECOND_MS } from '../../support/storiesSite.ts';

const TOLERANCE_MS = 2000;

/** What the clock is taken for after messages of [time it shows, time by whoever took it]. */
function after(messages: readonly (readonly [shown: number, taken: number])[], from = RIGHT_CLOCK): ReaderClock {
  return messages.reduce((clock, [shown, taken]) => heard(clock, shown, taken, TOLERANCE_MS), from);
}
/** A reader that shows `offMs` more than it is, heard every second for a while, each message so late. */
const listening = (offMs: number, forMs: number, delayMs: (at: number) => number, from = MORNING) =>
  Array.from({ length: forMs / SECOND_MS }, (_, index) => {
    const at = from + index * SECOND_MS;
    return [at + offMs, at + delayMs(at)] as const;
  });

const YEAR_2000 = Date.UTC(2000, 0, 1, 2, 41) - MORNING;

describe('the clock of a reader', () => {
  it('is right until something that delay cannot explain says otherwise', () => {
    expect(after(listening(0, 60_000, () => 30)).offsetMs).toBe(0);
    expect(after(listening(1900, 60_000, () => 30)).offsetMs).toBe(0);
    expect(after(listening(-1900, 60_000, () => 30)).offsetMs).toBe(0);
  });

  it('that shows 14 s too much is set back, once', () => {
    const clocks = listening(14_000, 60_000, (at) => 20 + (at - MORNING) / 1000).map((message, index, all) =>
      after(all.slice(0, index + 1)),
    );
    expect(clocks[0]!.offsetMs).toBeCloseTo(-13_980, 0);
    expect(new Set(clocks.map((clock) => clock.offsetMs)).size).toBe(1);
  });

  it('that runs ahead is set back each time it leaves the tolerance', () => {
    // 50 ppm: two seconds in eleven hours.
    const drifting = Array.from({ length: 48 }, (_, hour) => {
      const at = MORNING + hour * HOUR_MS;
      return [at + hour * HOUR_MS * 50e-6, at + 20] as const;
    });
    let clock = RIGHT_CLOCK;
    for (const [shown, taken] of drifting) {
      clock = heard(clock, shown, taken, TOLERANCE_MS);
      expect(Math.abs(shown + clock.offsetMs - taken)).toBeLessThanOrEqual(TOLERANCE_MS + 20);
    }
    expect(clock.offsetMs).toBeLessThan(-4000);
  });

  it('is not corrected by a backlog: late is late, whatever the delay (P7)', () => {
    const backlog = listening(0, 30 * MINUTE_MS, () => 3 * HOUR_MS);
    expect(after(backlog).offsetMs).toBe(0);
    // The same reader ahead by 14 s, before and during the outage.
    const ahead = after(listening(14_000, 10_000, () => 20));
    expect(
      after(
        listening(14_000, 60_000, () => 3 * HOUR_MS, MORNING + MINUTE_MS),
        ahead,
      ),
    ).toMatchObject({
      offsetMs: ahead.offsetMs,
    });
  });

  it('of the year 2000 is set by when it was heard, and then counts by itself', () => {
    const clock = after(listening(YEAR_2000, 60_000, (at) => (at === MORNING ? 30 : 500)));
    expect(clock.offsetMs).toBeCloseTo(-YEAR_2000 + 30, 0);
    expect(MORNING + 40_000 + YEAR_2000 + clock.offsetMs).toBeCloseTo(MORNING + 40_030, 0);
  });

  it('of the year 2000 keeps its times in a backlog too', () => {
    const before = after(listening(YEAR_2000, 60_000, () => 30));
    const backlog = listening(YEAR_2000, 60_000, () => HOUR_MS, MORNING + MINUTE_MS);
    expect(after(backlog, before).offsetMs).toBe(before.offsetMs);
  });

  it('that starts again in the year 2000 is set again', () => {
    const before = after(listening(YEAR_2000, 60_000, () => 30));
    const rebootedAt = MORNING + 8 * HOUR_MS;
    const again = after(
      listening(YEAR_2000 - 8 * HOUR_MS, 60_000, () => 30, rebootedAt),
      before,
    );
    expect(again.offsetMs).toBeCloseTo(before.offsetMs + 8 * HOUR_MS, 0);
    // A message from before it stopped that comes only now is no other start: its gateway says when it took it.
    const stray = heard(before, MORNING + 10_000 + YEAR_2000, MORNING + 10_030, TOLERANCE_MS);
    expect(stray.offsetMs).toBe(before.offsetMs);
  });

  it('that hears of the time is right again', () => {
    const before = after(listening(YEAR_2000, 60_000, () => 30));
    expect(
      after(
        listening(0, 10_000, () => 30, MORNING + MINUTE_MS),
        before,
      ).offsetMs,
    ).toBe(0);
    const ahead = after(listening(14_000, 10_000, () => 20));
    expect(
      after(
        listening(0, 10_000, () => 20, MORNING + MINUTE_MS),
        ahead,
      ).offsetMs,
    ).toBe(0);
  });

  it('is judged like any other when a recording is of before 2020 as a whole', () => {
    const year = Date.UTC(2019, 5, 1);
    expect(after(listening(0, 10_000, () => 30, year)).offsetMs).toBe(0);
  });
});
