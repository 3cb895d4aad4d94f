// What a person counted of a bin: entered, scanned, or read by a handheld. Nothing of the books is told while it may have to be counted again.
import { balancesOf, inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import { scannedAs } from '../../infer/item.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { parseScan } from '../../wire/barcode/parseScan.ts';
import type { CountCommandOf } from '../../wire/counting.ts';
import { identityOf } from '../../wire/epc/digitalLink.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import { refused } from '../requests.ts';
import type { Attempt, BinStock, Count, Task } from './count.ts';
import { takeAttempt, type WithCounts } from './deciding.ts';

type CountBin = CountCommandOf<'count-bin'>;
type Refusal = Extract<WorkAnswer, { status: 'refused' }>;

export function countBin(
  work: WithCounts,
  count: Count,
  task: Task,
  command: CountBin,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { epcs, lines, scans = [], empty = false } = command;
  if (epcs === undefined && lines === undefined && scans.length === 0 && !empty)
    return refused('incomplete', 'Say lines, scans or epcs of what is there, or that the bin is empty.');
  if (empty && (lines ?? []).length + scans.length + (epcs ?? []).length > 0)
    return refused('contradiction', 'empty: something is said to be there as well.');
  const counted = countedOf(command, count, request);
  if ('status' in counted) return counted;
  const { plain, tags } = counted;
  const attempt: Attempt = {
    by: request.row.actor,
    at: Math.min(request.at, request.row.receivedAt), // nobody has counted what is to come
    plain: plain.length > 0 || lines !== undefined || empty ? plain : undefined,
    tags: tags.length > 0 || epcs !== undefined || empty ? tags : undefined,
    how: 'person',
  };
  return takeAttempt(work, count, task, attempt, request, draft);
}

interface Counted {
  readonly plain: (BinStock & { readonly quantity: number })[];
  readonly tags: string[];
}

function countedOf(
  { lines = [], scans = [], epcs = [] }: CountBin,
  count: Count,
  request: WorkRequest,
): Counted | Refusal {
  const plain: Counted['plain'] = [];
  const tags = new Set(epcs.map((epc) => identify(epc).epc));
  for (const { sku, quantity, lot = '', owner = '', status = 'available', container: outer } of lines) {
    if (inBooks(quantity) !== quantity)
      return refused(
        'bad-quantity',
        `lines: ${quantity} of ${sku} is finer than 0.0001, which the books do not tell apart.`,
      );
    const container = outer === undefined ? '' : identify(outer).epc;
    plain.push({ sku, lot, owner, status, container, quantity });
  }
  for (const scan of scans) {
    const found = scanned(scan.trim(), request);
    if (typeof found === 'string') tags.add(found);
    else if ('code' in found) return found;
    else plain.push(found);
  }
  for (const { sku } of plain) {
    if (count.skus.length > 0 && !count.skus.includes(sku))
      return refused('not-counted', `lines: ${sku} is not counted by ${count.id}.`);
    if (isSerialised(request, sku))
      return refused('item-needed', `lines: ${sku} has tags: scan each item, or read them with a handheld.`);
  }
  return { plain, tags: [...tags] };
}

/** A tag, or so much of what has none. */
function scanned(
  scan: string,
  { plan, book, at, epcOf }: WorkRequest,
): string | Refusal | (BinStock & { readonly quantity: number }) {
  if (/^(?:[\dA-Fa-f]{2}){8,}$/.test(scan) && (scan.length >= 24 || book.items.has(identify(scan).epc)))
    return identify(scan).epc;
  const parsed = parseScan(scan, at);
  if (parsed.kind === 'gs1') {
    const identity = identityOf(parsed);
    if (identity !== undefined)
      return (
        epcOf(identity) ??
        refused('unknown-item', `scans: ${scan.slice(0, 80)} was never read here: read its tag, or put it aside.`)
      );
  }
  const gtin14 = parsed.kind === 'text' || parsed.kind === 'bad' ? undefined : parsed.gtin14;
  if (gtin14 === undefined)
    return refused('bad-scan', `scans: ${JSON.stringify(scan.slice(0, 80))} is no tag and no barcode of goods.`);
  const { lot, quantity } = parsed.kind === 'gs1' ? parsed : { lot: undefined, quantity: undefined };
  const { sku, quantity: each } = scannedAs(plan, book.packOf, gtin14);
  return { sku, lot: lot ?? '', owner: '', status: 'available', container: '', quantity: (quantity ?? 1) * each };
}

/** It has tags, and nothing of it is in the books without one. */
function isSerialised({ plan, book, balances }: WorkRequest, sku: string): boolean {
  if ((book.serialised.get(sku) ?? 0) === 0) return false;
  let untagged = 0;
  for (const { quantity } of balancesOf(balances, sku)) untagged += quantity;
  for (const { state } of book.items.values((location) => plan.locations.has(location)))
    if (state.sku === sku && state.inBooks && plan.locations.has(state.location)) untagged--;
  return inBooks(untagged) <= 0;
}
