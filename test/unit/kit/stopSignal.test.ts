// Who asks twice does not wait; but npm, which passes on what the terminal has told us already, has not asked twice.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onStopSignal } from '../../../src/kit/stopSignal.ts';

const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
const onFirst = vi.fn<(signal: NodeJS.Signals) => void>();
let ignore = (): void => undefined;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.clearAllMocks();
  ignore = onStopSignal(onFirst);
});

afterEach(() => {
  ignore();
  vi.useRealTimers();
});

describe('a wish to stop', () => {
  it('that comes twice at once is one', () => {
    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(50);
    process.emit('SIGINT', 'SIGINT');
    expect(onFirst).toHaveBeenCalledExactlyOnceWith('SIGINT');
    expect(exit).not.toHaveBeenCalled();
  });

  it('that is repeated ends the process', () => {
    process.emit('SIGTERM', 'SIGTERM');
    vi.advanceTimersByTime(1000);
    process.emit('SIGINT', 'SIGINT');
    expect(onFirst).toHaveBeenCalledOnce();
    expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  });
});
