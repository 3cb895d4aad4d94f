// The life of one alert. Pure: what is found now, and the time, go in; what changes comes out. It opens when its cause is
// found, resolves itself when the cause has been gone for a while, and comes back as itself when the cause does; the more
// often it came back, the longer the cause must stay away. Unacknowledged for long, it rises in severity.
import type { AlertRule } from '../config/alertKinds.ts';
import { SEVERITIES, type Severity } from '../config/alertRule.ts';
import { contentId } from '../kit/ids.ts';
import type { Finding } from './finding.ts';

export type AlertState = 'open' | 'acknowledged' | 'snoozed' | 'resolved';
export type AlertChangeKind = 'opened' | 'reopened' | 'acknowledged' | 'snoozed' | 'woken' | 'escalated' | 'resolved';

/** Times in ms since 1970. */
export interface Alert {
  readonly site: string;
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: AlertState;
  readonly severity: Severity;
  readonly confidence: number;
  readonly message: string;
  readonly suggestion: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly look: string;
  readonly times: number;
  readonly revision: number;
  readonly openedAt: number;
  /** Opened, re-opened, woken or escalated last. */
  readonly alarmedAt: number;
  /** Since when the cause has been gone; undefined while it holds. */
  readonly clearedAt: number | undefined;
  readonly snoozedUntil: number | undefined;
  readonly stateAt: number;
  readonly stateBy: string;
}

export interface Step {
  readonly alert: Alert;
  /** Undefined when only its words or the presence of its cause changed: nobody is told. */
  readonly change: AlertChange | undefined;
}

export interface AlertChange {
  readonly change: AlertChangeKind;
  readonly actor: string;
  readonly note: string | undefined;
}

/** Who does what nobody asked for. */
export const TALLYGATE = 'tallygate';
const DOUBLINGS_MAX = 6;

/** A new alert, or the one there is (or last was) of this thing, at `now`. Undefined when nothing changes. */
export function step(
  site: string,
  kind: string,
  alert: Alert | undefined,
  finding: Finding | undefined,
  rule: AlertRule,
  now: number,
): Step | undefined {
  if (alert === undefined) return finding && opened(site, kind, finding, rule, now);
  if (alert.state === 'resolved') return finding === undefined ? left(alert, now) : returned(alert, finding, rule, now);
  return finding === undefined ? gone(alert, rule, now) : found(alert, finding, rule, now);
}

function opened(site: string, kind: string, finding: Finding, rule: AlertRule, now: number): Step {
  const alert: Alert = {
    site,
    id: contentId('alert', site, kind, finding.subject, now),
    kind,
    ...wordsOf(finding),
    subject: finding.subject,
    state: 'open',
    severity: severityOf(finding, rule),
    times: 1,
    revision: 1,
    openedAt: now,
    alarmedAt: now,
    clearedAt: undefined,
    snoozedUntil: undefined,
    stateAt: now,
    stateBy: TALLYGATE,
  };
  return { alert, change: { change: 'opened', actor: TALLYGATE, note: undefined } };
}

/** The cause of what a person has resolved has ended after all. */
const left = (alert: Alert, now: number): Step | undefined =>
  alert.clearedAt === undefined ? { alert: { ...alert, clearedAt: now }, change: undefined } : undefined;

/** Resolved, and found again. A cause that never ended stays quiet for as long as one that comes back re-opens. */
function returned(alert: Alert, finding: Finding, rule: AlertRule, now: number): Step | undefined {
  const isOver = now - alert.stateAt >= rule.reopenWithinMs;
  if (alert.clearedAt === undefined && !isOver) return undefined;
  if (alert.clearedAt !== undefined && isOver) return opened(alert.site, alert.kind, finding, rule, now);
  const next: Alert = {
    ...alert,
    ...wordsOf(finding),
    severity: severityOf(finding, rule),
    times: alert.times + 1,
    clearedAt: undefined,
  };
  const note = alert.clearedAt === undefined ? 'its cause has not ended since it was resolved' : undefined;
  return changed(next, 'open', 'reopened', TALLYGATE, note, now);
}

