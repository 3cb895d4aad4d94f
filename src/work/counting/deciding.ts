// What comes of a count: posted when it agrees well enough, counted again when it does not, and then approved by somebody else. It is
// posted as of the moment at which it was counted, with everything taken into account that moved there since.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { Claim } from '../../infer/item.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { ADJUSTMENT } from '../../infer/transactions.ts';
import { WORLD } from '../../config/site.ts';
import { contentId } from '../../kit/ids.ts';
import type { CountCommandOf } from '../../wire/counting.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { Products } from '../products.ts';
import { settleCounted } from '../outbound/shortages.ts';
import { refused } from '../requests.ts';
import { binAsOf, compare } from './bin.ts';
import { isOpen, recordKey, type Attempt, type BinStock, type Count, type Task } from './count.ts';
import { touchCount, type Counts } from './counts.ts';

/** The plans that a count is about. */
export interface WithCounts {
  readonly counts: Counts;
  readonly outbound: Outbound;
  readonly products: Pick<Products, 'bySku'>;
}

/** Why a bin cannot be counted now, or as of then; undefined when it can. */
export function refusedTask(count: Count, task: Task, { at }: WorkRequest): WorkAnswer | undefined {
  if (!isOpen(task)) return refused('count-ended', `Bin ${task.location} of ${count.id} is ${task.state}.`);
  if (task.state === 'approval')
    return refused('waits-for-approval', `${task.location} was counted twice: it waits for approval.`);
  if (at < task.madeAt)
    return refused('too-early', `at: ${count.id} was planned after that; count the bin as it is now.`);
  return undefined;
}

/** Takes what was counted; a difference over the tolerance is counted again first, and then waits for approval. */
export function takeAttempt(
  work: WithCounts,
  count: Count,
  task: Task,
  attempt: Attempt,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const isFirst = task.attempts.length === 0;
  task.attempts = [...task.attempts, attempt];
  task.sweeping = undefined;
  task.uncertain = [];
  task.lines = compare(request, count, task, attempt, work.products.bySku);
  if (isFirst) {
    // A bin that is empty as the books say is a record, too.
    task.records = Math.max(1, task.lines.length);
    task.accurate = task.lines.length === 0 ? 1 : task.lines.filter(({ isWithin }) => isWithin).length;
  }
  if (task.lines.every(({ isWithin }) => isWithin)) return close(work, count, task, undefined, request, draft);
  task.state = isFirst ? 'recount' : 'approval';
  touchCount(work.counts, count, [task], request.at);
  return { status: 'done', detail: { count: count.id, task: task.task, state: task.state } };
}

export function approve(
  work: WithCounts,
  count: Count,
  task: Task,
  { isApproved = true }: CountCommandOf<'approve-count'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { row, at } = request;
  if (task.state !== 'approval')
    return refused(
      'nothing-to-approve',
      `Bin ${task.location} of ${count.id} is ${task.state}: nothing waits for approval.`,
    );
  if (task.attempts.some(({ by }) => by === row.actor))
    return refused(
      'own-count',
      `${row.actor} counted ${task.location}: somebody else approves it (X-Operator says who asks).`,
    );
  if (isApproved) return close(work, count, task, row.actor, request, draft);
  task.state = 'recount';
  touchCount(work.counts, count, [task], at);
  return { status: 'done', detail: { count: count.id, task: task.task, state: task.state } };
}

/** Posts the last count as of its moment. */
function close(
  { counts, outbound, products }: WithCounts,
  count: Count,
  task: Task,
  approvedBy: string | undefined,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { row, at } = request;
  const attempt = task.attempts.at(-1)!;
  task.lines = compare(request, count, task, attempt, products.bySku);
  if (attempt.plain !== undefined) postPlain(count, task, attempt, attempt.plain, request, draft);
  const claims = attempt.tags === undefined ? [] : claimsOf(task, attempt, attempt.tags, request);
  task.state = 'closed';
  task.closedAt = at;
  task.approvedBy = approvedBy;
  task.moved = [];
  noteCounted(counts, count, task, attempt);
  settleCounted(outbound, task.location, count.skus, at, draft);
  touchCount(counts, count, [task], at);
  const differences = task.lines.filter(
    ({ missing, surplus, expected, counted }) => expected !== counted || missing.length + surplus.length > 0,
  ).length;
  return {
    status: 'done',
    claims: claims.map((claim, index) => ({ ...claim, id: contentId('count', row.site, row.key, index) })),
    detail: { count: count.id, task: task.task, state: task.state, records: task.lines.length, differences },
  };
}

