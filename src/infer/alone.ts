// A tag by itself: whether it crossed alone, and what becomes of it when it has left without having crossed.
import { lastAtOf } from '../clean/sighting.ts';
import type { SitePlan } from '../config/plan.ts';
import { basisOf } from './basis.ts';
import { settleTold, tellCrossing } from './crossing.ts';
import { expectedAt, own, settleTrack, type AreaState } from './fold.ts';
import { looked, lookAgain } from './group.ts';
import { isCrowded } from './suspects.ts';
import { concludeIdle } from './idle.ts';
import { kept } from './recent.ts';
import { audibilityAt, explainTrack } from './radio/judge.ts';
import { chanceOf } from './radio/learn.ts';
import { judgeLoad, told, weighTag } from './radio/load.ts';
import { logistic, logit } from './signal.ts';
import { beamOdds } from './weighing.ts';

/** What a load did, or did not do, none of its tags did alone at about that time. */
const WITH_LOAD_MS = 3000;

/** Before any evidence: a tag has crossed alone, in a crowd that leaves no time for more than the cheap statistics. */
const IN_A_CROWD = logit(0.15);

/** Weighs the strongest single sign that a tag crossed, once everything around it is known. */
export function judgeAlone(area: AreaState, site: SitePlan, tag: number, now: number): void {
  const track = own(area.fold, tag);
  const best = track.best!;
  track.best = { ...best, isJudged: true };
  const withLoadAt = Math.max(track.heldAt, track.waiting?.at ?? Number.NEGATIVE_INFINITY);
  if (Math.abs(best.at - withLoadAt) <= WITH_LOAD_MS) return;
  if (isCrowded(area)) {
    const probability = logistic(best.logOdds + Math.min(0, track.mobility) + IN_A_CROWD);
    if (probability > (track.alone?.probability ?? 0))
      track.alone = { ...best, probability, reads: kept(track.recent) };
    return;
  }
  const portal = area.fold.portals[best.portal]!;
  const { lore } = portal;
  const field = area.fields[best.portal]!;
  const bank = field.bank(lore.air);
  const explained = explainTrack(track, field, lore, best.at, now);
  if (explained === undefined) return;
  const audibility = audibilityAt(field, lore, best.at, now);
  const expected = expectedAt(area, tag, best.portal, best.at)?.direction;
  const weighed = weighTag(bank, explained.explanation, audibility, Math.min(0, track.mobility), expected);
  const judged = judgeLoad(bank, [weighed], chanceOf(lore.group), chanceOf(lore.alone))!;
  // A beam that nothing broke speaks against it; a broken one says nothing of this tag: another may have broken it.
  const verdict = told(judged, Math.min(0, beamOdds(portal, best.at + judged.momentMs)));
  portal.lore = looked(lore, verdict);
  if (verdict.probability <= (track.alone?.probability ?? 0)) return;
  const basis = basisOf(track, lore, site.rules.portal, {
    direction: verdict.kind,
    at: best.at,
    until: now,
    load: undefined,
    beam: verdict.logOdds - judged.logOdds,
    prior: Math.min(0, track.mobility),
    expected,
  });
  track.alone = {
    basis,
    probability: verdict.probability,
    at: Math.min(now, best.at + verdict.momentMs),
    portal: best.portal,
    direction: verdict.kind,
    logOdds: verdict.logOdds,
    reads: kept(track.recent),
  };
}

/** The tag is gone from the field and did not cross with a group: it crossed alone, or not at all. */
export function conclude(area: AreaState, site: SitePlan, tag: number, now: number): void {
  const { fold } = area;
  const track = own(fold, tag);
  fold.active.delete(tag);
  if (track.told !== undefined) settleTold(area, track);
  if (track.waiting !== undefined) lookAgain(area, site, tag, now);
  if (track.best?.isJudged === false) judgeAlone(area, site, tag, now);
  const { postAt, ignoreBelow, lingerMs } = site.rules.portal;
  const { alone } = track;
  const posterior = alone?.probability ?? 0;
  const none = { in: 0, out: 0, mobility: track.mobility, pooled: 0 };
  if (alone !== undefined && posterior >= ignoreBelow) {
    const scores = { ...none, [alone.direction]: alone.logOdds, ...(alone.basis && { basis: alone.basis }) };
    tellCrossing(area, track, { ...alone, group: undefined, scores }, now, postAt);
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
        reads: kept(track.recent),
      });
    }
    track.idle = { outcome: idle.outcome, until: now + lingerMs };
  }
  track.leftAt = lastAtOf(track.sighting!);
  track.sighting = undefined;
  track.hasCrossed = false;
  track.best = undefined;
  track.alone = undefined;
  track.passageFrom = Number.NaN;
  settleTrack(area, tag, Number.POSITIVE_INFINITY);
}
