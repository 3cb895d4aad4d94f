// What leaves no doubt is told early: a load that is well through a portal, and who was surely of it. Everything else waits for more
// reads; and so that those wait in the same company as ever, nothing changes for whom it was told until then.
import type { SitePlan } from '../config/plan.ts';
import { basisOf } from './basis.ts';
import { SUREST, TAG_SURE, tellEarly } from './crossing.ts';
import { own, type AreaState, type Pooled } from './fold.ts';
import { crossedAtOf } from './group.ts';
import { kept } from './recent.ts';
import type { Track } from './track.ts';
import { explainAll, isCrowded, judge, sorted } from './suspects.ts';
import { beamOdds, PEAK_MS, poolOf, weighAll } from './weighing.ts';

/** How long a moment has been over when it is looked at: at first hardly, then again for whom that left in doubt. */
const AGES_MS = [250, 500, 750, 1000, 1500, 2000];
const EARLIEST_MS = 250;
/** Log-odds of the pool from which it is worth asking courses. */
const POOL_LEAST = 20;
/** P(the load crossed). */
const LOAD_SURE = 0.999;
/** Within this of the door a load may still turn. */
const THROUGH_MS = 250;

/** Asks, for each portal whose pool has begun to fall from very high, whether a load is through. */
export function lookEarly(area: AreaState, site: SitePlan, now: number): void {
  if (isCrowded(area)) return;
  const at = now - EARLIEST_MS;
  for (const [index, portal] of area.fold.portals.entries()) {
    const pool = { at, ...poolOf(portal, at, weighAll(area, site, index, at, true)) };
    portal.early = [...portal.early.filter((moment) => moment.at >= now - KEPT_MS), pool];
    for (const age of AGES_MS) {
      const peak = portal.early.find((moment) => moment.at === now - age);
      if (peak !== undefined && height(peak) >= POOL_LEAST && isPeak(peak, portal.early))
        decideEarly(area, site, now, peak.at, index);
    }
  }
}

const KEPT_MS = Math.max(...AGES_MS) + PEAK_MS;

const height = ({ in: inward, out }: Pooled): number => Math.max(inward, out);

/** Nothing near it is higher; of equals the last one counts. */
const isPeak = (peak: Pooled, moments: readonly Pooled[]): boolean =>
  moments.every(
    (moment) =>
      Math.abs(moment.at - peak.at) > PEAK_MS ||
      height(moment) < height(peak) ||
      (moment.at <= peak.at && height(moment) === height(peak)),
  );

/** A load went through portal `index` about `at`: tells who was of it, as far as that is beyond doubt. */
function decideEarly(area: AreaState, site: SitePlan, now: number, at: number, index: number): void {
  const weights = weighAll(area, site, index, at, false);
  const { suspects, rest } = sorted(area, weights, at - site.rules.portal.windowBeforeMs);
  if (rest.length > 0 || suspects.every(({ track }) => isTold(track))) return;
  const candidates = explainAll(area, index, at, now, suspects);
  const verdict = judge(area, index, candidates, at);
  if (verdict === undefined || verdict.isSmall || verdict.probability < LOAD_SURE) return;
  const crossedAt = crossedAtOf(area, index, candidates, verdict, at + verdict.momentMs);
  if (crossedAt > now - THROUGH_MS) return;
  const { kind: direction, members, probability, course, moment, share } = verdict;
  const { lore } = area.fold.portals[index]!;
  const { postAt } = site.rules.portal;
  const pooled = poolOf(area.fold.portals[index]!, at, weights)[direction];
  const group = { at: crossedAt, size: members.filter((member) => member >= 0.5).length };
  for (const [position, { track, weight, weighed }] of candidates.entries()) {
    const posterior = Math.min(SUREST, members[position]! * probability);
    // What a person is to decide is not told early.
    if (posterior < Math.max(TAG_SURE, postAt) || isTold(track)) continue;
    const owned = own(area.fold, track.tag);
    const basis = basisOf(owned, lore, site.rules.portal, {
      direction,
      at,
      until: now,
      load: { course, moment, share, probability, size: group.size },
      beam: beamOdds(area.fold.portals[index]!, crossedAt),
      prior: weighed.prior,
      expected: weighed.expected,
    });
    const scores = { in: weight.in, out: weight.out, mobility: owned.mobility, pooled, basis };
    const reads = kept(owned.recent);
    const crossing = { portal: index, direction, at: crossedAt, probability: posterior, group, scores, reads };
    tellEarly(area, owned, crossing, now, postAt);
  }
}

/** Told already, or waiting to be told of an earlier load. */
const isTold = ({ told, waiting }: Track): boolean => told !== undefined || waiting !== undefined;
