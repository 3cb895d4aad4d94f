// From what readers hand over to drafts in the outbox: every entry is written once, joins a batch, and waits for nothing but its
// linger. What no envelope can carry is left out, counted and told.
import type { Clock } from '../src/kit/clock.ts';
import type { Logger } from '../src/kit/log.ts';
import { BATCH_LIMITS, createBatch, type BatchLimits, type Draft } from './batch.ts';
import { entryText } from './entryJson.ts';
import type { Outbox } from './outbox.ts';
import { deviceOf, type Observation, type Sink } from './reader.ts';

const REFUSED_TOLD_EVERY_MS = 60_000;

export interface Intake {
  readonly take: Sink;
  /** What is open goes to the outbox at once. */
  readonly close: () => void;
  readonly figures: () => { readonly entries: number; readonly refused: number };
}

/** From observations to drafts in the outbox. */
export function createIntake(
  outbox: Outbox,
  options: { readonly batch?: Partial<BatchLimits>; readonly clock: Clock; readonly log: Logger },
): Intake {
  const { log, clock } = options;
  const batch = createBatch({ ...BATCH_LIMITS, ...options.batch });
  let entries = 0;
  let refused = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const put = (draft: Draft | undefined): void => {
    if (draft !== undefined) void outbox.append(draft);
  };
  /** One timer, for the draft that is open now. */
  const schedule = (): void => {
    clearTimeout(timer);
    const closesAt = batch.closesAt();
    timer = closesAt === undefined ? undefined : setTimeout(flush, Math.max(0, closesAt - performance.now()));
  };
  const flush = (): void => {
    put(batch.due(performance.now()));
    schedule();
  };
  const refuse = (observation: Observation): void => {
    refused++;
    if (Math.abs(clock() - toldAt) < REFUSED_TOLD_EVERY_MS) return;
    toldAt = clock();
    log.warn(
      { device: deviceOf(observation), kind: observation.kind, refusedSinceStart: refused },
      'a reader handed over something that no envelope can carry (no time, no hex EPC, too large); it is left out',
    );
  };
  return {
    take(observations) {
      const before = batch.closesAt();
      const now = performance.now();
      for (const observation of observations) {
        const text = entryText(observation);
        const drafts = text && batch.add(text, now);
        if (drafts === undefined) {
          refuse(observation);
          continue;
        }
        entries++;
        for (const draft of drafts) put(draft);
      }
      if (batch.closesAt() !== before) schedule();
      return outbox.room();
    },
    close() {
      clearTimeout(timer);
      put(batch.close());
    },
    figures: () => ({ entries, refused }),
  };
}
