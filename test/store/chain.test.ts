// The hash chain over the ledger: every commit adds a link, and whoever changes what was posted is found, also who may do anything
// in the database.
import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Effects } from '../../src/infer/effects.ts';
import { createLog } from '../../src/kit/log.ts';
import { chainRest, cursorOf, postEffects } from '../../src/post/ledger.ts';
import { verifyChain, verifyFunctions, type ChainVerification, type LedgerHead } from '../../src/post/verifyChain.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { closeAfterFile, closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase, tamper, type TestDatabase } from '../support/database.ts';
import { account, effectsOf, NOON, postingOf, SITE, transactionOf } from '../support/effects.ts';

const MIGRATION = readFileSync(new URL('../../src/store/migrations/014-chain.sql', import.meta.url), 'utf8');
const MONTH_MS = 31 * 86_400_000;

let database: TestDatabase;
let client: Client;
let sites = 0;
let site: string;

beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  client = await openClient(database.options);
  closeAfterFile(() => client.end());
});

beforeEach(async () => {
  site = `${SITE}-${++sites}`;
  await cursorOf(client, site); // begins one
});

const months = new Set<string>();
/** Posts rows as one batch. */
const post = (...effects: readonly Effects[]): Promise<void> =>
  postEffects(client, { site, from: effects[0]!.offset - 1, to: effects.at(-1)!.offset, effects }, months);
const verified = (...kept: readonly LedgerHead[]): Promise<ChainVerification> =>
  verifyChain(database.owner, site, { kept });
const links = (): Promise<object[]> =>
  database.rows('select journal_offset, transactions from chain where site = $1 order by journal_offset', [site]);

/** Three links, over rows 1, 2 to 4 and 5, in two months. */
async function postSome(): Promise<void> {
  const bought = postingOf({ quantity: 2.5, lot: 'L1', owner: 'ACME', epc: 'AA' });
  const moved = postingOf({ from: account('DOCK'), to: account('A-01', 'quality', 'C1') });
  const told = { actor: 'me', reason: 'so', readPoint: 'DOOR', epc: 'AA', lot: 'L1', owner: 'ACME', container: 'C1' };
  const decision = { id: transactionOf('decision').id, revision: 2 };
  const whole = { ...told, decision, supersedes: transactionOf(`${site} a`).id, confidence: 0.9792 };
  await post(effectsOf(1, { transactions: [transactionOf(`${site} a`)] }));
  await post(
    effectsOf(2, {
      transactions: [
        transactionOf(`${site} b`, { ...whole, postings: [bought, moved] }),
        transactionOf(`${site} c`, { happenedAt: NOON + MONTH_MS }),
      ],
    }),
    effectsOf(3),
    effectsOf(4, { transactions: [transactionOf(`${site} d`, { quantity: undefined, sku: undefined, postings: [] })] }),
  );
  await post(effectsOf(5, { transactions: [transactionOf(`${site} e`)] }));
}

/** What is found when statements are run with all triggers off; they are undone. */
async function tampered(...statements: readonly string[]): Promise<ChainVerification['differences']> {
  const { owner } = database;
  await owner.query('begin');
  try {
    await owner.query("set local session_replication_role = 'replica'");
    for (const statement of statements) {
      const { rowCount, command } = await owner.query(statement.replaceAll('$site', `'${site}'`));
      expect([statement, command === 'DO' || rowCount! > 0]).toEqual([statement, true]);
    }
    return (await verified()).differences;
  } finally {
    await owner.query('rollback');
  }
}

const idOf = (name: string): string => `'${transactionOf(`${site} ${name}`).id}'`;
const brief = (differences: ChainVerification['differences']) =>
  differences.map(({ what, missing, unexpected }) => `${what}: ${missing} missing, ${unexpected} unexpected`);

