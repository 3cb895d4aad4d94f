// What was posted, as announced returns see it: what came back is counted on the line that it is of, or remembered for an announcement that
// comes later; what did not come back after all is not counted. Only what was seen or said is (promise P9).
import type { SitePlan } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft, Transaction } from '../../infer/effects.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import { forgetOldest } from '../sets.ts';
import {
  announcedFor,
  touchAnnounced,
  type AnnouncedReturns,
  type OfAnnounced,
  type Unannounced,
} from './announced.ts';
import { lineOf, type AnnouncedReturn } from './announcedReturn.ts';

/** What came back unannounced: so much is remembered, the oldest forgotten first. */
const UNANNOUNCED_MAX = 5000;

/** Counts what came back, and takes back what did not after all. */
export function takeAnnounced(
  returns: AnnouncedReturns,
  plan: SitePlan,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  for (const transaction of transactions) {
    const { supersedes, type } = transaction;
    if (supersedes !== undefined) takeBack(returns, plan, supersedes, transaction.happenedAt, draft);
    else if (type === 'return') comeIn(returns, plan, transaction, draft);
  }
  if (returns.wanted.size > 0) returns.wanted.clear();
}

function comeIn(
  returns: AnnouncedReturns,
  plan: SitePlan,
  { id, epc, sku, lot, owner, quantity, happenedAt: at }: Transaction,
  draft: EffectsDraft,
): void {
  if (sku === undefined || quantity === undefined) return; // a container: what is in it counts by itself
  const back: Unannounced = { epc, sku, lot, owner, quantity, at };
  const of = wantedFor(returns, id, epc) ?? announcedFor(returns, back);
  if (of !== undefined) {
    count(returns, plan, of, id, back, draft);
    return;
  }
  returns.unannounced.set(id, back);
  forgetOldest(returns.unannounced, UNANNOUNCED_MAX);
}

function wantedFor(
  { wanted, byId }: AnnouncedReturns,
  transaction: string,
  epc: string | undefined,
): OfAnnounced | undefined {
  const said = wanted.get(transaction) ?? (epc === undefined ? undefined : wanted.get(epc));
  const one = said && byId.get(said.id);
  const line = one && lineOf(one, said.line);
  return line && { one, line };
}

const overId = ({ site }: SitePlan, transaction: string): string =>
  contentId('discrepancy', site, 'announced-return-over', transaction);

function count(
  returns: AnnouncedReturns,
  plan: SitePlan,
  { one, line }: OfAnnounced,
  transaction: string,
  { epc, quantity, sku, at }: Unannounced,
  draft: EffectsDraft,
): void {
  line.received = inBooks(line.received + quantity);
  one.arrived.set(transaction, { line: line.line, epc, quantity });
  returns.index.byTransaction.set(transaction, one.id);
  const { lateMs } = plan.rules;
  if (epc !== undefined) one.tags.set(epc, { line: line.line, from: at - lateMs, until: at + lateMs });
  touchAnnounced(returns, one, at, transaction);
  if (line.received <= line.quantity) return;
  draft.discrepancies.push({
    id: overId(plan, transaction),
    kind: 'announced-return-over',
    severity: 'warning',
    happenedAt: at,
    epc,
    sku,
    readPoint: undefined,
    transaction,
    message: `${inBooks(line.received - line.quantity)} more of ${sku} came back than ${one.id} announces: ask ${one.customer} before it is credited.`,
  });
}

function takeBack(
  returns: AnnouncedReturns,
  plan: SitePlan,
  transaction: string,
  at: number,
  draft: EffectsDraft,
): void {
  returns.unannounced.delete(transaction);
  const one = returns.byId.get(returns.index.byTransaction.get(transaction) ?? '');
  const arrived = one?.arrived.get(transaction);
  if (one === undefined || arrived === undefined) return;
  const line = lineOf(one, arrived.line)!;
  line.received = Math.max(0, inBooks(line.received - arrived.quantity));
  one.arrived.delete(transaction);
  returns.index.byTransaction.delete(transaction);
  settle(draft, overId(plan, transaction), at, 'later reads changed the decision');
  touchAnnounced(returns, one, at, transaction);
}

/** What came before it was announced is of it, as far as it asks for it: how much that is. */
export function takeUnannounced(
  returns: AnnouncedReturns,
  plan: SitePlan,
  one: AnnouncedReturn,
  at: number,
  draft: EffectsDraft,
): number {
  let found = 0;
  for (const [transaction, back] of returns.unannounced) {
    const of = announcedFor(returns, back);
    if (of?.one !== one || inBooks(of.line.received + back.quantity) > of.line.quantity) continue;
    returns.unannounced.delete(transaction);
    count(returns, plan, of, transaction, back, draft);
    found = inBooks(found + back.quantity);
    if (back.epc !== undefined)
      settle(
        draft,
        contentId('discrepancy', plan.site, 'unannounced-return', back.epc, transaction),
        at,
        `it was announced as ${one.id}`,
      );
  }
  return found;
}
