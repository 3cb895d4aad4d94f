// A truck is here when what it brings, or takes, is seen to move at its door, though nobody said so; and away when its receipt or its load is
// closed. And since when it stood there, for the time that its goods took to their shelves.
import type { WorkState } from '../work.ts';
import { isOver, touchAppointment, type Appointment } from './appointments.ts';

/** Before the receipts and loads of a row are told. */
export function noteTrucks(work: WorkState): void {
  const { appointments, untold, outbound } = work;
  if (appointments.byId.size === 0 || (untold.size === 0 && outbound.untold.load.size === 0)) return;
  for (const one of appointments.byId.values()) {
    if (isOver(one)) continue;
    if (one.inbound !== undefined && untold.has(one.inbound)) noteReceipt(work, one);
    if (one.load !== undefined && outbound.untold.load.has(one.load)) noteLoad(work, one);
  }
}

function noteReceipt({ appointments, inbounds }: WorkState, one: Appointment): void {
  const inbound = inbounds.get(one.inbound!);
  if (inbound === undefined) return;
  const { receipt, receipts, changedAt } = inbound;
  if (receipt !== undefined) {
    if (receipt.door !== undefined && receipt.door !== one.door) return;
    if (one.receipt === receipts) return;
    one.receipt = receipts;
    one.arrivedAt ??= receipt.openedAt;
    touchAppointment(appointments, one, receipt.openedAt);
  } else if (one.receipt === receipts) {
    one.leftAt = Math.max(changedAt, one.arrivedAt!);
    touchAppointment(appointments, one, one.leftAt);
  }
}

function noteLoad({ appointments, outbound }: WorkState, one: Appointment): void {
  const load = outbound.loads.get(one.load!);
  if (load === undefined) return;
  const isBegun = load.aboard.size > 0 || [...load.orders.values()].some((loaded) => loaded > 0);
  if (one.arrivedAt === undefined && isBegun) {
    one.arrivedAt = load.changedAt;
    touchAppointment(appointments, one, load.changedAt);
  }
  if (load.closedAt !== undefined && one.arrivedAt !== undefined) {
    one.leftAt = Math.max(load.closedAt, one.arrivedAt);
    touchAppointment(appointments, one, one.leftAt);
  }
}

/** Goods are unloaded within so long. */
const STANDS_MAX_MS = 2 * 86_400_000;

/** Since when the truck that brings this document, as far as an appointment says it, stood here at `at`; ms. */
export function truckSince({ appointments }: WorkState, inbound: string, at: number): number | undefined {
  let since: number | undefined;
  for (const one of appointments.byId.values()) {
    const { arrivedAt, leftAt = Number.POSITIVE_INFINITY, isCancelled } = one;
    if (one.inbound !== inbound || isCancelled || arrivedAt === undefined) continue;
    if (arrivedAt > at || at > leftAt || arrivedAt < at - STANDS_MAX_MS) continue;
    since = Math.max(since ?? arrivedAt, arrivedAt);
  }
  return since;
}
