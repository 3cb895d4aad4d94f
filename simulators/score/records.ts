// Records of stock without tags, some of which have less in the bin than the books: what is said of them after the next picker came, beside
// what is so. Levels differ in how much is lost, how often pickers overlook goods, and how much is carried off under another bin's
// name; what is said knows none of that but how counts came out.
import { LEVEL_NAMES, type LevelName } from '../radio/levels.ts';
import { random } from '../random.ts';
import { share, tableOf } from './table.ts';

/** What is known of a record when it is judged. */
export interface KnownRecord {
  readonly daysSinceCount: number;
  /** Records of the site that were counted, and those that had less than the books. */
  readonly siteCounts: number;
  readonly siteCountedShort: number;
  /** Reports of pickers that were counted after, and those that were right. */
  readonly siteReports: number;
  readonly siteReportsRight: number;
  readonly shortPicks: number;
  readonly negativeElsewhere: number;
  /** Times that some was taken after that. */
  readonly takenSince: number;
}
/** How likely it is said to be that less is there than the books have. */
export type RecordDoubter = (record: KnownRecord) => number;

export interface RecordScore {
  readonly level: LevelName;
  readonly records: number;
  readonly wrong: number;
  /** Said with 0.3 and more, which leads to a count, and with 0.9 and more, which is an alert; and how many of those were wrong. */
  readonly checks: number;
  readonly checksRight: number;
  readonly alerts: number;
  readonly alertsRight: number;
  /** By tenths of what was said: how many, the sum of what was said, and how many were wrong. */
  readonly reliability: readonly { readonly count: number; readonly said: number; readonly wrong: number }[];
}

interface Level {
  readonly lostAMonth: number;
  readonly overlooked: number;
  readonly carriedOff: number;
  readonly takenElsewhere: number;
}
const LEVELS: Readonly<Record<LevelName, Level>> = {
  clean: { lostAMonth: 0.01, overlooked: 1 / 100, carriedOff: 0.05, takenElsewhere: 0.01 },
  typical: { lostAMonth: 0.02, overlooked: 1 / 60, carriedOff: 0.1, takenElsewhere: 0.02 },
  hostile: { lostAMonth: 0.06, overlooked: 1 / 25, carriedOff: 0.2, takenElsewhere: 0.05 },
};
const RECORDS = 60_000;
const MONTH_DAYS = 30;
const DAYS_MAX = 120;
const COUNTED = 20_000;
/** Enough that the site is known: a few months of picking. */
const REPORTS = 200;
/** A picker who takes what is left of a bin that lacks some may not notice. */
const UNNOTICED = 0.05;

/** The same every time. */
export function scoreRecords(level: LevelName, doubt: RecordDoubter): RecordScore {
  const { lostAMonth, overlooked, carriedOff, takenElsewhere } = LEVELS[level];
  const lossADay = -Math.log(1 - lostAMonth) / MONTH_DAYS;
  const isWrongAtAll = 1 - (1 - lostAMonth) ** (DAYS_MAX / 2 / MONTH_DAYS);
  const rightly = isWrongAtAll * (1 - UNNOTICED);
  const reportsRight = rightly / (rightly + (1 - isWrongAtAll) * overlooked);
  const reliability = Array.from({ length: 10 }, () => ({ count: 0, said: 0, wrong: 0 }));
  let [wrong, checks, checksRight, alerts, alertsRight] = [0, 0, 0, 0, 0];
  for (let record = 0; record < RECORDS; record++) {
    const chance = random(7, 'records', level, String(record));
    const daysSinceCount = chance.integer(1, DAYS_MAX);
    const isWrong = chance.exponential(1 / lossADay) < daysSinceCount;
    const isReported = chance.chance(isWrong ? 1 - UNNOTICED : overlooked);
    const said = doubt({
      daysSinceCount,
      siteCounts: COUNTED,
      siteCountedShort: Math.round(COUNTED * lostAMonth),
      siteReports: REPORTS,
      siteReportsRight: Math.round(REPORTS * reportsRight),
      shortPicks: Number(isReported),
      takenSince: Number(!isReported),
      negativeElsewhere: Number(chance.chance(isWrong ? carriedOff : takenElsewhere)),
    });
    const tenth = reliability[Math.min(9, Math.floor(said * 10 + 1e-9))]!;
    tenth.count++;
    tenth.said += said;
    tenth.wrong += Number(isWrong);
    wrong += Number(isWrong);
    if (said >= 0.3) [checks, checksRight] = [checks + 1, checksRight + Number(isWrong)];
    if (said >= 0.9) [alerts, alertsRight] = [alerts + 1, alertsRight + Number(isWrong)];
  }
  return { level, records: RECORDS, wrong, checks, checksRight, alerts, alertsRight, reliability };
}

export const scoreAllRecords = (doubt: RecordDoubter): RecordScore[] =>
  LEVEL_NAMES.map((level) => scoreRecords(level, doubt));

const HEAD = [
  'stock without tags',
  'wrong',
  'said ≥ 0.3',
  'of these wrong',
  'of all wrong',
  'alerts',
  'of these wrong',
];

export function recordsTable(scores: readonly RecordScore[]): string {
  const rows = scores.map((one) => [
    one.level,
    share(one.wrong / one.records),
    String(one.checks),
    share(one.checksRight / Math.max(1, one.checks)),
    share(one.checksRight / Math.max(1, one.wrong)),
    String(one.alerts),
    share(one.alertsRight / Math.max(1, one.alerts)),
  ]);
  const tenths = Array.from({ length: 10 }, (_, index) => `${index / 10} to ${(index + 1) / 10}`);
  const said = scores.map(({ level, reliability }) => [
    level,
    ...reliability.map(({ count, said: sum, wrong }) =>
      count === 0 ? '' : `${(sum / count).toFixed(2)} ${(wrong / count).toFixed(2)}`,
    ),
  ]);
  return `${tableOf(HEAD, rows)}\n${tableOf(['said, and so it was', ...tenths], said)}`;
}
