// The alerts of a kind at a site, all a step further. Pure. So many are open at a time and no more; what is found beyond waits
// until one of them ends. What is open already is never cut: it would look as if it had ended.
import type { AlertKind, AlertRule } from '../config/alertKinds.ts';
import { step, type Alert, type AlertState, type Step } from './alert.ts';
import type { Finding } from './finding.ts';

/** More of a kind are too much for anybody to look at one by one. */
export const PRESENT_MAX = 200;

const isPresent = (state: AlertState | undefined): boolean => state !== undefined && state !== 'resolved';

/** `alerts` are those that may still change, one a thing. Two findings about one thing are one: the first. */
export function stepAll(
  site: string,
  kind: AlertKind,
  alerts: ReadonlyMap<string, Alert>,
  findings: readonly Finding[],
  rule: AlertRule,
  now: number,
): readonly Step[] {
  const found = new Map<string, Finding>();
  for (const finding of findings) if (!found.has(finding.subject)) found.set(finding.subject, finding);
  const steps: Step[] = [];
  let present = [...alerts.values()].filter(({ state }) => isPresent(state)).length;
  // Those that there are come first: what ends makes room.
  for (const subject of new Set([...alerts.keys(), ...found.keys()])) {
    const before = alerts.get(subject);
    const next = step(site, kind, before, found.get(subject), rule, now);
    if (next === undefined) continue;
    const change = Number(isPresent(next.alert.state)) - Number(isPresent(before?.state));
    if (change > 0 && present >= PRESENT_MAX) continue;
    present += change;
    steps.push(next);
  }
  return steps;
}
