// Cartons are opened at a bench for an order, closed when everything that belongs in is in, opened again, emptied, and given up.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import { lastChangeOf, type Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import { epcOfSscc, ssccOf } from '../../wire/epc/sscc.ts';
import type { PackingCommand } from '../../wire/packing.ts';
import { refused } from '../requests.ts';
import {
  cartonOf,
  indexCarton,
  isOpenCarton,
  missingOfOrder,
  noteChanged,
  stateOfCarton,
  takeOut,
  type Carton,
  type Packed,
} from './carton.ts';
import type { Order } from './order.ts';
import { unknownOrder } from './orders.ts';
import type { Outbound } from './outbound.ts';
import { packing } from './packing.ts';
import { scannedOf } from './scan.ts';

type Of<K extends PackingCommand['kind']> = Extract<PackingCommand, { kind: K }>;
type Refusal = ReturnType<typeof refused>;

/** Cartons of orders that are not forgotten; one more is refused. */
const CARTONS_MAX = 50_000;
const BENCH_KINDS = ['pack', 'staging-out'] as const;

export function openCarton(outbound: Outbound, command: Of<'open-carton'>, request: WorkRequest): WorkAnswer {
  const { plan, row, at } = request;
  const order = outbound.orders.get(command.order);
  if (order === undefined) return unknownOrder(outbound, command.order, request);
  if (order.endedAt !== undefined) return refused('order-ended', `${order.id} is over: nothing of it is to be packed.`);
  const bench = command.bench ?? BENCH_KINDS.map((kind) => firstOfKind(request, kind)).find((id) => id !== undefined);
  if (bench === undefined || !BENCH_KINDS.some((kind) => kind === plan.kindOf(bench)))
    return refused(
      'unknown-location',
      `bench: ${bench === undefined ? `left out, and ${plan.site} has no` : `${bench} is no`} pack bench or staging-out of ${plan.site}.`,
    );
  const types = plan.source.file.packing?.cartons ?? [];
  if (command.type !== undefined && !types.some(({ id }) => id === command.type))
    return refused(
      'unknown-carton-type',
      `type: the site file has no carton ${command.type}; it has ${types.map(({ id }) => id).join(', ') || 'none'}.`,
    );
  if (outbound.cartons.size >= CARTONS_MAX)
    return refused('too-many-cartons', `${CARTONS_MAX} cartons are known: have those that are done leave first.`);
  const number = nextSscc(outbound, request);
  if ('status' in number) return number;
  const { sscc, epc } = number;
  const carton: Carton = {
    sscc,
    epc,
    order: order.id,
    bench,
    type: command.type,
    by: row.actor,
    openedAt: at,
    closedAt: undefined,
    changedAt: at,
    isCancelled: false,
    weight: undefined,
    isShort: false,
    location: bench,
    stockStatus: 'available',
    isOut: false,
    contents: new Map(),
    seen: new Map(),
    wrong: new Map(),
    beside: new Set(),
  };
  outbound.cartons.set(sscc, carton);
  indexCarton(outbound, carton);
  noteChanged(outbound, carton, at);
  const claim: Claim = { ...packing(carton, epc, request, 'person'), what: { kind: 'move', to: bench } };
  return {
    status: 'done',
    claims: [claim],
    detail: { carton: sscc, epc, bench, order: order.id, missing: missingOfOrder(outbound, order) },
  };
}

const firstOfKind = ({ plan }: WorkRequest, kind: string): string | undefined =>
  [...plan.locations.values()].find((location) => location.kind === kind)?.id;

/** The next number of ours that no container has. */
function nextSscc(outbound: Outbound, { plan, book }: WorkRequest): { sscc: string; epc: string } | Refusal {
  const range = plan.source.file.packing;
  if (range === undefined)
    return refused(
      'no-company-prefix',
      `${plan.site} has no GS1 company prefix to make SSCCs of: write packing.companyPrefix into its site file.`,
    );
  for (;;) {
    const sscc = ssccOf(range, (range.firstSerial ?? 1) + outbound.numbers.cartons++);
    if (sscc === undefined)
      return refused('no-sscc-left', `All SSCCs of ${range.companyPrefix} are used: take another packing.extension.`);
    const { epc } = identify(epcOfSscc(range, sscc));
    if (!outbound.cartons.has(sscc) && !book.items.has(epc)) return { sscc, epc };
  }
}

