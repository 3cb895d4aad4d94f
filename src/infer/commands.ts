// Commands of people and systems, decided at their place in the journal: into claims about items, or transactions about
// stock without serial numbers. Refused only when they make no sense; what happened is never refused (promise P6).
import { WORLD } from '../config/site.ts';
import type { Command } from '../wire/command.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import type { CommandRow } from '../wire/row.ts';
import { parseTime } from '../wire/time.ts';
import { adjusting, approveAdjustment } from './adjustments.ts';
import {
  claiming,
  claimOf,
  done,
  post,
  postTransaction,
  refused,
  unknownLocation,
  virtual,
  type CommandContext,
  type Decided,
  type Of,
  type Place,
} from './commandPlace.ts';
import { balanceOf } from './balances.ts';
import { takeCheck } from './checks.ts';
import type { Around } from './doubt/doubts.ts';
import type { Account, EffectsDraft } from './effects.ts';
import { epcCalled } from './identities.ts';
import { NEVER_SEEN } from './item.ts';
import { meaningOf } from './meaning.ts';
import { directionOf } from './passage.ts';
import { decideByPerson, passageOf } from './passages.ts';
import { CUSTOMER, SUPPLIER } from './transactions.ts';
import type { WorkAnswer } from './planner.ts';
import { aboard, offTruck, ontoTruck } from './truck.ts';

/** How far ahead of our clock a command may say that something happened. */
const AHEAD_MS = 300_000;

/** Decides one command. Transactions without claims go straight to the draft. */
export function takeCommand(context: CommandContext, around: Around, row: CommandRow, draft: EffectsDraft): Decided {
  const { command } = row;
  const at = command.at === undefined ? row.receivedAt : parseTime(command.at);
  if (Number.isNaN(at)) return refused('bad-time', `at: ${command.at} is no RFC 3339 time with a zone.`);
  if (at > row.receivedAt + AHEAD_MS)
    return refused('future', `at: ${command.at} is in the future; leave it out for now.`);
  const place = { ...context, row, at };
  switch (command.kind) {
    case 'move':
      return move(place, command, draft);
    case 'adjust':
    case 'remove':
    case 'hold':
    case 'scrap':
      return adjusting(place, command, draft);
    case 'approve-adjustment':
      return approveAdjustment(place, command, draft);
    case 'identify':
      return claiming(place, [
        claimOf(place, command.epc, {
          kind: 'identify',
          sku: command.sku,
          lot: command.lot ?? '',
          owner: command.owner ?? '',
        }),
      ]);
    case 'decide':
      return decide(place, command, draft);
    case 'pack':
      return pack(place, command);
    case 'unpack':
      return unpack(place, command);
    case 'settle':
      draft.settled.push({ id: command.discrepancy, by: row.actor, at, how: command.reason ?? 'settled by a person' });
      return done([]);
    case 'check-item':
    case 'sweep':
      return answered(takeCheck({ ...place, around }, command));
    case 'load-site':
      return done([]); // what it changes has been changed by now
    default:
      return decidePlanned(place, command, draft);
  }
}

/** What is planned, or done about what is planned. */
function decidePlanned({ planner, ...place }: Place, command: Command, draft: EffectsDraft): Decided {
  const epcOf = (identity: string): string | undefined => epcCalled(place.scans.identities, identity);
  const answer = planner.decide(command, { ...place, epcOf }, draft);
  if (answer === undefined) return refused('nothing', `Nothing is planned here that ${command.kind} could be about.`);
  return answered(answer);
}

function answered(answer: WorkAnswer): Decided {
  if (answer.status === 'refused') return refused(answer.code, answer.message);
  const { claims = [], detail = {} } = answer;
  return { outcome: { status: 'done', transactions: [], detail }, claims, withdrawals: [] };
}

