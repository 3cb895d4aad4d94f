// The receiver is done with a transfer: what did not come is given up, and told to the site that sent it.
import { WORLD } from '../../config/site.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import { lastChangeOf, type Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { NETWORK } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import { formatTime } from '../../wire/time.ts';
import type { MovedGoods, TransferCommandOf } from '../../wire/transfer.ts';
import { endIfWhole } from '../count.ts';
import { refused } from '../requests.ts';
import { touch, type WorkState } from '../work.ts';
import { underWay, type Transfer } from './transfer.ts';
import { ofNumber, touchTransfer } from './transfers.ts';

export function closeTransfer(
  work: WorkState,
  command: TransferCommandOf<'close-transfer'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { transfers } = work;
  const { plan, at, row, book } = request;
  const found = ofNumber(transfers, command.transfer, 'in').filter(
    ({ other }) => command.from === undefined || other === command.from,
  );
  const [transfer] = found;
  if (transfer === undefined)
    return refused('unknown-transfer', `No transfer ${command.transfer} is on its way to ${plan.site}.`);
  if (found.length > 1)
    return refused(
      'incomplete',
      `from: ${found.map(({ other }) => other).join(' and ')} both send a ${transfer.id}; say which.`,
    );
  if (transfer.closedAt !== undefined) return refused('transfer-closed', `${transfer.id} is closed already.`);
  const claims: Claim[] = [];
  const short: MovedGoods[] = [];
  const moment = formatTime(at);
  for (const line of transfer.lines.values()) {
    const { sku, lot, owner } = line;
    const tags = [...transfer.tags].filter((epc) => isOf(book.items.get(epc)?.state, line)).sort();
    const rest = underWay(line);
    if (rest === 0) continue;
    const plain = rest > 0 ? rest - tags.length : rest;
    if (plain !== 0) {
      short.push({ at: moment, sku, lot, owner, quantity: plain });
      const [from, to] = plain > 0 ? [transfer.account, NETWORK] : [NETWORK, transfer.account];
      draft.transactions.push(
        plainTransaction({
          id: contentId('transfer', row.site, row.key, short.length),
          type: 'transfer',
          at,
          source: 'person',
          sku,
          lot,
          owner,
          quantity: Math.abs(plain),
          from: WORLD,
          to: WORLD,
          accounts: { from: accountOf(from), to: accountOf(to) },
          actor: row.actor,
          reason: command.reason,
        }),
      );
    }
    for (const epc of tags) {
      short.push({ at: moment, sku, lot, owner, epc, quantity: 1 });
      claims.push(givenUp(transfer, epc, line, request));
    }
  }
  transfer.tags.clear();
  transfer.closedAt = at;
  for (const id of transfer.inbounds) endInbound(work, id, at);
  touchTransfer(transfers, transfer, at);
  transfers.notices.push({
    key: contentId('transfer-closed', row.site, row.key),
    to: transfer.other,
    command: { kind: 'transfer-received', transfer: transfer.id, goods: [], short },
  });
  const missing = short.reduce((sum, { quantity }) => sum + Math.max(0, quantity), 0);
  const over = short.reduce((sum, { quantity }) => sum + Math.max(0, -quantity), 0);
  return { status: 'done', claims, detail: { transfer: transfer.id, short: missing, over } };
}

const accountOf = (location: string) => ({ location, container: '', status: location === NETWORK ? '' : 'available' });

const isOf = (
  state: { readonly sku: string | undefined; readonly lot: string; readonly owner: string } | undefined,
  { sku, lot, owner }: { readonly sku: string; readonly lot: string; readonly owner: string },
): boolean => state?.sku === sku && state.lot === lot && state.owner === owner;

const givenUp = (
  { account }: Transfer,
  epc: string,
  { sku, lot, owner }: { readonly sku: string; readonly lot: string; readonly owner: string },
  { row, at, book }: WorkRequest,
): Claim => ({
  id: contentId('transfer', row.site, row.key, epc),
  epc,
  at: Math.max(at, lastChangeOf(book.items.get(epc)) + 1),
  what: { kind: 'transit', from: account, to: NETWORK, sku, lot, owner },
  source: 'person',
  confidence: 1,
  readPoint: undefined,
  decision: undefined,
  actor: row.actor,
  reason: undefined,
});

/** Nobody waits for the rest any more. */
function endInbound(work: WorkState, id: string, at: number): void {
  const inbound = work.inbounds.get(id);
  if (inbound === undefined || inbound.endedAt !== undefined || inbound.receipt !== undefined) return;
  inbound.isCancelled = true;
  for (const line of inbound.lines)
    for (const epc of line.epcs) inbound.until.set(epc, Math.min(at, inbound.until.get(epc) ?? at));
  endIfWhole(inbound, at);
  touch(work, inbound);
}
