// The server's log is a file the server inherits already open for appending: it catches what the loader and a dying
// server say, and keeps working for a server that outlives us. Postgres' own collector cannot bound a burst: it
// appends when rotating by size to a name it used before.
import { openSync } from 'node:fs';
import { copyFile, open, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** At the bound the log is copied to `postgres.log.1` and emptied; lines written between the two are lost. */
const LOG_BYTES_MAX = 4 * 1024 * 1024;
const LOOK_EVERY_MS = 10_000;
const TAIL_BYTES_MAX = 4_000;

export const logFile = (dataDir: string): string => join(dataDir, 'postgres.log');

/** Opens the log for a server to inherit and returns its descriptor, to be closed by the caller; readable by nobody else, since statements that failed are in it. */
export async function openLog(dataDir: string): Promise<number> {
  await boundLog(dataDir);
  return openSync(logFile(dataDir), 'a', 0o600);
}

export async function logLength(dataDir: string): Promise<number> {
  return (await stat(logFile(dataDir)).catch(() => undefined))?.size ?? 0;
}

/** The last lines written after `from` (a byte offset); at most 4,000 bytes. */
export async function logTail(dataDir: string, from = 0): Promise<string> {
  const file = await open(logFile(dataDir), 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(from > size ? 0 : from, size - TAIL_BYTES_MAX);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

/** Keeps the log within its bound until the returned function is called. */
export function keepLogBounded(dataDir: string): () => void {
  const timer = setInterval(() => {
    boundLog(dataDir).catch(() => undefined); // a full disk: the server says so itself; tried again in a moment
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Exported for its test only. */
export async function boundLog(dataDir: string): Promise<void> {
  if ((await logLength(dataDir)) <= LOG_BYTES_MAX) return;
  const [log, former] = [logFile(dataDir), `${logFile(dataDir)}.1`];
  try {
    await copyFile(log, `${former}.draft`);
    await rename(`${former}.draft`, former);
  } finally {
    await rm(`${former}.draft`, { force: true });
    await truncate(log, 0); // the server appends, so its next line goes to the new end
  }
}
