// Points into tables of Postgres: in one transaction with the cursor, so nothing is lost or doubled.
import { atomicallyIn, type Pool, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable } from '../store/text.ts';
import type { MeasurePoint, RatePoint } from './project.ts';
import {
  bySeries,
  MEASURE_WIDTHS,
  RATE_WIDTHS,
  sumRates,
  sumsOf,
  tensOf,
  widened,
  type MeasureSum,
  type PointSeries,
  type Width,
} from './rollUp.ts';
import type { Sink } from './sink.ts';
import { tagSetText } from './tagSet.ts';

const PUT_MEASURES = sqlFile(import.meta.url, 'sql/putMeasures.sql');
const SUM_MEASURES = sqlFile(import.meta.url, 'sql/sumMeasures.sql');
const SUM_TENS = sqlFile(import.meta.url, 'sql/sumTens.sql');
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
          for (const width of RATE_WIDTHS) await addRates(client, site, sumRates(points.rates, width), width);
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
  for (const [table, widths, points] of [
    ['measure', MEASURE_WIDTHS, measures],
    ['read_rate', RATE_WIDTHS, rates],
  ] as const) {
    const days = new Set<number>();
    for (const { at } of points) days.add(Math.floor(at / DAY_MS));
    for (const day of days) {
      const key = `${table} ${day}`;
      if (known.has(key)) continue;
      for (const parent of [table, ...widths.map((width) => `${table}_${width}`)])
        await pool.query('select ensure_partition($1, to_timestamp($2))', [parent, (day * DAY_MS) / 1000]);
      known.add(key);
    }
  }
}

async function putAndSum(client: Queryable, site: string, measures: readonly MeasurePoint[]): Promise<void> {
  const series = bySeries(measures.map((point) => storablePoint(point)));
  const names = [
    series.map(({ device }) => device),
    series.map(({ name }) => name),
    series.map(({ unit }) => unit ?? null),
  ];
  await putMeasures(client, site, series, names);
  let sums = series.map((one) => sumsOf(one));
  await sumTens(client, site, sums, names);
  for (const width of ['minute', 'hour'] as const) {
    sums = sums.map((own) => widened(own, width));
    await sumUp(client, site, sums, names, width);
  }
}

/** As it is, nearly always. A unit without letters is none. */
function storablePoint(point: MeasurePoint): MeasurePoint {
  const [name, unit] = [storable(point.name), point.unit === undefined ? undefined : storable(point.unit) || undefined];
  return name === point.name && unit === point.unit ? point : { ...point, name, unit };
}

/** An array of numbers as Postgres reads it: the driver would quote each of them. */
const numbers = (values: readonly number[]): string => `{${values.join(',')}}`;

async function putMeasures(
  client: Queryable,
  site: string,
  series: readonly PointSeries[],
  names: readonly unknown[],
): Promise<void> {
  const points = series.flatMap(({ points: own }) => own);
  await client.query({
    name: 'put-measures',
    text: PUT_MEASURES,
    values: [
      site,
      numbers(series.flatMap(({ points: own }, index) => own.map(() => index + 1))),
      numbers(points.map(({ at }) => at)),
      numbers(points.map(({ value }) => value)),
      numbers(points.map(({ offset }) => offset)),
      ...names,
    ],
  });
}

/** Added to what there is of the same minutes. */
async function sumTens(
  client: Queryable,
  site: string,
  sums: readonly (readonly MeasureSum[])[],
  names: readonly unknown[],
): Promise<void> {
  const own = sums.map((one) => tensOf(one));
  const minutes = own.flat();
  await client.query({
    name: 'sum-tens',
    text: SUM_TENS,
    values: [
      site,
      numbers(own.flatMap((of, index) => of.map(() => index + 1))),
      numbers(minutes.map(({ at }) => at)),
      minutes.map(({ tens }) => numbers(tens)),
      ...names,
    ],
  });
}

/** Added to what there is of the same minutes or hours. */
async function sumUp(
  client: Queryable,
  site: string,
  own: readonly (readonly MeasureSum[])[],
  names: readonly unknown[],
  width: Width,
): Promise<void> {
  const sums = own.flat();
  await client.query({
    name: `sum-measures-${width}`,
    text: SUM_MEASURES.replaceAll('measure_minute', `measure_${width}`),
    values: [
      site,
      numbers(own.flatMap((of, index) => of.map(() => index + 1))),
      numbers(sums.map(({ at }) => at)),
      numbers(sums.map(({ count }) => count)),
      numbers(sums.map(({ sum }) => sum)),
      numbers(sums.map(({ min }) => min)),
      numbers(sums.map(({ max }) => max)),
      ...names,
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
