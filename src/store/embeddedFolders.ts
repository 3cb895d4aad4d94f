// Where the service keeps its data, and making that folder.
import { constants, existsSync, realpathSync, statSync } from 'node:fs';
import { access, chmod, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolders } from '../kit/files.ts';
import { sha256Hex } from '../kit/ids.ts';
import { asFault } from './embeddedFaults.ts';

const SYSTEM_FOLDER = '/var/lib/tallygate';
/** The folder below the data directory that holds the Postgres cluster. */
export const CLUSTER_NAME = 'postgres';

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Where the service keeps its data: `TALLYGATE_DATA_DIR`, else `.tallygate` in the working folder. As root below a
 * folder closed to others, where Postgres' unprivileged account could not reach it, `/var/lib/tallygate/<hash of the
 * path>`; but data that is already in `.tallygate` is used where it is.
 */
export function dataDirectory(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  const named = env['TALLYGATE_DATA_DIR'];
  if (named) return resolve(cwd, named);
  const here = join(cwd, '.tallygate');
  if (!isRoot() || closedFolder(cwd) === undefined || existsSync(join(here, CLUSTER_NAME))) return here;
  return openFolderFor(cwd);
}

/** `/var/lib/tallygate/<hash>`: a folder that stands for `path` where every account can reach it. */
export const openFolderFor = (path: string): string =>
  join(SYSTEM_FOLDER, sha256Hex(existsSync(path) ? realpathSync(path) : path).slice(0, 12));

/** The nearest folder at or above an existing `path` that other accounts may not pass, if there is one. */
export function closedFolder(path: string): string | undefined {
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Creates the data folder if it is missing and returns its path without symbolic links.
 * Throws the fault of `asFault` that names the path: most often another user made it.
 */
export async function prepareDataDirectory(dataDir: string): Promise<string> {
  try {
    await makeFolder(dataDir, 0o711);
    await access(dataDir, constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (error) {
    throw asFault(error, dataDir);
  }
}

/**
 * Creates a folder and what is missing above it. As root with this mode whatever the umask, since another account has
 * to pass through; files inside have their own modes.
 */
export async function makeFolder(folder: string, modeAsRoot: number): Promise<void> {
  const made = await makeFolders(folder);
  if (!isRoot()) return;
  for (const created of made) await chmod(created, modeAsRoot);
}
