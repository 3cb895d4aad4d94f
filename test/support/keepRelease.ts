// npx tsx test/support/keepRelease.ts: keeps what this release leaves behind when it is stopped, so that later ones can show that
// they go on from it (test/system/upgrade.test.ts). Run once by each release that raises the decider, on Debian's Postgres:
// a database after two simulated minutes of a site and some commands of people, as statements, compressed.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { DECIDER } from '../../src/infer/infer.ts';
import { closeAfterFile, closeAll } from './cleanUp.ts';
import { openDebianPostgres } from './debianPostgres.ts';
import { releaseFile } from './releases.ts';
import { installSite } from './serviceProcess.ts';
import { passes } from './wait.ts';

const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));
const FILE = releaseFile(DECIDER);
const DECIDED_WITHIN_MS = 3000;
/** What `psql` understands, and a connection does not. */
const FOR_PSQL_ONLY = /^\\.*\n/gm;

try {
  const postgres = await openDebianPostgres(closeAfterFile);
  await workOn(postgres.url);
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-release-'));
  closeAfterFile(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o777); // pg_dump runs under another account
  const dump = join(folder, 'dump.sql');
  const options = ['--inserts', '--no-owner', '--no-privileges', '-n', 'tallygate', `--file=${dump}`];
  postgres.run('pg_dump', ...options, postgres.url);
  const text = Buffer.from(readFileSync(dump, 'utf8').replaceAll(FOR_PSQL_ONLY, ''));
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  writeFileSync(FILE, brotliCompressSync(text, { params }));
  console.log(`What this release leaves behind is in ${FILE}.`);
} finally {
  await closeAll();
}

async function workOn(databaseUrl: string): Promise<void> {
  const home = installSite(SITE_FILE);
  home.environment['TALLYGATE_DATABASE_URL'] = databaseUrl;
  const service = await home.start();
  const traffic = home.launch(
    'simulate',
    `--site=${SITE_FILE}`,
    '--level=clean',
    '--seed=3',
    '--speed=8',
    '--minutes=2',
    `--mqtt=mqtt://127.0.0.1:${service.mqttPort}`,
  );
  await traffic.ended;
  await passes(DECIDED_WITHIN_MS);
  const lines = [{ line: '1', sku: 'NAILS', quantity: 3 }];
  const counted = { sku: 'NAILS', quantity: 7, location: 'A-01-01', reason: 'counted' };
  await service.post('/v1/adjustments', { site: 'DC1', ...counted });
  await service.post('/v1/orders', { site: 'DC1', id: 'O-1', customer: 'SHOP-1', lines });
  await service.stop();
}
