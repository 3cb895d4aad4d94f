import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkReadable, makeFolders, textOf } from '../../../src/kit/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tallygate-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('folders', () => {
  it('are made with all that is missing above, and told from the outermost', async () => {
    const inner = join(folder, 'a', 'b', 'c');
    expect(await makeFolders(inner, 0o700)).toEqual([join(folder, 'a'), join(folder, 'a', 'b'), inner]);
    expect(statSync(inner).mode & 0o777).toBe(0o700);
    expect(await makeFolders(inner)).toEqual([]);
  });

  it('may be made by two at the same time', async () => {
    const inner = join(folder, 'two', 'b', 'c');
    const made = await Promise.all([makeFolders(inner), makeFolders(inner), makeFolders(inner)]);
    expect(made.flat().toSorted()).toEqual([join(folder, 'two'), join(folder, 'two', 'b'), inner]);
  });

  it('are not made in place of a file, nor of a link to nowhere', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    symlinkSync(join(folder, 'gone', 'x'), join(folder, 'link'));
    await expect(makeFolders(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(join(file, 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolders(join(folder, 'link'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.runIf(existsSync('/proc/self'))('fail below /proc, and do not try for ever', async () => {
    await expect(makeFolders('/proc/tallygate/x')).rejects.toMatchObject({ code: 'ENOENT', syscall: 'mkdir' });
  });
});

describe('files', () => {
  it('that cannot be read are named, with what to do', async () => {
    const missing = join(folder, 'missing.yaml');
    expect(() => textOf(missing, 'unreadable-site', 'Say which.')).toThrow(
      expect.objectContaining({
        kind: 'rejected',
        code: 'unreadable-site',
        message: expect.stringMatching(/^\S+missing\.yaml cannot be read: ENOENT.* Say which\.$/) as string,
      }) as Error,
    );
    expect(() => textOf(folder, 'unreadable')).toThrow(/cannot be read: EISDIR/);
    await expect(checkReadable(missing, 'unreadable')).rejects.toThrow(/missing\.yaml cannot be read: ENOENT/);
    await expect(checkReadable(folder, 'unreadable')).rejects.toThrow(`${folder} cannot be read: it is a folder.`);
  });

  it('that can be read are', async () => {
    const file = join(folder, 'good');
    writeFileSync(file, 'text');
    chmodSync(file, 0o400);
    expect(textOf(file, 'unreadable')).toBe('text');
    await checkReadable(file, 'unreadable');
  });
});
