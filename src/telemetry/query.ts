// One way to ask for series, whichever store holds them (Postgres: postgresReader.ts): downsampled to buckets of a width, gaps left as gaps.
import type { Pool } from '../store/database.ts';
import { byBytes, influxReader } from './influxReader.ts';
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

const byDeviceAndName = (a: Series, b: Series): number =>
  byBytes(a.device, b.device) || byBytes(a.name, b.name) || byBytes(a.unit ?? '', b.unit ?? '');
