// Claims come and go. Here they are put into the lives of their items, what follows is judged anew until nothing moves any
// more, and what that changes is told: transactions, compensations, discrepancies, states of items.
import type { SitePlan } from '../config/plan.ts';
import { assert } from '../kit/faults.ts';
import { contentId } from '../kit/ids.ts';
import { inSteps, type Steps } from '../kit/steps.ts';
import { countSerialised, itemOf, noteRestless, type Book, type Withdrawal } from './book.ts';
import { carry, comesTo, containersOfWork, depthOf, lift, NESTING_MAX, placeOf } from './containers.ts';
import type { EffectsDraft, Transaction } from './effects.ts';
import type { Claim, Item } from './item.ts';
import { NO_PLANS, type Planner } from './planner.ts';
import { judge, putIn, retire, settle, takeOut, type Before, type Work } from './life.ts';

export interface Applied {
  /** These came too late to be judged: the life of their item before them is settled. */
  readonly tooLate: readonly Claim[];
  /** Times at which the claims that now hold say that an item was moved, and such that they do not say any more. */
  readonly moved: readonly Moved[];
}

export interface Moved {
  readonly epc: string;
  readonly at: number;
  readonly readPoint: string | undefined;
  readonly holds: boolean;
}

/** Takes claims in and out and adds to the draft what that changes; some items a step. */
export function* applyClaims(
  book: Book,
  plan: SitePlan,
  claims: readonly Claim[],
  withdrawals: readonly Withdrawal[],
  draft: EffectsDraft,
  planner: Pick<Planner, 'isExpected' | 'isAnnouncedBack' | 'isPlanned' | 'loadsOf' | 'transitFor'> = NO_PLANS,
): Steps<Applied> {
  const work: Work = {
    book,
    plan,
    around: {
      plan,
      keys: new Set(),
      placeOf: (container, at) => placeOf(book, container, at),
      comesTo: (container, place, at, withinMs) => comesTo(book, container, place, at, withinMs),
      isExpected: (item, state, { at, readPoint }) =>
        planner.isExpected({ epc: item.epc, ...state, container: state.container || state.packedIn, at, readPoint }),
      isAnnounced: (item, state, { at }) => planner.isAnnouncedBack({ ...state, epc: item.epc, at }),
      isPlanned: (item, state) => planner.isPlanned({ ...state, epc: item.epc }),
      loadOf: (item, state, { at, readPoint }) =>
        planner.loadsOf({ ...state, epc: item.epc, quantity: 1, at, readPoint })[0]!.load,
      transitFor: (item, state) => planner.transitFor({ ...state, epc: item.epc }),
    },
    before: new Map(),
    pending: new Set(),
    changes: [],
  };
  const tooLate: Claim[] = [];
  for (const { epc, claim } of withdrawals) takeOut(work, book.items.hold(epc), claim);
  yield* inSteps(claims, ITEMS_A_STEP, (claim) => {
    const item = itemOf(book, plan, claim.epc);
    noteSeen(item, claim);
    if (claim.at <= item.settledTo) {
      tooLate.push(claim);
      book.dirty.add(item.epc); // it was seen
    } else putIn(work, item, claim);
  });
  yield* comeToRest(work);
  const moved = movedBy(work);
  for (const item of work.before.keys()) retire(work, item);
  yield* inSteps(work.before, ITEMS_A_STEP, ([item, was]) => {
    if (was.sku !== item.state.sku) {
      countSerialised(book, was.sku, -1);
      countSerialised(book, item.state.sku, 1);
    }
    tell(item, was, draft);
    settle(book, item, plan.rules.lateMs);
    book.dirty.add(item.epc);
    noteRestless(book, item);
  });
  return { tooLate, moved };
}

/** Where a zone is switched on, all that it holds is claimed at once. */
const ITEMS_A_STEP = 32;

