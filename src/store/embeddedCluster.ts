// The cluster: the folder Postgres keeps its data in, and the password of its one role. A cluster is made aside and
// renamed when complete, so a folder with this name is always a whole one.
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../kit/log.ts';
import { canEnter, giveAllTo, giveTo, runAs, type Account } from './embeddedAccount.ts';
import type { Binaries } from './embeddedBinaries.ts';
import { foreignFolder, needsAction, otherMajor, passwordMissing, startFault } from './embeddedFaults.ts';
import { CLUSTER_NAME } from './embeddedFolders.ts';

const INITDB_TIMEOUT_MS = 180_000;
const DRAFT_PREFIX = `${CLUSTER_NAME}.new-`;
/** Role and database have the same name. */
export const ROLE = 'tallygate';

export interface Cluster {
  readonly dataDir: string;
  readonly folder: string;
  /**
   * The folder as its server is told it. Below a folder closed to the account that is `/proc/self/cwd`: we, being
   * root, put the new process into the folder, and this name leads it there again without passing the closed one.
   */
  readonly folderForServer: string;
  readonly account: Account;
  readonly password: string;
}

/**
 * The cluster below the data folder, made on the first start (initdb, some 0.7 s).
 * @throws Fault `postgres-other-version`, `postgres-password-missing`, `data-dir-foreign`, `data-dir-closed`, `disk-full`
 */
export async function prepareCluster(options: {
  readonly dataDir: string;
  readonly account: Account;
  readonly binaries: Binaries;
  readonly log: Logger;
}): Promise<Cluster> {
  const { dataDir, account, binaries, log } = options;
  const folder = join(dataDir, CLUSTER_NAME);
  const reachable = await canEnter(account, dataDir);
  if (!reachable && process.platform !== 'linux') throw closed(dataDir, account);

  await removeDrafts(dataDir);
  const exists = await checkExisting(folder, binaries.version);
  const password = await passwordOf(dataDir, exists ? folder : undefined);
  if (exists) {
    // A restored copy may belong to root or be open to others, and Postgres refuses both.
    if (account.switchTo && (await stat(folder)).uid === 0) await giveAllTo(account, folder);
    await chmod(folder, 0o700);
  } else {
    const startedAt = performance.now();
    await create({ dataDir, folder, account, reachable, initdb: binaries.initdb, password });
    const tookMs = Math.round(performance.now() - startedAt);
    log.info({ folder, account: account.name, tookMs }, `Created the Postgres ${binaries.version} data folder`);
  }
  return { dataDir, folder, folderForServer: reachable ? folder : '/proc/self/cwd', account, password };
}

async function create(options: {
  readonly dataDir: string;
  readonly folder: string;
  readonly account: Account;
  readonly reachable: boolean;
  readonly initdb: string;
  readonly password: string;
}): Promise<void> {
  const { dataDir, folder, account, reachable, initdb, password } = options;
  const draft = join(dataDir, `${DRAFT_PREFIX}${randomUUID()}`);
  const data = join(draft, 'data');
  const passwordFile = join(draft, 'password');
  try {
    await mkdir(draft, { mode: 0o700 });
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    // The folder last: once it is theirs, whoever shares the account could swap what we write into it.
    for (const path of [passwordFile, data, draft]) await giveTo(account, path);
    const where = ['-D', reachable ? data : '/proc/self/cwd', '--pwfile=../password'];
    const how = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--data-checksums', '--no-instructions'];
    const ran = await runAs(account, initdb, [...where, `--username=${ROLE}`, ...how], {
      cwd: data,
      timeoutMs: INITDB_TIMEOUT_MS,
    });
    if (!ran.ok) throw startFault(`Postgres could not create its data in ${folder}`, ran.output, folder);
    await rename(data, folder); // replaces nothing but an empty folder
    await syncFolder(dataDir);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What a start that was killed left behind; its initdb may be writing still, so a second look at leftovers is fine. */
async function removeDrafts(dataDir: string): Promise<void> {
  const drafts = (await readdir(dataDir)).filter((name) => name.startsWith(DRAFT_PREFIX));
  for (const draft of drafts) {
    await rm(join(dataDir, draft), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** Whether there is a cluster; only ever one of our own major version. */
async function checkExisting(folder: string, version: string): Promise<boolean> {
  const found = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(ifMissing);
  if (found === undefined) {
    const inside = await readdir(folder).catch(ifMissing);
    if (inside !== undefined && inside.length > 0) throw foreignFolder(folder);
    return false;
  }
  if (found.trim() !== majorOf(version)) throw otherMajor(folder, found.trim(), version);
  return true;
}

const majorOf = (version: string): string => /^\d+/.exec(version)?.[0] ?? version;

/** The password beside the data; made, and on disk, before the first cluster is. */
async function passwordOf(dataDir: string, existingCluster: string | undefined): Promise<string> {
  const file = join(dataDir, 'postgres-password');
  const kept = (await readFile(file, 'utf8').catch(ifMissing))?.trim();
  if (kept) return kept;
  if (existingCluster !== undefined) throw passwordMissing(file, existingCluster);
  const password = randomBytes(24).toString('base64url');
  const draft = `${file}.draft`;
  await rm(draft, { force: true });
  await writeFile(draft, `${password}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
  await syncFolder(dataDir);
  return password;
}

/** Makes a rename in this folder survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const closed = (dataDir: string, account: Account) =>
  needsAction(
    'data-dir-closed',
    `Postgres' account ${account.name} cannot reach ${dataDir}. Choose a folder that others may pass through with ` +
      'TALLYGATE_DATA_DIR, or run Tallygate as a normal user.',
  );
