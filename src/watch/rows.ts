// An alert as its table has it.
import { formatTime } from '../wire/time.ts';
import type { AlertJson } from '../wire/alert.ts';
import type { Severity } from '../config/alertRule.ts';
import type { Alert, AlertState } from './alert.ts';

export interface AlertRow {
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
  readonly opened_at: number;
  readonly alarmed_at: number;
  readonly cleared_at: number | null;
  readonly snoozed_until: number | null;
  readonly state_at: number;
  readonly state_by: string;
}

export const alertOf = (row: AlertRow): Alert => ({
  site: row.site,
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  state: row.state,
  severity: row.severity,
  confidence: row.confidence,
  message: row.message,
  suggestion: row.suggestion,
  evidence: row.evidence,
  look: row.look,
  times: row.times,
  revision: row.revision,
  openedAt: row.opened_at,
  alarmedAt: row.alarmed_at,
  clearedAt: row.cleared_at ?? undefined,
  snoozedUntil: row.snoozed_until ?? undefined,
  stateAt: row.state_at,
  stateBy: row.state_by,
});

const timeOrNull = (at: number | undefined): string | null => (at === undefined ? null : formatTime(at));

/** Parameters of putAlert.sql. */
export const alertValues = (alert: Alert): unknown[] => [
  alert.site,
  alert.id,
  alert.kind,
  alert.subject,
  alert.state,
  alert.severity,
  alert.confidence,
  alert.message,
  alert.suggestion,
  JSON.stringify(alert.evidence),
  alert.look,
  alert.times,
  alert.revision,
  formatTime(alert.openedAt),
  formatTime(alert.alarmedAt),
  timeOrNull(alert.clearedAt),
  timeOrNull(alert.snoozedUntil),
  formatTime(alert.stateAt),
  alert.stateBy,
];

export const alertJson = (alert: Alert): AlertJson => ({
  id: alert.id,
  site: alert.site,
  kind: alert.kind,
  subject: alert.subject,
  state: alert.state,
  severity: alert.severity,
  confidence: Math.round(alert.confidence * 10_000) / 10_000,
  message: alert.message,
  suggestion: alert.suggestion,
  evidence: { ...alert.evidence },
  look: alert.look,
  times: alert.times,
  revision: alert.revision,
  openedAt: formatTime(alert.openedAt),
  clearedAt: timeOrNull(alert.clearedAt),
  snoozedUntil: timeOrNull(alert.snoozedUntil),
  stateAt: formatTime(alert.stateAt),
  stateBy: alert.stateBy,
});
