// `npm run bench:telemetry`: how many points of telemetry a second are written into Postgres on this machine, sums by ten seconds, by the
// minute and by the hour with them, in one transaction with the cursor, as the service writes them. Postgres shares the cores.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog } from '../../src/kit/log.ts';
import { openClient, openPool } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { postgresReader } from '../../src/telemetry/postgresReader.ts';
import { postgresSink } from '../../src/telemetry/postgresSink.ts';
import type { MeasurePoint } from '../../src/telemetry/project.ts';

/** As many as 2,000 rows of the journal with ten measures each, which is what the service writes at once. */
const POINTS_A_WRITE = 20_000;
const DEVICES = 200;
const NAMES = 10;
const SITE = 'BENCH';

async function bench(): Promise<number> {
  const { values } = parseArgs({ options: { points: { type: 'string', default: '2000000' } } });
  const points = Math.max(POINTS_A_WRITE, Number(values.points));
  const folder = await mkdtemp(join(tmpdir(), 'tallygate-telemetry-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: createLog({ level: 'error', style: 'json' }) });
  try {
    const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner' });
    await migrate(owner, createLog({ style: 'silent' }));
    const pool = openPool({ url: postgres.url, name: 'bench', max: 3, onError: () => {} });
    const sink = postgresSink(pool);
    let { offset } = await sink.cursor(SITE);
    const writes = Math.ceil(points / POINTS_A_WRITE);
    // Ten seconds between two values of a series.
    const begin = Date.now() - (writes * POINTS_A_WRITE * 10_000) / (DEVICES * NAMES);
    const startedAt = performance.now();
    for (let write = 0; write < writes; write++) {
      const measures = pointsOf(begin, write);
      await sink.write({ site: SITE, from: offset, to: offset + 2000, points: { measures, rates: [] } });
      offset += 2000;
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const askedAt = performance.now();
    const series = await postgresReader(pool).measures({
      site: SITE,
      device: 'device-7',
      name: undefined,
      from: begin,
      to: Date.now(),
      everyMs: 60_000,
    });
    const askedMs = performance.now() - askedAt;
    const { rows } = await owner.query<{ count: number; bytes: number }>(
      `select (select count(*) from measure) as count, sum(pg_total_relation_size(inhrelid)) as bytes
       from pg_inherits where inhparent in ('series_value'::regclass, 'series_ten_seconds'::regclass, 'series_minute'::regclass, 'series_hour'::regclass)`,
    );
    const { count, bytes } = rows[0]!;
    process.stdout.write(
      [
        `machine                 ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
        `points written          ${count.toLocaleString('en-US')} in ${seconds.toFixed(1)} s: ${Math.round(count / seconds).toLocaleString('en-US')} points/s`,
        `on disk                 ${(bytes / count).toFixed(0)} bytes a point, sums and indexes included`,
        `a device, by the minute ${series.length} series, ${series.reduce((sum, one) => sum + one.points.length, 0).toLocaleString('en-US')} points in ${askedMs.toFixed(0)} ms`,
        '',
      ].join('\n'),
    );
    await pool.end();
    await owner.end();
    return count === writes * POINTS_A_WRITE ? 0 : 1;
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Values of all series one after the other, ten seconds further each time. */
const pointsOf = (begin: number, write: number): MeasurePoint[] =>
  Array.from({ length: POINTS_A_WRITE }, (_, index) => {
    const nth = write * POINTS_A_WRITE + index;
    const series = nth % (DEVICES * NAMES);
    return {
      device: `device-${Math.floor(series / NAMES)}`,
      name: `measure.${series % NAMES}`,
      unit: 'Cel',
      at: begin + Math.floor(nth / (DEVICES * NAMES)) * 10_000,
      value: 20 + (nth % 100) / 10,
      offset: 1 + Math.floor(nth / 10),
      entry: nth % 10,
    };
  });

process.exitCode = await bench();
