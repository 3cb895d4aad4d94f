// What is kept how long. Journal partitions are dropped only behind a full cut of every site, so that what remains can
// still be verified; telemetry and quarantine by their age. The ledger is for ever.
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { openClient, type Client, type DatabaseOptions, type Pool } from './database.ts';
import { sqlFile } from './sql.ts';

const FORGET = sqlFile(import.meta.url, 'retention.sql');

export interface RetentionOptions {
  readonly database: DatabaseOptions;
  readonly pool: Pool;
  readonly journalDays: number;
  readonly telemetryDays: number;
  readonly telemetryMinutesDays: number;
  readonly telemetryHoursDays: number;
  readonly quarantineDays: number;
  readonly log: Logger;
  /** Keeps a full cut of a site at an offset of at least so much; false when that is not possible now. */
  readonly keepBase: (site: string, offset: number) => Promise<boolean>;
}

/** Most rows that wait in quarantine; beyond it the oldest go. */
const QUARANTINE_ROWS_MAX = 100_000;

/** Drops what is too old by `now`. To be called now and then; what cannot be done now is done the next time. */
export async function retain(options: RetentionOptions, now: number): Promise<void> {
  const { log } = options;
  try {
    const owner = await openClient({ ...options.database, name: 'tallygate retention', role: 'owner' });
    try {
      await dropJournal(options, owner, now);
      for (const table of ['series_value', 'series_ten_seconds', 'read_rate'])
        await dropOlder(owner, table, day(now - options.telemetryDays * DAY_MS), log);
      for (const table of ['series', 'read_rate']) {
        await dropOlder(owner, `${table}_minute`, day(now - options.telemetryMinutesDays * DAY_MS), log);
        await dropOlder(owner, `${table}_hour`, month(now - options.telemetryHoursDays * DAY_MS), log);
      }
    } finally {
      await owner.end();
    }
    await options.pool.query(
      `delete from quarantine where received_at < now() - make_interval(days => $1)
          or id <= (select id from quarantine order by id desc offset $2 limit 1)`,
      [options.quarantineDays, QUARANTINE_ROWS_MAX],
    );
    await options.pool.query('delete from parcel_label where booked_at < now() - make_interval(days => $1)', [
      options.journalDays,
    ]);
    await options.pool.query('delete from receipt_photo where taken_at < now() - make_interval(days => $1)', [
      options.journalDays,
    ]);
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'old data could not be dropped; it is tried again later');
  }
}

const DAY_MS = 86_400_000;
const day = (time: number): string => new Date(time).toISOString().slice(0, 10).replaceAll('-', '');

/** Partitions by the month. */
const month = (time: number): string => day(time).slice(0, 6);

async function partitionsBefore(owner: Client, table: string, before: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass and c.relname < $2 order by 1`,
    [table, `${table}_${before}`],
  );
  return rows.map(({ name }) => name);
}

async function dropOlder(owner: Client, table: string, before: string, log: Logger): Promise<void> {
  for (const name of await partitionsBefore(owner, table, before)) {
    await owner.query(`drop table if exists ${name}`);
    log.info({ partition: name }, 'old telemetry dropped');
  }
}

async function dropJournal(
  { keepBase, journalDays, log, pool }: RetentionOptions,
  owner: Client,
  now: number,
): Promise<void> {
  const old = await partitionsBefore(owner, 'journal', day(now - journalDays * DAY_MS));
  for (const name of old) {
    const { rows } = await owner.query<{ site: string; last: number }>(
      `select site, max(journal_offset) as last from ${name} group by site order by site`,
    );
    // Every site is asked, also behind one that is not ready: each process keeps those that it derives.
    const missing: string[] = [];
    for (const { site, last } of rows) if (!(await keepBase(site, last))) missing.push(site);
    if (missing.length > 0) {
      log.info(
        { partition: name, site: missing[0], sites: missing.length },
        'old journal is kept for now: there is no full cut of the site behind it yet',
      );
      return;
    }
    await owner.query(`drop table if exists ${name}`); // another process may have been as quick
    for (const { site, last } of rows) await pool.query(FORGET, [site, last]);
    log.info({ partition: name }, 'old journal dropped');
  }
}