/** Claimed, not posted: what zones are told must not hang on what they found. */
function movedBy({ book, changes }: Work): Moved[] {
  return changes
    .filter(({ claim }) => isMoving(claim))
    .map(({ claim: { epc, at, readPoint } }) => {
      const holds = book.items
        .get(epc)!
        .claims.some((other) => isMoving(other) && other.at === at && other.readPoint === readPoint);
      return { epc, at, readPoint, holds };
    });
}

const isMoving = ({ what }: Claim): boolean => 'to' in what || ['pack', 'remove', 'missing'].includes(what.kind);

/** What is inferred was not seen. */
function noteSeen(item: Item, { at, source, readPoint }: Claim): void {
  if (source === 'inferred' || at <= item.seenAt) return;
  item.seenAt = at;
  item.seenBy = readPoint;
}

/** Judges what is pending, the outermost containers first; then they are lifted and carry, until nothing changes any more. */
function* comeToRest(work: Work): Steps<void> {
  const { book, pending } = work;
  for (let round = 0; ; round++) {
    assert(round < 4 * NESTING_MAX, 'Containers come to rest after a few rounds.', {
      items: [...pending].map((item) => item.epc),
    });
    if (pending.size === 0) {
      for (const container of containersOfWork(work)) {
        lift(work, container);
        carry(work, container);
      }
      if (pending.size === 0) return;
    }
    const depths = new Map([...pending].map((item) => [item, depthOf(book, item)]));
    const outermost = Math.min(...depths.values());
    const next = [...pending].filter((item) => depths.get(item) === outermost);
    next.sort((a, b) => (a.epc < b.epc ? -1 : 1));
    yield* inSteps(next, ITEMS_A_STEP, (item) => {
      pending.delete(item);
      judge(work, item);
    });
  }
}

/** The difference between what was told of an item and what is true now. */
function tell(item: Item, was: Before, draft: EffectsDraft): void {
  const old = was.results.map((result) => result.transaction).filter((transaction) => transaction !== undefined);
  const now = item.results.map((result) => result.transaction).filter((transaction) => transaction !== undefined);
  const kept = new Set(now.map((transaction) => transaction.id));
  const told = new Set(old.map((transaction) => transaction.id));
  for (const transaction of old.toReversed())
    if (!kept.has(transaction.id)) draft.transactions.push(compensationOf(transaction));
  for (const transaction of now) if (!told.has(transaction.id)) draft.transactions.push(transaction);
  const oldFaults = was.results.flatMap((result) => result.discrepancies);
  const newFaults = item.results.flatMap((result) => result.discrepancies);
  for (const fault of oldFaults) {
    if (!newFaults.some((other) => other.id === fault.id)) {
      draft.settled.push({
        id: fault.id,
        by: 'tallygate',
        at: fault.happenedAt,
        how: 'later reads changed the decision it came from',
      });
    }
  }
  for (const fault of newFaults) if (!oldFaults.some((other) => other.id === fault.id)) draft.discrepancies.push(fault);
  tellState(item, draft);
}

/** Adds the item's present state to the draft. */
export function tellState(item: Item, draft: EffectsDraft): void {
  const { state } = item;
  draft.items.set(item.epc, {
    epc: item.epc,
    kind: item.kind === 'unknown' && state.sku !== undefined ? 'item' : item.kind,
    sku: state.sku,
    lot: state.lot,
    owner: state.owner,
    location: state.location,
    container: state.container,
    status: state.status,
    since: state.since,
    confidence: state.confidence,
    seenAt: item.seenAt,
    seenBy: item.seenBy,
    transaction: state.transaction,
  });
}

/** What undoes a transaction: from and to swapped, at the time of what it undoes. */
export function compensationOf(undone: Transaction): Transaction {
  return {
    ...undone,
    id: contentId('compensation', undone.id),
    from: undone.to,
    to: undone.from,
    supersedes: undone.id,
    reason: 'later evidence changed the decision',
    postings: undone.postings.map((posting) => ({ ...posting, from: posting.to, to: posting.from })),
  };
}
