// Portals whose antennas all look at one side: no read tells by its side where a tag is, so the cheap statistics cannot say when
// something may have crossed. Courses are asked at regular moments as long as anything sounds new, and where they are surest a look
// is taken.
import type { SitePlan } from '../config/plan.ts';
import type { AreaState } from './fold.ts';
import { decideGroup } from './group.ts';
import { explainAll, judge, sorted } from './suspects.ts';
import { PEAK_MS, weighAll } from './weighing.ts';

const EVERY_MS = 750;
/** Sounding new so lately, it may be crossing. */
const NEW_MS = 4000;
/** Log-odds from which a look is taken; what comes of it is decided as for any portal. */
const LEAST = -1;

/** Everything that may speak of `at` is in: asks the courses, and looks at the moment of which they were surest. */
export function lookOneSided(area: AreaState, site: SitePlan, now: number, at: number): void {
  if (at % EVERY_MS !== 0) return;
  for (const [index, { isOneSided }] of area.geometries.entries()) {
    if (!isOneSided) continue;
    const portal = area.fold.portals[index]!;
    const logOdds = logOddsOf(area, site, now, at, index);
    portal.looks = [...portal.looks.filter((look) => look.at >= at - 2 * PEAK_MS), { at, logOdds }];
    const middle = portal.looks.find((look) => look.at === at - PEAK_MS);
    if (middle === undefined || middle.logOdds < LEAST) continue;
    const isSurest = portal.looks.every(
      (look) => look.logOdds < middle.logOdds || (look.at >= middle.at && look.logOdds === middle.logOdds),
    );
    if (isSurest) decideGroup(area, site, now, middle.at, index, undefined);
  }
}

function logOddsOf(area: AreaState, site: SitePlan, now: number, at: number, index: number): number {
  const weights = weighAll(area, site, index, at, false);
  const { suspects } = sorted(area, weights, at - NEW_MS, Number.NEGATIVE_INFINITY);
  if (suspects.length === 0) return Number.NEGATIVE_INFINITY;
  return judge(area, index, explainAll(area, index, at, now, suspects), at)?.logOdds ?? Number.NEGATIVE_INFINITY;
}
