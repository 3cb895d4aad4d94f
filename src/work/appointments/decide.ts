// Appointments are booked, moved and cancelled, and people say that the truck is here, or away. No two trucks have one door at one time.
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { AppointmentCommand, AppointmentDocument } from '../../wire/appointment.ts';
import type { Command } from '../../wire/command.ts';
import { formatTime, parseTime } from '../../wire/time.ts';
import { isKnownDoor, refused } from '../requests.ts';
import type { WorkState } from '../work.ts';
import { isOver, takenBy, touchAppointment, type Appointment, type Appointments } from './appointments.ts';

type Refusal = ReturnType<typeof refused>;
type Of<K extends AppointmentCommand['kind']> = Extract<AppointmentCommand, { kind: K }>;

/** Appointments that are not forgotten; one more is refused. */
const APPOINTMENTS_MAX = 20_000;
const LASTS_MAX_MS = 86_400_000;

/** Decides a command about appointments; undefined for any other. */
export function decideAppointment(work: WorkState, command: Command, request: WorkRequest): WorkAnswer | undefined {
  switch (command.kind) {
    case 'appointment':
      return book(work, command, request);
    case 'amend-appointment':
      return amend(work, command, request);
    case 'cancel-appointment':
    case 'truck-arrived':
    case 'truck-left':
      return note(work.appointments, command, request);
    default:
      return undefined;
  }
}

/** What a document says, with its times in ms; or what is wrong with it. */
function saidBy(
  { inbounds, outbound }: WorkState,
  { door, direction, from: first, to: last, inbound, load, carrier, note: more }: AppointmentDocument,
  { plan }: WorkRequest,
): Omit<Appointment, 'id' | 'by' | 'arrivedAt' | 'leftAt' | 'isCancelled' | 'changedAt'> | Refusal {
  const [from, to] = [parseTime(first), parseTime(last)];
  if (Number.isNaN(from)) return refused('bad-time', `from: ${first} is no RFC 3339 time with a zone.`);
  if (Number.isNaN(to)) return refused('bad-time', `to: ${last} is no RFC 3339 time with a zone.`);
  if (to <= from || to - from > LASTS_MAX_MS)
    return refused('bad-time', 'to: it must be later than from, and a day later at most.');
  if (!isKnownDoor(plan, door)) return refused('unknown-door', `door: ${door} is no portal of ${plan.site}.`);
  if (inbound !== undefined && direction === 'out')
    return refused('bad-lines', `inbound: ${inbound} comes in, and the appointment is for what goes out.`);
  if (load !== undefined && direction === 'in')
    return refused('bad-lines', `load: ${load} goes out, and the appointment is for what comes in.`);
  if (inbound !== undefined && !inbounds.has(inbound))
    return refused('unknown-inbound', `There is no inbound ${inbound} at ${plan.site}.`);
  if (load !== undefined && !outbound.loads.has(load))
    return refused('unknown-load', `There is no load ${load} at ${plan.site}.`);
  return { door, direction, from, to, inbound, load, carrier, note: more };
}

const taken = ({ id, door, from, to }: Appointment): Refusal =>
  refused(
    'door-taken',
    `door: ${id} has ${door} from ${formatTime(from)} to ${formatTime(to)}: take another door or another time.`,
  );

function book(work: WorkState, command: Of<'appointment'>, request: WorkRequest): WorkAnswer {
  const { appointments } = work;
  const { appointment: id } = command;
  if (appointments.byId.has(id) || appointments.ended.has(id))
    return refused('appointment-exists', `${id} is the number of another appointment.`);
  if (appointments.byId.size >= APPOINTMENTS_MAX)
    return refused(
      'too-many-appointments',
      `${APPOINTMENTS_MAX} appointments are known: the old ones go after a month.`,
    );
  const said = saidBy(work, command, request);
  if ('status' in said) return said;
  const other = takenBy(appointments, { id, ...said });
  if (other !== undefined) return taken(other);
  const { row, at } = request;
  const one: Appointment = {
    id,
    ...said,
    by: row.actor,
    arrivedAt: undefined,
    leftAt: undefined,
    isCancelled: false,
    changedAt: at,
  };
  appointments.byId.set(id, one);
  touchAppointment(appointments, one, at);
  return { status: 'done', detail: { appointment: id, door: one.door } };
}

function named({ byId, ended }: Appointments, id: string): Appointment | Refusal {
  const one = byId.get(id);
  if (one === undefined)
    return ended.has(id)
      ? refused('appointment-over', `${id} was over long ago.`)
      : refused('unknown-appointment', `There is no appointment ${id}.`);
  return isOver(one) ? refused('appointment-over', `${id} is ${one.isCancelled ? 'cancelled' : 'over'}.`) : one;
}

/** Everything that it says from now on. */
function amend(work: WorkState, command: Of<'amend-appointment'>, request: WorkRequest): WorkAnswer {
  const { appointments } = work;
  const one = named(appointments, command.appointment);
  if ('status' in one) return one;
  const said = saidBy(work, command, request);
  if ('status' in said) return said;
  const other = takenBy(appointments, { id: one.id, ...said });
  if (other !== undefined) return taken(other);
  Object.assign(one, said);
  touchAppointment(appointments, one, request.at);
  return { status: 'done', detail: { appointment: one.id, door: one.door } };
}

function note(
  appointments: Appointments,
  command: Of<'cancel-appointment'> | Of<'truck-arrived'> | Of<'truck-left'>,
  { at }: WorkRequest,
): WorkAnswer {
  const one = named(appointments, command.appointment);
  if ('status' in one) return one;
  const { id, arrivedAt } = one;
  switch (command.kind) {
    case 'cancel-appointment':
      if (arrivedAt !== undefined)
        return refused('truck-here', `The truck of ${id} is here since ${formatTime(arrivedAt)}.`);
      one.isCancelled = true;
      break;
    case 'truck-arrived':
      // Whoever stood at the gate knows better than goods that were read later.
      if (arrivedAt !== undefined && arrivedAt <= at)
        return refused('truck-here', `The truck of ${id} is here since ${formatTime(arrivedAt)}.`);
      one.arrivedAt = at;
      break;
    case 'truck-left':
      if (arrivedAt === undefined)
        return refused('truck-not-here', `Nobody has said that the truck of ${id} has come.`);
      if (at < arrivedAt) return refused('bad-time', `at: it came at ${formatTime(arrivedAt)}.`);
      one.leftAt = at;
      break;
  }
  touchAppointment(appointments, one, at);
  return { status: 'done', detail: { appointment: id } };
}
