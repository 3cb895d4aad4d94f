// Replenishment: a pick face with less than its minimum is filled up from reserve, by what is free there: not promised on pick lists, and not
// on its way already. What expires first goes first, then what lies there longest.
import { balancesAt, balancesOf, inBooks, type Balance } from '../../infer/balances.ts';
import { plannedOf, expiryOf, isExpired } from '../outbound/supply.ts';
import { stockKey, stockOfKey } from '../outbound/order.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { openOf as openPick } from '../outbound/pick.ts';
import { productOf } from '../products.ts';
import { shrink } from './directing.ts';
import { roomIn, type Floor } from './room.ts';
import { openOf, standing, type Standing, type Task } from './task.ts';
import { inOrder, makeTask } from './tasks.ts';

/** Brings the tasks that fill the pick face of a SKU in line with what is in it. */
export function replenish(floor: Floor, outbound: Outbound, sku: string): void {
  const { tasks, plan } = floor;
  const product = productOf(floor.products, sku);
  const open = inOrder(tasks, tasks.index.bySku.get(sku)).filter(({ kind }) => kind === 'replenish');
  const { fixedBin, pickMinimum } = product ?? {};
  const bin = fixedBin === undefined ? undefined : plan.locations.get(fixedBin);
  if (bin === undefined || pickMinimum === undefined || !plan.rules.directed) {
    shrink(floor, open, Number.MAX_SAFE_INTEGER);
    return;
  }
  // What is not there to be brought any more, and what would go to a bin that is not the pick face now.
  for (const task of open) {
    const over = task.to === bin.id ? openOf(task) - standing(floor, task.of) : openOf(task);
    if (over > 0) shrink(floor, [task], inBooks(over));
  }
  const there = inFace(floor, bin.id, sku);
  const maximum = product!.pickMaximum ?? pickMinimum;
  const coming = sumOpen(floor, sku, bin.id);
  const wanted = Math.max(0, inBooks(maximum - there));
  if (coming > wanted) shrink(floor, open, inBooks(coming - wanted));
  const demand = demandOf(outbound, bin.id, sku);
  const missing = inBooks(pickMinimum - (there - demand + coming));
  const room = inBooks(wanted - coming);
  // Before it is empty: as soon as what will be missing has room. What is missing now is brought in any case.
  const isTime = there + coming < pickMinimum || room >= Math.min(missing, maximum - pickMinimum);
  if (missing > 0 && room > 0 && isTime)
    fill(floor, outbound, sku, bin.id, room, { minimum: pickMinimum, there, demand });
}

/** What lies in the pick face for the books, or is presumed to. */
function inFace({ balances, tasks, book }: Floor, bin: string, sku: string): number {
  const booked = balancesAt(balances, bin)
    .filter((balance) => balance.sku === sku && balance.account.status === 'available')
    .reduce((sum, { quantity }) => sum + quantity, 0);
  const presumed = [...(tasks.index.presumedIn.get(bin) ?? [])].filter((epc) => book.items.get(epc)?.state.sku === sku);
  return inBooks(booked + presumed.length);
}

/** What tasks of both kinds bring to the pick face. */
const sumOpen = ({ tasks }: Floor, sku: string, bin: string): number =>
  inBooks(
    inOrder(tasks, tasks.index.bySku.get(sku))
      .filter(({ to }) => to === bin)
      .reduce((sum, task) => sum + openOf(task), 0),
  );

/** What is still to be taken from the pick face for orders. */
function demandOf({ index }: Outbound, face: string, sku: string): number {
  let sum = 0;
  for (const [key, planned] of index.planned) {
    if (stockOfKey(key).sku !== sku) continue;
    for (const { line } of planned.values()) if (line.location === face) sum += openPick(line);
  }
  return inBooks(sum);
}

interface Level {
  readonly minimum: number;
  readonly there: number;
  readonly demand: number;
}

function fill(
  floor: Floor,
  outbound: Outbound,
  sku: string,
  face: string,
  quantity: number,
  { minimum, there, demand }: Level,
): void {
  const { plan, tasks } = floor;
  let rest = quantity;
  for (const source of sourcesOf(floor, outbound, sku)) {
    const room = roomIn(floor, plan.locations.get(face)!, source.of);
    if (typeof room !== 'number') return;
    const taken = Math.min(rest, source.free, room);
    if (taken <= 0) continue;
    rest = inBooks(rest - taken);
    const why =
      there < minimum
        ? `has less than its minimum of ${minimum}`
        : `will have less than its minimum of ${minimum}, for pick lists take ${demand} from it`;
    const reason = `${face} ${why}; ${source.of.account.location} has ${source.free} to spare.`;
    makeTask(tasks, { kind: 'replenish', of: source.of, to: face, rule: 'pick-face', reason, quantity: taken });
    if (rest === 0) return;
  }
}

interface Source {
  readonly of: Standing;
  readonly free: number;
}

/** Reserve with something to spare, in the order in which it is taken. */
function sourcesOf(floor: Floor, outbound: Outbound, sku: string): Source[] {
  const { plan, balances } = floor;
  const first = (a: Balance, b: Balance): number => {
    const [x, y] = [a, b].map(({ lot }) => expiryOf(outbound, sku, lot) ?? '~') as [string, string];
    if (x !== y) return x < y ? -1 : 1;
    if ((a.since ?? 0) !== (b.since ?? 0)) return (a.since ?? 0) - (b.since ?? 0);
    return a.account.location < b.account.location
      ? -1
      : a.account.location > b.account.location
        ? 1
        : a.lot < b.lot
          ? -1
          : 1;
  };
  return balancesOf(balances, sku)
    .filter(
      ({ account, lot }) =>
        isToSpare(floor, outbound, sku, account.status, lot) && plan.kindOf(account.location) === 'reserve',
    )
    .sort(first)
    .map(({ lot, owner, account, quantity }) => {
      const of = { sku, lot, owner, account };
      return { of, free: freeIn(floor, of, quantity) };
    })
    .filter(({ free }) => free > 0);
}

/** Of what lies there, what pick lists do not take and tasks do not bring away. */
export const freeIn = (floor: Floor, of: Standing, quantity: number): number =>
  Math.max(0, inBooks(quantity - promisedOf(floor.outbound, of) - onItsWay(floor, of)));

const isToSpare = ({ at }: Floor, outbound: Outbound, sku: string, status: string, lot: string): boolean =>
  status === 'available' && !isExpired(expiryOf(outbound, sku, lot), at);

/** What pick lists take from there. */
const promisedOf = (outbound: Outbound, { sku, lot, owner, account }: Standing): number =>
  plannedOf(outbound, stockKey(sku, owner))
    .filter(
      ({ line }) => line.location === account.location && line.container === account.container && line.lot === lot,
    )
    .reduce((sum, { line }) => sum + openPick(line), 0);

const onItsWay = ({ tasks }: Floor, { sku, lot, owner, account }: Standing): number =>
  inOrder(tasks, tasks.index.bySku.get(sku))
    .filter((task: Task) => isSameStanding(task.of, { sku, lot, owner, account }))
    .reduce((sum, task) => sum + openOf(task), 0);

const isSameStanding = (a: Standing, b: Standing): boolean =>
  a.lot === b.lot &&
  a.owner === b.owner &&
  a.account.location === b.account.location &&
  a.account.container === b.account.container &&
  a.account.status === b.account.status;