export function cartonNamed(
  { cartons, ended }: Outbound,
  { carton: sscc }: { readonly carton: string },
): Carton | Refusal {
  const carton = cartons.get(sscc);
  if (carton !== undefined) return carton;
  return ended.carton.has(sscc)
    ? refused('carton-left', `${sscc} left, or was given up, long ago.`)
    : refused('unknown-carton', `There is no carton ${sscc}.`);
}

/** A carton that is being packed, and its order. */
export function openCartonOf(
  outbound: Outbound,
  command: { readonly carton: string },
): { readonly carton: Carton; readonly order: Order } | Refusal {
  const carton = cartonNamed(outbound, command);
  if ('status' in carton) return carton;
  const { sscc } = carton;
  if (!isOpenCarton(carton))
    return stateOfCarton(carton) === 'closed'
      ? refused('carton-closed', `${sscc} is closed: open it again first.`)
      : refused('carton-left', `${sscc} has left, or was given up.`);
  const order = outbound.orders.get(carton.order);
  if (order === undefined || order.isCancelled)
    return refused('order-ended', `${carton.order} is cancelled: give the carton up, and put back what is in it.`);
  return { carton, order };
}

export function closeCarton(outbound: Outbound, command: Of<'close-carton'>, request: WorkRequest): WorkAnswer {
  const open = openCartonOf(outbound, command);
  if ('status' in open) return open;
  const { carton, order } = open;
  const { sscc, seen, wrong, contents } = carton;
  const { at, book } = request;
  const beside = new Set((command.beside ?? []).map((epc) => identify(epc).epc));
  const inIt = [...wrong.keys()].filter((epc) => !beside.has(epc));
  if (inIt.length > 0)
    return refused(
      'wrong-in-carton',
      `${inIt.slice(0, 10).join(', ')} ${inIt.length === 1 ? 'is' : 'are'} not of ${order.id}: take ${inIt.length === 1 ? 'it' : 'them'} out, or name in beside what lies beside the carton.`,
    );
  const packed = [...seen].filter(([epc]) => !beside.has(epc));
  if (contents.size + packed.length === 0)
    return refused('empty', `${sscc} holds nothing yet: pack something, or give it up.`);
  const overtaken = packed.find(([epc]) => at <= lastChangeOf(book.items.get(epc)));
  if (overtaken !== undefined)
    return refused('overtaken', `${overtaken[0]} has moved on since: say what is true now, without "at".`);
  const missing = missingOfOrder(outbound, order)
    .map((one) => ({
      ...one,
      quantity: inBooks(one.quantity - packed.filter(([, { line }]) => line === one.line).length),
    }))
    .filter(({ quantity }) => quantity > 0);
  const isShort = missing.length > 0 && command.more !== true;
  if (isShort && !order.isPartial)
    return refused(
      'carton-short',
      `${order.id} goes whole, and ${missing.map(({ quantity, sku, line }) => `${quantity} of ${sku} (line ${line})`).join(', ')} is in no carton: pack it, or say that more cartons follow (more).`,
    );
  Object.assign(carton, { closedAt: at, isShort, weight: command.weight ?? carton.weight });
  for (const epc of beside) carton.beside.add(epc);
  noteChanged(outbound, carton, at);
  return {
    status: 'done',
    claims: packed.map(([epc]) => packing(carton, epc, request, 'read')),
    detail: { carton: sscc, order: order.id, packedByRead: packed.length, isShort, missing },
  };
}

export function reopenCarton(outbound: Outbound, command: Of<'reopen-carton'>, { at }: WorkRequest): WorkAnswer {
  const carton = cartonNamed(outbound, command);
  if ('status' in carton) return carton;
  const { sscc } = carton;
  const state = stateOfCarton(carton);
  if (state === 'open') return refused('carton-open', `${sscc} is open already.`);
  if (state !== 'closed') return refused('carton-left', `${sscc} has left, or was given up.`);
  if (carton.parcel !== undefined) return booked(carton);
  carton.closedAt = undefined;
  carton.isShort = false;
  noteChanged(outbound, carton, at);
  return { status: 'done', detail: { carton: sscc } };
}

