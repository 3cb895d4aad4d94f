// A code of a SKU without serial number: it claims one of the items that have one, is a receipt where a document waits for it, or
// moves stock without serial numbers.
import type { SitePlan } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import type { Book } from './book.ts';
import type { EffectsDraft, Transaction } from './effects.ts';
import { NEVER_SEEN, scannedAs } from './item.ts';
import { balancesOf, type Balance, type Balances } from './balances.ts';
import { meaningOf } from './meaning.ts';
import type { Planner } from './planner.ts';
import { plainTransaction } from './plainStock.ts';
import { fault, scanId, type Place } from './scan.ts';
import type { Found, ScanContext, Scans } from './scans.ts';
import { CUSTOMER, SUPPLIER } from './transactions.ts';

/** A tag of the SKU seen at the station within this time is the one that was scanned. */
const SEEN_TOGETHER_MS = 300_000;

/** A SKU without serial number: it claims one of the items that have one; else stock without serial numbers moves. */
export function takeSku(
  { scans, book, balances, plan, planner }: ScanContext,
  at: Place,
  gtin14: string,
  pieces: number,
  { lot = '', expiry }: { readonly lot?: string | undefined; readonly expiry?: string | undefined },
  draft: EffectsDraft,
): void {
  const { sku, quantity: each } = scannedAs(plan, book.packOf, gtin14);
  const quantity = pieces * each;
  const { scan, location, readPoint } = at;
  if (isSerialised(book, sku)) {
    claimOne(scans, balances, plan, at, sku, draft);
    return;
  }
  const goods = { epc: undefined, sku, lot, container: '', readPoint, at: scan.at };
  const isAwaited = isWhereGoodsComeIn(plan, location) && planner.awaits(goods);
  const back = isAwaited || !isWhereGoodsComeBack(plan, location) ? undefined : planner.returnOf(goods);
  if (back !== undefined) {
    draft.transactions.push(returnOf(plan, at, sku, quantity, back));
    return;
  }
  if (isAwaited) {
    draft.transactions.push(receiptOf(plan, at, sku, quantity, lot, planner.underWay(goods)));
    planner.noteBatch(goods, quantity, expiry);
    return;
  }
  const from =
    (isWhereGoodsArePacked(plan, location) ? plannedPlace(planner, balances, sku, lot) : undefined) ??
    richestPlace(balances, plan, sku, lot, location);
  if (from === undefined) {
    const message = `${sku} was scanned at ${location}, but the books have none of it elsewhere: receive it first, or count.`;
    draft.discrepancies.push(fault(plan, at, 'unmatched-scan', message, sku));
    return;
  }
  const state = { ...NEVER_SEEN, sku, inBooks: true, location: from.account.location, status: from.account.status };
  const meaning = meaningOf({
    plan,
    state,
    from: from.account.location,
    to: location,
    at: scan.at,
    isCrossing: false,
    isPlanned: planner.isPlanned({ ...state, epc: undefined, lot: from.lot, owner: from.owner }),
  });
  const transaction = plainTransaction({
    id: scanId(plan, readPoint, scan),
    type: meaning.type,
    at: scan.at,
    source: 'scan',
    sku,
    lot: from.lot,
    owner: from.owner,
    quantity,
    from: from.account.location,
    to: location,
    accounts: { from: from.account, to: { location, container: '', status: meaning.status ?? from.account.status } },
    readPoint,
    actor: scan.operator,
  });
  draft.transactions.push(transaction);
}

const isWhereGoodsComeIn = (plan: SitePlan, location: string): boolean =>
  ['dock', 'staging-in'].includes(plan.kindOf(location) ?? '');

const isWhereGoodsComeBack = (plan: SitePlan, location: string): boolean =>
  ['dock', 'staging-in', 'returns'].includes(plan.kindOf(location) ?? '');

const isWhereGoodsArePacked = (plan: SitePlan, location: string): boolean =>
  ['pack', 'staging-out'].includes(plan.kindOf(location) ?? '');

/** The bin from which it is to be picked, as far as the books have some there. */
function plannedPlace(planner: Planner, balances: Balances, sku: string, lot: string): Balance | undefined {
  const bin = planner.binOf(sku, lot);
  return (
    bin &&
    balancesOf(balances, sku).find(
      ({ account, quantity, ...stock }) =>
        quantity > 0 &&
        account.location === bin.location &&
        account.status === 'available' &&
        stock.lot === bin.lot &&
        stock.owner === bin.owner,
    )
  );
}

