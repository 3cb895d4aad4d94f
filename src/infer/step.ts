// One step of an area's fold: reads are taken in, the moment one window ago is weighed, and what has left is concluded.
import { BEAM_ANTENNA, GRID_MS } from '../clean/clean.ts';
import type { ReadColumns } from '../clean/areaLog.ts';
import { isOver } from '../clean/sighting.ts';
import type { SitePlan } from '../config/plan.ts';
import { conclude, judgeAlone } from './alone.ts';
import { settleTold } from './crossing.ts';
import { lookEarly } from './early.ts';
import { decideGroup, lookAgain, SECOND_LOOK_MS } from './group.ts';
import { lookOneSided } from './oneSided.ts';
import { own, settleTrack, sideAt, type AreaState, type PortalState } from './fold.ts';
import { countOf, timeOf } from './recent.ts';
import { BEFORE_MS } from './radio/judge.ts';
import { addToLevel } from './signal.ts';
import { hear, type Direction } from './track.ts';
import { beamOdds, PEAK_MS, poolOf, weighAll, type Weights } from './weighing.ts';

/** After the light beam is free again, so long until the decision. */
const BEAM_SETTLE_MS = 1000;
const BEAM_MEMORY_MS = 600_000;

/** Takes in one read, or a change of a light beam. */
export function takeRead(area: AreaState, reads: ReadColumns, position: number): void {
  const { fold } = area;
  const at = reads.at[position]!;
  const antenna = reads.antenna[position]!;
  const rssiDbm = reads.rssiDbm[position]!;
  if (antenna >= BEAM_ANTENNA) {
    takeBeam(fold.portals[antenna - BEAM_ANTENNA]!, at, rssiDbm > 0);
    return;
  }
  const tag = reads.tag[position]!;
  const index = area.portalOf[antenna]!;
  const portal = fold.portals[Math.max(0, index)]!;
  const track = own(fold, tag);
  if (track.sighting === undefined) fold.active.add(tag);
  hear(track, at, antenna, rssiDbm, sideAt(area, antenna), portal.level.meanDbm);
  if (!Number.isNaN(rssiDbm)) addToLevel(portal.level, rssiDbm);
}

function takeBeam(portal: PortalState, at: number, isBroken: boolean): void {
  const last = portal.beams.at(-1);
  const kept = portal.beams.filter((beam) => beam.brokenAt > at - BEAM_MEMORY_MS);
  if (isBroken) portal.beams = [...kept, { brokenAt: at, wholeAt: undefined, used: false }];
  else if (last !== undefined && last.wholeAt === undefined)
    portal.beams = [...kept.slice(0, -1), { ...last, wholeAt: at }];
}

/** Everything up to `now` is in: decides what can be decided. */
export function takeStep(area: AreaState, site: SitePlan, now: number): void {
  const { fold } = area;
  const rules = site.rules.portal;
  const at = now - rules.windowAfterMs;
  for (const [index, portal] of fold.portals.entries()) {
    const weights = weighAll(area, site, index, at, true);
    noteBest(area, index, at, weights);
    const pooled = { at, ...poolOf(portal, at, weights) };
    portal.pooled = [...portal.pooled.filter((moment) => moment.at >= at - 2 * PEAK_MS), pooled];
  }
  lookEarly(area, site, now);
  decideCrossings(area, site, now, at - PEAK_MS);
  lookOneSided(area, site, now, at - PEAK_MS);
  decideBeams(area, site, now);
  for (const tag of fold.active) catchUp(area, site, tag, now);
}

/** What is due for one tag. It is looked up anew each time: whatever changes it may have put a copy in its place. */
function catchUp(area: AreaState, site: SitePlan, tag: number, now: number): void {
  const { fold } = area;
  const rules = site.rules.portal;
  const { told } = fold.tracks.get(tag)!;
  if (told !== undefined && now >= told.at + TOLD_MS) settleTold(area, own(fold, tag));
  const { best } = fold.tracks.get(tag)!;
  if (best?.isJudged === false && now >= best.at + rules.windowAfterMs + 2 * PEAK_MS) judgeAlone(area, site, tag, now);
  const { waiting } = fold.tracks.get(tag)!;
  if (waiting !== undefined && now >= waiting.at + SECOND_LOOK_MS) lookAgain(area, site, tag, now);
  const { sighting, recent, waiting: stillWaiting } = fold.tracks.get(tag)!;
  if (isOver(sighting!, now, rules)) return conclude(area, site, tag, now);
  const from = Math.min(now, stillWaiting?.at ?? now) - keepMs(area, site);
  if (countOf(recent) > 0 && timeOf(recent, 0) < from - SETTLE_MS) settleTrack(area, tag, from);
}

