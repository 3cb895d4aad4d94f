// What deciding a command needs: where and when it stands, and what it may answer: a refusal, claims about items, or a transaction about
// stock without serial numbers.
import type { SitePlan } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import { contentId } from '../kit/ids.ts';
import type { Command, CommandOutcome } from '../wire/command.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import type { CommandRow } from '../wire/row.ts';
import type { Adjustments } from './adjustments.ts';
import type { Balances } from './balances.ts';
import type { Book } from './book.ts';
import type { Doubts } from './doubt/doubts.ts';
import type { Account, EffectsDraft, Transaction, TransactionType } from './effects.ts';
import { RANK, type Claim, type What } from './item.ts';
import type { ClaimChanges, Passages } from './passages.ts';
import { plainTransaction } from './plainStock.ts';
import type { Planner, WorkRequest } from './planner.ts';
import type { Scans } from './scans.ts';

export interface Decided extends ClaimChanges {
  readonly outcome: CommandOutcome;
  /** Claims after which more follows: done first. */
  readonly first?: readonly Claim[];
}

export interface CommandContext {
  readonly plan: SitePlan;
  readonly book: Book;
  readonly passages: Passages;
  readonly planner: Planner;
  readonly balances: Balances;
  readonly scans: Pick<Scans, 'identities'>;
  readonly heardBins: WorkRequest['heardBins'];
  readonly adjustments: Adjustments;
  readonly doubts: Doubts;
}

export interface Place extends CommandContext {
  readonly row: CommandRow;
  readonly at: number;
}

export const refused = (code: string, message: string): Decided => ({
  outcome: { status: 'refused', code, message },
  claims: [],
  withdrawals: [],
});
export const done = (claims: readonly Claim[]): Decided => ({
  outcome: { status: 'done', transactions: [] },
  claims,
  withdrawals: [],
});

export function claiming({ book, at }: Place, claims: readonly Claim[]): Decided {
  for (const claim of claims) {
    const settledTo = book.items.get(claim.epc)?.settledTo ?? Number.NEGATIVE_INFINITY;
    if (at <= settledTo) {
      return refused(
        'overtaken',
        `${claim.epc} has moved on since: say what is true now, without "at", or with a later one.`,
      );
    }
  }
  return done(claims);
}

/** Of what was said of an item as of the same moment, what is said last holds: it comes a step later, the finest that times tell apart. */
const STEP_MS = 0.001;

function momentOf({ book, at }: Place, epc: string, { kind }: What): number {
  if (kind === 'identify') return at; // who it is holds for whatever else is said
  const said = (book.items.get(epc)?.claims ?? []).filter(
    ({ source, what }) => source === 'person' && RANK[what.kind] >= RANK[kind],
  );
  let moment = at;
  while (said.some((claim) => claim.at === moment)) moment = Math.round((moment + STEP_MS) / STEP_MS) * STEP_MS;
  return moment;
}

export const claimOf = (place: Place, said: string, what: What, index = 0): Claim =>
  claimAs(place, identify(said).epc, what, index);

const claimAs = (place: Place, epc: string, what: What, index: number): Claim => ({
  id: contentId('command', place.row.site, place.row.key, index),
  epc,
  at: momentOf(place, epc, what),
  what,
  source: 'person',
  confidence: 1,
  readPoint: undefined,
  decision: undefined,
  actor: place.row.actor,
  reason: place.row.command.reason,
});

export type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export function unknownLocation(plan: SitePlan, location: string | undefined): Decided | undefined {
  if (location === undefined || location === WORLD || plan.locations.has(location)) return undefined;
  return refused('unknown-location', `${location} is not a location of ${plan.site}.`);
}

export const virtual = (location: string): Account => ({ location, container: '', status: '' });

export function post(
  { row, at }: Place,
  draft: EffectsDraft,
  type: TransactionType,
  stock: { readonly sku?: string; readonly lot?: string; readonly owner?: string; readonly reason?: string },
  quantity: number,
  from: Account,
  to: Account,
  fromLocation: string,
  toLocation: string,
): Decided {
  const transaction = plainTransaction({
    id: contentId('command', row.site, row.key, 'posting'),
    type,
    at,
    source: 'person',
    sku: stock.sku!,
    lot: stock.lot ?? '',
    owner: stock.owner ?? '',
    quantity,
    from: fromLocation,
    to: toLocation,
    accounts: { from, to },
    actor: row.actor,
    reason: stock.reason,
  });
  return postTransaction(draft, transaction);
}

export function postTransaction(draft: EffectsDraft, transaction: Transaction): Decided {
  draft.transactions.push(transaction);
  return { outcome: { status: 'done', transactions: [transaction.id] }, claims: [], withdrawals: [] };
}
