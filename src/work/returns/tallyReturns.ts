// What was posted, as returns to suppliers see it: what left is counted on the line that it is of; what did not leave after all, or came
// back before its truck was away, is not.
import type { SitePlan } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft, Posting, Transaction } from '../../infer/effects.ts';
import { SUPPLIER } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import { isOlder, returnFor, touchReturn, type OfReturn, type SupplierReturns } from './returns.ts';
import type { SupplierReturn } from './supplierReturn.ts';

export function takeReturns(
  returns: SupplierReturns,
  plan: SitePlan,
  transactions: readonly Transaction[],
  draft: EffectsDraft,
): void {
  if (returns.byId.size === 0) return;
  for (const transaction of transactions) {
    const { type, supersedes, postings } = transaction;
    const [posting] = postings;
    if (supersedes !== undefined) takeBack(returns, plan, supersedes, transaction.happenedAt, draft);
    else if (type !== 'ship' || posting === undefined) continue;
    else if (posting.to.location === SUPPLIER) count(returns, plan, transaction, posting, draft);
    else if (posting.from.location === SUPPLIER) comeBack(returns, plan, transaction, posting, draft);
  }
  returns.wanted.clear();
}

const overId = (plan: SitePlan, transaction: string): string =>
  contentId('discrepancy', plan.site, 'return-over', transaction);

function count(
  returns: SupplierReturns,
  plan: SitePlan,
  { id, epc, readPoint, happenedAt, from }: Transaction,
  posting: Posting,
  draft: EffectsDraft,
): void {
  const { sku, lot, owner, quantity } = posting;
  const lying = { epc, sku, lot, owner, location: posting.from.location, status: posting.from.status };
  const of = wantedFor(returns, id, epc) ?? returnFor(returns, lying) ?? lastOf(returns, lying);
  if (of === undefined) return;
  const { one, line } = of;
  line.sent = inBooks(line.sent + quantity);
  one.sent.set(id, { line: line.line, epc, quantity });
  touchReturn(returns, one, happenedAt);
  if (line.sent <= line.quantity) return;
  draft.discrepancies.push({
    id: overId(plan, id),
    kind: 'return-over',
    severity: 'warning',
    happenedAt,
    epc,
    sku,
    location: from,
    readPoint,
    transaction: id,
    message: `${inBooks(line.sent - line.quantity)} more of ${sku} went back to ${one.supplier} than ${one.id} says: ask for a credit, or have it sent here again.`,
  });
}

function wantedFor({ wanted, byId }: SupplierReturns, id: string, epc: string | undefined): OfReturn | undefined {
  const said = wanted.get(id) ?? (epc === undefined ? undefined : wanted.get(epc));
  const one = said && byId.get(said.id);
  const line = one?.lines.find((other) => other.line === said!.line);
  return line && { one: one!, line };
}

/** Several went at once and one return was whole with the first of them: the rest went with it, too. */
function lastOf(
  { byId }: SupplierReturns,
  { sku, owner, status }: Parameters<typeof returnFor>[1],
): OfReturn | undefined {
  let found: OfReturn | undefined;
  for (const one of byId.values()) {
    if (one.closedAt !== undefined || one.owner !== owner) continue;
    const line = one.lines.find((other) => other.sku === sku && other.status === status);
    if (line !== undefined && (found === undefined || isOlder(found.one, one))) found = { one, line };
  }
  return found;
}

function takeBack(
  returns: SupplierReturns,
  plan: SitePlan,
  transaction: string,
  at: number,
  draft: EffectsDraft,
  how = 'later reads changed the decision',
): void {
  for (const one of returns.byId.values()) {
    const sent = one.sent.get(transaction);
    if (sent === undefined) continue;
    uncount(one, transaction);
    settle(draft, overId(plan, transaction), at, how);
    touchReturn(returns, one, at);
  }
}

function uncount(one: SupplierReturn, transaction: string): void {
  const { line: number, quantity } = one.sent.get(transaction)!;
  const line = one.lines.find((other) => other.line === number)!;
  line.sent = Math.max(0, inBooks(line.sent - quantity));
  one.sent.delete(transaction);
}

/** A tag came in again before its truck was away. */
function comeBack(
  returns: SupplierReturns,
  plan: SitePlan,
  { happenedAt }: Transaction,
  { epc }: Posting,
  draft: EffectsDraft,
): void {
  if (epc === undefined) return;
  for (const one of returns.byId.values()) {
    const last = [...one.sent].findLast(([, sent]) => sent.epc === epc);
    if (last === undefined) continue;
    takeBack(returns, plan, last[0], happenedAt, draft, 'it came back');
    return;
  }
}
