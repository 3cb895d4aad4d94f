// Points into tables of Postgres: in one transaction with the cursor, so nothing is lost or doubled.
import { float8Array, int4Array, int8Array, timeArray } from '../store/binaryArrays.ts';
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
import { seriesNumbers, type SeriesNumbers } from './seriesNumbers.ts';
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
  const numbers = seriesNumbers(pool);
  return {
    name: NAME,
    async cursor(site) {
      return { offset: await readCursor(pool, site, NAME), pending: undefined };
    },
    async write({ site, from, to, points }) {
      await ensurePartitions(pool, days, points);
      const measured = await numbered(numbers, site, points.measures);
      await atomicallyIn(pool, async (client) => {
        await client.query('set local synchronous_commit = off'); // it can be made again from the journal
        const moved = await client.query(
          'update telemetry_cursor set journal_offset = $4 where site = $1 and sink = $2 and journal_offset = $3',
          [site, NAME, from, to],
        );
        if (moved.rowCount !== 1) throw new Error('another process has moved the cursor; it is read again');
        await putAndSum(client, measured);
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
  const measured = await numbered(seriesNumbers(pool), site, points);
  await atomicallyIn(pool, (client) => putAndSum(client, measured));
}

/** No row of a journal has it. */
export const OWN_OFFSET = 0;

async function ensurePartitions(
  pool: Pool,
  known: Set<string>,
  { measures, rates }: { readonly measures: readonly MeasurePoint[]; readonly rates: readonly RatePoint[] },
): Promise<void> {
  for (const [tables, points] of [
    [['series_value', ...MEASURE_WIDTHS.map((width) => `series_${width}`)], measures],
    [['read_rate', ...RATE_WIDTHS.map((width) => `read_rate_${width}`)], rates],
  ] as const) {
    const days = new Set<number>();
    for (const { at } of points) days.add(Math.floor(at / DAY_MS));
    for (const day of days) {
      const key = `${tables[0]} ${day}`;
      if (known.has(key)) continue;
      for (const parent of tables)
        await pool.query('select ensure_partition($1, to_timestamp($2))', [parent, (day * DAY_MS) / 1000]);
      known.add(key);
    }
  }
}

/** Points of a site as they are written: each series with its number, the lowest first. */
interface NumberedSeries {
  readonly number: number;
  readonly series: PointSeries;
}

async function numbered(
  numbers: SeriesNumbers,
  site: string,
  measures: readonly MeasurePoint[],
): Promise<readonly NumberedSeries[]> {
  if (measures.length === 0) return [];
  const series = bySeries(measures.map((point) => storablePoint(point)));
  const found = await numbers.of(site, series);
  // In the order of their keys: who writes beside us takes locks in the same order.
  return series.map((one, index) => ({ number: found[index]!, series: one })).toSorted((a, b) => a.number - b.number);
}

async function putAndSum(client: Queryable, measured: readonly NumberedSeries[]): Promise<void> {
  if (measured.length === 0) return;
  await putMeasures(client, measured);
  let sums: readonly SeriesSums[] = measured.map(({ number, series }) => ({ number, sums: sumsOf(series) }));
  await sumTens(client, sums);
  for (const width of ['minute', 'hour'] as const) {
    sums = sums.map(({ number, sums: own }) => ({ number, sums: widened(own, width) }));
    await sumUp(client, sums, width);
  }
}

/** As it is, nearly always. A unit without letters is none. */
function storablePoint(point: MeasurePoint): MeasurePoint {
  const [name, unit] = [storable(point.name), point.unit === undefined ? undefined : storable(point.unit) || undefined];
  return name === point.name && unit === point.unit ? point : { ...point, name, unit };
}

async function putMeasures(client: Queryable, measured: readonly NumberedSeries[]): Promise<void> {
  const points = measured.flatMap(({ series }) => series.points);
  await client.query({
    name: 'put-measures',
    text: PUT_MEASURES,
    values: [
      int4Array(measured.flatMap(({ number, series }) => series.points.map(() => number))),
      timeArray(points.map(({ at }) => at)),
      float8Array(points.map(({ value }) => value)),
      int8Array(points.map(({ offset }) => offset)),
    ],
  });
}

interface SeriesSums {
  readonly number: number;
  readonly sums: readonly MeasureSum[];
}

/** Added to what there is of the same minutes. */
async function sumTens(client: Queryable, measured: readonly SeriesSums[]): Promise<void> {
  const minutes = measured.flatMap(({ number, sums }) => tensOf(sums).map(({ at, tens }) => ({ number, at, tens })));
  await client.query({
    name: 'sum-tens',
    text: SUM_TENS,
    values: [
      int4Array(minutes.map(({ number }) => number)),
      timeArray(minutes.map(({ at }) => at)),
      float8Array(minutes.flatMap(({ tens }) => tens)),
    ],
  });
}

/** Added to what there is of the same minutes or hours. */
async function sumUp(
  client: Queryable,
  measured: readonly SeriesSums[],
  width: Exclude<Width, 'ten_seconds'>,
): Promise<void> {
  const sums = measured.flatMap(({ sums: own }) => own);
  await client.query({
    name: `sum-measures-${width}`,
    text: SUM_MEASURES.replaceAll('series_minute', `series_${width}`),
    values: [
      int4Array(measured.flatMap(({ number, sums: own }) => own.map(() => number))),
      timeArray(sums.map(({ at }) => at)),
      int8Array(sums.map(({ count }) => count)),
      float8Array(sums.map(({ sum }) => sum)),
      float8Array(sums.map(({ min }) => min)),
      float8Array(sums.map(({ max }) => max)),
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
