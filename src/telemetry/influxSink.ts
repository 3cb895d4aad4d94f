// Points into InfluxDB 1.x, 2.x or 3.x, by its client used without its buffers: a batch is written and flushed, or it is written
// again. The end of a range is remembered before the write, so that after a crash exactly the same points are written
// again, over themselves: InfluxDB keeps one value for the same series and time.
import { InfluxDB, Point, setLogger, type WriteApi } from '@influxdata/influxdb-client';
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import type { Pool } from '../store/database.ts';
import type { MeasurePoint, Points, RatePoint } from './project.ts';
import { readCursor } from './postgresSink.ts';
import { prepareInflux, type InfluxConfig, type InfluxGeneration } from './influxServer.ts';
import type { Sink } from './sink.ts';
import { bitsOf, tagsOf } from './tagSet.ts';

// What goes wrong is thrown, and told by who tries again: the client's own words on standard error would be a second log.
setLogger({ error: () => {}, warn: () => {} });

const NAME = 'influx';
/** Larger than any batch of ours: the client must never write by itself. */
const BATCH_SIZE = 1_000_000;
const TIMEOUT_MS = 10_000;

export function influxSink(pool: Pool, config: InfluxConfig, log: Logger): Sink {
  const refused = (line: string, reason: string): void =>
    log.error({ line, reason }, 'InfluxDB refuses this point for ever; it is left out there, the journal keeps it');
  const client = new InfluxDB({ url: config.url, token: config.token, timeout: TIMEOUT_MS });
  let generation: InfluxGeneration | undefined;
  return {
    name: NAME,
    async cursor(site) {
      const offset = await readCursor(pool, site, NAME);
      const { rows } = await pool.query<{ pending_offset: number | null }>(
        'select pending_offset from telemetry_cursor where site = $1 and sink = $2',
        [site, NAME],
      );
      return { offset, pending: rows[0]?.pending_offset ?? undefined };
    },
    async write({ site, from, to, points }) {
      await pool.query('update telemetry_cursor set pending_offset = $3 where site = $1 and sink = $2', [
        site,
        NAME,
        to,
      ]);
      generation ??= await prepareInflux(config);
      await writeAll({ client, config, generation, refused }, linesOf(site, from, points));
      await pool.query(
        'update telemetry_cursor set journal_offset = $3, pending_offset = null where site = $1 and sink = $2',
        [site, NAME, to],
      );
    },
    close: () => Promise.resolve(),
  };
}

interface Target {
  readonly client: InfluxDB;
  readonly config: InfluxConfig;
  readonly generation: InfluxGeneration;
  readonly refused: (line: string, reason: string) => void;
}

/** One writer a batch: nothing of a failed one stays in it. Lines that InfluxDB refuses for ever are reported, not retried. */
async function writeAll(target: Target, lines: readonly string[]): Promise<void> {
  const { client, config, generation, refused } = target;
  if (lines.length === 0) return;
  let refusal: unknown;
  const writer: WriteApi = client.getWriteApi(config.org, config.bucket, 'ns', {
    batchSize: BATCH_SIZE,
    flushInterval: 0,
    maxRetries: 0,
    maxBufferLines: BATCH_SIZE,
    writeFailed: (error) => {
      refusal = error;
    },
  });
  if (generation === 1) writer.path = `/write?db=${encodeURIComponent(config.bucket)}&precision=ns`;
  try {
    writer.writeRecords([...lines]);
    await writer.flush();
  } catch (error) {
    refusal ??= error;
  } finally {
    await writer.close().catch(() => {});
  }
  if (refusal === undefined) return;
  const status = (refusal as { statusCode?: unknown }).statusCode;
  if (status !== 400) throw refusal;
  if (lines.length === 1) {
    refused(lines[0]!, messageOf(refusal));
    return;
  }
  // One bad line must not hold up the others: halve until it stands alone.
  const middle = lines.length >> 1;
  await writeAll(target, lines.slice(0, middle));
  await writeAll(target, lines.slice(middle));
}

/** Line protocol, by the client's own Point: it escapes what devices call themselves. */
function linesOf(site: string, from: number, { measures, rates }: Points): string[] {
  return [
    ...measures.map((measure) => measureLine(site, measure)),
    ...rates.map((rate) => rateLine(site, from, rate)),
  ].filter((line) => line !== undefined);
}

const nanoseconds = (ms: number): bigint => BigInt(Math.round(ms * 1000)) * 1000n;

/** More than the entries of an envelope; a prime, so that as many rows as there are places have one of their own. */
const ENTRIES_A_ROW = 521;

/**
 * Below what the device's clock can tell, the place in the journal keeps equal times apart: a point never overwrites another
 * within 1,900 rows, nor one of the same place in its envelope within a million (a device whose clock stands still). A time in whole
 * ms leaves a million places, one in µs a thousand.
 */
function measureLine(site: string, { device, name, unit, at, value, offset, entry }: MeasurePoint): string | undefined {
  const places = Number.isInteger(at) ? 1_000_000 : 1000;
  const apart = BigInt((offset * ENTRIES_A_ROW + entry) % places);
  const point = new Point('measure')
    .tag('site', site)
    .tag('device', device)
    .tag('name', name)
    .floatField('value', value);
  if (unit !== undefined && unit !== '') point.tag('unit', unit);
  return point.timestamp(String(nanoseconds(at) + apart)).toLineProtocol();
}

/** Rates add up over ranges: each range has a time of its own within the ten seconds, made of where it begins. */
function rateLine(site: string, from: number, rate: RatePoint): string | undefined {
  const apart = BigInt(from % 1_000_000_000);
  const point = new Point('reads')
    .tag('site', site)
    .tag('reader', rate.reader)
    .tag('antenna', String(rate.antenna))
    .intField('reads', rate.reads)
    .intField('with_rssi', rate.withRssi)
    .floatField('rssi_sum', rate.rssiSumDbm)
    .intField('tags', Math.min(rate.reads, tagsOf(bitsOf(rate.tags))));
  if (Number.isFinite(rate.rssiMaxDbm)) point.floatField('rssi_max', rate.rssiMaxDbm);
  return point.timestamp(String(nanoseconds(rate.at) + apart)).toLineProtocol();
}
