// Why a passage was decided as it was: the numbers that were weighed, and what would have changed them. Nothing here decides
// anything: the decision is made again from its basis, and where that does not give what was decided (another site file, another
// release) only what the reads show is told. Pure.
import type { SitePlan } from '../../config/plan.ts';
import { formatTime, parseTime } from '../../wire/time.ts';
import type { WhyJson } from '../../wire/why.ts';
import type { Basis } from '../basis.ts';
import type { Label } from '../effects.ts';
import { directionOf, LATER_READS, type Outcome } from '../passage.ts';
import { logit } from '../signal.ts';
import { decideAgain, fieldOf, outcomesWith, type Again, type WeighedRead } from './again.ts';
import { becomes, changesOf, type Change } from './changes.ts';
import { sidesOf, type SidedRead, type SidesFacts } from './sides.ts';
import { changeWords, wordsOf } from './words.ts';

export interface Said {
  readonly outcome: Outcome;
  readonly leading: Outcome;
  readonly probability: number;
}

export interface WhyInput {
  readonly plan: SitePlan;
  readonly readPoint: string;
  /** What the reads said, by the revision that is explained. */
  readonly said: Said;
  /** When it crossed, or would have. ms. */
  readonly crossedAt: number | undefined;
  readonly group: number | undefined;
  /** Who said so, when it was not the decider by these reads. */
  readonly decidedBy: string | undefined;
  /** As the evidence keeps them. */
  readonly scores: Readonly<Record<string, unknown>>;
  readonly reads: readonly {
    readonly reader: string;
    readonly antenna?: number;
    readonly rssiDbm?: number;
    readonly seenAt: string;
  }[];
}

/** Everything that the words are made of. */
export interface Facts extends Omit<WhyJson, 'words' | 'sides' | 'firstSide' | 'lastSide' | 'changes'> {
  readonly readPoint: string;
  readonly timeZone: string;
  readonly said: Said;
  readonly crossedAt: number | undefined;
  readonly sides: SidesFacts;
  readonly label: Label | undefined;
  readonly beam: number;
  readonly prior: number;
  readonly thresholds: Pick<Basis, 'postAt' | 'ignoreBelow'>;
  readonly changes: readonly Change[];
  /** made again; of another kind; not any more the same. */
  readonly kind: 'again' | 'simple' | 'idle' | 'dissolved' | 'other';
  readonly nameOf: (antenna: number) => string;
}

/** A decision made again is the same within so much: what is kept of it is rounded. */
const SAME = 0.02;

export function whyOf(input: WhyInput): WhyJson {
  const facts = factsOf(input);
  const { sides, changes, second, own, load, outcomes, postAt, marginNats } = facts;
  const time = (at: number | null): string | null => (at === null ? null : formatTime(Math.round(at)));
  return {
    words: wordsOf(facts),
    sides: sides.sides.map(({ centroidAt, firstAt, lastAt, meanDbm, ...side }) => ({
      ...side,
      meanDbm: meanDbm === null ? null : Math.round(meanDbm * 10) / 10,
      centroidAt: time(centroidAt),
      firstAt: time(firstAt),
      lastAt: time(lastAt),
    })),
    firstSide: sides.firstSide,
    lastSide: sides.lastSide,
    load: load && { ...load, member: rounded(load.member), probability: rounded(load.probability) },
    outcomes: outcomes.map(({ outcome, probability }) => ({ outcome, probability: rounded(probability) })),
    second: second && {
      ...second,
      probability: rounded(second.probability),
      behindNats: hundredths(second.behindNats),
    },
    own: own && { ...own, probability: rounded(own.probability) },
    postAt,
    marginNats: marginNats === null ? null : hundredths(marginNats),
    changes: changes.map((change) => ({
      change: change.change,
      words: changeWords(change, facts),
      ...toldAs(change, facts.thresholds),
    })),
  };
}

const toldAs = (change: Change, thresholds: Facts['thresholds']) => {
  const { probability, ...told } = becomes(change, thresholds);
  return { ...told, probability: rounded(probability) };
};

const rounded = (probability: number): number => Math.round(probability * 10_000) / 10_000;
const hundredths = (value: number): number => Math.round(value * 100) / 100;