function move(place: Place, command: Of<'move'>, draft: EffectsDraft): Decided {
  const unknown = unknownLocation(place.plan, command.to) ?? unknownLocation(place.plan, command.from);
  if (unknown !== undefined) return unknown;
  if (command.epc !== undefined)
    return claiming(place, [claimOf(place, command.epc, { kind: 'move', to: command.to })]);
  if (command.sku === undefined || command.quantity === undefined || command.from === undefined) {
    return refused(
      'incomplete',
      'Say epc and to for an item, or sku, quantity, from and to for stock without serial numbers.',
    );
  }
  if (command.from === command.to) return refused('nowhere', 'from and to are the same location.');
  const status = command.status ?? statusThere(place, command, command.quantity);
  const known = command.load === undefined ? undefined : aboard(place, command, command.load);
  if (typeof known === 'object') return refused(known.code, known.message);
  if (command.load !== undefined && command.from === WORLD)
    return postTransaction(draft, offTruck(place, command, command.load, status));
  // A customer sends back what no tag tells apart.
  if (command.from === WORLD && status === 'returned') {
    const back: Account = { location: command.to, container: '', status };
    return post(place, draft, 'return', command, command.quantity, virtual(CUSTOMER), back, WORLD, command.to);
  }
  const from: Account = command.from === WORLD ? virtual(SUPPLIER) : { location: command.from, container: '', status };
  const { sku, lot = '' } = command;
  const state = { ...NEVER_SEEN, sku, lot, inBooks: command.from !== WORLD, location: command.from, status };
  const transit = place.planner.transitFor({ ...state, epc: undefined, owner: command.owner ?? '' });
  const meaning = meaningOf({
    plan: place.plan,
    state,
    from: command.from,
    to: command.to,
    at: place.at,
    isCrossing: false,
    isExpected: place.planner.isExpected({ ...state, epc: undefined, at: place.at, readPoint: undefined }),
    isPlanned: place.planner.isPlanned({ ...state, epc: undefined, owner: command.owner ?? '' }),
    transit,
  });
  if (command.to === WORLD && meaning.type !== 'transfer' && transit !== SUPPLIER)
    return postTransaction(draft, ontoTruck(place, command, meaning.type, from));
  const to: Account =
    command.to === WORLD
      ? { location: transit!, container: '', status: transit === SUPPLIER ? '' : status }
      : { location: command.to, container: '', status: meaning.status ?? status };
  return post(place, draft, meaning.type, command, command.quantity, from, to, command.from, command.to);
}

/** What somebody moves who says no status: what is available, or has just come in where that is all there is of it. */
function statusThere(
  { balances }: Place,
  { sku = '', lot = '', owner = '', from = WORLD }: Of<'move'>,
  quantity: number,
): 'available' | 'receiving' {
  const there = (status: string): number =>
    balanceOf(balances, { sku, lot, owner }, { location: from, container: '', status });
  return there('available') <= 0 && there('receiving') >= quantity ? 'receiving' : 'available';
}

const placeOfItem = ({ book, plan }: Place, epc: string): string => {
  const location = book.items.get(identify(epc).epc)?.state.location;
  return location !== undefined && plan.locations.has(location) ? location : WORLD;
};

function decide(place: Place, command: Of<'decide'>, draft: EffectsDraft): Decided {
  const { passages, plan, book, row } = place;
  const known = passageOf(passages, command.passage);
  if (known === undefined) return refused('unknown-passage', `No passage ${command.passage} is open to a decision.`);
  const settledTo = book.items.get(known.epc)?.settledTo ?? Number.NEGATIVE_INFINITY;
  // What it moved, or will move, must still be open.
  const moves = directionOf(command.outcome) !== undefined || directionOf(known.told.outcome) !== undefined;
  if (moves && (known.told.crossedAt ?? known.told.lastAt) <= settledTo) {
    return refused('overtaken', `${known.epc} has moved on since this passage: say where it is now with a move.`);
  }
  const word = { outcome: command.outcome, actor: row.actor, reason: command.reason, at: place.at };
  const changes = decideByPerson(passages, plan, command.passage, word, draft);
  return {
    outcome: { status: 'done', transactions: [], detail: { passage: command.passage, outcome: command.outcome } },
    ...changes!,
  };
}

function pack(place: Place, command: Of<'pack'>): Decided {
  const container = identify(command.container).epc;
  const epcs = [...new Set(command.epcs.map((epc) => identify(epc).epc))];
  if (epcs.includes(container)) return refused('in-itself', 'A container cannot be packed into itself.');
  for (
    let outer = place.book.items.get(container)?.state.packedIn;
    outer !== undefined && outer !== '';
    outer = place.book.items.get(outer)?.state.packedIn
  ) {
    if (epcs.includes(outer)) return refused('in-itself', `${outer} already holds ${container}.`);
  }
  // A container nobody has seen is where the first thing that goes into it is.
  const isKnown = place.book.items.get(container)?.state.lastMove !== undefined;
  const location = placeOfItem(place, epcs[0]!);
  const first =
    isKnown || location === WORLD ? [] : [claimOf(place, container, { kind: 'move', to: location }, epcs.length)];
  const decided = claiming(
    place,
    epcs.map((epc, index) => claimOf(place, epc, { kind: 'pack', container }, index)),
  );
  return decided.outcome.status === 'done' ? { ...decided, first } : decided;
}

function unpack(place: Place, command: Of<'unpack'>): Decided {
  const container = identify(command.container).epc;
  const inside = [...(place.book.contents.get(container) ?? [])]
    .sort()
    .filter((epc) => place.book.items.get(epc)?.state.packedIn === container);
  const wanted = command.epcs?.map((epc) => identify(epc).epc) ?? inside;
  const missing = wanted.find((epc) => !inside.includes(epc));
  if (missing !== undefined) return refused('not-inside', `${missing} is not in ${container}.`);
  if (wanted.length === 0) return refused('empty', `${container} holds nothing that we packed.`);
  return claiming(
    place,
    wanted.map((epc, index) => claimOf(place, epc, { kind: 'unpack' }, index)),
  );
}
