// The simulated benchmark as a table, and as JSON with the figures beside the counts.
import { f1, precision, recall, wrongWay, type Score } from './match.ts';
import type { BaselineScore, CellScore } from './simulated.ts';
import { percent, share, tableOf } from './table.ts';

const HEAD = [
  'cell',
  'crossed',
  'heard',
  'limit F1',
  'leading P',
  'R',
  'F1',
  'wrong way',
  'posted P',
  'R',
  'F1',
  'wrong way',
  'carried F1',
  'strays/M',
  'left',
  'twice',
  'p50 s',
  'p99 s',
  'naive F1',
  'strays/M',
  'sides F1',
  'strays/M',
  'EdgeX F1',
  'strays/M',
];
const NONE = '–';

export const simulatedTable = (results: readonly CellScore[]): string =>
  results.length === 0 ? '' : tableOf(HEAD, results.map(rowOf));

function rowOf(result: CellScore): string[] {
  const { cell, reads, crossings, heard, leading, posted, withCarried, latencyMs, baselines } = result;
  return [
    cell.name,
    String(crossings),
    share(heard / Math.max(1, crossings)),
    cell.limitF1 === undefined ? NONE : share(cell.limitF1),
    ...pointOf(leading),
    ...pointOf(posted),
    cell.knowledge === 'container' ? share(f1(withCarried)) : NONE,
    String(perMillion(result.strays, reads)),
    percent(result.undecided, crossings),
    String(result.duplicates),
    latencyMs === undefined ? NONE : seconds(latencyMs.p50),
    latencyMs === undefined ? NONE : seconds(latencyMs.p99),
    ...baselineOf(baselines.naive, reads),
    ...baselineOf(baselines.firstLast, reads),
    ...baselineOf(baselines.edgex, reads),
  ];
}

const pointOf = (score: Score): string[] => [
  score.right + score.wrong === 0 ? NONE : share(precision(score)),
  share(recall(score)),
  share(f1(score)),
  percent(score.directionErrors, score.right + score.directionErrors),
];

const baselineOf = ({ score, strays }: BaselineScore, reads: number): string[] => [
  share(f1(score)),
  String(perMillion(strays, reads)),
];

const perMillion = (count: number, reads: number): number => Math.round((count * 1_000_000) / Math.max(1, reads));
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** Counts, and the figures made of them; shares are from 0 to 1. */
export function simulatedJson(result: CellScore): object {
  const { cell, reads, crossings, heard, leading, posted, withCarried, strays, undecided, baselines, ...rest } = result;
  const withFigures = (score: Score): object => ({
    ...score,
    precision: precision(score),
    recall: recall(score),
    f1: f1(score),
    wrongWay: wrongWay(score),
  });
  return {
    cell,
    reads,
    crossings,
    heard: heard / Math.max(1, crossings),
    leading: withFigures(leading),
    posted: withFigures(posted),
    withCarried: withFigures(withCarried),
    strays,
    straysPerMillionReads: perMillion(strays, reads),
    undecided,
    leftShare: undecided / Math.max(1, crossings),
    ...rest,
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, own]) => [
        name,
        { ...withFigures(own.score), strays: own.strays, straysPerMillionReads: perMillion(own.strays, reads) },
      ]),
    ),
  };
}
