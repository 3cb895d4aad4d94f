// When nothing comes, silence itself becomes a row, as soon as something waits for it.
import type { Subject } from 'rxjs';
import { dueAt } from '../derive.ts';
import type { Arrival } from '../intake/decode.ts';
import type { FlowingClock } from '../kit/clock.ts';
import { ownArrival } from './ownArrival.ts';
import type { Backlog } from '../post/stage.ts';
import type { Sites } from './sites.ts';

const TICK_LOOK_MS = 100;
const TICK_SPACING_MS = 200;
/** With so many rows waiting there is no silence. */
const TICK_BACKLOG_ROWS = 5000;

/** Looks ten times a second which sites wait for time to pass. */
export function startTicks(
  sites: Sites,
  own$: Subject<Arrival>,
  clock: FlowingClock,
  backlog: Backlog,
): { readonly stop: () => void } {
  const last = new Map<string, { readonly at: number; readonly offset: number }>();
  const timer = setInterval(() => {
    // Another process, or this one before it was started again, may have had a clock that was ahead.
    for (const { machine } of sites.bySite.values()) clock.notBefore(machine.clean.now);
    const now = clock.now();
    if (backlog.rows > TICK_BACKLOG_ROWS) return;
    for (const { site, machine, nextOffset, isLeaving } of sites.bySite.values()) {
      // Rows that wait bring their own time with them.
      if (isLeaving === true || machine.offset + 1 < nextOffset) continue;
      const known = last.get(site);
      // One at a time: the last one must have come through before there is another.
      if (known !== undefined && (now - known.at < TICK_SPACING_MS || nextOffset <= known.offset)) continue;
      if (dueAt(machine, now) > now) continue;
      last.set(site, { at: now, offset: nextOffset });
      own$.next(ownArrival(site, now, { kind: 'tick' }));
    }
  }, TICK_LOOK_MS);
  return { stop: () => clearInterval(timer) };
}
