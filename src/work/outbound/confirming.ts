// What a picker has taken, confirmed by a scan: of a tag, of a barcode with lot and expiry, or of the bin's label. A wrong scan is refused
// with what is wrong, and posts nothing.
import { isWithin } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import { lastChangeOf, type Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import type { OutboundCommand } from '../../wire/outbound.ts';
import { refused } from '../requests.ts';
import { touchPick, type Outbound } from './outbound.ts';
import { openOf, type Planned } from './pick.ts';
import { takenOf } from './picked.ts';
import { done, openLine } from './picking.ts';
import { noteRefusedPick } from './pickErrors.ts';
import { scannedOf } from './scan.ts';
import { linesAtStop, mayBeAt, openAtStop, takenTogether } from './stops.ts';
import { expiryOf, isExpired } from './supply.ts';
import { toteFor } from './totes.ts';

export function confirm(
  outbound: Outbound,
  command: Extract<OutboundCommand, { kind: 'confirm-pick' }>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const planned = openLine(outbound, command);
  if ('status' in planned) return planned;
  const tote = toteFor(outbound, planned, command.tote, request);
  const answer = tote !== undefined && 'status' in tote ? tote : confirmed(outbound, planned, command, request, draft);
  if (answer.status === 'done' && tote !== undefined && 'tote' in tote) {
    planned.pick.totes!.set(planned.line.order, tote.tote);
    touchPick(outbound, planned.pick);
  }
  if (answer.status === 'refused' && IS_WRONG.has(answer.code)) noteRefusedPick(outbound, planned, answer, request);
  return answer;
}

/** What the scanner kept from being picked wrong; the others say that nothing is known of it, or nothing is left to do. */
const IS_WRONG: ReadonlySet<string> = new Set([
  'wrong-bin',
  'wrong-item',
  'wrong-lot',
  'already-picked',
  'not-available',
  'expired',
  'too-many',
  'wrong-tote',
]);

function confirmed(
  outbound: Outbound,
  planned: Planned,
  command: Extract<OutboundCommand, { kind: 'confirm-pick' }>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { pick, line } = planned;
  const scanned = scannedOf(command.scan, request);
  if ('status' in scanned) return scanned;
  if (scanned.kind === 'place') {
    const { location } = scanned;
    // The books have it somewhere in a zone: the label of a bin of the zone says more than they do.
    if (!isWithin(request.plan, location, line.location))
      return refused('wrong-bin', `${location} was scanned; take it from ${line.location}.`);
    return takePlain(planned, command.quantity ?? openAtStop(outbound, planned), request, draft, outbound);
  }
  if (scanned.kind === 'tag') return takeTag(outbound, planned, scanned.epc, request);
  const { sku, lot, expiry, quantity } = scanned;
  if (sku !== line.sku)
    return refused('wrong-item', `scan: it is ${sku ?? 'of no SKU'}; line ${line.line} of ${pick.id} is ${line.sku}.`);
  if (lot !== undefined && lot !== line.lot)
    return refused('wrong-lot', `scan: it is of lot ${lot}; take lot ${line.lot || '(none)'} from ${line.location}.`);
  if (isExpired(expiry, request.at)) return refused('expired', `scan: it was good until ${expiry}: put it aside.`);
  return takePlain(planned, command.quantity ?? quantity, request, draft, outbound);
}

/** An item with a tag of its own: it goes where the list is brought. */
function takeTag(outbound: Outbound, named: Planned, epc: string, request: WorkRequest): WorkAnswer {
  // Of a batch it goes to the first of its stop that wants one.
  const planned = { pick: named.pick, line: linesAtStop(outbound, named)[0] ?? named.line };
  const { pick, line } = planned;
  const { book, row, at } = request;
  const item = book.items.get(epc);
  if (item === undefined) return refused('unknown-item', `scan: ${epc} was never read or received here: put it aside.`);
  const { state } = item;
  if (state.sku !== line.sku || state.owner !== line.owner)
    return refused(
      'wrong-item',
      `scan: ${epc} is ${state.sku ?? 'of no SKU'}; line ${line.line} of ${pick.id} is ${line.sku}.`,
    );
  const taken = takenOf(outbound, epc);
  // Its tag was read on the way before it was scanned: it counts already.
  if (taken !== undefined)
    return taken.taken.pick === pick.id
      ? { status: 'done', detail: { pick: pick.id, line: taken.taken.pickLine, picked: 0, left: openOf(line) } }
      : refused('already-picked', `scan: ${epc} was picked for order ${taken.order.id} already.`);
  if (openOf(line) === 0) return done(planned);
  if (openOf(line) < 1)
    return refused('too-many', `Only ${openOf(line)} of line ${line.line} of ${pick.id} is left to be taken.`);
  if (!mayBeAt(request.plan, state.location, line.location))
    return refused('wrong-bin', `scan: ${epc} is at ${state.location} for the books; take one from ${line.location}.`);
  if (state.lot !== line.lot)
    return refused(
      'wrong-lot',
      `scan: ${epc} is of lot ${state.lot || '(none)'}; take lot ${line.lot || '(none)'} from ${line.location}.`,
    );
  if (isExpired(expiryOf(outbound, line.sku, line.lot), at))
    return refused('expired', `scan: its lot is expired: put it aside.`);
  if (state.status !== 'available')
    return refused(
      'not-available',
      `scan: ${epc} is ${state.status || 'not in the books'}: leave it, and take another one.`,
    );
  if (at <= lastChangeOf(item))
    return refused('overtaken', `${epc} has moved on since: say what is true now, without "at", or with a later one.`);
  outbound.wanted.set(epc, { pick: pick.id, line: line.line });
  const claim: Claim = {
    id: contentId('command', row.site, row.key, epc),
    epc,
    at,
    what: { kind: 'move', to: pick.to },
    source: 'scan',
    confidence: 1,
    readPoint: undefined,
    decision: undefined,
    actor: row.actor,
    reason: row.command.reason,
  };
  return { status: 'done', claims: [claim], detail: detailOf(outbound, planned, 1) };
}

/** So much of what has no tags. */
function takePlain(
  planned: Planned,
  quantity: number,
  { book, row, at }: WorkRequest,
  draft: EffectsDraft,
  outbound: Outbound,
): WorkAnswer {
  const { pick, line } = planned;
  const left = openAtStop(outbound, planned);
  if (left === 0) return done(planned);
  if ((book.serialised.get(line.sku) ?? 0) > 0)
    return refused('item-needed', `scan: ${line.sku} has tags: scan the one that you take.`);
  if (inBooks(quantity) !== quantity || quantity <= 0)
    return refused('bad-quantity', `quantity: ${quantity} is nothing that the books could tell.`);
  if (quantity > left)
    return refused('too-many', `Only ${left} of line ${line.line} of ${pick.id} is left to be taken, not ${quantity}.`);
  if (isExpired(expiryOf(outbound, line.sku, line.lot), at))
    return refused('expired', 'scan: its lot is expired: put it aside.');
  const { sku, lot, owner, location, container } = line;
  for (const part of takenTogether(outbound, planned, quantity, 'highest')) {
    const transaction = plainTransaction({
      id: contentId(
        ...(['command', row.site, row.key, 'posting'] as const),
        ...(pick.method === 'batch' ? [String(part.line.line)] : []),
      ),
      type: 'pick',
      at,
      source: 'scan',
      sku,
      lot,
      owner,
      quantity: part.quantity,
      from: location,
      to: pick.to,
      accounts: {
        from: { location, container, status: 'available' },
        to: { location: pick.to, container: '', status: 'available' },
      },
      actor: row.actor,
      reason: row.command.reason,
    });
    outbound.wanted.set(transaction.id, { pick: pick.id, line: part.line.line });
    draft.transactions.push(transaction);
  }
  return { status: 'done', detail: detailOf(outbound, planned, quantity) };
}

const detailOf = (outbound: Outbound, planned: Planned, picked: number) => ({
  pick: planned.pick.id,
  line: planned.line.line,
  picked,
  left: inBooks(openAtStop(outbound, planned) - picked),
});
