// One way to ask for series, whichever store holds them: downsampled to buckets of a width, gaps left as gaps.
import { Fault, messageOf, rejected } from '../kit/faults.ts';
import type { Pool } from '../store/database.ts';
import { formatTime } from '../wire/time.ts';
import type { InfluxConfig } from './influxServer.ts';

/** Which series: measures of a device, or `reads` of a reader (its reads and RSSI, antenna by antenna). */
export interface SeriesQuery {
  readonly site: string;
  readonly device: string | undefined;
  readonly name: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly everyMs: number;
}

export interface SeriesPoint {
  readonly at: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

export interface Series {
  readonly device: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly points: readonly SeriesPoint[];
}

export interface ReadRate {
  readonly reader: string;
  readonly antenna: number;
  readonly points: readonly {
    readonly at: number;
    readonly reads: number;
    readonly rssiMeanDbm: number | undefined;
    readonly rssiMaxDbm: number | undefined;
  }[];
}

export interface TelemetryReader {
  readonly measures: (query: SeriesQuery) => Promise<readonly Series[]>;
  readonly rates: (query: SeriesQuery) => Promise<readonly ReadRate[]>;
}

/** What was written to Postgres; with `own` only what the service measured of itself. */
export function postgresReader(pool: Pool, own = false): TelemetryReader {
  return {
    async measures({ site, device, name, from, to, everyMs }) {
      const { rows } = await pool.query<{
        device: string;
        name: string;
        unit: string | null;
        at: number;
        mean: number;
        min: number;
        max: number;
        count: number;
      }>({
        name: 'measures',
        text: `select device, name, unit, date_bin($6::interval, at, '1970-01-01Z') as at, avg(value) as mean, min(value), max(value), count(*)
               from measure where site = $1 and ($2::text is null or device = $2) and ($3::text is null or name = $3) and at >= $4 and at < $5
                 and (not $7 or journal_offset = 0)
               group by device, name, unit, 4 order by device collate "C", name collate "C", unit collate "C" nulls first, 4`,
        values: [site, device ?? null, name ?? null, formatTime(from), formatTime(to), `${everyMs} milliseconds`, own],
      });
      return groupSeries(rows.map((row) => ({ ...row, unit: row.unit ?? undefined })));
    },
    async rates({ site, device, from, to, everyMs }) {
      const { rows } = await pool.query<{
        reader: string;
        antenna: number;
        at: number;
        reads: number;
        with_rssi: number;
        rssi_sum: number;
        rssi_max: number | null;
      }>({
        name: 'rates',
        text: `select reader, antenna, date_bin($5::interval, at, '1970-01-01Z') as at, sum(reads) as reads, sum(with_rssi) as with_rssi,
                      sum(rssi_sum) as rssi_sum, max(rssi_max) as rssi_max
               from read_rate where site = $1 and ($2::text is null or reader = $2) and at >= $3 and at < $4
               group by reader, antenna, 3 order by reader collate "C", antenna, 3`,
        values: [site, device ?? null, formatTime(from), formatTime(to), `${everyMs} milliseconds`],
      });
      return groupRates(
        rows.map((row) => ({
          ...row,
          rssiMeanDbm: row.with_rssi === 0 ? undefined : row.rssi_sum / row.with_rssi,
          rssiMaxDbm: row.rssi_max ?? undefined,
        })),
      );
    },
  };
}

/** InfluxDB, with what the service measured of itself beside it, which is in Postgres. */
export function readerOf(pool: Pool, influx: InfluxConfig | undefined): TelemetryReader {
  if (influx === undefined) return postgresReader(pool);
  const [devices, own] = [influxReader(influx), postgresReader(pool, true)];
  return {
    async measures(query) {
      const [theirs, ours] = await Promise.all([devices.measures(query), own.measures(query)]);
      return [...theirs, ...ours].sort(byDeviceAndName);
    },
    rates: (query) => devices.rates(query),
  };
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const byDeviceAndName = (a: Series, b: Series): number =>
  byBytes(a.device, b.device) || byBytes(a.name, b.name) || byBytes(a.unit ?? '', b.unit ?? '');

/** Tags that look like numbers are sorted as text by InfluxDB. */
const byReaderAndAntenna = (a: ReadRate, b: ReadRate): number => byBytes(a.reader, b.reader) || a.antenna - b.antenna;

/** InfluxDB 1.x, and 2.x through its InfluxQL endpoint (a DBRP mapping for the bucket is needed there). */
export function influxReader(config: InfluxConfig): TelemetryReader {
  const ask = async (text: string): Promise<readonly InfluxSeries[]> => {
    const url = new URL('/query', config.url);
    url.search = new URLSearchParams({ db: config.bucket, epoch: 'ms', q: text }).toString();
    const headers: Record<string, string> = config.token === '' ? {} : { authorization: `Token ${config.token}` };
    const { response, body } = await answerOf(url, headers);
    const error = body.error ?? body.results?.[0]?.error;
    if (!response.ok || error !== undefined)
      throw rejected('influx-query', `InfluxDB refuses the query: ${error ?? response.statusText}`);
    return body.results?.[0]?.series ?? [];
  };
  return {
    async measures(query) {
      const series = await ask(
        `select mean(value), min(value), max(value), count(value) from measure where ${conditions(query, 'device', query.name)} group by time(${query.everyMs}ms), device, "name", unit fill(none)`,
      );
      return series.map(({ tags, values }) => ({
        device: tags['device'] ?? '',
        name: tags['name'] ?? '',
        unit: tags['unit'] || undefined,
        points: values.map(([at, mean, min, max, count]) => ({
          at: at!,
          mean: mean!,
          min: min!,
          max: max!,
          count: count!,
        })),
      }));
    },
    async rates(query) {
      const series = await ask(
        `select sum(reads), sum(with_rssi), sum(rssi_sum), max(rssi_max) from "reads" where ${conditions(query, 'reader', undefined)} group by time(${query.everyMs}ms), reader, antenna fill(none)`,
      );
      return series
        .map(({ tags, values }) => ({
          reader: tags['reader'] ?? '',
          antenna: Number(tags['antenna']),
          points: values.map(([at, reads, withRssi, sum, max]) => ({
            at: at!,
            reads: reads!,
            rssiMeanDbm: withRssi ? sum! / withRssi : undefined,
            rssiMaxDbm: max ?? undefined,
          })),
        }))
        .sort(byReaderAndAntenna);
    },
  };
}

const ANSWER_WITHIN_MS = 10_000;

interface InfluxBody {
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly InfluxSeries[] }[];
}

/** Throws `unavailable` when nobody answers, or something else than InfluxDB does. */
async function answerOf(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly response: Response; readonly body: InfluxBody }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return { response, body: (await response.json()) as InfluxBody };
  } catch (error) {
    throw new Fault('unavailable', 'influx-unavailable', `InfluxDB does not answer: ${messageOf(error)}`);
  }
}

