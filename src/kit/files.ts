// Files that people name: what cannot be read or made is said in one sentence, with the name.
import { readFileSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf, rejected } from './faults.ts';

/** The text of a file. `advice` is said behind what was wrong. @throws Fault `code` that names the file */
export function textOf(file: string, code: string, advice = ''): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw rejected(code, `${file} cannot be read: ${messageOf(error)}.${advice === '' ? '' : ` ${advice}`}`);
  }
}

/** Before it is read piece by piece. @throws Fault `code` that names the file, for a folder and whatever is not there */
export async function checkReadable(file: string, code: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw rejected(code, `${file} cannot be read: ${messageOf(error)}`);
  });
  if (found.isDirectory()) throw rejected(code, `${file} cannot be read: it is a folder.`);
}

/**
 * Makes a folder and what is missing above it; gives those that it made, the outermost first. One by one: `recursive` of Node 20 never
 * ends below /proc, where making a folder fails as if the one above it were missing.
 * @throws what `mkdir` throws, with the path of the folder that could not be made
 */
export async function makeFolders(folder: string, mode?: number): Promise<string[]> {
  const missing: string[] = [];
  for (let at = resolve(folder); !(await isThere(at)); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  for (const one of missing.length === 0 ? [resolve(folder)] : missing) {
    try {
      await mkdir(one, { mode });
      made.push(one);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await isFolder(one))) throw error;
    }
  }
  return made;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
