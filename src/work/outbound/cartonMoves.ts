// What was posted, as cartons see it: what has a tag is in the carton that the books have it in; what has none goes where its carton
// was seen to go.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft, Transaction, TransactionType } from '../../infer/effects.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import { contentId } from '../../kit/ids.ts';
import { cartonOf, noteChanged, putIn, takeOut, type Carton, type Packed } from './carton.ts';
import { noteGone } from './benches.ts';
import { touchOrder, type Around, type Outbound } from './outbound.ts';
import { takenOf } from './picked.ts';

export function noteCartons(outbound: Outbound, around: Around, transaction: Transaction, draft: EffectsDraft): void {
  const { epc, to, supersedes } = transaction;
  if (epc === undefined) return;
  if (supersedes === undefined) noteGone(outbound, epc, to);
  if (outbound.cartons.size === 0) return;
  const carton = cartonOf(outbound, epc);
  if (carton === undefined) noteContent(outbound, around, epc, transaction);
  else follow(outbound, around, carton, transaction, draft);
}

/** Is it in one of our cartons now, or not any more? */
function noteContent(outbound: Outbound, { book }: Around, epc: string, { happenedAt: at }: Transaction): void {
  const container = book.items.get(epc)?.state.container ?? '';
  const known = outbound.cartons.get(outbound.index.packedIn.get(epc) ?? '');
  if (known !== undefined && known.epc !== container) takeOut(outbound, known, epc, at);
  const carton = cartonOf(outbound, container);
  const taken = takenOf(outbound, epc);
  if (carton === undefined || carton === known || taken?.order.id !== carton.order) return;
  const { line, sku, lot } = taken.taken;
  putIn(outbound, carton, epc, { taken: taken.transaction, line, sku, lot, epc, quantity: 1 }, at);
}

/** What lies in a carton without a tag goes where the carton is now. */
function follow(
  outbound: Outbound,
  { plan, book }: Around,
  carton: Carton,
  moved: Transaction,
  draft: EffectsDraft,
): void {
  const { location } = book.items.get(carton.epc)!.state;
  if (location === carton.location) return;
  const before = { location: carton.location, container: carton.epc, status: carton.stockStatus };
  const isHere = plan.locations.has(location);
  carton.location = location;
  carton.isOut = !isHere;
  carton.stockStatus = isHere ? (moved.type === 'return' ? 'returned' : 'available') : '';
  noteChanged(outbound, carton, moved.happenedAt);
  const after = { location, container: carton.epc, status: carton.stockStatus };
  for (const { sku, lot, quantity } of plainIn(carton)) {
    const owner = outbound.orders.get(carton.order)?.owner ?? '';
    draft.transactions.push({
      ...plainTransaction({
        id: contentId('carried', moved.id, sku, lot),
        type: typeOf(moved),
        at: moved.happenedAt,
        source: 'scan',
        sku,
        lot,
        owner,
        quantity,
        from: moved.from,
        to: moved.to,
        accounts: { from: before, to: after },
        readPoint: moved.readPoint,
        actor: undefined,
        reason: moved.reason,
      }),
      source: 'inferred',
      confidence: moved.confidence,
      container: carton.epc,
      decision: moved.decision,
    });
  }
}

/** A container that nobody knew of is received; what is in it was here. */
const typeOf = ({ type }: Transaction): TransactionType => (type === 'receive' ? 'move' : type);

/** What lies in it without a tag, by SKU and lot. */
export function plainIn({ contents }: Carton): Packed[] {
  const all = new Map<string, Packed>();
  for (const one of contents.values()) {
    if (one.epc !== undefined) continue;
    const key = `${one.sku} ${one.lot}`;
    all.set(key, { ...one, quantity: inBooks((all.get(key)?.quantity ?? 0) + one.quantity) });
  }
  return [...all.values()];
}

/** What was picked is in no carton any more: it was put back, or was never picked. */
export function forgetPacked(outbound: Outbound, order: string, taken: string, at: number): void {
  for (const sscc of outbound.index.cartonsOf.get(order) ?? []) {
    const carton = outbound.cartons.get(sscc)!;
    for (const [key, one] of carton.contents) if (one.taken === taken) takeOut(outbound, carton, key, at);
  }
}

/** How much of each line of an order is packed is told with the order. */
export function tellRepacked(outbound: Outbound): void {
  for (const id of outbound.repacked) {
    const order = outbound.orders.get(id);
    if (order === undefined) continue;
    touchOrder(
      outbound,
      order,
      order.lines.map(({ line }) => line),
    );
  }
  outbound.repacked.clear();
}
