// Trucks that have not come to their appointment. Whether one is late depends on the time of day, so nothing keeps it: it is asked anew.
import type { AlertRules } from '../../config/alertKinds.ts';
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import type { Kinds, Look, Past } from '../finding.ts';
import { spanText } from '../words.ts';

const LATE = sqlFile(import.meta.url, 'sql/lateTrucks.sql');

interface LateRow {
  readonly id: string;
  readonly door: string;
  readonly direction: 'in' | 'out';
  readonly from_at: number;
  readonly to_at: number;
  readonly inbound: string | null;
  readonly load_id: string | null;
  readonly carrier: string | null;
  readonly note: string | null;
  /** When it came or was cancelled; null while it is waited for. */
  readonly ended_at: number | null;
}

export const truckKinds = {
  'truck-late': {
    async find({ database, plan, now }, limits) {
      const rows = await lateOnes(database, plan, now, now, limits);
      return rows
        .filter(({ ended_at: endedAt }) => endedAt === null)
        .map((row) => ({
          subject: row.id,
          confidence: 1,
          message: `${truckOf(row)} was to be at ${row.door} at ${formatTime(row.from_at)}, and has not come within ${spanText(graceOf(plan, limits))}.`,
          suggestion: `Ask ${row.carrier ?? (row.direction === 'in' ? 'the supplier or carrier' : 'the carrier')} where it is. Then move the appointment, cancel it so that ${row.door} is free, or say that the truck is here.`,
          evidence: {
            appointment: row.id,
            door: row.door,
            direction: row.direction,
            from: formatTime(row.from_at),
            to: formatTime(row.to_at),
            inbound: row.inbound,
            load: row.load_id,
            carrier: row.carrier,
            note: row.note,
          },
          look: `/v1/appointments?site=${encodeURIComponent(plan.site)}&direction=${row.direction}&door=${encodeURIComponent(row.door)}`,
        }));
    },
    async past({ database, plan, from, to }, limits) {
      const grace = graceOf(plan, limits);
      const rows = await lateOnes(database, plan, from, to, limits);
      return rows.map((row) => {
        const toldUntil = row.to_at + limits.toldForMs;
        const end = Math.min(row.ended_at ?? Number.POSITIVE_INFINITY, toldUntil);
        return {
          subject: row.id,
          from: row.from_at + grace,
          to: end > to ? undefined : end,
          message: `${truckOf(row)} had not come to ${row.door} ${spanText(grace)} after ${formatTime(row.from_at)}.`,
        };
      });
    },
  },
} satisfies Partial<Kinds>;

type Limits = AlertRules['truck-late'];

/** So long after its appointment begins a truck is late, ms. */
const graceOf = ({ rules }: Look['plan'], { lateMs }: Limits): number => rules.appointmentGraceMs + lateMs;

/** Appointments whose truck was late and waited for at some time between, by when it was to come. Times in ms. */
async function lateOnes(
  database: Past['database'],
  plan: Look['plan'],
  from: number,
  to: number,
  limits: Limits,
): Promise<readonly LateRow[]> {
  const { rows } = await database.query<LateRow & Record<string, unknown>>({
    name: 'watch-late-trucks',
    text: LATE,
    values: [plan.site, formatTime(from - limits.toldForMs), formatTime(to - graceOf(plan, limits)), formatTime(from)],
  });
  return rows.filter(
    ({ from_at: dueAt, ended_at: endedAt }) => endedAt === null || endedAt > dueAt + graceOf(plan, limits),
  );
}

/** `The truck of A-1 (CARGO, brings ASN-1)`. */
function truckOf({ id, carrier, inbound, load_id: load }: LateRow): string {
  const known = [carrier, inbound === null ? null : `brings ${inbound}`, load === null ? null : `takes ${load}`].filter(
    (one) => one !== null,
  );
  return `The truck of ${id}${known.length === 0 ? '' : ` (${known.join(', ')})`}`;
}
