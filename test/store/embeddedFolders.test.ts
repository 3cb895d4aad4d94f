// Where the service keeps its data.
import { chmod, mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  closedFolder,
  dataDirectory,
  isRoot,
  openFolderFor,
  prepareDataDirectory,
} from '../../src/store/embeddedFolders.ts';

let closed: string;
let open: string;

beforeEach(async () => {
  closed = await realpath(await mkdtemp(join(tmpdir(), 'tallygate-closed-')));
  open = await realpath(await mkdtemp(join(tmpdir(), 'tallygate-open-')));
  await chmod(open, 0o755);
  await mkdir(join(closed, 'checkout'));
});

afterEach(() => Promise.all([closed, open].map((folder) => rm(folder, { recursive: true }))));

describe('the data directory', () => {
  it('is .tallygate in the working folder', () => {
    expect(dataDirectory(open, {})).toBe(join(open, '.tallygate'));
  });

  it('is what TALLYGATE_DATA_DIR says, seen from the working folder', () => {
    expect(dataDirectory(open, { TALLYGATE_DATA_DIR: '/srv/tally' })).toBe('/srv/tally');
    expect(dataDirectory(open, { TALLYGATE_DATA_DIR: 'data' })).toBe(join(open, 'data'));
    expect(dataDirectory(open, { TALLYGATE_DATA_DIR: '' })).toBe(join(open, '.tallygate'));
  });

  it('as root below a closed folder is one of its own in /var/lib/tallygate', ({ skip }) => {
    if (!isRoot()) skip('needs root: a normal user keeps its data in the working folder always');
    const checkout = join(closed, 'checkout');
    expect(dataDirectory(checkout, {})).toBe(openFolderFor(checkout));
    expect(dataDirectory(checkout, {})).toMatch(/^\/var\/lib\/tallygate\/[0-9a-f]{12}$/);
    expect(dataDirectory(closed, {})).not.toBe(dataDirectory(checkout, {}));
  });

  it('stays where data is already, though the folder was closed since', async () => {
    const checkout = join(closed, 'checkout');
    await mkdir(join(checkout, '.tallygate/postgres'), { recursive: true });
    expect(dataDirectory(checkout, {})).toBe(join(checkout, '.tallygate'));
  });

  it('that cannot be had is a clear failure', async () => {
    const file = join(open, 'file');
    await writeFile(file, '');
    await expect(prepareDataDirectory(join(file, 'data'))).rejects.toMatchObject({
      code: 'data-dir-not-a-folder',
      message: expect.stringContaining('TALLYGATE_DATA_DIR') as string,
    });
  });

  it('is made so that another account can pass through, whatever the umask', async ({ skip }) => {
    if (!isRoot()) skip('needs root: a normal user shares with nobody');
    const umask = process.umask(0o077);
    try {
      await prepareDataDirectory(join(open, 'var/data'));
    } finally {
      process.umask(umask);
    }
    expect((await stat(join(open, 'var'))).mode & 0o777).toBe(0o711);
    expect((await stat(join(open, 'var/data'))).mode & 0o777).toBe(0o711);
    expect((await stat(open)).mode & 0o777).toBe(0o755);
  });
});

describe('a closed folder', () => {
  it('is found at any height', () => {
    expect(closedFolder(join(closed, 'checkout'))).toBe(closed);
    expect(closedFolder(closed)).toBe(closed);
  });
});
