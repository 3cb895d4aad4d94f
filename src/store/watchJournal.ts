// Word that a site's journal has grown by another hand: by notification at once, by a look every two seconds in case a
// notification was lost with its connection.
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';
import { openClient, type DatabaseOptions, type Pool, type Queryable } from './database.ts';

export const JOURNAL_CHANNEL = 'tallygate_journal';

const LOOK_EVERY_MS = 2000;

/** A site's journal holds everything before this offset. */
export interface Growth {
  readonly site: string;
  readonly nextOffset: number;
}

/** To be called after an append by a process that does not derive the site. */
export async function tellJournalGrown(on: Queryable, growth: Growth): Promise<void> {
  await on.query('select pg_notify($1, $2)', [JOURNAL_CHANNEL, JSON.stringify(growth)]);
}

export interface WatchOptions {
  readonly database: DatabaseOptions;
  readonly pool: Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onGrown: (growth: Growth) => void;
}

export function watchJournal({ database, pool, log, signal, onGrown }: WatchOptions): {
  readonly stop: () => Promise<void>;
} {
  const heads = new Map<string, number>();
  const look = async (): Promise<void> => {
    const { rows } = await pool.query<{ site: string; next_offset: number }>(
      'select site, next_offset from journal_head',
    );
    for (const { site, next_offset: next } of rows) {
      if (heads.get(site) !== next) onGrown({ site, nextOffset: next });
      heads.set(site, next);
    }
  };
  const looking = repeat(LOOK_EVERY_MS, signal, look);
  const listening = listen(JOURNAL_CHANNEL, { ...database, name: 'tallygate listener' }, log, signal, (payload) =>
    onGrown(JSON.parse(payload) as Growth),
  );
  return {
    async stop() {
      await Promise.all([looking, listening]);
    },
  };
}

async function repeat(everyMs: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work().catch(() => {}); // Postgres is away: the next look finds what this one missed
    await sleep(everyMs, signal);
  }
}

/** Listens until the signal aborts; a broken connection is opened again. Resolves when it has ended. */
export async function listen(
  channel: string,
  database: DatabaseOptions,
  log: Logger,
  signal: AbortSignal,
  onPayload: (payload: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const broken = new AbortController();
      const client = await openClient({ ...database, onError: () => broken.abort() });
      client.on('notification', ({ payload }) => payload !== undefined && onPayload(payload));
      client.on('end', () => broken.abort());
      await client.query(`listen ${channel}`);
      await new Promise<void>((resolve) => {
        const end = (): void => resolve();
        broken.signal.addEventListener('abort', end, { once: true });
        signal.addEventListener('abort', end, { once: true });
        if (signal.aborted) resolve();
      });
      await client.end().catch(() => {});
    } catch (error) {
      log.debug({ channel, reason: messageOf(error) }, 'listening broke off; it begins again');
    }
    await sleep(1000, signal);
  }
}
