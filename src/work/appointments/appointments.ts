// Appointments of a site as one state: which truck stands at which door from when to when, and when it came and left.
import type { AppointmentEffect } from '../../infer/appointmentEffects.ts';
import { takeAll } from '../takeAll.ts';

export interface Appointment {
  readonly id: string;
  door: string;
  direction: 'in' | 'out';
  /** ms, as are all times. */
  from: number;
  to: number;
  inbound: string | undefined;
  load: string | undefined;
  carrier: string | undefined;
  note: string | undefined;
  readonly by: string;
  arrivedAt: number | undefined;
  leftAt: number | undefined;
  isCancelled: boolean;
  changedAt: number;
  /** Of the inbound: the receipt with which it came. */
  receipt?: number;
}

export interface Appointments {
  readonly byId: Map<string, Appointment>;
  /** Done with and forgotten: their numbers are not given again. */
  readonly ended: Set<string>;
  readonly untold: Set<string>;
  readonly unsaved: Set<string>;
}

export const openAppointments = (): Appointments => ({
  byId: new Map(),
  ended: new Set(),
  untold: new Set(),
  unsaved: new Set(),
});

export function touchAppointment({ untold, unsaved }: Appointments, one: Appointment, at: number): void {
  one.changedAt = Math.max(one.changedAt, at);
  untold.add(one.id);
  unsaved.add(one.id);
}

export const isOver = ({ isCancelled, leftAt }: Appointment): boolean => isCancelled || leftAt !== undefined;

/** The first, of those that are not cancelled, that has the door at some time of [from, to); one that has left has it no longer. */
export function takenBy(
  { byId }: Appointments,
  { id, door, from, to }: Pick<Appointment, 'id' | 'door' | 'from' | 'to'>,
): Appointment | undefined {
  return [...byId.values()]
    .filter(
      (one) =>
        one.id !== id &&
        one.door === door &&
        !one.isCancelled &&
        one.from < to &&
        from < Math.min(one.to, one.leftAt ?? Number.POSITIVE_INFINITY),
    )
    .sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))[0];
}

const effectOf = ({ isCancelled, receipt: _, ...one }: Appointment): AppointmentEffect => ({
  ...one,
  state: isCancelled
    ? 'cancelled'
    : one.leftAt !== undefined
      ? 'left'
      : one.arrivedAt !== undefined
        ? 'arrived'
        : 'booked',
});

/** So long after its time an appointment is forgotten. */
const KEPT_MS = 30 * 86_400_000;

/** Forgets what nothing can change any more. `now` is the row's. */
export function trimAppointments({ byId, ended, unsaved }: Appointments, now: number): void {
  for (const [id, one] of byId) {
    if (Math.max(one.to, one.changedAt) > now - KEPT_MS) continue;
    byId.delete(id);
    ended.add(id);
    unsaved.add(id);
  }
}

/** What has changed since it was last asked. */
export const appointmentsTold = ({ byId, untold }: Appointments): AppointmentEffect[] =>
  takeAll(untold, (id) => effectOf(byId.get(id)!));

export function takeUnsavedAppointments({
  byId,
  unsaved,
}: Appointments): (readonly [id: string, Appointment | 'ended'])[] {
  return takeAll(unsaved, (id) => [id, byId.get(id) ?? 'ended'] as const);
}

export function restoreAppointment({ byId, ended }: Appointments, id: string, value: unknown): void {
  if (value === 'ended') ended.add(id);
  else byId.set(id, value as Appointment);
}
