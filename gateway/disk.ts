// The few things that the outbox asks of a file system, so that a test can hand it one that is full, slow or broken.
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { makeFolders } from '../src/kit/files.ts';

export interface DiskFile {
  /** All of `bytes` at `position`; rejects when even one byte could not be written (what was written then is undefined). */
  readonly write: (bytes: Uint8Array, position: number) => Promise<void>;
  /** Up to `length` bytes from `position`: fewer only at the end of the file. */
  readonly read: (position: number, length: number) => Promise<Buffer>;
  /** Content and length are on the medium when it resolves (fdatasync). */
  readonly sync: () => Promise<void>;
  readonly truncate: (length: number) => Promise<void>;
  readonly size: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export interface Disk {
  readonly makeFolder: (path: string) => Promise<void>;
  /** Names of files that were created or removed are on the medium when it resolves. */
  readonly syncFolder: (path: string) => Promise<void>;
  /** Names of files and folders. */
  readonly list: (path: string) => Promise<string[]>;
  /** `create` empties a file that exists; without it a missing one rejects. */
  readonly open: (path: string, create: boolean) => Promise<DiskFile>;
  /** No complaint when it is gone already. */
  readonly remove: (path: string) => Promise<void>;
  readonly move: (from: string, to: string) => Promise<void>;
}

export const realDisk: Disk = {
  makeFolder: async (path) => void (await makeFolders(path)),
  async syncFolder(path) {
    let folder: FileHandle;
    try {
      folder = await open(path, 'r');
    } catch (error) {
      // Windows opens no folders, and needs no sync of them.
      if ((error as NodeJS.ErrnoException).code === 'EISDIR' || process.platform === 'win32') return;
      throw error;
    }
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  list: (path) => readdir(path),
  open: async (path, create) => realFile(await open(path, create ? 'w+' : 'r+')),
  remove: (path) => rm(path, { force: true }),
  move: (from, to) => rename(from, to),
};

function realFile(handle: FileHandle): DiskFile {
  return {
    async write(bytes, position) {
      // A nearly full disk takes a part and says so only by the count.
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    async read(position, length) {
      const buffer = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return buffer.subarray(0, done);
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}
