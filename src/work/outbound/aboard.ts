// What is on a truck that has not left: at `outbound:<load>` for the books, until its load is closed. Then one transaction takes all of it
// to the customer, and what is judged anew afterwards takes its part of that along: nothing stays at a load that has left.
import { WORLD } from '../../config/site.ts';
import { inBooks, type Stock } from '../../infer/balances.ts';
import type { EffectsDraft, Posting, Transaction } from '../../infer/effects.ts';
import type { LeavingWith } from '../../infer/item.ts';
import type { Leaving, OnLoad } from '../../infer/planner.ts';
import { CUSTOMER, loadOfLocation, outboundOf } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import { loadOfCarton } from './cartons.ts';
import type { Load } from './load.ts';
import { touchLoad, type Outbound } from './outbound.ts';
import { pickedFor } from './shipped.ts';

/** So much of one thing on a truck: `from` is where the books have it. */
export type Aboard = Omit<Posting, 'to'>;

const SEPARATOR = '\u001e';
const keyOf = ({ sku, lot, owner, epc = '', from }: Aboard): string =>
  [sku, lot, owner, epc, from.container, from.status].join(SEPARATOR);

/** Notes what a transaction puts on trucks and takes off them; of a load that has left, it goes on to the customer, or comes from there. */
export function noteAboard(outbound: Outbound, transaction: Transaction, draft: EffectsDraft): void {
  if (isDeparture(transaction)) return;
  const after: Posting[] = [];
  for (const posting of transaction.postings) {
    for (const [side, sign] of [
      ['from', -1],
      ['to', 1],
    ] as const) {
      const account = posting[side];
      const id = loadOfLocation(account.location);
      if (id === undefined) continue;
      const load = outbound.loads.get(id);
      if (load !== undefined && load.closedAt === undefined) put(outbound, load, { ...posting, from: account }, sign);
      else {
        const customer = { ...account, location: CUSTOMER };
        const [from, to] = sign > 0 ? [account, customer] : [customer, account];
        after.push({ ...posting, from, to });
      }
    }
  }
  if (after.length === 0) return;
  draft.transactions.push({
    ...transaction,
    ...DEPARTURE,
    id: contentId('departure', transaction.id),
    source: 'inferred',
    supersedes: undefined,
    postings: after,
  });
}

/** For the outside nothing moves: it was out already. */
const DEPARTURE = {
  type: 'ship',
  from: WORLD,
  to: WORLD,
  epc: undefined,
  sku: undefined,
  lot: '',
  owner: '',
  quantity: undefined,
  container: '',
} as const;

const isDeparture = ({ type, from, to }: Transaction): boolean => type === 'ship' && from === WORLD && to === WORLD;

function put(outbound: Outbound, load: Load, { sku, lot, owner, epc, quantity, from }: Aboard, sign: 1 | -1): void {
  const one: Aboard = { sku, lot, owner, epc, quantity, from };
  const key = keyOf(one);
  const left = inBooks((load.aboard.get(key)?.quantity ?? 0) + sign * quantity);
  if (left === 0) load.aboard.delete(key);
  else load.aboard.set(key, { ...one, quantity: left });
  touchLoad(outbound, load);
}

/** How much of some stock without tags is on an open load. */
export function aboardOf({ loads }: Outbound, id: string, { sku, lot, owner }: Stock): number | undefined {
  const load = loads.get(id);
  if (load === undefined || load.closedAt !== undefined) return undefined;
  const from = { location: outboundOf(id), container: '', status: '' };
  return load.aboard.get(keyOf({ sku, lot, owner, epc: undefined, quantity: 0, from }))?.quantity ?? 0;
}

/** The truck leaves with everything that is on it; undefined when that is nothing. */
export function departureOf(
  { id: load, door, aboard }: Load,
  {
    id,
    at,
    actor,
    reason,
  }: { readonly id: string; readonly at: number; readonly actor: string; readonly reason: string },
): Transaction | undefined {
  if (aboard.size === 0) return undefined;
  // Of something that was taken off more than once the books have less than nothing: that is evened out.
  const postings = [...aboard.values()].map(({ quantity, ...one }): Posting => {
    const here = { ...one.from, location: outboundOf(load) };
    const customer = { ...one.from, location: CUSTOMER };
    const [from, to] = quantity > 0 ? [here, customer] : [customer, here];
    return { ...one, quantity: Math.abs(quantity), from, to };
  });
  return {
    ...DEPARTURE,
    id,
    happenedAt: at,
    source: 'person',
    confidence: 1,
    readPoint: door,
    decision: undefined,
    supersedes: undefined,
    actor,
    reason,
    postings,
  };
}

/**
 * The loads that something goes out with: that of the order that it was picked for, when it leaves through its door (or has none);
 * else the one that is loaded at the door, the one opened first of several. What went out before its load was closed went with it.
 */
export function loadsOf(outbound: Outbound, leaving: Leaving): readonly OnLoad[] {
  const { readPoint, at, epc, sku, quantity } = leaving;
  const isOpen = ({ openedAt, closedAt }: Load): boolean =>
    closedAt === undefined || (openedAt <= at && at <= closedAt);
  const here = (load: Load): boolean => isOpen(load) && readPoint !== undefined && load.door === readPoint;
  const atDoor = [...outbound.loads.values()]
    .filter((load) => here(load))
    .sort((a, b) => Number(isClosed(a)) - Number(isClosed(b)) || a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))[0];
  if (outbound.loads.size === 0) return [{ load: undefined, quantity }];
  const parts = new Map<Load | undefined, number>();
  let rest = quantity;
  const own = epc === undefined ? undefined : outbound.loads.get(loadOfCarton(outbound, epc) ?? '');
  const fits = (load: Load | undefined): load is Load =>
    load !== undefined && isOpen(load) && (load.door === undefined || readPoint === undefined || here(load));
  if (fits(own)) return [{ load: leavingWith(own), quantity }];
  const picked =
    sku === undefined && epc === undefined ? [] : pickedFor(outbound, { ...leaving, sku, container: '' }, undefined);
  for (const { order, taken } of picked) {
    const out = Math.min(rest, inBooks(taken.quantity - taken.shipped));
    if (out <= 0) continue;
    rest = inBooks(rest - out);
    const its = outbound.loads.get(order.load ?? '');
    const load = fits(its) ? its : atDoor;
    parts.set(load, inBooks((parts.get(load) ?? 0) + out));
  }
  if (rest > 0) parts.set(atDoor, inBooks((parts.get(atDoor) ?? 0) + rest));
  return [...parts].map(([load, much]) => ({ load: load && leavingWith(load), quantity: much }));
}

const isClosed = ({ closedAt }: Load): boolean => closedAt !== undefined;
const leavingWith = (load: Load): LeavingWith => ({ id: load.id, hasLeft: isClosed(load) });
