// A backup taken while readers send, restored somewhere else: what was acknowledged before it began is there, gateways fill in
// what they still hold, once, and what nobody holds any more is told as a gap.
import { chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { APP_ROLE, openPool, type Pool } from '../../src/store/database.ts';
import { formatTime } from '../../src/wire/time.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { missingPostgres, openDebianPostgres } from '../support/debianPostgres.ts';
import { fillOutbox, launchGateway, simulateDay, startSender } from '../support/drill.ts';
import { installSite, normalUser, type Installation, type NormalUser } from '../support/serviceProcess.ts';
import { envelope } from '../support/sites.ts';
import { eventually, inTime } from '../support/wait.ts';

const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));
const SETTINGS = 'snapshotEveryMs: 2000\n';
const START = formatTime(Math.floor(Date.now() / 60_000) * 60_000 - 2 * 86_400_000);
/** Keeps what it sent, and so can send all of it again. */
const KEEPING = { site: 'DC1', gateway: 'gw-1' };
/** Drops what is acknowledged, as gateways do. */
const TRIMMED = { site: 'DC1', gateway: 'gw-2' };

const measure = (seq: number, oldest = 1): string =>
  envelope({ seq, oldest, epoch: 'drill' }, { measures: [{ device: 'door-1', name: 'n', value: seq, at: START }] });

/** A service that runs on what is to be backed up; the backup itself, which gives what puts it elsewhere. */
interface Way {
  /** Whose all of it is, when it is not ours. */
  readonly as?: NormalUser | undefined;
  readonly home: Installation;
  readonly database: () => Promise<Pool>;
  readonly backUp: () => Promise<() => Promise<Restored>>;
}
type Restored = Pick<Way, 'home' | 'database'>;

const missing = missingPostgres();

describe('a backup under load', () => {
  it('of the embedded Postgres, by tallygate backup', async () => {
    expect(await drill(embedded())).toBe('restored');
  }, 240_000);
});

const user = normalUser();

describe.skipIf(typeof user === 'string')(
  `a backup by a user without rights${typeof user === 'string' ? ` (${user})` : ''}`,
  () => {
    it('of the embedded Postgres that is theirs', async () => {
      expect(await drill(embedded(user as NormalUser))).toBe('restored');
    }, 240_000);
  },
);

describe.skipIf(missing !== undefined)(`a backup under load${missing ? ` (${missing})` : ''}`, () => {
  it('of a Postgres of its own, by pg_dump', async () => {
    expect(await drill(await external('pg_dump'))).toBe('restored');
  }, 240_000);
  it('of a Postgres of its own, by pg_basebackup', async () => {
    expect(await drill(await external('pg_basebackup'))).toBe('restored');
  }, 240_000);
});

async function drill({ as, home, database, backUp }: Way): Promise<'restored'> {
  const day = await simulateDay(home.folder, SITE_FILE, { start: START, minutes: 3 });
  const kept = join(home.folder, 'kept');
  const envelopes = await fillOutbox(kept, day.reads, KEEPING);
  const sending = join(home.folder, 'sending');
  cpSync(kept, sending, { recursive: true });
  for (const folder of [kept, sending]) giveAll(folder, as);

  const service = await home.start();
  const gateway = launchGateway(home, KEEPING, service.mqttPort, sending);
  const sender = await startSender(service.mqttPort, TRIMMED, measure);
  await eventually('there is load', () => sender.promised.size >= 200, 60_000);
  const before = [...sender.promised];
  const tables = await tablesOf(await database());
  const restore = await backUp();
  const atEnd = sender.promised.size;
  await eventually('the service went on', () => sender.promised.size >= atEnd + 50, 60_000);
  await sender.finish();
  await gateway.kill();
  expect((await service.stop()).code).toBe(0);

  const restored = await restore();
  const again = await restored.home.start();
  const pool = await restored.database();
  const numbers = await numbersOf(pool, TRIMMED.gateway);
  expect(before.filter((seq) => !numbers.includes(seq))).toEqual([]);
  expect(numbers.length).toBeLessThan(sender.sent());
  // There may be more: partitions are made when they are needed.
  expect(await tablesOf(pool)).toEqual(expect.arrayContaining(tables));
  await staysAppendOnly(pool);
  await verifies(restored.home);

  // Who still holds everything sends it again: the rest comes, and nothing comes twice.
  const resent = launchGateway(restored.home, KEEPING, again.mqttPort, kept);
  expect({ code: await inTime('the gateway has its last receipt', resent.ended, 90_000) }).toEqual({ code: 0 });
  expect(await numbersOf(pool, KEEPING.gateway)).toEqual(Array.from({ length: envelopes }, (_, at) => at + 1));

  // Who does not says so with its next envelope: what it was promised after the backup is gone, and is told.
  const next = sender.sent() + 1;
  const later = await startSender(again.mqttPort, TRIMMED, (seq) => measure(seq - 1 + next, next));
  await eventually('it goes on', () => later.promised.size > 20, 30_000);
  await later.finish();
  const had = numbers.at(-1)!;
  const lost = { gateway: TRIMMED.gateway, from_seq: had + 1, to_seq: next - 1, lost: next - 1 - had };
  expect(await gapsOf(pool)).toEqual([lost]);
  const told = { gateway: TRIMMED.gateway, state: 'lost', fromSeq: lost.from_seq, toSeq: lost.to_seq };
  expect(await again.get('/v1/gaps?site=DC1')).toMatchObject({ items: [told] });

  const adjustment = { site: 'DC1', sku: 'NAILS', quantity: 7, location: 'A-01-01', reason: 'counted' };
  expect(await again.post('/v1/adjustments', adjustment)).toMatchObject({ status: 'done' });
  await verifies(restored.home);
  expect((await again.stop()).code).toBe(0);
  return 'restored';
}