/** Goods without a tag, scanned where they come in, of a SKU that an inbound document waits for: they have come. */
function receiptOf(
  plan: SitePlan,
  place: Place,
  sku: string,
  quantity: number,
  lot: string,
  transit: string | undefined,
): Transaction {
  const { scan, location, readPoint } = place;
  return plainTransaction({
    id: scanId(plan, readPoint, scan),
    type: transit === undefined ? 'receive' : 'transfer',
    at: scan.at,
    source: 'scan',
    sku,
    lot,
    owner: '',
    quantity,
    from: WORLD,
    to: location,
    accounts: {
      from:
        transit === undefined
          ? { location: SUPPLIER, container: '', status: '' }
          : { location: transit, container: '', status: 'available' },
      to: { location, container: '', status: 'receiving' },
    },
    readPoint,
    actor: scan.operator,
  });
}

/** Goods without a tag that a customer announced to come back, scanned where such goods come in. */
function returnOf(
  plan: SitePlan,
  { scan, location, readPoint }: Place,
  sku: string,
  quantity: number,
  { lot, owner }: { readonly lot: string; readonly owner: string },
): Transaction {
  return plainTransaction({
    id: scanId(plan, readPoint, scan),
    type: 'return',
    at: scan.at,
    source: 'scan',
    sku,
    lot,
    owner,
    quantity,
    from: WORLD,
    to: location,
    accounts: {
      from: { location: CUSTOMER, container: '', status: '' },
      to: { location, container: '', status: 'returned' },
    },
    readPoint,
    actor: scan.operator,
  });
}

/** One of the items of the SKU is there: the books say so, its tag was found there, or will be. Nothing is posted for it. */
function claimOne(
  scans: Scans,
  balances: Balances,
  plan: SitePlan,
  place: Place,
  sku: string,
  draft: EffectsDraft,
): void {
  const { scan, location, readPoint } = place;
  const claimed = { sku, at: scan.at };
  const isThere = balancesOf(balances, sku).some(
    ({ account, quantity }) => account.location === location && quantity > 0,
  );
  if (isThere || scans.found.get(readPoint)?.some((found) => isSeenTogether(found, claimed)) === true) return;
  const message = `${sku} was scanned at ${location}, but none of its tags has been read there within five minutes: read or replace the tag.`;
  const discrepancy = fault(plan, place, 'unmatched-scan', message, sku);
  draft.discrepancies.push(discrepancy);
  const lately = (scans.waiting.get(readPoint) ?? []).filter((other) => scan.at - other.at <= SEEN_TOGETHER_MS);
  scans.waiting.set(readPoint, [...lately, { ...claimed, discrepancy: discrepancy.id }]);
}

const isSerialised = (book: Book, sku: string): boolean => (book.serialised.get(sku) ?? 0) > 0;

/** Where the books have most of it, other than here: that is where it was taken from. */
function richestPlace(balances: Balances, plan: SitePlan, sku: string, lot: string, here: string): Balance | undefined {
  return balancesOf(balances, sku)
    .filter(
      (balance) =>
        balance.quantity > 0 &&
        balance.account.location !== here &&
        (lot === '' || balance.lot === lot) &&
        plan.kindOf(balance.account.location) !== undefined,
    )
    .sort((a, b) => b.quantity - a.quantity || (a.account.location < b.account.location ? -1 : 1))[0];
}

const isSeenTogether = (a: Found, b: Found): boolean => a.sku === b.sku && Math.abs(a.at - b.at) <= SEEN_TOGETHER_MS;

/** The antenna of a station found something: a scan of the same SKU there is the same thing. One that waited is settled. */
export function noteFound(scans: Scans, readPoint: string, found: Found, draft: EffectsDraft): void {
  const lately = (scans.found.get(readPoint) ?? []).filter((other) => found.at - other.at <= SEEN_TOGETHER_MS);
  scans.found.set(readPoint, [...lately, found]);
  const waiting = scans.waiting.get(readPoint) ?? [];
  const settled = waiting.find((scan) => isSeenTogether(scan, found));
  if (settled === undefined) return;
  const how = 'the tag of what was scanned was found there';
  draft.settled.push({ id: settled.discrepancy, by: 'tallygate', at: Math.max(found.at, settled.at), how });
  scans.waiting.set(
    readPoint,
    waiting.filter((scan) => scan !== settled),
  );
}
