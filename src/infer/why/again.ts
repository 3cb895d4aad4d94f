// A decision made again from what it was made from: with the reads that there were, or with others. Pure.
import type { SitePlan } from '../../config/plan.ts';
import type { Basis } from '../basis.ts';
import { audibilityAt, explainTrack } from '../radio/judge.ts';
import { fieldsOf, type Field } from '../radio/field.ts';
import { MOMENTS, type Explanation } from '../radio/explain.ts';
import type { Lore } from '../radio/learn.ts';
import { judgeLoad, marginal, memberOf, OTHERWISE, told, weighTag } from '../radio/load.ts';
import type { Bank } from '../radio/bank.ts';
import { logistic, logit, logSum, logSumOf } from '../signal.ts';
import { open } from '../../clean/sighting.ts';
import { add, type Read } from '../recent.ts';
import { openTrack, type Direction, type Track } from '../track.ts';

/** Of every outcome that there is; they add up to 1. */
export type Outcomes = Readonly<Record<'in' | 'out' | 'turned_back' | 'stayed' | 'stray', number>>;

export interface Again {
  /** P(it crossed, in the direction of the basis). */
  readonly probability: number;
  /** By its own reads alone, as if it were the load. */
  readonly own: Outcomes;
  readonly ownCrossing: { readonly direction: Direction; readonly probability: number };
}

export type WeighedRead = Read;

/** The portal's field, with its neighbours as the plan has them. Undefined for a read point that is no portal any more. */
export function fieldOf(plan: SitePlan, readPoint: string): Field | undefined {
  for (const area of plan.areas) {
    const index = area.portals.findIndex(({ id }) => id === readPoint);
    if (index !== -1) return fieldsOf(area, plan)[index];
  }
  return undefined;
}

/** Weighs the reads, oldest first, by what the basis holds. Undefined when none of them counts. */
export function decideAgain(basis: Basis, field: Field, reads: readonly WeighedRead[]): Again | undefined {
  const lore = loreOf(basis);
  const bank = field.bank(lore.air);
  const explained = explainTrack(trackOf(basis, reads), field, lore, basis.at, basis.until);
  if (explained === undefined) return undefined;
  const audibility = audibilityAt(field, lore, basis.at, basis.until);
  const alone = weighTag(bank, explained.explanation, audibility, Math.min(0, basis.prior), basis.expected);
  // A beam that nothing broke speaks against any tag; a broken one for no single tag.
  const verdict = told(judgeLoad(bank, [alone], basis.group, basis.alone)!, Math.min(0, basis.beam));
  const own = ownOutcomes(bank, explained.explanation, verdict.kind, verdict.probability, basis.alone);
  const ownCrossing = { direction: verdict.kind, probability: verdict.probability };
  if (basis.load === undefined)
    return {
      probability: verdict.kind === basis.direction ? verdict.probability : own[basis.direction],
      own,
      ownCrossing,
    };
  const weighed = weighTag(bank, explained.explanation, audibility, basis.prior, basis.expected);
  const { course, moment, share, probability } = basis.load;
  return {
    probability: memberOf(weighed, course * MOMENTS + moment, share, basis.direction) * probability,
    own,
    ownCrossing,
  };
}

/** The probability if the light beam had added other log-odds to the load's; the tag's part in the load is the same. */
export function withBeam(basis: Basis, probability: number, beam: number): number {
  if (basis.load === undefined) return probability;
  const { probability: load } = basis.load;
  const other = logistic(bounded(logit(load)) - basis.beam + beam);
  return Math.min(1, probability * (other / Math.max(1e-12, load)));
}

const bounded = (logOdds: number): number => Math.min(30, Math.max(-30, logOdds));

/** `direction` with its probability; what is left goes to the others by how well they explain the tag's own reads. */
export function outcomesWith(own: Outcomes, direction: Direction, probability: number): Outcomes {
  const rest = 1 - own[direction];
  const scale = rest <= 0 ? 0 : (1 - probability) / rest;
  const scaled = Object.fromEntries(Object.entries(own).map(([outcome, share]) => [outcome, share * scale]));
  return { ...(scaled as Outcomes), [direction]: probability };
}

function ownOutcomes(
  bank: Bank,
  { courses, standing }: Explanation,
  direction: Direction,
  probability: number,
  chance: number,
): Outcomes {
  const of = (kind: 'in' | 'out' | 'pass' | 'turn' | 'beside'): number => marginal(bank, courses, kind);
  const logs = {
    in: Math.log(chance) + of('in'),
    out: Math.log(chance) + of('out'),
    turned_back: Math.log((1 - chance) * OTHERWISE.turn) + of('turn'),
    stayed:
      Math.log(1 - chance) + logSum(Math.log(OTHERWISE.standing) + standing, Math.log(OTHERWISE.pass) + of('pass')),
    stray: Math.log((1 - chance) * OTHERWISE.beside) + of('beside'),
  };
  const total = logSumOf(Object.values(logs));
  const shares = Object.fromEntries(
    Object.entries(logs).map(([outcome, log]) => [outcome, Math.exp(log - total)]),
  ) as unknown as Outcomes;
  return outcomesWith(shares, direction, probability);
}

const NOTHING = { reads: 0, exposure: 0, airs: [], loads: 0 } as const;

const loreOf = (basis: Basis): Lore => ({
  ...NOTHING,
  loudness: new Float64Array(0),
  group: { sum: basis.group, looks: 1 },
  alone: { sum: basis.alone, looks: 1 },
  air: basis.air,
  manner: { logLoudness: Float64Array.from(basis.logLoudness), rate: basis.rate },
});

function trackOf(basis: Basis, reads: readonly WeighedRead[]): Track {
  const track = openTrack(0, 0);
  track.sighting = open(basis.heardFrom, -1, Number.NaN);
  for (const { at, antenna, rssiDbm } of reads) add(track.recent, at, antenna, rssiDbm, 0);
  for (const baseline of basis.baselines) track.baselines.push(...baseline);
  track.lastCrossing = basis.crossedBefore;
  return track;
}
