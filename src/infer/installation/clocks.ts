// Readers of one portal whose clocks differ: what one antenna hears before another is then said to come after it. A clock is known by
// the least time that its newest read took to reach us: delay only adds to it, and varies, an error of the clock stays. Pure.
import type { Mark } from '../../clean/watermark.ts';
import type { PortalPlan, SitePlan } from '../../config/plan.ts';
import { shareOf, type Opinion } from './finding.ts';

/** The least lag of one reader in the present window and the one before, ms; infinite when nothing came. Plain, for the snapshot. */
export interface ReaderLag {
  leastMs: number;
  /** Messages, and when the last one came. */
  rows: number;
  lastAt: number;
  beforeMs: number;
}

export interface ClockMemory {
  /** Our clock when the present window began. */
  windowFrom: number;
  readonly lags: Map<string, ReaderLag>;
}

export const openClockMemory = (): ClockMemory => ({ windowFrom: Number.NaN, lags: new Map() });

const WINDOW_MS = 300_000;
/** Messages of a reader in a window, for its least lag to mean something. */
const ROWS_LEAST = 20;
/** A pallet takes about a second from one side to the other. */
const APART_MS = 500;
const TOGETHER_MS = 350;
const CRITICAL_MS = 1000;
/** What remains of a backlog shrinks from window to window; the error of a clock does not. */
const STEADY_MS = 250;

/** Readers that share a portal with another reader: only of these clocks matter. */
export function sharingReaders(plan: SitePlan): ReadonlySet<string> {
  return new Set(portalsOf(plan).flatMap(({ readers }) => readers));
}

const portalsOf = (plan: SitePlan): PortalPlan[] =>
  plan.readPoints.filter((point): point is PortalPlan => point.kind === 'portal' && point.readers.length > 1);

/** A message with reads of a reader arrived at `now`; it may be told once for each of its antennas. */
export function noteLag(memory: ClockMemory, reader: string, mark: Mark, now: number): void {
  // Its newest read is older than what came before: this message tells nothing of its clock.
  if (mark.heardAt !== now) return;
  let lag = memory.lags.get(reader);
  if (lag === undefined)
    memory.lags.set(reader, (lag = { leastMs: Infinity, rows: 0, lastAt: Number.NaN, beforeMs: Infinity }));
  if (lag.lastAt === now) return;
  lag.lastAt = now;
  lag.rows++;
  lag.leastMs = Math.min(lag.leastMs, now - mark.newest);
}

/** What is thought at `now`, when a window has ended. */
export function clockOpinions(memory: ClockMemory, plan: SitePlan, now: number): readonly Opinion[] {
  if (Number.isNaN(memory.windowFrom)) memory.windowFrom = now;
  if (now - memory.windowFrom < WINDOW_MS) return [];
  const opinions = portalsOf(plan).flatMap(({ id, readers }) =>
    readers.slice(1).flatMap((reader) => opinionOf(memory, id, readers[0]!, reader)),
  );
  memory.windowFrom = now;
  for (const lag of memory.lags.values()) {
    lag.beforeMs = lag.rows >= ROWS_LEAST ? lag.leastMs : Infinity;
    lag.leastMs = Infinity;
    lag.rows = 0;
  }
  return opinions;
}

function opinionOf({ lags, windowFrom }: ClockMemory, readPoint: string, first: string, second: string): Opinion[] {
  const a = lags.get(first);
  const b = lags.get(second);
  if (a === undefined || b === undefined || a.rows < ROWS_LEAST || b.rows < ROWS_LEAST) return [];
  const aheadMs = a.leastMs - b.leastMs;
  const beforeMs = a.beforeMs - b.beforeMs;
  const isSteady = Math.abs(aheadMs - beforeMs) < STEADY_MS;
  const isAhead = aheadMs > 0;
  const rows = Math.min(a.rows, b.rows);
  return [
    {
      kind: 'clocks-apart',
      subject: { readPoint, reader: isAhead ? second : first, other: isAhead ? first : second },
      severity: Math.abs(aheadMs) >= CRITICAL_MS ? 'critical' : 'warning',
      holds: isSteady && Math.abs(aheadMs) >= APART_MS,
      isOver: false,
      since: windowFrom - WINDOW_MS,
      certainty: shareOf(rows - 1, rows),
      evidence: { apartMs: Math.abs(aheadMs), apartBeforeMs: Math.abs(beforeMs), messages: rows },
      seen: `The clock of ${isAhead ? second : first} is ${Math.round(Math.abs(aheadMs))} ms ahead of that of ${isAhead ? first : second}, steadily: loads are heard in the wrong order at this portal, and crossings look impossible or reversed.`,
      advice:
        'Let both readers take the time from the same NTP server, or connect all antennas of this portal to one reader.',
    },
    // Over when they are together again, or the other one is ahead now.
    ...[
      [first, second],
      [second, first],
    ].map(([reader, other]): Opinion => ({
      ...NOTHING_HOLDS,
      subject: { readPoint, reader, other },
      isOver: Math.abs(aheadMs) <= TOGETHER_MS || reader !== (isAhead ? second : first),
    })),
  ];
}

const NOTHING_HOLDS = {
  kind: 'clocks-apart',
  severity: 'warning',
  holds: false,
  since: 0,
  certainty: 0,
  evidence: {},
  seen: '',
  advice: '',
} as const;
