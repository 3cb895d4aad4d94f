// A copy of the embedded cluster that can be started, made while the server works: Postgres' low-level backup (its manual,
// section "Making a Base Backup Using the Low Level API"), because the embedded programs have no pg_basebackup. What is
// copied is torn between moments; the log that was written meanwhile, copied with it, makes it whole at the next start.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Fault, messageOf, rejected } from '../kit/faults.ts';
import { makeFolders } from '../kit/files.ts';
import { openClient, type Client } from './database.ts';
import { CLUSTER_NAME, isRoot } from './embeddedFolders.ts';

/** The first step is a checkpoint: everything that is in memory goes to disk. */
const STEP_MAX_MS = 30 * 60_000;

/** Folders that a server fills anew; they must be there, and be empty. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
/** What tells of the running server, or of another backup, and not of the data. */
const LEFT_OUT = /^(?:postmaster\.|pgsql_tmp|pg_internal\.init|backup_label|tablespace_map|backup_manifest)/;
const SEGMENT = /^[0-9A-F]{24}$/;

export interface Backup {
  readonly folder: string;
  readonly bytes: number;
  /** Everything that was committed by then is in it; ms since 1970, by the database's clock. */
  readonly completeTo: number;
}

/**
 * Copies the running cluster below `dataDir` into `to`, which then is a data folder: its cluster and its password. The
 * folder has this name only when it is whole and on disk.
 * @throws Fault `backup-folder-taken`, `backup-inside-data`, `nothing-to-back-up`, `backup-failed`, `database-unavailable`
 */
export async function backUpEmbedded(options: {
  /** Of the running server. */
  readonly url: string;
  readonly dataDir: string;
  readonly to: string;
}): Promise<Backup> {
  const { dataDir } = options;
  const to = resolve(options.to);
  await checkBackupFolder(dataDir, to);
  const draft = join(dirname(to), `${basename(to)}.draft-${randomBytes(4).toString('hex')}`);
  const client = await openClient({
    url: options.url,
    name: 'tallygate backup',
    role: 'owner',
    answerWithinMs: STEP_MAX_MS,
  });
  try {
    await makeFolders(draft, 0o700);
    const completeTo = await copyCluster(client, join(dataDir, CLUSTER_NAME), join(draft, CLUSTER_NAME));
    await copySynced(join(dataDir, 'postgres-password'), join(draft, 'postgres-password'));
    // Where root starts it, Postgres' account has to pass through; what is inside has modes of its own.
    if (isRoot()) await chmod(draft, 0o711);
    const bytes = await syncFolders(draft);
    await rename(draft, to); // replaces nothing but an empty folder
    await syncFolder(dirname(to));
    return { folder: to, bytes, completeTo };
  } catch (error) {
    throw backupFailed(to, error);
  } finally {
    await rm(draft, { recursive: true, force: true });
    await client.end().catch(() => undefined);
  }
}

/** Said before a server is started for it. @throws Fault as `backUpEmbedded` */
export async function checkBackupFolder(dataDir: string, to: string): Promise<void> {
  const cluster = join(dataDir, CLUSTER_NAME);
  if (!(await exists(join(cluster, 'PG_VERSION')))) {
    throw rejected(
      'nothing-to-back-up',
      `${dataDir} holds no data of an embedded Postgres. Run this where the service runs, or name its folder with TALLYGATE_DATA_DIR.`,
    );
  }
  const inside = relative(cluster, resolve(to));
  if (inside === '' || !inside.startsWith('..')) {
    throw rejected(
      'backup-inside-data',
      `${to} is inside ${cluster}, which is what is copied. Name a folder elsewhere.`,
    );
  }
  const found = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw rejected('backup-folder-taken', `${to} cannot be a new folder: ${error.message}. Name another one.`);
  });
  if (found.length > 0) {
    throw rejected(
      'backup-folder-taken',
      `${to} is there and not empty. Name a new folder: a backup replaces nothing.`,
    );
  }
}

async function copyCluster(client: Client, from: string, to: string): Promise<number> {
  await client.query('set statement_timeout = 0');
  // Keeps the log from here on until it is copied; gone with this connection, however that ends.
  await client.query('select pg_create_physical_replication_slot($1, true, true)', [
    `tallygate_backup_${randomBytes(4).toString('hex')}`,
  ]);
  await client.query("select pg_backup_start('tallygate backup', true)");
  await copyFolder(from, to, '');
  // Last, as pg_basebackup does: it tells how far the rest has come.
  await copySynced(join(from, 'global/pg_control'), join(to, 'global/pg_control'));
  const { rows } = await client.query<{ label: string; spaces: string; last: string; at: number }>(
    `select labelfile as label, coalesce(spcmapfile, '') as spaces, pg_walfile_name(lsn) as last, clock_timestamp() as at
     from pg_backup_stop(false)`,
  );
  const { label, spaces, last, at } = rows[0]!;
  if (spaces.trim() !== '') throw rejected('backup-tablespaces', `It has tablespaces of its own: ${spaces.trim()}`);
  await copyLog(join(from, 'pg_wal'), join(to, 'pg_wal'), label, last);
  await writeFile(join(to, 'backup_label'), label, { mode: 0o600, flush: true });
  return at;
}

/** The segments from the one that the label names to the last one: without them the copy cannot be made whole. */
async function copyLog(from: string, to: string, label: string, last: string): Promise<void> {
  const first = /^START WAL LOCATION: .*\(file ([0-9A-F]{24})\)$/m.exec(label)?.[1];
  const segments = (await readdir(from)).filter((name) => SEGMENT.test(name) && name >= (first ?? '') && name <= last);
  if (first === undefined || !segments.includes(first) || !segments.includes(last))
    throw new Error(`the log from ${first} to ${last} is not all in ${from}`);
  for (const segment of segments) await copySynced(join(from, segment), join(to, segment));
}

/** Everything but what is copied apart. A table may be dropped under our hands; the log knows of it. */
async function copyFolder(from: string, to: string, path: string): Promise<void> {
  await mkdir(join(to, path), { mode: 0o700 });
  if (EMPTIED.has(path)) return;
  const entries = await readdir(join(from, path), { withFileTypes: true }).catch(ifGone);
  for (const entry of entries ?? []) {
    const inner = join(path, entry.name);
    if (LEFT_OUT.test(entry.name) || inner === 'global/pg_control') continue;
    if (entry.isDirectory()) await copyFolder(from, to, inner);
    else if (entry.isFile()) await copySynced(join(from, inner), join(to, inner)).catch(ifGone);
  }
}

async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings the names of all files to disk as well; how many bytes they have together. */
async function syncFolders(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? await syncFolders(path) : (await stat(path)).size;
  }
  await syncFolder(folder);
  return bytes;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const backupFailed = (to: string, error: unknown): Fault =>
  new Fault(
    error instanceof Fault ? error.kind : 'unavailable',
    error instanceof Fault ? error.code : 'backup-failed',
    `There is no backup in ${to}: ${messageOf(error)}. What was copied is removed, the data is untouched; put that right and run it again.`,
    { cause: error },
  );
