// The one connection that may write to the ledger of the sites it holds. The lock of a site lives and dies with the
// connection that commits its effects: who has lost it cannot write any more, so a process thought dead never does.
import { Fault, messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { isUnavailable, openClient, type Client, type DatabaseOptions } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import type { EffectsBatch } from './batch.ts';
import { chainRest, cursorOf, postEffects } from './ledger.ts';
import { sumRest } from './sumRest.ts';
import { keepBase, writeSnapshot } from './keepSnapshot.ts';
import type { Snapshot } from './snapshot.ts';

export interface Writer {
  /** Takes the lock of a site; false when another process holds it. */
  readonly own: (site: string) => Promise<boolean>;
  /** Is the site ours still? As the connection says that writes; waits while Postgres is away. */
  readonly holds: (site: string) => Promise<boolean>;
  /** Gives the lock of a site back. */
  readonly release: (site: string) => Promise<void>;
  /** How many processes share the sites, ourselves among them, and which of these sites nobody derives. */
  readonly share: (sites: readonly string[]) => Promise<Share>;
  readonly cursor: (site: string) => Promise<number>;
  /** See `sumRest`. */
  readonly sumRest: (site: string) => Promise<boolean>;
  /** See `chainRest`. */
  readonly chainRest: (site: string) => Promise<number>;
  /** Posts a batch, exactly once, however often the connection breaks on the way. */
  readonly post: (batch: EffectsBatch) => Promise<void>;
  readonly snapshot: (snapshot: Snapshot) => Promise<void>;
  /** See `keepBase`. */
  readonly keepBase: (site: string, offset: number) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

export interface Share {
  readonly processes: number;
  readonly free: readonly string[];
}

export interface WriterOptions {
  readonly database: DatabaseOptions;
  readonly log: Logger;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onCommit: (seconds: number) => void;
  /** How long a broken connection of ours may still hold a lock before it counts as somebody else's. */
  readonly lockWithinMs?: number;
  /**
   * Told of a site that another process took while our connection was broken; the others stay ours. Without it, it is a fault:
   * who does not share expects nobody.
   */
  readonly onLost?: (site: string) => void;
}

const RETRY_MS = 250;
const RETRY_MOST_MS = 3000;
/** TCP keep-alive and `client_connection_check_interval` end what we have lost within this. */
const LOCK_WITHIN_MS = 6000;
const LOCK_EVERY_MS = 200;

export function openWriter(options: WriterOptions): Writer {
  const { log, sleep } = options;
  const owned = new Set<string>();
  const months = new Set<string>();
  let client: Client | undefined;
  let isClosed = false;
  let turn: Promise<unknown> = Promise.resolve();

  const connection = async (): Promise<Client> => {
    if (client !== undefined) return client;
    const fresh = await openClient({
      ...options.database,
      onError: (error) => {
        log.warn({ reason: error.message }, 'the connection of the ledger broke; it is opened again');
        if (client === fresh) client = undefined; // the word of an older one may come late
      },
    });
    try {
      if (options.onLost !== undefined) await bePresent(fresh);
      await lockOwned(fresh);
    } catch (error) {
      await fresh.end().catch(() => {}); // or the locks that it has already would be kept from the next one
      throw error;
    }
    client = fresh;
    return fresh;
  };

  const lockOwned = async (fresh: Client): Promise<void> => {
    // All of them have the same time: it is the one old connection that may hold them still.
    const end = performance.now() + (options.lockWithinMs ?? LOCK_WITHIN_MS);
    for (const site of owned) {
      if (await lockAgain(fresh, site, end)) continue;
      if (options.onLost === undefined) throw lost(site);
      owned.delete(site);
      options.onLost(site);
    }
  };

  const lockAgain = async (on: Client, site: string, end: number): Promise<boolean> => {
    while (!(await lock(on, site))) {
      if (isClosed) throw new Fault('unavailable', 'closed', `Closed while ${site} was not locked again.`);
      if (performance.now() > end) return false;
      await sleep(LOCK_EVERY_MS);
    }
    return true;
  };

  /** Only who holds the lock of a site may write for it, and we have it on the connection that writes. */
  const writing = <T>(site: string, work: (on: Client, attempt: number) => Promise<T>): Promise<T> =>
    inTurn((on, attempt) => {
      if (!owned.has(site)) throw lost(site);
      return work(on, attempt);
    });

  /** One after the other, since there is one connection; again and again while Postgres is away. */
  const inTurn = <T>(work: (on: Client, attempt: number) => Promise<T>): Promise<T> => {
    const run = async (): Promise<T> => {
      for (let attempt = 0; ; attempt++) {
        try {
          const result = await work(await connection(), attempt);
          if (attempt > 0) log.info({ attempts: attempt + 1 }, 'the ledger can be written again');
          return result;
        } catch (error) {
          if (!isUnavailable(error) || isClosed) throw error;
          if (attempt === 0)
            log.error(
              { reason: messageOf(error) },
              'the ledger cannot be written: effects wait until Postgres answers',
            );
          const broken = client;
          client = undefined;
          await broken?.end().catch(() => {});
          await sleep(Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** Math.min(attempt, 10)));
        }
      }
    };
    const result = turn.then(run);
    turn = result.catch(() => {});
    return result;
  };

  return {
    own: (site) =>
      inTurn(async (on) => {
        if (!owned.has(site) && !(await lock(on, site))) return false;
        owned.add(site);
        return true;
      }),
    holds: (site) => inTurn(() => Promise.resolve(owned.has(site))),
    release: (site) =>
      inTurn(async (on) => {
        if (owned.delete(site)) await on.query(UNLOCK, [lockOf(site)]);
      }),
    share: (sites) => inTurn((on) => shareOf(on, sites)),
    cursor: (site) => writing(site, (on) => cursorOf(on, site)),
    sumRest: (site) => writing(site, (on) => sumRest(on, site)),
    chainRest: (site) => writing(site, (on) => chainRest(on, site)),
    post: (batch) =>
      writing(batch.site, async (on, attempt) => {
        const startedAt = performance.now();
        try {
          await postEffects(on, batch, months);
        } catch (error) {
          // The answer to a commit may have been lost with the connection: then the cursor has moved, by our own hand.
          const isOurs =
            attempt > 0 &&
            error instanceof Fault &&
            error.code === 'cursor-moved' &&
            (await cursorOf(on, batch.site)) === batch.to;
          if (!isOurs) throw error;
        }
        options.onCommit((performance.now() - startedAt) / 1000);
      }),
    snapshot: (snapshot) => writing(snapshot.site, (on) => writeSnapshot(on, snapshot)),
    keepBase: (site, offset) => writing(site, (on) => keepBase(on, site, offset)),
    async close() {
      isClosed = true;
      await turn;
      await client?.end().catch(() => {});
    },
  };
}

const lockOf = (site: string): string => `tallygate-site-${site}`;
const UNLOCK = 'select pg_advisory_unlock(hashtextextended($1, 0))';

async function lock(on: Client, site: string): Promise<boolean> {
  const { rows } = await on.query<{ got: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as got', [
    lockOf(site),
  ]);
  return rows[0]!.got;
}

const PRESENCE = 'tallygate-process';
const SHARE = sqlFile(import.meta.url, 'sql/share.sql');

/** Whoever shares is counted by a lock that all may hold, on the connection that writes: without it nobody counts. */
async function bePresent(on: Client): Promise<void> {
  await on.query('select pg_advisory_lock_shared(hashtextextended($1, 0))', [PRESENCE]);
}

async function shareOf(on: Client, sites: readonly string[]): Promise<Share> {
  const { rows } = await on.query<{ processes: number; free: string[] }>(SHARE, [
    PRESENCE,
    sites,
    sites.map((site) => lockOf(site)),
  ]);
  return rows[0]!;
}

const lost = (site: string): Fault =>
  new Fault('conflict', 'site-lost', `Another process has taken over ${site} while our connection was broken.`);
