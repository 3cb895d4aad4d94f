// What is out without a receipt: in order, bounded, sent again when it must be and never when it need not.
import { describe, expect, it } from 'vitest';
import { createPace } from '../../../gateway/pace.ts';
import { backoffMs } from '../../../src/kit/sleep.ts';
import { duration } from '../../../gateway/report.ts';
import { createWindow, type SendWindow } from '../../../gateway/window.ts';

const LIMITS = { envelopesMax: 4, bytesMax: 1000, resendAfterMs: 10_000, resendAfterMostMs: 60_000 };
const envelope = (seq: number, bytes = 10) => ({ seq, bytes: Buffer.alloc(bytes) });

/** All that is due, as if it were published. */
function sent(window: SendWindow): number[] {
  const seqs: number[] = [];
  for (let next = window.next(); next !== undefined; next = window.next()) {
    seqs.push(next.seq);
    window.published(next.seq);
  }
  return seqs;
}

function filled(...seqs: number[]): SendWindow {
  const window = createWindow(LIMITS);
  for (const seq of seqs) window.add(envelope(seq), 0);
  return window;
}

describe('the window', () => {
  it('has room for so many envelopes, and for so many bytes', () => {
    const window = filled(1, 2, 3);
    expect(window.hasRoom()).toBe(true);
    window.add(envelope(4), 0);
    expect(window.hasRoom()).toBe(false);
    const heavy = createWindow(LIMITS);
    heavy.add(envelope(1, 5000), 0);
    expect(heavy.hasRoom()).toBe(false);
    sent(heavy);
    heavy.receipt(1, 0);
    expect(heavy.hasRoom()).toBe(true);
  });

  it('gives out each once, in order', () => {
    const window = filled(1, 2, 3);
    expect(sent(window)).toEqual([1, 2, 3]);
    expect(sent(window)).toEqual([]);
  });

  it('lets go of what a receipt covers, and of nothing for a PUBACK', () => {
    const window = filled(1, 2, 3);
    sent(window);
    window.puback(1);
    window.puback(2);
    expect(window.size()).toBe(3);
    expect(window.receipt(2, 0)).toEqual({ through: 2, missingBelow: undefined });
    expect(window.oldest()?.seq).toBe(3);
  });

  it('sends again after silence what this connection no longer carries, less often each time', () => {
    const window = filled(1, 2, 3);
    sent(window);
    window.puback(1);
    window.puback(3);
    expect(window.resendAt()).toBe(10_000);
    expect(window.resend(10_000)).toBe(true);
    expect(sent(window)).toEqual([1, 3]);
    expect(window.resendAt()).toBe(30_000);
    expect(window.resend(30_000)).toBe(false);
    for (let round = 0; round < 5; round++) window.resend(40_000);
    expect(window.resendAt()).toBe(100_000);
    window.receipt(1, 50_000);
    expect(window.resendAt()).toBe(60_000);
    window.receipt(3, 50_000);
    expect(window.resendAt()).toBeUndefined();
  });

  it('takes a receipt without progress for silence', () => {
    const window = filled(5, 6);
    sent(window);
    window.receipt(4, 9000);
    expect(window.resendAt()).toBe(10_000);
  });

  it('sends everything again on a new connection', () => {
    const window = filled(1, 2, 3);
    sent(window);
    window.receipt(1, 0);
    window.reconnected(77);
    expect(sent(window)).toEqual([2, 3]);
    expect(window.resendAt()).toBe(10_077);
  });

  it('believes no receipt for what it has not sent', () => {
    const window = filled(1, 2);
    window.published(1);
    expect(window.receipt(900, 0).through).toBe(1);
    expect(window.size()).toBe(1);
  });

  it('notices that the service waits for what is no longer here', () => {
    const window = filled(11, 12);
    sent(window);
    expect(window.receipt(10, 0).missingBelow).toBeUndefined();
    expect(window.receipt(3, 0)).toEqual({ through: 3, missingBelow: 11 });
    expect(window.receipt(12, 0).missingBelow).toBeUndefined();
    expect(window.receipt(3, 0).missingBelow).toBeUndefined();
  });

  it('forgets what the outbox has dropped', () => {
    const window = filled(1, 2, 3);
    window.dropBelow(3);
    expect(sent(window)).toEqual([3]);
  });
});

describe('the pace', () => {
  it('lets a burst go, then so many a second', () => {
    const pace = createPace(100, 3);
    expect([0, 0, 0, 0].map((now) => pace.take(now))).toEqual([0, 0, 0, 10]);
    expect(pace.take(10)).toBe(0);
    expect(pace.take(12)).toBe(8);
    expect([1000, 1000, 1000, 1000].map((now) => pace.take(now))).toEqual([0, 0, 0, 10]);
  });

  it('backs off, doubled and at random, up to a bound', () => {
    expect([0, 1, 2, 3].map((failures) => backoffMs(failures, 500, 30_000, 1))).toEqual([500, 1000, 2000, 4000]);
    expect(backoffMs(50, 500, 30_000, 1)).toBe(30_000);
    expect(backoffMs(50, 500, 30_000, 0)).toBe(15_000);
  });
});

it('durations are for people', () => {
  expect([400, 59_000, 250_000, 7_440_000].map(duration)).toEqual(['0 s', '59 s', '4 min 10 s', '2 h 4 min']);
});
