// What happens as it happens, for /v1/live and for whoever waits for a command: told by the site's writer after each commit,
// read from the ledger once for all listeners. A notification that is lost with its connection loses nothing: what was told
// last is known, and the cursors are looked at every few seconds.
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { EFFECTS_CHANNEL } from '../post/ledger.ts';
import type { DatabaseOptions, Pool } from '../store/database.ts';
import { listen } from '../store/watchJournal.ts';
import { ALERTS_CHANNEL } from '../watch/keep.ts';
import { alertJson, alertOf, type AlertRow } from '../watch/rows.ts';
import { pagesOf, type LivePage } from './livePages.ts';

/** What portals and zones read this second; not in the ledger, only for looking at. */
export const READS_CHANNEL = 'tallygate_reads';

export interface LiveFeed {
  /** How far the ledger of every site is. */
  readonly cursors: () => Promise<ReadonlyMap<string, number>>;
  /** Calls back with everything that happens after these cursors, in order; the function returned ends it. */
  readonly subscribe: (cursors: ReadonlyMap<string, number>, listener: (page: LivePage) => void) => () => void;
  /** What has happened after one offset and up to another, in pages. */
  readonly between: (site: string, after: number, to: number) => AsyncGenerator<LivePage>;
  readonly stop: () => Promise<void>;
}

export interface FeedOptions {
  readonly pool: Pool;
  readonly database: DatabaseOptions;
  readonly log: Logger;
  /** The ledger of a site has come from one row of its journal to another. */
  readonly onPosted: (site: string, from: number, to: number) => void;
}

const LOOK_EVERY_MS = 5000;

export function openFeed({ pool, database, log, onPosted }: FeedOptions): LiveFeed {
  const listeners = new Set<(page: LivePage) => void>();
  const stopping = new AbortController();
  /** Of each site, how far the listeners have been told; nothing while there are none. */
  const told = new Map<string, number>();
  let turn: Promise<void> = Promise.resolve();

  const tell = (page: LivePage): void => {
    for (const listener of listeners) listener(page);
  };
  const catchUp = (site: string, to: number): void => {
    turn = turn.then(async () => {
      // A site that was not there when the first listener came is told from its beginning.
      const from = told.get(site) ?? 0;
      if (listeners.size === 0 || from >= to) return;
      try {
        for await (const page of pagesOf(pool, site, from, to)) {
          tell(page);
          told.set(site, page.through!);
        }
      } catch (error) {
        log.debug({ site, reason: messageOf(error) }, 'the live stream could not read the ledger; it will look again');
      }
    });
  };
  const cursors = async (): Promise<ReadonlyMap<string, number>> => {
    const { rows } = await pool.query<{ site: string; journal_offset: number }>({
      name: 'feed-cursors',
      text: 'select site, journal_offset from cursor',
    });
    return new Map(rows.map(({ site, journal_offset: offset }) => [site, offset]));
  };
  const look = async (): Promise<void> => {
    if (listeners.size === 0) return;
    for (const [site, offset] of await cursors()) catchUp(site, offset);
  };
  const looking = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS); // Postgres is away: the next look finds it
  /** As it is when it is told: several changes at once are told as the last of them. */
  const tellAlert = (site: string, id: string): void => {
    turn = turn.then(async () => {
      if (listeners.size === 0) return;
      try {
        const { rows } = await pool.query<AlertRow & Record<string, unknown>>({
          name: 'feed-alert',
          text: 'select * from alert where site = $1 and id = $2',
          values: [site, id],
        });
        for (const row of rows)
          tell({
            site,
            through: undefined,
            events: [{ type: 'alert', offset: undefined, data: alertJson(alertOf(row)) }],
          });
      } catch (error) {
        log.debug({ site, reason: messageOf(error) }, 'a listener could not be told of an alert; the lists have it');
      }
    });
  };
  const listening = [
    listen(EFFECTS_CHANNEL, { ...database, name: 'tallygate feed' }, log, stopping.signal, (payload) => {
      const { site, from, to } = JSON.parse(payload) as { site: string; from: number; to: number };
      onPosted(site, from, to);
      catchUp(site, to);
    }),
    listen(ALERTS_CHANNEL, { ...database, name: 'tallygate alerts' }, log, stopping.signal, (payload) => {
      const { site, id } = JSON.parse(payload) as { site: string; id: string };
      tellAlert(site, id);
    }),
    listen(READS_CHANNEL, { ...database, name: 'tallygate reads' }, log, stopping.signal, (payload) => {
      const { site, ...data } = JSON.parse(payload) as { site: string };
      tell({ site, through: undefined, events: [{ type: 'reads', offset: undefined, data }] });
    }),
  ];
  return {
    subscribe(from, listener) {
      for (const [site, offset] of from) if (!told.has(site)) told.set(site, offset);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) told.clear();
      };
    },
    cursors,
    between: (site, after, to) => pagesOf(pool, site, after, to),
    async stop() {
      clearInterval(looking);
      stopping.abort();
      await Promise.all(listening);
      await turn;
    },
  };
}
