// A load crossed: tags that are weighed together at a moment at which something seems to have gone through a portal, and those of
// them that need a second look.
import { lastAtOf } from '../clean/sighting.ts';
import type { SitePlan } from '../config/plan.ts';
import { basisOf } from './basis.ts';
import { settleTold, tellCrossing } from './crossing.ts';
import { membership, mobilityAfter, ratioOf } from './decider.ts';
import { explainAll, isCrowded, judge, sorted, type Candidate, type Suspect } from './suspects.ts';
import { expectedAt, own, type AreaState, type Fold } from './fold.ts';
import { kept } from './recent.ts';
import { audibilityAt, explainTrack, learnFrom } from './radio/judge.ts';
import { MOMENTS } from './radio/explain.ts';
import { chanceOf, look, type Lore } from './radio/learn.ts';
import { memberOf, weighTag, type LoadVerdict, type Weighed } from './radio/load.ts';
import { logit } from './signal.ts';
import type { Direction, LastCrossing, Waiting } from './track.ts';
import { beamOdds, poolOf, weighAll, type Weights } from './weighing.ts';

/** Loads that may cross a portal at about the same time. */
const LOADS_MAX = 3;
/** A tag is of a load, or is not, at once; in between it is looked at again. */
const CLEARLY = 0.98;
const CLEARLY_NOT = 0.1;

/** Did a load cross portal `index` about `at`? True when one did. `direction` is what the cheap statistics think, if anything. */
export function decideGroup(
  area: AreaState,
  site: SitePlan,
  now: number,
  at: number,
  index: number,
  direction: Direction | undefined,
): boolean {
  const { fold } = area;
  const portal = fold.portals[index]!;
  const weights = weighAll(area, site, index, at, false);
  const pools = poolOf(portal, at, weights);
  const pooled = direction === undefined ? Math.max(pools.in, pools.out) : pools[direction];
  if (direction !== undefined && pooled < site.rules.portal.crossingOddsMin) return false;
  const isOneSided = area.geometries[index]!.isOneSided;
  if (isCrowded(area) && !isOneSided) {
    if (direction === undefined) return false;
    const tags = [...weights].map(([tag, weight]): Suspect => ({ track: fold.tracks.get(tag)!, weight }));
    takeMany(
      area,
      site,
      weights,
      tags,
      { ...CERTAIN, kind: direction },
      {
        at,
        crossedAt: at,
        now,
        index,
        pooled,
        isCheap: true,
      },
    );
    return true;
  }
  const since = at - site.rules.portal.windowBeforeMs;
  const { suspects, rest } = sorted(area, weights, since, isOneSided ? Number.NEGATIVE_INFINITY : undefined);
  const { lore } = portal;
  let left = explainAll(area, index, at, now, suspects);
  let found = false;
  for (let load = 0; load < LOADS_MAX; load++) {
    const verdict = judge(area, index, left, at);
    if (verdict === undefined) break;
    if (load === 0) portal.lore = learnFrom(looked(portal.lore, verdict), area.fields[index]!, left, verdict);
    const { probability, members } = verdict;
    if (probability < site.rules.portal.ignoreBelow) {
      hold(area, left, verdict, at);
      break;
    }
    found = true;
    const crossedAt = crossedAtOf(area, index, left, verdict, Math.min(now, at + verdict.momentMs));
    if (rest.length > 0) {
      takeMany(area, site, weights, [...left, ...rest], verdict, { at, crossedAt, now, index, pooled });
      break;
    }
    const size = members.filter((member) => member * probability >= 0.5).length;
    left = left.filter(
      (candidate, position) =>
        !takeMember(area, site, candidate, members[position]!, verdict, {
          at,
          crossedAt,
          now,
          index,
          pooled,
          size,
          load,
          lore,
        }),
    );
  }
  return found;
}

/** Of whom it was told early that they crossed this portal this way. */
const isOf = (area: AreaState, index: number, direction: Direction, told: LastCrossing): boolean =>
  told.portal === area.geometries[index]!.portal && told.direction === direction;

