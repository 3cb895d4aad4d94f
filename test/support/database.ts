// A migrated database for one test file, or for one test, on the server of the run; with the connections of the service's
// role, of the owner, and of a superuser who can do what nobody should.
import pg from 'pg';
import { inject } from 'vitest';
import { openClient, openPool, type Client, type DatabaseOptions, type Pool } from '../../src/store/database.ts';
import { freshDatabase, withDatabase } from './postgres.ts';

export interface TestDatabase {
  readonly url: string;
  readonly options: DatabaseOptions;
  /** The role that the service works under. */
  readonly pool: Pool;
  /** Migrates and drops; the test server's superuser as well. */
  readonly owner: Client;
  /** Rows of a statement run as owner. */
  readonly rows: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  /** The first column of the first row. */
  readonly value: <T = number>(text: string, values?: unknown[]) => Promise<T>;
}

/** `onEnd` is told how to drop it again. */
export async function openDatabase(onEnd: (drop: () => Promise<void>) => void): Promise<TestDatabase> {
  const { url, drop } = await freshDatabase(inject('postgresUrl'));
  const options = { url, name: 'test' };
  const pool = openPool({ ...options, max: 12, onError: () => {} });
  const owner = await openClient({ ...options, role: 'owner', onError: () => {} });
  onEnd(async () => {
    await pool.end();
    await owner.end();
    await drop();
  });
  const rows = async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> =>
    (await owner.query<Row>(text, values)).rows;
  return {
    url,
    options,
    pool,
    owner,
    rows,
    value: async <T>(text: string, values?: unknown[]) => Object.values((await rows(text, values))[0] ?? {})[0] as T,
  };
}

/** Runs statements with all triggers off, as somebody who has broken into the database. */
export async function tamper({ owner }: TestDatabase, text: string, values: unknown[] = []): Promise<number> {
  await owner.query("set session_replication_role = 'replica'");
  try {
    return (await owner.query(text, values)).rowCount ?? 0;
  } finally {
    await owner.query("set session_replication_role = 'origin'");
  }
}

/** Ends the connections of an application name, as an administrator or a crash would. */
export async function terminate({ owner }: TestDatabase, name: string): Promise<number> {
  const { rows } = await owner.query<{ gone: boolean }>(
    'select pg_terminate_backend(pid) as gone from pg_stat_activity where application_name = $1 and datname = current_database()',
    [name],
  );
  return rows.length;
}

/** A database with nothing in it. */
export async function openEmptyDatabase(onEnd: (drop: () => Promise<void>) => void): Promise<string> {
  const server = inject('postgresUrl');
  const name = `test_empty_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const admin = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server, ssl: false });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await admin(`create database ${name} template template0`);
  onEnd(() => admin(`drop database if exists ${name} with (force)`));
  return withDatabase(server, name);
}
