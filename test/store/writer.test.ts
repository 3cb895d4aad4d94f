// The one connection that may write: whatever happens to it, a batch is in the ledger once, and who has lost a site's lock
// writes nothing more.
import { deserialize, serialize } from 'node:v8';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planSite } from '../../src/config/plan.ts';
import { openMachine } from '../../src/derive.ts';
import { createLog } from '../../src/kit/log.ts';
import { sleep } from '../../src/kit/sleep.ts';
import { loadMachine, PIECE_BYTES } from '../../src/post/keepSnapshot.ts';
import { takeSnapshot } from '../../src/post/snapshot.ts';
import { openWriter, type Writer } from '../../src/post/writer.ts';
import { openClient } from '../../src/store/database.ts';
import { closeAfterFile, closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase, terminate, type TestDatabase } from '../support/database.ts';
import { effectsOf, transactionOf } from '../support/effects.ts';
import { openTcpProxy, targetOf, type TcpProxy } from '../support/tcpProxy.ts';
import { eventually, inTime } from '../support/wait.ts';

const log = createLog({ style: 'silent' });

let database: TestDatabase;
let sites = 0;
let site: string;

beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
});
beforeEach(() => {
  site = `W-${++sites}`;
});

interface TestWriter extends Writer {
  readonly name: string;
  readonly proxy: TcpProxy;
  /** Posts one transaction in a batch of its own, after `from`. */
  readonly one: (from: number) => Promise<void>;
  /** How often it has noticed that its idle connection broke. */
  readonly breaks: () => number;
}

async function newWriter(lockWithinMs?: number, onLost?: (site: string) => void): Promise<TestWriter> {
  const proxy = await openTcpProxy(targetOf(database.url));
  const name = `writer ${site} ${Math.random().toString(36).slice(2, 8)}`;
  const stopped = new AbortController();
  let breaks = 0;
  const writer = openWriter({
    database: { url: proxy.url(database.url), name },
    log: { ...log, warn: () => breaks++, error: () => {}, info: () => {} },
    sleep: (ms) => sleep(ms, stopped.signal),
    onCommit: () => {},
    ...(lockWithinMs === undefined ? {} : { lockWithinMs }),
    ...(onLost === undefined ? {} : { onLost }),
  });
  closeAfterTest(async () => {
    stopped.abort();
    proxy.release();
    proxy.refuses = true;
    proxy.cut();
    await writer.close();
    await proxy.close();
  });
  const one = (from: number): Promise<void> =>
    writer.post({
      site,
      from,
      to: from + 1,
      effects: [effectsOf(from + 1, { transactions: [transactionOf(`${site} ${from}`)] })],
    });
  return { ...writer, name, proxy, one, breaks: () => breaks };
}

/** A writer that has the site and has posted its first row. */
async function owningWriter(lockWithinMs?: number): Promise<TestWriter> {
  const writer = await newWriter(lockWithinMs);
  expect(await writer.own(site)).toBe(true);
  expect(await writer.cursor(site)).toBe(0);
  await writer.one(0);
  return writer;
}

const posted = async (): Promise<readonly number[]> => [
  await database.value('select count(*) from transaction where site = $1', [site]),
  await database.value('select count(*) from posting where site = $1', [site]),
  await database.value("select coalesce(sum(quantity), 0) from balance where site = $1 and location = 'DOCK'", [site]),
  await database.value('select journal_offset from cursor where site = $1', [site]),
];

const isBackendOf = (name: string): Promise<number> =>
  database.value('select count(*) from pg_stat_activity where application_name = $1', [name]);

describe('a site', () => {
  it('has one writer; the next one gets it when that has ended', async () => {
    const first = await owningWriter();
    const second = await newWriter();
    expect(await second.own(site)).toBe(false);
    expect(await first.own(site)).toBe(true);
    await first.close();
    await eventually('the lock is free', () => second.own(site), 3000);
    expect(await second.cursor(site)).toBe(1);
    await second.one(1);
    expect(await posted()).toEqual([2, 2, 2, 2]);
  });

  it('is given to exactly one of many that ask at once', async () => {
    const writers = await Promise.all(Array.from({ length: 6 }, () => newWriter()));
    const got = await Promise.all(writers.map((writer) => writer.own(site)));
    expect(got.filter(Boolean)).toHaveLength(1);
  });
});

