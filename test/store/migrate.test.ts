// Migrations go forward, once, and never over a database that somebody else has changed.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/kit/faults.ts';
import { createLog } from '../../src/kit/log.ts';
import { APP_ROLE, openClient, openPool, type Client } from '../../src/store/database.ts';
import { checkMigrated, migrate } from '../../src/store/migrate.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openEmptyDatabase } from '../support/database.ts';
import { leftBehind, releases } from '../support/releases.ts';
import { eventually } from '../support/wait.ts';

const log = createLog({ style: 'silent' });

let url: string;
beforeEach(async () => {
  url = await openEmptyDatabase(closeAfterTest);
});

async function connect(to = url): Promise<Client> {
  const client = await openClient({ url: to, name: 'test', role: 'owner' });
  closeAfterTest(() => client.end());
  return client;
}

const history = async (client: Client) =>
  (
    await client.query<{ version: number; name: string; hash: string; applied_at: number }>(
      'select * from schema_migration order by version',
    )
  ).rows;

/** How many values there are, and a digest of them. */
async function measures(client: Client) {
  const { rows } = await client.query<{ values: number; digest: string }>(
    `select count(*) as values, md5(string_agg(told::text, ' ' order by told::text collate "C")) as digest
     from (select row (site, device, name, at, value, unit, journal_offset) as told from measure) m`,
  );
  return rows[0]!;
}

describe('migrations', () => {
  it('are applied once, in order, and a second run finds nothing to do', async () => {
    const client = await connect();
    await migrate(client, log);
    const first = await history(client);
    const versions = first.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    await migrate(client, log);
    expect(await history(client)).toEqual(first);
  });

  it('run by several at once are applied once', async () => {
    const clients = await Promise.all([connect(), connect(), connect(), connect()]);
    await Promise.all(clients.map((client) => migrate(client, log)));
    const versions = (await history(clients[0])).map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('have the time that they need, and so has who waits for them; the next statement has its limit again', async () => {
    const [first, second] = await Promise.all([connect(), connect()]);
    const lock = "hashtextextended('tallygate-migrate-tallygate', 0)";
    await first.query(`select pg_advisory_lock(${lock})`);
    await second.query('set statement_timeout = 300');
    const migrating = migrate(second, log);
    await eventually('the second one waits for longer than it would', async () => {
      const { rows } = await first.query<{ waits: boolean }>(
        `select exists (select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'
                        and now() - query_start > interval '500 ms') as waits`,
      );
      return rows[0]!.waits;
    });
    await first.query(`select pg_advisory_unlock(${lock})`);
    await migrating;
    expect((await second.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '1min' }]);
  });

  it('of other schemas do not know of each other', async () => {
    const client = await connect();
    await migrate(client, log);
    await client.query("insert into journal_head (site) values ('here')");
    await migrate(client, log, 'another');
    const { rows } = await client.query<{ here: number; there: number }>(
      'select (select count(*) from tallygate.journal_head) as here, (select count(*) from another.journal_head) as there',
    );
    expect(rows).toEqual([{ here: 1, there: 0 }]);
  });

  it('refuse a database that a newer release has touched, and leave it as it is', async () => {
    const client = await connect();
    await migrate(client, log);
    await client.query("insert into schema_migration (version, name, hash) values (999, 'future', 'x')");
    const before = await history(client);
    await expect(migrate(client, log)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'newer-database',
      message: expect.stringContaining(`999 (future), newer than this release (${before.at(-2)!.version})`) as string,
    } satisfies Partial<Fault>);
    expect(await history(client)).toEqual(before);
  });

  it('refuse a history that is not theirs: a file was changed after it ran', async () => {
    const client = await connect();
    await migrate(client, log);
    await client.query("update schema_migration set hash = 'other' where version = 2");
    await expect(migrate(client, log)).rejects.toMatchObject({ code: 'other-database' });
  });

  it('after a refusal the next one is not locked out', async () => {
    const [one, other] = await Promise.all([connect(), connect()]);
    await migrate(one, log);
    await one.query("update schema_migration set hash = hash || 'x' where version = 1");
    await expect(migrate(one, log)).rejects.toMatchObject({ code: 'other-database' });
    await one.query('update schema_migration set hash = left(hash, -1) where version = 1');
    await migrate(other, log);
  });
});

describe('of releases that were in use', () => {
  it.each(releases())('go on from what the release with decider %i left behind', async (release) => {
    const client = await connect();
    await client.query(leftBehind(release));
    await client.query('reset all');
    const [before, measured] = [await history(client), await measures(client)];
    await migrate(client, log);
    expect((await history(client)).slice(0, before.length)).toEqual(before);
    expect(measured.values).toBeGreaterThan(0);
    expect(await measures(client)).toEqual(measured);
    for (const width of ['minute', 'hour']) {
      const { rows } = await client.query(`select sum(count)::integer as values from measure_${width}`);
      expect(rows).toEqual([{ values: measured.values }]);
    }
    await checkMigrated(url);
  });

  it('are missed where no service has ever run', async () => {
    await expect(checkMigrated(url)).rejects.toMatchObject({ code: 'no-tables' });
  });
});

describe('as a user that may not create roles', () => {
  const role = `plain_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;

  async function asPlainUser(isGranted: boolean): Promise<string> {
    const admin = await connect();
    await admin.query(`do $$ begin create role ${APP_ROLE} nologin; exception when duplicate_object then null; end $$`);
    await admin.query(`create role ${role} login password 'secret' nosuperuser nocreaterole`);
    if (isGranted) await admin.query(`grant ${APP_ROLE} to ${role} with admin option`);
    const database = new URL(url).pathname.slice(1);
    await admin.query(`alter database ${database} owner to ${role}`);
    closeAfterTest(async () => {
      await admin.query(`reassign owned by ${role} to current_user`);
      await admin.query(`drop owned by ${role} cascade`);
      await admin.query(`drop role ${role}`);
    });
    const plain = new URL(url);
    plain.username = role;
    plain.password = 'secret';
    return plain.toString();
  }

  it('they say what an administrator must do', async () => {
    const client = await connect(await asPlainUser(false));
    await expect(migrate(client, log)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'no-app-role',
      message: expect.stringContaining(`create role ${APP_ROLE}`) as string,
    });
    await client.end();
  });

  it('they work once the role is there, and so does the service', async () => {
    const plain = await asPlainUser(true);
    const client = await connect(plain);
    await migrate(client, log);
    await migrate(client, log);
    const pool = openPool({ url: plain, name: 'test', max: 1 });
    const [told] = await openJournal(pool, log).append([
      {
        site: 'S',
        gateway: 'service',
        epoch: '',
        seq: 1n,
        digest: 0n,
        counts: false,
        receivedAt: Date.now(),
        kind: 'tick',
      },
    ]);
    expect(told).toMatchObject({ verdict: 'fresh', offset: 1 });
    await pool.end();
    await client.end();
  });
});