function gone(alert: Alert, rule: AlertRule, now: number): Step | undefined {
  if (!rule.on) return changed(alert, 'resolved', 'resolved', TALLYGATE, 'the rule was switched off', now);
  const clearedAt = alert.clearedAt ?? now;
  const away = rule.clearAfterMs * 2 ** Math.min(alert.times - 1, DOUBLINGS_MAX);
  if (now - clearedAt >= away)
    return changed({ ...alert, clearedAt }, 'resolved', 'resolved', TALLYGATE, 'its cause has ended', now);
  return alert.clearedAt === undefined ? { alert: { ...alert, clearedAt }, change: undefined } : undefined;
}

function found(alert: Alert, finding: Finding, rule: AlertRule, now: number): Step | undefined {
  const next: Alert = { ...alert, ...wordsOf(finding), clearedAt: undefined };
  if (alert.state === 'snoozed' && now >= (alert.snoozedUntil ?? 0))
    return changed(next, 'open', 'woken', TALLYGATE, 'the time of its snooze is over', now);
  const worse = severityOf(finding, rule);
  if (rankOf(worse) > rankOf(alert.severity))
    return changed({ ...next, severity: worse }, alert.state, 'escalated', TALLYGATE, 'it has become worse', now);
  const risen = SEVERITIES[rankOf(alert.severity) + 1];
  const isDue = rule.escalateAfterMs > 0 && now - alert.alarmedAt >= rule.escalateAfterMs;
  if (alert.state === 'open' && isDue && risen !== undefined)
    return changed({ ...next, severity: risen }, 'open', 'escalated', TALLYGATE, 'nobody has acknowledged it', now);
  return isSame(alert, next) ? undefined : { alert: next, change: undefined };
}

export type Action =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'snooze'; readonly until: number }
  | { readonly kind: 'resolve' };

/** What a person does with it. Undefined when it has ended already, or is what it should become. */
export function act(
  alert: Alert,
  action: Action,
  actor: string,
  note: string | undefined,
  now: number,
): (Step & { readonly change: AlertChange }) | undefined {
  if (alert.state === 'resolved') return undefined;
  switch (action.kind) {
    case 'acknowledge':
      return alert.state === 'acknowledged'
        ? undefined
        : changed(alert, 'acknowledged', 'acknowledged', actor, note, now);
    case 'snooze':
      return changed({ ...alert, snoozedUntil: action.until }, 'snoozed', 'snoozed', actor, note, now);
    case 'resolve':
      return changed(alert, 'resolved', 'resolved', actor, note, now);
  }
}

const ALARMING: ReadonlySet<AlertChangeKind> = new Set(['opened', 'reopened', 'woken', 'escalated']);

function changed(
  alert: Alert,
  state: AlertState,
  change: AlertChangeKind,
  actor: string,
  note: string | undefined,
  now: number,
): Step & { readonly change: AlertChange } {
  const isNewState = state !== alert.state;
  return {
    alert: {
      ...alert,
      state,
      revision: alert.revision + 1,
      alarmedAt: ALARMING.has(change) ? now : alert.alarmedAt,
      snoozedUntil: state === 'snoozed' ? alert.snoozedUntil : undefined,
      ...(isNewState || state === 'snoozed' ? { stateAt: now, stateBy: actor } : {}),
    },
    change: { change, actor, note },
  };
}

const wordsOf = ({ confidence, message, suggestion, evidence, look }: Finding) => ({
  confidence: Math.round(Math.min(1, Math.max(0, confidence)) * 10_000) / 10_000,
  message,
  suggestion,
  evidence,
  look,
});

export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** A rule says how bad its findings are; one of them may be worse. */
const severityOf = (finding: Finding, rule: AlertRule): Severity =>
  finding.severity !== undefined && rankOf(finding.severity) > rankOf(rule.severity) ? finding.severity : rule.severity;

const isSame = (a: Alert, b: Alert): boolean =>
  a.clearedAt === b.clearedAt &&
  a.message === b.message &&
  a.suggestion === b.suggestion &&
  a.look === b.look &&
  Math.abs(a.confidence - b.confidence) < 1e-6 &&
  inOrder(a.evidence) === inOrder(b.evidence);

/** As Postgres gives JSON back its fields stand in another order. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    inner === null || typeof inner !== 'object' || Array.isArray(inner)
      ? inner
      : Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
