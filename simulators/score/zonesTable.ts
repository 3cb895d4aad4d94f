// What was made of zones side by side as a table, and as JSON with the figures beside the counts.
import { f1, precision, recall, type Score } from './match.ts';
import { share, tableOf } from './table.ts';
import type { ZoneScore } from './zones.ts';

const HEAD = [
  'zones side by side',
  'moves',
  'limit F1',
  'in 30 min',
  'P',
  'R',
  'F1',
  'false a tag-day',
  'p50 s',
  'p90 s',
  'said to be one',
  'last F1',
  'false',
  'majority F1',
  'false',
  'SMURF F1',
  'false',
  'EdgeX F1',
  'false',
];

export const zonesTable = (scores: readonly ZoneScore[]): string => tableOf(HEAD, scores.map(rowOf));

function rowOf({ level, score, limits, tagDays, delaysS, alike, days, rules }: ZoneScore): string[] {
  const falseOf = ({ wrong }: Score): string => (wrong / tagDays).toFixed(2);
  return [
    level,
    String(score.right + score.missed),
    share(f1(limits.ever)),
    share(f1(limits.soon)),
    share(precision(score)),
    share(recall(score)),
    share(f1(score)),
    falseOf(score),
    ...[0.5, 0.9].map((quantile) => String(Math.round(secondsAt(delaysS, quantile)))),
    `${alike}/${days}`,
    ...[rules.last, rules.majority, rules.smurf, rules.edgex].flatMap((one) => [share(f1(one)), falseOf(one)]),
  ];
}

const secondsAt = (delaysS: readonly number[], quantile: number): number =>
  delaysS.toSorted((a, b) => a - b)[Math.floor(delaysS.length * quantile)] ?? 0;

/** Counts, and the figures made of them; shares are from 0 to 1. */
export function zonesJson({ score, limits, rules, delaysS, ...rest }: ZoneScore): object {
  const withFigures = (one: Score): object => ({
    right: one.right,
    wrong: one.wrong,
    missed: one.missed,
    precision: precision(one),
    recall: recall(one),
    f1: f1(one),
    falseATagDay: one.wrong / rest.tagDays,
  });
  return {
    ...rest,
    ...withFigures(score),
    delayS: { p50: secondsAt(delaysS, 0.5), p90: secondsAt(delaysS, 0.9) },
    limits: { ever: withFigures(limits.ever), soon: withFigures(limits.soon) },
    rules: Object.fromEntries(Object.entries(rules).map(([name, one]) => [name, withFigures(one)])),
  };
}
