// From the times in which a cause held to the alerts that there would have been.
import { describe, expect, it } from 'vitest';
import { firingsOf } from '../../../src/watch/dryRun.ts';
import { spansOf } from '../../../src/watch/periods.ts';

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
    expect(spansOf(points(1, 3, 4, 5, 6, 8, 9), 2)).toEqual([{ from: 5, to: 7 }]);
    expect(spansOf(points(7, 8, 9), 1)).toEqual([{ from: 8, to: undefined }]);
  });

  it('says nothing about a time in which nothing was measured', () => {
    const sparse = [0, 1, 2, 50, 51].map((at) => ({ at, isWrong: true }));
    expect(spansOf(sparse, 2, 10)).toEqual([{ from: 2, to: 2 }]);
  });
});
