// The watch in the stories of these tests: it looks when a test says so, at a time that the test says.
import { expect } from 'vitest';
import type { ServiceAlerts } from '../../src/config/alerts.ts';
import { ALERT_KINDS, type AlertKind } from '../../src/config/alertKinds.ts';
import { postgresReader } from '../../src/telemetry/postgresReader.ts';
import { channelsOf } from '../../src/watch/channels/channels.ts';
import type { SiteFigures } from '../../src/watch/finding.ts';
import { lookAtAll } from '../../src/watch/watch.ts';
import type { AlertJson } from '../../src/wire/alert.ts';
import { done } from './doings.ts';
import type { TestService } from './service.ts';

/** Every rule off but these. */
export const only = (...kinds: readonly AlertKind[]) =>
  Object.fromEntries(ALERT_KINDS.map((kind) => [kind, { on: kinds.includes(kind) }]));

/** Looks at all sites of the service at `now` (ms); gives what changed. A rule that cannot be looked at fails the test. */
export async function look(
  service: TestService,
  now: number,
  alerts: ServiceAlerts = {},
  figures: readonly SiteFigures[] = service.engine.siteFigures(),
): Promise<string[]> {
  const { pool } = service.database;
  const { steps, failed } = await lookAtAll(
    {
      pool,
      channels: channelsOf(alerts),
      alerts,
      telemetry: postgresReader(pool),
      plans: service.api.plans,
      clock: () => now,
    },
    figures,
  );
  expect(failed).toEqual([]);
  return steps.map(({ alert, change }) => `${alert.kind} ${alert.subject} ${change!.change}`);
}

export const alertsOf = async (
  service: TestService,
  query: Readonly<Record<string, string | number>> = {},
): Promise<AlertJson[]> => done(await service.get('/v1/alerts', query)).items as AlertJson[];
