// To whom changes are told: the service's own broker, webhooks, mails. Who takes what is decided when the change is written.
import { MQTT_CHANNEL } from '../../config/checkAlerts.ts';
import type { Mail, ServiceAlerts, Webhook } from '../../config/alerts.ts';
import { rankOf, type Alert, type AlertChangeKind } from '../alert.ts';
import { endOfQuiet } from './quietHours.ts';

export type Channel =
  | { readonly kind: 'mqtt'; readonly id: string }
  | { readonly kind: 'webhook'; readonly id: string; readonly settings: Webhook }
  | { readonly kind: 'mail'; readonly id: string; readonly settings: Mail };

export const MAIL_GROUP_MS = 30_000;
/** A person who did something need not be sent a mail about it; programs are told everything. */
const MAILED: ReadonlySet<AlertChangeKind> = new Set(['opened', 'reopened', 'woken', 'escalated', 'resolved']);

export const channelsOf = ({ webhooks = [], mails = [] }: ServiceAlerts): readonly Channel[] => [
  { kind: 'mqtt', id: MQTT_CHANNEL },
  ...webhooks.map((settings): Channel => ({ kind: 'webhook', id: settings.id, settings })),
  ...mails.map((settings): Channel => ({ kind: 'mail', id: settings.id, settings })),
];

/** When the channel is told of a change at the earliest; undefined when it is none of its business. */
export function dueAt(
  channel: Channel,
  alert: Alert,
  change: AlertChangeKind,
  timeZone: string,
  now: number,
): number | undefined {
  if (channel.kind === 'mqtt') return now;
  const { sites, kinds, severity = 'info', quietHours } = channel.settings;
  if (sites !== undefined && !sites.includes(alert.site)) return undefined;
  if (kinds !== undefined && !kinds.includes(alert.kind)) return undefined;
  if (rankOf(alert.severity) < rankOf(severity)) return undefined;
  if (channel.kind === 'mail' && !MAILED.has(change)) return undefined;
  const sendAt = channel.kind === 'mail' ? now + (channel.settings.groupMs ?? MAIL_GROUP_MS) : now;
  return quietHours === undefined || alert.severity === 'critical' ? sendAt : endOfQuiet(quietHours, timeZone, sendAt);
}
