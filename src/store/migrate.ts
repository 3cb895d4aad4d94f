// Forward-only migrations: numbered .sql files, each run once in a transaction of its own and remembered by its hash.
import { readdirSync, readFileSync } from 'node:fs';
import { messageOf, rejected } from '../kit/faults.ts';
import { sha256Hex } from '../kit/ids.ts';
import type { Logger } from '../kit/log.ts';
import { APP_ROLE, atomically, DEFAULT_SCHEMA, openClient, type Client } from './database.ts';

const FOLDER = new URL('migrations/', import.meta.url);

type Applied = Pick<Migration, 'version' | 'name' | 'hash'>;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly hash: string;
}

/**
 * Brings a schema to this release. Run as owner; two at once wait for each other. With much in the ledger it may take an hour: the
 * client must wait for so long.
 * Throws `rejected` for a database that a newer release has touched, or whose history is another one.
 */
export async function migrate(client: Client, log: Logger, schema: string = DEFAULT_SCHEMA): Promise<void> {
  const lockKey = `tallygate-migrate-${schema}`;
  await client.query('set statement_timeout = 0');
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [lockKey]);
  try {
    await client.query(`create schema if not exists ${schema}`);
    await client.query(`set search_path = ${schema}`);
    await client.query(
      'create table if not exists schema_migration (version integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())',
    );
    const applied = await appliedTo(client);
    const known = readMigrations();
    checkHistory(applied, known);
    if (applied.length > 0 && known.length > applied.length) {
      log.info('the database is brought to the version of this release; with much in the ledger this takes a while');
    }
    for (const migration of known.slice(applied.length)) {
      await atomically(client, async () => {
        await client.query(migration.sql);
        await client.query('insert into schema_migration (version, name, hash) values ($1, $2, $3)', [
          migration.version,
          migration.name,
          migration.hash,
        ]);
      });
      log.debug({ version: migration.version, migration: migration.name }, 'database migrated');
    }
    if (known.length > applied.length) {
      log.info({ from: applied.length, to: known.length }, 'database brought to the version of this release');
    }
    await grant(client, schema);
  } finally {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [lockKey]);
    await client.query('reset statement_timeout');
  }
}

/**
 * For commands beside the service, which change nothing: that a database is at the version of this release.
 * @throws Fault `no-tables` where no service has ever run, `older-database`, and those of `migrate` for one that is not ours
 */
export async function checkMigrated(url: string): Promise<void> {
  const client = await openClient({ url, name: 'tallygate', role: 'owner' });
  try {
    const { rows } = await client.query<{ there: boolean }>(
      "select to_regclass('schema_migration') is not null as there",
    );
    if (rows[0]?.there !== true) {
      throw rejected(
        'no-tables',
        'The database holds nothing of Tallygate. Start the service once, or name the database of the service with TALLYGATE_DATABASE_URL.',
      );
    }
    const applied = await appliedTo(client);
    const known = readMigrations();
    checkHistory(applied, known);
    if (applied.length < known.length) {
      throw rejected(
        'older-database',
        `The database is at version ${applied.at(-1)?.version ?? 0}, that of an older release; this one has ${known.at(-1)!.version}. Start this release's service once, which brings it there, or run this command of the older release.`,
      );
    }
  } finally {
    await client.end();
  }
}

const appliedTo = async (client: Client): Promise<Applied[]> =>
  (await client.query<Applied>('select version, name, hash from schema_migration order by version')).rows;

function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{3}-.*\.sql$/.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, FOLDER), 'utf8');
      return { version: Number(file.slice(0, 3)), name: file.slice(4, -4), sql, hash: sha256Hex(sql) };
    });
}

function checkHistory(applied: readonly Applied[], known: readonly Migration[]): void {
  for (const [index, row] of applied.entries()) {
    const migration = known[index];
    if (migration === undefined) {
      throw rejected(
        'newer-database',
        `The database is at version ${row.version} (${row.name}), newer than this release (${known.at(-1)!.version}). Run the newer release.`,
      );
    }
    if (migration.version !== row.version || migration.hash !== row.hash) {
      throw rejected(
        'other-database',
        `Migration ${row.version} (${row.name}) of the database is not the one of this release. Was a migration file changed?`,
      );
    }
  }
}

/** The role that the service works under: it may append to the ledger, not change it. */
async function grant(client: Client, schema: string): Promise<void> {
  try {
    await client.query(`do $$ begin
      if not exists (select 1 from pg_roles where rolname = '${APP_ROLE}') then create role ${APP_ROLE} nologin; end if;
      exception when duplicate_object or unique_violation then null; end $$`);
    await client.query(`grant ${APP_ROLE} to current_user`);
  } catch (error) {
    throw rejected(
      'no-app-role',
      `This Postgres user may not create the role ${APP_ROLE} (${messageOf(error)}). Have an administrator run: create role ${APP_ROLE} nologin; grant ${APP_ROLE} to current_user;`,
    );
  }
  await client.query(`
    grant usage on schema ${schema} to ${APP_ROLE};
    grant select on all tables in schema ${schema} to ${APP_ROLE};
    grant insert, update, delete on all tables in schema ${schema} to ${APP_ROLE};
    revoke update, delete, truncate on journal, transaction, posting, evidence, chain from ${APP_ROLE};
    -- Partitions are reached through their parent alone; those of an earlier run are among "all tables".
    do $$ declare part regclass; begin
      for part in select inhrelid from pg_inherits where inhparent in ('journal'::regclass, 'transaction'::regclass, 'posting'::regclass)
      loop execute format('revoke all on %s from ${APP_ROLE}', part); end loop;
    end $$;
    revoke all on schema_migration from ${APP_ROLE};
    grant select on schema_migration to ${APP_ROLE};
    grant usage on all sequences in schema ${schema} to ${APP_ROLE};
    grant execute on all functions in schema ${schema} to ${APP_ROLE};
  `);
}
