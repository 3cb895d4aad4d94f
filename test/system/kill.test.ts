// Kill -9 of the service, of its Postgres and of the gateway at any moment under load: what was acknowledged is there, once;
// the ledger is what the journal says and what an undisturbed derivation of the same reads says; and that is what happened
// (promises P1 to P3).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { random } from '../../simulators/random.ts';
import { f1, score, type Crossing } from '../../simulators/score/match.ts';
import { replay } from '../../src/commands/replay.ts';
import { loadSite } from '../../src/config/load.ts';
import { planSite } from '../../src/config/plan.ts';
import type { Pool } from '../../src/store/database.ts';
import { formatOf } from '../../src/wire/formats/formats.ts';
import type { MovementJson } from '../../src/wire/movement.ts';
import { formatTime } from '../../src/wire/time.ts';
import { fillOutbox, simulateDay, startSender } from '../support/drill.ts';
import { installSite } from '../support/serviceProcess.ts';
import { envelope } from '../support/sites.ts';
import { eventually, inTime } from '../support/wait.ts';

const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));
const GATEWAY = { site: 'DC1', gateway: 'gw-1' };
const SENDER = { site: 'DC1', gateway: 'gw-2' };
/** Of all moments at which a process can be killed these are other ones every time. */
const SEED = Date.now();

/** Two days before: a backlog, all of it, however fast it comes. */
const START = formatTime(Math.floor(Date.now() / 60_000) * 60_000 - 2 * 86_400_000);

const measure = (seq: number): string =>
  envelope({ seq, epoch: 'drill' }, { measures: [{ device: 'door-1', name: 'n', value: seq, at: START }] });

it(`kill -9 of anything, at any moment, loses and doubles nothing (seed ${SEED})`, async () => {
  const chance = random(SEED, 'kill');
  // Snapshots come often, so that recovery begins at one.
  const home = installSite(SITE_FILE, 'snapshotEveryMs: 2000\n');
  const day = await simulateDay(home.folder, SITE_FILE, { start: START });
  const outbox = join(home.folder, 'outbox');
  const envelopes = await fillOutbox(outbox, day.reads, GATEWAY);
  expect(envelopes).toBeGreaterThan(5000);

  let service = await home.start();
  const port = service.mqttPort;
  const nothing = join(home.folder, 'nothing.ndjson');
  writeFileSync(nothing, '');
  const launchGateway = () =>
    home.launch(
      'gateway',
      `--site=${GATEWAY.site}`,
      `--id=${GATEWAY.gateway}`,
      `--mqtt=mqtt://127.0.0.1:${port}`,
      `--outbox=${outbox}`,
      '--reader=file',
      `--in=${nothing}`,
    );
  let gateway = launchGateway();
  const sender = await startSender(port, SENDER, measure);

  for (const victim of chance.shuffled(['service', 'postgres', 'gateway', 'service', 'postgres', 'gateway'])) {
    const until = sender.promised.size + chance.integer(20, 300);
    await eventually('there is load', () => sender.promised.size >= until, 60_000);
    if (victim === 'postgres') process.kill((await home.postgresPid())!, 'SIGKILL');
    else if (victim === 'gateway') {
      await gateway.kill();
      gateway = launchGateway();
    } else {
      await service.kill();
      service = await home.start({ TALLYGATE_MQTT_PORT: String(port) });
    }
  }
  const code = await inTime('the gateway has its last receipt', gateway.ended, 90_000);
  expect({ code, said: gateway.output() }).toMatchObject({ code: 0 });
  await sender.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  await expectEverythingOnce(database, { [GATEWAY.gateway]: envelopes, [SENDER.gateway]: sender.sent() });
  const verified = await home.run('verify');
  expect(verified).toMatchObject({ code: 0, output: expect.stringContaining('is what the journal says') as string });

  const [movements, undisturbed] = [await effective(database), await derived(day.reads)];
  expect(movements.map((movement) => contentOf(movement)).toSorted()).toEqual(
    undisturbed.map((movement) => contentOf(movement)).toSorted(),
  );
  const decided = movements.flatMap(({ epc, happenedAt, readPoint, to }): Crossing[] =>
    readPoint?.startsWith('DOOR-')
      ? [{ epc: epc!, at: Date.parse(happenedAt), readPoint, direction: to === 'world' ? 'out' : 'in' }]
      : [],
  );
  expect(day.crossings.length).toBeGreaterThan(100);
  expect(f1(score(day.crossings, decided, 5000))).toBeGreaterThan(0.9);
  expect(score(day.crossings, decided, 5000).directionErrors).toBe(0);
  expect((await service.stop()).code).toBe(0);
}, 300_000);

/** Silence closes what is open: until then there are rows to come. */
async function ledgerIsThere(database: Pool): Promise<void> {
  let last = '';
  let since = performance.now();
  await eventually(
    'the ledger has everything and rests',
    async () => {
      const { rows } = await database.query<{ next: number; at: number }>(
        'select h.next_offset as next, c.journal_offset as at from journal_head h join cursor c using (site)',
      );
      const now = JSON.stringify(rows);
      if (now !== last) since = performance.now();
      last = now;
      return rows.every(({ next, at }) => next - 1 === at) && performance.now() - since > 3000;
    },
    60_000,
  );
}

async function expectEverythingOnce(database: Pool, sent: Readonly<Record<string, number>>): Promise<void> {
  for (const [gateway, count] of Object.entries(sent)) {
    const { rows } = await database.query<Record<string, number | string>>(
      `select count(*) as rows, count(distinct j.seq) as numbers, max(j.seq) as last, min(s.received::text) as received
       from journal j join stream s using (site, stream) where s.gateway = $1`,
      [gateway],
    );
    expect(rows).toEqual([{ rows: count, numbers: count, last: count, received: `{[1,${count + 1})}` }]);
  }
  const { rows: aside } = await database.query('select code, reason from quarantine');
  expect(aside).toEqual([]);
  const { rows: gaps } = await database.query('select * from gap');
  expect(gaps).toEqual([]);
}

type Moved = Pick<
  MovementJson,
  'epc' | 'sku' | 'type' | 'from' | 'to' | 'container' | 'happenedAt' | 'source' | 'readPoint'
>;

/** Not the id: what was undone and came back has another. */
const contentOf = ({ epc, sku, type, from, to, container, happenedAt, source, readPoint }: Moved): string =>
  JSON.stringify([epc, sku, type, from, to, container, happenedAt, source, readPoint]);

/** Movements that hold in the end: neither undone nor undoing. */
async function effective(database: Pool): Promise<Moved[]> {
  const { rows } = await database.query<Moved & { at: number }>(
    `select epc, sku, type, from_location as from, to_location as to, container, happened_at as at, source,
            read_point as "readPoint"
     from transaction t
     where supersedes is null and not exists (select from transaction u where u.site = t.site and u.supersedes = t.id)`,
  );
  return rows.map((row) => ({
    ...row,
    container: row.container === '' ? null : row.container,
    happenedAt: formatTime(row.at),
  }));
}

/** The same reads, never disturbed, without database or network. */
async function derived(file: string): Promise<readonly Moved[]> {
  const loaded = loadSite(
    SITE_FILE,
    readFileSync(SITE_FILE, 'utf8'),
    (format, mapping) => void formatOf(format, mapping),
  );
  const { movements } = await replay(planSite({ file: loaded.file! }), readFileSync(file, 'utf8').trim().split('\n'));
  return movements;
}
