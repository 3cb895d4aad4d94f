// What was posted, as documents see it: a receipt is counted on the line that it is of, what is done to it afterwards noted there,
// what is undone taken back. Only what was seen or said is counted (promise P9).
import { isWithin, type SitePlan } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import type { Discrepancy, EffectsDraft, Transaction } from '../infer/effects.ts';
import type { Item } from '../infer/item.ts';
import { contentId } from '../kit/ids.ts';
import { count, countStatus, endIfWhole } from './count.ts';
import { closedKey, lineOf, remainingOf, type Arrival, type Inbound, type Line } from './inbound.ts';
import { matchOf, ssccOf, takenBackOf, type Place } from './matching.ts';
import { forgetNoted, noteUnexpected, noteWrongSupplier, settle } from './noted.ts';
import { giveBackScanned, rememberScanned, takeScanned } from './scanned.ts';
import { add, forgetOldest, remove } from './sets.ts';
import { touch, type Waiting, type WorkState } from './work.ts';

/** Things that came in and are on no document: so many are remembered for one that comes later, the oldest forgotten first. */
const WAITING_MAX = 5000;
/** Tags whose coming was taken back: so many are remembered, the oldest forgotten first. */
const TAKEN_BACK_MAX = 5000;
/** Logistic units that came last. */
const UNITS_MAX = 50;
/** A tag that came is taken as still to come for so long after reads of it can change: see `expectationOf`. */
const STILL_EXPECTED_MS = 60_000;
const COUNTED_STATUSES: ReadonlySet<string> = new Set(['damaged', 'quality']);

export function takeTransactions(
  work: WorkState,
  plan: SitePlan,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  if (work.inbounds.size === 0 && transactions.length === 0) return;
  for (const transaction of transactions) {
    const { supersedes, quantity } = transaction;
    if (supersedes !== undefined) undo(work, plan, supersedes, transaction, draft);
    else if (isReceipt(work, transaction) && quantity === undefined) takeIn(work, plan, transaction, draft); // units first
  }
  for (const transaction of transactions) {
    if (transaction.supersedes === undefined && isReceipt(work, transaction)) {
      if (transaction.quantity !== undefined) takeIn(work, plan, transaction, draft);
    } else noteStatus(work, plan, transaction);
  }
  work.wanted.clear();
}

/** What comes back, too, when a person received it for a document. */
const isReceipt = (work: WorkState, { type, epc, from, to }: Transaction): boolean =>
  type === 'receive' ||
  (type === 'transfer' && from === WORLD && to !== WORLD) ||
  (from === WORLD && epc !== undefined && work.wanted.has(epc));

/** Counts what came in where it is of; a tag stands for one of what was scanned without. */
function takeIn(work: WorkState, plan: SitePlan, transaction: Transaction, draft: EffectsDraft): void {
  const place = placeIn(work, plan, transaction, draft);
  const { epc, source, quantity } = transaction;
  if (epc === undefined) {
    if (source === 'scan') rememberScanned(work, transaction);
  } else if (quantity !== undefined) takeScanned(work, transaction, place, draft);
}

/** Where it is counted: the documents that it may be of. */
function placeIn(work: WorkState, plan: SitePlan, transaction: Transaction, draft: EffectsDraft): readonly string[] {
  const { id, epc, sku, lot, quantity, container, readPoint, happenedAt: at } = transaction;
  const isUnit = quantity === undefined;
  const sscc = isUnit ? ssccOf(epc) : undefined;
  if (sscc !== undefined) noteUnit(work, { sscc, readPoint, at });
  const waiting: Waiting = {
    transaction: id,
    epc,
    sku,
    lot,
    container,
    readPoint,
    at,
    quantity: quantity ?? 1,
    among: [],
    discrepancy: undefined,
  };
  const status = transaction.postings[0]?.to.status ?? 'receiving';
  const wanted = wantedOf(work, transaction);
  const before = takenBackOf(work, waiting);
  if (epc !== undefined) work.takenBack.delete(epc);
  if (wanted === undefined && before !== undefined) {
    bring(work, plan, before.place, waiting, status, draft, before.receipt);
    return [before.place.inbound.id];
  }
  const match = wanted ?? matchOf(work, waiting);
  if (match?.kind === 'line') {
    bring(work, plan, match, waiting, status, draft);
    return [match.inbound.id];
  }
  if (isUnit) return []; // whatever is on it is counted by itself
  if (match === undefined) noteUnexpected(work, waiting);
  const discrepancy = match === undefined ? undefined : tieOf(plan, waiting, match.among);
  if (discrepancy !== undefined) draft.discrepancies.push(discrepancy);
  work.waiting.set(id, { ...waiting, among: match?.among ?? [], discrepancy: discrepancy?.id });
  forgetOldest(work.waiting, WAITING_MAX);
  return match?.among ?? [];
}

