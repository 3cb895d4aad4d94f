// The database of the service: the embedded server, kept running, and the tables in it or in one of somebody's own.
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';
import { openClient } from '../store/database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../store/embedded.ts';
import { migrate } from '../store/migrate.ts';
import type { Undo } from './undo.ts';

/** The embedded server, started again at the same place whenever it ends by itself. */
export async function keepPostgres(dataDir: string, log: Logger, undo: Undo[]): Promise<EmbeddedPostgres> {
  let isStopping = false;
  const first = await startEmbeddedPostgres({ dataDir, log });
  let present = first;
  const watch = async (): Promise<void> => {
    for (;;) {
      const fault = await present.died;
      if (isStopping) return;
      log.error({ reason: fault.message }, 'the embedded Postgres ended; it is started again');
      for (;;) {
        try {
          present = await startEmbeddedPostgres({ dataDir, log, port: present.port });
          break;
        } catch (error) {
          if (isStopping) return;
          log.error({ reason: messageOf(error) }, 'the embedded Postgres does not start; trying again');
          await sleep(2000);
        }
      }
    }
  };
  void watch();
  undo.push(async () => {
    isStopping = true;
    await present.stop();
  });
  return first;
}

/** Waits for a server that is starting, and brings its tables up to date. */
export async function prepareDatabase(url: string, log: Logger): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const owner = await openClient({
        url,
        name: 'tallygate migrations',
        role: 'owner',
        answerWithinMs: MIGRATION_MAX_MS,
      });
      try {
        await migrate(owner, log);
      } finally {
        await owner.end();
      }
      return;
    } catch (error) {
      if ((error as { kind?: unknown }).kind !== 'unavailable' || attempt >= DATABASE_TRIES) throw error;
      if (attempt === 0) log.warn({ reason: messageOf(error) }, 'waiting for Postgres');
      await sleep(1000);
    }
  }
}

const DATABASE_TRIES = 60;
/** Ours, or that of another process which we wait for. */
const MIGRATION_MAX_MS = 24 * 3_600_000;
