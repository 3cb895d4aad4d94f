// Alerts in their tables. One at a time a site (a lock held for the commit), so two triggers at once are one alert; the
// index `alert_one_a_thing` would refuse a second one. Each change, its history and what is to be told of it are one commit.
import type { AlertKind, AlertRules } from '../config/alertKinds.ts';
import { conflict } from '../kit/faults.ts';
import { contentId } from '../kit/ids.ts';
import { atomicallyIn, type Pool, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable, storableJson } from '../store/text.ts';
import type { AlertMessage } from '../wire/alert.ts';
import { formatTime } from '../wire/time.ts';
import { act, type Action, type Alert, type AlertChange, type Step } from './alert.ts';
import { dueAt, type Channel } from './channels/channels.ts';
import type { Finding } from './finding.ts';
import { alertJson, alertOf, alertValues, type AlertRow } from './rows.ts';
import { stepAll } from './stepAll.ts';

const TO_STEP = sqlFile(import.meta.url, 'sql/alertsToStep.sql');
const PUT_ALERT = sqlFile(import.meta.url, 'sql/putAlert.sql');
const PUT_DELIVERIES = sqlFile(import.meta.url, 'sql/putDeliveries.sql');

/** Told on this channel after each commit that changed an alert: `{"site":…,"id":…}`. */
export const ALERTS_CHANNEL = 'tallygate_alerts';

/** Who is told of what, and how. */
export interface Telling {
  readonly channels: readonly Channel[];
  readonly timeZone: string;
  /** Address of the page, for links. */
  readonly page: string | undefined;
}

/**
 * Takes what the rules of a site found at `now` (ms) into its alerts. A kind that is not in `found` was not looked at: its
 * alerts stay as they are. Gives the changes that somebody is told of.
 */
export async function keepFindings(
  pool: Pool,
  site: string,
  found: ReadonlyMap<AlertKind, readonly Finding[]>,
  rules: AlertRules,
  telling: Telling,
  now: number,
): Promise<readonly Step[]> {
  return atomicallyIn(pool, async (client) => {
    await lockSite(client, site);
    const longest = Math.max(...Object.values(rules).map(({ reopenWithinMs }) => reopenWithinMs));
    const { rows } = await client.query<AlertRow & Record<string, unknown>>({
      name: 'watch-alerts',
      text: TO_STEP,
      values: [site, formatTime(now - longest)],
    });
    const steps: Step[] = [];
    for (const [kind, findings] of found) {
      const alerts = new Map<string, Alert>();
      for (const row of rows) {
        // What is not resolved comes first, and is the one.
        if (row.kind === kind && !alerts.has(row.subject)) alerts.set(row.subject, alertOf(row));
      }
      steps.push(...stepAll(site, kind, alerts, findings, rules[kind], now));
    }
    for (const next of steps) await keepStep(client, next, telling, now);
    return steps.filter(({ change }) => change !== undefined);
  });
}

/** What a person asks, under a key of theirs: the same again is the same. */
export interface Asked {
  readonly action: Action;
  /** As it was asked: under one key the same must be asked again. */
  readonly request: object;
  readonly actor: string;
  readonly note: string | undefined;
  readonly key: string;
}

/**
 * A person acknowledges, snoozes or resolves an alert. Gives the alert as it is then; undefined when there is none. Throws
 * `conflict` faults: `already-resolved`, and `key-reused` for a key under which something else was asked.
 */
