// Inbound documents are announced, amended and cancelled. What is announced after it came is found among what waits.
import type { SitePlan } from '../config/plan.ts';
import type { EffectsDraft } from '../infer/effects.ts';
import { lastChangeOf, type Claim } from '../infer/item.ts';
import type { WorkAnswer, WorkRequest } from '../infer/planner.ts';
import { contentId } from '../kit/ids.ts';
import type { Command } from '../wire/command.ts';
import type { InboundDocument } from '../wire/inbound.ts';
import {
  isUnlisted,
  lineOf,
  listedOf,
  receivedOf,
  remainingOf,
  throughKey,
  type Inbound,
  type Line,
} from './inbound.ts';
import { linesOf } from './lines.ts';
import { decideList } from './lists.ts';
import { isListOpen, matchOf, servedBy, type NamedBy, type Place } from './matching.ts';
import { learnExpiry } from './outbound/supply.ts';
import { closeReceipt, openReceipt } from './receipts.ts';
import { receive } from './receive.ts';
import { refused, timeOf } from './requests.ts';
import { forgetNoted, settle } from './noted.ts';
import { endIfWhole, settleDifferences } from './count.ts';
import { bring, releasedStatus } from './tally.ts';
import { index, touch, unindex, type Waiting, type WorkState } from './work.ts';

/** Documents that something may still come of; one more is refused. */
const OPEN_MAX = 20_000;

/** What came longer ago is of a document that is announced now only when more than its SKU says so. */
const FOUND_BY_SKU_MS = 86_400_000;