function factsOf(input: WhyInput): Facts {
  const { plan, readPoint, said, scores, crossedAt } = input;
  const portal = plan.readPoints.find(({ id }) => id === readPoint);
  const antennaOf = ({ reader, antenna }: WhyInput['reads'][number]) =>
    plan.antennaOf({ reader, antenna: antenna ?? 0 });
  const sided = input.reads.map((read): SidedRead => {
    const antenna = antennaOf(read);
    return {
      side: antenna !== undefined && antenna.readPoint === portal?.index ? antenna.side : undefined,
      antenna: `${read.reader}/${read.antenna ?? '?'}`,
      rssiDbm: read.rssiDbm,
      at: parseTime(read.seenAt),
    };
  });
  const basis = scores['basis'] as Basis | undefined;
  const reads = input.reads.flatMap((read): WeighedRead[] => {
    const antenna = antennaOf(read);
    if (antenna === undefined) return [];
    return [{ at: parseTime(read.seenAt), antenna: antenna.index, rssiDbm: read.rssiDbm ?? Number.NaN }];
  });
  const shared = {
    readPoint,
    timeZone: plan.timeZone,
    said,
    crossedAt,
    sides: sidesOf(sided),
    label: scores['label'] as Label | undefined,
    nameOf: (antenna: number) => {
      const found = plan.antennas[antenna];
      return found === undefined ? '?' : `${found.reader}/${found.antenna === 0 ? '?' : found.antenna}`;
    },
  };
  const field = basis && fieldOf(plan, readPoint);
  const again = basis && field && decideAgain(basis, field, reads);
  const isSame = again !== undefined && Math.abs(again.probability - crossingOf(said, basis!)) <= SAME;
  if (!isSame) {
    const kind = kindOf(input, basis);
    return { ...shared, ...plainly(said, kind), kind };
  }
  const sideOf = (antenna: number): number => {
    const found = plan.antennas[antenna];
    return found === undefined || found.readPoint !== portal?.index || found.side === undefined
      ? -1
      : found.side === 'inside'
        ? 0
        : 1;
  };
  return {
    ...shared,
    ...weighed(basis!, again),
    changes: changesOf({ basis: basis!, field: field!, reads, again, sideOf }),
    kind: 'again',
  };
}

/** What cannot be made again, and why. */
function kindOf(
  { decidedBy, group, said }: WhyInput,
  basis: Basis | undefined,
): 'simple' | 'idle' | 'dissolved' | 'other' {
  if (decidedBy === LATER_READS) return 'dissolved';
  if (basis !== undefined) return 'other';
  const isAboutCrossing =
    group !== undefined || said.outcome === 'undecided' || directionOf(said.leading) !== undefined;
  return isAboutCrossing ? 'simple' : 'idle';
}

/** P(it crossed as the basis has it), by what was said. */
function crossingOf({ leading, probability }: Said, { direction }: Basis): number {
  if (leading === direction) return probability;
  return directionOf(leading) === undefined ? 1 - probability : 0;
}

type Weighed = Omit<
  Facts,
  'readPoint' | 'timeZone' | 'said' | 'crossedAt' | 'sides' | 'label' | 'nameOf' | 'changes' | 'kind'
>;

function weighed(basis: Basis, again: Again): Weighed {
  const { load, direction, postAt } = basis;
  const { probability } = again;
  const outcomes = ranked(outcomesWith(again.own, direction, probability));
  const [first, second] = outcomes;
  const [own] = ranked(again.own);
  return {
    load:
      load === undefined
        ? null
        : {
            size: load.size,
            share: load.share,
            probability: load.probability,
            member: Math.min(1, probability / Math.max(1e-12, load.probability)),
          },
    outcomes,
    second: { ...second!, behindNats: Math.log(first!.probability / Math.max(1e-9, second!.probability)) },
    own: own!,
    postAt,
    marginNats: logit(bounded(probability)) - logit(bounded(postAt)),
    beam: basis.beam,
    prior: basis.prior,
    thresholds: basis,
  };
}

const bounded = (probability: number): number => Math.min(1 - 1e-6, Math.max(1e-6, probability));

const ranked = (outcomes: Readonly<Record<string, number>>) =>
  Object.entries(outcomes)
    .map(([outcome, probability]) => ({ outcome, probability }))
    .sort((a, b) => b.probability - a.probability);

/** All that can be told of what was not weighed by courses, or not as it would be now. */
function plainly({ leading, probability }: Said, kind: Facts['kind']): Weighed & { changes: readonly Change[] } {
  const others =
    kind === 'simple' && directionOf(leading) !== undefined
      ? [{ outcome: 'stayed', probability: 1 - probability }]
      : [];
  return {
    load: null,
    outcomes: [{ outcome: leading, probability }, ...others],
    second: null,
    own: null,
    postAt: null,
    marginNats: null,
    beam: 0,
    prior: 0,
    thresholds: { postAt: 1, ignoreBelow: 0 },
    changes: [],
  };
}