describe('a connection that is ended', () => {
  it('between two batches is opened again, with its lock', async () => {
    const writer = await owningWriter();
    const rival = await newWriter();
    for (let from = 1; from <= 12; from++) {
      await terminate(database, writer.name);
      await writer.one(from);
      expect(await rival.own(site)).toBe(false);
    }
    expect(await posted()).toEqual([13, 13, 13, 13]);
  });

  it('is noticed at once, and used again at once: its own old connection does not pass for another process', async () => {
    const writer = await owningWriter();
    for (let from = 1; from <= 20; from++) {
      await terminate(database, writer.name);
      await eventually('it is noticed', () => writer.breaks() >= from);
      await writer.one(from);
    }
    expect(await posted()).toEqual([21, 21, 21, 21]);
  });

  it('in the middle of a batch has posted nothing, and the batch is posted once', async () => {
    const writer = await owningWriter();
    const blocker = await openClient({ ...database.options, role: 'owner' });
    closeAfterTest(() => blocker.end());
    await blocker.query('begin');
    await blocker.query('select 1 from balance where site = $1 for update', [site]);
    const waiting = writer.one(1);
    await eventually('the batch waits in the middle', () =>
      database.value("select count(*) from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'", [
        writer.name,
      ]),
    );
    await terminate(database, writer.name);
    await eventually(
      'its connection is gone',
      async () => (await isBackendOf(writer.name)) === 0 || (await posted())[3] === 1,
    );
    expect(await posted()).toEqual([1, 1, 1, 1]);
    await blocker.query('rollback');
    await inTime('the batch is posted', waiting);
    expect(await posted()).toEqual([2, 2, 2, 2]);
  });

  it('while its statement still runs leaves the lock to itself: the server ends what nobody waits for', async () => {
    const writer = await owningWriter();
    const blocker = await openClient({ ...database.options, role: 'owner' });
    closeAfterTest(() => blocker.end());
    await blocker.query('begin');
    await blocker.query('select 1 from balance where site = $1 for update', [site]);
    const waiting = writer.one(1);
    await eventually('the batch waits in the middle', () =>
      database.value("select count(*) from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'", [
        writer.name,
      ]),
    );
    writer.proxy.cut();
    await eventually('it is back', async () => (await isBackendOf(writer.name)) === 2);
    await eventually('the old one is gone', async () => (await isBackendOf(writer.name)) === 1);
    await blocker.query('rollback');
    await inTime('the batch is posted', waiting);
    expect(await posted()).toEqual([2, 2, 2, 2]);
  });

  it('whose statement was cancelled tries again', async () => {
    const writer = await owningWriter();
    const blocker = await openClient({ ...database.options, role: 'owner' });
    closeAfterTest(() => blocker.end());
    await blocker.query('begin');
    await blocker.query('select 1 from balance where site = $1 for update', [site]);
    const waiting = writer.one(1);
    await eventually('it is cancelled', () =>
      database.value(
        "select bool_or(pg_cancel_backend(pid)) from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
        [writer.name],
      ),
    );
    await blocker.query('rollback');
    await inTime('the batch is posted', waiting);
    expect(await posted()).toEqual([2, 2, 2, 2]);
  });

  it.each(['before', 'after'] as const)('just %s the commit has posted the batch once', async (when) => {
    const writer = await owningWriter();
    for (let from = 1; from <= 4; from++) {
      const lost = writer.proxy.loseOnce('commit', when);
      await inTime('the batch is posted', Promise.all([lost, writer.one(from)]));
    }
    expect(await posted()).toEqual([5, 5, 5, 5]);
  });

  it('a core that is too large for one statement is kept in pieces, as many as it needs now', async () => {
    const writer = await owningWriter();
    const machine = openMachine(planSite({ file: { site } }));
    const { parts } = takeSnapshot(machine);
    const small = parts.find(({ part }) => part === 'core')!.content!;
    const large = serialize({ ...(deserialize(small) as object), padding: new Uint8Array(2 * PIECE_BYTES) });
    for (const [offset, content, pieces] of [
      [1, large, 3],
      [2, small, 1],
      [3, large, 3],
    ] as const) {
      await writer.snapshot({ site, offset, parts: [{ part: 'core', key: '', content }], putBack: () => {} });
      const kept = await database.value('select count(*) from snapshot_part where site = $1', [site]);
      const length = await database.value('select sum(length(content)) from snapshot_part where site = $1', [site]);
      expect([kept, length]).toEqual([pieces, content.length]);
      expect((await loadMachine(database.pool, site)).offset).toBe(offset);
    }
  });

  it('just after the commit of a snapshot has written it', async () => {
    const writer = await owningWriter();
    const lost = writer.proxy.loseOnce('commit', 'after');
    const parts = [{ part: 'core' as const, key: '', content: Buffer.from('x') }];
    await inTime('it is written', Promise.all([lost, writer.snapshot({ site, offset: 1, parts, putBack: () => {} })]));
    expect(await database.value('select journal_offset from snapshot where site = $1', [site])).toBe(1);
  });

  it('stays away until Postgres is back: everything waits, in order', async () => {
    const writer = await owningWriter();
    writer.proxy.refuses = true;
    writer.proxy.cut();
    const waiting = [1, 2, 3].map((from) => writer.one(from));
    await eventually('the lock is free', async () => (await isBackendOf(writer.name)) === 0);
    expect(await posted()).toEqual([1, 1, 1, 1]);
    writer.proxy.refuses = false;
    await inTime('all are posted', Promise.all(waiting));
    expect(await posted()).toEqual([4, 4, 4, 4]);
  });
});

