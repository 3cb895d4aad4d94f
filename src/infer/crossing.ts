// Decisions: a group crossed, or a tag alone, or it left without having crossed.
import type { SitePlan } from '../config/plan.ts';
import { membership, mobilityAfter, ratioOf } from './decider.ts';
import { own, settleTrack, type AreaState } from './fold.ts';
import { concludeIdle } from './idle.ts';
import type { Decision } from './passage.ts';
import { logistic, logit } from './signal.ts';
import type { Direction, Track } from './track.ts';
import { poolOf, weighAll } from './weighing.ts';

/** Before any evidence: a tag that is heard alone has crossed. */
const ALONE = logit(0.15);

/** A group crossed portal `index` at `at`, if the evidence says so once who has crossed elsewhere is left out. */
export function decideGroup(
  area: AreaState,
  site: SitePlan,
  now: number,
  at: number,
  index: number,
  direction: Direction,
): void {
  const { fold } = area;
  const weights = weighAll(area, site, index, at, false);
  const pooled = poolOf(fold.portals[index]!, at, weights)[direction];
  if (weights.size === 0 || pooled < site.rules.portal.crossingOddsMin) return;
  const candidates = [...weights].map(([tag, weight]) => {
    const track = fold.tracks.get(tag)!;
    return { track, weight, logRatio: ratioOf(track, weight, direction) };
  });
  const posteriors = membership(candidates);
  const { postAt, ignoreBelow } = site.rules.portal;
  const size = posteriors.filter((posterior) => posterior >= 0.5).length;
  for (const [position, { track, weight }] of candidates.entries()) {
    const posterior = posteriors[position]!;
    const owned = own(fold, track.tag);
    const decision =
      posterior < ignoreBelow ? undefined : crossingDecision(area, index, owned, at, now, direction, posterior, postAt);
    const mobility = owned.mobility;
    owned.mobility = mobilityAfter(mobility, posterior);
    if (decision === undefined) continue;
    area.decisions.push({
      ...decision,
      group: { at, size },
      scores: { in: weight.in, out: weight.out, mobility, pooled },
    });
    if (posterior >= 0.5) {
      markCrossed(owned, at, area.geometries[index]!.portal, direction);
      settleTrack(area, track.tag, at); // what came before has been spent on this crossing
    } else owned.best = undefined;
  }
}

type Judged = Omit<Decision, 'group' | 'scores'>;

function crossingDecision(
  area: AreaState,
  index: number,
  track: Track,
  at: number,
  now: number,
  direction: Direction,
  posterior: number,
  postAt: number,
): Judged {
  const leads = posterior >= 0.5;
  return {
    tag: track.tag,
    portal: area.geometries[index]!.portal,
    outcome: posterior >= postAt ? direction : 'undecided',
    leading: leads ? direction : 'stayed',
    probability: leads ? posterior : 1 - posterior,
    // Heard no more since it crossed before: this one is told from reads of then.
    firstAt: Number.isNaN(track.passageFrom) ? Math.min(at, track.sighting!.lastAt) : track.passageFrom,
    lastAt: track.sighting!.lastAt,
    crossedAt: at,
    decidedAt: now,
    reads: [...track.recent],
  };
}

function markCrossed(track: Track, at: number, portal: number, direction: Direction): void {
  track.lastCrossing = { at, portal, direction };
  track.best = undefined;
  track.idle = undefined;
  track.hasCrossed = true;
  track.passageFrom = track.recent.find((read) => read.at > at)?.at ?? Number.NaN;
}

/** The tag is gone from the field and did not cross with a group: it crossed alone, or not at all. */
export function conclude(area: AreaState, site: SitePlan, tag: number, now: number): void {
  const { fold } = area;
  const track = own(fold, tag);
  fold.active.delete(tag);
  const { postAt, ignoreBelow, lingerMs } = site.rules.portal;
  const best = track.best;
  const posterior = best === undefined ? 0 : logistic(best.logOdds + Math.min(0, track.mobility) + ALONE);
  const none = { in: 0, out: 0, mobility: track.mobility, pooled: 0 };
  if (best !== undefined && posterior >= ignoreBelow) {
    const scores = { ...none, [best.direction]: best.logOdds };
    area.decisions.push({
      ...crossingDecision(area, best.portal, track, best.at, now, best.direction, posterior, postAt),
      group: undefined,
      scores,
    });
    if (posterior >= 0.5) markCrossed(track, best.at, area.geometries[best.portal]!.portal, best.direction);
  } else if (!track.hasCrossed) {
    const idle = concludeIdle(
      area.geometries,
      track,
      site.rules.portal,
      fold.portals.map((portal) => portal.level),
    );
    // A parked tag is heard again and again: it is told once, not every time.
    if (track.idle === undefined || track.idle.outcome !== idle.outcome || now > track.idle.until) {
      area.decisions.push({
        ...idle,
        probability: 1 - posterior,
        crossedAt: undefined,
        decidedAt: now,
        group: undefined,
        scores: none,
        reads: [...track.recent],
      });
    }
    track.idle = { outcome: idle.outcome, until: now + lingerMs, probability: 1 - posterior };
  }
  track.sighting = undefined;
  track.hasCrossed = false;
  track.best = undefined;
  track.passageFrom = Number.NaN;
  settleTrack(area, tag, Number.POSITIVE_INFINITY);
}
