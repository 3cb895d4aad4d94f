// Appointments at doors as they are said: which truck stands at which door from when to when. Commands of a site like all others.
import { Type, type Static } from 'typebox';
import { base } from './commandFields.ts';
import { Id } from './id.ts';

export const APPOINTMENT_DIRECTIONS = ['in', 'out'] as const;
/** Nobody has come yet; the truck is here; it has left; nobody waits for it any more. */
export const APPOINTMENT_STATES = ['booked', 'arrived', 'left', 'cancelled'] as const;
export type AppointmentState = (typeof APPOINTMENT_STATES)[number];

const Moment = (description: string) => Type.String({ minLength: 20, maxLength: 40, description });
const document = {
  door: Type.String({ ...Id, description: 'The portal at which the truck stands.' }),
  direction: Type.Enum([...APPOINTMENT_DIRECTIONS], { description: 'It brings something, or takes it away.' }),
  from: Moment('When it is to come, RFC 3339.'),
  to: Moment('When it is to be away again; a day later at most.'),
  inbound: Type.Optional(Type.String({ ...Id, description: 'The document that it brings.' })),
  load: Type.Optional(Type.String({ ...Id, description: 'The load that it takes.' })),
  carrier: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  note: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'As the number of the truck.' })),
};
const appointment = { appointment: Id };

export const AppointmentCommands = {
  appointment: Type.Object({ kind: Type.Literal('appointment'), ...base, ...appointment, ...document }),
  'amend-appointment': Type.Object({ kind: Type.Literal('amend-appointment'), ...base, ...appointment, ...document }),
  'cancel-appointment': Type.Object({ kind: Type.Literal('cancel-appointment'), ...base, ...appointment }),
  'truck-arrived': Type.Object({ kind: Type.Literal('truck-arrived'), ...base, ...appointment }),
  'truck-left': Type.Object({ kind: Type.Literal('truck-left'), ...base, ...appointment }),
} as const;

type Commands = typeof AppointmentCommands;
export type AppointmentCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
export type AppointmentDocument = Pick<
  Extract<AppointmentCommand, { kind: 'appointment' }>,
  'appointment' | 'door' | 'direction' | 'from' | 'to' | 'inbound' | 'load' | 'carrier' | 'note'
>;
