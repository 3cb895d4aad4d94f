// Points into tables of Postgres: in one transaction with the cursor, so nothing is lost or doubled.
import { atomicallyIn, type Pool, type Queryable } from '../store/database.ts';
import { storable } from '../store/text.ts';
import type { MeasurePoint, RatePoint } from './project.ts';
import type { Sink } from './sink.ts';

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
      await ensureDays(pool, days, points);
      await atomicallyIn(pool, async (client) => {
        await client.query('set local synchronous_commit = off'); // it can be made again from the journal
        const moved = await client.query(
          'update telemetry_cursor set journal_offset = $4 where site = $1 and sink = $2 and journal_offset = $3',
          [site, NAME, from, to],
        );
        if (moved.rowCount !== 1) throw new Error('another process has moved the cursor; it is read again');
        if (points.measures.length > 0) await putMeasures(client, site, points.measures);
        if (points.rates.length > 0) await addRates(client, site, points.rates);
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
  await ensureDays(pool, new Set(), { measures: points, rates: [] });
  await putMeasures(pool, site, points);
}

/** No row of a journal has it. */
export const OWN_OFFSET = 0;

async function ensureDays(
  pool: Pool,
  known: Set<string>,
  { measures, rates }: { readonly measures: readonly MeasurePoint[]; readonly rates: readonly RatePoint[] },
): Promise<void> {
  for (const [table, points] of [
    ['measure', measures],
    ['read_rate', rates],
  ] as const) {
    for (const day of new Set(points.map(({ at }) => Math.floor(at / DAY_MS)))) {
      const key = `${table} ${day}`;
      if (known.has(key)) continue;
      await pool.query('select ensure_partition($1, to_timestamp($2))', [table, (day * DAY_MS) / 1000]);
      known.add(key);
    }
  }
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

async function addRates(client: Queryable, site: string, rates: readonly RatePoint[]): Promise<void> {
  await client.query({
    name: 'add-rates',
    text: `insert into read_rate as r (site, reader, antenna, at, reads, with_rssi, rssi_sum, rssi_max)
           select $1, u.reader, u.antenna, to_timestamp(u.at_ms / 1000), u.reads, u.with_rssi, u.rssi_sum, u.rssi_max
           from unnest($2::text[], $3::smallint[], $4::double precision[], $5::bigint[], $6::bigint[], $7::double precision[], $8::real[])
                as u (reader, antenna, at_ms, reads, with_rssi, rssi_sum, rssi_max)
           order by u.reader, u.antenna, u.at_ms
           on conflict (site, reader, antenna, at) do update
           set reads = r.reads + excluded.reads, with_rssi = r.with_rssi + excluded.with_rssi, rssi_sum = r.rssi_sum + excluded.rssi_sum,
               rssi_max = greatest(r.rssi_max, excluded.rssi_max)`,
    values: [
      site,
      rates.map(({ reader }) => reader),
      rates.map(({ antenna }) => antenna),
      rates.map(({ at }) => at),
      rates.map(({ reads }) => reads),
      rates.map(({ withRssi }) => withRssi),
      rates.map(({ rssiSumDbm }) => rssiSumDbm),
      rates.map(({ rssiMaxDbm }) => (Number.isFinite(rssiMaxDbm) ? rssiMaxDbm : null)),
    ],
  });
}
