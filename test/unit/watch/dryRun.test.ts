// From the times in which a cause held to the alerts that there would have been.
import { describe, expect, it } from 'vitest';
import { firingsOf } from '../../../src/watch/dryRun.ts';
import { atOnce, spansOf } from '../../../src/watch/periods.ts';

const rule = { clearAfterMs: 10, reopenWithinMs: 100 };
const period = (from: number, to: number | undefined, subject = 'A') => ({ subject, from, to, message: 'it was so' });

describe('alerts of the past', () => {
  it('are one as long as the cause does not stay away, come back within a time, and are another later', () => {
    const periods = [period(100, 120), period(125, 130), period(200, 210), period(400, 410), period(205, 220, 'B')];
    expect(firingsOf(periods, rule, { from: 0, to: 1000 })).toMatchObject([
      { subject: 'A', from: 100, to: 220, times: 2 },
      { subject: 'B', from: 205, to: 230, times: 1 },
      { subject: 'A', from: 400, to: 420, times: 1 },
    ]);
  });

  it('begin and end within what is looked at', () => {
    const periods = [period(0, 50), period(60, 600), period(990, undefined, 'B'), period(2000, 2010, 'C')];
    expect(firingsOf(periods, rule, { from: 200, to: 1000 })).toMatchObject([
      { subject: 'A', from: 200, to: 610 },
      { subject: 'B', from: 990, to: undefined },
    ]);
  });
});

describe('a series', () => {
  const points = (...wrong: number[]) => Array.from({ length: 10 }, (_, at) => ({ at, isWrong: wrong.includes(at) }));

  it('is wrong from when it has been so for long enough until it no longer is', () => {
    expect(spansOf(points(1, 3, 4, 5, 6, 8, 9), 9, 2)).toEqual([{ from: 5, to: 7 }]);
    expect(spansOf(points(7, 8, 9), 9, 1)).toEqual([{ from: 8, to: undefined }]);
    expect(spansOf([], 9)).toEqual([]);
  });

  it('holds what was measured last for a while, and then says nothing any more', () => {
    const sparse = [0, 1, 2, 50, 51].map((at) => ({ at, isWrong: true }));
    expect(spansOf(sparse, 55, 2, 10)).toEqual([
      { from: 2, to: 12 },
      { from: 52, to: undefined },
    ]);
    expect(spansOf(sparse, 80, 2, 10)).toEqual([
      { from: 2, to: 12 },
      { from: 52, to: 61 },
    ]);
  });
});

describe('of several things', () => {
  it('only those times count in which enough of them held at once', () => {
    const shares = [period(0, 10), period(4, 20), period(6, undefined), period(5, 6, 'B')];
    expect(atOnce(shares, 1)).toMatchObject([
      { subject: 'B', from: 5, to: 6 },
      { subject: 'A', from: 0, to: undefined },
    ]);
    expect(atOnce(shares, 2)).toMatchObject([{ subject: 'A', from: 4, to: 20 }]);
    expect(atOnce(shares, 3)).toMatchObject([{ subject: 'A', from: 6, to: 10 }]);
    expect(atOnce(shares, 4)).toEqual([]);
  });

  it('one that begins as another ends goes on with it, and is not there with it', () => {
    const shares = [period(0, 10), period(10, 20)];
    expect(atOnce(shares, 1)).toMatchObject([{ from: 0, to: 20 }]);
    expect(atOnce(shares, 2)).toEqual([]);
  });

  it('each stands for as many as it says', () => {
    const shares = [{ ...period(0, 10), count: 3 }, period(5, 15)];
    expect(atOnce(shares, 3)).toMatchObject([{ from: 0, to: 10 }]);
    expect(atOnce(shares, 4)).toMatchObject([{ from: 5, to: 10 }]);
  });
});
