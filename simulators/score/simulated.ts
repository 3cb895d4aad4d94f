// A cell of the simulated benchmark: its traffic through the machines and the baselines, seed by seed, and what that makes
// in figures. Two operating points: what leads for each passage (decided or left to a person), and what is posted.
import { BASELINES, type BaselineName } from './baselines.ts';
import type { Cell } from './cells.ts';
import { judge, type OpenMachine, type Verdict, type Verdicts } from './judge.ts';
import { duplicatesOf, matchesOf, score, scoreOf, sum, type Crossing, type Match, type Score } from './match.ts';
import { sidedReads } from './sides.ts';
import { trafficOf, type Traffic } from './traffic.ts';

/** A decision is right within so much of the true moment. */
export const SIMULATED_TOLERANCE_MS = 2000;

/** What a rule that posts whatever it decides makes of the reads. */
export interface BaselineScore {
  readonly score: Score;
  /** Movements of tags that did not cross. */
  readonly strays: number;
}

export interface CellScore {
  readonly cell: Cell;
  readonly reads: number;
  /** Tags that crossed, and how many of them were read at all while they did. */
  readonly crossings: number;
  readonly heard: number;
  readonly leading: Score;
  readonly posted: Score;
  /** Posted, and carried along in a container. The same as `posted` where there are none. */
  readonly withCarried: Score;
  /** Movements of tags that did not cross, carried ones included. */
  readonly strays: number;
  /** Passages that wait for a person. */
  readonly undecided: number;
  /** Posted again for the same crossing, or under the same id. Never. */
  readonly duplicates: number;
  /** Posted and taken back. */
  readonly undone: number;
  /** From the crossing until it was posted, in event time; undefined when nothing was. */
  readonly latencyMs: { readonly p50: number; readonly p99: number } | undefined;
  readonly baselines: Readonly<Record<BaselineName, BaselineScore>>;
}

/** Scores one cell over the seeds. The same arguments give the same figures. */
export function scoreCell(cell: Cell, seeds: readonly number[], openMachine: OpenMachine): CellScore {
  const runs = seeds.map((seed) => scoreSeed(cell, seed, openMachine));
  const add = (of: (run: SeedScore) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return {
    cell,
    reads: add(({ reads }) => reads),
    crossings: add(({ crossings }) => crossings),
    heard: add(({ heard }) => heard),
    leading: sum(runs.map(({ leading }) => leading)),
    posted: sum(runs.map(({ posted }) => posted)),
    withCarried: sum(runs.map(({ withCarried }) => withCarried)),
    strays: add(({ strays }) => strays),
    undecided: add(({ undecided }) => undecided),
    duplicates: add(({ duplicates }) => duplicates),
    undone: add(({ undone }) => undone),
    latencyMs: percentilesOf(runs.flatMap(({ latenciesMs }) => latenciesMs)),
    baselines: {
      naive: addBaseline(runs, 'naive'),
      firstLast: addBaseline(runs, 'firstLast'),
      edgex: addBaseline(runs, 'edgex'),
    },
  };
}

type SeedScore = Omit<CellScore, 'cell' | 'latencyMs'> & { readonly latenciesMs: readonly number[] };

function scoreSeed(cell: Cell, seed: number, openMachine: OpenMachine): SeedScore {
  const traffic = trafficOf(cell, seed);
  const { truth, reads, heard } = traffic;
  const verdicts = judge(traffic, openMachine);
  const { leading, undecided, undone } = verdicts;
  const posted = matchesOf(truth, verdicts.posted, SIMULATED_TOLERANCE_MS);
  const withCarried = [...verdicts.posted, ...carriedItems(traffic, verdicts)];
  const sided = sidedReads(traffic.plan, reads);
  const scored = (name: BaselineName): BaselineScore => scoreBaseline(traffic, BASELINES[name](sided));
  return {
    reads: reads.length,
    crossings: truth.length,
    heard,
    leading: score(truth, leading, SIMULATED_TOLERANCE_MS),
    posted: scoreOf(posted, verdicts.posted.length),
    withCarried: score(truth, withCarried, SIMULATED_TOLERANCE_MS),
    strays: straysOf(truth, withCarried),
    undecided,
    duplicates: duplicatesOf(truth, verdicts.posted, SIMULATED_TOLERANCE_MS).length + verdicts.repeated,
    undone,
    latenciesMs: latenciesOf(posted),
    baselines: { naive: scored('naive'), firstLast: scored('firstLast'), edgex: scored('edgex') },
  };
}

/** Containers have no tag here: their own movements are not scored. */
const carriedItems = ({ containers }: Traffic, { carried }: Verdicts): Verdict[] =>
  carried.filter(({ epc }) => !containers.has(epc));

const scoreBaseline = ({ truth }: Traffic, decided: readonly Crossing[]): BaselineScore => ({
  score: score(truth, decided, SIMULATED_TOLERANCE_MS),
  strays: straysOf(truth, decided),
});

function straysOf(truth: readonly Crossing[], decided: readonly Crossing[]): number {
  const crossed = new Set(truth.map(({ epc }) => epc));
  return decided.filter(({ epc }) => !crossed.has(epc)).length;
}

const latenciesOf = (matches: readonly Match<Verdict>[]): number[] =>
  matches.flatMap(({ truth, decided }) => (decided === undefined ? [] : [decided.toldAt - truth.at]));

function addBaseline(runs: readonly SeedScore[], name: BaselineName): BaselineScore {
  const own = runs.map(({ baselines }) => baselines[name]);
  return { score: sum(own.map((one) => one.score)), strays: own.reduce((total, { strays }) => total + strays, 0) };
}

function percentilesOf(values: readonly number[]): CellScore['latencyMs'] {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99) };
}
