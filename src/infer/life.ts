// The lives of items while claims are taken in and out of them: what changes is judged anew, and remembered as it was before.
import { isDeepStrictEqual } from 'node:util';
import type { SitePlan } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import { contentOf, itemOf, type Book } from './book.ts';
import { interpret, type Surroundings } from './interpret.ts';
import { compareClaims, type Claim, type Item, type ItemState, type Result } from './item.ts';
import type { Transaction } from './effects.ts';
import { SUPPLIER } from './transactions.ts';

/** One round of claims: which lives they touch, and which of them have yet to be judged. */
export interface Work {
  readonly book: Book;
  readonly plan: SitePlan;
  readonly around: Surroundings;
  /** Every item touched, as it was before. */
  readonly before: Map<Item, Before>;
  readonly pending: Set<Item>;
  /** Everything put in and taken out, in order. */
  readonly changes: { readonly claim: Claim; readonly isIn: boolean }[];
}

export interface Before {
  readonly sku: string | undefined;
  readonly results: readonly Result[];
}

function touch({ before, pending }: Work, item: Item): void {
  if (!before.has(item)) before.set(item, { sku: item.state.sku, results: item.results });
  pending.add(item);
}

/** A claim made twice is one. Until it is judged it changes nothing. */
export function putIn(work: Work, item: Item, claim: Claim): void {
  if (item.claims.some((known) => known.id === claim.id)) return;
  touch(work, item);
  work.changes.push({ claim, isIn: true });
  const later = item.claims.findIndex((known) => compareClaims(known, claim) > 0);
  const index = later === -1 ? item.claims.length : later;
  const state = index === 0 ? item.base : item.results[index - 1]!.state;
  item.claims = item.claims.toSpliced(index, 0, { ...claim, ...plannedAs(work, item, state, claim) });
  item.results = item.results.toSpliced(index, 0, { state, transaction: undefined, key: undefined, discrepancies: [] });
  if (claim.what.kind !== 'pack') return;
  const isKnown = work.book.items.has(claim.what.container);
  const container = itemOf(work.book, work.plan, claim.what.container);
  if (!isKnown) touch(work, container); // nobody has seen it: what is in it may be seen first
  if (container.state.sku === undefined) container.kind = 'container';
  work.book.dirty.add(container.epc);
  contentOf(work.book, claim.what.container).add(item.epc);
}

/** What the plans say of it now. */
function plannedAs(
  { around }: Work,
  item: Item,
  state: Item['state'],
  claim: Claim,
): Pick<Claim, 'isExpected' | 'isAnnounced' | 'isPlanned' | 'load' | 'transit'> {
  if (!('to' in claim.what) || claim.what.kind === 'transit') return {};
  const transit = claim.transit ?? around.transitFor(item, state);
  const load = claim.what.to === WORLD && transit !== SUPPLIER ? around.loadOf(item, state, claim) : undefined;
  return {
    ...(load === undefined ? {} : { load }),
    ...(transit === undefined ? {} : { transit }),
    ...(around.isExpected(item, state, claim) ? { isExpected: true } : {}),
    ...(around.isAnnounced(item, state, claim) ? { isAnnounced: true } : {}),
    ...(around.isPlanned(item, state) ? { isPlanned: true } : {}),
  };
}

export function takeOut(work: Work, item: Item | undefined, claim: string): void {
  const index = item?.claims.findIndex((known) => known.id === claim) ?? -1;
  if (item === undefined || index === -1) return;
  touch(work, item);
  work.changes.push({ claim: item.claims[index]!, isIn: false });
  item.claims = item.claims.toSpliced(index, 1);
  item.results = item.results.toSpliced(index, 1);
}

