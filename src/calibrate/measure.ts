// How right decisions were: against crossings that are all known, or against labels of some passages; and how well the probabilities
// that were said agree with how often they were right. Pure.
import type { PassageEffect } from '../infer/effects.ts';
import { directionOf, type Outcome } from '../infer/passage.ts';
import { matchesOf, scoreOf, type Crossing, type Score } from '../../simulators/score/match.ts';
import { crossingsOf } from './decide.ts';
import type { PassageLabel, Truth } from './truth.ts';

/** A decision is right within so much of the true moment: as for the recorded door. */
export const TOLERANCE_MS = 5000;

/** A probability that was said, and whether what it was said of was so. */
export interface Saying {
  readonly probability: number;
  readonly isRight: boolean;
}

export interface Measured {
  readonly leading: Score;
  readonly posted: Score;
  /** Passages that looked like crossings, or were left to a person. */
  readonly sayings: readonly Saying[];
}

export const measure = (passages: readonly PassageEffect[], truth: Truth): Measured =>
  truth.kind === 'crossings' ? byCrossings(passages, truth.crossings) : byLabels(passages, truth.labels);

function byCrossings(passages: readonly PassageEffect[], truth: readonly Crossing[]): Measured {
  const scored = (by: 'outcome' | 'leading') => {
    const decided = crossingsOf(passages, by);
    const matches = matchesOf(truth, decided, TOLERANCE_MS);
    return { matches, score: scoreOf(matches, decided.length) };
  };
  const leading = scored('leading');
  const told = new Set(leading.matches.flatMap(({ decided }) => (decided === undefined ? [] : [keyOf(decided)])));
  const byTag = new Map<string, Crossing[]>();
  for (const crossing of truth) byTag.set(crossing.epc, [...(byTag.get(crossing.epc) ?? []), crossing]);
  const sayings = passages.filter(isDoubtful).map((passage): Saying => {
    const [crossing] = crossingsOf([passage], 'leading');
    const isRight =
      crossing === undefined
        ? !(byTag.get(passage.epc) ?? []).some(
            ({ readPoint, at }) =>
              readPoint === passage.readPoint &&
              at >= passage.firstAt - TOLERANCE_MS &&
              at <= passage.lastAt + TOLERANCE_MS,
          )
        : told.has(keyOf(crossing));
    return { probability: passage.probability, isRight };
  });
  return { leading: leading.score, posted: scored('outcome').score, sayings };
}

const keyOf = ({ epc, readPoint, direction, at }: Crossing): string => `${epc} ${readPoint} ${direction} ${at}`;

/** What stayed or strayed without a doubt says nothing of how good the doubts are. */
const isDoubtful = ({ outcome, leading }: PassageEffect): boolean =>
  outcome === 'undecided' || directionOf(leading) !== undefined;

/** Only labelled passages count: of the others nobody knows. */
function byLabels(passages: readonly PassageEffect[], labels: readonly PassageLabel[]): Measured {
  const byTag = new Map<string, PassageEffect[]>();
  for (const passage of passages) byTag.set(passage.epc, [...(byTag.get(passage.epc) ?? []), passage]);
  const pairs = labels.map((label) => ({ label, passage: passageOf(label, byTag.get(label.epc) ?? []) }));
  const scored = (by: 'outcome' | 'leading'): Score => {
    const score = { right: 0, wrong: 0, missed: 0, directionErrors: 0 };
    for (const { label, passage } of pairs) {
      const truth = directionOf(label.outcome as Outcome);
      const decided = passage && directionOf(passage[by]);
      if (truth !== undefined && truth === decided) score.right++;
      else {
        if (truth !== undefined) score.missed++;
        if (decided !== undefined) score.wrong++;
        if (truth !== undefined && decided !== undefined) score.directionErrors++;
      }
    }
    return score;
  };
  const sayings = pairs.flatMap(({ label, passage }): Saying[] =>
    passage === undefined
      ? []
      : [{ probability: passage.probability, isRight: isAsSaid(label.outcome, passage.leading) }],
  );
  return { leading: scored('leading'), posted: scored('outcome'), sayings };
}

/** What stays, turns back or strays moves nothing: the same to whoever decided. */
const isAsSaid = (outcome: string, leading: string): boolean =>
  directionOf(outcome as Outcome) === directionOf(leading as Outcome);

/** The passage of the same name, or what was heard of the tag at that door at that time. */
function passageOf(label: PassageLabel, own: readonly PassageEffect[]): PassageEffect | undefined {
  const overlap = ({ readPoint, firstAt, lastAt }: PassageEffect): number =>
    readPoint === label.readPoint ? Math.min(lastAt, label.lastAt) - Math.max(firstAt, label.firstAt) : -1;
  return (
    own.find(({ id }) => id === label.passage) ??
    own.filter((passage) => overlap(passage) >= 0).sort((a, b) => overlap(b) - overlap(a))[0]
  );
}

/** What the reads had said when a person was asked. */
export const saidThen = (labels: readonly PassageLabel[]): Saying[] =>
  labels.map(({ outcome, said }) => ({ probability: said.probability, isRight: isAsSaid(outcome, said.leading) }));

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly said: number;
  readonly right: number;
  /** Mean of the probabilities said. */
  readonly mean: number;
}

const EDGES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1] as const;

/** By probability said: how often, and how often rightly. */
export function reliability(sayings: readonly Saying[]): Bin[] {
  return EDGES.slice(0, -1).map((from, index) => {
    const to = EDGES[index + 1]!;
    const own = sayings.filter(({ probability }) => probability >= from && (probability < to || to === 1));
    const right = own.filter(({ isRight }) => isRight).length;
    const mean = own.reduce((sum, { probability }) => sum + probability, 0) / Math.max(1, own.length);
    return { from, to, said: own.length, right, mean };
  });
}
