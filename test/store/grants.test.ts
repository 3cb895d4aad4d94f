// What is written stays written: the role of the service has no right to change it, and triggers stop whoever has.
import { beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { APP_ROLE } from '../../src/store/database.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';

const KEPT = ['journal', 'transaction', 'posting', 'evidence', 'chain'] as const;

let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  const { pool, owner } = database;
  for (const parent of ['journal', 'transaction', 'posting'])
    await pool.query("select ensure_partition($1, '2026-11-23 12:00+00')", [parent]);
  const at = "'2026-11-23 12:00+00'";
  await pool.query(
    `insert into journal (site, journal_offset, received_at, kind, stream, seq, content) values ('S', 1, ${at}, 4, 1, 1, '')`,
  );
  await pool.query(
    `insert into transaction (site, id, happened_at, journal_offset, ordinal, type, source, confidence, from_location, to_location)
     values ('S', gen_random_uuid(), ${at}, 1, 0, 'move', 'read', 1, 'A', 'B')`,
  );
  await pool.query(
    `insert into posting (site, transaction_id, line, happened_at, sku, quantity, from_location, to_location)
     values ('S', gen_random_uuid(), 0, ${at}, 'X', 1, 'A', 'B')`,
  );
  await pool.query(
    "insert into evidence (site, id, revision, kind, scores) values ('S', gen_random_uuid(), 1, 'passage', '{}')",
  );
  await pool.query(
    "insert into chain (site, journal_offset, transactions, hash, recorded_at) values ('S', 1, 1, sha256(''), now())",
  );
  // A second start migrates again, with the partitions of the first one there.
  await migrate(owner, createLog({ style: 'silent' }));
});

const tablesOf = async (parent: string): Promise<string[]> =>
  (
    await database.rows<{ name: string }>(
      `select $1::text as name union all select inhrelid::regclass::text from pg_inherits where inhparent = $1::text::regclass`,
      [parent],
    )
  ).map(({ name }) => name);

describe.each(KEPT)('%s', (parent) => {
  it('the service may read and append, and nothing else, also in each partition', async () => {
    for (const table of await tablesOf(parent)) {
      const rights = await database.rows(
        `select has_table_privilege($1, $2, 'select') as may_read, has_table_privilege($1, $2, 'update') as may_update,
                has_table_privilege($1, $2, 'delete') as may_delete, has_table_privilege($1, $2, 'truncate') as may_truncate`,
        [APP_ROLE, table],
      );
      expect({ table, ...rights[0] }).toMatchObject({
        table,
        may_update: false,
        may_delete: false,
        may_truncate: false,
      });
    }
  });

  it.each([
    ['update', `update ${parent} set site = 'T'`],
    ['delete', `delete from ${parent}`],
    ['truncate', `truncate ${parent}`],
  ])('refuses the service to %s', async (_what, statement) => {
    await expect(database.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ['update', `update ${parent} set site = 'T'`],
    ['delete', `delete from ${parent}`],
    ['truncate', `truncate ${parent}`],
  ])('stops even its owner who wants to %s', async (_what, statement) => {
    await expect(database.owner.query(statement)).rejects.toMatchObject({
      code: '23001',
      message: expect.stringContaining('append-only') as string,
    });
    expect(await database.value(`select count(*) from ${parent}`)).toBe(1);
  });

  it('stops its owner in a partition too', async () => {
    for (const table of (await tablesOf(parent)).slice(1)) {
      await expect(database.owner.query(`update ${table} set site = 'T'`)).rejects.toMatchObject({ code: '23001' });
      await expect(database.owner.query(`delete from ${table}`)).rejects.toMatchObject({ code: '23001' });
    }
  });
});

describe('the role of the service', () => {
  it('cannot make or drop tables, nor forge what was migrated', async () => {
    await expect(database.pool.query('create table mine (n int)')).rejects.toMatchObject({ code: '42501' });
    await expect(database.pool.query('drop table journal')).rejects.toMatchObject({ code: '42501' });
    await expect(database.pool.query("update schema_migration set hash = 'x'")).rejects.toMatchObject({
      code: '42501',
    });
    await expect(database.pool.query('alter table journal disable trigger all')).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('can make partitions, of the tables that have them and of no others', async () => {
    const made = (parent: string, at: string) =>
      database.pool
        .query<{ made: boolean }>('select ensure_partition($1, $2) as made', [parent, at])
        .then(({ rows }) => rows[0]!.made);
    expect(await made('journal', '2027-01-01 00:00+00')).toBe(true);
    expect(await made('journal', '2027-01-01 23:59:59.999+00')).toBe(false);
    expect(await made('transaction', '1970-01-01 00:00+00')).toBe(true);
    expect(await made('posting', '9999-12-31 23:59+00')).toBe(true);
    await expect(made('balance', '2027-01-01 00:00+00')).rejects.toThrow('not partitioned by time');
  });

  it('can make the same partition from many connections at once', async () => {
    for (let day = 1; day <= 20; day++) {
      const made = await Promise.all(
        Array.from({ length: 10 }, () =>
          database.pool.query<{ made: boolean }>('select ensure_partition($1, $2) as made', [
            'journal',
            `2028-02-${String(day).padStart(2, '0')} 12:00+00`,
          ]),
        ),
      );
      expect(made.filter(({ rows }) => rows[0]!.made)).toHaveLength(1);
    }
  });
});

describe('the ledger itself', () => {
  it('cannot hold a posting that moves nothing, or from a place to itself', async () => {
    const posting = (quantity: number, from: string, to: string) =>
      database.pool.query(
        `insert into posting (site, transaction_id, line, happened_at, sku, quantity, from_location, to_location)
         values ('S', gen_random_uuid(), 0, '2026-11-23 12:00+00', 'X', $1, $2, $3)`,
        [quantity, from, to],
      );
    await expect(posting(0, 'A', 'B')).rejects.toMatchObject({ code: '23514' });
    await expect(posting(-1, 'A', 'B')).rejects.toMatchObject({ code: '23514' });
    await expect(posting(1, 'A', 'A')).rejects.toMatchObject({ code: '23514' });
  });
});