/** What has no tags: as much is found or missing as the books differ by as of the count. */
function postPlain(
  count: Count,
  task: Task,
  { at, by, how }: Attempt,
  counted: NonNullable<Attempt['plain']>,
  request: WorkRequest,
  draft: EffectsDraft,
): void {
  const differences = new Map<string, BinStock & { quantity: number }>();
  const change = ({ quantity, ...stock }: BinStock & { readonly quantity: number }, sign: 1 | -1): void => {
    const key = recordKey(stock);
    const known = differences.get(key);
    if (known === undefined) differences.set(key, { ...stock, quantity: sign * quantity });
    else known.quantity = inBooks(known.quantity + sign * quantity);
  };
  for (const stock of counted) change(stock, 1);
  for (const stock of binAsOf(request, count, task, at).plain.values()) change(stock, -1);
  const { site, key } = request.row;
  for (const [record, { sku, lot, owner, status, container, quantity }] of differences) {
    if (quantity === 0) continue;
    const here = { location: task.location, container, status };
    const isFound = quantity > 0;
    draft.transactions.push(
      plainTransaction({
        id: contentId('count', site, key, record),
        type: 'count',
        at,
        source: how === 'person' ? 'person' : 'scan',
        sku,
        lot,
        owner,
        quantity: Math.abs(quantity),
        from: isFound ? WORLD : task.location,
        to: isFound ? task.location : WORLD,
        accounts: { from: isFound ? ASIDE : here, to: isFound ? here : ASIDE },
        actor: by,
        reason: `${count.id} ${task.task}`,
      }),
    );
  }
}

const ASIDE = { location: ADJUSTMENT, container: '', status: '' };

/**
 * What has tags: each that was found is there, each that is missing is not, unless something has seen it since. What a zone heard where the
 * books have it needs no claim: that it lies there was told.
 */
function claimsOf(
  { location, lines }: Task,
  { at, by, how }: Attempt,
  found: readonly string[],
  { book, row }: WorkRequest,
): Omit<Claim, 'id'>[] {
  const claim = (epc: string, what: Claim['what']): Omit<Claim, 'id'> => ({
    epc,
    at,
    what,
    source: how === 'sweep' ? 'read' : 'scan',
    confidence: 1,
    readPoint: undefined,
    decision: undefined,
    actor: by,
    reason: row.command.reason,
  });
  const isOpenTo = (epc: string): boolean => at > (book.items.get(epc)?.settledTo ?? Number.NEGATIVE_INFINITY);
  const isSeenSince = (epc: string): boolean =>
    book.items.get(epc)?.claims.some((other) => other.at > at && other.source !== 'inferred') === true;
  return [
    ...(how === 'sweep' ? lines.flatMap(({ surplus }) => surplus) : found)
      .filter((epc) => isOpenTo(epc))
      .map((epc) => claim(epc, { kind: 'counted', to: location })),
    ...lines
      .flatMap(({ missing }) => missing)
      .filter((epc) => isOpenTo(epc) && !isSeenSince(epc))
      .map((epc) => claim(epc, { kind: 'missing', from: location })),
  ];
}

/** The bin is as it was counted: what becomes known later of the time before changes that no more. */
function noteCounted({ lastCounted }: Counts, { skus }: Count, { location }: Task, { at, plain }: Attempt): void {
  const known = lastCounted.get(location);
  const bySku = new Map(known?.bySku);
  if (plain !== undefined) for (const sku of skus) bySku.set(sku, at);
  const isWhole = plain !== undefined && skus.length === 0;
  lastCounted.set(location, {
    whole: isWhole ? at : known?.whole,
    bySku: isWhole ? new Map() : bySku,
    at: Math.max(at, known?.at ?? at),
  });
}
