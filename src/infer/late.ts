// What came too late to change anything is told, not dropped in silence.
import type { Cleaned } from '../clean/clean.ts';
import type { SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import type { EffectsDraft } from './effects.ts';
import type { Claim } from './item.ts';

/** Where it is told, and what was told already. */
export interface Telling {
  readonly state: {
    readonly plan: SitePlan;
    /** Read points and hours for which lost reads were told already. */
    readonly toldLate: Set<string>;
  };
  readonly draft: EffectsDraft;
}

/** A claim about an item that has moved on since. */
export function tellOverdue({ state, draft }: Telling, overdue: Claim): void {
  draft.discrepancies.push({
    id: contentId('discrepancy', state.plan.site, 'late-evidence', overdue.id),
    kind: 'late-evidence',
    severity: 'warning',
    happenedAt: overdue.at,
    epc: overdue.epc,
    location: 'to' in overdue.what ? overdue.what.to : undefined,
    readPoint: overdue.readPoint,
    decision: overdue.decision?.id,
    message:
      'Evidence of an earlier movement came after the item had moved on: it is kept, but changes nothing. Check where the item is.',
  });
}

/** Reads of doors from a time that is settled. */
export function tellTooLate(step: Telling, { tooLate, row }: Cleaned): void {
  for (const { readPoint, reads } of tooLate)
    tellLate(step, step.state.plan.readPoints[readPoint]!.id, row.receivedAt, reads);
}

const HOUR_MS = 3_600_000;

/** Once an hour and read point: a backlog of a thousand rows is one thing to look at. */
export function tellLate({ state, draft }: Telling, where: string, now: number, reads: number): void {
  const hour = Math.floor(now / HOUR_MS);
  const id = contentId('discrepancy', state.plan.site, 'late-reads', where, hour);
  if (state.toldLate.has(id)) return;
  state.toldLate.add(id);
  draft.discrepancies.push({
    id,
    kind: 'late-reads',
    severity: 'warning',
    happenedAt: now,
    readPoint: where,
    message: `Reads (${reads} at first) came later than lateMs (${state.plan.rules.lateMs} ms): they are in the journal, but decide nothing any more. Look for a gateway that was offline, or a wrong clock.`,
  });
}
