// Containers and what we packed into them move together (promise P9): the content goes where its container was seen to go,
// and a container whose own tag was missed goes where at least half of its content was seen to go.
import { contentId } from '../kit/ids.ts';
import type { Book } from './book.ts';
import { stateAt, stateBefore, type Claim, type Item } from './item.ts';
import { containersOf, putIn, takeOut, type Work } from './life.ts';
import { FOUND_TOGETHER_MS, isWithCustomer, SAME_MOVEMENT_MS } from './meaning.ts';
import { CUSTOMER, loadOfLocation } from './transactions.ts';

/** Most levels of containers in containers. */
export const NESTING_MAX = 8;

/** How many containers it is in, one in the other. */
export function depthOf(book: Book, item: Item): number {
  let depth = 0;
  let container = item.state.packedIn;
  while (container !== '' && depth < NESTING_MAX) {
    depth++;
    container = book.items.get(container)?.state.packedIn ?? '';
  }
  return depth;
}

/** Where a container is, for the books, at a time; undefined when it is not known. */
export function placeOf(book: Book, container: string, at: number): string | undefined {
  const item = book.items.get(container);
  if (item === undefined) return undefined;
  const { location, lastMove } = stateAt(item, at);
  return lastMove === undefined ? undefined : location;
}

/** Is a container at a place at some time from `at` until so much later? Its own tag may be read later than its content. */
export function comesTo(book: Book, container: string, place: string, at: number, withinMs: number): boolean {
  const item = book.items.get(container);
  if (item === undefined) return false;
  // Outside it is on the truck, or has left with it.
  const isThere = (location: string | undefined): boolean =>
    location === place || (place === CUSTOMER && location !== undefined && loadOfLocation(location) !== undefined);
  if (isThere(placeOf(book, container, at))) return true;
  return item.claims.some(
    (claim, index) => claim.at > at && claim.at <= at + withinMs && isThere(item.results[index]!.state.location),
  );
}

/** Whatever may carry or lift the touched items, or be lifted with them. */
export function containersOfWork({ book, before }: Work): Item[] {
  const epcs = new Set<string>();
  for (const item of before.keys()) {
    for (const container of containersOf(item)) epcs.add(container);
    if (book.contents.has(item.epc)) epcs.add(item.epc);
  }
  return [...epcs]
    .sort()
    .map((epc) => book.items.hold(epc))
    .filter((item) => item !== undefined);
}

const contentsOf = (book: Book, container: Item): Item[] =>
  [...(book.contents.get(container.epc) ?? [])].sort().map((epc) => book.items.hold(epc)!);

const LIFTED = 'lifted';
const CARRIED = 'carried';
/** Share of what was packed that must be seen to move before the container is taken to have moved. */
const LIFTING_SHARE = 0.5;

/** A container whose own tag was missed goes where at least half of what we packed into it was seen to go. */
export function lift(work: Work, container: Item): void {
  const members = contentsOf(work.book, container);
  const { plan } = work;
  // What a customer sends back says nothing of what else came in the same carton: it was opened.
  const isIn = (member: Item, at: number): boolean =>
    stateBefore(member, at).packedIn === container.epc && !isWithCustomer(plan, stateBefore(container, at), at);
  const seen = members.flatMap((member) =>
    member.claims.filter(({ what, at }) => (what.kind === 'crossing' || what.kind === 'presence') && isIn(member, at)),
  );
  const wanted = new Map<string, Claim>();
  for (const claims of bySight(seen)) {
    for (const at of new Set(claims.map((claim) => claim.at))) {
      const same = claims.filter((claim) => Math.abs(claim.at - at) <= togetherMs(claim));
      const inside = members.filter((member) => isIn(member, at)).length;
      if (new Set(same.map(({ epc }) => epc)).size < inside * LIFTING_SHARE) continue;
      const first = same[0]!;
      if (container.claims.some((own) => !own.id.startsWith(LIFTED) && isTogether(first, own))) continue;
      const { readPoint = '', at: firstAt, what } = first;
      const id = `${LIFTED}:${contentId(work.plan.site, container.epc, readPoint, firstAt, JSON.stringify(what))}`;
      wanted.set(id, { ...first, id, epc: container.epc, source: 'inferred' });
    }
  }
  const settledTo = Math.max(
    container.heldTo ?? Number.NEGATIVE_INFINITY,
    ...members.map((member) => member.settledTo),
  );
  replaceDerived(work, container, LIFTED, settledTo, wanted);
}

/** Claims that tell of the same movement but for their time, each lot in order of it. */
function bySight(claims: readonly Claim[]): Claim[][] {
  const lots = new Map<string, Claim[]>();
  for (const claim of claims) {
    const lot = lots.get(sightOf(claim));
    if (lot === undefined) lots.set(sightOf(claim), [claim]);
    else lot.push(claim);
  }
  return [...lots.values()].map((lot) => lot.sort((a, b) => a.at - b.at || (a.epc < b.epc ? -1 : 1)));
}

const sightOf = ({ what, readPoint }: Claim): string =>
  'to' in what ? `${what.kind} ${what.kind === 'crossing' ? readPoint : ''} ${what.to}` : what.kind;

const togetherMs = ({ what }: Claim): number => (what.kind === 'crossing' ? SAME_MOVEMENT_MS : FOUND_TOGETHER_MS);

/** Two claims that say the same of two things at (nearly) the same time. */
const isTogether = (a: Claim, b: Claim): boolean => sightOf(a) === sightOf(b) && Math.abs(a.at - b.at) <= togetherMs(a);

/** What is in a container goes with it, read or not. */
export function carry(work: Work, container: Item): void {
  const moves = container.claims.filter(
    (claim, index) => container.results[index]!.transaction !== undefined && 'to' in claim.what,
  );
  for (const member of contentsOf(work.book, container)) {
    const wanted = new Map<string, Claim>();
    for (const move of moves) {
      if (!('to' in move.what) || move.at <= member.settledTo) continue;
      const from = 'from' in move.what ? move.what.from : undefined;
      const id = `${CARRIED}:${container.epc}:${move.id}`;
      wanted.set(id, {
        ...move,
        id,
        epc: member.epc,
        what: { kind: 'carry', container: container.epc, from, to: move.what.to },
        source: 'inferred',
      });
    }
    replaceDerived(work, member, `${CARRIED}:${container.epc}:`, container.settledTo, wanted);
  }
}

/** Makes the claims of one origin exactly the wanted ones, as far as their origin is still open to change. */
function replaceDerived(
  work: Work,
  item: Item,
  origin: string,
  settledTo: number,
  wanted: ReadonlyMap<string, Claim>,
): void {
  for (const claim of item.claims) {
    if (claim.id.startsWith(origin) && claim.at > settledTo && !wanted.has(claim.id)) takeOut(work, item, claim.id);
  }
  for (const claim of wanted.values()) if (claim.at > item.settledTo) putIn(work, item, claim);
}
