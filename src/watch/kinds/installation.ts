// Faults of the installation, as the machines find and close them (infer/installation/): one alert for each that is open.
import type { Severity } from '../../config/alertRule.ts';
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import type { Kinds } from '../finding.ts';

const FOUND = sqlFile(import.meta.url, 'sql/installation.sql');

interface Row extends Record<string, unknown> {
  readonly kind: string;
  readonly severity: Severity;
  readonly read_point: string;
  readonly reader: string | null;
  readonly antenna: number | null;
  readonly other: string | null;
  readonly since: number;
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly certainty: number;
  readonly evidence: Readonly<Record<string, number>>;
  readonly seen: string;
  readonly advice: string;
}

const subjectOf = ({ kind, read_point, reader, antenna, other }: Row): string =>
  [`${kind}@${read_point}`, reader, antenna, other].filter((part) => part !== null).join(' ');

export const installationKinds = {
  installation: {
    async find({ database, plan, now }, { certaintyMin }) {
      const { rows } = await database.query<Row>({
        name: 'watch-installation',
        text: FOUND,
        values: [plan.site, certaintyMin, formatTime(now), null],
      });
      return rows.map((row) => ({
        subject: subjectOf(row),
        severity: row.severity,
        confidence: row.certainty,
        message: row.seen,
        suggestion: row.advice,
        evidence: { ...row.evidence, since: formatTime(row.since), openedAt: formatTime(row.opened_at) },
        look: `/v1/findings?site=${encodeURIComponent(plan.site)}&readPoint=${encodeURIComponent(row.read_point)}`,
      }));
    },
    async past({ database, plan, from, to }, { certaintyMin }) {
      const { rows } = await database.query<Row>({
        name: 'watch-past-installation',
        text: FOUND,
        values: [plan.site, certaintyMin, formatTime(to), formatTime(from)],
      });
      return rows.map((row) => ({
        subject: subjectOf(row),
        from: row.opened_at,
        to: row.closed_at ?? undefined,
        message: row.seen,
      }));
    },
  },
} satisfies Partial<Kinds>;
