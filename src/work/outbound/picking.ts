// Pick lists are mended when something is not there. They are made in releasing.ts; what is taken is confirmed in confirming.ts.
import { inBooks } from '../../infer/balances.ts';
import type { EffectsDraft } from '../../infer/effects.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { OutboundCommand } from '../../wire/outbound.ts';
import { refused } from '../requests.ts';
import { allocate, dropPlanned } from './allocate.ts';
import { stockKey } from './order.ts';
import { touchOrder, touchPick, type Outbound } from './outbound.ts';
import { type Pick, type PickLine, type Planned } from './pick.ts';
import { noteShort } from './shortages.ts';
import { openAtStop, takenTogether } from './stops.ts';
import { wantedBy } from './supply.ts';

type Of<K extends OutboundCommand['kind']> = Extract<OutboundCommand, { kind: K }>;
type Refusal = ReturnType<typeof refused>;

/** The line that a command names; it must have something left to be taken. */
export function openLine(
  outbound: Outbound,
  { pick: id, line: number }: { readonly pick: string; readonly line: number },
): Planned | Refusal {
  const pick = pickNamed(outbound, id);
  if ('status' in pick) return pick;
  const line = pick.lines.find((one) => one.line === number);
  if (line === undefined) return refused('unknown-pick', `${id} has no line ${number}; it has ${pick.lines.length}.`);
  return { pick, line };
}

export const done = ({ pick, line }: Planned): Refusal =>
  refused('pick-done', `Nothing is left to be taken of line ${line.line} of ${pick.id}.`);

/** The open list that a command names. */
export function pickNamed({ picks, ended }: Outbound, id: string): Pick | Refusal {
  const pick = picks.get(id);
  if (pick !== undefined) return pick;
  return ended.pick.has(id)
    ? refused('pick-done', `${id} was done long ago.`)
    : refused('unknown-pick', `There is no pick list ${id}.`);
}

/** It is not there: taken from another bin where one has it, else the promise is broken. Of a batch the lowest rank goes without. */
export function short(
  outbound: Outbound,
  command: Of<'short-pick'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const planned = openLine(outbound, command);
  if ('status' in planned) return planned;
  const { pick, line } = planned;
  const left = openAtStop(outbound, planned);
  if (left === 0) return done(planned);
  const { quantity = left } = command;
  if (inBooks(quantity) !== quantity)
    return refused('bad-quantity', `quantity: ${quantity} is finer than 0.0001, which the books do not tell apart.`);
  if (quantity > left)
    return refused('too-many', `Only ${left} of line ${line.line} of ${pick.id} is left to be taken, not ${quantity}.`);
  noteShort(outbound, request, line, { missing: quantity, left: inBooks(left - quantity) }, request.row.key, draft);
  const before = new Map(listsOfWave(outbound, pick).map((list) => [list, list.lines.length]));
  const parts = takenTogether(outbound, planned, quantity, 'lowest').map((part) => {
    dropPlanned(outbound, request, { pick, line: part.line }, part.quantity);
    const wanted = wantedBy(outbound, part.line)!;
    wanted.line.reserved = inBooks(wanted.line.reserved + part.quantity);
    touchOrder(outbound, wanted.order, [wanted.line.line]);
    touchPick(outbound, pick, [part.line.line]);
    return { ...wanted, pick, quantity: part.quantity, of: part.line };
  });
  allocate(outbound, request, [stockKey(line.sku, line.owner)], draft, parts);
  const instead = listsOfWave(outbound, pick).flatMap((list) =>
    list.lines
      .slice(before.get(list) ?? 0)
      .filter((one) => parts.some(({ of }) => isInsteadOf(of)(one)))
      .map((one) => ({ list, one })),
  );
  const replanned = inBooks(instead.reduce((sum, { one }) => sum + one.quantity, 0));
  const elsewhere = [...new Set(instead.map(({ list }) => list.id))].filter((id) => id !== pick.id);
  return {
    status: 'done',
    detail: {
      pick: pick.id,
      line: line.line,
      short: quantity,
      replanned,
      lines: instead.filter(({ list }) => list === pick).map(({ one }) => one.line),
      ...(elsewhere.length === 0 ? {} : { elsewhere }),
    },
  };
}

/** The list, and of a wave by zones the others of it. */
const listsOfWave = ({ picks }: Outbound, pick: Pick): Pick[] =>
  pick.method === 'zone' ? [...picks.values()].filter(({ wave }) => wave === pick.wave) : [pick];

const isInsteadOf =
  (line: PickLine) =>
  (other: PickLine): boolean =>
    other.order === line.order && other.orderLine === line.orderLine;
