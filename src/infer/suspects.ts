// Tags that may have crossed a portal at some moment, and what courses make of them together.
import type { Weight } from './decider.ts';
import { expectedAt, type AreaState } from './fold.ts';
import type { Expectation } from './planner.ts';
import type { Heard } from './radio/explain.ts';
import { audibilityAt, explainTrack } from './radio/judge.ts';
import { chanceOf } from './radio/learn.ts';
import { judgeLoad, told, weighTag, type LoadVerdict, type Weighed } from './radio/load.ts';
import type { Track } from './track.ts';
import { beamOdds, type Weights } from './weighing.ts';

/** Who is this unlikely to have crossed by the cheap statistics alone is not weighed further. */
const RATIO_LEAST = -12;

/** Seen from one side, one or two tags that pass by or turn look much like some that cross. Log-odds. */
const ONE_SIDED_SMALL = -4;

/** A tag that may have crossed. */
export interface Suspect {
  readonly track: Track;
  readonly weight: Weight;
}

export interface Candidate extends Suspect {
  readonly heard: Heard;
  readonly weighed: Weighed;
}

/** So many are weighed by courses: a look has its price, and what a load did so many know as well as all. */
const WEIGHED_MAX = 48;

/** Tags that may have crossed: those to be weighed by courses, and the rest, for whom the cheap statistics must do. */
export function sorted(
  { fold, drawOf }: AreaState,
  weights: Weights,
  since: number,
  least = RATIO_LEAST,
): { readonly suspects: readonly Suspect[]; readonly rest: readonly Suspect[] } {
  const suspects: Suspect[] = [];
  for (const [tag, weight] of weights) {
    const track = fold.tracks.get(tag)!;
    // Who sounds as ever, or says no by the cheap statistics alone, is not weighed further.
    if (track.surprisedAt < since || Math.max(weight.in, weight.out) + track.mobility < least) continue;
    suspects.push({ track, weight });
  }
  // Drawn by lot, not the clearest and not the most doubtful: they stand for all.
  suspects.sort((a, b) => drawOf(a.track.tag) - drawOf(b.track.tag));
  return { suspects: suspects.slice(0, WEIGHED_MAX), rest: suspects.slice(WEIGHED_MAX) };
}

/** How courses, and standing still, explain what the portal hears of each just now. Who was not heard is left out. */
export function explainAll(
  area: AreaState,
  index: number,
  at: number,
  now: number,
  suspects: readonly Suspect[],
): Candidate[] {
  const { lore } = area.fold.portals[index]!;
  const field = area.fields[index]!;
  const bank = field.bank(lore.air);
  const audibility = audibilityAt(field, lore, at, now);
  const listed = new Map(suspects.map(({ track: { tag } }) => [tag, expectedAt(area, tag, index, at)]));
  const shared = sharedMobility(suspects, listed);
  return suspects.flatMap((suspect) => {
    const expected = listed.get(suspect.track.tag);
    const mobility = shared.get(expected?.list) ?? suspect.track.mobility;
    const explained = explainTrack(suspect.track, field, lore, at, now);
    if (explained === undefined) return [];
    const weighed = weighTag(bank, explained.explanation, audibility, mobility, expected?.direction);
    return [{ ...suspect, heard: explained.heard, weighed }];
  });
}

/** By list: tags that are expected together move together, so what they were seen to do before says the same of each. */
function sharedMobility(
  suspects: readonly Suspect[],
  listed: ReadonlyMap<number, Expectation | undefined>,
): ReadonlyMap<string | undefined, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { track } of suspects) {
    const list = listed.get(track.tag)?.list;
    if (list === undefined) continue;
    const { sum, count } = sums.get(list) ?? { sum: 0, count: 0 };
    sums.set(list, { sum: sum + track.mobility, count: count + 1 });
  }
  return new Map([...sums].map(([list, { sum, count }]) => [list, sum / count]));
}

/** With more tags in hearing than this there is no time to weigh courses, and so many need it less: the cheap statistics decide. */
const CROWD = 250;
export const isCrowded = ({ fold }: AreaState): boolean => fold.active.size > CROWD;

/** The load that most likely crossed portal `index` about `at`, the light beam included. Undefined when nobody was heard. */
export function judge(
  area: AreaState,
  index: number,
  candidates: readonly Candidate[],
  at: number,
): LoadVerdict | undefined {
  const portal = area.fold.portals[index]!;
  const { lore } = portal;
  const weighed = candidates.map((candidate) => candidate.weighed);
  const verdict = judgeLoad(area.fields[index]!.bank(lore.air), weighed, chanceOf(lore.group), chanceOf(lore.alone));
  if (verdict === undefined) return undefined;
  const doubt = area.geometries[index]!.isOneSided && verdict.isSmall ? ONE_SIDED_SMALL : 0;
  return told(verdict, beamOdds(portal, at + verdict.momentMs) + doubt);
}