describe('a batch', () => {
  it('adds a link when it posts something', async () => {
    await postSome();
    await post(effectsOf(6));
    expect(await links()).toEqual([
      { journal_offset: 1, transactions: 1 },
      { journal_offset: 4, transactions: 4 },
      { journal_offset: 5, transactions: 5 },
    ]);
    expect(await verified()).toEqual({
      head: {
        site,
        journalOffset: 5,
        transactions: 5,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      },
      differences: [],
    });
  });

  it('that is not posted adds none', async () => {
    await postSome();
    const again = effectsOf(6, { transactions: [transactionOf(`${site} new`), transactionOf(`${site} a`)] });
    await expect(post(again)).rejects.toMatchObject({ code: '23505' });
    expect(await links()).toHaveLength(3);
    expect((await verified()).differences).toEqual([]);
  });

  it('of the same makes another link at another site', async () => {
    await postSome();
    const { head } = await verified();
    site = `${SITE}-${++sites}`;
    await cursorOf(client, site);
    expect(await verified()).toEqual({ head: null, differences: [] });
    await postSome();
    expect((await verified()).head!.hash).not.toBe(head!.hash);
  });

  it('may be posted while the chain is followed', async () => {
    await postSome();
    const posting = async (): Promise<void> => {
      for (let row = 6; row < 120; row++)
        await post(effectsOf(row, { transactions: [transactionOf(`${site} ${row}`)] }));
    };
    const looking = async (): Promise<void> => {
      for (let look = 0; look < 20; look++) expect((await verified()).differences).toEqual([]);
    };
    await Promise.all([posting(), looking()]);
    expect(await verified()).toMatchObject({ head: { journalOffset: 119, transactions: 119 }, differences: [] });
  });
});

it('a chain that was made under some settings of a session is followed under others', async () => {
  const others = [
    "TimeZone = 'Asia/Kolkata'",
    "DateStyle = 'SQL, DMY'",
    'extra_float_digits = -15',
    "bytea_output = 'escape'",
  ];
  const other = await openClient({ ...database.options, role: 'owner' });
  closeAfterTest(() => other.end());
  for (const setting of others) await other.query(`set ${setting}`);
  await postSome();
  const row = effectsOf(6, { transactions: [transactionOf(`${site} f`, { confidence: 0.1, lot: 'é€' })] });
  await postEffects(other, { site, from: 5, to: 6, effects: [row] }, months);
  const { head, differences } = await verifyChain(database.owner, site);
  expect(differences).toEqual([]);
  expect(await verifyChain(other, site)).toMatchObject({
    head: { ...head, hash: expect.any(String) as string },
    differences: [],
  });
});

