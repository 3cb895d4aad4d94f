// What a schema cannot say about `alerts:`: channels have names of their own, places and ranges make sense.
import type { AlertRuleOverrides, ServiceAlerts } from './alerts.ts';
import { LOCATION_KINDS, type SiteFile } from './site.ts';

type Report = (path: readonly (string | number)[], reason: string) => void;

/** The channel that the service itself is: change by change on its own broker. */
export const MQTT_CHANNEL = 'mqtt';

export function checkServiceAlerts(alerts: ServiceAlerts | undefined, report: Report): void {
  if (alerts === undefined) return;
  const ids = new Set<string>([MQTT_CHANNEL]);
  for (const list of ['webhooks', 'mails'] as const) {
    for (const [index, { id, quietHours }] of (alerts[list] ?? []).entries()) {
      const at = ['alerts', list, index];
      if (ids.has(id)) report([...at, 'id'], `there is already a channel ${id}`);
      ids.add(id);
      if (quietHours !== undefined && quietHours.from === quietHours.to)
        report([...at, 'quietHours'], 'begin when they end');
    }
  }
  for (const [index, { url }] of (alerts.webhooks ?? []).entries())
    if (/^https?:\/\/[^/?#]*@/.test(url))
      report(['alerts', 'webhooks', index, 'url'], 'holds a user or password: the receiver knows us by the signature');
  for (const [index, { user, passwordVariable }] of (alerts.mails ?? []).entries()) {
    if ((user === undefined) !== (passwordVariable === undefined))
      report(['alerts', 'mails', index], 'needs both user and passwordVariable, or neither');
  }
  checkRules(alerts.rules, report);
}

export function checkSiteAlerts({ alerts, locations = [] }: SiteFile, report: Report): void {
  if (alerts === undefined) return;
  const known = new Set(locations.map(({ id }) => id));
  const seen = new Set<string>();
  for (const [index, { sku, location, minimum, target }] of (alerts.levels ?? []).entries()) {
    const at = ['alerts', 'levels', index];
    if (location !== undefined && !known.has(location))
      report([...at, 'location'], `${location} is not a location of this site`);
    if (target !== undefined && target < minimum) report([...at, 'target'], 'is less than the minimum');
    const key = `${sku}@${location ?? ''}`;
    if (seen.has(key)) report(at, `${sku} has a level there already`);
    seen.add(key);
  }
  for (const [index, location] of (alerts.rules?.['unexpected-presence']?.closed ?? []).entries())
    if (!known.has(location))
      report(['alerts', 'rules', 'unexpected-presence', 'closed', index], `${location} is not a location of this site`);
  checkRules(alerts.rules, report);
}

function checkRules(rules: AlertRuleOverrides | undefined, report: Report): void {
  for (const [index, kind] of (rules?.dwell?.kinds ?? []).entries())
    if (!(LOCATION_KINDS as readonly string[]).includes(kind))
      report(['alerts', 'rules', 'dwell', 'kinds', index], `must be one of ${LOCATION_KINDS.join(', ')}`);
  for (const kind of ['sensor-out-of-range', 'reader-hot'] as const)
    for (const [index, { min, max }] of (rules?.[kind]?.ranges ?? []).entries()) {
      const at = ['alerts', 'rules', kind, 'ranges', index];
      if (min === undefined && max === undefined) report(at, 'has neither min nor max');
      else if (min !== undefined && max !== undefined && min >= max) report(at, 'min is not below max');
    }
}
