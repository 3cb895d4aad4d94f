// For commands beside the service: the database of the service, whether that runs or not.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { rejected } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { openClient } from './database.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { CLUSTER_NAME } from './embeddedFolders.ts';
import { readPidFile } from './embeddedPidFile.ts';
import { urlOf } from './embeddedQuestion.ts';

export interface ReachedDatabase {
  readonly url: string;
  /** Ends the embedded server again if it had to be started. */
  readonly release: () => Promise<void>;
}

/**
 * The external database when there is one, the running embedded server, or that server started for us.
 * @throws Fault `no-data` where no service ever ran, and those of `startEmbeddedPostgres`
 */
export async function reachDatabase(url: string | undefined, dataDir: string, log: Logger): Promise<ReachedDatabase> {
  if (url !== undefined) return { url, release: () => Promise.resolve() };
  const running = await runningServer(dataDir);
  if (running !== undefined) return { url: running, release: () => Promise.resolve() };
  // A command that looks must not make what it looks for.
  if (await isMissing(join(dataDir, CLUSTER_NAME, 'PG_VERSION'))) {
    throw rejected(
      'no-data',
      `${dataDir} holds no data of Tallygate. Run this in the folder of the service, or name its data folder with TALLYGATE_DATA_DIR.`,
    );
  }
  const server = await startEmbeddedPostgres({ dataDir, log });
  return { url: server.url, release: () => server.stop() };
}

const isMissing = (file: string): Promise<boolean> =>
  stat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

async function runningServer(dataDir: string): Promise<string | undefined> {
  const note = await readPidFile(join(dataDir, CLUSTER_NAME)).catch(() => undefined);
  const password = await readFile(join(dataDir, 'postgres-password'), 'utf8').catch(() => undefined);
  if (note === undefined || password === undefined || note.port === 0) return undefined;
  const url = urlOf({ password: password.trim() } as Parameters<typeof urlOf>[0], note.port);
  try {
    const client = await openClient({ url, name: 'tallygate', role: 'owner' });
    await client.end();
    return url;
  } catch {
    return undefined;
  }
}
