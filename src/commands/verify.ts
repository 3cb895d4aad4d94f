// `tallygate verify`: is the ledger what the journal says? Exits with 1 on a difference.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../config/load.ts';
import { createLog } from '../kit/log.ts';
import { openJournal } from '../intake/journal.ts';
import { rejected } from '../kit/faults.ts';
import { fileOf } from '../kit/settingFile.ts';
import { readHeads, type KeptHead } from '../post/keptHeads.ts';
import { verifySite, type Verification } from '../post/verifyLedger.ts';
import { openPool, type Pool } from '../store/database.ts';
import { dataDirectory } from '../store/embeddedFolders.ts';
import { storableJson } from '../store/text.ts';
import { checkMigrated } from '../store/migrate.ts';
import { reachDatabase } from '../store/reachDatabase.ts';
import { formatOf } from '../wire/formats/formats.ts';

const HELP = `tallygate verify [--site SITE] [--heads FILE] [--json]

Rebuilds balances from postings, and the ledger from the journal (in a schema of its own, dropped afterwards), and
compares; follows the hash chain over everything posted, and tells its head. May run beside the service. Exits with 1
when anything differs.

--heads FILE   heads that were kept, one JSON object a line as GET /v1/ledger-heads and "head" of --json have them: each
               must be a link of the chain still, otherwise the history before it was rewritten
`;
const OWN_CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

export async function verifyCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      site: { type: 'string' },
      heads: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const kept = keptHeads(values.heads, values.site);
  const { service } = loadConfiguration(process.env['TALLYGATE_CONFIG'] || OWN_CONFIG, process.env, formatOf, false);
  const log = createLog({ level: 'warn', style: 'json' });
  const database = await reachDatabase(service.databaseUrl, dataDirectory(process.cwd(), process.env), log);
  const pool = openPool({ url: database.url, name: 'tallygate verify', max: 2 });
  try {
    await checkMigrated(database.url);
    const journal = openJournal(pool, log);
    const sites = await pool.query<{ site: string }>(
      // A site that is gone altogether may have a head that was kept.
      `select site from (select site from journal_head union select site from cursor union select unnest($2::text[])) known
       where $1::text is null or site = $1 order by site`,
      [values.site ?? null, kept.map(({ site }) => site)],
    );
    const results: Verification[] = [];
    for (const { site } of sites.rows) {
      const startedAt = performance.now();
      const heads = kept.filter((head) => head.site === site);
      const result = await verifySite(database.url, site, journal, log, heads);
      results.push(result);
      await keepResult(pool, result);
      if (values.json !== true) process.stdout.write(describe(result, (performance.now() - startedAt) / 1000));
    }
    if (values.json === true) process.stdout.write(`${JSON.stringify(results)}\n`);
    if (results.length === 0)
      process.stdout.write(
        values.site === undefined ? 'There is no site yet.\n' : `There is no site ${values.site}.\n`,
      );
    return results.length === 0 || results.some(({ differences }) => differences.length > 0) ? 1 : 0;
  } finally {
    await pool.end();
    await database.release();
  }
}

/** Of the site that is asked for, or of all. */
function keptHeads(file: string | undefined, site: string | undefined): KeptHead[] {
  const content = fileOf('--heads', file);
  if (file === undefined || content === undefined) return [];
  const heads = readHeads(file, content.toString('utf8')).filter((head) => site === undefined || head.site === site);
  if (heads.length === 0) throw rejected('bad-heads', `--heads: ${file} has no head of ${site}.`);
  return heads;
}

/** For the alert `ledger-differs`, which lasts until the next verification that finds no difference. */
async function keepResult(pool: Pool, { site, from, to, differences }: Verification): Promise<void> {
  await pool.query(
    `insert into verification (site, verified_at, from_offset, to_offset, differences) values ($1, now(), $2, $3, $4)
     on conflict (site) do update
     set verified_at = excluded.verified_at, from_offset = excluded.from_offset, to_offset = excluded.to_offset, differences = excluded.differences`,
    [site, from, to, storableJson(differences)],
  );
}

function describe({ site, from, to, transactions, differences, head }: Verification, seconds: number): string {
  const rows = `journal rows ${from + 1} to ${to}, ${transactions} transactions, ${seconds.toFixed(1)} s`;
  const end =
    head === null ? '' : `  head: row ${head.journalOffset}, ${head.transactions} transactions, ${head.hash}\n`;
  if (differences.length === 0) return `${site}: the ledger is what the journal says (${rows}).\n${end}`;
  const lines = differences.map(
    ({ what, missing, unexpected, examples }) =>
      `  ${what}: ${missing} missing, ${unexpected} unexpected\n${examples.map((example) => `    ${example}`).join('\n')}`,
  );
  return `${site}: DIFFERENT (${rows}).\n${lines.join('\n')}\n${end}`;
}