/** A load is in the door at one moment: the one that was told early, if it was. */
export function crossedAtOf(
  area: AreaState,
  index: number,
  candidates: readonly Candidate[],
  { kind, members }: LoadVerdict,
  otherwise: number,
): number {
  for (const [position, { track }] of candidates.entries())
    if (members[position]! >= 0.5 && track.told !== undefined && isOf(area, index, kind, track.told))
      return track.told.at;
  return otherwise;
}

/** Who of the tags was of a load that went this way, by the cheap statistics. */
function membershipOf(fold: Fold, weights: Weights, tags: readonly Suspect[], direction: Direction): number[] {
  const all = [...weights].map(([tag, weight]) => ({ tag, track: fold.tracks.get(tag)!, weight }));
  const members = membership(all.map(({ track, weight }) => ({ track, logRatio: ratioOf(track, weight, direction) })));
  const byTag = new Map(all.map(({ tag }, position) => [tag, members[position]!]));
  return tags.map(({ track }) => byTag.get(track.tag)!);
}

/** What a load did, as far as its members are told of it. */
type Told = Pick<LoadVerdict, 'probability' | 'kind' | 'course' | 'moment' | 'share' | 'momentMs' | 'members'>;
const CERTAIN = { probability: 1, course: 0, moment: 0, share: 0, momentMs: 0, members: [] };

/** A load crossed, and who was of it is left to the cheap statistics: of many tags they know as much. */
function takeMany(
  area: AreaState,
  site: SitePlan,
  weights: Weights,
  tags: readonly Suspect[],
  verdict: Told,
  moment: Omit<Look, 'size' | 'load'>,
): void {
  // Where sides tell nothing, who was not weighed by courses is as likely of it as not, until a second look.
  const cheaply = area.geometries[moment.index]!.isOneSided
    ? tags.map((_, position) => verdict.members[position] ?? 0.5)
    : membershipOf(area.fold, weights, tags, verdict.kind);
  // Where courses say otherwise a second look must tell.
  const members = cheaply.map((member, position) => {
    const course = verdict.members[position];
    return course === undefined || course >= 0.5 === member >= 0.5 ? member : (member + course) / 2;
  });
  const size = members.filter((member) => member * verdict.probability >= 0.5).length;
  const shared = { ...verdict, share: Math.min(0.95, Math.max(0.04, size / tags.length)) };
  for (const [position, suspect] of tags.entries())
    takeMember(area, site, suspect, members[position]!, shared, { ...moment, size, load: 0 });
}

/** Evidence that leaves no doubt, in nats. */
const SURELY = 8;

/** What a look at a portal makes of how likely crossings are there. */
export function looked(lore: Lore, { isSmall, logOdds }: LoadVerdict): Lore {
  const name = isSmall ? 'alone' : 'group';
  const isSure = logOdds - logit(chanceOf(lore[name])) > SURELY;
  return { ...lore, [name]: look(lore[name], isSure ? 1 : 0) };
}

/** What a load did not do, none of its tags did alone. */
function hold({ fold }: AreaState, candidates: readonly Candidate[], { members }: LoadVerdict, at: number): void {
  if (candidates.length < 2) return;
  for (const [position, { track }] of candidates.entries())
    if (members[position]! >= 0.5) own(fold, track.tag).heldAt = at;
}

interface Look {
  readonly at: number;
  /** When the load was in the door. */
  readonly crossedAt: number;
  readonly now: number;
  readonly index: number;
  readonly pooled: number;
  readonly size: number;
  /** How many loads were found at this moment before. */
  readonly load: number;
  /** By the cheap statistics alone, without a second look. */
  readonly isCheap?: boolean;
  /** What the portal had learned, where courses alone were weighed by it. */
  readonly lore?: Lore;
}