describe('whoever owns the database is found', () => {
  beforeEach(() => postSome());

  /** Another value that the table takes. */
  const changed = (column: string, type: string): string => {
    if (column === 'type') return "'count'";
    if (column === 'source') return "'import'";
    if (column === 'confidence') return '0.97920006';
    if (type === 'text') return `coalesce(${column}, '') || '~'`;
    if (type === 'uuid') return 'gen_random_uuid()';
    if (type.startsWith('timestamp')) return `${column} + interval '1 microsecond'`;
    return `coalesce(${column}, 0) + 1`;
  };

  it.each(['transaction', 'posting'])('changing any column of a %s', async (table) => {
    const columns = await database.rows<{ name: string; type: string }>(
      `select column_name as name, data_type as type from information_schema.columns
       where table_schema = 'tallygate' and table_name = $1`,
      [table],
    );
    expect(columns.length).toBeGreaterThan(15);
    for (const { name, type } of columns) {
      const which = table === 'transaction' ? `id = ${idOf('b')}` : `transaction_id = ${idOf('b')} and line = 1`;
      const statement = `update ${table} set ${name} = ${changed(name, type)} where site = $site and ${which}`;
      const [difference, ...others] = await tampered(statement);
      expect([name, others, difference!.what, difference!.missing]).toEqual([name, [], 'chain', 1]);
      expect([name, difference!.examples[0]]).toEqual([
        name,
        expect.stringMatching(/^journal rows 2 to 4, recorded \d{4}-\d\d-\d\dT[\d:.]+Z: /),
      ]);
    }
  });

  it.each([
    ['what was nothing becomes an empty text', "update transaction set epc = '' where site = $site and epc is null"],
    [
      'a text loses its end to the next',
      "update transaction set lot = 'L1A', owner = 'CME' where site = $site and lot = 'L1'",
    ],
    ['a quantity is written otherwise', 'update posting set quantity = 2.50 where site = $site and quantity = 2.5'],
  ])('when %s', async (_what, statement) => {
    expect(brief(await tampered(statement))).toEqual([expect.stringMatching(/^chain: [1-3] missing, 0 unexpected/)]);
  });

  it('deleting', async () => {
    const postings = `delete from posting where site = $site and transaction_id = ${idOf('c')}`;
    const transaction = `delete from transaction where site = $site and id = ${idOf('c')}`;
    expect(await tampered(postings, transaction)).toMatchObject([
      {
        site,
        what: 'chain',
        missing: 1,
        unexpected: 0,
        examples: [
          expect.stringMatching(/^journal rows 2 to 4, .*: 3 transactions were posted then, 2 are there$/) as string,
        ],
      },
    ]);
    expect(brief(await tampered(postings))).toEqual(['chain: 1 missing, 0 unexpected']);
    expect(brief(await tampered(transaction))).toEqual(['chain: 1 missing, 1 unexpected']);
  });

  it('adding', async () => {
    const copy = (offset: number) =>
      `insert into transaction (site, id, happened_at, journal_offset, ordinal, type, source, confidence, from_location, to_location)
       select site, gen_random_uuid(), happened_at, ${offset}, 9, type, source, confidence, from_location, to_location
       from transaction where site = $site and id = ${idOf('a')}`;
    const line = (id: string, later = '') =>
      `insert into posting (site, transaction_id, line, happened_at, sku, quantity, from_location, to_location)
       select site, ${id}, 9, happened_at ${later}, 'X', 1, 'A', 'B' from transaction where site = $site and id = ${idOf('a')}`;
    expect(brief(await tampered(copy(3)))).toEqual(['chain: 1 missing, 0 unexpected']);
    for (const outside of [6, 0, -5]) {
      const [difference] = await tampered(copy(outside));
      expect([outside, difference]).toMatchObject([outside, { missing: 0, unexpected: 1 }]);
      expect(difference!.examples).toEqual([
        expect.stringMatching(`^journal row ${outside}: no link covers transaction `),
      ]);
    }
    expect(brief(await tampered(line(idOf('a'))))).toEqual(['chain: 1 missing, 0 unexpected']);
    expect(brief(await tampered(line(idOf('a'), "+ interval '1 day'")))).toEqual(['chain: 0 missing, 1 unexpected']);
    expect(brief(await tampered(line('gen_random_uuid()')))).toEqual(['chain: 0 missing, 1 unexpected']);
  });

  it('exchanging two', async () => {
    const b = idOf('b');
    const [c, e] = [idOf('c'), idOf('e')];
    const swap = (column: string, one: string, other: string, [first, second]: readonly [string, string]) =>
      `update transaction set ${column} = case id when ${one} then ${second} else ${first} end where site = $site and id in (${one}, ${other})`;
    expect(brief(await tampered(swap('ordinal', b, c, ['0', '1'])))).toEqual(['chain: 1 missing, 0 unexpected']);
    expect(brief(await tampered(swap('journal_offset', b, e, ['2', '5'])))).toEqual(['chain: 2 missing, 0 unexpected']);
    const lines = `update posting set line = case line when 0 then 11 else 10 end where site = $site and transaction_id = ${b}`;
    const back = `update posting set line = line - 10 where site = $site and transaction_id = ${b}`;
    expect(brief(await tampered(lines, back))).toEqual(['chain: 1 missing, 0 unexpected']);
  });

  it('changing the chain itself', async () => {
    const link = (change: string) => `update chain set ${change} where site = $site and journal_offset = 4`;
    expect(brief(await tampered(link("hash = sha256('')")))).toEqual(['chain: 2 missing, 0 unexpected']);
    expect(brief(await tampered(link('transactions = transactions + 1')))).toEqual(['chain: 2 missing, 0 unexpected']);
    expect(brief(await tampered(link("recorded_at = recorded_at - interval '1 hour'")))).toEqual([
      'chain: 1 missing, 0 unexpected',
    ]);
    expect(brief(await tampered(link('journal_offset = 3')))).toEqual(['chain: 2 missing, 0 unexpected']);
    const drop = (which: string) => `delete from chain where site = $site ${which}`;
    expect(brief(await tampered(drop('and journal_offset = 1')))).toEqual(['chain: 1 missing, 0 unexpected']);
    expect(brief(await tampered(drop('and journal_offset = 4')))).toEqual(['chain: 1 missing, 0 unexpected']);
    expect(brief(await tampered(drop('and journal_offset = 5')))).toEqual(['chain: 0 missing, 1 unexpected']);
    expect(brief(await tampered(drop('')))).toEqual(['chain: 0 missing, 5 unexpected']);
  });

  it('in a long chain too, by the one link that is broken', async () => {
    for (let row = 6; row < 520; row++) {
      const names = Array.from({ length: row < 510 ? 1 : 300 }, (_, index) => `${site} ${row} ${index}`);
      await post(effectsOf(row, { transactions: names.map((name) => transactionOf(name)) }));
    }
    expect(await verified()).toMatchObject({ head: { transactions: 5 + 504 + 3000 }, differences: [] });
    const found = await tampered(
      `update transaction set actor = 'nobody' where site = $site and id = ${idOf('519 2')}`,
    );
    expect(brief(found)).toEqual(['chain: 1 missing, 0 unexpected']);
    expect(found[0]!.examples[0]).toMatch(/^journal rows 519 to 519, /);
    const many = await tampered("update transaction set actor = 'nobody' where site = $site and journal_offset > 100");
    expect(many).toMatchObject([{ missing: 419, examples: { length: 5 } }]);
  });
});

