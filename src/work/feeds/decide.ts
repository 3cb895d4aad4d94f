// Snapshots and movements of a 3PL or marketplace. A snapshot sets what the books say as of its moment: what is more of it than they had is first
// of all what was under way there; the rest is adjusted, and told. An older one, or the same again, changes nothing.
import { WORLD } from '../../config/site.ts';
import { balancesOf, inBooks } from '../../infer/balances.ts';
import type { Account, EffectsDraft, TransactionType } from '../../infer/effects.ts';
import type { SnapshotEffect } from '../../infer/feedEffects.ts';
import { plainTransaction } from '../../infer/plainStock.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { ADJUSTMENT, CUSTOMER, SUPPLIER } from '../../infer/transactions.ts';
import { contentId } from '../../kit/ids.ts';
import type { Command } from '../../wire/command.ts';
import type { FeedCommandOf } from '../../wire/feed.ts';
import { formatTime, parseTime } from '../../wire/time.ts';
import { isStorage } from '../outbound/supply.ts';
import { refused } from '../requests.ts';
import { underWay, type Transfer, type TransferLine } from '../transfers/transfer.ts';
import type { WorkState } from '../work.ts';
import { isHeldByOthers, noteRef } from './feeds.ts';

type Refusal = Extract<WorkAnswer, { status: 'refused' }>;

