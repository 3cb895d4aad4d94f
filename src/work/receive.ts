// Goods that a person has in front of them, received for a document: tags that a handheld read, or so much of what has none.
import type { EffectsDraft } from '../infer/effects.ts';
import { inBooks } from '../infer/balances.ts';
import { skuOfTag, type Claim, type Item } from '../infer/item.ts';
import { plainTransaction } from '../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../infer/planner.ts';
import { SUPPLIER } from '../infer/transactions.ts';
import { WORLD } from '../config/site.ts';
import { contentId } from '../kit/ids.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import type { Inbound, Line } from './inbound.ts';
import { scannedOf } from './outbound/scan.ts';
import { learnExpiry } from './outbound/supply.ts';
import { refused, refusedDay, type Of } from './requests.ts';
import { forgetNoted, settle } from './noted.ts';
import { bring, isReceiving, lineFor, releasedStatus } from './tally.ts';
import type { Waiting, WorkState } from './work.ts';

type Receive = Of<'receive'>;

/** Goods that a person has in front of them: what a handheld read, or so much of a SKU that has no tags. */
export function receive(
  work: WorkState,
  inbound: Inbound,
  command: Of<'receive'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan } = request;
  if (inbound.isCancelled) return refused('inbound-ended', `${inbound.id} is cancelled: nothing of it is to come.`);
  const kind = plan.kindOf(command.location);
  if (kind === undefined)
    return refused('unknown-location', `location: ${command.location} is not a location of ${plan.site}.`);
  const { status = 'receiving', reason } = command;
  if (status !== 'receiving' && reason === undefined) return refused('incomplete', `reason: say why it is ${status}.`);
  const badDay = refusedDay('expiry', command.expiry);
  if (badDay !== undefined) return badDay;
  const said = command.scan === undefined ? command : saidByScan(command, command.scan, request);
  if ('code' in said) return said;
  if (said.epcs !== undefined) return receiveTags(work, inbound, said, said.epcs, request, draft);
  return receiveUntagged(work, inbound, said, request, draft);
}

/** What a scan says, under what was said beside it. */
function saidByScan(command: Receive, scan: string, request: WorkRequest): Receive | ReturnType<typeof refused> {
  if (command.sku !== undefined || command.epcs !== undefined)
    return refused('contradiction', 'scan: it says what came; leave sku and epcs out.');
  const scanned = scannedOf(scan, request);
  if ('status' in scanned) return scanned;
  if (scanned.kind === 'tag') return { ...command, epcs: [scanned.epc] };
  if (scanned.kind === 'place' || scanned.sku === undefined)
    return refused('bad-scan', `scan: ${scan.slice(0, 80)} is no goods: scan the code on what came.`);
  const { sku, quantity } = scanned;
  const { lot = scanned.lot, expiry = scanned.expiry } = command;
  return { quantity, ...command, sku, ...(lot && { lot }), ...(expiry && { expiry }) };
}

function receiveUntagged(
  work: WorkState,
  inbound: Inbound,
  command: Receive,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { sku, quantity, status = 'receiving' } = command;
  if (sku === undefined || quantity === undefined)
    return refused('incomplete', 'Say epcs for goods with tags, or sku and quantity for goods without; or scan it.');
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  const line = lineFor(inbound, undefined, sku);
  if (line === undefined) return refused('not-on-it', `${inbound.id} has no line of ${sku}.`);
  const known = status === 'receiving' ? takeWaiting(work, inbound, line, command, quantity, request, draft) : 0;
  const rest = inBooks(quantity - known);
  if (rest > 0) receivePlain(work, inbound, line, command, rest, request, draft);
  return { status: 'done', detail: { inbound: inbound.id, line: line.line, sku, received: quantity } };
}

/** What was scanned before, and left undecided between documents, is of this one; how much it is. Only the rest is new. */
function takeWaiting(
  work: WorkState,
  inbound: Inbound,
  line: Line,
  { lot }: Of<'receive'>,
  quantity: number,
  { plan, at }: WorkRequest,
  draft: EffectsDraft,
): number {
  let taken = 0;
  for (const waiting of work.waiting.values()) {
    if (waiting.epc !== undefined || waiting.sku !== line.sku || !waiting.among.includes(inbound.id)) continue;
    if ((lot !== undefined && waiting.lot !== lot) || taken + waiting.quantity > quantity) continue;
    taken = inBooks(taken + waiting.quantity);
    work.waiting.delete(waiting.transaction);
    if (waiting.discrepancy !== undefined) settle(draft, waiting.discrepancy, at, `it was received for ${inbound.id}`);
    bring(work, plan, { inbound, line }, waiting, 'receiving', draft);
  }
  return taken;
}

function receivePlain(
  work: WorkState,
  inbound: Inbound,
  line: Line,
  { lot = line.lot, expiry = line.expiry, owner = '', status = 'receiving', location, reason }: Of<'receive'>,
  quantity: number,
  { row, at }: WorkRequest,
  draft: EffectsDraft,
): void {
  const sku = line.sku!;
  const transaction = plainTransaction({
    id: contentId('command', row.site, row.key, 'posting'),
    type: inbound.transit === undefined ? 'receive' : 'transfer',
    at,
    source: 'person',
    sku,
    lot,
    owner,
    quantity,
    from: WORLD,
    to: location,
    accounts: {
      from:
        inbound.transit === undefined
          ? { location: SUPPLIER, container: '', status: '' }
          : { location: inbound.transit, container: '', status: 'available' },
      to: { location, container: '', status },
    },
    actor: row.actor,
    reason,
  });
  work.wanted.set(transaction.id, inbound.id);
  noteBatch(line, lot, expiry, quantity);
  learnExpiry(work.outbound, sku, lot, expiry);
  draft.transactions.push(transaction);
}

