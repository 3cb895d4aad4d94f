// Loads something for a view, and again when the live stream may have missed something.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ApiFault } from '../api/client.ts';
import { resync } from '../live/stream.ts';
import { untilLoaded } from '../live/untilLoaded.ts';

export interface Loaded<T> {
  /** Undefined until it came; of the same key, what came last stays. */
  readonly value: T | undefined;
  readonly fault: ApiFault | undefined;
  readonly reload: () => void;
}

/** `key` names what is loaded: another key starts anew. `everyMs` loads it again that often. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ key: string; value: T | undefined; fault: ApiFault | undefined }>({
    key,
    value: undefined,
    fault: undefined,
  });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const missed = resync.value;
  useEffect(() => {
    const asking = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      await untilLoaded(
        async () => {
          const value = await load(asking.signal);
          if (!asking.signal.aborted) setState({ key, value, fault: undefined });
        },
        asking.signal,
        (fault) => setState((before) => ({ key, value: before.key === key ? before.value : undefined, fault })),
      );
      if (everyMs !== undefined && !asking.signal.aborted) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      asking.abort();
      clearTimeout(timer);
    };
    // `load` is made anew at every drawing; the key says when it is another one.
  }, [key, turn, missed, everyMs]);
  return state.key === key
    ? { value: state.value, fault: state.fault, reload }
    : { value: undefined, fault: undefined, reload };
}