/** Decides a command about stock that others hold; undefined for any other. */
export function decideFeed(
  work: WorkState,
  command: Command,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer | undefined {
  if (command.kind !== 'snapshot' && command.kind !== 'feed') return undefined;
  const { plan } = request;
  if (!isHeldByOthers(plan))
    return refused(
      'not-held-by-others',
      `${plan.site} is a ${plan.kind}: only a 3pl or a marketplace is told by snapshots.`,
    );
  const location = command.location ?? [...plan.locations.keys()].find((id) => isStorage(plan, id));
  if (location === undefined || !plan.locations.has(location))
    return refused('unknown-location', `location: ${location ?? 'nothing'} is not a location of ${plan.site}.`);
  const posting = postingTo(work, request, draft, location);
  return command.kind === 'snapshot'
    ? takeSnapshot(work, command, request, draft, posting)
    : takeEntries(work, command, request, draft, posting);
}

function takeSnapshot(
  { feeds }: WorkState,
  command: FeedCommandOf<'snapshot'>,
  request: WorkRequest,
  draft: EffectsDraft,
  posting: Posting,
): WorkAnswer {
  const { plan, row, balances } = request;
  const asOf = parseTime(command.asOf);
  if (Number.isNaN(asOf)) return refused('bad-time', `asOf: ${command.asOf} is no RFC 3339 time with a zone.`);
  if (asOf > row.receivedAt + 300_000) return refused('future', `asOf: ${command.asOf} is in the future.`);
  if (feeds.asOf !== undefined && asOf <= feeds.asOf)
    return { status: 'done', detail: { isOlder: true, known: formatTime(feeds.asOf), arrived: 0, adjusted: 0 } };
  const told = new Map<string, number>();
  for (const [index, line] of command.lines.entries()) {
    const sku = skuOf(line, `lines[${index}]`, request);
    if (typeof sku !== 'string') return sku;
    if (inBooks(line.quantity) !== line.quantity)
      return refused(
        'bad-quantity',
        `lines[${index}]: ${line.quantity} is finer than 0.0001, which the books do not tell apart.`,
      );
    told.set(sku, inBooks((told.get(sku) ?? 0) + line.quantity));
  }
  if (command.partial !== true) for (const sku of balances.bySku.keys()) if (!told.has(sku)) told.set(sku, 0);
  let arrived = 0;
  let adjusted = 0;
  for (const [sku, quantity] of [...told].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const since = feeds.changes.filter((one) => one.sku === sku && one.at > asOf);
    const held = balancesOf(balances, sku).reduce((sum, balance) => inBooks(sum + balance.quantity), 0);
    const then = inBooks(held - since.reduce((sum, one) => sum + one.quantity, 0));
    const came = posting.arrive(sku, Math.max(0, inBooks(quantity - then)), asOf);
    const rest = inBooks(quantity - then - came);
    posting.adjust(sku, rest, asOf, `snapshot of ${formatTime(asOf)}`);
    arrived = inBooks(arrived + came);
    adjusted = inBooks(adjusted + Math.abs(rest));
    // The first one says what there is to begin with.
    if (rest === 0 || feeds.asOf === undefined) continue;
    draft.discrepancies.push({
      id: contentId('discrepancy', plan.site, 'snapshot-differs', sku, asOf),
      kind: 'snapshot-differs',
      severity: 'warning',
      happenedAt: asOf,
      sku,
      message: `${plan.name} says that it had ${quantity} of ${sku}; ${inBooks(then + came)} were to be expected, what came from transit included: ask what became of ${Math.abs(rest)}.`,
    });
  }
  feeds.asOf = asOf;
  feeds.changes = feeds.changes.filter(({ at }) => at > asOf);
  const effect: SnapshotEffect = {
    asOf,
    takenAt: row.receivedAt,
    by: row.actor,
    lines: command.lines.length,
    arrived,
    adjusted,
  };
  feeds.untold.push(effect);
  return { status: 'done', detail: { isOlder: false, lines: effect.lines, arrived, adjusted } };
}

function takeEntries(
  { feeds }: WorkState,
  { entries }: FeedCommandOf<'feed'>,
  request: WorkRequest,
  draft: EffectsDraft,
  posting: Posting,
): WorkAnswer {
  const { plan, row } = request;
  const taken: (readonly [entry: (typeof entries)[number], sku: string, at: number])[] = [];
  for (const [index, entry] of entries.entries()) {
    const place = `entries[${index}]`;
    const sku = skuOf(entry, place, request);
    if (typeof sku !== 'string') return sku;
    const at = parseTime(entry.at);
    if (Number.isNaN(at)) return refused('bad-time', `${place}: ${entry.at} is no RFC 3339 time with a zone.`);
    if (at > row.receivedAt + 300_000) return refused('future', `${place}: ${entry.at} is in the future.`);
    const { quantity, type } = entry;
    if (inBooks(quantity) !== quantity || quantity === 0 || (quantity < 0 && type !== 'adjusted'))
      return refused('bad-quantity', `${place}: ${quantity} cannot have ${type}.`);
    taken.push([entry, sku, at]);
  }
  let known = 0;
  for (const [{ ref, type, quantity }, sku, at] of taken) {
    // What is older than the last snapshot is in it.
    const isKnown = feeds.refs.has(ref) || (feeds.asOf !== undefined && at <= feeds.asOf);
    noteRef(feeds, ref, at);
    if (isKnown) {
      known++;
      continue;
    }
    if (type === 'shipped') posting.ship(sku, quantity, at, ref);
    else if (type === 'adjusted') posting.adjust(sku, quantity, at, ref);
    else {
      const rest = inBooks(quantity - posting.arrive(sku, quantity, at));
      if (rest === 0) continue;
      posting.receive(sku, rest, at, ref);
      draft.discrepancies.push({
        id: contentId('discrepancy', plan.site, 'unexpected', ref),
        kind: 'unexpected',
        severity: 'warning',
        happenedAt: at,
        sku,
        message: `${rest} of ${sku} came to ${plan.name} (${ref}) that nothing is under way for.`,
      });
    }
  }
  return { status: 'done', detail: { entries: entries.length, known, taken: entries.length - known } };
}

function skuOf(
  { sku, fnsku }: { readonly sku?: string; readonly fnsku?: string },
  place: string,
  { plan }: WorkRequest,
): string | Refusal {
  if (sku !== undefined) return sku;
  if (fnsku === undefined) return refused('incomplete', `${place}: say sku or fnsku.`);
  const rule = plan.source.file.skus?.find((one) => one.fnsku === fnsku);
  return rule?.sku ?? refused('unknown-fnsku', `${place}: no rule in skus of ${plan.site} says which SKU ${fnsku} is.`);
}

interface Posting {
  /** From what is under way, the oldest transfer first; how much of it was. */
  readonly arrive: (sku: string, quantity: number, at: number) => number;
  readonly receive: (sku: string, quantity: number, at: number, why: string) => void;
  readonly ship: (sku: string, quantity: number, at: number, why: string) => void;
  /** Found, or with less than nothing missing: of what lies most there first. */
  readonly adjust: (sku: string, quantity: number, at: number, why: string) => void;
}

function postingTo({ transfers }: WorkState, request: WorkRequest, draft: EffectsDraft, location: string): Posting {
  const { row, balances, plan } = request;
  let count = 0;
  // What this command has posted is not in the balances yet.
  const taken = new Map<string, number>();
  const here = { location, container: '', status: 'available' };
  const post = (
    type: TransactionType,
    stock: { readonly sku: string; readonly lot: string; readonly owner: string },
    quantity: number,
    at: number,
    [from, to]: readonly [Account, Account],
    reason: string,
  ): void => {
    const placeOf = (account: Account): string => (plan.locations.has(account.location) ? account.location : WORLD);
    draft.transactions.push(
      plainTransaction({
        id: contentId('feed', row.site, row.key, count++),
        type,
        at,
        source: 'import',
        ...stock,
        quantity,
        from: placeOf(from),
        to: placeOf(to),
        accounts: { from, to },
        actor: row.actor,
        reason,
      }),
    );
  };
  const outside = (account: string): Account => ({ location: account, container: '', status: '' });
  /** Takes so much from where most of it lies; the rest from here, below nothing if need be. */
  const take = (type: TransactionType, sku: string, quantity: number, at: number, to: string, why: string): void => {
    let rest = quantity;
    const lying = balancesOf(balances, sku)
      .filter((balance) => balance.quantity > 0)
      .sort((a, b) => b.quantity - a.quantity || (a.lot < b.lot ? -1 : 1));
    for (const { account, lot, owner, quantity: held } of lying) {
      const key = [account.location, account.status, account.container, sku, lot, owner].join(' ');
      const much = Math.min(rest, inBooks(held - (taken.get(key) ?? 0)));
      if (much <= 0) continue;
      taken.set(key, inBooks((taken.get(key) ?? 0) + much));
      rest = inBooks(rest - much);
      post(type, { sku, lot, owner }, much, at, [account, outside(to)], why);
    }
    if (rest > 0) post(type, { sku, lot: '', owner: '' }, rest, at, [here, outside(to)], why);
  };
  return {
    arrive(sku, quantity, at) {
      let rest = quantity;
      for (const [transfer, line] of linesUnderWay(transfers.byAccount.values(), sku, at)) {
        const key = [transfer.account, line.sku, line.lot, line.owner].join(' ');
        const much = Math.min(rest, inBooks(underWay(line) - (taken.get(key) ?? 0)));
        if (much <= 0) continue;
        taken.set(key, inBooks((taken.get(key) ?? 0) + much));
        rest = inBooks(rest - much);
        const from = { location: transfer.account, container: '', status: 'available' };
        const { lot, owner } = line;
        post('transfer', { sku, lot, owner }, much, at, [from, here], transfer.id);
      }
      return inBooks(quantity - rest);
    },
    receive: (sku, quantity, at, why) =>
      post('receive', { sku, lot: '', owner: '' }, quantity, at, [outside(SUPPLIER), here], why),
    ship: (sku, quantity, at, why) => take('ship', sku, quantity, at, CUSTOMER, why),
    adjust(sku, quantity, at, why) {
      if (quantity > 0) post('adjust', { sku, lot: '', owner: '' }, quantity, at, [outside(ADJUSTMENT), here], why);
      else if (quantity < 0) take('adjust', sku, -quantity, at, ADJUSTMENT, why);
    },
  };
}

/** What left before that moment and has not come. */
function linesUnderWay(all: Iterable<Transfer>, sku: string, at: number): (readonly [Transfer, TransferLine])[] {
  return [...all]
    .filter(({ direction, closedAt, createdAt }) => direction === 'in' && closedAt === undefined && createdAt <= at)
    .sort((a, b) => a.createdAt - b.createdAt || (a.account < b.account ? -1 : 1))
    .flatMap((transfer) => [...transfer.lines.values()].map((line) => [transfer, line] as const))
    .filter(([, line]) => line.sku === sku && underWay(line) > 0);
}