const booked = ({ sscc, parcel }: Carton): Refusal =>
  refused('parcel-booked', `${sscc} is booked with ${parcel!.carrier}: take the booking back first.`);

/** It will not be sent: what is in it stands at the bench again. */
export function cancelCarton(
  outbound: Outbound,
  command: Of<'cancel-carton'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const carton = cartonNamed(outbound, command);
  if ('status' in carton) return carton;
  const state = stateOfCarton(carton);
  if (state === 'shipped' || state === 'cancelled')
    return refused('carton-left', `${carton.sscc} has left, or was given up.`);
  if (carton.parcel !== undefined) return booked(carton);
  const claims = takenOut(outbound, carton, [...carton.contents], request, draft);
  carton.isCancelled = true;
  noteChanged(outbound, carton, request.at);
  return { status: 'done', claims, detail: { carton: carton.sscc } };
}

/** Something is taken out again: what is scanned, or everything. */
export function unpackItem(
  outbound: Outbound,
  command: Of<'unpack-item'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const open = openCartonOf(outbound, command);
  if ('status' in open) return open;
  const { carton } = open;
  const { sscc, contents } = carton;
  if (command.scan === undefined)
    return {
      status: 'done',
      claims: takenOut(outbound, carton, [...contents], request, draft),
      detail: { carton: sscc },
    };
  const scanned = scannedOf(command.scan, request);
  if ('status' in scanned) return scanned;
  const notInside = refused('not-inside', `scan: it is not in ${sscc}, or not so much of it.`);
  if (scanned.kind === 'place') return notInside;
  const wanted: [string, Packed][] = [];
  let rest = scanned.kind === 'tag' ? 1 : (command.quantity ?? scanned.quantity);
  for (const [key, one] of contents) {
    const isIt =
      scanned.kind === 'tag'
        ? one.epc === scanned.epc
        : one.epc === undefined && one.sku === scanned.sku && (scanned.lot === undefined || one.lot === scanned.lot);
    const quantity = isIt ? Math.min(rest, one.quantity) : 0;
    if (quantity <= 0) continue;
    rest = inBooks(rest - quantity);
    wanted.push([key, { ...one, quantity }]);
  }
  if (rest > 0) return notInside;
  return { status: 'done', claims: takenOut(outbound, carton, wanted, request, draft), detail: { carton: sscc } };
}

/** What has a tag is unpacked by claims, the rest by transactions. */
function takenOut(
  outbound: Outbound,
  carton: Carton,
  wanted: readonly (readonly [string, Packed])[],
  request: WorkRequest,
  draft: EffectsDraft,
): Claim[] {
  const claims: Claim[] = [];
  const { row, at, book } = request;
  const { location, stockStatus: status, epc: container } = carton;
  const owner = outbound.orders.get(carton.order)?.owner ?? '';
  for (const [key, { epc, sku, lot, quantity }] of wanted) {
    if (epc !== undefined) {
      const after = lastChangeOf(book.items.get(epc));
      claims.push({ ...packing(carton, epc, request, 'person'), at: Math.max(at, after), what: { kind: 'unpack' } });
      continue;
    }
    draft.transactions.push(
      plainTransaction({
        id: contentId('command', row.site, row.key, 'unpack', key),
        type: 'move',
        at,
        source: 'person',
        sku,
        lot,
        owner,
        quantity,
        from: location,
        to: location,
        accounts: { from: { location, container, status }, to: { location, container: '', status } },
        actor: row.actor,
        reason: row.command.reason,
      }),
    );
    takeOut(outbound, carton, key, at, quantity);
  }
  return claims;
}

/** The load that a carton goes with: that of its order. */
export const loadOfCarton = (outbound: Outbound, epc: string): string | undefined =>
  outbound.orders.get(cartonOf(outbound, epc)?.order ?? '')?.load;
