// Returns to suppliers are entered, sent and closed. What goes back is held: it is promised to nobody, so nothing is reserved for it.
import { balancesOf, inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { SUPPLIER } from '../../infer/transactions.ts';
import { WORLD } from '../../config/site.ts';
import { contentId } from '../../kit/ids.ts';
import type { Command } from '../../wire/command.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import type { SupplierReturnCommand } from '../../wire/supplierReturn.ts';
import { refused, saidMove } from '../requests.ts';
import type { WorkState } from '../work.ts';
import { touchReturn, type SupplierReturns } from './returns.ts';
import { leftOf, type ReturnLine, type SupplierReturn } from './supplierReturn.ts';

type Of<K extends SupplierReturnCommand['kind']> = Extract<SupplierReturnCommand, { kind: K }>;
type Refusal = ReturnType<typeof refused>;

/** Returns that are not forgotten; one more is refused. */
const RETURNS_MAX = 5000;

/** Decides a command about returns to suppliers; undefined for any other. */
export function decideReturn(
  { supplierReturns }: WorkState,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer | undefined {
  switch (command.kind) {
    case 'supplier-return':
      return enter(supplierReturns, command, request);
    case 'send-supplier-return': {
      const one = openReturn(supplierReturns, command.return);
      return 'status' in one ? one : send(supplierReturns, one, command, request, draft);
    }
    case 'close-supplier-return': {
      const one = openReturn(supplierReturns, command.return);
      if ('status' in one) return one;
      one.closedAt = request.at;
      touchReturn(supplierReturns, one, request.at);
      const kept = one.lines
        .filter((line) => leftOf(line) > 0)
        .map((line) => ({ line: line.line, sku: line.sku, quantity: leftOf(line) }));
      return { status: 'done', detail: { return: one.id, kept } };
    }
    default:
      return undefined;
  }
}

function openReturn({ byId, ended }: SupplierReturns, id: string): SupplierReturn | Refusal {
  const one = byId.get(id);
  if (one === undefined)
    return ended.has(id)
      ? refused('return-closed', `${id} was closed long ago.`)
      : refused('unknown-return', `There is no return to a supplier ${id}.`);
  if (one.closedAt !== undefined)
    return refused('return-closed', `${id} is closed: enter what is to follow under another number.`);
  return one;
}

function enter(returns: SupplierReturns, command: Of<'supplier-return'>, request: WorkRequest): WorkAnswer {
  const { return: id, supplier, inbound, authorisation, owner = '' } = command;
  if (returns.byId.has(id) || returns.ended.has(id))
    return refused('return-exists', `${id} was entered before: take another number.`);
  if (returns.byId.size >= RETURNS_MAX)
    return refused('too-many-returns', `${RETURNS_MAX} returns are open: close those that are done with.`);
  const lines = linesOf(returns, command, owner, request);
  if (!Array.isArray(lines)) return lines;
  const { row, at } = request;
  const one: SupplierReturn = {
    id,
    supplier,
    inbound,
    authorisation,
    owner,
    by: row.actor,
    createdAt: at,
    changedAt: at,
    closedAt: undefined,
    lines,
    sent: new Map(),
  };
  returns.byId.set(id, one);
  touchReturn(returns, one, at);
  return { status: 'done', detail: { return: id, supplier, lines: lines.length } };
}

function linesOf(
  returns: SupplierReturns,
  { lines: said }: Of<'supplier-return'>,
  owner: string,
  request: WorkRequest,
): ReturnLine[] | Refusal {
  const seen = new Set<string>();
  const lines: ReturnLine[] = [];
  for (const { line, sku, lot = '', status = 'damaged', epcs: tags, quantity = tags?.length ?? 0 } of said) {
    if (seen.has(line)) return refused('bad-lines', `lines: ${line} is there twice.`);
    seen.add(line);
    const epcs = new Set((tags ?? []).map((epc) => identify(epc).epc));
    if (quantity === 0) return refused('incomplete', `lines: say the quantity of ${line}, or its EPCs.`);
    if (inBooks(quantity) !== quantity)
      return refused(
        'bad-quantity',
        `lines: the quantity of ${line} is finer than 0.0001, which the books do not tell apart.`,
      );
    if (epcs.size > 0 && epcs.size !== quantity)
      return refused('bad-lines', `lines: ${line} names ${epcs.size} EPCs, and says ${quantity}.`);
    const strange = [...epcs].find((epc) => request.book.items.get(epc)?.state.sku !== sku);
    if (strange !== undefined) return refused('unknown-item', `lines: ${strange} is no ${sku} for the books.`);
    const one = { line, sku, lot, status, quantity, epcs, sent: 0 };
    const free = freeFor(returns, one, owner, lines, request);
    if (quantity > free)
      return refused(
        'not-there',
        `lines: ${quantity} of ${sku} are to go back, and the books have ${Math.max(0, free)} with the status ${status} that no other return has: put them on hold first, or say another status.`,
      );
    lines.push(one);
  }
  return lines;
}

/** What the books have on site of such stock, less what open returns, and earlier lines of this one, still send. */
function freeFor(
  { byId }: SupplierReturns,
  { sku, lot, status }: ReturnLine,
  owner: string,
  before: readonly ReturnLine[],
  { plan, balances }: WorkRequest,
): number {
  const isAlike = (line: ReturnLine): boolean => line.sku === sku && line.status === status && line.lot === lot;
  const held = balancesOf(balances, sku)
    .filter(
      (one) =>
        one.owner === owner &&
        one.account.status === status &&
        (lot === '' || one.lot === lot) &&
        plan.locations.has(one.account.location),
    )
    .reduce((sum, { quantity }) => sum + quantity, 0);
  const open = [...byId.values()].filter((one) => one.closedAt === undefined && one.owner === owner);
  const asked = [...open.flatMap((one) => one.lines), ...before].filter(isAlike);
  return inBooks(asked.reduce((left, line) => left - leftOf(line), held));
}

/** What leaves as somebody says: items, or so much of a line without tags. */
function send(
  returns: SupplierReturns,
  one: SupplierReturn,
  command: Of<'send-supplier-return'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  if (command.epcs !== undefined) return sendTags(returns, one, command.epcs, request);
  const { plan, book, row, at } = request;
  const { line: number, quantity, lot = '', location } = command;
  if (number === undefined || quantity === undefined || location === undefined)
    return refused('incomplete', 'Say epcs of items, or line, quantity and location of what has no tags.');
  const line = one.lines.find((other) => other.line === number);
  if (line === undefined) return refused('not-on-it', `${one.id} has no line ${number}.`);
  if (!plan.locations.has(location))
    return refused('unknown-location', `location: ${location} is not a location of ${plan.site}.`);
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  if ((book.serialised.get(line.sku) ?? 0) > 0)
    return refused('item-needed', `${line.sku} has tags: say the epcs that leave.`);
  if (quantity > leftOf(line))
    return refused(
      'too-many',
      `Only ${leftOf(line)} of line ${number} of ${one.id} is left to be sent, not ${quantity}.`,
    );
  if (line.lot !== '' && lot !== '' && lot !== line.lot)
    return refused('wrong-lot', `lot: line ${number} of ${one.id} is of lot ${line.lot}.`);
  const transaction = plainTransaction({
    id: contentId('command', row.site, row.key, 'posting'),
    type: 'ship',
    at,
    source: 'person',
    sku: line.sku,
    lot: line.lot === '' ? lot : line.lot,
    owner: one.owner,
    quantity,
    from: location,
    to: WORLD,
    accounts: {
      from: { location, container: '', status: line.status },
      to: { location: SUPPLIER, container: '', status: '' },
    },
    actor: row.actor,
    reason: command.reason,
  });
  returns.wanted.set(transaction.id, { id: one.id, line: line.line });
  draft.transactions.push(transaction);
  return { status: 'done', detail: { return: one.id, line: line.line, sent: quantity } };
}

function sendTags(
  returns: SupplierReturns,
  one: SupplierReturn,
  said: readonly string[],
  request: WorkRequest,
): WorkAnswer {
  const { plan, book, at } = request;
  const claims: Claim[] = [];
  const left = new Map(one.lines.map((line) => [line, leftOf(line)]));
  const wanted: (readonly [epc: string, line: string])[] = [];
  for (const epc of new Set(said.map((each) => identify(each).epc))) {
    const item = book.items.get(epc);
    if (item === undefined || !plan.locations.has(item.state.location))
      return refused('unknown-item', `epcs: ${epc} is not here for the books.`);
    if (at <= item.settledTo)
      return refused(
        'overtaken',
        `${epc} has moved on since: say what is true now, without "at", or with a later one.`,
      );
    const { sku, lot, owner, status } = item.state;
    const line = one.lines.find(
      (other) =>
        other.sku === sku &&
        other.status === status &&
        one.owner === owner &&
        left.get(other)! > 0 &&
        (other.epcs.size === 0 ? other.lot === '' || other.lot === lot : other.epcs.has(epc)),
    );
    if (line === undefined)
      return refused(
        'not-on-it',
        `epcs: ${epc} (${sku ?? 'of no SKU'}, ${status}) is on no line of ${one.id} that waits for it.`,
      );
    left.set(line, inBooks(left.get(line)! - 1));
    wanted.push([epc, line.line]);
    claims.push({ ...saidMove(epc, WORLD, request), transit: SUPPLIER });
  }
  for (const [epc, line] of wanted) returns.wanted.set(epc, { id: one.id, line });
  return { status: 'done', claims, detail: { return: one.id, sent: claims.length } };
}