it('functions that were exchanged, so that they say what somebody wants to hear, are found', async () => {
  const fresh = await openClient({ ...database.options, role: 'owner' });
  closeAfterTest(() => fresh.end());
  await migrate(fresh, createLog({ style: 'silent' }), 'fresh');
  const compared = () => verifyFunctions(database.owner, site, 'fresh');
  expect(await compared()).toEqual([]);
  const { owner, value } = database;
  const [link, posting] = await Promise.all(
    ['link_hash', 'posting_digest'].map((name) => value<string>('select pg_get_functiondef($1::regproc)', [name])),
  );
  const view = `create or replace view ledger_digest as ${await value<string>("select pg_get_viewdef('ledger_digest'::regclass)")}`;
  await owner.query('create function sha256(bytea) returns bytea language sql return pg_catalog.sha256($1)');
  const exchanges: readonly (readonly [name: string, done: string, undone: string])[] = [
    ['link_hash', link!.replace('sha256(', 'tallygate.sha256('), link!],
    ['posting_digest', posting!.replace('quantity', 'quantity * 0'), posting!],
    [
      'transaction_digest',
      "create function transaction_digest(t transaction) returns bytea language sql return sha256('')",
      'drop function transaction_digest(transaction)',
    ],
    ['ledger_digest', view.replace('transaction_digest(t.*, l.digests)', "'\\x'::bytea"), view],
  ];
  for (const [name, done, undone] of exchanges) {
    expect(done).not.toBe(undone);
    await owner.query(done);
    const found = await compared();
    await owner.query(undone);
    const examples = [expect.stringContaining(name) as string];
    expect([name, found]).toEqual([name, [{ site, what: 'chain functions', missing: 1, unexpected: 0, examples }]]);
    expect([name, await compared()]).toEqual([name, []]);
  }
});

/** As somebody would who knows how it is done: every link anew, at its place and of its time. */
const CHAIN_ANEW = `do $$
  declare link chain; before bytea; after bigint := 0;
  begin
    for link in select * from chain where site = $site order by journal_offset loop
      update chain c
      set hash = link_hash(before, c.site, c.journal_offset, c.transactions, c.recorded_at,
        (select array_agg(d.digest order by d.journal_offset, d.ordinal) from ledger_digest d
         where d.site = c.site and d.journal_offset > after and d.journal_offset <= c.journal_offset))
      where c.site = link.site and c.journal_offset = link.journal_offset returning c.hash into before;
      after := link.journal_offset;
    end loop;
  end $$`;

