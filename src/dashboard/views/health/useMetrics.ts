// The figures of the service while somebody looks: asked for every few seconds, with what changed between two looks.
import { useEffect, useState } from 'preact/hooks';
import { asFault, getText, type ApiFault } from '../../api/client.ts';
import { meanSince, parseMetrics, quantileSince, since, sumOf, type Metrics } from './metrics.ts';

const EVERY_MS = 3000;
const LOOKS_MAX = 60;

/** What one look showed; rates are since the look before. */
export interface Look {
  readonly readsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly intakeMs: number | undefined;
  readonly intakeP95Ms: number | undefined;
  readonly postMs: number | undefined;
  readonly lagRows: number;
  readonly heldBytes: number;
  readonly memoryBytes: number;
  readonly cpuShare: number;
}

export interface Watched {
  readonly metrics: Metrics | undefined;
  readonly looks: readonly Look[];
  readonly fault: ApiFault | undefined;
}

export function useMetrics(): Watched {
  const [watched, setWatched] = useState<Watched>({ metrics: undefined, looks: [], fault: undefined });
  useEffect(() => {
    const asking = new AbortController();
    let before: { readonly at: number; readonly metrics: Metrics } | undefined;
    const ask = async (): Promise<void> => {
      try {
        const metrics = parseMetrics(await getText('/metrics', asking.signal));
        const at = performance.now();
        const look = before === undefined ? undefined : lookOf(before.metrics, metrics, (at - before.at) / 1000);
        before = { at, metrics };
        setWatched(({ looks }) => ({
          metrics,
          looks: look === undefined ? looks : [...looks, look].slice(-LOOKS_MAX),
          fault: undefined,
        }));
      } catch (error) {
        if (!asking.signal.aborted) setWatched((kept) => ({ ...kept, fault: asFault(error) }));
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      asking.abort();
      clearInterval(timer);
    };
  }, []);
  return watched;
}

function lookOf(before: Metrics, after: Metrics, seconds: number): Look {
  const ms = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1000);
  const received = (metrics: Metrics): number =>
    sumOf(metrics, 'tallygate_intake_messages_total', ['result', 'received']);
  return {
    readsPerSecond: since(before, after, 'tallygate_reads_total') / seconds,
    messagesPerSecond: Math.max(0, received(after) - received(before)) / seconds,
    intakeMs: ms(meanSince(before, after, 'tallygate_intake_commit_seconds')),
    intakeP95Ms: ms(quantileSince(before, after, 'tallygate_intake_commit_seconds', 0.95)),
    postMs: ms(meanSince(before, after, 'tallygate_post_commit_seconds')),
    lagRows: sumOf(after, 'tallygate_journal_lag_rows'),
    heldBytes: sumOf(after, 'tallygate_mqtt_held_bytes'),
    memoryBytes: sumOf(after, 'tallygate_process_resident_memory_bytes'),
    cpuShare: since(before, after, 'tallygate_process_cpu_seconds_total') / seconds,
  };
}
