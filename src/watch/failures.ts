// Rules that cannot be looked at: told when one begins to fail, or fails for another reason, and when it works again; not at
// every look.
import type { Logger } from '../kit/log.ts';
import type { RuleFailure } from './evaluate.ts';

/** To be called after each look with the sites that were looked at, and what failed there. */
export type TellFailures = (sites: readonly string[], failed: readonly RuleFailure[]) => void;

export function openFailures(log: Logger): TellFailures {
  let before: ReadonlyMap<string, RuleFailure> = new Map();
  return (sites, failed) => {
    const now = new Map(failed.map((failure) => [`${failure.site} ${failure.kind}`, failure]));
    for (const [key, { site, kind, reason }] of now)
      if (before.get(key)?.reason !== reason) log.error({ site, kind, reason }, 'a rule of alerts cannot be looked at');
    for (const [key, { site, kind }] of before)
      if (!now.has(key) && sites.includes(site)) log.info({ site, kind }, 'a rule of alerts can be looked at again');
    before = now;
  };
}
