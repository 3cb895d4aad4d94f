// Series out of Postgres. What is asked for in whole tens of seconds, minutes or hours is answered from their sums: a year is as quick as a
// day, and is there when what was measured has been dropped.
import type { Pool } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { formatTime } from '../wire/time.ts';
import type { ReadRate, Series, SeriesPoint, SeriesQuery, TelemetryReader } from './query.ts';
import { MEASURE_WIDTHS, RATE_WIDTHS, WIDTHS, type Width } from './rollUp.ts';
import { tagsOf } from './tagSet.ts';

const MEASURES = sqlFile(import.meta.url, 'sql/measures.sql');
const TENS = sqlFile(import.meta.url, 'sql/tens.sql');
const RATES = sqlFile(import.meta.url, 'sql/rates.sql');

type MeasureRow = SeriesPoint & { readonly device: string; readonly name: string; readonly unit: string | null };

interface RateRow {
  readonly reader: string;
  readonly antenna: number;
  readonly at: number;
  readonly reads: number;
  readonly with_rssi: number;
  readonly rssi_sum: number;
  readonly rssi_max: number | null;
  readonly tag_bits: number | null;
}

/** What was written to Postgres; with `own` only what the service measured of itself. */
export function postgresReader(pool: Pool, own = false): TelemetryReader {
  return {
    async measures(query) {
      const { site, device, name, from, to, everyMs } = query;
      // Sums do not tell own figures from those of devices.
      const { width, first, last } = own ? unsummed(query) : summed(query, MEASURE_WIDTHS);
      const { rows } = await pool.query<MeasureRow & Record<string, unknown>>({
        name: `measures-${width}`,
        text: MEASURES.replaceAll('series_minute', width === 'ten_seconds' ? TENS : `series_${width}`),
        values: [
          site,
          device ?? null,
          name ?? null,
          ...times(from, to),
          everyText(everyMs),
          ...times(first, last),
          own,
        ],
      });
      return groupSeries(rows);
    },
    async rates(query) {
      const { site, device, from, to, everyMs } = query;
      const { width, first, last } = summed(query, RATE_WIDTHS);
      const { rows } = await pool.query<RateRow & Record<string, unknown>>({
        name: `rates-${width}`,
        text: RATES.replaceAll('read_rate_minute', `read_rate_${width}`),
        values: [site, device ?? null, ...times(from, to), everyText(everyMs), ...times(first, last)],
      });
      return groupRates(rows);
    },
  };
}

interface Summed {
  readonly width: Width;
  /** Where sums begin and end, ms: whole ones within what is asked for. */
  readonly first: number;
  readonly last: number;
}

/** Which sums answer a question: the widest of those that there are (the narrowest first) of which a bucket holds whole ones. */
export function summed(query: SeriesQuery, widths: readonly Width[]): Summed {
  const { from, to, everyMs } = query;
  const width = widths.findLast((one) => everyMs % WIDTHS[one] === 0);
  if (width === undefined) return unsummed(query);
  const first = Math.ceil(from / WIDTHS[width]) * WIDTHS[width];
  const last = Math.floor(to / WIDTHS[width]) * WIDTHS[width];
  return first < last ? { width, first, last } : unsummed(query);
}

const unsummed = ({ to }: SeriesQuery): Summed => ({ width: 'minute', first: to, last: to });

const times = (...at: readonly number[]): string[] => at.map((time) => formatTime(time));
const everyText = (everyMs: number): string => `${everyMs} milliseconds`;

function groupSeries(rows: readonly MeasureRow[]): Series[] {
  const series: (Series & { points: SeriesPoint[] })[] = [];
  for (const { device, name, unit: said, at, mean, min, max, count } of rows) {
    const unit = said ?? undefined;
    let last = series.at(-1);
    if (last?.device !== device || last.name !== name || last.unit !== unit)
      series.push((last = { device, name, unit, points: [] }));
    last.points.push({ at, mean, min, max, count });
  }
  return series;
}

function groupRates(rows: readonly RateRow[]): ReadRate[] {
  const rates: { reader: string; antenna: number; points: ReadRate['points'][number][] }[] = [];
  for (const {
    reader,
    antenna,
    at,
    reads,
    with_rssi: withRssi,
    rssi_sum: sum,
    rssi_max: max,
    tag_bits: bits,
  } of rows) {
    let last = rates.at(-1);
    if (last?.reader !== reader || last.antenna !== antenna) rates.push((last = { reader, antenna, points: [] }));
    last.points.push({
      at,
      reads,
      rssiMeanDbm: withRssi === 0 ? undefined : sum / withRssi,
      rssiMaxDbm: max ?? undefined,
      tags: bits === null ? undefined : Math.min(reads, tagsOf(bits)),
    });
  }
  return rates;
}
