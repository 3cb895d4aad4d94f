// What a site is to be consumed of at an external broker: its gateways, and the topics of the devices in its site file.
import type { Pool } from '../store/database.ts';
import type { Sessions } from '../intake/externalBroker.ts';
import { overlapping } from '../intake/deviceTopics.ts';
import type { Logger } from '../kit/log.ts';
import { planOf, type Sites } from './sites.ts';

export interface Serving {
  readonly sites: Sites;
  readonly pool: Pool;
  readonly retry: <T>(work: () => Promise<T>) => Promise<T>;
  readonly log: Logger;
}

/** Consumes a site that is derived here, or goes on with what its file says now. Throws what `Sessions.serve` does. */
export async function serveSite(site: string, sessions: Sessions, { sites, pool, retry, log }: Serving): Promise<void> {
  const former = await retry(() => formerTopics(pool, site));
  const live = sites.bySite.get(site);
  if (live === undefined || live.isLeaving === true) return; // lost, or given back, meanwhile
  const topics = planOf(live).devices.map(({ topic }) => topic);
  for (const [topic, other] of overlapping(topics))
    log.warn(
      { site, topic, other },
      'topics of devices overlap: the broker may give a message that matches both twice. Keep them apart',
    );
  await sessions.serve(site, topics, former);
}

/** Of every file that the site ever had: a session may outlive the file that it was opened with, also in another process. */
async function formerTopics(pool: Pool, site: string): Promise<string[]> {
  const { rows } = await pool.query<{ topic: string }>(
    `select distinct device ->> 'topic' as topic
     from configuration cross join lateral jsonb_path_query(source, '$.file.devices[*]') as device where site = $1`,
    [site],
  );
  return rows.map(({ topic }) => topic);
}