describe('a head that was kept', () => {
  it('is a link of the chain still, however it goes on', async () => {
    await postSome();
    const { head } = await verified();
    await post(effectsOf(6, { transactions: [transactionOf(`${site} f`)] }));
    expect((await verified(head!)).differences).toEqual([]);
  });

  it('tells that everything was made anew', async () => {
    await post(effectsOf(1, { transactions: [transactionOf(`${site} first`)] }));
    const { head: early } = await verified();
    for (const row of [2, 3, 4]) await post(effectsOf(row, { transactions: [transactionOf(`${site} ${row}`)] }));
    const { head: late } = await verified();
    const { owner } = database;
    await owner.query("set session_replication_role = 'replica'");
    try {
      const anew = CHAIN_ANEW.replaceAll('$site', `'${site}'`);
      await owner.query(anew);
      expect(await verified(early!, late!)).toEqual({ head: late, differences: [] });
      await owner.query("update transaction set actor = 'nobody' where site = $1 and journal_offset = 3", [site]);
      await owner.query(anew);
    } finally {
      await owner.query("set session_replication_role = 'origin'");
    }
    expect((await verified()).differences).toEqual([]);
    expect((await verified(early!)).differences).toEqual([]);
    expect((await verified(early!, late!)).differences).toEqual([
      {
        site,
        what: 'kept heads',
        missing: 1,
        unexpected: 0,
        examples: [
          expect.stringMatching(`journal row 4, ${late!.hash}: .*the history before it was rewritten, or`) as string,
        ],
      },
    ]);
  });

  it('tells that the end is gone', async () => {
    await postSome();
    const { head } = await verified();
    const [difference] = (await verified({ ...head!, journalOffset: 9 })).differences;
    expect(difference).toMatchObject({
      what: 'kept heads',
      examples: [expect.stringContaining('the chain ends before it, at row 5')],
    });
    site = `${SITE}-${++sites}`;
    expect((await verified({ ...head!, site })).differences).toMatchObject([
      { what: 'kept heads', examples: [expect.stringContaining('the chain ends before it, at row 0')] },
    ]);
  });
});

describe('a ledger from before there was a chain', () => {
  it('goes on having one when an older release has posted meanwhile', async () => {
    await postSome();
    const { head } = await verified();
    expect(await chainRest(client, site)).toBe(0);
    await tamper(database, 'delete from chain where site = $1 and journal_offset > 1', [site]);
    expect(brief((await verified()).differences)).toEqual(['chain: 0 missing, 4 unexpected']);
    expect(await chainRest(client, site)).toBe(4);
    expect(await verified()).toMatchObject({ head: { journalOffset: 5, transactions: 5 }, differences: [] });
    // Who has a head tells whether it was that, or the end of the chain was taken away.
    expect(brief((await verified(head!)).differences)).toEqual(['kept heads: 1 missing, 0 unexpected']);
  });

  it('has one from the migration on, over all that was posted', async () => {
    const old = await openDatabase(closeAfterTest);
    const writer = await openClient(old.options);
    closeAfterTest(() => writer.end());
    const rows = (name: string, count: number, each: number): Effects[] =>
      Array.from({ length: count }, (_, row) => {
        const names = Array.from({ length: each }, (__, index) => `${name} ${row} ${index}`);
        const happenedAt = NOON - (row % 3) * MONTH_MS;
        return effectsOf(row + 1, { transactions: names.map((one) => transactionOf(one, { happenedAt })) });
      });
    for (const [name, count, each] of [
      ['OLD', 350, 7],
      ['SMALL', 3, 1],
    ] as const) {
      await cursorOf(writer, name);
      await postEffects(writer, { site: name, from: 0, to: count, effects: rows(name, count, each) }, new Set());
    }
    await old.owner.query(
      'drop view ledger_digest cascade; drop function transaction_digest, posting_digest, link_hash; drop table chain',
    );
    await old.owner.query(MIGRATION);
    expect(
      await old.rows('select site, journal_offset, transactions from chain order by site, journal_offset'),
    ).toEqual([
      // A thousand, and the rest of the journal row.
      { site: 'OLD', journal_offset: 143, transactions: 1001 },
      { site: 'OLD', journal_offset: 286, transactions: 2002 },
      { site: 'OLD', journal_offset: 350, transactions: 2450 },
      { site: 'SMALL', journal_offset: 3, transactions: 3 },
    ]);
    for (const name of ['OLD', 'SMALL']) expect((await verifyChain(old.owner, name)).differences).toEqual([]);
    await migrate(old.owner, createLog({ style: 'silent' })); // what the service may do with it
    const next = effectsOf(4, { transactions: [transactionOf('next')] });
    await postEffects(writer, { site: 'SMALL', from: 3, to: 4, effects: [next] }, new Set());
    expect(await verifyChain(old.owner, 'SMALL')).toMatchObject({
      head: { journalOffset: 4, transactions: 4 },
      differences: [],
    });
  });
});
