// Where a tag is believed to be after some bin of reads: one step of the cumulative-sum test (Page, Biometrika 41, 1954) with
// hysteresis. Pure.
import type { Rules } from '../config/rules.ts';
import type { Count } from './tallies.ts';

/** What is believed of one tag after some bin. */
export interface Belief {
  readonly place: number;
  /** Evidence for the challenger, in nats. */
  readonly odds: number;
  readonly challenger: number;
  readonly challengerSince: number;
}

export const NOWHERE = -1;
/** No place holds it, nothing speaks for one. */
export const UNKNOWN: Belief = { place: NOWHERE, odds: 0, challenger: NOWHERE, challengerSince: 0 };

/**
 * One step of the test: the strongest place of the bin against the one that holds the tag. A tag that no place holds is found
 * where it is heard. One that is held must be heard as if it were at the other place (`leakage` of its reads elsewhere) and
 * not as if it were between the two, where both hear it alike: else it would go to and fro for ever.
 */
export function weighBin(belief: Belief, counts: readonly Count[], rules: Rules): Belief {
  const { binOddsMax, enterOdds, moveOdds } = rules.zone;
  const leakage = Math.min(0.9, Math.max(0.01, rules.zone.leakage));
  const isHeld = belief.place !== NOWHERE;
  const readThere = isHeld ? Math.log(2 / (1 + leakage)) : Math.log(1 / leakage);
  const readHere = Math.log((1 + leakage) / (2 * leakage));
  const bounded = (odds: number): number => Math.min(binOddsMax, Math.max(-binOddsMax, odds));
  const holder = counts.find((entry) => entry.place === belief.place);
  let strongest: Count | undefined;
  for (const entry of counts) {
    if (entry.place !== belief.place && (strongest === undefined || isStronger(entry, strongest))) strongest = entry;
  }
  const against = (holder?.reads ?? 0) * readHere;
  if (strongest === undefined) {
    const odds = Math.max(0, belief.odds - bounded(against));
    return odds === 0 ? { ...belief, odds: 0, challenger: NOWHERE } : { ...belief, odds };
  }
  const isNew = strongest.place !== belief.challenger || belief.odds === 0;
  const gain = bounded(strongest.reads * readThere - against + louder(strongest, holder));
  const odds = Math.max(0, (isNew ? 0 : belief.odds) + gain);
  const challengerSince = isNew ? strongest.firstAt : belief.challengerSince;
  const isWon = odds >= (isHeld ? moveOdds : enterOdds);
  return { place: isWon ? strongest.place : belief.place, odds, challenger: strongest.place, challengerSince };
}

const isStronger = (a: Count, b: Count): boolean => a.reads > b.reads || (a.reads === b.reads && a.bestDbm > b.bestDbm);

/** A place that has the tag hears it by so much louder than one that does not; both spread by as much. */
const LOUDER_DB = 6;
/** How much louder one place heard it than another, as evidence of at most one nat that it is there and not between them. */
function louder(a: Count, b: Count | undefined): number {
  if (b === undefined || !Number.isFinite(a.bestDbm) || !Number.isFinite(b.bestDbm)) return 0;
  return Math.min(1, Math.max(-1, (a.bestDbm - b.bestDbm) / LOUDER_DB - 0.5));
}