function embedded(as?: NormalUser): Way {
  const home = installSite(SITE_FILE, SETTINGS, as);
  const backUp = async (): Promise<() => Promise<Restored>> => {
    const folder = join(home.folder, 'backup');
    const done = await home.run('backup', folder);
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining(`is in ${folder}`) as string });
    expect(await home.run('backup', folder)).toMatchObject({
      code: 1,
      output: expect.stringContaining('is there and not empty') as string,
    });
    expect(readdirSync(home.folder).filter((name) => name.includes('draft'))).toEqual([]);
    return () => {
      const other = installSite(SITE_FILE, SETTINGS, as);
      cpSync(folder, other.dataDir, { recursive: true });
      giveAll(other.dataDir, as);
      return Promise.resolve({ home: other, database: other.database });
    };
  };
  return { as, home, database: home.database, backUp };
}

/** What we made is theirs. */
function giveAll(folder: string, to: NormalUser | undefined): void {
  if (to === undefined) return;
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    chownSync(join(folder, name), to.uid, to.gid);
}

async function external(tool: 'pg_dump' | 'pg_basebackup'): Promise<Way> {
  const from = await openDebianPostgres(closeAfterTest);
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-backup-'));
  chmodSync(folder, 0o777); // the programs run under another account
  closeAfterTest(() => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, 'copy');
  const backUp = (): Promise<() => Promise<Restored>> => {
    if (tool === 'pg_dump') from.run('pg_dump', '-Fc', `--file=${copy}`, from.url);
    else from.run('pg_basebackup', '-D', copy, '-X', 'stream', '-c', 'fast', '--no-sync', '-d', from.url);
    return Promise.resolve(async () => {
      if (tool === 'pg_basebackup') {
        return on((await openDebianPostgres(closeAfterTest, (data) => renameSync(copy, data))).url);
      }
      const to = await openDebianPostgres(closeAfterTest);
      to.run('pg_restore', '--no-owner', '--no-privileges', '--exit-on-error', '-d', to.url, copy);
      return on(to.url);
    });
  };
  return { ...on(from.url), backUp };
}

function on(url: string): Restored {
  const home = installSite(SITE_FILE, SETTINGS);
  home.environment['TALLYGATE_DATABASE_URL'] = url;
  const pool = openPool({ url, name: 'test', max: 2, role: 'owner', onError: () => {} });
  closeAfterTest(() => pool.end());
  return { home, database: () => Promise.resolve(pool) };
}

async function verifies(home: Installation): Promise<void> {
  expect(await home.run('verify')).toMatchObject({
    code: 0,
    output: expect.stringContaining('DC1: the ledger is what the journal says') as string,
  });
}

/** Every number of a gateway that is in the journal, as often as it is there. */
async function numbersOf(database: Pool, gateway: string): Promise<number[]> {
  const { rows } = await database.query<{ seq: number }>(
    'select j.seq from journal j join stream s using (site, stream) where s.gateway = $1 order by j.seq',
    [gateway],
  );
  return rows.map(({ seq }) => seq);
}

async function gapsOf(database: Pool): Promise<object[]> {
  return (await database.query('select gateway, from_seq, to_seq, lost from gap')).rows;
}

/** Partitions, triggers and identities, and what the service's role may do. */
async function tablesOf(database: Pool): Promise<object[]> {
  const { rows } = await database.query<object>(
    `select c.relname, c.relkind, c.relispartition,
            (select array_agg(t.tgname::text || t.tgenabled::text order by t.tgname) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as triggers,
            not c.relispartition and c.relkind in ('r', 'p') and has_table_privilege($1, c.oid, 'update') as may_update,
            not c.relispartition and c.relkind in ('r', 'p') and has_table_privilege($1, c.oid, 'insert') as may_insert
     from pg_class c where c.relnamespace = 'tallygate'::regnamespace and c.relkind in ('r', 'p', 'S') order by c.relname`,
    [APP_ROLE],
  );
  return rows;
}

/** Also for whoever owns the tables. */
async function staysAppendOnly(database: Pool): Promise<void> {
  for (const table of ['journal', 'transaction', 'posting', 'evidence', 'chain']) {
    await expect(database.query(`truncate ${table}`)).rejects.toThrow('append-only');
  }
  await expect(database.query('update journal set seq = seq')).rejects.toThrow('append-only');
}
