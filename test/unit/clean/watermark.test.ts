import { describe, expect, it } from 'vitest';
import { arrivalOf, marked, reachedAt, type Mark } from '../../../src/clean/watermark.ts';
import { HOUR_MS, MINUTE_MS, MORNING, SECOND_MS } from '../../support/storiesSite.ts';

const at = MORNING;
const live = (newest: number, delayMs = 100): Mark => ({ newest, heardAt: newest + delayMs });

describe('how far event time has come', () => {
  it('is the newest time heard, while reads arrive', () => {
    let mark = marked(undefined, at, at + 100);
    mark = marked(mark, at + 1000, at + 1100);
    expect(reachedAt([mark], at + 1100)).toBe(at + 1000);
  });

  it('does not turn back for an old read', () => {
    const mark = marked(live(at + 1000), at, at + 5000);
    expect(mark).toEqual(live(at + 1000));
  });

  it('goes on in silence at the pace of our clock, as late as the reader is', () => {
    expect(reachedAt([live(at, 300)], at + 60_000)).toBe(at + 59_700);
  });

  it('waits for the slowest of several readers', () => {
    const marks = [live(at + 5000, 50), live(at + 1000, 4050)];
    expect(reachedAt(marks, at + 5050)).toBe(at + 1000);
  });

  it('does not wait for a reader that replays a backlog, nor lets it turn time back', () => {
    const backlog: Mark = { newest: at - HOUR_MS, heardAt: at + 5000 };
    expect(reachedAt([live(at + 4900), backlog], at + 5000)).toBe(at + 4900);
  });

  it('lives in the past while the only reader replays a backlog: its true times count (P7)', () => {
    const backlog: Mark = { newest: at - HOUR_MS, heardAt: at };
    expect(reachedAt([backlog], at + SECOND_MS)).toBe(at - HOUR_MS + SECOND_MS);
    expect(reachedAt([backlog, { newest: at - HOUR_MS + 500, heardAt: at + 100 }], at + SECOND_MS)).toBe(
      at - HOUR_MS + SECOND_MS,
    );
  });

  it('waits again for a reader that has caught up', () => {
    const caughtUp = marked({ newest: at - HOUR_MS, heardAt: at }, at + 10_000, at + 10_200);
    expect(reachedAt([live(at + 12_000), caughtUp], at + 12_100)).toBe(at + 11_900);
  });

  it('does not wait for a reader that is silent: nothing says that it heard something', () => {
    const silent = live(at);
    expect(reachedAt([silent, live(at + 10 * MINUTE_MS)], at + 10 * MINUTE_MS + 100)).toBe(at + 10 * MINUTE_MS);
  });

  it('has nowhere begun where nobody was heard', () => {
    expect(reachedAt([], at)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('tells when a time will have come though nothing more arrives', () => {
    const marks = [live(at, 300), live(at - 2000, 200)];
    const due = arrivalOf(marks, at + 1000, at + 5000);
    expect(reachedAt(marks, due)).toBe(at + 5000);
    expect(reachedAt(marks, due - 1)).toBeLessThan(at + 5000);
    expect(arrivalOf(marks, at + 1000, at - 5000)).toBe(at + 1000);
  });
});
