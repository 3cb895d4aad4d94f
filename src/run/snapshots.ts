// Snapshots of the sites' machines, every so often and at the end.
import type { Figures } from './figures.ts';
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { until } from '../kit/sleep.ts';
import type { Cuts } from '../post/cuts.ts';
import { keepAhead, takeSnapshot } from '../post/snapshot.ts';
import type { Writer } from '../post/writer.ts';
import type { LiveSite, Sites } from './sites.ts';

const SNAPSHOT_WAITS_MS = 10_000;
const AHEAD_EVERY_MS = 500;

export function startSnapshots(
  sites: Sites,
  cuts: Cuts,
  writer: Writer,
  everyMs: number,
  figures: Figures,
  log: Logger,
) {
  const takenAt = new Map<string, number>();
  let running: Promise<void> = Promise.resolve();
  const take = async (live: LiveSite): Promise<void> => {
    if (takenAt.get(live.site) === live.machine.offset) return;
    const end = figures.snapshotSeconds.startTimer();
    // Only what the ledger has may be in a snapshot: effects still waiting would be lost with us.
    const snapshot = await cuts.take(() => takeSnapshot(live.machine));
    if (!(await until(() => live.postedTo >= snapshot.offset, SNAPSHOT_WAITS_MS))) {
      log.warn({ site: live.site }, 'snapshot put off: the ledger is behind');
      snapshot.putBack();
      return;
    }
    await writer.snapshot(snapshot).catch((error: unknown) => {
      snapshot.putBack();
      throw error;
    });
    takenAt.set(live.site, snapshot.offset);
    const seconds = end();
    log.debug({ site: live.site, offset: snapshot.offset, parts: snapshot.parts.length, seconds }, 'snapshot taken');
  };
  const takeAll = async (): Promise<void> => {
    for (const live of sites.bySite.values()) await take(live);
  };
  const timer = setInterval(() => {
    running = running
      .then(takeAll)
      .catch((error: unknown) =>
        log.error({ reason: messageOf(error) }, 'a snapshot could not be written; recovery would take longer'),
      );
  }, everyMs);
  const ahead = setInterval(() => {
    for (const { machine } of sites.bySite.values()) void cuts.take(() => keepAhead(machine));
  }, AHEAD_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      clearInterval(ahead);
    },
    takeOne: (site: string): Promise<void> => {
      const live = sites.bySite.get(site);
      return live === undefined ? Promise.resolve() : (running = running.then(() => take(live)));
    },
    takeAll: () =>
      running
        .then(takeAll)
        .catch((error: unknown) =>
          log.warn({ reason: messageOf(error) }, 'no snapshot at the end; the next start reads more of the journal'),
        ),
  };
}
