// What would have changed a decision: the decision is made again without its load, with or without the light beam, with more reads, and
// without one antenna or one read. Only what would have led to something else is told. Pure.
import type { Basis } from '../basis.ts';
import type { Field } from '../radio/field.ts';
import type { Direction } from '../track.ts';
import { BEAM_BROKEN, BEAM_WHOLE } from '../weighing.ts';
import { decideAgain, withBeam, type Again, type WeighedRead } from './again.ts';

/** What it would have been: posted, left to a person, or nothing. */
export interface Otherwise {
  readonly direction: Direction;
  /** P(it crossed that way). */
  readonly probability: number;
}

export type Change = Otherwise &
  (
    | { readonly change: 'without-load'; readonly others: number }
    | { readonly change: 'beam-broken' | 'beam-whole' }
    | {
        readonly change: 'more-reads';
        readonly reads: number;
        readonly antenna: number;
        readonly rssiDbm: number;
        readonly from: number;
      }
    | { readonly change: 'without-antenna'; readonly antenna: number; readonly reads: number }
    | { readonly change: 'without-read'; readonly antenna: number; readonly at: number }
  );

/** What a crossing of that probability is told as. */
export function becomes(
  { direction, probability }: Otherwise,
  { postAt, ignoreBelow }: Pick<Basis, 'postAt' | 'ignoreBelow'>,
): {
  readonly outcome: Direction | 'stayed' | 'undecided';
  readonly leading: Direction | 'stayed';
  readonly probability: number;
} {
  const leads = probability >= 0.5;
  return {
    outcome: probability >= postAt ? direction : probability < ignoreBelow ? 'stayed' : 'undecided',
    leading: leads ? direction : 'stayed',
    probability: leads ? probability : 1 - probability,
  };
}

/** How things stand by a probability: `leads` from one half, `posts` from the threshold. */
const standing = (probability: number, postAt: number): number =>
  probability >= postAt ? 2 : probability >= 0.5 ? 1 : 0;

export interface ChangeInput {
  readonly basis: Basis;
  readonly field: Field;
  readonly reads: readonly WeighedRead[];
  readonly again: Again;
  /** 0 inside, 1 outside; −1 both or neither. */
  readonly sideOf: (antenna: number) => number;
}

export function changesOf(input: ChangeInput): Change[] {
  const { basis, again } = input;
  const { probability } = again;
  const present = standing(probability, basis.postAt);
  const found: (Change | undefined)[] = [withoutLoad(input), beam(input)];
  if (present === 1 || (present === 0 && probability > 0)) found.push(moreReads(input));
  found.push(weakestSupport(input, present));
  return found.filter((change) => change !== undefined);
}

function withoutLoad({ basis, again }: ChangeInput): Change | undefined {
  if (basis.load === undefined || basis.load.size < 2) return undefined;
  return { change: 'without-load', others: basis.load.size - 1, ...again.ownCrossing };
}

/** Told where it would matter, and of a door that has no beam: what one would be worth. */
function beam({ basis, again: { probability } }: ChangeInput): Change | undefined {
  if (basis.load === undefined) return undefined;
  const { direction, postAt } = basis;
  const asked =
    basis.beam > 0
      ? ({ change: 'beam-whole', beam: BEAM_WHOLE } as const)
      : ({ change: 'beam-broken', beam: BEAM_BROKEN } as const);
  const other = withBeam(basis, probability, asked.beam);
  if (standing(other, postAt) === standing(probability, postAt) && Math.abs(other - probability) < 0.01)
    return undefined;
  return { change: asked.change, direction, probability: other };
}

const MORE_MAX = 5;
const MORE_EVERY_MS = 400;
const AFTER_MS = 300;

/** The fewest reads on the far side, from a moment after the crossing on, that would have been enough to post it. */
function moreReads(input: ChangeInput): Change | undefined {
  const { basis, field, reads, sideOf } = input;
  const far = basis.direction === 'in' ? 0 : 1;
  const antennas = field.placeOf;
  const candidates = [...antennas.keys()].filter((antenna) => antennas[antenna]! >= 0 && sideOf(antenna) === far);
  if (candidates.length === 0) return undefined;
  const heard = (antenna: number): number => reads.filter((read) => read.antenna === antenna).length;
  const antenna = candidates.reduce((most, one) => (heard(one) > heard(most) ? one : most));
  const told = reads.map(({ rssiDbm }) => rssiDbm).filter((rssiDbm) => !Number.isNaN(rssiDbm));
  if (told.length === 0) return undefined;
  // As loud as it was read in the middle.
  const rssiDbm = told.toSorted((a, b) => a - b)[Math.floor(told.length / 2)]!;
  const from = basis.at + AFTER_MS;
  const added: WeighedRead[] = [];
  for (let count = 1; count <= MORE_MAX; count++) {
    const at = from + (count - 1) * MORE_EVERY_MS;
    if (at > basis.until) return undefined;
    added.push({ at, antenna, rssiDbm });
    const other = decideAgain(basis, field, inOrder([...reads, ...added]));
    if (other !== undefined && other.probability >= basis.postAt)
      return {
        change: 'more-reads',
        reads: count,
        antenna,
        rssiDbm,
        from,
        direction: basis.direction,
        probability: other.probability,
      };
  }
  return undefined;
}

const inOrder = (reads: readonly WeighedRead[]): WeighedRead[] => reads.toSorted((a, b) => a.at - b.at);

/** Each costs a look; those nearest to the moment matter most. */
const TRIED_MAX = 24;

/** The single read, else the single antenna, without which it would stand otherwise: the one that changes most. */
function weakestSupport(
  { basis, field, reads, again: { probability } }: ChangeInput,
  present: number,
): Change | undefined {
  const { direction, postAt } = basis;
  const without = (isLeft: (read: WeighedRead) => boolean): number =>
    decideAgain(
      basis,
      field,
      reads.filter((read) => !isLeft(read)),
    )?.probability ?? 0;
  const counted = reads.filter(({ at, antenna }) => at <= basis.until && (field.placeOf[antenna] ?? -1) >= 0);
  const byAntenna = [...new Set(counted.map(({ antenna }) => antenna))].map((antenna): Change => {
    const own = counted.filter((read) => read.antenna === antenna);
    return {
      change: 'without-antenna',
      antenna,
      reads: own.length,
      direction,
      probability: without((read) => read.antenna === antenna),
    };
  });
  const antenna = strongest(byAntenna, probability, present, postAt);
  if (antenna === undefined) return undefined;
  // Where all reads of an antenna change nothing, none of them does by itself.
  const suspects = new Set(
    byAntenna.flatMap((one) =>
      'antenna' in one && standing(one.probability, postAt) !== present ? [one.antenna] : [],
    ),
  );
  const byRead = counted
    .filter((read) => suspects.has(read.antenna))
    .sort((a, b) => Math.abs(a.at - basis.at) - Math.abs(b.at - basis.at))
    .slice(0, TRIED_MAX)
    .map((read): Change => {
      const other = without((one) => one === read);
      return { change: 'without-read', antenna: read.antenna, at: read.at, direction, probability: other };
    });
  return strongest(byRead, probability, present, postAt) ?? antenna;
}

const strongest = (
  tried: readonly Change[],
  probability: number,
  present: number,
  postAt: number,
): Change | undefined =>
  tried
    .filter((one) => standing(one.probability, postAt) !== present)
    .sort((a, b) => Math.abs(b.probability - probability) - Math.abs(a.probability - probability))[0];