/** Judges all claims of an item anew, but for what hangs on a container of which is not known any more where it was then. */
export function judge({ around, book, before }: Work, item: Item): void {
  around.keys.clear();
  const told = before.get(item)!.results;
  let state = item.base;
  item.results = item.claims.map((claim, index) => {
    const known = item.results[index]!;
    const stands = isPastKnowing(book, state, claim) && isTold(told, known, item.base, state);
    const result = stands ? known : interpret(around, item, state, claim);
    if (stands && known.key !== undefined) around.keys.add(known.key);
    state = result.state;
    return result;
  });
  item.state = state;
}

/** Where its container was when this happened is settled: only where it came to be later is known now. */
function isPastKnowing({ items }: Book, { packedIn, container }: ItemState, { what, at }: Claim): boolean {
  const named = what.kind === 'pack' || what.kind === 'carry' ? what.container : '';
  return [named, packedIn, container].some((epc) => epc !== '' && at <= (items.get(epc)?.settledTo ?? at - 1));
}

/** It was judged before, and the same was known of the item then. */
function isTold(told: readonly Result[], known: Result, base: ItemState, state: ItemState): boolean {
  const index = told.indexOf(known);
  return index !== -1 && isDeepStrictEqual(index === 0 ? base : told[index - 1]!.state, state);
}

/**
 * Counts what is undone, so that the next transaction like it gets another id. One that would be posted again with another
 * content (an earlier movement became known: its stock came from elsewhere) is undone too, and posted anew.
 */
export function retire(work: Work, item: Item): void {
  const now = new Map(item.results.map(({ transaction }) => [transaction?.id, transaction]));
  let isAltered = false;
  for (const { transaction, key } of work.before.get(item)!.results) {
    if (transaction === undefined) continue;
    const again = now.get(transaction.id);
    if (again !== undefined && isSame(transaction, again)) continue;
    item.undone ??= new Map();
    item.undone.set(key!, (item.undone.get(key!) ?? 0) + 1);
    isAltered ||= again !== undefined;
  }
  if (isAltered) judge(work, item);
}

/** Of the same id: is it the same for stock, too? How sure it is, and by which revision, is told with the passage. */
const isSame = (a: Transaction, b: Transaction): boolean =>
  a.source === b.source &&
  a.sku === b.sku &&
  a.lot === b.lot &&
  a.owner === b.owner &&
  JSON.stringify(a.postings) === JSON.stringify(b.postings);

/** Claims that no late one can come before any more go into the base. */
export function settle(book: Book, item: Item, lateMs: number): void {
  const newest = item.claims.at(-1)?.at;
  if (newest === undefined) return;
  const until = newest - lateMs;
  let settled = 0;
  while (settled < item.claims.length - 1 && item.claims[settled]!.at <= until) settled++;
  // What was said of one moment stays together: its ids are counted.
  while (settled > 0 && item.claims[settled - 1]!.at === item.claims[settled]!.at) settled--;
  settleFirst(book, item, settled);
}

/** So many of its claims, the oldest first, can change no more. */
export function settleFirst(book: Book, item: Item, settled: number): void {
  if (settled === 0) return;
  const left = [item.base.packedIn, ...packings(item.claims.slice(0, settled))];
  item.base = item.results[settled - 1]!.state;
  item.settledTo = item.claims[settled - 1]!.at;
  item.claims = item.claims.slice(settled);
  item.results = item.results.slice(settled);
  // What it was once packed into carries it no more.
  const kept = containersOf(item);
  for (const container of left) {
    if (kept.includes(container) || book.contents.get(container)?.delete(item.epc) !== true) continue;
    const known = book.items.hold(container)!;
    known.heldTo = Math.max(known.heldTo ?? item.settledTo, item.settledTo);
    book.dirty.add(container);
  }
}

const packings = (claims: readonly Claim[]): string[] =>
  claims.flatMap(({ what }) => (what.kind === 'pack' ? [what.container] : []));

/** Every container that we packed it into within the time that late claims can reach. */
export const containersOf = ({ base, claims }: Item): string[] => [
  ...(base.packedIn === '' ? [] : [base.packedIn]),
  ...packings(claims),
];
