// What came, counted on its line and on the order that the line serves.
import { inBooks } from '../infer/balances.ts';
import type { EffectsDraft } from '../infer/effects.ts';
import {
  isComplete,
  isUnlisted,
  isWhole,
  overOf,
  slackOf,
  throughKey,
  type Arrival,
  type Inbound,
  type Line,
} from './inbound.ts';
import { servedBy, type Place } from './matching.ts';
import { settle } from './noted.ts';
import { touch, type WorkState } from './work.ts';

/** Adds what came, or takes it back; what it changes for a discrepancy is told. */
export function count(
  work: WorkState,
  inbound: Inbound,
  line: Line,
  { epc, quantity, status }: Arrival,
  sign: 1 | -1,
  at: number,
  draft: EffectsDraft,
): void {
  line.received = inBooks(line.received + sign * quantity);
  if (isUnlisted(line, epc)) line.unlisted = inBooks(line.unlisted + sign * quantity);
  countStatus(line, status, sign * quantity);
  const served = servedBy(work, line);
  if (served !== undefined) {
    served.line.through.set(throughKey(inbound, line), line.received);
    settleDifferences(served, at, draft);
    touch(work, served.inbound, [served.line.line]);
    endIfWhole(served.inbound, at);
  }
  settleDifferences({ inbound, line }, at, draft);
}

export const countStatus = (line: Line, status: string, quantity: number): void => {
  if (status === 'damaged') line.damaged = inBooks(line.damaged + quantity);
  if (status === 'quality') line.quality = inBooks(line.quality + quantity);
};

/** What was told of a line when a receipt was closed ends when it is so no more. */
export function settleDifferences({ inbound, line }: Place, at: number, draft: EffectsDraft): void {
  if (line.short !== undefined && isWhole(inbound, line)) {
    settle(draft, line.short, at, `nothing of ${inbound.id} is missing any more`);
    line.short = undefined;
  }
  if (line.over !== undefined && overOf(line) <= slackOf(inbound, line)) {
    settle(draft, line.over.discrepancy, at, `nothing of ${inbound.id} is too much any more`);
    line.over = undefined;
  }
}

/** Nobody waits any more for what came whole; something taken back is waited for again. */
export function endIfWhole(inbound: Inbound, at: number): void {
  const isOver = inbound.isCancelled || (inbound.receipt === undefined && isComplete(inbound));
  inbound.endedAt = isOver ? (inbound.endedAt ?? at) : undefined;
  inbound.changedAt = Math.max(inbound.changedAt, at);
}
