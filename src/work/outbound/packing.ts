// What goes into a carton, item by item: confirmed by a scan at the bench, and refused with what is wrong when it is not of its order.
import { balanceOf, inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import { lastChangeOf, type Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import type { PackingCommand } from '../../wire/packing.ts';
import { refused } from '../requests.ts';
import { missingOfOrder, packedOfTaken, putIn, type Carton } from './carton.ts';
import { openCartonOf } from './cartons.ts';
import type { Order, Taken } from './order.ts';
import type { Outbound } from './outbound.ts';
import { noteCaught } from './pickErrors.ts';
import { takenOf } from './picked.ts';
import { scannedOf } from './scan.ts';

type Of<K extends PackingCommand['kind']> = Extract<PackingCommand, { kind: K }>;

/** What the bench caught, of what was picked; the others say that nothing is known of it. */
const IS_WRONG: ReadonlySet<string> = new Set(['wrong-item', 'wrong-lot', 'not-picked', 'too-many']);

export function packItem(
  outbound: Outbound,
  command: Of<'pack-item'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const open = openCartonOf(outbound, command);
  if ('status' in open) return open;
  const { carton, order } = open;
  const answer = packed(outbound, carton, order, command, request, draft);
  if (answer.status === 'refused' && IS_WRONG.has(answer.code)) {
    const { row, at } = request;
    const { code, message } = answer;
    const id = contentId('pick-error', row.site, row.key);
    noteCaught(outbound, carton, { id, found: undefined, code, message, by: row.actor, at });
  }
  return answer;
}

function packed(
  outbound: Outbound,
  carton: Carton,
  order: Order,
  command: Of<'pack-item'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const scanned = scannedOf(command.scan, request);
  if ('status' in scanned) return scanned;
  if (scanned.kind === 'place')
    return refused('bad-scan', `scan: ${scanned.location} is a place: scan what goes into the carton.`);
  if (scanned.kind === 'tag') return packTag(outbound, carton, order, scanned.epc, request);
  const { sku, lot } = scanned;
  if (sku === undefined || !order.lines.some((line) => line.sku === sku))
    return refused(
      'wrong-item',
      `scan: it is ${sku ?? 'of no SKU'}, and ${order.id} has no line of that: put it aside.`,
    );
  const { quantity = scanned.quantity } = command;
  return packPlain(outbound, carton, order, { sku, lot, quantity }, request, draft);
}

function packTag(outbound: Outbound, carton: Carton, order: Order, epc: string, request: WorkRequest): WorkAnswer {
  const { book, at } = request;
  const item = book.items.get(epc);
  if (item === undefined) return refused('unknown-item', `scan: ${epc} was never read or received here: put it aside.`);
  const { sku } = item.state;
  const inside = outbound.index.packedIn.get(epc);
  if (inside !== undefined)
    return inside === carton.sscc
      ? { status: 'done', detail: detailOf(outbound, carton, order, undefined, 0) }
      : refused('already-packed', `scan: ${epc} is in carton ${inside}: take it out there first.`);
  const taken = takenOf(outbound, epc);
  if (taken === undefined || taken.order.id !== order.id) {
    if (!order.lines.some((line) => line.sku === sku))
      return refused(
        'wrong-item',
        `scan: ${epc} is ${sku ?? 'of no SKU'}, and ${order.id} has no line of that: put it aside.`,
      );
    return refused(
      'not-picked',
      `scan: ${epc} is of ${sku}, and was picked for ${taken === undefined ? 'nobody' : taken.order.id}: put it back, or take the one that was picked for ${order.id}.`,
    );
  }
  if (at <= lastChangeOf(item))
    return refused('overtaken', `${epc} has moved on since: say what is true now, without "at", or with a later one.`);
  return {
    status: 'done',
    claims: [packing(carton, epc, request, 'scan')],
    detail: detailOf(outbound, carton, order, taken.taken.line, 1),
  };
}

/** It is in the carton from now on. */
export const packing = (
  { epc: container }: Carton,
  epc: string,
  { row, at }: WorkRequest,
  source: Claim['source'],
): Claim => ({
  id: contentId('command', row.site, row.key, epc),
  epc,
  at,
  what: { kind: 'pack', container },
  source,
  confidence: 1,
  readPoint: undefined,
  decision: undefined,
  actor: row.actor,
  reason: row.command.reason,
});

interface Wanted {
  readonly sku: string;
  /** Undefined is any. */
  readonly lot: string | undefined;
  readonly quantity: number;
}

function packPlain(
  outbound: Outbound,
  carton: Carton,
  order: Order,
  { sku, lot, quantity }: Wanted,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  if ((request.book.serialised.get(sku) ?? 0) > 0)
    return refused('item-needed', `scan: ${sku} has tags: scan the one that goes into the carton.`);
  if (inBooks(quantity) !== quantity || quantity <= 0)
    return refused('bad-quantity', `quantity: ${quantity} is nothing that the books could tell.`);
  const ofSku = [...order.taken].filter(([, taken]) => taken.epc === undefined && taken.sku === sku);
  const ofLot = ofSku.filter(([, taken]) => lot === undefined || taken.lot === lot);
  if (ofSku.length === 0)
    return refused('not-picked', `scan: nothing of ${sku} was picked for ${order.id} yet: pick it first.`);
  if (ofLot.length === 0)
    return refused(
      'wrong-lot',
      `scan: it is of lot ${lot}; for ${order.id} lot ${ofSku.map(([, taken]) => taken.lot || '(none)').join(', ')} was picked.`,
    );
  const parts = ofLot
    .map(([id, taken]) => ({ id, taken, left: leftToPack(outbound, order, id, taken) }))
    .filter(({ left }) => left > 0);
  const left = inBooks(parts.reduce((sum, part) => sum + part.left, 0));
  if (quantity > left)
    return refused(
      'too-many',
      `quantity: only ${left} of ${sku} is left to be packed for ${order.id}, not ${quantity}.`,
    );
  let rest = quantity;
  for (const { id, taken, left: there } of parts) {
    const part = Math.min(rest, there);
    if (part === 0) break;
    rest = inBooks(rest - part);
    post(outbound, carton, order, { id, taken, quantity: part }, request, draft);
  }
  return { status: 'done', detail: detailOf(outbound, carton, order, undefined, quantity) };
}

const leftToPack = (outbound: Outbound, order: Order, id: string, { quantity, shipped }: Taken): number =>
  Math.max(0, inBooks(quantity - Math.max(shipped, packedOfTaken(outbound, order, id))));

function post(
  outbound: Outbound,
  carton: Carton,
  order: Order,
  { id, taken, quantity }: { readonly id: string; readonly taken: Taken; readonly quantity: number },
  { row, at, balances }: WorkRequest,
  draft: EffectsDraft,
): void {
  const { sku, lot } = taken;
  const stock = { sku, lot, owner: order.owner };
  const loose = (location: string) => ({ location, container: '', status: 'available' });
  // It was brought where its list says, or stands at this bench already.
  const brought = outbound.picks.get(taken.pick)?.to ?? carton.bench;
  const from = [carton.location, brought].find((place) => balanceOf(balances, stock, loose(place)) >= quantity);
  draft.transactions.push({
    ...plainTransaction({
      id: contentId('command', row.site, row.key, 'pack', id),
      type: 'pack',
      at,
      source: 'scan',
      ...stock,
      quantity,
      from: from ?? carton.location,
      to: carton.location,
      accounts: {
        from: loose(from ?? carton.location),
        to: { location: carton.location, container: carton.epc, status: carton.stockStatus },
      },
      actor: row.actor,
      reason: row.command.reason,
    }),
    container: carton.epc,
  });
  putIn(outbound, carton, id, { taken: id, line: taken.line, sku, lot, epc: undefined, quantity }, at);
}

/** `line` is one that is packed with this, and is not in the books yet. */
function detailOf(outbound: Outbound, carton: Carton, order: Order, line: string | undefined, packedNow: number) {
  const missing = missingOfOrder(outbound, order)
    .map((one) => (one.line === line ? { ...one, quantity: inBooks(one.quantity - packedNow) } : one))
    .filter(({ quantity }) => quantity > 0);
  return { carton: carton.sscc, packed: packedNow, missing };
}
