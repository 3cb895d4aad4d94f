// A receipt is what comes with one truck. Opened by hand, or by goods that come; closed by a person, who is told what differs.
// Whatever is short stays open for another truck.
import type { EffectsDraft } from '../infer/effects.ts';
import { inBooks } from '../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../infer/planner.ts';
import { contentId } from '../kit/ids.ts';
import { closedKey, overOf, receivedOf, remainingOf, slackOf, type Inbound } from './inbound.ts';
import { isKnownDoor, refused, type Of } from './requests.ts';
import { settle } from './noted.ts';
import { endIfWhole, settleDifferences } from './count.ts';
import { touch, type WorkState } from './work.ts';

export function openReceipt(
  work: WorkState,
  inbound: Inbound,
  { door: said }: Of<'open-receipt'>,
  { plan, row, at }: WorkRequest,
): WorkAnswer {
  if (inbound.isCancelled) return refused('inbound-ended', `${inbound.id} is cancelled: nothing of it is to come.`);
  if (inbound.receipt?.by !== undefined)
    return refused('receipt-open', `${inbound.receipt.by} opened a receipt of ${inbound.id} already: close it first.`);
  if (!isKnownDoor(plan, said)) return refused('unknown-door', `door: ${said} is no portal of ${plan.site}.`);
  // One that goods opened by coming goes on, in the name of who says so.
  if (inbound.receipt === undefined) inbound.receipts++;
  const openedAt = inbound.receipt?.openedAt ?? at;
  inbound.receipt = { openedAt, door: said ?? inbound.receipt?.door ?? inbound.door, by: row.actor };
  inbound.endedAt = undefined;
  inbound.changedAt = Math.max(inbound.changedAt, at);
  touch(work, inbound);
  return { status: 'done', detail: { inbound: inbound.id, receipt: inbound.receipts } };
}

/** Ends it: what differs is told line by line, and the document stays open for the rest. */
export function closeReceipt(
  work: WorkState,
  inbound: Inbound,
  { plan, at }: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { receipt, receipts, id } = inbound;
  if (receipt === undefined) return refused('no-receipt', `No receipt of ${id} is open.`);
  const location = plan.readPoints.find((point) => point.id === receipt.door && point.kind === 'portal');
  const dock = location?.kind === 'portal' ? location.inside : undefined;
  const tell = (kind: string, key: string, sku: string | undefined, message: string, epc?: string): string => {
    const discrepancy = contentId('discrepancy', plan.site, kind, id, receipts, key);
    const shared = { happenedAt: at, sku, location: dock, readPoint: receipt.door, epc, message };
    draft.discrepancies.push({ id: discrepancy, kind, severity: 'warning', ...shared });
    return discrepancy;
  };
  let short = 0;
  let over = 0;
  for (const line of inbound.lines) {
    settleDifferences({ inbound, line }, at, draft);
    const [missing, more] = [remainingOf(line), overOf(line)];
    if (Math.max(missing, more) <= slackOf(inbound, line)) continue;
    short += missing;
    over += more;
    const came = `${id}, line ${line.line}: ${receivedOf(line)} of ${line.quantity} came`;
    if (missing > 0) {
      const message = `${came}, ${missing} are missing: it stays open for them; ask ${inbound.supplier}.`;
      if (line.short !== undefined) settle(draft, line.short, at, `told anew with receipt ${receipts}`);
      line.short = tell('short', line.line, line.sku, message);
    } else if (more !== line.over?.quantity) {
      const message = `${came}, ${more} more than expected: keep or return them.`;
      if (line.over !== undefined) settle(draft, line.over.discrepancy, at, `told anew with receipt ${receipts}`);
      line.over = { discrepancy: tell('over', line.line, line.sku, message), quantity: more };
    }
  }
  // At a site with documents each was told when it came.
  const unexpected = inbound.noted.filter(({ why }) => why === 'unexpected');
  if (!plan.rules.inboundDocuments) {
    for (const { epc, sku, quantity, transaction } of unexpected)
      tell(
        'unexpected',
        transaction,
        sku ?? undefined,
        `${quantity} came with ${id} that no document expects.`,
        epc ?? undefined,
      );
  }
  const closed = closeLines(inbound, at);
  inbound.receipt = undefined;
  inbound.noted = [];
  endIfWhole(inbound, at);
  touch(work, inbound, [], [], closed);
  const detail = {
    inbound: id,
    receipt: receipts,
    short: inBooks(short),
    over: inBooks(over),
    unexpected: unexpected.length,
  };
  return { status: 'done', detail };
}

/** Keeps what each line came to with the receipt that is closed: lines that something came for, or that something is missing of. */
function closeLines(inbound: Inbound, at: number): string[] {
  const came = new Map<string, number>();
  for (const { line, quantity, receipt } of inbound.arrivals.values())
    if (receipt === inbound.receipts) came.set(line, inBooks((came.get(line) ?? 0) + quantity));
  const keys: string[] = [];
  for (const line of inbound.lines) {
    const received = came.get(line.line) ?? 0;
    const expected = Math.max(0, inBooks(line.quantity - (receivedOf(line) - received)));
    if (received === 0 && expected <= slackOf(inbound, line)) continue;
    const key = closedKey(inbound.receipts, line.line);
    keys.push(key);
    inbound.closed?.set(key, {
      receipt: inbound.receipts,
      line: line.line,
      sku: line.sku,
      expected,
      received,
      damaged: line.damaged,
      closedAt: at,
      correctedAt: undefined,
    });
  }
  return keys;
}
