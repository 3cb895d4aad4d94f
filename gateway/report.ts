// What the uplink says for whoever is on call: each change once, what lasts every few minutes, always with how much waits and
// since when. Nothing here decides anything.
import type { Clock } from '../src/kit/clock.ts';
import type { Logger } from '../src/kit/log.ts';
import { formatTime } from '../src/wire/time.ts';

/** What is waiting in the outbox. */
export interface Backlog {
  readonly envelopes: number;
  readonly bytes: number;
  readonly bytesMax: number;
  /** `sentAt` of the oldest, where it is known. */
  readonly oldestSentAt: string | undefined;
}

export interface Report {
  readonly connected: () => void;
  /** `isOurs`: the broker refuses us, and trying again alone will not help. */
  readonly away: (reason: string, isOurs: boolean) => void;
  /** Nothing came of what was sent; `isHeld` when the broker has not even acknowledged it. */
  readonly quiet: (isHeld: boolean) => void;
  readonly receipt: () => void;
  /** To be called now and then. */
  readonly tick: () => void;
}

const REMIND_EVERY_MS = 5 * 60_000;
/** Each reason is told once in an absence; one with more reasons than this is told as they were. */
const REASONS_MAX = 8;
const PROGRESS_EVERY_MS = 60_000;
/** A backlog above this is worth a line when it is gone. */
const BEHIND_ENVELOPES = 100;

export function createReport(options: {
  readonly log: Logger;
  readonly clock: Clock;
  readonly broker: string;
  readonly backlog: () => Backlog;
}): Report {
  const { log, clock, broker } = options;
  let away: { readonly since: number; readonly reasons: Set<string>; toldAt: number } | undefined;
  let quiet: { readonly since: number; toldAt: number } | undefined;
  let behind: { toldAt: number; readonly from: number } | undefined;
  const figures = () => {
    const { envelopes, bytes, bytesMax, oldestSentAt } = options.backlog();
    return {
      backlog: envelopes,
      ...(oldestSentAt && { oldest: oldestSentAt }),
      outbox: `${mib(bytes)} of ${mib(bytesMax)}`,
    };
  };
  const isDue = (toldAt: number, everyMs: number): boolean => Math.abs(clock() - toldAt) >= everyMs;

  return {
    connected() {
      const waiting = away === undefined ? {} : { awayFor: duration(clock() - away.since) };
      log.info({ broker, ...waiting, ...figures() }, 'connected to the broker');
      away = undefined;
      if (options.backlog().envelopes > 0) behind ??= { toldAt: clock(), from: options.backlog().envelopes };
    },
    away(reason, isOurs) {
      const now = clock();
      const isKnown = away !== undefined && (away.reasons.has(reason) || away.reasons.size >= REASONS_MAX);
      if (away !== undefined && isKnown && !isDue(away.toldAt, REMIND_EVERY_MS)) return;
      away ??= { since: now, reasons: new Set(), toldAt: now };
      away.toldAt = now;
      if (!isKnown) away.reasons.add(reason);
      const since = {
        broker,
        reason,
        since: formatTime(away.since),
        awayFor: duration(now - away.since),
        ...figures(),
      };
      if (isOurs)
        log.error(since, 'the broker refuses this gateway; reads are kept in the outbox until somebody puts it right');
      else log.warn(since, 'the broker is away; reads are kept in the outbox and sent when it is back');
    },
    quiet(isHeld) {
      const now = clock();
      if (quiet !== undefined && !isDue(quiet.toldAt, REMIND_EVERY_MS)) return;
      quiet = { since: quiet?.since ?? now, toldAt: now };
      log.warn(
        { broker, since: formatTime(quiet.since), ...figures() },
        isHeld
          ? 'the broker acknowledges nothing: does the service reach its database? Reads are kept in the outbox'
          : 'there are no receipts: does the service run, on this broker, with this site? Reads are kept and sent again',
      );
    },
    receipt() {
      if (quiet !== undefined)
        log.info({ silentFor: duration(clock() - quiet.since), ...figures() }, 'receipts come again');
      quiet = undefined;
      const { envelopes } = options.backlog();
      if (envelopes > BEHIND_ENVELOPES) behind ??= { toldAt: clock(), from: envelopes };
      if (envelopes > 0 || behind === undefined) return;
      log.info({ envelopes: behind.from }, 'caught up: the service has everything');
      behind = undefined;
    },
    tick() {
      if (away !== undefined || behind === undefined || !isDue(behind.toldAt, PROGRESS_EVERY_MS)) return;
      behind.toldAt = clock();
      log.info(figures(), 'catching up');
    },
  };
}

const mib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

/** `2 h 4 min`, `4 min 10 s`, `3 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
