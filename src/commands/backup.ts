// `tallygate backup DIR`: a copy of the embedded Postgres that can be started, made beside the running service.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../config/load.ts';
import { rejected } from '../kit/faults.ts';
import { createLog } from '../kit/log.ts';
import { backUpEmbedded, checkBackupFolder } from '../store/embeddedBackup.ts';
import { dataDirectory } from '../store/embeddedFolders.ts';
import { reachDatabase } from '../store/reachDatabase.ts';
import { formatOf } from '../wire/formats/formats.ts';
import { formatTime } from '../wire/time.ts';

const HELP = `tallygate backup DIR

Copies the embedded Postgres into the new folder DIR, which then is a data folder that can be started. Run it where the
service runs, beside it or while it is stopped, as the same user. DIR has its name only when it is whole. It holds the
database's password: keep it closed. Of a database of your own (TALLYGATE_DATABASE_URL) use pg_dump or pg_basebackup.
`;
const OWN_CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

/** Exits with 0 when the backup is whole and on disk. @throws Fault `external-database`, and those of `backUpEmbedded` */
export async function backupCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const [to] = positionals;
  if (to === undefined || to === '' || positionals.length > 1)
    throw rejected('backup-folder-missing', `Name one folder to copy into.\n\n${HELP}`);
  const { service } = loadConfiguration(process.env['TALLYGATE_CONFIG'] || OWN_CONFIG, process.env, formatOf, false);
  if (service.databaseUrl !== undefined) {
    throw rejected(
      'external-database',
      'The database is one of your own, not the embedded one: back it up with pg_dump -Fc --file=FILE "$TALLYGATE_DATABASE_URL", or pg_basebackup.',
    );
  }
  const dataDir = dataDirectory(process.cwd(), process.env);
  await checkBackupFolder(dataDir, to);
  const startedAt = performance.now();
  const database = await reachDatabase(undefined, dataDir, createLog({ level: 'warn', style: 'json' }));
  try {
    const { folder, bytes, completeTo } = await backUpEmbedded({ url: database.url, dataDir, to });
    const cost = `${Math.ceil(bytes / 1e6)} MB, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    process.stdout.write(`Everything committed up to ${formatTime(completeTo)} is in ${folder} (${cost}).\n`);
    return 0;
  } finally {
    await database.release();
  }
}
