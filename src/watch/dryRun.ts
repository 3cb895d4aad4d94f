// What a rule would have done in the past: from the times in which its cause held, the alerts that it would have been. Pure
// but for what the rule itself looks up.
import type { AlertKind, AlertRule, AlertRules } from '../config/alertKinds.ts';
import type { Kind, Past, Period } from './finding.ts';
import { KINDS } from './kinds/kinds.ts';

export interface Firing {
  readonly subject: string;
  readonly from: number;
  /** When it would have resolved itself; undefined when it still would be open at the end. */
  readonly to: number | undefined;
  /** How often it would have come up: opened once, re-opened the other times. */
  readonly times: number;
  readonly message: string;
}

/** The alerts of a kind that there would have been, oldest first: none of a rule that is off. */
export async function dryRun(past: Past, kind: AlertKind, limits: AlertRules[AlertKind]): Promise<readonly Firing[]> {
  const { past: lookBack } = KINDS[kind] as Kind<unknown>;
  return limits.on ? firingsOf(await lookBack(past, limits), limits, past) : [];
}

/** Times of one thing that overlap, or are so close that the alert would not have resolved itself or would have come back. */
export function firingsOf(
  periods: readonly Period[],
  { clearAfterMs, reopenWithinMs }: Pick<AlertRule, 'clearAfterMs' | 'reopenWithinMs'>,
  { from, to }: { readonly from: number; readonly to: number },
): Firing[] {
  const last = new Map<string, Firing>();
  const firings: Firing[] = [];
  for (const period of periods.toSorted((a, b) => a.from - b.from)) {
    if (period.from > to || (period.to ?? to) < from) continue;
    const before = last.get(period.subject);
    const end = period.to === undefined ? undefined : period.to + clearAfterMs;
    const stillOpen = before !== undefined && (before.to === undefined || period.from <= before.to);
    const comesBack = before?.to !== undefined && period.from <= before.to + reopenWithinMs;
    let next: Firing = {
      subject: period.subject,
      from: Math.max(from, period.from),
      to: end,
      times: 1,
      message: period.message,
    };
    if (before !== undefined && (stillOpen || comesBack)) {
      const ends = before.to === undefined || end === undefined ? undefined : Math.max(before.to, end);
      next = { ...before, to: ends, times: before.times + (stillOpen ? 0 : 1) };
      firings[firings.indexOf(before)] = next;
    } else firings.push(next);
    last.set(period.subject, next);
  }
  return firings.map((firing) => (firing.to !== undefined && firing.to > to ? { ...firing, to: undefined } : firing));
}
