// The whole service as a user starts it: `node src/tallygate.mjs start`, a process with children and a Postgres of its own,
// in a data folder that goes away. Whatever a test leaves running is ended after it, by the ids that we know.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '../../src/kit/log.ts';
import { openPool, type Pool } from '../../src/store/database.ts';
import { CLUSTER_NAME } from '../../src/store/embeddedFolders.ts';
import { readPidFile } from '../../src/store/embeddedPidFile.ts';
import { reachDatabase } from '../../src/store/reachDatabase.ts';
import { closeAfterFile } from './cleanUp.ts';
import { eventually, inTime } from './wait.ts';

const EXECUTABLE = fileURLToPath(new URL('../../src/tallygate.mjs', import.meta.url));

export interface Installation {
  readonly folder: string;
  readonly dataDir: string;
  /** What every process of it is told. */
  readonly environment: NodeJS.ProcessEnv;
  /** Starts the service and waits until it says that it runs. */
  readonly start: (more?: NodeJS.ProcessEnv) => Promise<Service>;
  /** Runs another command of the command line to its end. */
  readonly run: (...args: string[]) => Promise<Finished>;
  /** Starts another command that goes on; it is ended with the test. */
  readonly launch: (...args: string[]) => Process;
  /** Connections to its embedded Postgres as it is running now. */
  readonly database: () => Promise<Pool>;
  readonly postgresPid: () => Promise<number | undefined>;
}

export interface Process {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything that it has written. */
  readonly output: () => string;
  readonly ended: Promise<number | null>;
  /** kill -9, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

export interface Service extends Process {
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly startedInMs: number;
  /** Its children's process ids, and their children's. */
  readonly family: () => number[];
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: object) => Promise<T>;
  /** Ctrl-C, and waits until everything is gone. */
  readonly stop: () => Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

const START_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 30_000;

/** Who runs it, when it is not who runs the test. */
export interface NormalUser {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: NormalUser = { uid: 65_534, gid: 65_534 };

/** A user without rights, when the test runs as root and such a one can read the program; else why there is none. */
export function normalUser(): NormalUser | string {
  if (process.getuid?.() !== 0) return 'the tests run as a normal user already';
  const reading = `require('node:fs').readFileSync(${JSON.stringify(EXECUTABLE)})`;
  const { status } = spawnSync(process.execPath, ['-e', reading], { ...NOBODY, cwd: '/', stdio: 'ignore' });
  return status === 0 ? NOBODY : 'this folder is closed to other users';
}

/** A data folder of its own; `config`: a configuration folder, without it the demo site. Ports are free ones unless said. */
export function install(environment: NodeJS.ProcessEnv = {}, as?: NormalUser): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-system-'));
  chmodSync(folder, 0o755); // the server may run under another account
  if (as !== undefined) chownSync(folder, as.uid, as.gid);
  const dataDir = join(folder, 'data');
  const ours: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TALLYGATE_'))),
    TALLYGATE_DATA_DIR: dataDir,
    TALLYGATE_HTTP_PORT: '0',
    TALLYGATE_MQTT_PORT: '0',
    TALLYGATE_LOG_STYLE: 'json',
    ...environment,
  };
  const pools: Pool[] = [];
  const postgresPid = async (): Promise<number | undefined> => (await readPidFile(join(dataDir, CLUSTER_NAME)))?.pid;
  closeAfterFile(async () => {
    for (const pool of pools) await pool.end();
    const left = await postgresPid();
    if (left !== undefined && isAlive(left)) process.kill(left, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const launch = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Process =>
    processOf(spawn(process.execPath, [EXECUTABLE, ...args], { cwd: folder, env: { ...ours, ...more }, ...as }));
  return {
    folder,
    dataDir,
    environment: ours,
    start: (more = {}) => startedService(launch(['start'], more)),
    async run(...args) {
      const { ended, output } = launch(args);
      return { code: await ended, output: output() };
    },
    launch: (...args) => launch(args),
    async database() {
      const { url } = await reachDatabase(undefined, dataDir, createLog({ style: 'silent' }));
      const pool = openPool({ url, name: 'test', max: 2, role: 'owner', onError: () => {} });
      pools.push(pool);
      return pool;
    },
    postgresPid,
  };
}

/** With a configuration of its own, and so without demo traffic: one site, and what tallygate.yaml says. */
export function installSite(siteFile: string, settings = '', as?: NormalUser): Installation {
  const home = install({}, as);
  const config = join(home.folder, 'config');
  mkdirSync(join(config, 'sites'), { recursive: true });
  copyFileSync(siteFile, join(config, 'sites', basename(siteFile)));
  writeFileSync(join(config, 'tallygate.yaml'), settings);
  home.environment['TALLYGATE_CONFIG'] = config;
  return home;
}

/** What we promise of an idle machine, on this one: longer by as much as it is busy with other work. */
export const promised = (ms: number): number => ms * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

/** Resident memory of a process, from /proc. */
export const mebibytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function processOf(child: ChildProcess): Process {
  const chunks: string[] = [];
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    // Not until the streams are closed: children of its own may hold them.
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  closeAfterFile(kill);
  return { child, pid: child.pid!, output: () => chunks.join(''), ended, kill };
}

async function startedService(started: Process): Promise<Service> {
  const startedAt = performance.now();
  let hasEnded = false;
  void started.ended.then(() => (hasEnded = true));
  const found = await eventually(
    'the service says that it runs',
    () => {
      const [, httpPort] = /page +http:\/\/[^:]+:(\d+)/.exec(started.output()) ?? [];
      const [, mqttPort] = /MQTT +mqtt:\/\/[^:]+:(\d+)/.exec(started.output()) ?? [];
      if (httpPort !== undefined && mqttPort !== undefined)
        return { httpPort: Number(httpPort), mqttPort: Number(mqttPort) };
      if (hasEnded) return { failed: started.output() };
      return undefined;
    },
    START_WITHIN_MS,
  );
  if ('failed' in found) throw new Error(`the service did not start: ${found.failed}`);
  const startedInMs = performance.now() - startedAt;
  return {
    ...started,
    ...found,
    startedInMs,
    family: () => descendants(started.pid),
    get: <T>(path: string) => asked<T>(found.httpPort, path),
    post: <T>(path: string, body: object) =>
      asked<T>(found.httpPort, path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async stop() {
      const from = performance.now();
      started.child.kill('SIGINT');
      const code = await inTime('the service stops', started.ended, STOP_WITHIN_MS);
      return { code, tookMs: performance.now() - from };
    },
  };
}

async function asked<T>(port: number, path: string, request: RequestInit = {}): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, request);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (response.headers.get('content-type')?.includes('json') ? response.json() : response.text()) as Promise<T>;
}

/** From /proc: processes whose parent is one of them. */
export function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]));
    } catch {
      // it has just ended
    }
  }
  const found = new Set([root]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}
