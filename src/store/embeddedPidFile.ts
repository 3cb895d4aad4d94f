// postmaster.pid: the note a server keeps in its folder about itself.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo } from './embeddedAccount.ts';
import type { Cluster } from './embeddedCluster.ts';

/** No process has this pid (Linux and macOS stop far below), and Postgres accepts it in its pid file. */
const NOBODYS_PID = 2_147_483_647;

export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
  readonly lines: readonly string[];
}

/** postmaster.pid: pid, folder, start time, port, socket folder, address, shared memory, status (miscadmin.h). */
export async function readPidFile(folder: string): Promise<PidFile | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const status = (lines[7] ?? 'starting').trim() || 'starting';
  return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), status, lines };
}

/**
 * Makes a pid file harmless whose pid is dead, a zombie, or another program by now: Postgres itself only asks whether
 * the pid exists and would refuse to start. The file is kept, under a pid nobody has, because Postgres finds in it the
 * shared memory by which it recognises children of the dead server that still write.
 */
export async function disown(cluster: Cluster, note: PidFile): Promise<void> {
  const file = join(cluster.folder, 'postmaster.pid');
  if (!Number.isSafeInteger(note.pid) || note.pid <= 0) return rm(file, { force: true }); // cut short by a power cut
  if (note.pid === NOBODYS_PID) return;
  const draft = `${file}.draft`;
  await rm(draft, { force: true });
  await writeFile(draft, [NOBODYS_PID, ...note.lines.slice(1)].join('\n'), { mode: 0o600, flag: 'wx' });
  await giveTo(cluster.account, draft);
  await rename(draft, file);
}
