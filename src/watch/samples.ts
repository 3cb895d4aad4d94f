// What the service measures of itself and of what it has heard, once a minute: gateways and their outboxes, how long ago each reader was
// heard, how wrong its clock is, how far the ledger is behind, what waits for people. Telemetry like that of devices, and what dry
// runs of rules about these things look back at.
import type { SitePlan } from '../config/plan.ts';
import type { Pool, Queryable } from '../store/database.ts';
import { putOwn } from '../telemetry/postgresSink.ts';
import type { SiteFigures } from './finding.ts';
import { sqlFile } from '../store/sql.ts';

const WAITING = sqlFile(import.meta.url, 'sql/samples.sql');
const GATEWAYS = sqlFile(import.meta.url, 'sql/sampleGateways.sql');

export const SAMPLE_EVERY_MS = 60_000;
/** Whose figures those of the service are; no device of a site file has this name by accident. */
export const SERVICE = 'tallygate';

interface Sample {
  readonly device: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly value: number;
}

/** Measures the sites that this installation derives, as of `now` (ms). */
export async function sampleAll(
  pool: Pool,
  plans: readonly SitePlan[],
  figures: readonly SiteFigures[],
  now: number,
  tellsForAll: (site: string) => boolean,
): Promise<void> {
  for (const own of figures) {
    const plan = plans.find(({ site }) => site === own.site);
    if (plan === undefined) continue;
    const samples = [
      ...heardSamples(plan, own, now),
      ...(await gatewaySamples(pool, plan.site)),
      ...(await serviceSamples(pool, plan.site)),
      ...(tellsForAll(plan.site) ? await channelSamples(pool) : []),
    ];
    await putOwn(
      pool,
      plan.site,
      samples.map((sample) => ({ ...sample, at: now })),
    );
  }
}

/** Readers of the site file, and how long ago each was heard; never longer than we have listened. */
function heardSamples({ antennas }: SitePlan, { devices, clocks, since }: SiteFigures, now: number): Sample[] {
  const heardAt = new Map(devices.map((one) => [one.device, one.heardAt]));
  const readers = [...new Set(antennas.map(({ reader }) => reader))];
  const offsets = new Map(clocks.map(({ device, offsetMs }) => [device, offsetMs]));
  return readers
    .flatMap((device): Sample[] => [
      { device, name: 'heard.ago', unit: 's', value: Math.max(0, now - (heardAt.get(device) ?? since)) / 1000 },
      { device, name: 'clock.offset', unit: 'ms', value: offsets.get(device) ?? 0 },
    ])
    .concat(
      [...offsets]
        .filter(([device]) => !readers.includes(device))
        .map(([device, offsetMs]) => ({ device, name: 'clock.offset', unit: 'ms', value: offsetMs })),
    );
}

async function gatewaySamples(database: Queryable, site: string): Promise<Sample[]> {
  const { rows } = await database.query<{
    gateway: string;
    online: boolean | null;
    backlog: number | null;
    dropped: number | null;
  }>({
    name: 'sample-gateways',
    text: GATEWAYS,
    values: [site],
  });
  return rows.flatMap(({ gateway, online, backlog, dropped }) => [
    ...(online === null ? [] : [{ device: gateway, name: 'gateway.online', unit: undefined, value: Number(online) }]),
    ...(backlog === null ? [] : [{ device: gateway, name: 'gateway.backlog', unit: undefined, value: backlog }]),
    ...(dropped === null ? [] : [{ device: gateway, name: 'gateway.dropped', unit: undefined, value: dropped }]),
  ]);
}

async function serviceSamples(database: Queryable, site: string): Promise<Sample[]> {
  const { rows } = await database.query<Record<string, number | null>>({
    name: 'samples',
    text: WAITING,
    values: [site],
  });
  const row = rows[0] ?? {};
  const figures: readonly (readonly [column: string, name: string, unit: string | undefined])[] = [
    ['lag', 'journal.lag', undefined],
    ['undecided', 'review.waiting', undefined],
    ['undecided_s', 'review.oldest', 's'],
    ['quarantined', 'quarantine.open', undefined],
    ['differences', 'ledger.differences', undefined],
    ['discrepancies', 'discrepancies.open', undefined],
    ['alerts', 'alerts.open', undefined],
  ];
  return figures.flatMap(([column, name, unit]) => {
    const value = row[column] ?? null;
    return value === null ? [] : [{ device: SERVICE, name, unit, value }];
  });
}

async function channelSamples(database: Queryable): Promise<Sample[]> {
  const { rows } = await database.query<{ channel: string; failing_s: number }>({
    name: 'sample-channels',
    text: `select channel, coalesce(extract(epoch from now() - failing_since), 0)::double precision as failing_s from alert_channel order by channel`,
  });
  return rows.map(({ channel, failing_s: value }) => ({
    device: SERVICE,
    name: `channel.${channel}.failing`,
    unit: 's',
    value,
  }));
}
