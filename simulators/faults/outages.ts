// A line that is down holds its messages back and sends them afterwards, 500 a second (src/wire/formats/READERS.md, 3: Zebra's
// replay throttle). A gateway works through its outbox in order; a reader mixes the backlog with what it sees now.
import type { TimedMessage } from '../messages.ts';
import type { Random } from '../random.ts';
import type { FaultOptions } from './options.ts';

export interface Outages {
  /** The message as it leaves the line: at once, later, or (undefined) never. */
  readonly pass: (message: TimedMessage) => TimedMessage | undefined;
}

export const BACKLOG_PER_SECOND = 500;
const BACKLOG_STEP_MS = 1000 / BACKLOG_PER_SECOND;

type OutageOptions = Pick<FaultOptions, 'outageEveryMs' | 'outageMinMs' | 'outageMaxMs' | 'backlogLoss'>;

/** Outages of one line; messages must come in the order of their `at`. */
export function createOutages(options: OutageOptions, chance: Random, startAt: number): Outages {
  if (options.outageEveryMs === 0) return { pass: (message) => message };
  let from = startAt + chance.exponential(options.outageEveryMs);
  let to = from + durationOf(options, chance);
  let lastSentAt = -Infinity;
  let oldestHeld: number | undefined;

  const later = (message: TimedMessage, notBefore: number): TimedMessage => {
    lastSentAt = Math.max(notBefore, lastSentAt + BACKLOG_STEP_MS);
    if (message.kind !== 'envelope') return { ...message, at: lastSentAt };
    // Nothing is receipted while the line is down, so the gateway still holds the first of them.
    const { envelope } = message;
    oldestHeld ??= envelope.oldest ?? envelope.seq;
    const oldest = Math.min(oldestHeld, envelope.oldest ?? envelope.seq);
    return { ...message, at: lastSentAt, envelope: { ...envelope, oldest } };
  };

  return {
    pass: (message) => {
      while (message.at >= to) {
        from = to + chance.exponential(options.outageEveryMs);
        to = from + durationOf(options, chance);
      }
      if (message.at >= from) {
        if (chance.chance(options.backlogLoss)) return undefined;
        return later(message, to);
      }
      const draining = message.at < lastSentAt;
      if (draining && message.kind === 'envelope') return later(message, message.at);
      oldestHeld = undefined;
      return message;
    },
  };
}

const durationOf = (options: OutageOptions, chance: Random): number =>
  chance.between(options.outageMinMs, Math.max(options.outageMinMs, options.outageMaxMs));
