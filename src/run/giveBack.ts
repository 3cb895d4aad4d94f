// Giving a site back to the processes that share it: nothing new is taken, what was taken is acknowledged and posted, a snapshot
// makes it quick for the next one, and then its lock is free.
import type { Logger } from '../kit/log.ts';
import { messageOf } from '../kit/faults.ts';
import { until } from '../kit/sleep.ts';
import type { Writer } from '../post/writer.ts';
import { removeSite, type Sites } from './sites.ts';

export interface GivingBack {
  readonly sites: Sites;
  readonly writer: Writer;
  /** Consumes nothing more of it. */
  readonly leave: (site: string) => Promise<void>;
  readonly snapshot: (site: string) => Promise<void>;
  /** It is no longer ours, and its lock not yet free. */
  readonly left: (site: string) => void;
  readonly log: Logger;
}

const POSTED_WITHIN_MS = 5000;

export async function giveBackSite(site: string, options: GivingBack): Promise<void> {
  const { sites, writer, log } = options;
  const live = sites.bySite.get(site);
  if (live === undefined) return;
  live.isLeaving = true;
  await options.leave(site);
  const isPosted = (): boolean => live.postedTo >= live.nextOffset - 1;
  const isLost = (): boolean => sites.bySite.get(site) !== live; // to another process, while we were at it
  await until(() => isPosted() || isLost(), POSTED_WITHIN_MS);
  if (isPosted() && !isLost())
    await options
      .snapshot(site)
      .catch((error: unknown) =>
        log.warn({ site, reason: messageOf(error) }, 'no snapshot of a site that is given back'),
      );
  if (isLost()) return;
  removeSite(sites, site);
  options.left(site);
  await writer.release(site);
  log.info({ site, offset: live.postedTo }, 'site given back');
}
