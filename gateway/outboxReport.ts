// What the outbox says when its disk or its bounds trouble it. Everything here costs reads, or soon will: ERROR, once for each
// trouble, with what is at stake and what to do.
import type { Clock } from '../src/kit/clock.ts';
import type { Logger } from '../src/kit/log.ts';
import { formatTime } from '../src/wire/time.ts';

export interface OutboxReport {
  /** Why nothing can be written, if that is so. */
  readonly trouble: () => string | undefined;
  /** A write failed. */
  readonly failed: (reason: string) => void;
  readonly written: () => void;
  /** The oldest on disk were dropped. */
  readonly dropped: (from: number, to: number, droppedSinceStart: number) => void;
  /** What came could not be held in memory either. */
  readonly refused: (entries: number, droppedSinceStart: number) => void;
  readonly gaveUp: (entries: number) => void;
}

const REFUSAL_TOLD_EVERY_MS = 60_000;

export function createOutboxReport(options: {
  readonly folder: string;
  readonly bytesMax: number;
  readonly heldBytesMax: number;
  readonly clock: Clock;
  readonly log: Logger;
}): OutboxReport {
  const { folder, bytesMax, heldBytesMax, clock, log } = options;
  let trouble: { readonly reason: string; readonly since: number } | undefined;
  let refusalToldAt = Number.NEGATIVE_INFINITY;
  return {
    trouble: () => trouble?.reason,
    failed(reason) {
      if (trouble?.reason === reason) return;
      trouble = { reason, since: trouble?.since ?? clock() };
      log.error(
        { folder, reason, heldBytesMax },
        'the outbox cannot be written: reads are held in memory, and lost beyond its bound. Make room on its disk, or replace it when it fails',
      );
    },
    written() {
      if (trouble === undefined) return;
      log.info({ folder, since: formatTime(trouble.since) }, 'the outbox can be written again');
      trouble = undefined;
    },
    dropped(from, to, droppedSinceStart) {
      log.error(
        { from, to, dropped: to - from + 1, droppedSinceStart, bytesMax },
        'the outbox is full: its oldest envelopes were dropped. Their reads are lost; the service will record the gap',
      );
    },
    refused(entries, droppedSinceStart) {
      if (Math.abs(clock() - refusalToldAt) < REFUSAL_TOLD_EVERY_MS) return;
      refusalToldAt = clock();
      log.error(
        { entries, droppedSinceStart, heldBytesMax, reason: trouble?.reason },
        'the outbox cannot take more in memory while its disk is behind: reads are being lost',
      );
    },
    gaveUp(entries) {
      if (entries > 0) log.error({ entries }, 'stopped while the outbox could not be written: reads are lost');
    },
  };
}