describe('a writer that has lost its site', () => {
  it('refuses to write when another process has taken it over', async () => {
    const writer = await owningWriter(500);
    const rival = await newWriter();
    writer.proxy.refuses = true;
    writer.proxy.cut();
    await eventually('the rival has it', () => rival.own(site));
    expect(await rival.cursor(site)).toBe(1);
    await rival.one(1);
    writer.proxy.refuses = false;
    await expect(inTime('it is told', writer.one(2), 20_000)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'site-lost',
    });
    expect(await posted()).toEqual([2, 2, 2, 2]);
    await expect(rival.one(1)).rejects.toMatchObject({ code: 'cursor-moved' });
    await rival.one(2);
    expect(await posted()).toEqual([3, 3, 3, 3]);
  });

  it('and has it back finds the cursor moved: what the other posted stays as it is', async () => {
    const writer = await owningWriter();
    writer.proxy.refuses = true;
    writer.proxy.cut();
    const rival = await newWriter();
    await eventually('the rival has it', () => rival.own(site));
    await rival.one(1);
    await rival.close();
    await eventually('the rival is gone', async () => (await isBackendOf(rival.name)) === 0);
    writer.proxy.refuses = false;
    const other = [effectsOf(2, { transactions: [transactionOf(`${site} other`)] })];
    await expect(writer.post({ site, from: 1, to: 2, effects: other })).rejects.toMatchObject({ code: 'cursor-moved' });
    expect(await posted()).toEqual([2, 2, 2, 2]);
  });

  it('and has it back leaves the later snapshot that the other took', async () => {
    const snapshotAt = (offset: number, content: string) => ({
      site,
      offset,
      parts: [{ part: 'item' as const, key: 'E1', content: Buffer.from(content) }],
      putBack: () => {},
    });
    const writer = await owningWriter();
    await writer.one(1);
    writer.proxy.refuses = true;
    writer.proxy.cut();
    const rival = await newWriter();
    await eventually('the rival has it', () => rival.own(site));
    await rival.one(2);
    await rival.snapshot(snapshotAt(2, 'later'));
    await rival.close();
    await eventually('the rival is gone', async () => (await isBackendOf(rival.name)) === 0);
    writer.proxy.refuses = false;
    await expect(writer.snapshot(snapshotAt(1, 'older'))).rejects.toMatchObject({ code: 'snapshot-moved' });
    const kept = "select string_agg(convert_from(content, 'UTF8'), ' ') from snapshot_part where site = $1";
    expect(await database.value(kept, [site])).toBe('later');
  });

  it('frozen in the middle of a batch writes nothing after the thaw', async () => {
    const writer = await owningWriter(500);
    writer.proxy.hold(); // its process is frozen, or its network: Postgres hears nothing and says nothing
    const frozen = writer.one(1).then(
      () => 'posted',
      (error: unknown) => (error as { code?: string }).code,
    );
    await terminate(database, writer.name); // what TCP keep-alive does on the server
    const rival = await newWriter();
    await eventually('the rival has it', () => rival.own(site));
    await rival.one(1);
    writer.proxy.release();
    // The same batch with the same content was posted by the rival; whether it finds its cursor there or its lock gone,
    // it posts nothing of its own.
    expect(await inTime('it is told', frozen, 20_000)).toBe('site-lost');
    expect(await posted()).toEqual([2, 2, 2, 2]);
  });
});