function noteUnit(work: WorkState, unit: WorkState['units'][number]): void {
  work.units.push(unit);
  if (work.units.length > UNITS_MAX) work.units.shift();
}

/** The document that a command received it for. */
function wantedOf(work: WorkState, { id, epc, sku }: Transaction): ({ readonly kind: 'line' } & Place) | undefined {
  const wanted = work.wanted.get(id) ?? (epc === undefined ? undefined : work.wanted.get(epc));
  const inbound = wanted === undefined ? undefined : work.inbounds.get(wanted);
  const line = inbound && lineFor(inbound, epc, sku);
  return line && { kind: 'line', inbound, line };
}

/** The line of a document that something is of: the list that names it, a line of its SKU that still waits, or any of its SKU. */
export function lineFor(inbound: Inbound, epc: string | undefined, sku: string | undefined): Line | undefined {
  const listedOn = epc === undefined ? undefined : inbound.listed.get(epc);
  if (listedOn !== undefined) return lineOf(inbound, listedOn);
  const { lines } = inbound;
  const own = ssccOf(epc);
  const ofSku = lines.filter((line) => sku !== undefined && line.sku === sku);
  return (
    lines.find(({ sscc, counts }) => own !== undefined && counts === 'units' && sscc.has(own)) ??
    ofSku.find((line) => remainingOf(line) > 0) ??
    ofSku[0]
  );
}

/** The document and the receipt of it that a transaction brought goods for. */
export function broughtFor(
  { index, inbounds }: WorkState,
  transaction: string,
): { readonly inbound: string; readonly receipt: number } | undefined {
  const inbound = inbounds.get(index.byTransaction.get(transaction) ?? '');
  const arrival = inbound?.arrivals.get(transaction);
  return inbound && arrival && { inbound: inbound.id, receipt: arrival.receipt };
}

const tieOf = (
  plan: SitePlan,
  { transaction, epc, sku, at, readPoint }: Waiting,
  among: readonly string[],
): Discrepancy => ({
  id: contentId('discrepancy', plan.site, 'order-undecided', transaction),
  kind: 'order-undecided',
  severity: 'info',
  happenedAt: at,
  epc,
  sku,
  readPoint,
  transaction,
  message: `It was received, but ${among.slice(0, 5).join(' and ')} expect it alike: receive it for one of them.`,
});

/**
 * Counts it on the line, and on the order that the line serves; opens a receipt when none is open. `before` is the receipt that it
 * came with when its coming is only judged anew.
 */
export function bring(
  work: WorkState,
  plan: SitePlan,
  { inbound, line }: Place,
  goods: Waiting,
  status: string,
  draft: EffectsDraft,
  before?: number,
): void {
  const { transaction, epc, quantity, at, readPoint } = goods;
  // What only is judged anew came with its receipt, which may be closed by now, or have gone with the last of its goods.
  if (before === undefined || before > inbound.receipts) openByItself(plan, inbound, at, readPoint);
  const receipt = Math.min(before ?? inbound.receipts, inbound.receipts);
  const arrival: Arrival = { line: line.line, epc, quantity, receipt, status };
  inbound.arrivals.set(transaction, arrival);
  work.index.byTransaction.set(transaction, inbound.id);
  if (epc !== undefined) {
    inbound.tags.set(epc, transaction);
    add(work.index.byTag, epc, inbound.id);
    if (line.epcs.has(epc)) inbound.until.set(epc, at + plan.rules.lateMs + STILL_EXPECTED_MS);
  }
  count(work, inbound, line, arrival, 1, at, draft);
  if (before !== undefined) endIfWhole(inbound, at);
  touch(work, inbound, [line.line], epc === undefined ? [] : [epc], correct(inbound, arrival, at));
  noteWrongSupplier(work, plan, inbound, goods, draft);
}

/** What came with a receipt that is closed is counted otherwise. */
function correct({ closed, receipts, receipt: open }: Inbound, { receipt, line }: Arrival, at: number): string[] {
  const key = closedKey(receipt, line);
  const known = closed?.get(key);
  if (known === undefined || (open !== undefined && receipt === receipts)) return [];
  closed!.set(key, { ...known, correctedAt: at });
  return [key];
}

