// Files that settings name: certificates, keys, passwords. Read each time that they are needed, for they are renewed while we run.
import { readFileSync } from 'node:fs';
import { messageOf, rejected } from './faults.ts';

/** What the file holds; undefined when none is named. Throws `rejected` (`unreadable`), naming the setting. */
export function fileOf(setting: string, file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw rejected('unreadable', `${setting}: ${file} cannot be read: ${messageOf(error)}`);
  }
}

/** Its first line: a password. */
export const secretOf = (setting: string, file: string | undefined): string | undefined =>
  fileOf(setting, file)?.toString('utf8').split(/\r?\n/, 1)[0];