/** Decides a command about plans; undefined for any other. */
export function decideInbound(
  work: WorkState,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer | undefined {
  switch (command.kind) {
    case 'announce':
      return announce(work, command, request, draft);
    case 'expect':
      return decideList(work, command, request);
    case 'amend':
    case 'cancel-inbound':
    case 'open-receipt':
    case 'close-receipt':
    case 'receive': {
      const inbound = work.inbounds.get(command.inbound);
      if (inbound === undefined) return unknown(work, command.inbound, request.plan);
      switch (command.kind) {
        case 'amend':
          return amend(work, inbound, command, request, draft);
        case 'cancel-inbound':
          return cancel(work, inbound, request, draft);
        case 'open-receipt':
          return openReceipt(work, inbound, command, request);
        case 'close-receipt':
          return closeReceipt(work, inbound, request, draft);
        case 'receive':
          return receive(work, inbound, command, request, draft);
      }
    }
    // falls through: every kind above has answered
    default:
      return undefined;
  }
}

const unknown = (work: WorkState, inbound: string, plan: SitePlan): WorkAnswer =>
  work.ended.has(inbound)
    ? refused(
        'inbound-ended',
        `${inbound} was received whole or cancelled long ago: announce what is new under another number.`,
      )
    : refused('unknown-inbound', `There is no inbound ${inbound} at ${plan.site}.`);

/** Why a document cannot be announced; undefined when it can. `more` were announced just before. */
export function faultOfInbound(
  work: WorkState,
  command: InboundDocument,
  request: WorkRequest,
  more = 0,
): Extract<WorkAnswer, { status: 'refused' }> | undefined {
  const { inbound: id } = command;
  if (work.inbounds.has(id) || work.ended.has(id))
    return refused('inbound-exists', `${id} was announced before: amend it, or take another number.`);
  if (work.inbounds.size + more >= OPEN_MAX)
    return refused('too-many-inbounds', `${OPEN_MAX} documents are open: close or cancel those that are done with.`);
  const lines = linesOf(command, request);
  return Array.isArray(lines) ? undefined : (lines as Extract<WorkAnswer, { status: 'refused' }>);
}

export function announce(
  work: WorkState,
  command: InboundDocument & { readonly transit?: string },
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { inbound: id, document, supplier } = command;
  const fault = faultOfInbound(work, command, request);
  if (fault !== undefined) return fault;
  const lines = linesOf(command, request) as Line[];
  const { at } = request;
  const inbound: Inbound = {
    id,
    document,
    revision: 1,
    supplier,
    ...headOf(command),
    announcedAt: at,
    changedAt: at,
    isCancelled: false,
    endedAt: undefined,
    lines,
    listed: listedOf(lines),
    receipts: 0,
    receipt: undefined,
    noted: [],
    ...(command.transit === undefined ? {} : { transit: command.transit }),
    arrivals: new Map(),
    tags: new Map(),
    since: new Map(),
    until: new Map(),
    closed: new Map(),
  };
  work.inbounds.set(id, inbound);
  return takeEffect(work, inbound, request, draft);
}

const headOf = ({ expectedFrom, expectedTo, door, tolerance = 0 }: InboundDocument) => ({
  expectedFrom: timeOf(expectedFrom),
  expectedTo: timeOf(expectedTo),
  door,
  tolerance,
});

function amend(
  work: WorkState,
  inbound: Inbound,
  command: InboundDocument & { readonly revision?: number },
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  if (inbound.isCancelled)
    return refused('inbound-ended', `${inbound.id} is cancelled: announce it under another number.`);
  if (command.revision !== undefined && command.revision !== inbound.revision)
    return refused('changed-meanwhile', `${inbound.id} has revision ${inbound.revision} by now: look at it again.`);
  if (command.document !== inbound.document)
    return refused(
      'bad-lines',
      `document: ${inbound.id} is a${inbound.document === 'order' ? 'n order' : ' notice'}; that cannot change.`,
    );
  const lines = linesOf(command, request, inbound);
  if (!Array.isArray(lines)) return lines;
  const came = new Set([...inbound.arrivals.values()].map(({ line }) => line));
  for (const before of inbound.lines) {
    const now = lines.find(({ line }) => line === before.line);
    if ((receivedOf(before) > 0 || came.has(before.line)) && !isAlike(before, now))
      return refused('line-received', `lines: some of ${before.line} came already; its line and SKU must stay.`);
  }
  unlearnThrough(work, inbound, request.at);
  unindex(work, inbound);
  const gone = inbound.lines.map(({ line }) => line);
  const goneTags = inbound.lines.flatMap(({ epcs }) => [...epcs]);
  const head = headOf(command);
  if (head.door !== inbound.door) inbound.since.clear();
  Object.assign(inbound, head, {
    supplier: command.supplier,
    lines,
    listed: listedOf(lines),
    revision: inbound.revision + 1,
  });
  for (const { line: id, epc, quantity } of inbound.arrivals.values()) {
    const line = lineOf(inbound, id)!;
    if (isUnlisted(line, epc)) line.unlisted += quantity;
  }
  touch(work, inbound, gone, goneTags);
  return takeEffect(work, inbound, request, draft);
}

const isAlike = (before: Line, now: Line | undefined): boolean =>
  now !== undefined && now.sku === before.sku && now.counts === before.counts;

/** From now on it is expected; what came before is found. */
function takeEffect(work: WorkState, inbound: Inbound, request: WorkRequest, draft: EffectsDraft): WorkAnswer {
  const { at, plan } = request;
  for (const { epcs } of inbound.lines) for (const epc of epcs) if (!inbound.since.has(epc)) inbound.since.set(epc, at);
  index(work, inbound);
  for (const line of inbound.lines) {
    learnThrough(work, inbound, line, at);
    learnExpiry(work.outbound, line.sku, line.lot, line.expiry);
  }
  for (const id of work.index.byOrder.get(inbound.id) ?? []) {
    const notice = work.inbounds.get(id)!;
    for (const line of notice.lines) {
      if (line.order?.inbound === inbound.id && line.received > 0)
        servedBy(work, line)?.line.through.set(throughKey(notice, line), line.received);
    }
  }
  const claims = findWaiting(work, request, draft);
  for (const line of inbound.lines) settleDifferences({ inbound, line }, at, draft);
  endIfWhole(inbound, at);
  touch(
    work,
    inbound,
    inbound.lines.map(({ line }) => line),
    inbound.lines.flatMap(({ epcs }) => [...epcs]),
  );
  return { status: 'done', claims, detail: { inbound: inbound.id, revision: inbound.revision, site: plan.site } };
}

/** What the lines of a document say of one another is forgotten, to be told anew; what notices brought that are done with stays. */
function unlearnThrough(work: WorkState, inbound: Inbound, at: number): void {
  for (const line of inbound.lines) {
    for (const from of line.through.keys()) if (work.inbounds.has(from.split(' ')[0]!)) line.through.delete(from);
    const served = servedBy(work, line);
    if (served?.line.through.delete(throughKey(inbound, line)) !== true) continue;
    touch(work, served.inbound, [served.line.line]);
    endIfWhole(served.inbound, at);
  }
}

/** The order that a line of a notice serves is told what came for it. */
function learnThrough(work: WorkState, notice: Inbound, line: Line, at: number): void {
  const served = line.received > 0 ? servedBy(work, line) : undefined;
  if (served === undefined) return;
  served.line.through.set(throughKey(notice, line), line.received);
  touch(work, served.inbound, [served.line.line]);
  endIfWhole(served.inbound, at);
}

/** What came without a document, or with several alike, and is now of one: counted there, and released where it was blocked. */
function findWaiting(work: WorkState, request: WorkRequest, draft: EffectsDraft): Claim[] {
  const { plan, book, row, at } = request;
  const claims: Claim[] = [];
  // The last to come first: a notice that is late is of the truck that has just been here.
  for (const waiting of [...work.waiting.values()].reverse()) {
    const item = waiting.epc === undefined ? undefined : book.items.get(waiting.epc);
    const isHere = item === undefined || plan.locations.has(item.state.location);
    const isFresh = isHere && at - waiting.at <= FOUND_BY_SKU_MS;
    const match = matchOf(work, waiting, (place, by) => isWanted(place, waiting, by, isFresh));
    if (match?.kind !== 'line') continue;
    work.waiting.delete(waiting.transaction);
    forgetNoted(work, plan, waiting.transaction, at, draft);
    const how = `${match.inbound.id} expects it`;
    if (waiting.discrepancy !== undefined) settle(draft, waiting.discrepancy, at, how);
    bring(work, plan, match, waiting, item?.state.status ?? 'receiving', draft);
    if (waiting.among.length > 0 || !plan.rules.inboundDocuments || item === undefined) continue;
    settle(draft, contentId('discrepancy', plan.site, 'unexpected', item.epc, waiting.transaction), at, how);
    // What went out again gets its status when it comes back.
    const status = releasedStatus(plan, item, item.state.location);
    if (status === undefined) continue;
    claims.push({
      id: contentId('announced', row.site, row.key, item.epc),
      epc: item.epc,
      at: Math.max(at, lastChangeOf(item)),
      what: { kind: 'status', status },
      source: 'person',
      confidence: 1,
      readPoint: undefined,
      decision: undefined,
      actor: row.actor,
      reason: how,
    });
  }
  return claims;
}

/**
 * A line takes afterwards what its list names; what unit or lot name, as much as it still waits for; what only its SKU names, when
 * it is still here, and came neither long ago nor before it was expected.
 */
function isWanted({ inbound, line }: Place, { quantity, at }: Waiting, by: NamedBy, isFresh: boolean): boolean {
  if (by === 'epc') return true;
  if (!isListOpen(line) || remainingOf(line) < quantity) return false;
  return by !== 'sku' || (isFresh && at >= (inbound.expectedFrom ?? at));
}

function cancel(work: WorkState, inbound: Inbound, { at }: WorkRequest, draft: EffectsDraft): WorkAnswer {
  if (inbound.isCancelled) return refused('inbound-ended', `${inbound.id} is cancelled already.`);
  if (inbound.receipt !== undefined)
    return refused('receipt-open', `A receipt of ${inbound.id} is open: close it first, then cancel the rest.`);
  inbound.isCancelled = true;
  for (const line of inbound.lines) {
    for (const epc of line.epcs) inbound.until.set(epc, Math.min(at, inbound.until.get(epc) ?? at));
    if (line.short !== undefined) settle(draft, line.short, at, `the rest of ${inbound.id} was cancelled`);
    line.short = undefined;
  }
  endIfWhole(inbound, at);
  touch(work, inbound);
  return { status: 'done', detail: { inbound: inbound.id } };
}
