// How long goods stand between the dock and their shelf: what came in waits here until it lies in storage and may be promised, and then is
// told with both times. Tags by themselves, goods without in the order in which they came.
import type { SitePlan } from '../config/plan.ts';
import { isOffSite } from '../config/site.ts';
import { inBooks } from '../infer/balances.ts';
import type { Account, DockedEffect, Posting, Transaction } from '../infer/effects.ts';
import { isStorage } from './outbound/supply.ts';
import { forgetOldest } from './sets.ts';
import { takeAll } from './takeAll.ts';

/** What came in and is not on its shelf. */
interface Arrived {
  readonly transaction: string;
  /** ms */
  readonly at: number;
  /** Since when the truck that brought it stood here, where an appointment says so; ms. */
  readonly truckAt?: number | undefined;
  readonly quantity: number;
  /** The document and its receipt that it came with. */
  readonly inbound: string | undefined;
  readonly receipt: number | undefined;
}

export interface DockToStock {
  /** By tag. */
  readonly tags: Map<string, Arrived>;
  /** By SKU, lot and owner, oldest first. */
  readonly plain: Map<string, readonly Arrived[]>;
  /** Transaction that put it away → what it put away, so that it can be undone. */
  readonly stored: Map<string, readonly Stored[]>;
  /** Transactions of which it was told otherwise, or not at all, before. */
  readonly untold: Set<string>;
}

interface Stored {
  /** So much of it as was put away. */
  readonly arrived: Arrived;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly epc: string | undefined;
  /** ms */
  readonly at: number;
}

/** So many tags, kinds of goods without and transactions are remembered, the oldest forgotten first. */
const WAITING_MAX = 20_000;
const STORED_MAX = 5000;

export const openDockToStock = (): DockToStock => ({
  tags: new Map(),
  plain: new Map(),
  stored: new Map(),
  untold: new Set(),
});

/** The document that a transaction brought goods for, and with which receipt of it. */
export type BroughtFor = (
  transaction: string,
  at: number,
) => { readonly inbound: string; readonly receipt: number; readonly truckAt?: number | undefined } | undefined;

/** Takes what was posted, in order; `broughtFor` knows what came just now. */
export function noteDock(
  docks: DockToStock,
  plan: SitePlan,
  transactions: readonly Transaction[],
  broughtFor: BroughtFor,
): void {
  for (const transaction of transactions) {
    if (transaction.supersedes !== undefined) undo(docks, transaction.supersedes, transaction.postings);
    else for (const posting of transaction.postings) take(docks, plan, transaction, posting, broughtFor);
  }
  forgetOldest(docks.tags, WAITING_MAX);
  forgetOldest(docks.plain, WAITING_MAX);
  forgetOldest(docks.stored, STORED_MAX);
}

function take(
  docks: DockToStock,
  plan: SitePlan,
  { id, type, happenedAt: at }: Transaction,
  posting: Posting,
  broughtFor: BroughtFor,
): void {
  const { from, to, epc, quantity } = posting;
  if (type === 'receive' && isOffSite(from.location)) {
    if (isStored(plan, to)) return; // it was seen on its shelf first: nobody knows how long it stood
    const { inbound, receipt, truckAt } = broughtFor(id, at) ?? {};
    const truck = truckAt === undefined ? {} : { truckAt };
    wait(docks, posting, { transaction: id, at, ...truck, quantity, inbound, receipt });
  } else if (isStored(plan, to) && !isStored(plan, from)) {
    const stored = leave(docks, posting).map((arrived): Stored => ({ arrived, ...goodsOf(posting), at }));
    if (stored.length === 0) return;
    docks.stored.set(id, (docks.stored.get(id) ?? []).concat(stored)); // no longer than it is: it is kept for long
    docks.untold.add(id);
  } else if (isOffSite(to.location) && (epc !== undefined || !isStored(plan, from))) leave(docks, posting);
}

const goodsOf = ({ sku, lot, owner, epc }: Posting): Pick<Stored, 'sku' | 'lot' | 'owner' | 'epc'> => ({
  sku,
  lot,
  owner,
  epc,
});

/** On a shelf, and free to be promised. */
const isStored = (plan: SitePlan, { location, status }: Account): boolean =>
  status === 'available' && isStorage(plan, location);

const keyOf = ({ sku, lot, owner }: Pick<Stored, 'sku' | 'lot' | 'owner'>): string =>
  `${sku}\u001e${lot}\u001e${owner}`;

function wait(docks: DockToStock, goods: Pick<Stored, 'sku' | 'lot' | 'owner' | 'epc'>, arrived: Arrived): void {
  if (goods.epc !== undefined) {
    docks.tags.set(goods.epc, arrived);
    return;
  }
  const key = keyOf(goods);
  const queue = [...(docks.plain.get(key) ?? []), arrived];
  docks.plain.set(
    key,
    queue.sort((a, b) => a.at - b.at),
  );
}

/** What goes of what waits: with a tag that one, without what came first. */
function leave(docks: DockToStock, goods: Posting): Arrived[] {
  if (goods.epc !== undefined) {
    const arrived = docks.tags.get(goods.epc);
    docks.tags.delete(goods.epc);
    return arrived === undefined ? [] : [arrived];
  }
  const key = keyOf(goods);
  const gone: Arrived[] = [];
  const left: Arrived[] = [];
  let rest = goods.quantity;
  for (const arrived of docks.plain.get(key) ?? []) {
    const part = Math.min(rest, arrived.quantity);
    rest = inBooks(rest - part);
    if (part > 0) gone.push({ ...arrived, quantity: part });
    if (part < arrived.quantity) left.push({ ...arrived, quantity: inBooks(arrived.quantity - part) });
  }
  if (left.length > 0) docks.plain.set(key, left);
  else docks.plain.delete(key);
  return gone;
}

/** It did not come in, or was not put away, after all. */
function undo(docks: DockToStock, transaction: string, postings: readonly Posting[]): void {
  for (const stored of docks.stored.get(transaction) ?? []) wait(docks, stored, stored.arrived);
  if (docks.stored.delete(transaction)) docks.untold.add(transaction);
  for (const posting of postings) forget(docks, transaction, posting);
  for (const [id, parts] of docks.stored) {
    const left = parts.filter(({ arrived }) => arrived.transaction !== transaction);
    if (left.length === parts.length) continue;
    if (left.length > 0) docks.stored.set(id, left);
    else docks.stored.delete(id);
    docks.untold.add(id);
  }
}

/** What it brought does not wait any more. */
function forget({ tags, plain }: DockToStock, transaction: string, goods: Posting): void {
  if (goods.epc !== undefined) {
    if (tags.get(goods.epc)?.transaction === transaction) tags.delete(goods.epc);
    return;
  }
  const key = keyOf(goods);
  const left = (plain.get(key) ?? []).filter((arrived) => arrived.transaction !== transaction);
  if (left.length > 0) plain.set(key, left);
  else plain.delete(key);
}

/** What was put away since it was last asked; a transaction without parts put nothing away after all. */
export function dockedTold(docks: DockToStock): DockedEffect[] {
  return takeAll(docks.untold, (transaction) => ({
    transaction,
    parts: (docks.stored.get(transaction) ?? []).map(({ arrived, sku, epc, at }) => ({
      arrival: arrived.transaction,
      sku,
      epc,
      quantity: arrived.quantity,
      arrivedAt: arrived.truckAt ?? arrived.at,
      storedAt: at,
      inbound: arrived.inbound,
      receipt: arrived.receipt,
    })),
  }));
}
