// Telling of alerts in the stories of these tests: three SKUs of a site are low, and a channel is told when a test says so, at a
// time that the test says.
import { createLog } from '../../src/kit/log.ts';
import type { ServiceAlerts } from '../../src/config/alerts.ts';
import { channelsOf } from '../../src/watch/channels/channels.ts';
import { deliver, type DeliveryOptions } from '../../src/watch/channels/deliver.ts';
import { smallSite } from '../support/sites.ts';
import { found } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { only } from './watching.ts';

/** What the environment variables OPS and MAIL hold. */
export const SECRETS = { OPS: 'correct horse battery staple', MAIL: 'mail secret' } as const;
export const secret = (variable: string): string | undefined => (SECRETS as Readonly<Record<string, string>>)[variable];
export const SKUS = ['A-1', 'B-2', 'C-3'];
export const NOON = Date.parse('2026-11-27T11:00:00Z');
export const rules = only('low-stock');

/** One of each SKU, where ten should be. */
export async function openLowStock(): Promise<TestService> {
  const levels = SKUS.map((sku) => ({ sku, minimum: 10 }));
  const service = await openService({ sites: [smallSite('T1', { alerts: { levels } })] });
  for (const sku of SKUS) await found(service, sku, 1, 'A-01');
  return service;
}

export async function forgetAlerts({ database }: TestService): Promise<void> {
  for (const table of ['alert', 'alert_delivery', 'alert_channel']) await database.rows(`delete from ${table}`);
}

/** As the watch does it, at a time that the test says. */
export const telling = ({ database }: TestService, now: number): DeliveryOptions => ({
  pool: database.pool,
  publish: () => Promise.resolve(false),
  secret,
  clock: () => now,
  log: createLog({ style: 'silent' }),
});

/** Tells the last channel there is, which is MQTT when there is no other; gives how much it took. */
export const tellBy = (options: DeliveryOptions, alerts: ServiceAlerts, sites = ['T1']): Promise<number> =>
  deliver(options, channelsOf(alerts).at(-1)!, sites);
