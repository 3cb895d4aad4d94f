import { describe, expect, it } from 'vitest';
import { flowingClock } from '../../../src/kit/clock.ts';

const HOUR_MS = 3_600_000;

describe('a clock that flows', () => {
  it('is that of the machine as long as that one goes on, also when it is set ahead', () => {
    let [machine, elapsed] = [1000, 0];
    const { now } = flowingClock(
      () => machine,
      () => elapsed,
    );
    expect(now()).toBe(1000);
    [machine, elapsed] = [1500, 500];
    expect(now()).toBe(1500);
    [machine, elapsed] = [1500 + HOUR_MS, 510];
    expect(now()).toBe(1500 + HOUR_MS);
  });

  it('goes on when that one is set back, a little slower, until it has caught up', () => {
    let [machine, elapsed] = [HOUR_MS, 0];
    const { now } = flowingClock(
      () => machine,
      () => elapsed,
    );
    machine = 0;
    const pass = (ms: number): number => {
      machine += ms;
      elapsed += ms;
      return now();
    };
    expect(pass(1000)).toBe(HOUR_MS + 900);
    expect(pass(1000)).toBe(HOUR_MS + 1800);
    expect(pass(9 * HOUR_MS)).toBeGreaterThan(machine);
    expect(pass(2 * HOUR_MS)).toBe(machine);
  });

  it('shows at least what it is told that somebody has seen, and whole milliseconds', () => {
    let elapsed = 0;
    const { now, notBefore } = flowingClock(
      () => 0,
      () => elapsed,
    );
    notBefore(5000);
    expect(now()).toBe(5000);
    notBefore(10);
    elapsed = 1;
    expect(now()).toBe(5000);
    elapsed = 2;
    expect(now()).toBe(5001);
  });
});