/** Which lot, and good until when: what came without a tag that would say so. */
export function noteBatch(line: Line, lot: string, expiry: string | undefined, quantity: number): void {
  if (lot === '' && expiry === undefined) return;
  const key = `${lot} ${expiry ?? ''}`;
  const sum = inBooks((line.batches.get(key)?.quantity ?? 0) + quantity);
  line.batches.set(key, { lot, expiry: expiry ?? null, quantity: sum });
}

interface ReadTag {
  readonly epc: string;
  readonly item: Item | undefined;
  readonly sku: string | undefined;
}

/** Tags that a handheld read: those that are not here yet come in, those that are here are of this document from now on. */
function receiveTags(
  work: WorkState,
  inbound: Inbound,
  command: Of<'receive'>,
  said: readonly string[],
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan, book, at } = request;
  const tags: ReadTag[] = [];
  for (const epc of new Set(said.map((one) => identify(one).epc))) {
    const item = book.items.get(epc);
    const sku = item?.state.sku ?? skuOfTag(plan, book.packOf, epc);
    if (lineFor(inbound, epc, sku) === undefined)
      return refused('not-on-it', `${epc} (${sku ?? 'of no known SKU'}) is on no line of ${inbound.id}.`);
    if (at <= (item?.settledTo ?? Number.NEGATIVE_INFINITY))
      return refused(
        'overtaken',
        `${epc} has moved on since: say what is true now, without "at", or with a later one.`,
      );
    tags.push({ epc, item, sku });
  }
  const waiting = new Map([...work.waiting.values()].map((one) => [one.epc, one]));
  const claims: Claim[] = [];
  let counted = 0;
  for (const tag of tags) {
    const { epc, item } = tag;
    if (item !== undefined && plan.locations.has(item.state.location)) {
      if (countHere(work, inbound, { ...tag, item }, waiting.get(epc), request, draft)) counted++;
    } else {
      work.wanted.set(epc, inbound.id);
      counted++;
    }
    claims.push(...claimsOf(command, tag, request));
  }
  return { status: 'done', claims, detail: { inbound: inbound.id, tags: tags.length, counted } };
}

/** Counts a tag that is here already, unless a document has it: false then. */
function countHere(
  work: WorkState,
  inbound: Inbound,
  { epc, item, sku }: ReadTag & { readonly item: Item },
  waiting: Waiting | undefined,
  { plan, at }: WorkRequest,
  draft: EffectsDraft,
): boolean {
  const goods = waiting ?? hereAs(item);
  if (goods === undefined || work.index.byTransaction.has(goods.transaction)) return false;
  const how = `it was received for ${inbound.id}`;
  work.waiting.delete(goods.transaction);
  forgetNoted(work, plan, goods.transaction, at, draft);
  if (goods.discrepancy !== undefined) settle(draft, goods.discrepancy, at, how);
  if (plan.rules.inboundDocuments && goods.among.length === 0)
    settle(draft, contentId('discrepancy', plan.site, 'unexpected', epc, goods.transaction), at, how);
  bring(work, plan, { inbound, line: lineFor(inbound, epc, sku)! }, goods, item.state.status, draft);
  return true;
}

/** What came so long ago that it waits no more: as what brought it, or shows that it is here. */
function hereAs({ epc, state, results }: Item): Waiting | undefined {
  const brought = results.findLast(({ transaction }) => transaction?.type === 'receive')?.transaction;
  const transaction = brought?.id ?? state.transaction;
  const { sku, lot, container } = state;
  const readPoint = brought?.readPoint;
  const at = brought?.happenedAt ?? state.since;
  const known = { epc, sku, lot, container, readPoint, at, quantity: 1, among: [], discrepancy: undefined };
  return transaction === undefined ? undefined : { transaction, ...known };
}

/** Where it is now, and its status: the one that is said; else what only waited for its document is free. */
function claimsOf(
  { location, status, reason }: Of<'receive'>,
  { epc, item }: ReadTag,
  { plan, row, at }: WorkRequest,
): readonly Claim[] {
  const claimOf = (what: Claim['what'], index: string): Claim => ({
    id: contentId('command', row.site, row.key, index),
    epc,
    at,
    what,
    source: 'scan',
    confidence: 1,
    readPoint: undefined,
    decision: undefined,
    actor: row.actor,
    reason,
  });
  const from = item?.state.location;
  // What was put away meanwhile does not go back to the dock by being received for a document.
  const isPutAway =
    from !== undefined && plan.locations.has(from) && !isReceiving(plan, from) && isReceiving(plan, location);
  const stays = isPutAway || from === location;
  const free = item && releasedStatus(plan, item, stays ? from : location);
  const wanted = status ?? free;
  return [
    ...(stays ? [] : [claimOf({ kind: 'move', to: location }, epc)]),
    ...(wanted === undefined ? [] : [claimOf({ kind: 'status', status: wanted }, `status ${epc}`)]),
  ];
}