export async function keepAction(
  pool: Pool,
  site: string,
  id: string,
  asked: Asked,
  telling: Telling,
  now: number,
): Promise<Alert | undefined> {
  const request = JSON.stringify({ id, action: asked.action.kind, ...asked.request });
  return atomicallyIn(pool, async (client) => {
    await lockSite(client, site);
    const { rows } = await client.query<AlertRow & Record<string, unknown>>(
      'select * from alert where site = $1 and id = $2',
      [site, id],
    );
    if (rows[0] === undefined) return undefined;
    const alert = alertOf(rows[0]);
    const before = await client.query<{ request: string }>(
      'select request from alert_change where site = $1 and key = $2',
      [site, asked.key],
    );
    if (before.rows[0] !== undefined) {
      if (before.rows[0].request === request) return alert;
      throw conflict(
        'key-reused',
        `Idempotency-Key ${asked.key} was used before, for another command; take a new key for a new command.`,
      );
    }
    if (alert.state === 'resolved')
      throw conflict('already-resolved', `It was resolved by ${alert.stateBy} at ${formatTime(alert.stateAt)}.`);
    const next = act(alert, asked.action, asked.actor, asked.note, now);
    if (next === undefined) return alert;
    await keepStep(client, next, telling, now, { key: asked.key, request });
    return next.alert;
  });
}

/** Until the commit. Whoever changes alerts of a site holds it, so nobody steps an alert that another is changing. */
const lockSite = (client: Queryable, site: string): Promise<unknown> =>
  client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`tallygate-alerts-${site}`]);

async function keepStep(
  client: Queryable,
  { alert, change }: Step,
  telling: Telling,
  now: number,
  by?: { readonly key: string; readonly request: string },
): Promise<void> {
  await client.query({ name: 'put-alert', text: PUT_ALERT, values: alertValues(alert) });
  if (change !== undefined) {
    await client.query({
      name: 'put-alert-change',
      text: `insert into alert_change (site, alert, revision, at, change, actor, note, state, severity, message, key, request)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      values: [
        alert.site,
        alert.id,
        alert.revision,
        formatTime(now),
        change.change,
        storable(change.actor),
        change.note === undefined ? null : storable(change.note),
        alert.state,
        alert.severity,
        alert.message,
        by === undefined ? null : storable(by.key),
        by === undefined ? null : storable(by.request),
      ],
    });
    await putDeliveries(client, alert, change, telling, now);
  }
  await client.query('select pg_notify($1, $2)', [ALERTS_CHANNEL, JSON.stringify({ site: alert.site, id: alert.id })]);
}

async function putDeliveries(
  client: Queryable,
  alert: Alert,
  change: AlertChange,
  { channels, timeZone, page }: Telling,
  now: number,
): Promise<void> {
  const due = channels.flatMap((channel) => {
    const at = dueAt(channel, alert, change.change, timeZone, now);
    return at === undefined ? [] : [{ channel, at, id: contentId('delivery', alert.id, alert.revision, channel.id) }];
  });
  if (due.length === 0) return;
  await client.query({
    name: 'put-deliveries',
    text: PUT_DELIVERIES,
    values: [
      alert.site,
      alert.id,
      alert.revision,
      due.map(({ id }) => id),
      due.map(({ channel }) => channel.id),
      due.map(({ id }) => storableJson(messageOf(alert, change, id, page, now))),
      formatTime(now),
      due.map(({ at }) => formatTime(at)),
      channels.filter(({ kind }) => kind === 'mail').map(({ id }) => id),
    ],
  });
}

function messageOf(
  alert: Alert,
  { change, actor, note }: AlertChange,
  delivery: string,
  page: string | undefined,
  now: number,
): AlertMessage {
  const { clearedAt: _cleared, snoozedUntil: _snoozed, stateAt: _at, stateBy: _by, ...told } = alertJson(alert);
  const link = page === undefined ? null : linkTo(alert, page);
  return { v: 1, delivery, ...told, change, at: formatTime(now), actor, note: note ?? null, page: link };
}

/** Where the page shows it: what is resolved is in a list of its own. */
function linkTo({ site, id, state }: Alert, page: string): string {
  const link = `${page.replace(/\/$/, '')}/#/${encodeURIComponent(site)}/alerts?id=${id}`;
  return state === 'resolved' ? `${link}&state=resolved` : link;
}
