// What is found out about an InfluxDB before it is written to: which generation it is, and that a database of 1.x is there.
import { messageOf, rejected } from '../kit/faults.ts';
import type { ServiceConfig } from '../config/service.ts';

export type InfluxConfig = NonNullable<ServiceConfig['influx']>;

/** 1: `/write` and databases. 2: `/api/v2/write` and buckets; also 3.x, which takes the same. */
export type InfluxGeneration = 1 | 2;

const ANSWER_WITHIN_MS = 10_000;

/**
 * The generation of the server: as configured, else as it says itself on `/ping`. A database of 1.x is made when it is not there
 * (a bucket of 2.x is not: that takes an organisation and a retention that somebody has to choose; 3.x makes one with the first write). Throws when the server does not
 * answer, or refuses.
 */
export async function prepareInflux(config: InfluxConfig): Promise<InfluxGeneration> {
  const headers: Record<string, string> = config.token === '' ? {} : { authorization: `Token ${config.token}` };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const version = config.version ?? (await generationOf(config.url, signal));
  if (version !== 1) return 2;
  const body = new URLSearchParams({ q: `create database "${config.bucket.replaceAll(/["\\]/g, '\\$&')}"` });
  const response = await fetch(new URL('/query', config.url), { method: 'POST', body, headers, signal });
  if (response.ok) return 1;
  throw rejected(
    'influx-database',
    `InfluxDB does not let us make the database ${config.bucket} (TALLYGATE_INFLUX_BUCKET): ${await response.text()}`,
  );
}

async function generationOf(url: string, signal: AbortSignal): Promise<InfluxGeneration> {
  let response: Response;
  try {
    response = await fetch(new URL('/ping', url), { signal });
  } catch (error) {
    throw rejected('influx-away', `InfluxDB does not answer at ${new URL(url).host}: ${messageOf(error)}`);
  }
  return /^v?1\./.test(response.headers.get('x-influxdb-version') ?? '') ? 1 : 2;
}
