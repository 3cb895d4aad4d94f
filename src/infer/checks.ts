// A person has looked: for one item, or with a handheld reader at a place. What was found is there; what a sweep did not find is doubted
// more, and stays in the books until somebody says of it that it is missing.
import type { SitePlan } from '../config/plan.ts';
import { isWithin } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import type { CheckCommand } from '../wire/checks.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import type { CommandRow } from '../wire/row.ts';
import type { Book } from './book.ts';
import { noteFound, noteNotFound, type Around, type Doubts } from './doubt/doubts.ts';
import type { Claim, Item, What } from './item.ts';
import type { WorkAnswer } from './planner.ts';

export interface CheckContext {
  readonly plan: SitePlan;
  readonly book: Book;
  readonly doubts: Doubts;
  readonly around: Around;
  readonly row: CommandRow;
  /** When it was looked, ms. */
  readonly at: number;
}

/** Decides what a check says. Refused when it is about nothing that the books know. */
export function takeCheck(context: CheckContext, command: CheckCommand): WorkAnswer {
  return command.kind === 'sweep' ? sweep(context, command) : checkItem(context, command);
}

type Of<K extends CheckCommand['kind']> = Extract<CheckCommand, { kind: K }>;

const refused = (code: string, message: string): WorkAnswer => ({ status: 'refused', code, message });

function checkItem(context: CheckContext, { epc: spelling, found, location }: Of<'check-item'>): WorkAnswer {
  const { plan, book, doubts, around, at } = context;
  const item = book.items.get(identify(spelling).epc);
  if (item === undefined) return refused('unknown-item', `epc: ${spelling} was never read or received here.`);
  const { epc, state } = item;
  const isHere = state.inBooks && plan.locations.has(state.location);
  if (location !== undefined && !plan.locations.has(location)) return unknownLocation(plan, location);
  if (!found) {
    if (location !== undefined)
      return refused('contradiction', 'location: leave it out, or say found: what is missing is nowhere.');
    if (!isHere) return refused('not-in-books', `epc: the books have ${epc} nowhere here, so it cannot be missing.`);
    return overtaken(item, at) ?? { status: 'done', claims: [claimOf(context, epc, { kind: 'remove' }, 0)] };
  }
  if (location === undefined && !isHere)
    return refused('not-in-books', `location: the books have ${epc} nowhere here; say where it was found.`);
  const isElsewhere = location !== undefined && (!isHere || !isWithin(plan, state.location, location));
  const late = isElsewhere ? overtaken(item, at) : undefined;
  if (late !== undefined) return late;
  noteFound(doubts, around, epc, at);
  const claims = isElsewhere ? [claimOf(context, epc, { kind: 'move', to: location }, 0)] : [];
  return { status: 'done', claims, detail: { location: isElsewhere ? location : state.location } };
}

function sweep(context: CheckContext, { location, epcs }: Of<'sweep'>): WorkAnswer {
  const { plan, book, doubts, around, at } = context;
  if (!plan.locations.has(location)) return unknownLocation(plan, location);
  const read = new Set(epcs.map((epc) => identify(epc).epc));
  const claims: Claim[] = [];
  const elsewhere: string[] = [];
  const unknown: string[] = [];
  let found = 0;
  for (const epc of read) {
    const item = book.items.get(epc);
    if (item === undefined) {
      unknown.push(epc);
      continue;
    }
    noteFound(doubts, around, epc, at);
    if (item.state.inBooks && isWithin(plan, item.state.location, location)) {
      found++;
      continue;
    }
    elsewhere.push(epc);
    if (overtaken(item, at) === undefined)
      claims.push(claimOf(context, epc, { kind: 'move', to: location }, claims.length));
  }
  const missing = [...book.items.values((other) => isWithin(plan, other, location))]
    .filter(({ epc, kind, state }) => isToBeThere(plan, kind, state, location) && !read.has(epc))
    .map((item) => ({ epc: item.epc, probability: noteNotFound(doubts, around, item, 'sweep', at) }))
    .map(({ epc, probability }) => ({ epc, probability: Math.round(probability * 100) / 100 }))
    .sort((a, b) => b.probability - a.probability || (a.epc < b.epc ? -1 : 1));
  const detail = {
    location,
    found,
    notFound: missing.length,
    missing: missing.slice(0, TOLD_MAX),
    elsewhere: elsewhere.slice(0, TOLD_MAX),
    unknown: unknown.slice(0, TOLD_MAX),
  };
  return { status: 'done', claims, detail };
}

/** The answer names so many of each. */
const TOLD_MAX = 100;

const isToBeThere = (plan: SitePlan, kind: Item['kind'], state: Item['state'], location: string): boolean =>
  kind !== 'unknown' && state.inBooks && isWithin(plan, state.location, location);

const unknownLocation = (plan: SitePlan, location: string): WorkAnswer =>
  refused('unknown-location', `location: ${location} is not a location of ${plan.site}.`);

const overtaken = ({ epc, settledTo }: Item, at: number): WorkAnswer | undefined =>
  at <= settledTo
    ? refused('overtaken', `${epc} has moved on since: say what is true now, without "at", or with a later one.`)
    : undefined;

const claimOf = ({ row, at }: CheckContext, epc: string, what: What, index: number): Claim => ({
  id: contentId('command', row.site, row.key, index),
  epc,
  at,
  what,
  source: 'person',
  confidence: 1,
  readPoint: undefined,
  decision: undefined,
  actor: row.actor,
  reason: row.command.reason ?? (what.kind === 'remove' ? 'looked for, and missing' : 'found there'),
});
