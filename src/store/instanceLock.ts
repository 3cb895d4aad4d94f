// One Tallygate a data folder. The lock is a file that names its holder; it outlives a holder that was killed, so
// whoever finds it checks whether that process still runs, and exactly one of several finders may replace it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../kit/faults.ts';
import { sha256Hex } from '../kit/ids.ts';
import { lookUpProcess } from './embeddedProcess.ts';

/** A holder touches its lock this often, for finders in other containers, who cannot see its process. */
const HEARTBEAT_MS = 1_500;
/** Such a finder takes the holder for dead when the lock was not touched for this long. */
const SILENCE_MS = 5_000;
const ATTEMPTS_MAX = 20;

export interface InstanceLock {
  readonly file: string;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly host: string;
  readonly boot: string;
  readonly pidNamespace: string;
  readonly token: string;
}

/**
 * Takes `<folder>/<name>.lock` for this process; the folder must exist. A lock whose holder has ended is taken over.
 * @throws Fault `already-running` (conflict) naming the holder's pid and the folder.
 */
export async function lockInstance(folder: string, name = 'tallygate'): Promise<InstanceLock> {
  const file = join(folder, `${name}.lock`);
  const mine = JSON.stringify(await thisProcess());
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (await createWith(file, mine)) return hold(file, mine);
    const found = await contentOf(file);
    if (found === undefined) continue; // released this moment
    await refuseIfAlive(file, found, folder);
    if (await takeOver(file, found, mine, folder)) return hold(file, mine);
  }
  throw alreadyRunning(folder, undefined);
}

function hold(file: string, mine: string): InstanceLock {
  const heartbeat = setInterval(() => {
    utimes(file, new Date(), new Date()).catch(() => undefined); // somebody removed it: nothing left to keep fresh
  }, HEARTBEAT_MS).unref();
  return {
    file,
    async release() {
      clearInterval(heartbeat);
      if ((await contentOf(file)) === mine) await rm(file, { force: true });
    },
  };
}

/**
 * Replaces the lock with content `stale` by ours; false when somebody else changed it first.
 * Only the holder of a claim may replace it. The claim's name contains the hash of what it replaces, so that a finder
 * who is late can never replace a newer lock; a claim whose own holder died is replaced by a claim on that claim.
 */
async function takeOver(file: string, stale: string, mine: string, folder: string): Promise<boolean> {
  const claims: string[] = [];
  for (let replaced = stale; ;) {
    const claim = `${file}.${sha256Hex(replaced).slice(0, 12)}`;
    claims.push(claim);
    if (await createWith(claim, mine)) break;
    const claimed = await contentOf(claim);
    if (claimed === undefined) return false;
    await refuseIfAlive(claim, claimed, folder);
    replaced = claimed;
  }
  const unchanged = (await contentOf(file)) === stale;
  if (unchanged) await writeAside(file, mine, (draft) => rename(draft, file));
  const toRemove = unchanged ? claims : claims.slice(-1);
  await Promise.all(toRemove.map((claim) => rm(claim, { force: true })));
  return unchanged;
}

async function refuseIfAlive(file: string, content: string, folder: string): Promise<void> {
  const holder = parseHolder(content);
  if (holder && (await isAlive(holder, file))) throw alreadyRunning(folder, holder.pid);
}

async function isAlive(holder: Holder, file: string): Promise<boolean> {
  const here = await thisProcess();
  const sameMachine = holder.host === here.host;
  if (sameMachine && holder.boot !== here.boot) return false; // the machine was restarted since
  if (sameMachine && holder.pidNamespace === here.pidNamespace) {
    return lookUpProcess(holder.pid)?.startedAt === holder.startedAt;
  }
  // Another container, or another machine with the same disk: its pids mean nothing here, so listen for its heartbeat.
  const before = await touchedAt(file);
  const sameClock = holder.boot === here.boot;
  if (sameClock && before !== undefined && Date.now() - before > SILENCE_MS) return false;
  for (let waitedMs = 0; waitedMs < SILENCE_MS; waitedMs += 250) {
    await delay(250);
    if ((await touchedAt(file)) !== before) return true;
  }
  return false;
}

/** Creates the file with its whole content at once, or says false because it exists (link(2) never overwrites). */
async function createWith(file: string, content: string): Promise<boolean> {
  try {
    await writeAside(file, content, (draft) => link(draft, file));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function writeAside(file: string, content: string, put: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${file}.draft-${randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: 0o644, flush: true });
    await put(draft);
  } finally {
    await rm(draft, { force: true });
  }
}

const contentOf = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(ifMissing);
const touchedAt = (file: string): Promise<number | undefined> => stat(file).then((found) => found.mtimeMs, ifMissing);

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function thisProcess(): Promise<Holder> {
  return {
    pid: process.pid,
    startedAt: lookUpProcess(process.pid)?.startedAt ?? '',
    host: hostname(),
    boot: bootId(),
    pidNamespace: await readlink('/proc/self/ns/pid').catch(() => ''),
    token: randomUUID(),
  };
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return ''; // not Linux: a restart is noticed by the holder's start time
  }
}

/** Undefined for anything that is not a lock of ours: it is treated like one whose holder has ended. */
function parseHolder(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder;
    return Number.isSafeInteger(holder.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function alreadyRunning(folder: string, pid: number | undefined): Fault {
  const who = pid === undefined ? 'Another Tallygate' : `Another Tallygate (process ${pid})`;
  return new Fault(
    'conflict',
    'already-running',
    `${who} is using ${folder}. Stop it first, or give this one a folder of its own with TALLYGATE_DATA_DIR.`,
    { detail: { pid, folder } },
  );
}
