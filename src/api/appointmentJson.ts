// Appointments at doors as they are answered, and the rows that they are made of. Whether a truck is late depends on the time of day, so it
// is said here and kept nowhere.
import { Type } from 'typebox';
import { APPOINTMENT_DIRECTIONS, APPOINTMENT_STATES, type AppointmentState } from '../wire/appointment.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';
import { timeText } from './lists.ts';

const DateTime = Type.String({ format: 'date-time' });
export const PUNCTUALITIES = ['due', 'on-time', 'late', 'no-show'] as const;

export const AppointmentJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  door: Type.String(),
  direction: Type.Enum([...APPOINTMENT_DIRECTIONS]),
  from: DateTime,
  to: DateTime,
  inbound: Text,
  load: Text,
  carrier: Text,
  note: Text,
  state: Type.Enum([...APPOINTMENT_STATES], {
    description: 'Nobody has come yet; the truck is here; it has left; nobody waits for it any more.',
  }),
  punctuality: Type.Union([Type.Enum([...PUNCTUALITIES]), Type.Null()], {
    description:
      'Still to come; came in time; came, or has not come, more than `rules.appointmentGraceMs` after `from`; has not come by `to`. Null of a cancelled one.',
  }),
  lateMinutes: Type.Integer({ description: 'After `from`; 0 when it was early.' }),
  by: Type.String(),
  arrivedAt: Type.Union([DateTime, Type.Null()], { description: 'As somebody said, or as its goods were first seen.' }),
  leftAt: Text,
  changedAt: DateTime,
});

export interface AppointmentRow {
  readonly site: string;
  readonly appointment_id: string;
  readonly door: string;
  readonly direction: 'in' | 'out';
  readonly from_at: number;
  readonly to_at: number;
  readonly inbound: string | null;
  readonly load_id: string | null;
  readonly carrier: string | null;
  readonly note: string | null;
  readonly state: AppointmentState;
  readonly made_by: string;
  readonly arrived_at: number | null;
  readonly left_at: number | null;
  readonly changed_at: number;
  readonly journal_offset: number;
}

/** `now` in ms, since 1970; `graceMs` is the rule of its site. */
export function appointmentJson(row: AppointmentRow, now: number, graceMs: number) {
  const { from_at: from, to_at: to, arrived_at: arrivedAt, state } = row;
  const isLate = (arrivedAt ?? now) > from + graceMs;
  const punctuality =
    state === 'cancelled'
      ? null
      : arrivedAt !== null
        ? isLate
          ? 'late'
          : 'on-time'
        : now > to
          ? 'no-show'
          : isLate
            ? 'late'
            : 'due';
  return {
    id: row.appointment_id,
    site: row.site,
    door: row.door,
    direction: row.direction,
    from: formatTime(from),
    to: formatTime(to),
    inbound: row.inbound,
    load: row.load_id,
    carrier: row.carrier,
    note: row.note,
    state,
    punctuality,
    lateMinutes: state === 'cancelled' ? 0 : Math.max(0, Math.floor(((arrivedAt ?? now) - from) / 60_000)),
    by: row.made_by,
    arrivedAt: timeText(arrivedAt),
    leftAt: timeText(row.left_at),
    changedAt: formatTime(row.changed_at),
  } as const;
}