/** Tells what became of one tag that a load may have carried. True when it is of no other load. */
function takeMember(
  area: AreaState,
  site: SitePlan,
  { track, weight, weighed }: Suspect & { readonly weighed?: Weighed },
  member: number,
  verdict: Told,
  { at, crossedAt, now, index, pooled, size, load, isCheap = false, lore }: Look,
): boolean {
  const { probability, kind: direction, course, moment, share } = verdict;
  const { postAt, ignoreBelow } = site.rules.portal;
  const owned = own(area.fold, track.tag);
  const posterior = member * probability;
  if (owned.told !== undefined) {
    const isOfIt = posterior >= 0.5 && isOf(area, index, direction, owned.told);
    if (isOfIt) settleTold(area, owned);
    return isOfIt;
  }
  if (!isCheap && probability >= CLEARLY && member > CLEARLY_NOT && member < CLEARLY) {
    owned.waiting = { portal: index, at, course, moment, direction, crossedAt, probability, share, size, pooled };
    return true;
  }
  const { mobility } = owned;
  if (load === 0 || posterior >= 0.5) owned.mobility = mobilityAfter(mobility, posterior);
  if (posterior >= ignoreBelow) {
    const basis =
      lore &&
      basisOf(owned, lore, site.rules.portal, {
        direction,
        at,
        until: now,
        load: { course, moment, share, probability, size },
        beam: beamOdds(area.fold.portals[index]!, at + verdict.momentMs),
        prior: weighed?.prior ?? mobility,
        expected: weighed?.expected,
      });
    const scores = { in: weight.in, out: weight.out, mobility, pooled, ...(basis && { basis }) };
    const group = { at: crossedAt, size };
    const crossing = { portal: index, direction, at: crossedAt, probability: posterior, group, scores };
    tellCrossing(area, owned, { ...crossing, reads: kept(owned.recent) }, now, postAt);
  }
  return posterior >= 0.5;
}

/** So long after the moment a tag is looked at again. */
export const SECOND_LOOK_MS = 8000;
/** Of a load that is still heard nothing more can be learned from who is. */
const FIRST_LOOK_MS = 4000;
const STILL_HEARD_MAX = 0.15;
/** Who crossed this long before the load, or since, was not of it. */
const PAST_MS = 3000;

/** A load crossed some seconds ago: was this tag of it? Who was not has been heard since where it stands or goes. */
export function lookAgain(area: AreaState, site: SitePlan, tag: number, now: number): void {
  const track = own(area.fold, tag);
  const waiting = track.waiting!;
  track.waiting = undefined;
  if ((track.lastCrossing?.at ?? Number.NEGATIVE_INFINITY) > waiting.at - PAST_MS) return;
  const { lore } = area.fold.portals[waiting.portal]!;
  const field = area.fields[waiting.portal]!;
  const until = Math.min(now, waiting.at + (isGone(area, waiting) ? SECOND_LOOK_MS : FIRST_LOOK_MS));
  const explained = explainTrack(track, field, lore, waiting.at, until);
  if (explained === undefined) return;
  const audibility = audibilityAt(field, lore, waiting.at, until);
  const expected = expectedAt(area, tag, waiting.portal, waiting.at)?.direction;
  const weighed = weighTag(field.bank(lore.air), explained.explanation, audibility, track.mobility, expected);
  const place = waiting.course * MOMENTS + waiting.moment;
  const posterior = memberOf(weighed, place, waiting.share, waiting.direction) * waiting.probability;
  const { mobility } = track;
  track.mobility = mobilityAfter(mobility, posterior);
  if (posterior < site.rules.portal.ignoreBelow) return;
  const { portal, direction, crossedAt, size, pooled, course, moment, share, probability } = waiting;
  const basis = basisOf(track, lore, site.rules.portal, {
    direction,
    at: waiting.at,
    until,
    load: { course, moment, share, probability, size },
    beam: beamOdds(area.fold.portals[portal]!, crossedAt),
    prior: mobility,
    expected,
  });
  const scores = { in: 0, out: 0, mobility, pooled, [direction]: Math.log(weighed.ratios[place]!), basis };
  const group = { at: crossedAt, size };
  const crossing = { portal, direction, at: crossedAt, probability: posterior, group, scores };
  tellCrossing(area, track, { ...crossing, reads: kept(track.recent) }, now, site.rules.portal.postAt);
}

/** Is the load out of hearing, where it went? */
function isGone({ fold }: AreaState, { crossedAt, at, size }: Waiting): boolean {
  let heard = 0;
  for (const tag of fold.active) {
    const track = fold.tracks.get(tag)!;
    if (track.lastCrossing?.at === crossedAt && lastAtOf(track.sighting!) > at + FIRST_LOOK_MS) heard++;
  }
  return heard <= size * STILL_HEARD_MAX;
}
