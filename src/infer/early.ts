// What leaves no doubt is told early: a load that is well through a portal, and who was surely of it. Everything else waits for more
// reads; and so that those wait in the same company as ever, nothing changes for whom it was told until then.
import { GRID_MS } from '../clean/clean.ts';
import type { SitePlan } from '../config/plan.ts';
import { basisOf } from './basis.ts';
import { SUREST, TAG_SURE, tellEarly } from './crossing.ts';
import { own, type AreaState, type Pooled } from './fold.ts';
import { explainAll, isCrowded, judge, sorted } from './suspects.ts';
import { beamOdds, PEAK_MS, poolOf, weighAll } from './weighing.ts';

/** So long after a moment it may be told. */
const EARLY_MS = 1250;
/** Log-odds of the pool from which it is worth asking courses. */
const POOL_LEAST = 20;
/** P(the load crossed). */
const LOAD_SURE = 0.999;
/** Within this of the door a load may still turn. */
const THROUGH_MS = 1000;

/** Asks, for each portal whose pool has just begun to fall from very high, whether a load is through. */
export function lookEarly(area: AreaState, site: SitePlan, now: number): void {
  if (isCrowded(area)) return;
  const at = now - EARLY_MS;
  for (const [index, portal] of area.fold.portals.entries()) {
    const pool = { at, ...poolOf(portal, at, weighAll(area, site, index, at, true)) };
    const before = portal.early;
    portal.early = [...before.filter((moment) => moment.at >= at - PEAK_MS), pool];
    const last = before.at(-1);
    if (last?.at !== at - GRID_MS || height(last) < POOL_LEAST || height(pool) >= height(last)) continue;
    if (before.every((moment) => height(moment) <= height(last))) decideEarly(area, site, now, last.at, index);
  }
}

const height = ({ in: inward, out }: Pooled): number => Math.max(inward, out);

/** A load went through portal `index` about `at`: tells who was of it, as far as that is beyond doubt. */
function decideEarly(area: AreaState, site: SitePlan, now: number, at: number, index: number): void {
  const weights = weighAll(area, site, index, at, false);
  const { suspects, rest } = sorted(area, weights, at - site.rules.portal.windowBeforeMs);
  if (rest.length > 0) return;
  const candidates = explainAll(area, index, at, now, suspects);
  const verdict = judge(area, index, candidates, at);
  if (verdict === undefined || verdict.isSmall || verdict.probability < LOAD_SURE) return;
  const crossedAt = at + verdict.momentMs;
  if (crossedAt > now - THROUGH_MS) return;
  const { kind: direction, members, probability, course, moment, share } = verdict;
  const { lore } = area.fold.portals[index]!;
  const { postAt } = site.rules.portal;
  const pooled = poolOf(area.fold.portals[index]!, at, weights)[direction];
  const group = { at: crossedAt, size: members.filter((member) => member >= 0.5).length };
  for (const [position, { track, weight, weighed }] of candidates.entries()) {
    const posterior = Math.min(SUREST, members[position]! * probability);
    // What a person is to decide is not told early, nor who waits to be told of an earlier load.
    if (posterior < Math.max(TAG_SURE, postAt) || track.told !== undefined || track.waiting !== undefined) continue;
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
    const reads = [...owned.recent];
    const crossing = { portal: index, direction, at: crossedAt, probability: posterior, group, scores, reads };
    tellEarly(area, owned, crossing, now, postAt);
  }
}