function openByItself(plan: SitePlan, inbound: Inbound, at: number, readPoint: string | undefined): void {
  inbound.changedAt = Math.max(inbound.changedAt, at);
  if (inbound.receipt !== undefined) return;
  const isDoor = plan.readPoints.some(({ id, kind }) => id === readPoint && kind === 'portal');
  inbound.receipts++;
  inbound.receipt = { openedAt: at, door: isDoor ? readPoint : inbound.door, by: undefined };
}

function undo(
  work: WorkState,
  plan: SitePlan,
  transaction: string,
  { happenedAt: at }: Transaction,
  draft: EffectsDraft,
): void {
  const waiting = work.waiting.get(transaction);
  if (waiting !== undefined) {
    if (waiting.discrepancy !== undefined) settle(draft, waiting.discrepancy, at, 'it did not come in after all');
    work.waiting.delete(transaction);
  }
  forgetNoted(work, plan, transaction, at, draft);
  giveBackScanned(work, transaction, draft);
  const inbound = work.inbounds.get(work.index.byTransaction.get(transaction) ?? '');
  if (inbound === undefined) return;
  takeBack(work, plan, inbound, transaction, at, draft);
  const { receipt } = inbound;
  // Goods had opened it by coming, and did not come.
  const isEmpty = () => [...inbound.arrivals.values()].every((one) => one.receipt !== inbound.receipts);
  if (receipt !== undefined && receipt.by === undefined && isEmpty()) {
    inbound.receipt = undefined;
    inbound.receipts--;
  }
  endIfWhole(inbound, at);
}

/** It is not of this document after all. */
function takeBack(
  work: WorkState,
  { rules }: SitePlan,
  inbound: Inbound,
  transaction: string,
  at: number,
  draft: EffectsDraft,
): void {
  const arrival = inbound.arrivals.get(transaction)!;
  inbound.arrivals.delete(transaction);
  work.index.byTransaction.delete(transaction);
  const { epc, receipt } = arrival;
  if (epc !== undefined) {
    const [from, until] = [at - rules.lateMs, at + rules.lateMs];
    work.takenBack.delete(epc);
    work.takenBack.set(epc, { inbound: inbound.id, line: arrival.line, receipt, from, until });
    forgetOldest(work.takenBack, TAKEN_BACK_MAX);
    // Another transaction may have brought it since.
    if (inbound.tags.get(epc) === transaction) {
      inbound.tags.delete(epc);
      inbound.until.delete(epc);
      remove(work.index.byTag, epc, inbound.id);
    }
  }
  const line = lineOf(inbound, arrival.line);
  if (line !== undefined) count(work, inbound, line, arrival, -1, at, draft);
  touch(work, inbound, [arrival.line], epc === undefined ? [] : [epc], correct(inbound, arrival, at));
}

/** A tag that came with a document gets another status while it is here: damaged, or to be looked at. */
function noteStatus(work: WorkState, plan: SitePlan, { postings }: Transaction): void {
  for (const { epc, to } of postings) {
    if (epc === undefined || !plan.locations.has(to.location)) continue;
    for (const id of work.index.byTag.get(epc) ?? []) {
      const inbound = work.inbounds.get(id)!;
      const transaction = inbound.tags.get(epc)!;
      const arrival = inbound.arrivals.get(transaction)!;
      if (arrival.status === to.status) continue;
      const line = lineOf(inbound, arrival.line)!;
      countStatus(line, arrival.status, -arrival.quantity);
      countStatus(line, to.status, arrival.quantity);
      inbound.arrivals.set(transaction, { ...arrival, status: to.status });
      const isCounted = COUNTED_STATUSES.has(arrival.status) || COUNTED_STATUSES.has(to.status);
      touch(work, inbound, isCounted ? [line.line] : [], [epc]);
    }
  }
}

/** Is a location one where goods are received: a dock, or where they stand before they are put away? */
export const isReceiving = (plan: SitePlan, location: string): boolean =>
  ['dock', 'staging-in', 'returns', 'yard'].includes(plan.kindOf(location) ?? '') ||
  [...plan.locations.values()].some(({ id, kind }) => kind === 'dock' && isWithin(plan, location, id));

/** What a thing is freed to be that was blocked for want of a document; undefined when it was not, or a person said it. */
export function releasedStatus(plan: SitePlan, { state, claims }: Item, location: string): string | undefined {
  const isSaid = claims.some(({ what }) => what.kind === 'status');
  if (state.status !== 'blocked' || isSaid || !plan.locations.has(state.location)) return undefined;
  return isReceiving(plan, location) ? 'receiving' : 'available';
}
