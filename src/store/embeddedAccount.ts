// The account Postgres runs as. Postgres refuses to be root, so as root an account that exists is borrowed; nothing is
// added to the system. Everything started here ends by itself.
import { spawn } from 'node:child_process';
import { lchown, readFile, readdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { noAccount } from './embeddedFaults.ts';
import { isRoot } from './embeddedFolders.ts';

const PREFERRED_ACCOUNTS = ['postgres', 'nobody'];
const OUTPUT_CHARS_MAX = 64_000;

export interface Account {
  readonly name: string;
  /** Set when we are root and the account is another: what `spawn` has to switch to. */
  readonly switchTo: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * The account for a cluster: ourselves, or as root whoever owns the cluster already, else `postgres`, else `nobody`.
 * @throws Fault `postgres-no-account`
 */
export async function accountFor(clusterFolder: string): Promise<Account> {
  if (!isRoot()) return ourselves();
  const owner = await stat(clusterFolder).catch(() => undefined);
  if (owner && owner.uid !== 0) {
    return { name: `uid ${owner.uid}`, switchTo: { uid: owner.uid, gid: owner.gid } };
  }
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of PREFERRED_ACCOUNTS) {
    const entry = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(passwd);
    if (entry) return { name, switchTo: { uid: Number(entry[1]), gid: Number(entry[2]) } };
  }
  throw noAccount(`/etc/passwd has neither ${PREFERRED_ACCOUNTS.join(' nor ')}`);
}

/** Hands a file or folder (never what a link points to) over to the account; as ourselves there is nothing to do. */
export async function giveTo(account: Account, path: string): Promise<void> {
  if (account.switchTo) await lchown(path, account.switchTo.uid, account.switchTo.gid);
}

/** The same with everything inside. */
export async function giveAllTo(account: Account, folder: string): Promise<void> {
  const { uid, gid } = account.switchTo ?? {};
  if (uid === undefined || gid === undefined) return;
  const inside = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of inside) await lchown(join(entry.parentPath, entry.name), uid, gid);
  await giveTo(account, folder);
}

/** Whether the account can pass through this folder. It is tried, because modes alone do not tell (ACLs, mounts). */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  if (!account.switchTo) return true;
  const tried = await runAs(account, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { timeoutMs: 5_000 });
  return tried.ok;
}

export interface RunResult {
  readonly ok: boolean;
  /** Everything written, out and err together; or why the program could not be started. */
  readonly output: string;
}

/** Runs a program to its end as the account, in a session of its own so that Ctrl-C does not tear it apart. */
export function runAs(
  account: Account,
  program: string,
  args: readonly string[],
  options: { timeoutMs: number; cwd?: string },
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...account.switchTo,
      cwd: options.cwd,
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code, signal) => {
      const how = signal === null ? '' : `\nended by ${signal} (allowed: ${options.timeoutMs} ms)`;
      resolve({ ok: code === 0, output: (output + how).trim() });
    });
  });
}

/** Nothing of the caller's environment but PATH: PGDATA, PGPORT, LANG and their like would change what Postgres does. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' });

function ourselves(): Account {
  try {
    return { name: userInfo().username, switchTo: undefined };
  } catch {
    // initdb looks itself up and fails without an entry (containers started with an arbitrary --user).
    throw noAccount(`this process runs as uid ${process.getuid?.()}, which has no entry in /etc/passwd`);
  }
}
