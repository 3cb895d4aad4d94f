// What came of the simulated weeks, as tables and as JSON.
import { tableOf } from '../score/table.ts';
import { MISTAKES } from './mistakes.ts';
import { MINUTE_MS } from './times.ts';
import type { WeeksScore } from './score.ts';

const HEAD = [
  'working week',
  'weeks',
  'accounts',
  'wrong',
  'crossings',
  'left to a person',
  'mistakes',
  'never seen',
  'found',
  'without a cause',
];
const MISTAKE_HEAD = ['told of', 'as', 'level', 'made', 'never seen', 'found', 'after min, median'];

export const weekTable = (scores: readonly WeeksScore[]): string =>
  `${tableOf(HEAD, scores.map(rowOf))}\n${tableOf(MISTAKE_HEAD, mistakeRows(scores))}`;

function rowOf({ level, weeks }: WeeksScore): string[] {
  const sum = (of: (week: WeeksScore['weeks'][number]) => number): number =>
    weeks.reduce((total, week) => total + of(week), 0);
  return [
    level,
    String(weeks.length),
    String(sum(({ accounts }) => accounts)),
    String(sum(({ differences, evenings }) => differences.length + evenings.length)),
    String(sum(({ crossings }) => crossings)),
    String(sum(({ undecided }) => undecided)),
    String(sum(({ mistakes }) => mistakes.length)),
    String(sum(({ mistakes }) => mistakes.filter(({ isSeen }) => !isSeen).length)),
    String(sum(({ mistakes }) => mistakes.filter(({ afterMs }) => afterMs !== undefined).length)),
    String(sum(({ causeless }) => causeless.length)),
  ];
}

function mistakeRows(scores: readonly WeeksScore[]): string[][] {
  return MISTAKES.flatMap((mistake) =>
    scores.flatMap(({ level, weeks }) => {
      const made = weeks.flatMap(({ mistakes }) => mistakes.filter((one) => one.mistake === mistake));
      if (made.length === 0) return [];
      const after = made.flatMap(({ afterMs }) => afterMs ?? []).sort((a, b) => a - b);
      const median = after[Math.floor(after.length / 2)];
      return [
        [
          mistake,
          made[0]!.kinds.join(', '),
          level,
          String(made.length),
          String(made.filter(({ isSeen }) => !isSeen).length),
          String(after.length),
          median === undefined ? '' : String(Math.round(median / MINUTE_MS)),
        ],
      ];
    }),
  );
}

/** Everything but the rows of the truth that nobody could know. */
export const weekJson = ({ level, weeks }: WeeksScore): object => ({
  level,
  weeks: weeks.map(({ unseen, ...week }) => ({ ...week, unseen: unseen.length })),
});
