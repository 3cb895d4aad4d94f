// All rules of a site, looked at once. A rule that fails says nothing: neither that something is wrong nor that it is not.
import { ALERT_KINDS, type AlertKind, type AlertRules } from '../config/alertKinds.ts';
import { messageOf } from '../kit/faults.ts';
import { isAway } from '../store/database.ts';
import type { Finding, Kind, Look } from './finding.ts';
import { KINDS } from './kinds/kinds.ts';

export interface Evaluation {
  /** What each rule found that could be looked at; nothing of one that is switched off. */
  readonly found: ReadonlyMap<AlertKind, readonly Finding[]>;
  readonly failed: readonly RuleFailure[];
}

/** A rule that could not be looked at. */
export interface RuleFailure {
  readonly site: string;
  readonly kind: AlertKind;
  readonly reason: string;
}

/** Only of these kinds, or of all. Throws when Postgres is away: the next look finds it again. What one rule meets is no matter of the others. */
export async function evaluate(
  look: Look,
  rules: AlertRules,
  kinds: readonly AlertKind[] = ALERT_KINDS,
): Promise<Evaluation> {
  const found = new Map<AlertKind, readonly Finding[]>();
  const failed: RuleFailure[] = [];
  for (const kind of kinds) {
    if (!rules[kind].on) {
      found.set(kind, []);
      continue;
    }
    try {
      // The rule and the limits are of the same kind; types of a union of pairs cannot say so.
      const { find } = KINDS[kind] as Kind<unknown>;
      found.set(kind, await find(look, rules[kind]));
    } catch (error) {
      if (isAway(error)) throw error;
      failed.push({ site: look.plan.site, kind, reason: messageOf(error) });
    }
  }
  return { found, failed };
}
