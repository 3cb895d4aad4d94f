// Taking a site over: its lock, its last snapshot, everything its journal holds since, and then its site file.
import { isDeepStrictEqual } from 'node:util';
import type { Subject } from 'rxjs';
import type { SiteSource } from '../config/plan.ts';
import type { Arrival } from '../intake/decode.ts';
import type { Journal } from '../intake/journal.ts';
import type { Clock } from '../kit/clock.ts';
import { newUuid } from '../kit/ids.ts';
import type { Logger } from '../kit/log.ts';
import { until } from '../kit/sleep.ts';
import { machineOf } from '../post/takeOver.ts';
import { leftBehind, leftBehindText } from '../post/leftBehind.ts';
import type { Writer } from '../post/writer.ts';
import { ownArrival } from './ownArrival.ts';
import { addSite, planOf, refreshRoutes, type LiveSite, type Sites } from './sites.ts';
import type { Pool } from '../store/database.ts';
import type { Growing } from '../intake/inOrder.ts';

const SITE_WITHIN_MS = 60_000;
/** Whose word the last site file was: what the folder says is applied again only when the folder has changed. */
const FILE_ACTOR = 'config file';

export interface Adoption {
  readonly sites: Sites;
  readonly writer: Writer;
  readonly pool: Pool;
  readonly grown$: Subject<Growing>;
  readonly journal: Journal;
  readonly retry: <T>(work: () => Promise<T>) => Promise<T>;
  readonly nap: (ms: number) => Promise<void>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Others have sites of their own: one that is not free is theirs, and not waited for. */
  readonly isSharing: boolean;
}

const adopting = new WeakMap<Sites, Set<string>>();

/** Takes a site over: its lock, its last snapshot, and everything its journal holds since. False when another one has it. */
export async function adoptSite(
  site: string,
  { sites, writer, pool, grown$, journal, retry, nap, log, signal, isSharing }: Adoption,
): Promise<boolean> {
  const busy = adopting.get(sites) ?? new Set<string>();
  adopting.set(sites, busy);
  if (sites.bySite.has(site) || busy.has(site)) return false;
  busy.add(site);
  try {
    for (let attempt = 0; !(await writer.own(site)); attempt++) {
      if (signal.aborted || isSharing) return false;
      if (attempt === 0) log.warn({ site }, 'another process derives this site; standing by until it ends');
      await nap(1000);
    }
    const startedAt = performance.now();
    const machine = await retry(() => machineOf(site, { pool, writer, journal, log }));
    const from = machine.offset;
    const live: LiveSite = { site, machine, nextOffset: machine.offset + 1, postedTo: await writer.cursor(site) };
    addSite(sites, live);
    const target = await retry(() => journal.nextOffset(site));
    grown$.next({ site, nextOffset: target, isTaken: true });
    const isOver = (): boolean => signal.aborted || sites.bySite.get(site) !== live;
    await until(() => machine.offset + 1 >= target || isOver(), Number.POSITIVE_INFINITY, 5);
    if (isOver()) return false;
    refreshRoutes(sites);
    if (target > 1) {
      log.info(
        {
          site,
          rows: target - 1 - from,
          offset: target - 1,
          seconds: Number(((performance.now() - startedAt) / 1000).toFixed(2)),
        },
        'site recovered from its journal',
      );
    }
    return true;
  } finally {
    busy.delete(site);
  }
}

export interface Applying {
  readonly sites: Sites;
  readonly pool: Pool;
  readonly own$: Subject<Arrival>;
  readonly clock: Clock;
  readonly retry: <T>(work: () => Promise<T>) => Promise<T>;
  readonly log: Logger;
  readonly failed: Promise<unknown>;
}

/** Puts the site file into the journal when it says something else than the last time it was read. */
export async function applyFile(
  source: SiteSource,
  { sites, pool, own$, clock, retry, failed, log }: Applying,
): Promise<void> {
  const { site } = source.file;
  const live = sites.bySite.get(site);
  if (live === undefined) return;
  const plain = JSON.parse(JSON.stringify(source)) as SiteSource;
  const { rows } = await retry(() =>
    pool.query<{ source: unknown }>(
      'select source from configuration where site = $1 and actor = $2 order by journal_offset desc limit 1',
      [site, FILE_ACTOR],
    ),
  );
  if (rows[0] !== undefined && isDeepStrictEqual(rows[0].source, plain)) return;
  const left = await retry(() => leftBehind(pool, planOf(live), source.file));
  if (left.length > 0)
    log.warn(
      { site, stock: leftBehindText(left) },
      'the site file drops locations at which the books have stock: put them back into the file and move the stock first',
    );
  const from = live.nextOffset;
  own$.next(
    ownArrival(site, clock(), {
      kind: 'command',
      content: { key: newUuid(), actor: FILE_ACTOR, command: { kind: 'load-site', source: plain } },
    }),
  );
  await Promise.race([
    until(
      () =>
        sites.bySite.get(site) !== live ||
        (live.machine.offset >= from && isDeepStrictEqual(JSON.parse(JSON.stringify(planOf(live).source)), plain)),
      SITE_WITHIN_MS,
    ),
    failed,
  ]);
}