interface InfluxSeries {
  readonly tags: Readonly<Record<string, string>>;
  readonly values: readonly (readonly (number | null)[])[];
}

/** InfluxQL string literals: a quote inside is escaped, so a device's name stays a name. */
const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function conditions({ site, device, from, to }: SeriesQuery, deviceTag: string, name: string | undefined): string {
  return [
    `site = ${literal(site)}`,
    ...(device === undefined ? [] : [`${deviceTag} = ${literal(device)}`]),
    ...(name === undefined ? [] : [`"name" = ${literal(name)}`]),
    // In whole microseconds: InfluxQL takes no fractions, and a time asked for may have them.
    `time >= ${Math.ceil(from * 1000)}u and time < ${Math.ceil(to * 1000)}u`,
  ].join(' and ');
}

function groupSeries(
  rows: readonly (SeriesPoint & { device: string; name: string; unit: string | undefined })[],
): Series[] {
  const series: (Series & { points: SeriesPoint[] })[] = [];
  for (const { device, name, unit, at, mean, min, max, count } of rows) {
    let last = series.at(-1);
    if (last?.device !== device || last.name !== name || last.unit !== unit)
      series.push((last = { device, name, unit, points: [] }));
    last.points.push({ at, mean, min, max, count });
  }
  return series;
}

function groupRates(
  rows: readonly {
    reader: string;
    antenna: number;
    at: number;
    reads: number;
    rssiMeanDbm: number | undefined;
    rssiMaxDbm: number | undefined;
  }[],
): ReadRate[] {
  const rates: { reader: string; antenna: number; points: ReadRate['points'][number][] }[] = [];
  for (const { reader, antenna, at, reads, rssiMeanDbm, rssiMaxDbm } of rows) {
    let last = rates.at(-1);
    if (last?.reader !== reader || last.antenna !== antenna) rates.push((last = { reader, antenna, points: [] }));
    last.points.push({ at, reads, rssiMeanDbm, rssiMaxDbm });
  }
  return rates;
}