describe('closing', () => {
  it('is no loss: a site whose lock was still waited for is not said to be another one’s', async () => {
    const lost: string[] = [];
    const writer = await newWriter(60_000, (gone) => lost.push(gone));
    expect(await writer.own(site)).toBe(true);
    const rival = await newWriter();
    writer.proxy.refuses = true;
    writer.proxy.cut();
    await eventually('the rival has it', () => rival.own(site));
    writer.proxy.refuses = false;
    const asked = writer.holds(site).catch((error: unknown) => error);
    await eventually('it is back, and waits', async () => (await isBackendOf(writer.name)) === 1);
    await inTime('it is closed', writer.close());
    expect(await asked).toMatchObject({ kind: 'unavailable', code: 'closed' });
    expect(lost).toEqual([]);
    await eventually('its connection is gone', async () => (await isBackendOf(writer.name)) === 0);
  });

  it('gives up the site, and does not wait for a Postgres that is away', async () => {
    const writer = await owningWriter();
    await writer.close();
    await eventually('the lock is free', async () => (await newWriter()).own(site), 3000);
  });
});

describe('processes that share the sites', () => {
  it('count each other, and see which sites nobody has', async () => {
    const other = `${site}-other`;
    const first = await newWriter(undefined, () => {});
    expect(await first.share([site, other])).toEqual({ processes: 1, free: [site, other] });
    const second = await newWriter(undefined, () => {});
    expect(await second.own(site)).toBe(true);
    expect(await first.share([site, other])).toEqual({ processes: 2, free: [other] });
    await second.release(site);
    expect(await first.share([site, other])).toEqual({ processes: 2, free: [site, other] });
    await second.close();
    await eventually('it is alone', async () => (await first.share([])).processes === 1, 3000);
  });

  it('lose one site to another while cut off, and keep the others', async () => {
    const lost: string[] = [];
    const other = `${site}-other`;
    const writer = await newWriter(300, (gone) => lost.push(gone));
    for (const each of [site, other]) {
      expect(await writer.own(each)).toBe(true);
      await writer.cursor(each);
    }
    await writer.one(0);
    const rival = await newWriter(undefined, () => {});
    writer.proxy.refuses = true;
    writer.proxy.cut();
    await eventually('the rival has it', () => rival.own(site));
    writer.proxy.refuses = false;
    expect(await writer.holds(other)).toBe(true);
    expect(await writer.holds(site)).toBe(false);
    expect(lost).toEqual([site]);
    await expect(writer.one(1)).rejects.toMatchObject({ kind: 'conflict', code: 'site-lost' });
    expect(await posted()).toEqual([1, 1, 1, 1]);
    expect(await writer.cursor(other)).toBe(0);
    await rival.one(1);
    expect(await posted()).toEqual([2, 2, 2, 2]);
  });

  it('keep no connection, and none of its locks, that failed before it was ready', async () => {
    const writer = await newWriter(undefined, () => {});
    expect(await writer.own(site)).toBe(true);
    const blocker = await openClient({ ...database.options, role: 'owner' });
    closeAfterTest(() => blocker.end());
    await terminate(database, writer.name);
    await blocker.query("select pg_advisory_lock(hashtextextended('tallygate-process', 0))");
    // Until then it would answer for the connection that is gone, and wait for nothing.
    await eventually('it is noticed', () => writer.breaks() >= 1);
    const holds = writer.holds(site);
    await eventually('it waits, and is cancelled', () =>
      database.value(
        "select bool_or(pg_cancel_backend(pid)) from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
        [writer.name],
      ),
    );
    await blocker.query('select pg_advisory_unlock_all()');
    expect(await inTime('it is ready', holds)).toBe(true);
    expect(await isBackendOf(writer.name)).toBe(1);
  });

  it('write nothing for a site that they gave back, or never had', async () => {
    const writer = await owningWriter();
    await writer.release(site);
    await expect(writer.one(1)).rejects.toMatchObject({ code: 'site-lost' });
    await expect(writer.keepBase(site, 1)).rejects.toMatchObject({ code: 'site-lost' });
    expect(await posted()).toEqual([1, 1, 1, 1]);
  });
});
