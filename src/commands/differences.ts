// `tallygate differences`: what this release would decide otherwise of what former ones decided. Changes nothing.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { decide } from '../calibrate/decide.ts';
import {
  compareReleases,
  releaseText,
  type FormerPassage,
  type ReleaseReport,
  type Since,
} from '../calibrate/release.ts';
import { loadConfiguration } from '../config/load.ts';
import { planSite, type SiteSource } from '../config/plan.ts';
import type { Outcome, Leading } from '../infer/passage.ts';
import { DECIDER } from '../infer/infer.ts';
import { openJournal, type Journal } from '../intake/journal.ts';
import { rejected } from '../kit/faults.ts';
import { createLog } from '../kit/log.ts';
import { openPool, type Pool } from '../store/database.ts';
import { dataDirectory } from '../store/embeddedFolders.ts';
import { checkMigrated } from '../store/migrate.ts';
import { reachDatabase } from '../store/reachDatabase.ts';
import { sqlFile } from '../store/sql.ts';
import { formatOf } from '../wire/formats/formats.ts';
import type { Row } from '../wire/row.ts';

const HELP = `tallygate differences [--site SITE] [--json]

Decides what is in the journal again, with this release, and says which passages it would decide otherwise than the releases that
decided them: how many, what became of what, at which door, and the first of them. May run beside the service. Changes nothing: what
was posted stays as it was decided, and a raised decider takes effect from one row of the journal on. What a person decided is left out.
`;
const OWN_CONFIG = fileURLToPath(new URL('../../config', import.meta.url));
const PASSAGES = sqlFile(import.meta.url, 'formerPassages.sql');
const READ_ROWS = 2000;

/** The command. Resolves to the exit code. */
export async function differencesCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { site: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const { service } = loadConfiguration(process.env['TALLYGATE_CONFIG'] || OWN_CONFIG, process.env, formatOf, false);
  const log = createLog({ level: 'warn', style: 'json' });
  const database = await reachDatabase(service.databaseUrl, dataDirectory(process.cwd(), process.env), log);
  const pool = openPool({ url: database.url, name: 'tallygate differences', max: 2 });
  try {
    await checkMigrated(database.url);
    const { rows } = await pool.query<{ site: string }>(
      'select site from cursor where $1::text is null or site = $1 order by site',
      [values.site ?? null],
    );
    if (rows.length === 0)
      throw rejected(
        'no-site',
        values.site === undefined ? 'There is no site yet.' : `There is no site ${values.site}.`,
      );
    const reports: ReleaseReport[] = [];
    for (const { site } of rows) {
      const report = await differencesAt(pool, openJournal(pool, log), site);
      reports.push(report);
      if (values.json !== true) process.stdout.write(releaseText(report));
    }
    if (values.json === true) process.stdout.write(`${JSON.stringify(reports)}\n`);
    return 0;
  } finally {
    await pool.end();
    await database.release();
  }
}

interface PassageRow {
  readonly id: string;
  readonly read_point: string;
  readonly epc: string;
  readonly first_at: number;
  readonly last_at: number;
  readonly crossed_at: number | null;
  readonly outcome: Outcome;
  readonly leading_outcome: Leading;
  readonly probability: number;
  readonly decided_by: string | null;
  readonly journal_offset: number;
}

const formerOf = (row: PassageRow): FormerPassage => ({
  id: row.id,
  readPoint: row.read_point,
  epc: row.epc,
  firstAt: row.first_at,
  lastAt: row.last_at,
  crossedAt: row.crossed_at ?? undefined,
  outcome: row.outcome,
  leading: row.leading_outcome,
  probability: row.probability,
  decidedBy: row.decided_by ?? undefined,
  offset: row.journal_offset,
});

/** Of one site, with as much of its journal as there is. */
export async function differencesAt(pool: Pool, journal: Journal, site: string): Promise<ReleaseReport> {
  const { rows: heads } = await pool.query<{ to: number; first: number | null; began_at: number | null }>(
    `select c.journal_offset as to, j.journal_offset as first, j.received_at as began_at
     from cursor c left join lateral (
       select journal_offset, received_at from journal where site = c.site order by journal_offset limit 1
     ) j on true
     where c.site = $1`,
    [site],
  );
  const { to, first, began_at: beganAt } = heads[0]!;
  const from = (first ?? to + 1) - 1;
  const { rows: since } = await pool.query<Since>(
    `select journal_offset as after, decider from decider_since s
     where site = $1 and journal_offset < $2 and not exists (
       select from decider_since l where l.site = s.site and l.journal_offset > s.journal_offset and l.journal_offset <= $3)
     order by journal_offset`,
    [site, to, from],
  );
  const { rows: passages } = await pool.query<PassageRow>({ text: PASSAGES, values: [site, from, to] });
  const { passages: anew } = await decide(await planAt(pool, site, from), rowsOf(journal, site, from, to), {
    end: false,
  });
  return compareReleases({
    site,
    from,
    to,
    beganAt: beganAt ?? 0,
    decider: DECIDER,
    since,
    former: passages.map((row) => formerOf(row)),
    anew,
  });
}

/** As it was in force there. */
async function planAt(pool: Pool, site: string, offset: number) {
  const { rows } = await pool.query<{ source: SiteSource }>(
    'select source from configuration where site = $1 and journal_offset <= $2 order by journal_offset desc limit 1',
    [site, offset],
  );
  return planSite(rows[0]?.source ?? { file: { site } });
}

async function* rowsOf(journal: Journal, site: string, from: number, to: number): AsyncGenerator<Row> {
  for (let after = from; after < to;) {
    const rows = await journal.read(site, after, Math.min(READ_ROWS, to - after));
    if (rows.length === 0) return;
    yield* rows;
    after = rows.at(-1)!.offset;
  }
}