/** Whoever was told early is done with when the look at its load must have been. */
const TOLD_MS = 6000;

/** Reads that are old enough wait for company before they settle. */
const SETTLE_MS = 1000;

/** So far back a look may reach; where courses are asked for their surest moment, one peak further. */
const keepMs = ({ geometries }: AreaState, { rules: { portal } }: SitePlan): number =>
  Math.max(2 * portal.windowBeforeMs, BEFORE_MS) +
  portal.windowAfterMs +
  (geometries.some(({ isOneSided }) => isOneSided) ? 2 : 1) * PEAK_MS;

/**
 * Keeps, for each tag, the moment that speaks most for its having crossed alone. A beam that nothing broke speaks against
 * it; a broken one says nothing of this tag: another may have broken it.
 */
function noteBest(area: AreaState, index: number, at: number, weights: Weights): void {
  const beam = Math.min(0, beamOdds(area.fold.portals[index]!, at));
  for (const [tag, weight] of weights) {
    const direction: Direction = weight.in > weight.out ? 'in' : 'out';
    const logOdds = weight[direction] + beam;
    const track = area.fold.tracks.get(tag)!;
    if (!weight.isSpanned || logOdds <= Math.max(0, track.best?.logOdds ?? 0)) continue;
    own(area.fold, tag).best = { logOdds, at, portal: index, direction, isJudged: false };
  }
}

/** Groups that crossed at `at`, the clearest first; who belongs to one is no evidence for the next. */
function decideCrossings(area: AreaState, site: SitePlan, now: number, at: number): void {
  const peaks = area.fold.portals
    .map((portal, index) => ({ index, peak: peakOf(portal, at) }))
    .filter(({ peak }) => peak !== undefined && peak.logOdds >= site.rules.portal.crossingOddsMin)
    .sort((a, b) => b.peak!.logOdds - a.peak!.logOdds);
  const tried = new Set(peaks.map(({ index }) => index));
  for (const { index, peak } of peaks) {
    if (decideGroup(area, site, now, at, index, peak!.direction)) continue;
    // What looked like a crossing here may have been one next door.
    for (const beside of area.fields[index]!.beside) {
      if (tried.has(beside)) continue;
      tried.add(beside);
      decideGroup(area, site, now, at, beside, undefined);
    }
  }
}

function peakOf(portal: PortalState, at: number): { direction: Direction; logOdds: number } | undefined {
  const moment = portal.pooled.find((candidate) => candidate.at === at);
  if (moment === undefined) return undefined;
  const direction: Direction = moment.in > moment.out ? 'in' : 'out';
  const logOdds = moment[direction];
  const isPeak = portal.pooled.every(
    (other) =>
      Math.abs(other.at - at) > PEAK_MS ||
      Math.max(other.in, other.out) < logOdds ||
      (other.at >= at && Math.max(other.in, other.out) === logOdds),
  );
  return isPeak ? { direction, logOdds } : undefined;
}

/** When the beam is whole again the moment of crossing is known, and nothing needs waiting for. */
function decideBeams(area: AreaState, site: SitePlan, now: number): void {
  for (const [index, portal] of area.fold.portals.entries()) {
    const beam = portal.beams.at(-1);
    if (beam?.wholeAt === undefined || beam.used || now < beam.wholeAt + BEAM_SETTLE_MS) continue;
    portal.beams = [...portal.beams.slice(0, -1), { ...beam, used: true }];
    const at = Math.round((beam.brokenAt + beam.wholeAt) / 2 / GRID_MS) * GRID_MS;
    const pooled = poolOf(portal, at, weighAll(area, site, index, at, false));
    const direction: Direction = pooled.in > pooled.out ? 'in' : 'out';
    if (pooled[direction] >= site.rules.portal.crossingOddsMin) decideGroup(area, site, now, at, index, direction);
  }
}
