// A Postgres that is not ours: Debian's, with its own programs, on a free port, in a folder that goes away.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountFor, giveTo, type Account } from '../../src/store/embeddedAccount.ts';
import { openClient } from '../../src/store/database.ts';
import { freePort } from './freePort.ts';
import { eventually } from './wait.ts';

const FOLDER = '/usr/lib/postgresql';

/** The newest version that is installed whole, and can be used by the service. */
const programs = (): string | undefined =>
  (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
    .filter((version) => Number(version) >= 15 && existsSync(join(FOLDER, version, 'bin/postgres')))
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(FOLDER, version, 'bin'))[0];

/** Undefined when there is one; else what to install. */
export const missingPostgres = (): string | undefined =>
  programs() === undefined
    ? 'postgresql 15 or later is not installed: apt-get install -y --no-install-recommends postgresql'
    : undefined;

export interface DebianPostgres {
  /** Of a database `tallygate` with nothing in it, or with what was in the folder. */
  readonly url: string;
  /** Runs one of its programs, and throws with what it wrote when that fails. */
  readonly run: (program: string, ...args: string[]) => void;
  /** kill -9 of the server; its children end by themselves. */
  readonly kill: () => Promise<void>;
  /** Starts it again, where it was, and waits until it answers. */
  readonly start: () => Promise<void>;
}

/** Starts one on a new cluster, or on what `fill` puts into its folder. */
export async function openDebianPostgres(
  close: (undo: () => unknown) => void,
  fill?: (folder: string) => void,
): Promise<DebianPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-debian-'));
  const account = await accountFor(folder);
  await giveTo(account, folder);
  const data = join(folder, 'data');
  const run = (program: string, ...args: string[]): void => runProgram(account, folder, program, args);
  if (fill === undefined) run('initdb', '-D', data, '-U', 'tallygate', '--auth=trust', '--no-sync');
  else fill(data);
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://tallygate@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server === undefined || hasEnded(server)) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    await eventually('the server answers', async () => {
      // One that was killed leaves children for a moment: the next one does not start beside them.
      if (server === undefined || hasEnded(server)) server = launch(account, folder, data, port);
      const client = await openClient({ url: urlOf('postgres'), name: 'test', role: 'owner' }).catch(() => undefined);
      await client?.end();
      return client !== undefined;
    });
  };
  close(async () => {
    await end('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  if (fill === undefined) run('createdb', '--maintenance-db', urlOf('postgres'), 'tallygate');
  return { url: urlOf('tallygate'), run, kill: () => end('SIGKILL'), start };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function launch(account: Account, folder: string, data: string, port: number): ChildProcess {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='].flatMap((setting) => ['-c', setting]);
  return spawn(join(programs()!, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...account.switchTo,
    cwd: folder,
    stdio: 'ignore',
  });
}

function runProgram(account: Account, cwd: string, program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(join(programs()!, program), args, {
    ...account.switchTo,
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}
