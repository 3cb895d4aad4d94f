// Returns of customers are announced, received and closed. What comes is a fact whether it was announced or not; who announces says what to
// wait for, and of which order it is.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { AnnouncedReturnCommand } from '../../wire/announcedReturn.ts';
import type { Command } from '../../wire/command.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import { refused, timeOf } from '../requests.ts';
import type { WorkState } from '../work.ts';
import { indexAnnounced, touchAnnounced, type AnnouncedReturns } from './announced.ts';
import { leftOf, type AnnouncedLine, type AnnouncedReturn } from './announcedReturn.ts';
import { receive } from './receiving.ts';
import { takeUnannounced } from './tallyAnnounced.ts';

type Of<K extends AnnouncedReturnCommand['kind']> = Extract<AnnouncedReturnCommand, { kind: K }>;
type Refusal = ReturnType<typeof refused>;

/** Returns that are not forgotten; one more is refused. */
const RETURNS_MAX = 20_000;

/** Decides a command about announced returns; undefined for any other. */
export function decideAnnounced(
  work: WorkState,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer | undefined {
  const { announced } = work;
  switch (command.kind) {
    case 'announce-return':
      return enter(work, command, request, draft);
    case 'receive-return': {
      const one = openReturn(announced, command.return);
      return 'status' in one ? one : receive(announced, one, command, request, draft);
    }
    case 'close-return': {
      const one = openReturn(announced, command.return);
      return 'status' in one ? one : close(announced, one, request.at);
    }
    default:
      return undefined;
  }
}

function openReturn({ byId, ended }: AnnouncedReturns, id: string): AnnouncedReturn | Refusal {
  const one = byId.get(id);
  if (one === undefined)
    return ended.has(id)
      ? refused('return-closed', `${id} was closed long ago.`)
      : refused('unknown-return', `No return ${id} of a customer was announced.`);
  if (one.closedAt !== undefined)
    return refused('return-closed', `${id} is closed: announce what is to follow under another number.`);
  return one;
}

/** What is short then is said, and is no difference of the books: nobody had it. */
function close(announced: AnnouncedReturns, one: AnnouncedReturn, at: number): WorkAnswer {
  one.closedAt = at;
  touchAnnounced(announced, one, at);
  const short = one.lines
    .filter((line) => leftOf(line) > 0)
    .map((line) => ({ line: line.line, sku: line.sku, quantity: leftOf(line) }));
  return { status: 'done', detail: { return: one.id, short } };
}

function enter(work: WorkState, command: Of<'announce-return'>, request: WorkRequest, draft: EffectsDraft): WorkAnswer {
  const { announced, outbound } = work;
  const { return: id, order, customer, owner = '', expectedBy } = command;
  if (announced.byId.has(id) || announced.ended.has(id))
    return refused('return-exists', `${id} was announced before: take another number.`);
  if (announced.byId.size >= RETURNS_MAX)
    return refused('too-many-returns', `${RETURNS_MAX} returns are announced: close those that are done with.`);
  if (order !== undefined && !outbound.orders.has(order) && !outbound.ended.order.has(order))
    return refused('unknown-order', `order: there is no order ${order} at ${request.plan.site}.`);
  const by = timeOf(expectedBy);
  if (Number.isNaN(by)) return refused('bad-time', `expectedBy: ${expectedBy} is no RFC 3339 time with a zone.`);
  const lines = linesOf(announced, command, request);
  if (!Array.isArray(lines)) return lines;
  const { row, at } = request;
  const one: AnnouncedReturn = {
    id,
    order,
    customer,
    owner,
    by: row.actor,
    expectedBy: by,
    createdAt: at,
    changedAt: at,
    closedAt: undefined,
    lines,
    arrived: new Map(),
    tags: new Map(),
  };
  indexAnnounced(announced, one);
  touchAnnounced(announced, one, at);
  const found = takeUnannounced(announced, request.plan, one, at, draft);
  return { status: 'done', detail: { return: id, order: order ?? null, lines: lines.length, found } };
}

function linesOf(
  announced: AnnouncedReturns,
  { order, lines: said }: Of<'announce-return'>,
  { book }: WorkRequest,
): AnnouncedLine[] | Refusal {
  const seen = new Set<string>();
  const lines: AnnouncedLine[] = [];
  for (const { line, sku, lot = '', because = 'other', epcs: tags, quantity = tags?.length ?? 0, shipped } of said) {
    if (seen.has(line)) return refused('bad-lines', `lines: ${line} is there twice.`);
    seen.add(line);
    const epcs = new Set((tags ?? []).map((epc) => identify(epc).epc));
    if (quantity === 0) return refused('incomplete', `lines: say the quantity of ${line}, or its EPCs.`);
    if (inBooks(quantity) !== quantity)
      return refused(
        'bad-quantity',
        `lines: the quantity of ${line} is finer than 0.0001, which the books do not tell apart.`,
      );
    if (epcs.size > 0 && epcs.size < quantity)
      return refused('bad-lines', `lines: ${line} names ${epcs.size} EPCs, and says ${quantity}.`);
    const strange = [...epcs].find((epc) => (book.items.get(epc)?.state.sku ?? sku) !== sku);
    if (strange !== undefined) return refused('unknown-item', `lines: ${strange} is no ${sku} for the books.`);
    const before = order === undefined ? 0 : announcedOf(announced, order, sku, lines);
    if (shipped !== undefined && inBooks(before + quantity) > shipped)
      return refused(
        'more-than-shipped',
        `lines: ${quantity} of ${sku} are to come back, and ${shipped} left with ${order}${before > 0 ? `, of which ${before} are announced already` : ''}.`,
      );
    lines.push({ line, sku, lot, because, quantity, epcs, received: 0 });
  }
  return lines;
}

/** How much of a SKU of an order other returns of it, and earlier lines of this one, speak of; a closed one of what came. */
function announcedOf({ byId }: AnnouncedReturns, order: string, sku: string, before: readonly AnnouncedLine[]): number {
  let sum = 0;
  for (const line of before) if (line.sku === sku) sum += line.quantity;
  for (const one of byId.values())
    if (one.order === order)
      for (const line of one.lines)
        if (line.sku === sku) sum += one.closedAt === undefined ? line.quantity : line.received;
  return inBooks(sum);
}
