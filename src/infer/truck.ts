// Goods without tags that go onto a truck, or come off it again before it leaves, as a person says. Pure.
import { WORLD } from '../config/site.ts';
import { contentId } from '../kit/ids.ts';
import type { Command } from '../wire/command.ts';
import type { CommandRow } from '../wire/row.ts';
import type { Account, Transaction, TransactionType } from './effects.ts';
import { plainTransaction } from './plainStock.ts';
import type { Planner } from './planner.ts';
import { CUSTOMER, outboundOf } from './transactions.ts';

interface Said {
  readonly planner: Pick<Planner, 'loadsOf' | 'aboardOf'>;
  readonly row: CommandRow;
  /** ms, event time. */
  readonly at: number;
}
type Move = Extract<Command, { kind: 'move' }>;
type Refusal = { readonly code: string; readonly message: string };

const stockOf = ({ sku, lot = '', owner = '' }: Move) => ({ sku: sku!, lot, owner });
const virtual = (location: string): Account => ({ location, container: '', status: '' });

/** How much of it is on the load that the move names; what is wrong with naming it, when it is. */
export function aboard({ planner }: Said, move: Move, load: string): number | Refusal {
  const { from, to, quantity = 0 } = move;
  const much = planner.aboardOf(load, stockOf(move));
  if (much === undefined) return { code: 'unknown-load', message: `load: there is no load ${load} that is open.` };
  if (from !== WORLD && to !== WORLD)
    return { code: 'nowhere', message: 'load: it is said of what goes to world, or comes back from there.' };
  if (from === WORLD && quantity > much)
    return { code: 'not-aboard', message: `quantity: only ${much} of ${move.sku} is on ${load}, not ${quantity}.` };
  return much;
}

/** It came off again: its ship is reversed. */
export const offTruck = (said: Said, move: Move, load: string, status: string): Transaction =>
  plainTransaction({
    ...bodyOf(said, move),
    type: 'ship',
    accounts: { from: virtual(outboundOf(load)), to: { location: move.to, container: '', status } },
  });

/** It goes out: with the load that is named, else with the loads of the orders that it was picked for, else at once. */
export function ontoTruck(said: Said, move: Move, type: TransactionType, from: Account): Transaction {
  const { load, quantity = 0 } = move;
  const parts =
    load === undefined
      ? said.planner
          .loadsOf({
            ...stockOf(move),
            epc: undefined,
            location: move.from!,
            quantity,
            readPoint: undefined,
            at: said.at,
          })
          .map((part) => ({
            to: part.load?.hasLeft === false ? outboundOf(part.load.id) : CUSTOMER,
            quantity: part.quantity,
          }))
      : [{ to: outboundOf(load), quantity }];
  const whole = plainTransaction({ ...bodyOf(said, move), type, accounts: { from, to: virtual(CUSTOMER) } });
  const posting = whole.postings[0]!;
  return { ...whole, postings: parts.map((part) => ({ ...posting, quantity: part.quantity, to: virtual(part.to) })) };
}

const bodyOf = ({ row, at }: Said, move: Move) => ({
  id: contentId('command', row.site, row.key, 'posting'),
  at,
  source: 'person' as const,
  ...stockOf(move),
  quantity: move.quantity!,
  from: move.from!,
  to: move.to,
  actor: row.actor,
  reason: move.reason,
});
