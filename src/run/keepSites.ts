// Which sites this process derives. With the embedded broker all of them, waiting for who has one; with a broker that is not ours
// its share of them (see shares.ts), and what it derives it consumes.
import type { Subject } from 'rxjs';
import type { SiteSource } from '../config/plan.ts';
import type { Sessions } from '../intake/externalBroker.ts';
import { Fault, messageOf } from '../kit/faults.ts';
import type { Writer } from '../post/writer.ts';
import { adoptSite, applyFile, type Adoption, type Applying } from './adopt.ts';
import { giveBackSite } from './giveBack.ts';
import { serveSite } from './serveSite.ts';
import { startShares } from './shares.ts';
import { removeSite, type LiveSite } from './sites.ts';

export interface KeepOptions extends Omit<Adoption, 'isSharing'>, Omit<Applying, 'failed'> {
  /** Site files, as the configuration folder has them. */
  readonly files: readonly SiteSource[];
  /** Of the external broker; undefined with the embedded one. */
  readonly sessions: Sessions | undefined;
  readonly writer: Writer;
  readonly snapshot: (site: string) => Promise<void>;
  readonly taken$: Subject<LiveSite>;
  readonly left$: Subject<string>;
  /** No more is taken or given back when it aborts. */
  readonly sharing: AbortSignal;
  readonly failed: Promise<unknown>;
  readonly fail: (error: unknown) => void;
}

export interface KeptSites {
  /** Resolves when the sites are ours that are to be. Throws `rejected` when the external broker refuses us. */
  readonly start: () => Promise<void>;
  /** There is a site that is not derived here. */
  readonly noticed: (site: string) => void;
  /** Another process has it: nothing of ours can be written any more. */
  readonly lose: (site: string) => void;
  /** Its file has changed: what is consumed of it may have as well. */
  readonly serveAgain: (site: string) => void;
}

export function keepSites(options: KeepOptions): KeptSites {
  const { files, sessions, sites, pool, retry, writer, taken$, left$, log } = options;
  let isStarted = false;

  const all = async (): Promise<string[]> => {
    const known = await retry(() => pool.query<{ site: string }>('select site from journal_head order by site'));
    return [...new Set([...known.rows.map(({ site }) => site), ...files.map(({ file }) => file.site)])];
  };
  const adopt = (site: string): Promise<boolean> => adoptSite(site, { ...options, isSharing: sessions !== undefined });

  const take = async (shared: Sessions, site: string): Promise<void> => {
    try {
      if (!(await adopt(site))) return;
      for (const source of files) if (source.file.site === site) await applyFile(source, options);
      const live = sites.bySite.get(site);
      if (live !== undefined) taken$.next(live);
      await serveSite(site, shared, options);
    } catch (error) {
      const code = error instanceof Fault ? error.code : undefined;
      // Somebody was quicker while our connection was broken; or the broker refuses us, which is told, and tried again.
      if (code === 'site-lost' || (code === 'broker-refused' && isStarted)) return;
      throw error;
    }
  };
  const giveBack = (shared: Sessions, site: string): Promise<void> =>
    giveBackSite(site, {
      sites,
      writer,
      leave: (leaving) => shared.leave(leaving),
      snapshot: options.snapshot,
      left: (leaving) => left$.next(leaving),
      log,
    });

  return {
    async start() {
      if (sessions === undefined) {
        for (const site of await all()) await adopt(site);
        for (const source of files) await applyFile(source, options);
      } else
        await startShares({
          allSites: all,
          share: (names) => writer.share(names),
          owned: () => [...sites.bySite.keys()],
          take: (site) => take(sessions, site),
          giveBack: (site) => giveBack(sessions, site),
          onDefect: options.fail,
          signal: options.sharing,
          log,
        });
      isStarted = true;
    },
    noticed(site) {
      if (sessions === undefined) adopt(site).catch((error: unknown) => options.fail(error)); // shared ones are looked for
    },
    lose(site) {
      log.warn(
        { site },
        'another process has taken the site over while our connection was broken; it is given up here',
      );
      removeSite(sites, site);
      left$.next(site);
      void sessions?.leave(site);
    },
    serveAgain(site) {
      if (sessions?.serves(site) !== true) return; // it will be, with this file
      serveSite(site, sessions, options).catch((error: unknown) =>
        log.error({ site, reason: messageOf(error) }, 'what the new site file names is not subscribed to yet'),
      );
    },
  };
}
