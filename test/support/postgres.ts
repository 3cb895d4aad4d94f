// One embedded Postgres for a run of tests; each test file makes a database of its own, as a copy of a migrated one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createLog } from '../../src/kit/log.ts';
import { openClient } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

const TEMPLATE = 'tallygate_template';

// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tallygate-test-'));
  const log = createLog({ style: 'silent' });
  const server = await startEmbeddedPostgres({ dataDir: folder, log, settings: { max_connections: '200' } });
  const admin = new pg.Client({ connectionString: server.url, ssl: false });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const owner = await openClient({ url: withDatabase(server.url, TEMPLATE), name: 'test', role: 'owner' });
  await migrate(owner, log);
  await owner.end();
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** A migrated database of one's own, from the server of the run. */
export async function freshDatabase(
  postgresUrl: string,
): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const admin = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: postgresUrl, ssl: false });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  // Copying a template needs it to be unused; others may be copying it right now.
  for (let attempt = 0; ; attempt++) {
    try {
      await admin(`create database ${name} template ${TEMPLATE}`);
      break;
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return { url: withDatabase(postgresUrl, name), drop: () => admin(`drop database if exists ${name} with (force)`) };
}
