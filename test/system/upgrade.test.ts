// What former releases left behind when they were stopped, kept as it was (test/data/releases): this one goes on from it. What they
// posted stays, by id and in full; the new decider takes effect at one row of the journal; what it would have decided otherwise
// can be asked; new work is done on it, and the ledger is what the journal says.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DECIDER } from '../../src/infer/infer.ts';
import { createLog } from '../../src/kit/log.ts';
import { openClient, type Queryable } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { startSender } from '../support/drill.ts';
import { leftBehind, releases } from '../support/releases.ts';
import { installSite, type Installation, type Service } from '../support/serviceProcess.ts';
import { envelope, epcOf } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));
/** However long ago it was: nothing is dropped because of its age. */
const SETTINGS = 'retention: { journalDays: 36500, telemetryDays: 36500, quarantineDays: 36500 }\n';
const FORMER = releases().filter((decider) => decider < DECIDER);

const NEWEST_TABLES = Math.max(
  ...readdirSync(new URL('../../src/store/migrations/', import.meta.url)).map((file) => Number(file.slice(0, 3))),
);

interface Left {
  /** A data folder with the database as the release left it. */
  readonly home: Installation;
  /** The last row of its journal. */
  readonly through: number;
  /** This release has tables of which it knew nothing. */
  readonly hasOlderTables: boolean;
  /** What it had posted. */
  readonly before: readonly object[];
}

async function leftBy(decider: number): Promise<Left> {
  const home = installSite(SITE_FILE, SETTINGS);
  const server = await startEmbeddedPostgres({ dataDir: home.dataDir, log: createLog({ style: 'silent' }) });
  const database = await openClient({ url: server.url, name: 'test', role: 'owner' });
  await database.query(leftBehind(decider));
  const { rows } = await database.query<{ through: number; version: number }>(
    `select next_offset - 1 as through, (select max(version) from tallygate.schema_migration) as version
     from tallygate.journal_head`,
  );
  const { through, version } = rows[0]!;
  await database.query('set search_path = tallygate');
  const before = await posted(database, through);
  await database.end();
  await server.stop();
  return { home, through, before, hasOlderTables: version < NEWEST_TABLES };
}

/** All that was posted up to a row of the journal, every column. */
async function posted(database: Queryable, through: number): Promise<object[]> {
  const { rows } = await database.query<object>(
    `select to_jsonb(t) as transaction,
            (select jsonb_agg(to_jsonb(p) order by p.line) from posting p where p.site = t.site and p.transaction_id = t.id) as postings
     from transaction t where t.journal_offset <= $1 order by t.journal_offset, t.ordinal`,
    [through],
  );
  return rows;
}

const verified = (home: Installation): Promise<unknown> => home.run('verify');
const agrees = { code: 0, output: expect.stringContaining('DC1: the ledger is what the journal says') as string };

/** Commands beside the service change nothing, and so do not read what only the service can bring up to date. */
async function refusesOlderTables(home: Installation): Promise<void> {
  const older = { code: 1, output: expect.stringContaining('that of an older release') as string };
  expect(await verified(home)).toMatchObject(older);
  expect(await home.run('differences')).toMatchObject(older);
}

/** A count by a person, and tags read at a door. */
async function worksOn(service: Service): Promise<void> {
  const adjustment = { site: 'DC1', sku: 'NAILS', quantity: 5, location: 'A-01-02', reason: 'counted' };
  expect(await service.post('/v1/adjustments', adjustment)).toMatchObject({ status: 'done' });
  const at = new Date().toISOString();
  const gateway = await startSender(service.mqttPort, { site: 'DC1', gateway: 'gw-after' }, (seq) =>
    envelope(
      { seq, epoch: 'after' },
      { reads: [{ epc: epcOf(seq), reader: 'door-1', antenna: 1, rssiDbm: -50, seenAt: at }] },
    ),
  );
  await eventually('readers send', () => gateway.promised.size >= 50);
  await gateway.finish();
  expect(await service.get('/v1/quarantine?site=DC1')).toMatchObject({ items: [] });
}

describe('an upgrade from a former release', () => {
  it('has former releases to begin with', () => {
    expect(FORMER.length).toBeGreaterThanOrEqual(2);
  });

  it.each(FORMER)('that decided with decider %i', { timeout: 120_000 }, async (decider) => {
    const { home, through, before, hasOlderTables } = await leftBy(decider);
    expect(before.length).toBeGreaterThan(100);
    // A release with the same tables is read as it is.
    if (hasOlderTables) await refusesOlderTables(home);

    const service = await home.start();
    expect(service.output()).toContain(`"offset":${through},"decider":${DECIDER},"former":${decider}`);
    expect(await posted(await home.database(), through)).toMatchObject(before);
    expect(await verified(home)).toMatchObject(agrees);
    expect(await home.run('differences')).toMatchObject({
      code: 0,
      output: expect.stringContaining(
        `by decider ${decider} up to ${through}, by decider ${DECIDER}, decided again by this release`,
      ) as string,
    });

    await worksOn(service);
    expect(await service.stop()).toMatchObject({ code: 0 });
    const again = await home.start();
    expect(again.output()).not.toContain('a new release decides');
    expect(await posted(await home.database(), through)).toMatchObject(before);
    expect(await again.get('/v1/stock?site=DC1&sku=NAILS')).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ location: 'A-01-01', quantity: 7 }),
        expect.objectContaining({ location: 'A-01-02', quantity: 5 }),
      ]) as object[],
    });
    expect(await verified(home)).toMatchObject(agrees);
    expect(await again.stop()).toMatchObject({ code: 0 });
  });
});
