// One way to ask for series, whichever store holds them (Postgres: postgresReader.ts): downsampled to buckets of a width, gaps left as gaps.
import { Fault, messageOf, rejected } from '../kit/faults.ts';
import type { Pool } from '../store/database.ts';
import type { InfluxConfig } from './influxServer.ts';
import { postgresReader } from './postgresReader.ts';

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
    /** Different tags, as far as the store can tell; undefined when it was not kept. */
    readonly tags: number | undefined;
  }[];
}

export interface TelemetryReader {
  readonly measures: (query: SeriesQuery) => Promise<readonly Series[]>;
  readonly rates: (query: SeriesQuery) => Promise<readonly ReadRate[]>;
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
        `select sum(reads), sum(with_rssi), sum(rssi_sum), max(rssi_max), max(tags) from "reads" where ${conditions(query, 'reader', undefined)} group by time(${query.everyMs}ms), reader, antenna fill(none)`,
      );
      return series
        .map(({ tags: of, values }) => ({
          reader: of['reader'] ?? '',
          antenna: Number(of['antenna']),
          points: values.map(([at, reads, withRssi, sum, max, tags]) => ({
            at: at!,
            reads: reads!,
            rssiMeanDbm: withRssi ? sum! / withRssi : undefined,
            rssiMaxDbm: max ?? undefined,
            tags: tags ?? undefined,
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
