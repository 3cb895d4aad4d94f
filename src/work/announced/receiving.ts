// What has come of an announced return, as somebody says: items, or so much of a line without tags.
import { WORLD } from '../../config/site.ts';
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { CUSTOMER } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import type { AnnouncedReturnCommand } from '../../wire/announcedReturn.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import { refused, saidMove } from '../requests.ts';
import type { AnnouncedReturns } from './announced.ts';
import { leftOf, lineOf, type AnnouncedReturn } from './announcedReturn.ts';

type Receiving = Extract<AnnouncedReturnCommand, { kind: 'receive-return' }>;

/** More than was announced is taken as well: it is here (promise P6). */
export function receive(
  announced: AnnouncedReturns,
  one: AnnouncedReturn,
  command: Receiving,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan } = request;
  if (!plan.locations.has(command.location))
    return refused('unknown-location', `location: ${command.location} is not a location of ${plan.site}.`);
  return command.epcs === undefined
    ? receivePlain(announced, one, command, request, draft)
    : receiveTags(announced, one, command, command.epcs, request);
}

function receivePlain(
  announced: AnnouncedReturns,
  one: AnnouncedReturn,
  { line: number, quantity, lot = '', location, reason }: Receiving,
  { book, row, at }: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  if (number === undefined || quantity === undefined)
    return refused('incomplete', 'Say epcs of items, or line and quantity of what has no tags.');
  const line = lineOf(one, number);
  if (line === undefined) return refused('not-on-it', `line: ${one.id} has no line ${number}.`);
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  if ((book.serialised.get(line.sku) ?? 0) > 0)
    return refused('item-needed', `${line.sku} has tags: say the epcs that have come.`);
  if (line.lot !== '' && lot !== '' && lot !== line.lot)
    return refused('wrong-lot', `lot: line ${number} of ${one.id} is of lot ${line.lot}.`);
  const transaction = plainTransaction({
    id: contentId('command', row.site, row.key, 'posting'),
    type: 'return',
    at,
    source: 'person',
    sku: line.sku,
    lot: lot || line.lot,
    owner: one.owner,
    quantity,
    from: WORLD,
    to: location,
    accounts: {
      from: { location: CUSTOMER, container: '', status: '' },
      to: { location, container: '', status: 'returned' },
    },
    actor: row.actor,
    reason,
  });
  announced.wanted.set(transaction.id, { id: one.id, line: line.line });
  draft.transactions.push(transaction);
  return {
    status: 'done',
    detail: {
      return: one.id,
      line: line.line,
      received: quantity,
      left: Math.max(0, inBooks(leftOf(line) - quantity)),
    },
  };
}

function receiveTags(
  announced: AnnouncedReturns,
  one: AnnouncedReturn,
  { location }: Receiving,
  said: readonly string[],
  request: WorkRequest,
): WorkAnswer {
  const { plan, book, at } = request;
  const claims: Claim[] = [];
  const wanted: (readonly [epc: string, line: string])[] = [];
  for (const epc of new Set(said.map((each) => identify(each).epc))) {
    const item = book.items.get(epc);
    if (item !== undefined && plan.locations.has(item.state.location))
      return refused('is-here', `epcs: ${epc} is at ${item.state.location} for the books, and not with a customer.`);
    if (at <= (item?.settledTo ?? Number.NEGATIVE_INFINITY))
      return refused(
        'overtaken',
        `${epc} has moved on since: say what is true now, without "at", or with a later one.`,
      );
    const line =
      one.lines.find(({ epcs }) => epcs.has(epc)) ??
      one.lines.find(({ sku, epcs }) => epcs.size === 0 && sku === item?.state.sku);
    if (line === undefined)
      return refused('not-on-it', `epcs: ${epc} (${item?.state.sku ?? 'of no SKU'}) is on no line of ${one.id}.`);
    wanted.push([epc, line.line]);
    claims.push({ ...saidMove(epc, location, request), isAnnounced: true });
  }
  for (const [epc, line] of wanted) announced.wanted.set(epc, { id: one.id, line });
  return { status: 'done', claims, detail: { return: one.id, received: claims.length } };
}
