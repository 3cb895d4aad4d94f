// Cartons that a carrier takes. What is booked stands on the carton; what is handed over has left, and is shipped for the books.
import { WORLD } from '../../config/site.ts';
import { lastChangeOf, type Claim } from '../../infer/item.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import type { ParcelCommand } from '../../wire/parcel.ts';
import { formatTime } from '../../wire/time.ts';
import { refused, timeOf } from '../requests.ts';
import { noteChanged, stateOfCarton, type Carton } from './carton.ts';
import { cartonNamed } from './cartons.ts';
import type { Outbound } from './outbound.ts';

type Of<K extends ParcelCommand['kind']> = Extract<ParcelCommand, { kind: K }>;
type Refusal = ReturnType<typeof refused>;

/** Cartons of one handover: more are handed over with another. */
const HANDED_MAX = 1000;

export function bookParcel(outbound: Outbound, command: Of<'book-parcel'>, { at, row }: WorkRequest): WorkAnswer {
  const carton = closedOne(outbound, command);
  if ('status' in carton) return carton;
  const { carrier, service, tracking } = command;
  if (carton.parcel !== undefined)
    return refused(
      'parcel-booked',
      `${carton.sscc} is booked with ${carton.parcel.carrier} already: take that back first.`,
    );
  const leavesBy = timeOf(command.leavesBy);
  if (Number.isNaN(leavesBy))
    return refused('bad-time', `leavesBy: ${command.leavesBy} is no RFC 3339 time with a zone.`);
  carton.parcel = { carrier, service, tracking, bookedAt: at, by: row.actor, ...(leavesBy && { leavesBy }) };
  noteChanged(outbound, carton, at);
  const leaving = leavesBy === undefined ? {} : { leavesBy: formatTime(leavesBy) };
  return { status: 'done', detail: { carton: carton.sscc, carrier, tracking, ...leaving } };
}

export function voidParcel(outbound: Outbound, command: Of<'void-parcel'>, { at }: WorkRequest): WorkAnswer {
  const carton = closedOne(outbound, command);
  if ('status' in carton) return carton;
  if (carton.parcel === undefined) return refused('no-parcel', `${carton.sscc} is booked with no carrier.`);
  const { carrier, tracking } = carton.parcel;
  carton.parcel = undefined;
  noteChanged(outbound, carton, at);
  return { status: 'done', detail: { carton: carton.sscc, carrier, tracking } };
}

function closedOne(outbound: Outbound, command: { readonly carton: string }): Carton | Refusal {
  const carton = cartonNamed(outbound, command);
  if ('status' in carton) return carton;
  const state = stateOfCarton(carton);
  if (state === 'open') return refused('carton-open', `${carton.sscc} is open: close it first.`);
  if (state !== 'closed') return refused('carton-left', `${carton.sscc} has left, or was given up.`);
  return carton;
}

/** The carrier has them: each carton leaves with what is in it, as if somebody had said so of each. */
export function handOver(outbound: Outbound, command: Of<'hand-over'>, request: WorkRequest): WorkAnswer {
  const { carrier, cartons: named } = command;
  const isBooked = (carton: Carton): boolean =>
    stateOfCarton(carton) === 'closed' && carton.parcel?.carrier === carrier;
  const handed: Carton[] = [];
  for (const sscc of new Set(named)) {
    const carton = closedOne(outbound, { carton: sscc });
    if ('status' in carton) return carton;
    if (!isBooked(carton)) return refused('no-parcel', `${sscc} is not booked with ${carrier}: book it first.`);
    handed.push(carton);
  }
  if (named === undefined)
    handed.push(...[...outbound.cartons.values()].filter((carton) => isBooked(carton)).slice(0, HANDED_MAX));
  if (handed.length === 0) return refused('no-parcel', `No closed carton is booked with ${carrier}.`);
  const late = handed.find((carton) => isLater(carton, request));
  if (late !== undefined)
    return refused(
      'overtaken',
      `${late.sscc} has moved on since: say what is true now, without "at", or with a later one.`,
    );
  return {
    status: 'done',
    claims: handed.map((carton) => leaving(carton, request)),
    detail: { carrier, cartons: handed.map(({ sscc, parcel }) => ({ carton: sscc, tracking: parcel!.tracking })) },
  };
}

function isLater({ epc }: Carton, { book, at }: WorkRequest): boolean {
  const item = book.items.get(epc);
  return item !== undefined && at <= lastChangeOf(item);
}

const leaving = ({ epc }: Carton, { row, at }: WorkRequest): Claim => ({
  id: contentId('command', row.site, row.key, epc),
  epc,
  at,
  what: { kind: 'move', to: WORLD },
  source: 'person',
  confidence: 1,
  readPoint: undefined,
  decision: undefined,
  actor: row.actor,
  reason: row.command.reason,
});
