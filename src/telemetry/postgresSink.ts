// Points into tables of Postgres: in one transaction with the cursor, so nothing is lost or doubled.
import { atomicallyIn, type Pool, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable } from '../store/text.ts';
import type { MeasurePoint, RatePoint } from './project.ts';
import { sumMeasures, sumRates, type Width } from './rollUp.ts';
import type { Sink } from './sink.ts';
import { tagSetText } from './tagSet.ts';

const SUM_MEASURES = sqlFile(import.meta.url, 'sql/sumMeasures.sql');
const ADD_RATES = sqlFile(import.meta.url, 'sql/addRates.sql');

const NAME = 'postgres';
const DAY_MS = 86_400_000;

export function postgresSink(pool: Pool): Sink {
  const days = new Set<string>();
  return {
    name: NAME,
    async cursor(site) {
      return { offset: await readCursor(pool, site, NAME), pending: undefined };
    },
    async write({ site, from, to, points }) {
      await ensurePartitions(pool, days, points);
      await atomicallyIn(pool, async (client) => {
        await client.query('set local synchronous_commit = off'); // it can be made again from the journal
        const moved = await client.query(
          'update telemetry_cursor set journal_offset = $4 where site = $1 and sink = $2 and journal_offset = $3',
          [site, NAME, from, to],
        );
        if (moved.rowCount !== 1) throw new Error('another process has moved the cursor; it is read again');
        if (points.measures.length > 0) await putAndSum(client, site, points.measures);
        if (points.rates.length > 0) {
          await addRates(client, site, points.rates, 'ten seconds');
          for (const width of ['minute', 'hour'] as const)
            await addRates(client, site, sumRates(points.rates, width), width);
        }
      });
    },
    close: () => Promise.resolve(),
  };
}

/** The cursor of a sink; one begins at 0. */
export async function readCursor(pool: Pool, site: string, sink: string): Promise<number> {
  await pool.query('insert into telemetry_cursor (site, sink) values ($1, $2) on conflict do nothing', [site, sink]);
  const { rows } = await pool.query<{ journal_offset: number }>(
    'select journal_offset from telemetry_cursor where site = $1 and sink = $2',
    [site, sink],
  );
  return rows[0]!.journal_offset;
}

/**
 * Figures of the service's own, beside what devices measured: straight into Postgres, whichever store those are in. They are of the
 * moment and in no journal, so none is written twice; one that Postgres does not take is missed, and a gap.
 */
export async function putOwn(
  pool: Pool,
  site: string,
  measures: readonly Omit<MeasurePoint, 'offset' | 'entry'>[],
): Promise<void> {
  if (measures.length === 0) return;
  const points = measures.map((measure) => ({ ...measure, offset: OWN_OFFSET, entry: 0 }));
  await ensurePartitions(pool, new Set(), { measures: points, rates: [] });
  await atomicallyIn(pool, (client) => putAndSum(client, site, points));
}

/** No row of a journal has it. */
export const OWN_OFFSET = 0;

async function ensurePartitions(
  pool: Pool,
  known: Set<string>,
  { measures, rates }: { readonly measures: readonly MeasurePoint[]; readonly rates: readonly RatePoint[] },
): Promise<void> {
  for (const [table, points] of [
    ['measure', measures],
    ['read_rate', rates],
  ] as const) {
    const days = new Set<number>();
    for (const { at } of points) days.add(Math.floor(at / DAY_MS));
    for (const day of days) {
      const key = `${table} ${day}`;
      if (known.has(key)) continue;
      for (const parent of [table, `${table}_minute`, `${table}_hour`])
        await pool.query('select ensure_partition($1, to_timestamp($2))', [parent, (day * DAY_MS) / 1000]);
      known.add(key);
    }
  }
}

async function putAndSum(client: Queryable, site: string, measures: readonly MeasurePoint[]): Promise<void> {
  await putMeasures(client, site, measures);
  for (const width of ['minute', 'hour'] as const) await sumUp(client, site, measures, width);
}

async function putMeasures(client: Queryable, site: string, measures: readonly MeasurePoint[]): Promise<void> {
  await client.query({
    name: 'put-measures',
    text: `insert into measure (site, device, name, at, value, unit, journal_offset)
           select $1, u.device, u.name, to_timestamp(u.at_ms / 1000), u.value, u.unit, u.journal_offset
           from unnest($2::text[], $3::text[], $4::double precision[], $5::double precision[], $6::text[], $7::bigint[])
                as u (device, name, at_ms, value, unit, journal_offset)`,
    values: [
      site,
      measures.map(({ device }) => device),
      measures.map(({ name }) => storable(name)),
      measures.map(({ at }) => at),
      measures.map(({ value }) => value),
      measures.map(({ unit }) => (unit === undefined ? null : storable(unit))),
      measures.map(({ offset }) => offset),
    ],
  });
}

/** Added to what there is of the same minutes or hours. */
async function sumUp(client: Queryable, site: string, measures: readonly MeasurePoint[], width: Width): Promise<void> {
  const sums = sumMeasures(measures, width);
  await client.query({
    name: `sum-measures-${width}`,
    text: SUM_MEASURES.replaceAll('measure_minute', `measure_${width}`),
    values: [
      site,
      sums.map(({ device }) => device),
      sums.map(({ name }) => storable(name)),
      sums.map(({ unit }) => storable(unit)),
      sums.map(({ at }) => at),
      sums.map(({ count }) => count),
      sums.map(({ sum }) => sum),
      sums.map(({ min }) => min),
      sums.map(({ max }) => max),
    ],
  });
}

const RATE_TABLES = { 'ten seconds': 'read_rate', minute: 'read_rate_minute', hour: 'read_rate_hour' } as const;

async function addRates(
  client: Queryable,
  site: string,
  rates: readonly Readonly<RatePoint>[],
  width: keyof typeof RATE_TABLES,
): Promise<void> {
  await client.query({
    name: `add-rates-${width}`,
    text: ADD_RATES.replaceAll('read_rate', RATE_TABLES[width]),
    values: [
      site,
      rates.map(({ reader }) => reader),
      rates.map(({ antenna }) => antenna),
      rates.map(({ at }) => at),
      rates.map(({ reads }) => reads),
      rates.map(({ withRssi }) => withRssi),
      rates.map(({ rssiSumDbm }) => rssiSumDbm),
      rates.map(({ rssiMaxDbm }) => (Number.isFinite(rssiMaxDbm) ? rssiMaxDbm : null)),
      rates.map(({ tags }) => tagSetText(tags)),
    ],
  });
}
